//! Counts a try before anything is compared, so that simultaneous ones are counted, too (E1).

use futures::FutureExt;

use crate::members::{Failures, Guarded, LoginEvent, MessageKind, after_failure, after_success, may_try, warning};
use crate::model::{HOUR, LogDoer};
use crate::server::denial::{self, Who};
use crate::server::failure::Failure;
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::visit::Visit;
use crate::server::workspace::Workspace;
use crate::store::members::failures::{self, CountedIn};
use crate::store::members::messages;
use crate::store::{AccountRow, Conn};
use crate::workspace::may_sign_in;

/// Counts a try of each of these; returns `false`, and counts none, where there were too many of one.
pub(in crate::server::members) async fn reserve(
    conn: &mut Conn,
    workspace: &Workspace,
    of: &[(Guarded, impl AsRef<str> + Sync)],
    now: i64,
) -> Result<bool, Failure> {
    let mut counted = Vec::new();
    for (what, who) in of {
        let (who, place) = (who.as_ref(), place(workspace, *what));
        let before = find(conn, place, *what, who).await?;
        if may_try(*what, &before, now).is_err() {
            return Ok(false);
        }
        counted.push((*what, who, place, after_failure(*what, &before, now)));
    }
    for (what, who, place, Failures { count, last }) in counted {
        failures::set(conn, place, what.as_str(), who, (count, last)).await?;
    }
    Ok(true)
}

/// Says in the user log that a try was not compared, since there were too many: it warns of somebody who guesses, and names whose account it
/// is, where there is one. Equal rows within a minute become one. Nobody waits for the row, so that the time of the answer does not tell which it
/// was.
pub(in crate::server::members) fn too_many(visit: &Visit, account: Option<&AccountRow>, event: LoginEvent, detail: &str) {
    if let Some(account) = account {
        visit.log_too_many(account, event, detail);
        return;
    }
    let (via, origin) = (visit.kind.via(), visit.origin.as_deref());
    let who = Who { workspace: &visit.workspace.name, actor: LogDoer::Unknown.as_str(), via: &via, origin };
    denial::record_apart(&visit.server, &visit.workspace.name, denial::row(who, &visit.note, detail));
}

/// Stores the first count of a try anew, as it is: a wrong password of an address without an account costs as much as one that leaves a row in
/// the user log (E8). SQLite writes nothing for values that did not change, so the row is removed and made again.
pub(in crate::server::members) async fn store_again(
    conn: &mut Conn,
    workspace: &Workspace,
    of: &[(Guarded, impl AsRef<str> + Sync)],
) -> Result<(), Failure> {
    let Some((what, who)) = of.first() else { return Ok(()) };
    let (who, place) = (who.as_ref(), place(workspace, *what));
    let Failures { count, last } = find(conn, place, *what, who).await?;
    failures::forget(conn, place, what.as_str(), who).await?;
    Ok(failures::set(conn, place, what.as_str(), who, (count, last)).await?)
}

/// Takes back a try that was right.
pub(in crate::server::members) async fn was_right(
    conn: &mut Conn,
    workspace: &Workspace,
    of: &[(Guarded, impl AsRef<str> + Sync)],
) -> Result<(), Failure> {
    for (what, who) in of {
        let (who, place) = (who.as_ref(), place(workspace, *what));
        // How many there were does not matter where they are cleared.
        let before = if what.is_cleared_by_success() { Failures::default() } else { find(conn, place, *what, who).await? };
        let Failures { count, last } = after_success(*what, &before);
        if count == 0 {
            failures::forget(conn, place, what.as_str(), who).await?;
        } else {
            failures::set(conn, place, what.as_str(), who, (count, last)).await?;
        }
    }
    Ok(())
}

/// Tells the holder of an account, by mail, that somebody types wrong passwords for it: at most one an hour of each kind. Nobody gets it who may not
/// sign in. `of` are the marks that the wrong one was counted under. Nobody waits for the mail, so that the time of the answer does not tell that
/// there is an account.
pub(in crate::server::members) async fn warn_holder(
    conn: &mut Conn,
    visit: &Visit,
    account: &AccountRow,
    of: &[(Guarded, impl AsRef<str> + Sync)],
) -> Result<(), Failure> {
    if !may_sign_in(&account.state) {
        return Ok(());
    }
    for (what, who) in of {
        let failures = find(conn, place(&visit.workspace, *what), *what, who.as_ref()).await?;
        if let Some(kind) = warning(*what, &failures) {
            let (visit, account) = (visit.clone(), account.clone());
            tokio::spawn(async move {
                let inside = visit.clone();
                let queued = visit.write(move |writing| async move { warn(&mut writing.conn, &inside, &account, kind).await }.boxed());
                // A server that ends before leaves it to the next wrong password.
                let _ = queued.await;
            });
        }
    }
    Ok(())
}

async fn warn(conn: &mut Conn, visit: &Visit, account: &AccountRow, kind: MessageKind) -> Result<(), Failure> {
    let (workspace, now) = (visit.workspace.name.as_str(), visit.now());
    let (account, recipient) = (account.id.as_str(), account.user_name.as_str());
    if !messages::was_queued(conn, workspace, account, kind, now.saturating_sub(HOUR)).await? {
        queue(conn, &visit.server.store, &Message { workspace, account, kind, recipient, secret: None }, now).await?;
    }
    Ok(())
}

/// Begins to count anew.
pub(in crate::server::members) async fn forget(conn: &mut Conn, workspace: &Workspace, what: Guarded, who: &str) -> Result<(), Failure> {
    Ok(failures::forget(conn, place(workspace, what), what.as_str(), who).await?)
}

/// Returns where wrong ones are counted. A person's password and recovery codes open every workspace of the login, so somebody who tries them in one
/// after the other has one count for all (E2); it is the same for addresses that no login has.
fn place(workspace: &Workspace, what: Guarded) -> CountedIn<'_> {
    let is_shared = workspace.catalog().shares_logins();
    match what {
        Guarded::Password | Guarded::RecoveryCode if is_shared => CountedIn::Platform(&workspace.catalog().platform),
        Guarded::Password
        | Guarded::PasswordOnDevice
        | Guarded::Passcode
        | Guarded::SecondFactor
        | Guarded::RecoveryCode
        | Guarded::Origin => CountedIn::Workspace(&workspace.name),
    }
}

async fn find(conn: &mut Conn, place: CountedIn<'_>, what: Guarded, who: &str) -> Result<Failures, Failure> {
    let (count, last) = failures::find(conn, place, what.as_str(), who).await?;
    Ok(Failures { count, last })
}
