//! Accounts, each with the newest invitation and the current block beside it.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::{Stream, StreamExt};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::members::Login;
use crate::model::{Delivery, Email, State};
use crate::store::tables::account_lists::{KnownPrivileges, former, privileges, to_json};
use crate::store::tables::invitations;
use crate::store::tables::members::logins;
use crate::store::tables::particulars::{Particulars, Statement};
use crate::store::{BlockRow, Conn, StoreError};

/// An account as it is stored; pending and blocked follow from the invitation and the block.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Its id.
    pub id: String,
    /// The login address, normalized.
    pub user_name: String,
    /// The particulars of its person.
    pub particulars: Particulars,
    /// The privileges its role gave when it was last applied; accounts that were read together share equal ones.
    pub role_privileges: Arc<BTreeSet<String>>,
    /// Its state, with the newest invitation and the current block; the reader decides whether the invitation has expired.
    pub state: State,
    /// The time at which the block was set, and by whom.
    pub block: Option<BlockRow>,
    /// Says whether this is the workspace's main admin.
    pub main_admin: bool,
    /// First and last name of the invitation.
    pub invited: Option<(String, String)>,
    /// The time at which the passcode was made, epoch milliseconds; `None` if none is set.
    pub passcode_made: Option<i64>,
    /// The time at which the person last signed in, epoch milliseconds.
    pub last_login: Option<i64>,
    /// Grows with every write on the account.
    pub version: i64,
    /// Epoch milliseconds.
    pub created: i64,
    /// Epoch milliseconds.
    pub modified: i64,
    /// The addresses it had before, oldest first.
    pub former: Vec<Email>,
    /// The state of the mail with its newest invitation.
    pub delivery: Option<Delivery>,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccountRow {
    /// Its id.
    pub id: String,
    /// The login address, normalized.
    pub user_name: String,
    /// See [`AccountRow`].
    pub particulars: Particulars,
    /// See [`AccountRow`].
    pub role_privileges: Arc<BTreeSet<String>>,
    /// Its state; invitation and block are stored in rows of their own.
    pub state: State,
    /// See [`AccountRow`].
    pub main_admin: bool,
    /// See [`AccountRow`].
    pub invited: Option<(String, String)>,
    /// The hash of a passcode (argon2id, PHC form).
    pub passcode_hash: Option<String>,
    /// The hash of a temporary password (argon2id, PHC form), which must be changed at the first login.
    pub password_hash: Option<String>,
}

/// The values that a write stores in an account's row; invitation, block and hashes have their own functions.
#[derive(Clone, Debug)]
pub struct AccountWrite {
    /// The login address, normalized.
    pub user_name: String,
    /// See [`AccountRow`].
    pub particulars: Particulars,
    /// See [`AccountRow`].
    pub role_privileges: Arc<BTreeSet<String>>,
    /// See [`NewAccountRow`].
    pub state: State,
}

/// The columns of [`AccountRow`] and where they come from; a macro, since each statement is one text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.user_name, a.fields, a.role_privileges, a.accepted, a.inactive, a.main_admin, a.invited_given, a.invited_family, ",
            "a.passcode_at, a.last_login, a.version, a.created, a.modified, ",
            "i.state, i.sent_at, i.expires_at, b.reason, b.note, b.since, b.by_user, a.former, a.employee, a.external_id, a.document, ",
            "m.state, m.failure FROM accounts a ",
            "LEFT JOIN invitations i ON i.workspace = a.workspace AND i.account = a.id AND i.superseded = 0 ",
            "LEFT JOIN messages m ON m.id = i.id ",
            "LEFT JOIN blocks b ON b.workspace = a.workspace AND b.account = a.id AND b.lifted_at IS NULL ",
            $rest
        )
    };
}

/// The limit is an expression, since SQLite prepares a statement again for each value of a limit that is a parameter alone.
const PAGE: &str = select!("WHERE a.workspace = $1 AND a.deleted = 0 AND a.id >= $2 ORDER BY a.id LIMIT $3 + 0");

fn decode_one(r: Option<SqliteRow>) -> Result<Option<AccountRow>, StoreError> {
    r.map(|r| decode(&mut KnownPrivileges::new(), &r)).transpose()
}

fn decode_all(rows: &[SqliteRow]) -> Result<Vec<AccountRow>, StoreError> {
    let mut known = KnownPrivileges::new();
    rows.iter().map(|row| decode(&mut known, row)).collect()
}

fn decode(known: &mut KnownPrivileges, r: &SqliteRow) -> Result<AccountRow, StoreError> {
    let flag = |i: usize| -> Result<bool, sqlx::Error> { Ok(r.try_get::<i64, _>(i)? != 0) };
    let state = invitations::state(r, [4, 5], [17, 18], invitations::newest(r, [14, 15, 16])?)?;
    let block = match &state.block {
        Some(_) => Some(BlockRow { since: r.try_get(19)?, by: r.try_get(20)? }),
        None => None,
    };
    let given: Option<String> = r.try_get(7)?;
    let family: Option<String> = r.try_get(8)?;
    Ok(AccountRow {
        id: r.try_get(0)?,
        user_name: r.try_get(1)?,
        particulars: Particulars::read(r, [2, 22, 23, 24])?,
        role_privileges: privileges(known, r.try_get::<&str, _>(3)?)?,
        state,
        block,
        main_admin: flag(6)?,
        invited: given.zip(family),
        passcode_made: r.try_get(9)?,
        last_login: r.try_get(10)?,
        version: r.try_get(11)?,
        created: r.try_get(12)?,
        modified: r.try_get(13)?,
        former: former(r.try_get::<&str, _>(21)?)?,
        delivery: invitations::delivery(r, [25, 26])?,
    })
}

/// The account with that id.
///
/// # Errors
/// The database refuses.
pub async fn find(conn: &mut Conn, workspace: &str, id: &str) -> Result<Option<AccountRow>, StoreError> {
    let row = sqlx::query(select!("WHERE a.workspace = $1 AND a.id = $2 AND a.deleted = 0"))
        .bind(workspace)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    decode_one(row)
}

/// The account with that login address.
///
/// # Errors
/// The database refuses.
pub async fn find_by_user_name(conn: &mut Conn, workspace: &str, user_name: &str) -> Result<Option<AccountRow>, StoreError> {
    let row = sqlx::query(select!("WHERE a.workspace = $1 AND a.user_name = $2 AND a.deleted = 0"))
        .bind(workspace)
        .bind(user_name)
        .fetch_optional(conn)
        .await?;
    decode_one(row)
}

/// The workspace's main admin.
///
/// # Errors
/// The database refuses.
pub async fn main_admin(conn: &mut Conn, workspace: &str) -> Result<Option<AccountRow>, StoreError> {
    let row =
        sqlx::query(select!("WHERE a.workspace = $1 AND a.main_admin = 1 AND a.deleted = 0")).bind(workspace).fetch_optional(conn).await?;
    decode_one(row)
}

/// Accounts from an id on (that one included), ordered by id, at most so many.
///
/// # Errors
/// The database refuses.
pub async fn page(conn: &mut Conn, workspace: &str, from: &str, most: i64) -> Result<Vec<AccountRow>, StoreError> {
    let rows = sqlx::query(PAGE).bind(workspace).bind(from).bind(most).fetch_all(conn).await?;
    decode_all(&rows)
}

/// The start of the next [`page`]: right after an id, in the order of texts.
#[must_use]
pub fn after(id: &str) -> String {
    format!("{id}\u{1}")
}

/// As [`page`], one row at a time: what comes of one can be done while the database looks for the next.
pub fn each<'c>(
    conn: &'c mut Conn,
    workspace: &'c str,
    from: &'c str,
    most: i64,
) -> impl Stream<Item = Result<AccountRow, StoreError>> + Send + 'c {
    let rows = sqlx::query(PAGE).bind(workspace).bind(from).bind(most).fetch(conn);
    let mut known = KnownPrivileges::new();
    rows.map(move |row| decode(&mut known, &row?))
}

/// The id at an offset in the order of [`page`].
///
/// # Errors
/// The database refuses.
pub async fn id_at(conn: &mut Conn, workspace: &str, offset: i64) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT id FROM accounts WHERE workspace = $1 AND deleted = 0 ORDER BY id LIMIT 1 OFFSET $2")
        .bind(workspace)
        .bind(offset)
        .fetch_optional(conn)
        .await?;
    row.map_or(Ok(None), |r| Ok(Some(r.try_get(0)?)))
}

/// The number of accounts.
///
/// # Errors
/// The database refuses.
pub async fn count(conn: &mut Conn, workspace: &str) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM accounts WHERE workspace = $1 AND deleted = 0").bind(workspace).fetch_one(conn).await?;
    Ok(row.try_get(0)?)
}

/// The accounts that belong to an employee record, ordered by id.
///
/// # Errors
/// The database refuses.
pub async fn of_employee(conn: &mut Conn, workspace: &str, employee: &str) -> Result<Vec<AccountRow>, StoreError> {
    let rows = sqlx::query(select!("WHERE a.workspace = $1 AND a.employee = $2 AND a.deleted = 0 ORDER BY a.id"))
        .bind(workspace)
        .bind(employee)
        .fetch_all(conn)
        .await?;
    decode_all(&rows)
}

/// Binds what both writes of an account have: `$3` to `$10`, after the workspace and the id.
fn bind_written<'q>(
    statement: Statement<'q>,
    user_name: &'q str,
    particulars: &'q Particulars,
    role_privileges: &BTreeSet<String>,
    state: &State,
) -> Result<Statement<'q>, StoreError> {
    let statement = particulars.bind(statement.bind(user_name))?.bind(to_json(role_privileges)?);
    Ok(statement.bind(i64::from(state.accepted)).bind(i64::from(state.inactive)))
}

/// Makes an account, version 1. One that is accepted gets a login of its own workspace alone.
///
/// # Errors
/// The login address is taken, or the database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, new: &NewAccountRow, now: i64) -> Result<(), StoreError> {
    let statement = sqlx::query(concat!(
        "INSERT INTO accounts (workspace, id, user_name, fields, employee, external_id, document, role_privileges, accepted, inactive, ",
        "main_admin, invited_given, invited_family, passcode_hash, passcode_at, last_login, version, created, modified, deleted) ",
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, CASE WHEN $14 IS NULL THEN NULL ELSE $15 END, NULL, 1, $15, $15, 0)"
    ));
    let statement = statement.bind(workspace).bind(new.id.as_str());
    bind_written(statement, &new.user_name, &new.particulars, &new.role_privileges, &new.state)?
        .bind(i64::from(new.main_admin))
        .bind(new.invited.as_ref().map(|(given, _)| given.as_str()))
        .bind(new.invited.as_ref().map(|(_, family)| family.as_str()))
        .bind(new.passcode_hash.as_deref())
        .bind(now)
        .execute(&mut *conn)
        .await
        .map_err(StoreError::from_insert)?;
    if !new.state.accepted {
        return Ok(());
    }
    let login = Login::first(format!("{workspace}/{}", new.id), new.password_hash.clone());
    logins::insert(conn, workspace, &new.id, &login).await
}

/// Writes an account and raises its version.
///
/// # Errors
/// The login address is taken, or the database refuses.
pub async fn update(conn: &mut Conn, workspace: &str, id: &str, write: &AccountWrite, now: i64) -> Result<(), StoreError> {
    let statement = sqlx::query(concat!(
        "UPDATE accounts SET user_name = $3, fields = $4, employee = $5, external_id = $6, document = $7, role_privileges = $8, ",
        "accepted = $9, inactive = $10, version = version + 1, modified = $11 WHERE workspace = $1 AND id = $2"
    ));
    let statement = statement.bind(workspace).bind(id);
    bind_written(statement, &write.user_name, &write.particulars, &write.role_privileges, &write.state)?
        .bind(now)
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Writes the state of an account and raises its version; invitation and block are stored in rows of their own.
///
/// # Errors
/// The database refuses.
pub async fn set_state(conn: &mut Conn, workspace: &str, id: &str, state: &State, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET accepted = $3, inactive = $4, version = version + 1, modified = $5 WHERE workspace = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .bind(i64::from(state.accepted))
        .bind(i64::from(state.inactive))
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes the account of a person who accepted the invitation and thereby signed in: its state, and the particulars as they confirmed
/// them.
///
/// # Errors
/// The database refuses.
pub async fn accept(
    conn: &mut Conn,
    workspace: &str,
    id: &str,
    state: &State,
    particulars: &Particulars,
    now: i64,
) -> Result<(), StoreError> {
    let statement = sqlx::query(concat!(
        "UPDATE accounts SET fields = $3, employee = $4, external_id = $5, document = $6, accepted = $7, inactive = $8, ",
        "version = version + 1, modified = $9, last_login = $9 WHERE workspace = $1 AND id = $2"
    ));
    particulars
        .bind(statement.bind(workspace).bind(id))?
        .bind(i64::from(state.accepted))
        .bind(i64::from(state.inactive))
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores that a person signed in.
///
/// # Errors
/// The database refuses.
pub async fn signed_in(conn: &mut Conn, workspace: &str, id: &str, now: i64) -> Result<(), StoreError> {
    let update = sqlx::query("UPDATE accounts SET last_login = $3 WHERE workspace = $1 AND id = $2");
    update.bind(workspace).bind(id).bind(now).execute(conn).await?;
    Ok(())
}

/// The hash of an account's passcode (argon2id, PHC form).
///
/// # Errors
/// The database refuses.
pub async fn passcode_hash(conn: &mut Conn, workspace: &str, id: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT passcode_hash FROM accounts WHERE workspace = $1 AND id = $2 AND deleted = 0")
        .bind(workspace)
        .bind(id)
        .fetch_optional(conn)
        .await?;
    row.map_or(Ok(None), |r| Ok(r.try_get(0)?))
}

/// Sets the hash of a new passcode (AR-11).
///
/// # Errors
/// The database refuses.
pub async fn set_passcode(conn: &mut Conn, workspace: &str, id: &str, hash: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE accounts SET passcode_hash = $3, passcode_at = $4, version = version + 1, modified = $4 WHERE workspace = $1 AND id = $2",
    )
    .bind(workspace)
    .bind(id)
    .bind(hash)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Hides an account: its name is free again, its id never comes back (RFC 7644 section 3.6).
///
/// # Errors
/// The database refuses.
pub async fn bury(conn: &mut Conn, workspace: &str, id: &str, state: &State, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET deleted = 1, inactive = $4, version = version + 1, modified = $3 WHERE workspace = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .bind(now)
        .bind(i64::from(state.inactive))
        .execute(conn)
        .await?;
    Ok(())
}
