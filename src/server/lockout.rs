//! No write may leave a workspace without somebody who can manage its users (B1).

use super::failure::Failure;
use super::surroundings::Ground;
use super::workspace::Workspace;
use super::{refusal, rights};
use crate::store::{AccountRow, Conn, accounts};
use crate::workspace::{Refusal, manages_users, may_sign_in};

/// Accounts read at once while looking for an administrator.
const PAGE: i64 = 500;

/// Whether an account can manage users now: accepted, active, unblocked, and with the privilege.
pub(super) fn is_usable_admin(workspace: &Workspace, row: &AccountRow, ground: &Ground) -> Result<bool, Failure> {
    if workspace.catalog().manages_users.is_none() || !may_sign_in(&row.state) {
        return Ok(false);
    }
    Ok(manages_users(workspace.catalog(), &row.state, &rights::effective(workspace, row, ground)?))
}

/// Refuses the write of this transaction where it leaves no administrator.
pub(super) async fn check(conn: &mut Conn, workspace: &Workspace, ground: &Ground) -> Result<(), Failure> {
    if workspace.catalog().manages_users.is_none() {
        return Ok(());
    }
    if let Some(main) = accounts::main_admin(conn, &workspace.name).await?
        && is_usable_admin(workspace, &main, ground)?
    {
        return Ok(());
    }
    let mut from = String::new();
    loop {
        let page = accounts::page(conn, &workspace.name, &from, PAGE).await?;
        for row in &page {
            if is_usable_admin(workspace, row, ground)? {
                return Ok(());
            }
        }
        match page.last() {
            Some(last) => from = accounts::after(&last.id),
            None => return Err(refusal::failure(workspace, &Refusal::LastAdmin)),
        }
    }
}
