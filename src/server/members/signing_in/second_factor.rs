//! The second factor of a login: whether it is wanted, given or trusted, and how it ends.

use crate::members::{MessageKind, read_recovery};
use crate::model::Field;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::visit::Visit;
use crate::server::workspace::Workspace;
use crate::store::members::{devices, logins, recovery_codes, second_factors, sessions, trusted_devices};
use crate::store::{AccountRow, Conn};

/// Returns the purpose that the key of a login is sealed for.
pub(in crate::server::members) fn purpose(login: &str) -> String {
    format!("second factor {login}")
}

/// A recovery code as it is kept: bound to its login.
pub(in crate::server::members) fn recovery_mark(visit: &Visit, login: &str, typed: &str) -> String {
    visit.server.store.seal(&sha256(&[b"recovery code", login.as_bytes(), read_recovery(typed).as_bytes()]))
}

/// The field that says whether the practice wants a second factor of a member.
pub(in crate::server::members) fn field(workspace: &Workspace) -> Option<Field> {
    workspace.catalog().members.as_ref().and_then(|rules| rules.second_factor)
}

/// Returns whether the practice wants a second factor of the holder of an account.
pub(in crate::server::members) fn is_required(workspace: &Workspace, account: &AccountRow) -> bool {
    field(workspace).is_some_and(|field| account.particulars.fields().flag(field) == Some(true))
}

/// Returns whether the browser may skip the second factor of an account.
pub(in crate::server::members) async fn is_trusted(conn: &mut Conn, visit: &Visit, account: &str) -> Result<bool, Failure> {
    let Some(hash) = &visit.trust else { return Ok(false) };
    Ok(trusted_devices::is_trusted(conn, &visit.workspace.name, account, hash, visit.now()).await?)
}

/// Removes the second factor of a login with its recovery codes, and the trust in browsers; returns whether there was one.
pub(in crate::server) async fn take_away(conn: &mut Conn, login: &str, now: i64) -> Result<bool, Failure> {
    let had = second_factors::remove(conn, login).await?;
    if had {
        recovery_codes::end(conn, login, now).await?;
        forget_sign_ins(conn, login, now).await?;
    }
    Ok(had)
}

/// Ends the sessions of a login, forgets its devices, and the trust in its browsers, in every workspace.
pub(in crate::server::members) async fn forget_sign_ins(conn: &mut Conn, login: &str, now: i64) -> Result<(), Failure> {
    for (workspace, account) in logins::accounts_of(conn, login).await? {
        sessions::end_of(conn, &workspace, &account, None, now).await?;
        devices::end_of(conn, &workspace, &account, None, now).await?;
        trusted_devices::end_of(conn, &workspace, &account, now).await?;
    }
    Ok(())
}

/// Sends the holder of an account a mail about the second factor.
pub(in crate::server::members) async fn notify(
    conn: &mut Conn,
    visit: &Visit,
    account: &AccountRow,
    kind: MessageKind,
) -> Result<(), Failure> {
    let message = Message { workspace: &visit.workspace.name, account: &account.id, kind, recipient: &account.user_name, secret: None };
    Ok(queue(conn, &visit.server.store, &message, visit.now()).await?)
}
