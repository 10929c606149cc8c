//! Reads a workspace from a server that may page badly, say little or lack things.

pub(super) mod address;
pub(super) mod alone;
pub(super) mod discovery;
pub(super) mod ending;
pub(super) mod full_name;
pub(super) mod listing;
pub(super) mod log;
pub(super) mod look_up;
pub(super) mod outdated;
pub(super) mod page;
pub(super) mod read;
pub(super) mod repetition;
pub(super) mod user_schema;
