//! The server: its configuration, what monitors ask, and that it stays up: half-open sockets, signals, and a log that nobody reads.

mod configured;
mod floods;
mod half_open;
mod health;
mod log;
mod mail;
mod members;
mod metrics;
mod people;
pub(crate) mod served;
mod signals;
pub(crate) mod tls;
mod untrusted;
