//! Documents to wanted workspaces, or every mistake at once with its place.
//!
//! `yaml` reads a document into the types of `entries` and `user_entry`; they become [`crate::model::Desired`] here. A wrong value is reported and
//! the reading goes on; what a platform allows is asked of its catalog and rules.

mod attached;
mod check;
mod choices;
mod connections;
mod definition;
mod entries;
mod field_schema;
mod fields;
mod file;
mod keys;
mod list;
mod listed;
mod own_keys;
mod part;
mod read;
mod said;
mod scalars;
pub mod schema;
mod secrets;
pub mod snapshot;
mod start;
mod supporting;
mod user_entry;
mod users;
mod waivers;
mod workspace;

pub use crate::yaml::{Mistake, Mistakes, Warning};
pub use read::{Folder, Importing, Roster, Source, Sources, read, read_folder};
