//! Errors of the store.

use std::path::PathBuf;

/// What to do where no backup has the key.
const LOST_KEY: &str = "If it is lost for good, write the word `new` into the file, and a new key takes its place: then code words must be set \
                        again, unsent mail is dropped, and members with a second factor need a recovery code";

/// Why the store could not do it. Messages never reach the far end of a connection: they may name files and SQL.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("the database refused the operation")]
    Database(#[source] sqlx::Error),
    /// There is no room for what the database has to write.
    #[error("the disk that has the database is full: make room on it, then try again")]
    DiskFull,
    /// The file or its folder could not be made.
    #[error("cannot create the database file {}: check the folder and its permissions", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The key file is another database's, or damaged.
    #[error(
        "the key file {} does not belong to this database, or is damaged, and nothing was changed: restore the key file from the backup that the \
         database came from. {LOST_KEY}",
        path.display()
    )]
    Key {
        /// The key file.
        path: PathBuf,
    },
    /// The key file is missing, and something in the database opens only with it.
    #[error(
        "the key file {} is missing, and nothing was changed: without it, nobody can read the code words, second factors and unsent mail in the \
         database. Restore it from a backup to this path. If the server has a configuration with `key_file`, name the configuration with \
         `--config`. {LOST_KEY}",
        path.display()
    )]
    KeyMissing {
        /// The key file.
        path: PathBuf,
    },
    /// The key file cannot be read or made.
    #[error("cannot read or create the key file {}: check the folder and its permissions", path.display())]
    KeyFile {
        /// The key file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
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
    /// A stored account has a field that this program does not have.
    #[error("an account has the field `{key}`, which this version of rosterctl does not know: use a newer one")]
    NewerField {
        /// The key under which it is stored.
        key: String,
    },
    /// The database is of an earlier version, and this program would lose something of it.
    #[error("the database cannot be upgraded, and nothing was changed: {0}")]
    NotUpgraded(UpgradeFault),
    /// A value has another kind than its field.
    #[error("a value has another kind than its field, and nothing was saved: this is a mistake in rosterctl, so please report it")]
    WrongKind,
    /// The writer has ended, or the job panicked.
    #[error(
        "the write was abandoned before it was committed, as on a full disk: nothing was saved; make sure that there is room, then try again"
    )]
    GivenUp,
}

/// A part of an earlier database that this program would lose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpgradeFault {
    /// A workspace of a platform that this program does not have.
    #[error("the workspace `{workspace}` has the platform `{platform}`, which this version of rosterctl does not know: use a newer one")]
    Platform {
        /// The workspace.
        workspace: String,
        /// The platform.
        platform: String,
    },
    /// An attribute of an account that no field of the platform is.
    #[error(
        "an account of `{workspace}` has the attribute `{attribute}`, which this version of rosterctl does not read: open the database once with \
         an earlier version that has this upgrade, then with this one"
    )]
    Attribute {
        /// The workspace.
        workspace: String,
        /// The attribute, with its part after a dot.
        attribute: String,
    },
}

/// What SQLite says where there is no room for the database, and for its index of the log (`SQLITE_FULL`, `SQLITE_IOERR_SHMSIZE`).
const NO_ROOM: [&str; 2] = ["13", "4874"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.is_some_and(|code| NO_ROOM.contains(&code.as_ref())) { Self::DiskFull } else { Self::Database(error) }
    }
}

impl StoreError {
    /// Turns a broken unique index into [`StoreError::Taken`].
    pub(super) fn from_insert(error: sqlx::Error) -> Self {
        let is_taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if is_taken { Self::Taken } else { Self::from(error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, Writing};

    #[tokio::test]
    async fn a_full_disk_is_called_so() {
        let store = Store::memory().await.unwrap();
        let written = store.write("w", |w: &mut Writing| {
            Box::pin(async move {
                sqlx::query("CREATE TABLE probe (n BLOB)").execute(&mut w.conn).await?;
                sqlx::query("PRAGMA max_page_count = 1").execute(&mut w.conn).await?;
                let why = sqlx::query("INSERT INTO probe VALUES (zeroblob(1000000))").execute(&mut w.conn).await.unwrap_err();
                assert_eq!(StoreError::from(why).to_string(), StoreError::DiskFull.to_string());
                Ok::<_, StoreError>(())
            })
        });
        let left = written.await;
        assert!(left.is_ok() || left.is_err_and(|why| why.to_string().contains("full disk")));
    }
}
