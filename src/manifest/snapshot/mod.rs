//! The document that has a workspace's own list of users: read with the places of its mistakes, and written with stable bytes.

pub(super) mod entries;
pub(super) mod read;
mod row_status;
mod write;

pub use write::{attestation, field_value, write};

/// The first key of a file with a workspace's own list of users.
pub(super) const SNAPSHOT: &str = "snapshot";
