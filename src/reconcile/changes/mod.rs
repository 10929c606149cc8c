//! Compares the roster with the workspace and decides about each change: users, fields, records, the workspace itself, and their order.

pub(super) mod diff;
pub(super) mod draft;
mod employees;
pub(super) mod fields;
pub(super) mod fits;
pub(super) mod matching;
pub(super) mod missing;
pub(super) mod order;
mod outcome;
pub(super) mod people;
pub(super) mod required;
pub(super) mod rights;
pub(super) mod workspace;

use employees::{in_use, room};
pub(super) use employees::{records, register};
