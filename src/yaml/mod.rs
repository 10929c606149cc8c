//! Turns YAML text into a tree in which every node knows its place, turns the tree into values, and values back into text.
//!
//! Text → events → a flat tree (`parse`) → serde types (`deserializer`). A wrong value is recorded in the sink and reading continues, so
//! that all mistakes of a file are shown at once. This module knows nothing about rosters: it is given the keys that hold secrets, and
//! any further advice about unknown keys.

mod decoder;
mod deserializer;
pub mod edit;
mod error;
mod finding;
mod given;
mod input;
mod mark;
mod mistake;
mod parse;
mod problem;
mod read;
mod render;
mod secret;
mod silence;
mod suggest;
mod syntax;
mod text;
mod tree;
mod value;
mod visible;
pub mod write;

pub(crate) use decoder::{Decoder, KeyAdvice, UnknownKey, unknown_key};
pub(crate) use finding::{Finding, Sink, Spot};
pub(crate) use given::{Each, Given, GivenBy, OptionBy, OrFalse, OrFalseBy, Table};
pub(crate) use mark::{Mark, Marks};
pub use mistake::{Mistake, Mistakes, Warning};
pub use problem::Problem;
pub(crate) use read::tree;
pub use read::{from_bytes, to_json};
pub use secret::{Flag, PlainTextHint, Reference, SecretWords};
pub use suggest::nearest;
pub(crate) use suggest::{one_of, suggest};
pub(crate) use text::{Lines, MOST_BYTES, Span};
pub(crate) use tree::{Kind, NodeRef, Tree};
pub use value::{Step, Value};
pub(crate) use visible::is_seen;
