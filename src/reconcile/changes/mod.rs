//! Compares the roster with the workspace and decides about each change: users, fields, records, the workspace itself, and their order.

pub(super) mod diff;
pub(super) mod draft;
pub(super) mod fields;
pub(super) mod fits;
mod in_use;
pub(super) mod matching;
pub(super) mod missing;
pub(super) mod order;
mod outcome;
pub(super) mod people;
pub(super) mod records;
pub(super) mod register;
pub(super) mod required;
pub(super) mod rights;
pub(super) mod workspace;
