//! Turns text into a tree in which every node knows its place.

pub(super) mod input;
pub(super) mod parse;
pub(super) mod silence;
mod slip;
pub(super) mod syntax;
pub(super) mod text;
pub(super) mod tree;
