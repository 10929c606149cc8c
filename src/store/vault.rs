//! Seals what must be read again and must not be readable in a copy of the database: tokens of mail that has not left yet.
//!
//! The key is in a file of its own beside the database, so a copy or backup of the database alone reveals nothing of what is sealed.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use rand::RngExt;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sqlx::Row;

use super::members::messages;
use super::{Conn, LogEntry, StoreError, log};
use crate::model::Secret;

/// The length of the key, in bytes.
const KEY: usize = 32;
/// What a new store seals, so that another key is noticed.
const CHECK: &str = "rosterctl";

/// Seals with a key that is not in the database (ChaCha20-Poly1305).
pub struct Vault(LessSafeKey);

impl Vault {
    /// The vault whose key lies beside a database file, made with mode 0600 where there is none yet; and whether it was made.
    pub(super) fn beside(database: &Path) -> Result<(Self, bool), StoreError> {
        let path = database.with_extension("key");
        let is_new = !path.exists();
        let key = read_or_make(&path).map_err(|source| StoreError::File { path: path.clone(), source })?;
        Self::new(&key).map(|vault| (vault, is_new)).ok_or(StoreError::Key { path })
    }

    /// The vault of a store that ends with the process.
    pub(super) fn in_memory() -> Result<Self, StoreError> {
        Self::new(&random_key()).ok_or(StoreError::Key { path: PathBuf::new() })
    }

    fn new(key: &[u8]) -> Option<Self> {
        UnboundKey::new(&CHACHA20_POLY1305, key).ok().map(|key| Self(LessSafeKey::new(key)))
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

    /// Refuses to go on with a key that is not this database's. A database that lost its key file begins anew with the new one: what was
    /// sealed is gone, and the user log says so.
    pub(super) async fn check(&self, conn: &mut Conn, database: &Path, is_new: bool, now: i64) -> Result<(), StoreError> {
        let other = || StoreError::Key { path: database.with_extension("key") };
        let row = sqlx::query("SELECT secret FROM store_key WHERE id = 2").fetch_optional(&mut *conn).await?;
        if let Some(row) = row {
            let check = self.unseal("check", &row.try_get::<String, _>(0)?);
            if check.is_some_and(|check| check.expose() == CHECK) {
                return Ok(());
            }
            if !is_new {
                return Err(other());
            }
            lost_key(conn, now).await?;
        }
        let mark = self.seal("check", &Secret::new(CHECK.to_owned())).ok_or_else(other)?;
        sqlx::query("INSERT INTO store_key (id, secret) VALUES (2, $1) ON CONFLICT DO NOTHING").bind(mark).execute(conn).await?;
        Ok(())
    }
}

/// Drops what was sealed with a key that is lost, and says so in each workspace's log.
async fn lost_key(conn: &mut Conn, now: i64) -> Result<(), StoreError> {
    for statement in ["DELETE FROM store_key WHERE id = 2", "UPDATE workspaces SET code_word = NULL WHERE code_word LIKE 'v1:%'"] {
        sqlx::query(statement).execute(&mut *conn).await?;
    }
    messages::drop_all(conn).await?;
    for row in sqlx::query("SELECT name FROM workspaces ORDER BY name").fetch_all(&mut *conn).await? {
        let workspace: String = row.try_get(0)?;
        let entry = LogEntry {
            actor: "rosterctl".to_owned(),
            via: "store".to_owned(),
            request_id: "-".to_owned(),
            action: "lose-key".to_owned(),
            subject_kind: "Workspace".to_owned(),
            subject: Some(workspace.clone()),
            result: "done".to_owned(),
            detail: Some(
                "the key file beside the database is missing: a code word must be set again, mail that had not left is dropped, and \
                 members with a second factor need a recovery code"
                    .to_owned(),
            ),
            changes: "{}".to_owned(),
            ..LogEntry::default()
        };
        log::append(conn, &workspace, &entry, now).await?;
    }
    Ok(())
}

fn random_key() -> [u8; KEY] {
    let mut key = [0_u8; KEY];
    rand::rng().fill(&mut key);
    key
}

/// The key in a file; two programs that start at once agree on the one that was there first.
fn read_or_make(path: &Path) -> std::io::Result<Vec<u8>> {
    match std::fs::File::open(path) {
        Ok(file) => return read(file),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {}
        Err(why) => return Err(why),
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fresh = folder.join(format!(".{}.key", uuid::Uuid::new_v4()));
    let mut open = std::fs::OpenOptions::new();
    open.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(&fresh)?;
    file.write_all(data_encoding::BASE64URL_NOPAD.encode(&random_key()).as_bytes())?;
    file.sync_all()?;
    // A link never replaces a file, so the first one stays, and it is complete.
    let linked = std::fs::hard_link(&fresh, path);
    std::fs::remove_file(&fresh)?;
    match linked {
        Err(why) if why.kind() != std::io::ErrorKind::AlreadyExists => Err(why),
        Ok(()) | Err(_) => read(std::fs::File::open(path)?),
    }
}

fn read(mut file: std::fs::File) -> std::io::Result<Vec<u8>> {
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    data_encoding::BASE64URL_NOPAD.decode(text.trim().as_bytes()).map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_secret_opens_only_with_its_key_and_for_its_purpose() {
        let (vault, other) = (Vault::in_memory().unwrap(), Vault::in_memory().unwrap());
        let sealed = vault.seal("message 1", &Secret::new("rinv_x".to_owned())).unwrap();
        assert_eq!(vault.unseal("message 1", &sealed).unwrap().expose(), "rinv_x");
        assert!(vault.unseal("message 2", &sealed).is_none());
        assert!(other.unseal("message 1", &sealed).is_none());
        assert!(!sealed.contains("rinv"));
        assert_ne!(vault.seal("message 1", &Secret::new("rinv_x".to_owned())).unwrap(), sealed);
    }

    #[test]
    fn the_key_lies_beside_the_database_readable_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("glow.db");
        let (vault, is_new) = Vault::beside(&database).unwrap();
        assert!(is_new);
        let sealed = vault.seal("x", &Secret::new("y".to_owned())).unwrap();
        let (again, is_new) = Vault::beside(&database).unwrap();
        assert!(!is_new);
        assert_eq!(again.unseal("x", &sealed).unwrap().expose(), "y");
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["glow.key"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(folder.path().join("glow.key")).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(folder.path().join("glow.key"), "no key").unwrap();
        assert!(Vault::beside(&database).is_err());
    }

    #[tokio::test]
    async fn a_database_with_another_key_is_refused_and_one_without_its_key_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one.db"), folder.path().join("other.db"));
        for database in [&one, &other] {
            Store::open(database).await.unwrap().close().await;
        }
        std::fs::rename(folder.path().join("other.key"), folder.path().join("one.key")).unwrap();
        assert!(matches!(Store::open(&one).await, Err(StoreError::Key { .. })));
        std::fs::remove_file(folder.path().join("one.key")).unwrap();
        let store = Store::open(&one).await.unwrap();
        store.close().await;
        Store::open(&one).await.unwrap().close().await;
    }
}
