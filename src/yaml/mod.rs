//! Turns YAML text into a tree in which every node knows its place, turns the tree into values, and values back into text.
//!
//! Text → events → a flat tree (`parse`) → serde types (`deserializer`). A wrong value is recorded in the sink and reading continues, so
//! that all mistakes of a file are shown at once. This module knows nothing about rosters: it is given the keys that hold secrets, and
//! any further advice about unknown keys.

mod decoding;
pub mod edit;
mod mistakes;
mod parsing;
mod read;
mod secret_parts;
mod secrets;
mod text;
mod value;
mod visible;
pub mod write;

use decoding::decoder;
use mistakes::{finding, mark, mistake, problem, secret_words, suggest};
use parsing::{core_type, parse, silence, slip, tree};

pub(crate) use decoding::as_written::AsWritten;
pub(crate) use decoding::decoder::{Decoder, KeyAdvice, UnknownKey, unknown_key};
pub(crate) use decoding::given::{Each, Given, GivenSeed, OptionBy, OrFalse, OrFalseBy, Table};
pub use decoding::secret::{Flag, FlagOr, PlainTextHint, Reference, SecretMap};
pub(crate) use mistakes::finding::{Finding, IN_PLAIN_TEXT, Sink, Spot};
pub(crate) use mistakes::mark::Marks;
pub use mistakes::mistake::{Mistake, Mistakes, Warning};
pub use mistakes::problem::Problem;
pub use mistakes::secret_words::{SecretPlace, SecretWords};
pub use mistakes::suggest::{did_you_mean, nearest};
pub(crate) use mistakes::suggest::{letters, one_of, suggest};
pub(crate) use parsing::tree::{NodeKind, NodeRef, Tree};
pub(crate) use read::tree;
pub use read::{from_bytes, to_json};
pub use secret_parts::without_secrets;
pub(crate) use secrets::marks;
pub(crate) use text::{Lines, MOST_BYTES, Span, too_large};
pub use value::{PathStep, Value};
pub(crate) use visible::is_seen;
