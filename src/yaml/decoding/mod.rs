//! Turns a tree into values of serde types; mistakes do not end the reading.

pub(super) mod as_written;
mod brackets;
mod decode;
pub(super) mod decoder;
pub(super) mod deserializer;
pub(super) mod error;
pub(super) mod given;
mod number;
pub(super) mod secret;
