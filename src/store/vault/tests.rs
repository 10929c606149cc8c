use std::collections::BTreeMap;

use futures::FutureExt as _;

use super::*;
use crate::store::{NewWorkspace, READERS, Seed, Store, SystemClock, WorkspaceRow, workspaces};

const WORD: &str = "marmalade-orchard-7";

/// Makes a workspace of a practice whose code word is [`WORD`], or has none.
async fn practice(store: &Store, name: &str, has_word: bool) {
    let row =
        WorkspaceRow { name: name.to_owned(), platform: "any".to_owned(), time_zone: "UTC".to_owned(), initial_password_allowed: false };
    let code_word = has_word.then(|| WORD.to_owned());
    let seed = Seed { workspace: NewWorkspace { row, code_word }, resources: Vec::new(), accounts: Vec::new() };
    assert!(store.create_workspace(&seed).await.unwrap());
}

/// Makes a database with such a practice, `bright`.
async fn database(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let store = Store::open(&path).await.unwrap();
    practice(&store, "bright", true).await;
    store.close().await;
    path
}

async fn code_word(store: &Store, name: &str) -> Result<Option<String>, StoreError> {
    let (name, inside) = (name.to_owned(), store.clone());
    let word = store.read(move |conn| async move { workspaces::code_word(conn, inside.vault(), &name).await }.boxed()).await?;
    Ok(word.map(|word: Secret| word.expose().to_owned()))
}

/// All files of a folder by their names.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

async fn in_memory() -> Store {
    Store::memory().await.unwrap()
}

#[tokio::test]
async fn a_secret_opens_only_with_its_key_and_for_its_purpose() {
    let (one, two) = (in_memory().await, in_memory().await);
    let (vault, other) = (one.vault(), two.vault());
    let sealed = vault.seal("message 1", &Secret::new("rinv_x".to_owned())).unwrap();
    assert_eq!(vault.unseal("message 1", &sealed).unwrap().expose(), "rinv_x");
    assert!(vault.unseal("message 2", &sealed).is_none());
    assert!(other.unseal("message 1", &sealed).is_none());
    assert!(!sealed.contains("rinv"));
    assert_ne!(vault.seal("message 1", &Secret::new("rinv_x".to_owned())).unwrap(), sealed);
}

#[tokio::test]
async fn the_key_is_beside_the_database_and_only_its_owner_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path(), "glow.db").await;
    let names: Vec<String> = files(folder.path()).into_keys().collect();
    assert_eq!(names, ["glow.db", "glow.key"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(folder.path().join("glow.key")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let store = Store::open(&path).await.unwrap();
    assert_eq!(code_word(&store, "bright").await.unwrap().as_deref(), Some(WORD));
    store.close().await;
}

#[tokio::test]
async fn no_file_contains_a_code_word_while_the_store_is_open_or_afterward() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("glow.db")).await.unwrap();
    practice(&store, "bright", true).await;
    let name = |(name, bytes): (String, Vec<u8>)| contains(&bytes, WORD).then_some(name);
    assert!(files(folder.path()).contains_key("glow.db-wal"));
    assert_eq!(files(folder.path()).into_iter().find_map(name), None);
    store.close().await;
    assert_eq!(files(folder.path()).into_iter().find_map(name), None);
}

#[tokio::test]
async fn the_key_can_be_in_another_folder() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (path, key) = (folder.path().join("glow.db"), keys.path().join("server.secret"));
    for _ in 0..2 {
        let store = Store::open_for(&path, Some(&key), std::sync::Arc::new(SystemClock), READERS).await.unwrap();
        if !store.has_workspace("bright").await.unwrap() {
            practice(&store, "bright", true).await;
        }
        assert_eq!(code_word(&store, "bright").await.unwrap().as_deref(), Some(WORD));
        store.close().await;
    }
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), ["glow.db"]);
    assert_eq!(files(keys.path()).into_keys().collect::<Vec<_>>(), ["server.secret"]);
    let Err(StoreError::KeyMissing { path: named }) = Store::open(&path).await else { panic!("it needs its key") };
    assert_eq!(named, folder.path().join("glow.key"));
    assert!(!named.exists(), "no other key takes its place");
}

#[tokio::test]
async fn a_code_word_that_is_copied_to_another_workspace_does_not_open() {
    let store = in_memory().await;
    practice(&store, "bright", true).await;
    practice(&store, "smile", false).await;
    let copy = "UPDATE workspaces SET code_word = (SELECT code_word FROM workspaces WHERE name = 'bright') WHERE name = 'smile'";
    for statement in [copy, "UPDATE workspaces SET code_word = 'in-plain-text' WHERE name = 'smile'"] {
        let write = store.write("smile", move |writing| {
            async move { Ok::<_, StoreError>(sqlx::query(statement).execute(&mut writing.conn).await?.rows_affected()) }.boxed()
        });
        assert_eq!(write.await.unwrap(), 1);
        let why = code_word(&store, "smile").await.unwrap_err();
        assert_eq!(why.to_string(), StoreError::Damaged { table: "workspaces" }.to_string(), "{statement}");
    }
    assert_eq!(code_word(&store, "bright").await.unwrap().as_deref(), Some(WORD));
}

#[tokio::test]
async fn a_missing_wrong_or_damaged_key_is_an_error_that_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (database(folder.path(), "glow.db").await, folder.path().join("glow.key"));
    database(folder.path(), "other.db").await;
    let right = std::fs::read(&key).unwrap();
    let other = std::fs::read(folder.path().join("other.key")).unwrap();
    let before = std::fs::read(&path).unwrap();
    let shorter = right[..20].to_vec();
    for (what, wrong) in [
        ("missing", None),
        ("another", Some(other)),
        ("damaged", Some(shorter)),
        ("empty", Some(Vec::new())),
        ("no text", Some(vec![0xff])),
    ] {
        let _ = std::fs::remove_file(&key);
        if let Some(bytes) = &wrong {
            std::fs::write(&key, bytes).unwrap();
        }
        let why = Store::open(&path).await.err().unwrap_or_else(|| panic!("{what}: it opened"));
        let said = why.to_string();
        assert!(said.contains("glow.key") && said.contains("nothing was changed") && said.contains("backup"), "{what}: {said}");
        assert!(said.contains("write the word `new`"), "{what}: {said}");
        assert_eq!(std::fs::read(&key).ok(), wrong, "{what}");
        assert!(std::fs::read(&path).unwrap() == before, "{what}: the database is as it was");
    }
    std::fs::write(&key, right).unwrap();
    let store = Store::open(&path).await.unwrap();
    assert_eq!(code_word(&store, "bright").await.unwrap().as_deref(), Some(WORD));
    store.close().await;
}

#[tokio::test]
async fn a_key_that_is_lost_for_good_is_replaced_if_somebody_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (database(folder.path(), "glow.db").await, folder.path().join("glow.key"));
    let lost = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "new\n").unwrap();
    let store = Store::open(&path).await.unwrap();
    assert_eq!(code_word(&store, "bright").await.unwrap(), None);
    let rows = store.read(|conn| async move { log::after(conn, "bright", 0, i64::MIN, 9).await }.boxed()).await.unwrap();
    let said = rows.last().map(|row| (row.entry.action.as_str(), row.entry.detail.as_deref().unwrap_or_default().to_owned()));
    assert!(said.as_ref().is_some_and(|(action, detail)| *action == "lose-key" && detail.contains("code word")), "{said:?}");
    store.close().await;
    let made = std::fs::read_to_string(&key).unwrap();
    assert!(made != lost && made.len() == lost.len());
    Store::open(&path).await.unwrap().close().await;
    assert_eq!(std::fs::read_to_string(&key).unwrap(), made);
}

// The server that has the key may seal something at any time.
#[tokio::test]
async fn a_database_in_which_nothing_is_sealed_yet_does_not_open_without_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("glow.db");
    let store = Store::open(&path).await.unwrap();
    practice(&store, "glow", false).await;
    store.close().await;
    let key = folder.path().join("glow.key");
    let text = std::fs::read_to_string(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let why = Store::open(&path).await.err().map(|why| why.to_string());
    assert_eq!(why, Some(StoreError::KeyMissing { path: key.clone() }.to_string()));
    assert!(!key.exists(), "no other key is made");
    std::fs::write(&key, text).unwrap();
    Store::open(&path).await.unwrap().close().await;
}
