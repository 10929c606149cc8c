//! Writes one change to a server, in a form that it accepts, and compares what it stored.

pub(super) mod apart;
pub(super) mod compare;
pub(super) mod content;
pub(super) mod creation;
pub(super) mod leftovers;
pub(super) mod patching;
pub(super) mod phones;
pub(super) mod records;
pub(super) mod repeated;
pub(super) mod user;
pub(super) mod version;
pub(super) mod whole;
pub(super) mod write;
