//! Turns text into a tree in which every node knows its place.

pub(super) mod core_type;
pub(super) mod input;
pub(super) mod parse;
mod quotes;
pub(super) mod silence;
pub(super) mod slip;
pub(super) mod syntax;
pub(super) mod tree;
