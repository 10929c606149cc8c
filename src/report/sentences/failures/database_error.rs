//! The sentences about databases that cannot be opened, read or written.

use crate::model::{DatabaseError, SeedFault};

/// Says what to do where no backup has the key.
const LOST_KEY: &str = "If it is lost for good, write the word `new` into the file, and a new key takes its place: then code words must be set \
                        again, unsent mail is dropped, and members with a second factor need a recovery code";

/// Says why a database cannot be opened, read or written, with the error behind it.
#[must_use]
pub fn database_error(error: &DatabaseError) -> String {
    let said = database_problem(error);
    match error {
        DatabaseError::Refused { source_text } | DatabaseError::File { source_text, .. } | DatabaseError::KeyFile { source_text, .. } => {
            format!("{said}: {source_text}")
        }
        DatabaseError::DiskFull
        | DatabaseError::NotWritable { .. }
        | DatabaseError::Replaced
        | DatabaseError::Key { .. }
        | DatabaseError::KeyMissing { .. }
        | DatabaseError::NotOurs
        | DatabaseError::Name { .. }
        | DatabaseError::Taken
        | DatabaseError::Damaged { .. }
        | DatabaseError::TooNew { .. }
        | DatabaseError::NewerField { .. }
        | DatabaseError::UnknownPlatform { .. }
        | DatabaseError::UnknownAttribute { .. }
        | DatabaseError::WrongKind
        | DatabaseError::GivenUp
        | DatabaseError::NotSeeded { .. } => said,
    }
}

/// Says the same without the error behind it.
fn database_problem(error: &DatabaseError) -> String {
    match error {
        DatabaseError::Refused { .. } => "the database refused the operation".to_owned(),
        DatabaseError::DiskFull => "the disk that has the database is full: make room on it, then try again".to_owned(),
        DatabaseError::NotWritable { file, has_waiting: true } => format!(
            "{file} or its folder cannot be written by you, and changes that wait beside it must be put into it before it can be read: run \
             this as the user who applies the roster"
        ),
        DatabaseError::NotWritable { file, has_waiting: false } => {
            format!("{file} or its folder cannot be written by you: run this as the user who applies the roster, on a disk that can be written")
        }
        DatabaseError::Replaced => "somebody wrote to the database while it was read: run this again".to_owned(),
        DatabaseError::File { file, .. } => format!("cannot create the database file {file}: check the folder and its permissions"),
        DatabaseError::Key { file } => format!(
            "the key file {file} does not belong to this database, or is damaged, and nothing was changed: restore the key file from the backup \
             that the database came from. {LOST_KEY}"
        ),
        DatabaseError::KeyMissing { file } => format!(
            "the key file {file} is missing, and nothing was changed: without it, nobody can read the code words, second factors and unsent mail \
             in the database. Restore it from a backup to this path. If the server has a configuration with `key_file`, name the configuration \
             with `--config`. {LOST_KEY}"
        ),
        DatabaseError::KeyFile { file, .. } => {
            format!("cannot read or create the key file {file}: check the folder and its permissions")
        }
        DatabaseError::NotOurs => {
            "the file is a database of another program, and nothing was changed: name another file, which may not exist yet".to_owned()
        }
        DatabaseError::Name { file } => format!("the path of the database file {file} is not UTF-8: rename the file or its folder"),
        DatabaseError::Taken => "the value is already in use".to_owned(),
        DatabaseError::Damaged { table } => format!("a row of `{table}` is damaged: restore the database from a backup"),
        DatabaseError::TooNew { found, known } => {
            format!("the database has schema version {found}, but this program supports only up to {known}: use a newer rosterctl")
        }
        DatabaseError::NewerField { key } => {
            format!("an account has the field `{key}`, which this version of rosterctl does not know: use a newer one")
        }
        DatabaseError::UnknownPlatform { workspace, platform } => format!(
            "the database cannot be upgraded, and nothing was changed: the workspace `{workspace}` has the platform `{platform}`, which this \
             version of rosterctl does not know: use a newer one"
        ),
        DatabaseError::UnknownAttribute { workspace, attribute } => format!(
            "the database cannot be upgraded, and nothing was changed: an account of `{workspace}` has the attribute `{attribute}`, which this \
             version of rosterctl does not read: open the database once with an earlier version that has this upgrade, then with this one"
        ),
        DatabaseError::WrongKind => {
            "a value has another kind than its field, and nothing was saved: this is a mistake in rosterctl, so please report it".to_owned()
        }
        DatabaseError::GivenUp => {
            "the write was abandoned before it was committed, as on a full disk: nothing was saved; make sure that there is room, then try again"
                .to_owned()
        }
        DatabaseError::NotSeeded { why } => seed_fault(why),
    }
}

/// Says why a workspace cannot be made from a roster.
#[must_use]
pub fn seed_fault(fault: &SeedFault) -> String {
    match fault {
        SeedFault::Platform { platform } => format!("unknown platform `{platform}`"),
        SeedFault::NoMainAdmin => {
            "an embedded workspace needs a main admin: add `main_admin`, and an entry for that person under `users`".to_owned()
        }
        SeedFault::Account { email, source_text } => format!("the start account `{email}` is invalid: {source_text}"),
    }
}
