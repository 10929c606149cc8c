//! Values that keep a form of their own: amounts and spans of time, addresses, logins, countries, names of desks, moments, networks, secrets, servers.

pub(super) mod amount;
pub mod characters;
pub(super) mod country;
pub(super) mod desk;
pub(super) mod email;
pub(super) mod login_name;
pub(super) mod moment;
pub(super) mod names;
pub(super) mod network;
pub(super) mod secret;
pub(super) mod server;
pub(super) mod text;
pub(super) mod value;
