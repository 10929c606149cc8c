//! YAML text to wanted workspaces, or every mistake at once with its place.
//!
//! Text → events → a flat spanned tree (`parse`) → serde types (`entries`, `user_entry`) → [`crate::model::Desired`]. A wrong value goes to the
//! sink and the reading goes on; what a platform allows is asked of its catalog and rules.

mod check;
mod entries;
mod fields;
mod file;
mod ground;
mod read;
mod scalars;
pub mod schema;
mod secrets;
mod start;
mod user_entry;
mod users;
mod waivers;
mod workspace;

pub use crate::yaml::{Mistake, Mistakes, Warning};
pub use read::{Roster, Source, Sources, read};
pub use waivers::{NEVER_WAIVED, WAIVABLE};
