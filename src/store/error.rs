//! Errors of the store.

use std::path::PathBuf;

/// Why the store could not do it. Messages never reach the far end of a connection: they may name files and SQL.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("the database refused the operation")]
    Database(#[from] sqlx::Error),
    /// The file or its folder could not be made.
    #[error("cannot create the database file {}: check the folder and its permissions", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The key file beside the database is another one's, or damaged.
    #[error("the key file {} does not belong to this database: restore it from the backup that the database came from", path.display())]
    Key {
        /// The key file.
        path: PathBuf,
    },
    /// SQLite cannot open a file of this name.
    #[error("the path of the database file {} is not UTF-8: rename the file or its folder", path.display())]
    Name {
        /// The file.
        path: PathBuf,
    },
    /// A value that must be unique is already in use.
    #[error("the value is already in use")]
    Taken,
    /// A row contains something that this program does not write.
    #[error("a row of `{table}` is damaged: restore the database from a backup")]
    Damaged {
        /// The table.
        table: &'static str,
    },
    /// The database was made by a newer version of this program.
    #[error("the database has schema version {found}, but this program supports only up to {known}: use a newer rosterctl")]
    TooNew {
        /// The database's.
        found: i64,
        /// This program's.
        known: i64,
    },
    /// The writer has ended, or the job panicked.
    #[error("the write was abandoned before it was committed: nothing was saved; try again")]
    GivenUp,
}

impl StoreError {
    /// Turns a broken unique index into [`StoreError::Taken`].
    pub(super) fn from_insert(error: sqlx::Error) -> Self {
        let is_taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if is_taken { Self::Taken } else { Self::Database(error) }
    }
}
