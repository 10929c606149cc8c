//! The steps that bring a database's tables up to date; each is one transaction.

mod chains;
mod failures;
mod fields;
mod records;

use sqlx::{Executor, Row};

use super::key::{self, StoreKey};
use super::vault::KeyPlace;
use super::{Conn, NewLogRow, StoreError, Vault, log, workspaces};
use crate::model::{LogAction, LogDoer, LogSubject, LogVia, ProgramAction};

const STEPS: [(i64, &str); 18] = [
    (1, include_str!("migrations/0001_workspaces_and_accounts.sql")),
    (2, include_str!("migrations/0002_store_key.sql")),
    (3, include_str!("migrations/0003_one_sequence_a_workspace.sql")),
    (4, include_str!("migrations/0004_wrong_answers.sql")),
    (LOG_IS_COPIED, include_str!("migrations/0005_log_with_a_chain.sql")),
    (LOGINS, include_str!("migrations/0006_logins.sql")),
    (7, include_str!("migrations/0007_second_factors.sql")),
    (8, include_str!("migrations/0008_addresses.sql")),
    (FIELDS, include_str!("migrations/0009_fields.sql")),
    (STEPS_WITHOUT_TIMES, include_str!("migrations/0010_read_columns.sql")),
    (RECORDS, include_str!("migrations/0011_records.sql")),
    (14, include_str!("migrations/0014_devices.sql")),
    (15, include_str!("migrations/0015_passcode_at.sql")),
    (16, include_str!("migrations/0016_password_changes.sql")),
    (PLACES_OF_COUNTS, include_str!("migrations/0017_places_of_counts.sql")),
    (18, include_str!("migrations/0018_sessions_by_link.sql")),
    (19, include_str!("migrations/0019_message_failures.sql")),
    (20, include_str!("migrations/0020_asked_resets.sql")),
];

/// The step that makes the table into which the program itself copies the log, with its chain.
const LOG_IS_COPIED: i64 = 5;

/// The end of that step.
const LOG_IS_APPEND_ONLY: &str = include_str!("migrations/0005_log_append_only.sql");

/// The step that gives logins to the accounts that were accepted before.
const LOGINS: i64 = 6;

/// The step that makes the columns into which the program itself reads what was a SCIM user.
const FIELDS: i64 = 9;

/// The step that drops the times of the steps.
const STEPS_WITHOUT_TIMES: i64 = 10;

/// The step that makes the columns into which the program itself reads what was a SCIM resource.
const RECORDS: i64 = 11;

/// The step that seals the code words, which were in plain text.
const SEALED: i64 = 12;

/// The step after which no part of the file has a code word in plain text.
const NO_PLAIN_TEXT: i64 = 13;

/// The step that makes the places to which the program itself moves what was counted of logins that open several workspaces.
const PLACES_OF_COUNTS: i64 = 17;

/// The last step.
const NEWEST: i64 = 20;

/// Runs the steps that this database has not seen; returns the store's key, and the vault with the key outside. Without that key, the
/// database stays as it was.
pub(super) async fn run(conn: &mut Conn, place: &KeyPlace, now: i64) -> Result<(StoreKey, Vault), StoreError> {
    conn.execute("BEGIN IMMEDIATE").await?;
    match steps(conn, place, now).await {
        Ok((key, vault, has_plain_text)) => {
            conn.execute("COMMIT").await?;
            if has_plain_text {
                drop_plain_text(conn).await?;
            }
            Ok((key, vault))
        }
        Err(why) => {
            let _ = conn.execute("ROLLBACK").await;
            Err(why)
        }
    }
}

/// Writes the file anew, without the plain text that SQLite leaves in unused parts of it. If another program keeps the database busy, or the
/// disk is full, the next opening does it.
async fn drop_plain_text(conn: &mut Conn) -> Result<(), StoreError> {
    if conn.execute("VACUUM").await.is_err() {
        return Ok(());
    }
    // The old pages are in the file until the new ones have replaced them.
    let checked = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *conn).await;
    if checked.and_then(|row| row.try_get::<i64, _>(0)).is_ok_and(|busy| busy == 0) {
        let _ = record(conn, NO_PLAIN_TEXT).await;
    }
    Ok(())
}

/// Says that a step is done.
async fn record(conn: &mut Conn, version: i64) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO schema_steps (version) VALUES ($1) ON CONFLICT DO NOTHING").bind(version).execute(conn).await?;
    Ok(())
}

/// Makes sure that a database is empty, or one of this program.
pub(super) async fn check_is_ours(conn: &mut Conn) -> Result<(), StoreError> {
    let other: i64 = sqlx::query(concat!(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' ",
        "AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_steps')"
    ))
    .fetch_one(conn)
    .await?
    .try_get(0)?;
    if other > 0 { Err(StoreError::NotOurs) } else { Ok(()) }
}

/// Returns also whether parts of the file may have a code word in plain text.
async fn steps(conn: &mut Conn, place: &KeyPlace, now: i64) -> Result<(StoreKey, Vault, bool), StoreError> {
    conn.execute("CREATE TABLE IF NOT EXISTS schema_steps (version BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)").await?;
    let found: i64 =
        sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM schema_steps").fetch_one(&mut *conn).await?.try_get(0)?;
    if found > NEWEST {
        return Err(StoreError::TooNew { found, known: NEWEST });
    }
    for (version, text) in STEPS {
        if version > found {
            sqlx::raw_sql(text).execute(&mut *conn).await?;
            if version == LOG_IS_COPIED {
                chains::begin(conn).await?;
                sqlx::raw_sql(LOG_IS_APPEND_ONLY).execute(&mut *conn).await?;
            }
            if version == LOGINS {
                tell_of_logins(conn, now).await?;
            }
            if version == FIELDS {
                fields::fill(conn).await?;
            }
            if version == RECORDS {
                records::fill(conn).await?;
            }
            if version == PLACES_OF_COUNTS {
                let key = key::read_or_make(conn).await?;
                failures::add_up(conn, &key).await?;
            }
            if version < STEPS_WITHOUT_TIMES {
                sqlx::query("INSERT INTO schema_steps (version, at) VALUES ($1, $2)").bind(version).bind(now).execute(&mut *conn).await?;
            } else {
                record(conn, version).await?;
            }
        }
    }
    let vault = Vault::open(conn, place, now).await?;
    if found < SEALED {
        let has_code_words = workspaces::seal_code_words(conn, &vault).await?;
        record(conn, SEALED).await?;
        if !has_code_words {
            record(conn, NO_PLAIN_TEXT).await?;
        }
    }
    // This step can come after later ones.
    let is_clean =
        sqlx::query("SELECT 1 FROM schema_steps WHERE version = $1").bind(NO_PLAIN_TEXT).fetch_optional(&mut *conn).await?.is_some();
    Ok((key::read_or_make(conn).await?, vault, !is_clean))
}

/// Says in the user log of each workspace which accounts have a login from now on.
async fn tell_of_logins(conn: &mut Conn, now: i64) -> Result<(), StoreError> {
    let made = "SELECT workspace, COUNT(*) FROM accounts WHERE login IS NOT NULL GROUP BY workspace ORDER BY workspace";
    for row in sqlx::query(made).fetch_all(&mut *conn).await? {
        let (workspace, accounts): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let action = LogAction::Program(ProgramAction::MakeLogins);
        let entry = NewLogRow {
            subject: Some(workspace.clone()),
            detail: Some(format!("accounts accepted before: {accounts}; each has a login of this workspace alone from now on")),
            ..NewLogRow::done(LogDoer::Program, LogVia::Upgrade, action, LogSubject::Workspace)
        };
        log::append(conn, &workspace, &entry, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, Executor, Row};

    use super::{Conn, KeyPlace, LogAction, STEPS, run};
    use crate::model::{Action, LogResult};
    use crate::store::members::links::{self, LinkPurpose};

    async fn number(conn: &mut Conn, query: &'static str) -> i64 {
        sqlx::query(query).fetch_one(conn).await.unwrap().get(0)
    }

    // A database of version 0.1 has steps 1 and 2.
    #[tokio::test]
    async fn an_old_log_keeps_its_rows_and_numbers_and_each_workspace_counts_on() {
        let mut conn = Conn::connect("sqlite::memory:").await.unwrap();
        conn.execute("CREATE TABLE schema_steps (version BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)").await.unwrap();
        for (version, text) in &STEPS[..2] {
            sqlx::raw_sql(*text).execute(&mut conn).await.unwrap();
            sqlx::query("INSERT INTO schema_steps VALUES ($1, 0)").bind(*version).execute(&mut conn).await.unwrap();
        }
        for workspace in ["a", "b", "a"] {
            let insert = "INSERT INTO log (workspace, at, actor, via, request_id, action, subject_kind, result, changes) VALUES ($1, 5, 'x', 'y', 'z', 'w', 'v', 'done', '{}')";
            sqlx::query(insert).bind(workspace).execute(&mut conn).await.unwrap();
        }
        run(&mut conn, &KeyPlace::Memory, 1).await.unwrap();
        assert_eq!(number(&mut conn, "SELECT COUNT(*) FROM log").await, 3);
        let entry = crate::store::NewLogRow { changes: "{}".to_owned(), ..Default::default() };
        for (workspace, seqs) in [("a", [1, 3, 4]), ("b", [2, 3, 0])] {
            crate::store::log::append(&mut conn, workspace, &entry, 6).await.unwrap();
            let rows = crate::store::log::after(&mut conn, workspace, 0, i64::MIN, 9).await.unwrap();
            let found: Vec<i64> = rows.iter().map(|row| row.seq).collect();
            assert_eq!(found, seqs.into_iter().filter(|n| *n > 0).collect::<Vec<_>>());
        }
        assert!(conn.execute("DELETE FROM log").await.is_err(), "the log can only grow");
    }

    // An offer of the main admin role had the account that made it in the column of addresses.
    #[tokio::test]
    async fn an_offer_of_the_main_admin_role_keeps_the_account_that_made_it() {
        let mut conn = Conn::connect("sqlite::memory:").await.unwrap();
        conn.execute("PRAGMA foreign_keys = OFF").await.unwrap();
        conn.execute("CREATE TABLE schema_steps (version BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)").await.unwrap();
        for (version, text) in STEPS.iter().filter(|(version, _)| *version < 10) {
            sqlx::raw_sql(*text).execute(&mut conn).await.unwrap();
            sqlx::query("INSERT INTO schema_steps VALUES ($1, 0)").bind(*version).execute(&mut conn).await.unwrap();
        }
        for (purpose, address) in [("office", "u1"), ("address", "new@glow.example"), ("reset", "")] {
            let insert = "INSERT INTO links (hash, workspace, account, purpose, state, sent_at, expires_at, address) VALUES ($1, 'glow', 'u2', $1, 'open', 1, 2, NULLIF($2, ''))";
            sqlx::query(insert).bind(purpose).bind(address).execute(&mut conn).await.unwrap();
        }
        run(&mut conn, &KeyPlace::Memory, 1).await.unwrap();
        for (hash, purpose) in [
            ("office", LinkPurpose::MainAdmin { offered_by: "u1".to_owned() }),
            ("address", LinkPurpose::Address("new@glow.example".to_owned())),
            ("reset", LinkPurpose::Reset),
        ] {
            let found = links::find(&mut conn, "glow", purpose.kind(), hash).await.unwrap().unwrap();
            assert_eq!(found.purpose, purpose);
        }
    }

    // AR-11
    #[tokio::test]
    async fn an_older_database_knows_from_its_log_when_a_passcode_was_made() {
        let mut conn = Conn::connect("sqlite::memory:").await.unwrap();
        conn.execute("PRAGMA foreign_keys = OFF").await.unwrap();
        run(&mut conn, &KeyPlace::Memory, 1).await.unwrap();
        conn.execute("ALTER TABLE accounts DROP COLUMN passcode_at; ALTER TABLE logins DROP COLUMN password_changes; ALTER TABLE failures RENAME COLUMN place TO workspace; ALTER TABLE sessions DROP COLUMN by_link; DROP INDEX sessions_sign_in; ALTER TABLE sessions DROP COLUMN sign_in; ALTER TABLE messages DROP COLUMN failure; DELETE FROM schema_steps WHERE version >= 15").await.unwrap();
        for (id, hash) in [("logged", "x"), ("of the start", "y"), ("without", "")] {
            let insert = "INSERT INTO accounts (workspace, id, user_name, fields, role_privileges, accepted, inactive, main_admin, passcode_hash, version, created, modified, deleted) VALUES ('w', $1, $1, '{}', '[]', 0, 0, 0, NULLIF($2, ''), 1, 5, 9, 0)";
            sqlx::query(insert).bind(id).bind(hash).execute(&mut conn).await.unwrap();
        }
        for (at, id) in [(6, "logged"), (8, "logged"), (7, "without")] {
            let entry = crate::store::NewLogRow {
                action: LogAction::Planned(Action::GeneratePasscode).into(),
                subject_id: Some(id.to_owned()),
                result: LogResult::Done.into(),
                changes: "{}".to_owned(),
                ..Default::default()
            };
            crate::store::log::append(&mut conn, "w", &entry, at).await.unwrap();
        }
        run(&mut conn, &KeyPlace::Memory, 100).await.unwrap();
        let made = sqlx::query("SELECT passcode_at FROM accounts ORDER BY id").fetch_all(&mut conn).await.unwrap();
        let made: Vec<Option<i64>> = made.iter().map(|row| row.get(0)).collect();
        assert_eq!(made, [Some(8), Some(5), None]);
    }
}
