//! Logins: the password of a person, or of one account (design.md, "Login and account").

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::members::{Login, LoginHolder};
use crate::store::{Conn, StoreError};

/// The columns of a [`Login`]; a macro, since each statement is one text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.workspace, l.address, l.cell, l.password_hash, l.must_change, l.given, l.family, l.password_changes FROM ",
            $rest
        )
    };
}

fn decode(r: &SqliteRow) -> Result<Login, StoreError> {
    let holder = match (r.try_get::<Option<String>, _>(1)?, r.try_get::<Option<String>, _>(2)?) {
        (None, Some(address)) => {
            let (given, family): (Option<String>, Option<String>) = (r.try_get(6)?, r.try_get(7)?);
            LoginHolder::Person { address, name: given.zip(family) }
        }
        (Some(_), None) => LoginHolder::OneAccount,
        (None, None) | (Some(_), Some(_)) => return Err(StoreError::Damaged { table: "logins" }),
    };
    Ok(Login {
        id: r.try_get(0)?,
        holder,
        cell: r.try_get(3)?,
        password_hash: r.try_get(4)?,
        password_changes: r.try_get(8)?,
        must_change: r.try_get::<i64, _>(5)? != 0,
    })
}

/// The login of an account.
///
/// # Errors
/// The database refuses.
pub async fn of_account(conn: &mut Conn, workspace: &str, account: &str) -> Result<Option<Login>, StoreError> {
    let row = sqlx::query(select!("accounts a JOIN logins l ON l.id = a.login WHERE a.workspace = $1 AND a.id = $2"))
        .bind(workspace)
        .bind(account)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The login of a person on a platform, by address.
///
/// # Errors
/// The database refuses.
pub async fn of_person(conn: &mut Conn, platform: &str, address: &str) -> Result<Option<Login>, StoreError> {
    let row = sqlx::query(select!("logins l WHERE l.platform = $1 AND l.address = $2 AND l.workspace IS NULL"))
        .bind(platform)
        .bind(address)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Makes a login for an account of a workspace.
///
/// # Errors
/// The address has a login already, or the database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, account: &str, new: &Login) -> Result<(), StoreError> {
    let (address, name) = match &new.holder {
        LoginHolder::Person { address, name } => (Some(address.as_str()), name.as_ref()),
        LoginHolder::OneAccount => (None, None),
    };
    sqlx::query(concat!(
        "INSERT INTO logins (id, platform, workspace, address, given, family, cell, password_hash, must_change) ",
        "SELECT $1, w.platform, CASE WHEN $3 IS NULL THEN w.name END, $3, $7, $8, $4, $5, $6 FROM workspaces w WHERE w.name = $2"
    ))
    .bind(new.id.as_str())
    .bind(workspace)
    .bind(address)
    .bind(new.cell.as_deref())
    .bind(new.password_hash.as_deref())
    .bind(i64::from(new.must_change))
    .bind(name.map(|(given, _)| given.as_str()))
    .bind(name.map(|(_, family)| family.as_str()))
    .execute(&mut *conn)
    .await
    .map_err(StoreError::from_insert)?;
    attach(conn, workspace, account, &new.id).await
}

/// Gives an account a login that exists.
///
/// # Errors
/// The database refuses.
pub async fn attach(conn: &mut Conn, workspace: &str, account: &str, login: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET login = $3 WHERE workspace = $1 AND id = $2")
        .bind(workspace)
        .bind(account)
        .bind(login)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets the password of a login; it no longer has to be changed unless `must_change`.
///
/// # Errors
/// The database refuses.
pub async fn set_password(conn: &mut Conn, login: &str, hash: &str, must_change: bool) -> Result<(), StoreError> {
    sqlx::query("UPDATE logins SET password_hash = $2, must_change = $3, password_changes = password_changes + 1 WHERE id = $1")
        .bind(login)
        .bind(hash)
        .bind(i64::from(must_change))
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces the hash of a password by another of the same password; does nothing if it is no longer the one that was `seen`.
///
/// # Errors
/// The database refuses.
pub async fn rehash(conn: &mut Conn, login: &str, seen: &str, hash: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE logins SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(login)
        .bind(seen)
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets the hash of the password of an account's login.
///
/// # Errors
/// The database refuses.
pub async fn set_password_of(conn: &mut Conn, workspace: &str, id: &str, hash: &str) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "UPDATE logins SET password_hash = $3, password_changes = password_changes + 1 ",
        "WHERE id = (SELECT login FROM accounts WHERE workspace = $1 AND id = $2)"
    ))
    .bind(workspace)
    .bind(id)
    .bind(hash)
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes the login of one account a person's, with the address and the number that its holder confirmed.
///
/// # Errors
/// Another person's login has the address, or the database refuses.
pub async fn become_persons(conn: &mut Conn, login: &str, address: &str, name: Option<(&str, &str)>, cell: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE logins SET workspace = NULL, address = $2, given = $3, family = $4, cell = $5 WHERE id = $1")
        .bind(login)
        .bind(address)
        .bind(name.map(|(given, _)| given))
        .bind(name.map(|(_, family)| family))
        .bind(cell)
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Sets first and last name of a person's login (AR-13).
///
/// # Errors
/// The database refuses.
pub async fn set_name(conn: &mut Conn, login: &str, (given, family): (&str, &str)) -> Result<(), StoreError> {
    sqlx::query("UPDATE logins SET given = $2, family = $3 WHERE id = $1").bind(login).bind(given).bind(family).execute(conn).await?;
    Ok(())
}

/// Sets the phone number of a login, E.164, which took a one-time code.
///
/// # Errors
/// The database refuses.
pub async fn set_cell(conn: &mut Conn, login: &str, cell: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE logins SET cell = $2 WHERE id = $1").bind(login).bind(cell).execute(conn).await?;
    Ok(())
}

/// The accounts that a login opens: the workspace and the id of each.
///
/// # Errors
/// The database refuses.
pub async fn accounts_of(conn: &mut Conn, login: &str) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query("SELECT workspace, id FROM accounts WHERE login = $1 AND deleted = 0 ORDER BY workspace")
        .bind(login)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
}
