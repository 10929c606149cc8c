//! The chain of the user log: a row that was altered, removed, added or moved in the file itself is found, and named.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rosterctl::model::{Action, LogAction, LogResult, LogSubject, LogVia};
use rosterctl::store::{ExportedHeads, LogFault, LogHead, NewLogRow, Store, StoreError, VerifiedLog, log, verify_logs};
use sqlx::{Connection, Executor, Row, SqliteConnection};

use crate::harness::{House, NOON, bright, glow};
use crate::soak::{Trials, rounds};

/// The number of random edits that are tried.
const EDITS: usize = 300;

async fn raw(file: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap()
}

/// A row that no other row is like.
fn entry(number: i64) -> NewLogRow {
    NewLogRow {
        actor: "olivia@glow.example".to_owned(),
        via: LogVia::Embedded.into(),
        origin: (number % 3 == 0).then(|| "192.0.2.7".to_owned()),
        request_id: format!("request-{number}"),
        action: LogAction::Planned(Action::Update).into(),
        subject_kind: LogSubject::User.into(),
        subject_id: Some(format!("id-{number}")),
        subject: Some(format!("user{number}@glow.example")),
        result: LogResult::Done.into(),
        detail: (number % 2 == 0).then(|| format!("detail-{number}")),
        changes: format!("{{\"roles\":[\"front-desk\",\"provider {number}\"]}}"),
        ..NewLogRow::default()
    }
}

async fn append(store: &Store, workspace: &str, number: i64) {
    let name = workspace.to_owned();
    let appended: Result<i64, StoreError> = store
        .write(workspace, move |writing| {
            Box::pin(async move { log::append(&mut writing.conn, &name, &entry(number), NOON + number).await })
        })
        .await;
    appended.unwrap();
}

/// A database of two workspaces, closed: everything is in its one file.
async fn database(folder: &Path, rows: i64) -> PathBuf {
    let file = folder.join("log.db");
    let store = Store::open(&file).await.unwrap();
    for desired in [glow(), bright()] {
        House::on(&desired, store.clone(), std::sync::Arc::new(rosterctl::store::HandClock::at(NOON))).await;
        for number in 2..=rows {
            append(&store, &desired.workspace, number).await;
        }
    }
    store.close().await;
    file
}

async fn verified(file: &Path) -> BTreeMap<String, VerifiedLog> {
    verify_logs(file, &ExportedHeads::new()).await.unwrap()
}

/// The first fault of a workspace's log.
async fn fault(file: &Path, workspace: &str) -> Option<LogFault> {
    verified(file).await[workspace].fault
}

/// The number of the row that a fault names.
fn named(fault: LogFault) -> Option<i64> {
    match fault {
        LogFault::Altered { row } | LogFault::Unreadable { row } => Some(row),
        LogFault::Missing { from, found: _ } => Some(from),
        LogFault::NotReached | LogFault::Empty | LogFault::CutOff { .. } | LogFault::Rewritten { .. } => None,
    }
}

/// Edits the log as somebody does who has the file: the triggers do not stop them.
async fn edit(file: &Path, statements: &[&'static str]) {
    let mut conn = raw(file).await;
    for trigger in ["log_keeps_its_rows", "log_keeps_its_words", "log_keeps_its_order"] {
        conn.execute(sqlx::AssertSqlSafe(format!("DROP TRIGGER IF EXISTS {trigger}"))).await.unwrap();
    }
    for statement in statements {
        conn.execute(*statement).await.unwrap();
    }
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    conn.close().await.unwrap();
}

/// SQLite's variable-length number at a place, and how many bytes it has.
fn varint(bytes: &[u8]) -> (usize, usize) {
    let length = bytes.iter().take(8).position(|byte| *byte < 0x80).unwrap_or(8) + 1;
    (bytes[..length].iter().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)), length)
}

/// Returns where the record of each row is in the file: its types and its values. The hash is its end.
fn records(bytes: &[u8], hashes: &[(i64, String)]) -> Vec<(i64, std::ops::Range<usize>)> {
    let end_of = |hash: &String| bytes.windows(hash.len()).position(|w| w == hash.as_bytes()).map(|at| at + hash.len());
    let found = hashes.iter().map(|(row, hash)| {
        let end = end_of(hash).expect("the row is in the file");
        let begins = |at: &usize| {
            let (size, length) = varint(&bytes[*at..]);
            // After the size of the record comes that of its types, one or two bytes each.
            at + length + size == end && (19..=40).contains(&bytes[at + length])
        };
        let cell = (end.saturating_sub(900)..end - 100).find(begins).expect("the record has a size");
        (*row, cell + varint(&bytes[cell..]).1..end)
    });
    found.collect()
}

// X-5, L2: any byte of any row, changed in the file itself.
#[test]
fn a_changed_byte_of_any_row_is_found_and_the_row_is_named() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = runtime.block_on(database(folder.path(), 40));
    let hashes: Vec<(i64, String)> = runtime.block_on(async {
        let mut conn = raw(&file).await;
        let rows = sqlx::query("SELECT seq, hash FROM log WHERE workspace = 'glow' ORDER BY seq").fetch_all(&mut conn).await.unwrap();
        // No page keeps an earlier copy of a row.
        conn.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        conn.close().await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    });
    let whole = std::fs::read(&file).unwrap();
    let places = records(&whole, &hashes);
    assert_eq!(places.len(), 40);
    let edited = folder.path().join("edited.db");
    let bytes = (0..places.len(), any::<prop::sample::Index>(), 1..=255_u8);
    let trials = RefCell::new(Trials::default());
    let law = |(place, at, flip): (usize, prop::sample::Index, u8)| {
        let (row, range) = &places[place];
        let mut changed = whole.clone();
        let at = at.index(range.len());
        changed[range.start + at] ^= flip;
        // SQLite reads three types as NULL, and the other two are nobody's: no value is another one.
        let is_type = at < usize::from(whole[range.start]);
        if is_type && whole[range.start + at] == 0 && matches!(changed[range.start + at], 10 | 11) {
            return Ok(());
        }
        std::fs::write(&edited, &changed).unwrap();
        let logs = runtime.block_on(verified(&edited));
        // A row whose workspace was altered is found under the other name; the last one leaves no gap.
        let found: Vec<LogFault> = logs.values().filter_map(|log| log.fault).collect();
        let is_named = |fault: &LogFault| named(*fault) == Some(*row) || matches!(fault, LogFault::Missing { found, .. } if found == row);
        // Where the file itself is damaged at the first row of a workspace, the end of the one before looks the same.
        let is_not_reached = *row == 1 && found.contains(&LogFault::NotReached);
        prop_assert!(is_not_reached || found.iter().any(is_named), "row {row}: {found:?}");
        trials.borrow_mut().passed();
        Ok(())
    };
    let cases = u32::try_from(rounds("L2", EDITS, 10_000).most()).unwrap();
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() }).run(&bytes, law).unwrap();
    trials.into_inner().measured("L2", &format!("bytes of {} rows of a user log, changed in the file, all found", places.len()));
}

// X-5, L2: rows removed, moved, added and written anew, with the triggers out of the way.
#[tokio::test]
async fn a_row_that_was_removed_moved_or_added_is_named() {
    let hash = "UPDATE log SET hash = (SELECT hash FROM log WHERE workspace = 'glow' AND seq = 4) WHERE workspace = 'glow' AND seq = 5";
    let copy = "INSERT INTO log SELECT workspace, 21, at, actor, via, origin, request_id, action, subject_kind, subject_id, subject, result, detail, changes, plan, approver, commit_id, hash FROM log WHERE workspace = 'glow' AND seq = 20";
    let edits: [(&[&str], LogFault); 9] = [
        (&["UPDATE log SET actor = 'nobody' WHERE workspace = 'glow' AND seq = 5"], LogFault::Altered { row: 5 }),
        (&["UPDATE log SET detail = '' WHERE workspace = 'glow' AND seq = 5"], LogFault::Altered { row: 5 }),
        (&["UPDATE log SET at = at + 1 WHERE workspace = 'glow' AND seq = 20"], LogFault::Altered { row: 20 }),
        (&[hash], LogFault::Altered { row: 5 }),
        (&["DELETE FROM log WHERE workspace = 'glow' AND seq = 5"], LogFault::Missing { from: 5, found: 6 }),
        (&["DELETE FROM log WHERE workspace = 'glow' AND seq < 8"], LogFault::Missing { from: 1, found: 8 }),
        (&["DELETE FROM log WHERE workspace = 'glow'"], LogFault::Empty),
        (
            &[
                "UPDATE log SET seq = 99 WHERE workspace = 'glow' AND seq = 5",
                "UPDATE log SET seq = 5 WHERE workspace = 'glow' AND seq = 6",
                "UPDATE log SET seq = 6 WHERE workspace = 'glow' AND seq = 99",
            ],
            LogFault::Altered { row: 5 },
        ),
        (&[copy], LogFault::Altered { row: 21 }),
    ];
    for (statements, wrong) in edits {
        let folder = tempfile::tempdir().unwrap();
        let file = database(folder.path(), 20).await;
        assert!(verified(&file).await.values().all(|log| log.fault.is_none() && log.rows == 20));
        edit(&file, statements).await;
        let logs = verified(&file).await;
        assert_eq!((logs["glow"].fault, logs["bright"].fault), (Some(wrong), None), "{statements:?}");
        let before = named(wrong).map_or(0, |row| row - 1);
        assert_eq!(i64::try_from(logs["glow"].rows).unwrap(), before, "{statements:?}");
    }
}

// L2: what the chain alone cannot show, an earlier export of its head shows.
#[tokio::test]
async fn an_exported_head_shows_a_cut_tail_and_a_log_that_was_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), 20).await;
    let head = verified(&file).await["glow"].head.clone().unwrap();
    assert_eq!(head.seq, 20);
    let exported = |heads: &[&LogHead]| ExportedHeads::from([("glow".to_owned(), heads.iter().map(|head| (*head).clone()).collect())]);
    let against = async |head: &LogHead| verify_logs(&file, &exported(&[head])).await.unwrap()["glow"].fault;
    assert_eq!(against(&head).await, None);
    let other = LogHead { hash: "0".repeat(64), ..head.clone() };
    assert_eq!(against(&other).await, Some(LogFault::Rewritten { exported: 20 }));
    edit(&file, &["DELETE FROM log WHERE workspace = 'glow' AND seq > 17"]).await;
    assert_eq!(fault(&file, "glow").await, None, "the chain alone does not show it");
    assert_eq!(against(&head).await, Some(LogFault::CutOff { last: 17, exported: 20 }));
    // Rows that are added where others were cut off do not hide it.
    let store = Store::open(&file).await.unwrap();
    for number in 0..6 {
        append(&store, "glow", number).await;
    }
    store.close().await;
    assert_eq!(fault(&file, "glow").await, None);
    assert_eq!(against(&head).await, Some(LogFault::Rewritten { exported: 20 }));
    let nowhere = verify_logs(&file, &ExportedHeads::from([("gone".to_owned(), vec![head])])).await.unwrap();
    assert_eq!(nowhere["gone"].fault, Some(LogFault::CutOff { last: 0, exported: 20 }));
}

// X-5, L2: a log from before the chain begins it, with the numbers that its rows have.
#[tokio::test]
async fn the_log_of_an_old_database_begins_the_chain() {
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pins/old");
    for (platform, workspace) in
        [("aesthetic-record", "glow"), ("generic", "plain"), ("practice-by-numbers", "bright"), ("telus-chr", "lakeside")]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.db");
        std::fs::copy(old.join(platform).join(format!("{workspace}.db")), &file).unwrap();
        let why = verify_logs(&file, &ExportedHeads::new()).await.unwrap_err();
        assert!(why.to_string().contains("has no chain yet"), "{why}");
        Store::open(&file).await.unwrap().close().await;
        let log = &verified(&file).await[workspace];
        assert!(log.fault.is_none() && log.rows > 1, "{log:?}");
        edit(&file, &["UPDATE log SET actor = 'nobody' WHERE seq = 2"]).await;
        assert_eq!(fault(&file, workspace).await, Some(LogFault::Altered { row: 2 }));
    }
}

// The log is checked while a server writes to it, and nothing of the folder changes.
#[tokio::test]
async fn a_log_is_checked_while_it_grows_and_the_check_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = database(folder.path(), 5).await;
    let names = || -> Vec<std::ffi::OsString> { std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect() };
    let before = (std::fs::read(&file).unwrap(), names());
    verified(&file).await;
    assert!((std::fs::read(&file).unwrap(), names()) == before);
    let store = Store::open(&file).await.unwrap();
    for number in 1..=20 {
        let heads = ExportedHeads::new();
        let ((), checked) = futures::join!(append(&store, "glow", number), verify_logs(&file, &heads));
        assert_eq!(checked.unwrap()["glow"].fault, None);
    }
    assert_eq!(verified(&file).await["glow"].rows, 25);
    store.close().await;
}
