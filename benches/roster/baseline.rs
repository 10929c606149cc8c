//! The yardsticks: the YAML library alone, and `SQLite` through plain sqlx alone.

#![allow(dead_code, reason = "the fields are there to be filled, as the program fills its own")]

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::generate::File;

/// A workspace file in typed structs, of which only the types are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "names as in YAML")]
pub(crate) struct Workspace {
    workspace: String,
    platform: String,
    connection: BTreeMap<String, BTreeMap<String, String>>,
    subscription: BTreeMap<String, String>,
    time_zone: String,
    main_admin: String,
    manage: String,
    clinics: BTreeMap<String, BTreeMap<String, String>>,
    roles: BTreeMap<String, Role>,
    users: BTreeMap<String, User>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Role {
    based_on: String,
    privileges: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    first_name: String,
    last_name: String,
    role: String,
    clinics: Vec<String>,
    default_clinic: Option<String>,
    phones: Vec<String>,
    dashboard_access: Option<bool>,
    appointment_color: Option<String>,
    privileges: Option<BTreeMap<String, bool>>,
    provider: Option<Provider>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    md_consent: String,
    online_booking: bool,
    goals: Option<Goals>,
    booking_profile: Option<Profile>,
    check_in_notifications: Option<BTreeMap<String, bool>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Goals {
    per: String,
    procedures: u32,
    sales_usd: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    display_name: String,
    title: String,
    bio: String,
}

/// Reads files with the YAML library and nothing else.
pub(crate) fn yaml(files: &[File]) -> Vec<Workspace> {
    files.iter().map(|file| serde_yaml::from_slice(file.text.as_bytes()).expect("the generator writes good YAML")).collect()
}

/// An account's row with its invitation and block, as the server reads it.
pub(crate) struct AccountRow {
    texts: [String; 4],
    flags: [i64; 4],
    names: [Option<String>; 2],
    times: [Option<i64>; 4],
    invitation: (Option<String>, Option<i64>, Option<i64>),
    block: (Option<String>, Option<String>, Option<i64>, Option<String>),
}

fn decode(row: &SqliteRow) -> Result<AccountRow, sqlx::Error> {
    Ok(AccountRow {
        texts: [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?],
        flags: [row.try_get(4)?, row.try_get(5)?, row.try_get(6)?, row.try_get(9)?],
        names: [row.try_get(7)?, row.try_get(8)?],
        times: [row.try_get(10)?, row.try_get(11)?, row.try_get(12)?, row.try_get(13)?],
        invitation: (row.try_get(14)?, row.try_get(15)?, row.try_get(16)?),
        block: (row.try_get(17)?, row.try_get(18)?, row.try_get(19)?, row.try_get(20)?),
    })
}

async fn open(path: &Path) -> SqliteConnection {
    let mut conn = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .disable_statement_logging()
        .connect()
        .await
        .expect("the database opens");
    sqlx::raw_sql("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384")
        .execute(&mut conn)
        .await
        .expect("the pragmas are taken");
    conn
}

/// Reads every account of a file in one query.
pub(crate) async fn rows(path: &Path) -> Vec<AccountRow> {
    let mut conn = open(path).await;
    let rows = sqlx::query(concat!(
        "SELECT a.id, a.user_name, a.fields, a.role_privileges, a.accepted, a.inactive, a.main_admin, a.invited_given, a.invited_family, ",
        "CASE WHEN a.passcode_hash IS NULL THEN 0 ELSE 1 END, a.last_login, a.version, a.created, a.modified, ",
        "i.state, i.sent_at, i.expires_at, b.reason, b.note, b.since, b.by_user FROM accounts a ",
        "LEFT JOIN invitations i ON i.workspace = a.workspace AND i.account = a.id AND i.superseded = 0 ",
        "LEFT JOIN blocks b ON b.workspace = a.workspace AND b.account = a.id AND b.lifted_at IS NULL ",
        "WHERE a.deleted = 0 ORDER BY a.id"
    ))
    .fetch_all(&mut conn)
    .await
    .expect("the rows can be read");
    let rows = rows.iter().map(decode).collect::<Result<Vec<_>, _>>().expect("the rows have the columns of the store");
    conn.close().await.expect("the database closes");
    rows
}

/// A value of a row, to be written again.
enum Cell {
    Null,
    Number(i64),
    Text(String),
}

/// The rows that some invitations left in four tables, invitation by invitation.
pub(crate) struct Batch {
    statements: Vec<String>,
    /// For each invitation, the cells of each table's row.
    invitations: Vec<Vec<Vec<Cell>>>,
}

/// Reads the rows of the invited accounts from a file that the program has written. Those of the log stay in their order, which it keeps.
pub(crate) async fn rows_of_invitations(path: &Path) -> Batch {
    let mut conn = open(path).await;
    let queries = [
        ("accounts", "SELECT a.* FROM accounts a JOIN invitations i ON i.workspace = a.workspace AND i.account = a.id ORDER BY a.id"),
        ("invitations", "SELECT * FROM invitations ORDER BY account"),
        (
            "log",
            "SELECT l.* FROM log l JOIN invitations i ON i.workspace = l.workspace AND i.account = l.subject_id WHERE l.action = 'invite' ORDER BY l.seq",
        ),
        (
            "messages",
            "SELECT m.* FROM messages m JOIN invitations i ON i.workspace = m.workspace AND i.account = m.account ORDER BY m.account",
        ),
        (
            "idempotency",
            "SELECT m.* FROM idempotency m JOIN invitations i ON i.workspace = m.workspace AND i.account = m.made ORDER BY m.made",
        ),
    ];
    let (mut statements, mut tables) = (Vec::new(), Vec::new());
    for (table, query) in queries {
        let rows = sqlx::query(query).fetch_all(&mut conn).await.expect("the rows can be read");
        let columns: Vec<String> =
            rows.first().expect("there are rows").columns().iter().map(|c| sqlx::Column::name(c).to_owned()).collect();
        let marks: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        statements.push(format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), marks.join(", ")));
        tables.push(rows.iter().map(|row| (0..columns.len()).map(|at| cell(row, at)).collect()).collect::<Vec<Vec<Cell>>>());
    }
    let count = tables[0].len();
    assert!(
        tables.iter().all(|t| t.len() == count),
        "each invitation left one row in each table: {:?}",
        tables.iter().map(Vec::len).collect::<Vec<_>>()
    );
    let mut invitations: Vec<Vec<Vec<Cell>>> = (0..count).map(|_| Vec::new()).collect();
    for table in tables {
        for (at, row) in table.into_iter().enumerate() {
            invitations[at].push(row);
        }
    }
    conn.close().await.expect("the database closes");
    Batch { statements, invitations }
}

fn cell(row: &SqliteRow, at: usize) -> Cell {
    if let Ok(number) = row.try_get::<Option<i64>, _>(at) {
        return number.map_or(Cell::Null, Cell::Number);
    }
    row.try_get::<Option<String>, _>(at).expect("a cell is a text or a number").map_or(Cell::Null, Cell::Text)
}

impl Batch {
    /// Returns the number of invitations.
    pub(crate) fn len(&self) -> usize {
        self.invitations.len()
    }

    /// Writes the rows into a file that has the tables and the workspace, in transactions of a given number of invitations.
    pub(crate) async fn write(&self, path: &Path, together: usize) {
        let mut conn = open(path).await;
        for group in self.invitations.chunks(together) {
            let mut transaction = conn.begin().await.expect("a transaction begins");
            for invitation in group {
                for (statement, cells) in self.statements.iter().zip(invitation) {
                    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement.as_str()));
                    for cell in cells {
                        query = match cell {
                            Cell::Null => query.bind(None::<String>),
                            Cell::Number(number) => query.bind(number),
                            Cell::Text(text) => query.bind(text.as_str()),
                        };
                    }
                    query.execute(&mut *transaction).await.expect("a row is written");
                }
            }
            transaction.commit().await.expect("a transaction commits");
        }
        conn.close().await.expect("the database closes");
    }
}
