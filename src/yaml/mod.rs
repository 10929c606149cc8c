//! YAML text to a tree in which every node knows its place, and from there to values, with every mistake at once.
//!
//! Text → events → a flat tree (`parse`) → serde types (`decode`). A wrong value goes to the sink and the reading goes on.

mod context;
mod decode;
mod finding;
mod given;
mod input;
mod json;
pub(crate) mod keys;
mod mistake;
mod near;
mod parse;
mod render;
mod text;
mod tree;

pub(crate) use context::Context;
pub(crate) use finding::{Finding, Sink, Spot};
pub(crate) use given::{Each, Given, OrFalse, Table};
pub use json::to_json;
pub(crate) use mistake::Mark;
pub use mistake::{Mistake, Mistakes, Warning};
pub use near::nearest;
pub(crate) use parse::parse;
pub(crate) use render::{Shown, present};
pub(crate) use text::{Lines, Span, text};
pub(crate) use tree::{Kind, NodeRef, Tree};
