//! Errors of the store.

use std::path::PathBuf;

use crate::model::DatabaseError;
use crate::report::{of_system, sentences, without_number};

/// The reason why the store could not do it. Messages never reach the far end of a connection: they may name files and SQL.
#[derive(Debug)]
pub enum StoreError {
    /// The database refused.
    Database(sqlx::Error),
    /// There is no room for what the database has to write.
    DiskFull,
    /// The file or its folder could not be made.
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// This user cannot write to the database or its folder, and it cannot be read without that, or is not read at all.
    NotWritable {
        /// The file.
        path: PathBuf,
        /// Says whether changes wait beside it, which only a program that may write puts into it.
        has_waiting: bool,
    },
    /// Somebody wrote to the database, which this user can only read, in the meantime.
    Replaced,
    /// The key file is another database's, or damaged.
    Key {
        /// The key file.
        path: PathBuf,
    },
    /// The key file is missing, and something in the database opens only with it.
    KeyMissing {
        /// The key file.
        path: PathBuf,
    },
    /// The key file cannot be read or made.
    KeyFile {
        /// The key file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is a database of another program.
    NotOurs,
    /// SQLite cannot open a file of this name.
    Name {
        /// The file.
        path: PathBuf,
    },
    /// A value that must be unique is already in use.
    Taken,
    /// A row contains something that this program does not write.
    Damaged {
        /// The table.
        table: &'static str,
    },
    /// The database was made by a newer version of this program.
    TooNew {
        /// The database's.
        found: i64,
        /// This program's.
        known: i64,
    },
    /// A stored account has a field that this program does not have.
    NewerField {
        /// The key under which it is stored.
        key: String,
    },
    /// The database is of an earlier version, and this program would lose something of it.
    NotUpgraded(UpgradeFault),
    /// A value has another kind than its field.
    WrongKind,
    /// The writer has ended, or the job panicked.
    GivenUp,
}

/// A part of an earlier database that this program would lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpgradeFault {
    /// A workspace of a platform that this program does not have.
    Platform {
        /// The workspace.
        workspace: String,
        /// The platform.
        platform: String,
    },
    /// An attribute of an account that no field of the platform is.
    Attribute {
        /// The workspace.
        workspace: String,
        /// The attribute, with its part after a dot.
        attribute: String,
    },
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&sentences::database_error(&self.cause()))
    }
}

// The message has its cause in it already.
impl std::error::Error for StoreError {}

impl StoreError {
    /// Returns the cause, as a receipt carries it.
    #[must_use]
    pub fn cause(&self) -> DatabaseError {
        match self {
            Self::Database(source) => DatabaseError::Refused { source_text: without_number(&source.to_string()) },
            Self::DiskFull => DatabaseError::DiskFull,
            Self::NotWritable { path, has_waiting } => {
                DatabaseError::NotWritable { file: path.display().to_string(), has_waiting: *has_waiting }
            }
            Self::Replaced => DatabaseError::Replaced,
            Self::File { path, source } => DatabaseError::File { file: path.display().to_string(), source_text: of_system(source) },
            Self::Key { path } => DatabaseError::Key { file: path.display().to_string() },
            Self::KeyMissing { path } => DatabaseError::KeyMissing { file: path.display().to_string() },
            Self::KeyFile { path, source } => DatabaseError::KeyFile { file: path.display().to_string(), source_text: of_system(source) },
            Self::NotOurs => DatabaseError::NotOurs,
            Self::Name { path } => DatabaseError::Name { file: path.display().to_string() },
            Self::Taken => DatabaseError::Taken,
            Self::Damaged { table } => DatabaseError::Damaged { table: (*table).to_owned() },
            Self::TooNew { found, known } => DatabaseError::TooNew { found: *found, known: *known },
            Self::NewerField { key } => DatabaseError::NewerField { key: key.clone() },
            Self::NotUpgraded(UpgradeFault::Platform { workspace, platform }) => {
                DatabaseError::UnknownPlatform { workspace: workspace.clone(), platform: platform.clone() }
            }
            Self::NotUpgraded(UpgradeFault::Attribute { workspace, attribute }) => {
                DatabaseError::UnknownAttribute { workspace: workspace.clone(), attribute: attribute.clone() }
            }
            Self::WrongKind => DatabaseError::WrongKind,
            Self::GivenUp => DatabaseError::GivenUp,
        }
    }
}

/// The errors of SQLite where there is no room for the database, and for its index of the log (`SQLITE_FULL`, `SQLITE_IOERR_SHMSIZE`).
const NO_ROOM: [&str; 2] = ["13", "4874"];

/// The codes of SQLite for a file that it can only read, and of one that it cannot open for writing (`SQLITE_READONLY`, `SQLITE_CANTOPEN`).
const NOT_WRITABLE: [u32; 2] = [8, 14];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.is_some_and(|code| NO_ROOM.contains(&code.as_ref())) { Self::DiskFull } else { Self::Database(error) }
    }
}

impl StoreError {
    /// Returns whether there was no room.
    pub(super) const fn is_full_disk(&self) -> bool {
        match self {
            Self::DiskFull => true,
            Self::Database(_)
            | Self::File { .. }
            | Self::NotWritable { .. }
            | Self::Replaced
            | Self::Key { .. }
            | Self::KeyMissing { .. }
            | Self::KeyFile { .. }
            | Self::NotOurs
            | Self::Name { .. }
            | Self::Taken
            | Self::Damaged { .. }
            | Self::TooNew { .. }
            | Self::NewerField { .. }
            | Self::NotUpgraded(_)
            | Self::WrongKind
            | Self::GivenUp => false,
        }
    }

    /// Returns whether a copy of the file can be read instead.
    #[must_use]
    pub const fn can_be_copied(&self) -> bool {
        if let Self::NotWritable { has_waiting, .. } = self { !*has_waiting } else { false }
    }

    /// Returns whether the database or its folder cannot be written by this user (`SQLITE_READONLY` and `SQLITE_CANTOPEN`, with their kinds).
    pub(super) fn is_not_writable(&self) -> bool {
        let Self::Database(error) = self else { return false };
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).and_then(|code| code.parse::<u32>().ok());
        code.is_some_and(|code| NOT_WRITABLE.contains(&(code & 0xff)))
    }

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
