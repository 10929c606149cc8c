//! The client against servers: over HTTP, with bad habits, and somebody else's.

mod endless;
mod forbidden;
mod foreign;
mod http;
mod identity;
mod imports;
mod lives;
mod lousy_server;
mod pauses;
mod schemas;
mod scim2_server;
mod second_look;
mod servers;
#[path = "../apply/support.rs"]
mod support;
mod variants;
