//! Users: read, written, acted upon.

pub(in crate::server) mod actions;
pub(in crate::server) mod change;
pub(in crate::server) mod effects;
pub(in crate::server) mod input;
pub(in crate::server) mod json;
pub(in crate::server) mod read;
pub(in crate::server) mod rules;
pub(in crate::server) mod stored;
pub(in crate::server) mod view;
pub(in crate::server) mod write;
