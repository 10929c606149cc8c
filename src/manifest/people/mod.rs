//! Reads users and their fields.

pub(super) mod fields;
pub(super) mod listed;
pub(super) mod said;
pub(super) mod users;
