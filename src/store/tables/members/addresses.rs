//! Changes of a login's address, which its accounts keep under `former` (AR-13).

use crate::model::Email;
use crate::store::tables::account_lists::to_json;
use crate::store::{Conn, StoreError};

/// Gives a person's login another address.
///
/// # Errors
/// [`StoreError::Taken`] if another login of the platform has it; otherwise the database refuses.
pub async fn set(conn: &mut Conn, login: &str, address: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE logins SET address = $2 WHERE id = $1")
        .bind(login)
        .bind(address)
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Gives an account another address; `former` are those it had.
///
/// # Errors
/// [`StoreError::Taken`] if another account of the workspace has it; otherwise the database refuses.
pub async fn set_of_account(
    conn: &mut Conn,
    workspace: &str,
    account: &str,
    (address, former): (&str, &[Email]),
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET user_name = $3, former = $4, version = version + 1, modified = $5 WHERE workspace = $1 AND id = $2")
        .bind(workspace)
        .bind(account)
        .bind(address)
        .bind(to_json(&former)?)
        .bind(now)
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}
