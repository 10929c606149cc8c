//! Seals what must be read again and must not be readable in a copy of the database: code words, keys of second factors, and tokens of mail
//! that has not left yet.
//!
//! The key is in a file of its own, so a copy or backup of the database alone reveals nothing of what is sealed.

mod key_file;

use std::io;
use std::path::{Path, PathBuf};

use rand::RngExt;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sqlx::Row;

use self::key_file::KeyFile;
use super::members::messages;
use super::{Conn, NewLogRow, StoreError, log};
use crate::model::{LogAction, LogDoer, LogSubject, LogVia, ProgramAction, Secret};

/// The text that a new store seals, so that another key is noticed.
const CHECK: &str = "rosterctl";

/// The place of the key of a database.
pub(super) enum KeyPlace {
    /// In this file.
    File(PathBuf),
    /// Only in memory, as the database is.
    Memory,
}

impl KeyPlace {
    /// The place beside a database file.
    pub(super) fn beside(database: &Path) -> Self {
        Self::File(database.with_extension("key"))
    }
}

/// Seals with a key that is not in the database (ChaCha20-Poly1305).
pub struct Vault(LessSafeKey);

impl Vault {
    /// The vault of a database, in the transaction that brings its tables up to date. A database without a key gets one. Where something is
    /// sealed, the file must have the key it was sealed with, unless somebody wrote into the file that this key is lost.
    pub(super) async fn open(conn: &mut Conn, place: &KeyPlace, now: i64) -> Result<Self, StoreError> {
        let path = match place {
            KeyPlace::File(path) => path,
            KeyPlace::Memory => return Self::new(&key_file::random_key(), Path::new("")),
        };
        let failed = |source: io::Error| StoreError::KeyFile { path: path.clone(), source };
        let row = sqlx::query("SELECT secret FROM store_key WHERE id = 2").fetch_optional(&mut *conn).await?;
        let check = row.map(|row| row.try_get::<String, _>(0)).transpose()?;
        let found = key_file::read(path).map_err(failed)?;
        let is_lost = match (&found, &check) {
            (KeyFile::Lost, Some(_)) => true,
            // Also where nothing is sealed yet: the server that has the key may seal something at any time.
            (KeyFile::Missing, Some(_)) => return Err(StoreError::KeyMissing { path: path.clone() }),
            (KeyFile::Key(_), Some(_)) | (KeyFile::Missing | KeyFile::Lost | KeyFile::Key(_), None) => false,
        };
        let (found, is_new) = match found {
            KeyFile::Missing => (key_file::make(path).map_err(failed)?, true),
            KeyFile::Lost => (key_file::replace(path).map_err(failed)?, true),
            KeyFile::Key(key) => (KeyFile::Key(key), false),
        };
        let vault = match found {
            KeyFile::Key(key) => Self::new(&key, path)?,
            KeyFile::Missing | KeyFile::Lost => return Err(StoreError::Key { path: path.clone() }),
        };
        if let Some(check) = check.filter(|_| !is_new) {
            let opened = vault.unseal("check", &check);
            return if opened.is_some_and(|opened| opened.expose() == CHECK) {
                Ok(vault)
            } else {
                Err(StoreError::Key { path: path.clone() })
            };
        }
        let mark = vault.seal("check", &Secret::new(CHECK.to_owned())).ok_or_else(|| StoreError::Key { path: path.clone() })?;
        let set = "INSERT INTO store_key (id, secret) VALUES (2, $1) ON CONFLICT (id) DO UPDATE SET secret = $1";
        sqlx::query(set).bind(mark).execute(&mut *conn).await?;
        if is_lost {
            lost_key(conn, now).await?;
        }
        Ok(vault)
    }

    fn new(key: &[u8], path: &Path) -> Result<Self, StoreError> {
        UnboundKey::new(&CHACHA20_POLY1305, key)
            .map(|key| Self(LessSafeKey::new(key)))
            .map_err(|_| StoreError::Key { path: path.to_owned() })
    }

    /// Seals a secret. `purpose` binds it to its row: elsewhere it does not open. `None` only if the library refuses.
    #[must_use]
    pub fn seal(&self, purpose: &str, secret: &Secret) -> Option<String> {
        let mut nonce = [0_u8; NONCE_LEN];
        rand::rng().fill(&mut nonce);
        let mut sealed = secret.expose().as_bytes().to_vec();
        self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed).ok()?;
        let mut whole = nonce.to_vec();
        whole.append(&mut sealed);
        Some(data_encoding::BASE64URL_NOPAD.encode(&whole))
    }

    /// Opens what was sealed for the same purpose; `None` if it was not, or not with this key.
    #[must_use]
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Option<Secret> {
        let whole = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let (nonce, sealed) = whole.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let opened = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(purpose), &mut sealed).ok()?;
        String::from_utf8(opened.to_vec()).ok().map(Secret::new)
    }
}

/// Drops what was sealed with a key that is lost, and says so in each workspace's log.
async fn lost_key(conn: &mut Conn, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE workspaces SET code_word = NULL WHERE code_word LIKE 'v1:%'").execute(&mut *conn).await?;
    messages::drop_all(conn).await?;
    for row in sqlx::query("SELECT name FROM workspaces ORDER BY name").fetch_all(&mut *conn).await? {
        let workspace: String = row.try_get(0)?;
        let action = LogAction::Program(ProgramAction::LoseKey);
        let entry = NewLogRow {
            subject: Some(workspace.clone()),
            detail: Some(
                "the key of this database is lost, as its key file said: a code word must be set again, mail that had not left is dropped, and \
                 members with a second factor need a recovery code"
                    .to_owned(),
            ),
            ..NewLogRow::done(LogDoer::Program, LogVia::Store, action, LogSubject::Workspace)
        };
        log::append(conn, &workspace, &entry, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
