//! Reads a database that this user cannot write to. SQLite writes beside a file even to read it, so a copy in memory is read.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sqlx::sqlite::SqliteOwnedBuf;

use crate::store::{Conn, StoreError};

/// The endings that SQLite adds to the name of a file with changes that are not in the database yet.
const WAITING: [&str; 2] = ["-wal", "-journal"];

/// The most bytes of a database that is copied.
const MOST: u64 = 1 << 30;

/// The length of a database's header, and the two bytes of it that say that it has a write-ahead log, which a copy in memory cannot have.
const HEADER: usize = 100;
const VERSIONS: std::ops::RangeInclusive<usize> = 18..=19;
const WITHOUT_LOG: u8 = 1;

/// Turns the refusal of a file that this user cannot write to into its own error.
pub(in crate::store) fn not_writable(path: &Path, why: StoreError) -> StoreError {
    if why.is_not_writable() && path.is_file() {
        StoreError::NotWritable { path: path.to_owned(), has_waiting: has_waiting(path) }
    } else {
        why
    }
}

/// Fills a database in memory with the content of a file.
pub(in crate::store) async fn fill(conn: &mut Conn, path: &Path) -> Result<(), StoreError> {
    let content = content(path)?;
    let content = SqliteOwnedBuf::try_from(content.as_slice())?;
    Ok(conn.deserialize(None, content, false).await?)
}

/// Reads a file to which nobody wrote in the meantime, and beside which nothing waits: without that it would be an old state.
fn content(path: &Path) -> Result<Vec<u8>, StoreError> {
    let not_read = |has_waiting: bool| StoreError::NotWritable { path: path.to_owned(), has_waiting };
    if has_waiting(path) {
        return Err(not_read(true));
    }
    let before = state(path).filter(|(size, _)| *size <= MOST).ok_or_else(|| not_read(false))?;
    let mut content = fs::read(path).map_err(|_| not_read(false))?;
    if has_waiting(path) || state(path) != Some(before) {
        return Err(StoreError::Replaced);
    }
    if content.len() < HEADER {
        return Err(not_read(false));
    }
    if let Some(versions) = content.get_mut(VERSIONS) {
        versions.fill(WITHOUT_LOG);
    }
    Ok(content)
}

/// The size of a file, and when it was changed.
fn state(path: &Path) -> Option<(u64, SystemTime)> {
    let found = fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()?))
}

/// Returns whether changes may wait beside a database.
fn has_waiting(path: &Path) -> bool {
    WAITING.iter().any(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match fs::metadata(PathBuf::from(name)) {
            Ok(found) => found.len() > 0,
            Err(why) => why.kind() != std::io::ErrorKind::NotFound,
        }
    })
}

#[cfg(test)]
mod tests {
    use futures::future::BoxFuture;
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, Executor};

    use super::*;
    use crate::store::{Store, Writing};

    fn write(writing: &mut Writing) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            sqlx::query("CREATE TABLE IF NOT EXISTS probe (n INTEGER)").execute(&mut writing.conn).await?;
            sqlx::query("INSERT INTO probe (n) VALUES (7)").execute(&mut writing.conn).await?;
            Ok(())
        })
    }

    async fn rows(store: &Store) -> i64 {
        let count = store.read(|conn| {
            Box::pin(async move { Ok::<_, StoreError>(sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM probe").fetch_one(conn).await?) })
        });
        count.await.unwrap()
    }

    #[tokio::test]
    async fn a_copy_has_what_the_file_has_and_leaves_the_file_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("glow.db");
        let store = Store::open(&path).await.unwrap();
        store.write("glow", write).await.unwrap();
        let refused = Store::copy_of(&path).await.err().unwrap();
        assert!(!refused.can_be_copied(), "{refused}");
        assert!(refused.to_string().contains("changes that wait beside it"), "{refused}");
        let identity = store.identity();
        store.close().await;
        let before = std::fs::read(&path).unwrap();
        let copy = Store::copy_of(&path).await.unwrap();
        assert_eq!((rows(&copy).await, copy.identity()), (1, identity));
        copy.write("glow", write).await.unwrap();
        assert_eq!(rows(&copy).await, 2);
        copy.close().await;
        assert!(std::fs::read(&path).unwrap() == before, "nothing was written to it");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "the database and its key");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_is_called_so_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("glow.db");
        Store::open(&path).await.unwrap().close().await;
        let mut conn = SqliteConnectOptions::new().filename(&path).read_only(true).connect().await.unwrap();
        let refused = StoreError::from(conn.execute("CREATE TABLE probe (n INTEGER)").await.unwrap_err());
        let missing = SqliteConnectOptions::new().filename(folder.path()).connect().await.unwrap_err();
        for why in [refused, StoreError::from(missing)] {
            assert!(why.is_not_writable(), "{why}");
            let why = not_writable(&path, why);
            assert!(why.can_be_copied(), "{why}");
            let said = why.to_string();
            assert!(said.contains("cannot be written by you") && !said.contains("code"), "{said}");
        }
        let other = not_writable(folder.path(), StoreError::GivenUp);
        assert_eq!(other.to_string(), StoreError::GivenUp.to_string());
    }
}
