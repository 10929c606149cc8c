//! Carries out that the main admin role goes to another account.

use crate::members::MessageKind;
use crate::server::members::mail::queue::{Message, queue};
use crate::server::scim::users::effects::end_ways_in;
use crate::store::members::{devices, main_admins};
use crate::store::{AccountRow, NewLogRow, Store, StoreError, Writing, log, tokens};
use crate::workspace::{Handover, TargetAccount};

/// An account as the domain sees it.
pub(in crate::server::members) fn target(row: &AccountRow) -> TargetAccount<'_> {
    TargetAccount { id: &row.id, main_admin: row.main_admin, state: &row.state }
}

/// Stores and logs that the role goes from the first of these accounts to the second. The previous main admin gets a mail. `entry` is the
/// row of the user log, without what it says of the previous main admin.
pub(in crate::server::members) async fn carry_out(
    writing: &mut Writing,
    store: &Store,
    workspace: &str,
    (former, next): (&AccountRow, &AccountRow),
    handover: Handover,
    entry: NewLogRow,
) -> Result<(), StoreError> {
    let (conn, now) = (&mut writing.conn, store.now());
    main_admins::set(conn, workspace, &next.id, now).await?;
    let ended = if handover.ends_access { ", whose sessions, links and tokens were ended" } else { "" };
    if handover.ends_access {
        end_ways_in(conn, workspace, &former.id, now).await?;
        devices::end_of(conn, workspace, &former.id, None, now).await?;
        tokens::revoke_of(conn, workspace, &former.id, now).await?;
    }
    let detail = Some(format!("in place of {}{ended}", former.user_name));
    log::append(conn, workspace, &NewLogRow { detail, ..entry }, now).await?;
    let message = Message { workspace, account: &former.id, kind: MessageKind::MainAdminMoved, recipient: &former.user_name, secret: None };
    queue(conn, store, &message, now).await?;
    writing.forget();
    Ok(())
}
