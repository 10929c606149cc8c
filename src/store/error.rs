//! What can go wrong with the store.

use std::path::PathBuf;

/// Why the store could not do it. Messages never reach the far end of a connection: they may name files and SQL.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("the database refused the operation")]
    Database(#[from] sqlx::Error),
    /// The file or its folder could not be made.
    #[error("cannot create the database file {}: check the folder and its permissions", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A value that must be unique is taken.
    #[error("the value is already in use")]
    Taken,
    /// A row holds what this program does not write.
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
    /// The writer has gone, or the job panicked.
    #[error("the write was abandoned before it was committed: nothing was saved; try again")]
    GivenUp,
}

impl StoreError {
    /// Turns a broken unique index into [`StoreError::Taken`].
    pub(super) fn from_insert(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Taken,
            _ => Self::Database(error),
        }
    }
}
