//! The steps that people say that they did by hand: where that comes from, and how it is recorded.

pub(in crate::cli) mod person;
pub(in crate::cli) mod provenance;
pub(in crate::cli) mod recorded;
pub(in crate::cli) mod said;
