//! No write may leave a workspace without somebody who can manage its users (B1).

use crate::server::failure::Failure;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::workspace::Workspace;
use crate::store::{AccountRow, Conn, accounts};
use crate::workspace::{Refusal, manages_users, may_sign_in};

/// Accounts read at once while looking for an administrator.
const PAGE: i64 = 500;

/// Returns whether an account can manage users now: accepted, active, unblocked, and with the privilege.
pub(in crate::server) fn is_usable_admin(workspace: &Workspace, row: &AccountRow, records: &SupportingRecords) -> bool {
    let may_be = workspace.catalog().manages_users.is_some() && may_sign_in(&row.state);
    may_be && manages_users(workspace.catalog(), &row.state, &rights::effective(workspace, row, records))
}

/// Refuses the write of this transaction where it leaves no administrator.
pub(in crate::server) async fn check(conn: &mut Conn, workspace: &Workspace, records: &SupportingRecords) -> Result<(), Failure> {
    if workspace.catalog().manages_users.is_none() {
        return Ok(());
    }
    if let Some(main) = accounts::main_admin(conn, &workspace.name).await?
        && is_usable_admin(workspace, &main, records)
    {
        return Ok(());
    }
    let mut from = String::new();
    loop {
        let page = accounts::page(conn, &workspace.name, &from, PAGE).await?;
        for row in &page {
            if is_usable_admin(workspace, row, records) {
                return Ok(());
            }
        }
        match page.last() {
            Some(last) => from = accounts::after(&last.id),
            None => return Err(refusal::failure(workspace, &Refusal::LastAdmin)),
        }
    }
}
