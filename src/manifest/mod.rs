//! Documents to wanted workspaces, or every mistake at once with its place.
//!
//! `yaml` reads a document into the types of `entries` and `user_entry`; they become [`crate::model::Desired`] here. A wrong value is reported and
//! the reading goes on; what a platform allows is asked of its catalog and rules.

mod check;
mod definition;
mod file;
mod file_read;
mod form;
mod people;
mod read;
mod scalars;
mod secrets;
pub mod server;
pub mod snapshot;
mod sources;
mod workspaces;

pub use form::schema;
use form::{choices, entries, field_schema, keys, leaving, own_keys, secret_entry, user_entry};
pub use part::{may_add_users, users_of_in, workspace_in};
use people::{fields, listed, said, users};
use workspaces::{attached, connections, list, part, supporting, waivers, workspace};

pub use crate::yaml::{Mistake, Mistakes, Warning};
pub use read::{read, read_folder};
pub use secrets::{DATABASE_IS_A_FILE, WRITE_ITS_PATH, is_url};
pub use sources::{Folder, Importing, Roster, Source, Sources};
