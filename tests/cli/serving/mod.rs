//! The server stays up: half-open sockets, signals, and a log that nobody reads.

mod half_open;
mod log;
pub(crate) mod served;
mod signals;
