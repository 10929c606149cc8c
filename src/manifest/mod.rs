//! YAML text to wanted workspaces, or every mistake at once with its place.
//!
//! Text → events → a flat spanned tree (`parse`) → serde types (`entries`, `user_entry`) → [`crate::model::Desired`]. A wrong value goes to the
//! sink and the reading goes on; what a platform allows is asked of its catalog and rules.

mod check;
mod context;
mod decode;
mod entries;
mod fields;
mod file;
mod finding;
mod given;
mod ground;
mod input;
mod json;
mod keys;
mod mistake;
mod parse;
mod read;
mod render;
mod scalars;
pub mod schema;
mod secrets;
mod start;
mod text;
mod tree;
mod user_entry;
mod users;
mod waivers;
mod workspace;

pub use json::to_json;
pub use mistake::{Mistake, Mistakes, Warning};
pub use read::{Roster, Source, Sources, read};
pub use waivers::{NEVER_WAIVED, WAIVABLE};
