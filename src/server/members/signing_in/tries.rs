//! Counts a try before anything is compared, so that simultaneous ones are counted, too (E1).

use crate::members::{Failures, Guarded, after_failure, after_success, may_try};
use crate::server::denial::{self, Who};
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::members::visit::Visit;
use crate::store::Conn;
use crate::store::members::failures;

/// Counts a try of each of these; returns `false`, and counts none, where there were too many of one.
pub(in crate::server::members) async fn reserve(
    conn: &mut Conn,
    workspace: &str,
    of: &[(Guarded, impl AsRef<str> + Sync)],
    now: i64,
) -> Result<bool, Failure> {
    let mut counted = Vec::new();
    for (what, who) in of {
        let who = who.as_ref();
        let before = find(conn, workspace, *what, who).await?;
        if may_try(*what, &before, now).is_err() {
            return Ok(false);
        }
        counted.push((*what, who, after_failure(*what, &before, now)));
    }
    for (what, who, Failures { count, last }) in counted {
        failures::set(conn, workspace, what.as_str(), who, (count, last)).await?;
    }
    Ok(true)
}

/// Says in the user log that a try was not compared, since there were too many: it warns of somebody who guesses. Equal rows within a
/// minute become one.
pub(in crate::server::members) async fn too_many(visit: &Visit, detail: &str) -> Result<(), Failure> {
    let (via, origin) = (visit.kind.as_str(), visit.origin.as_deref());
    let who = Who { workspace: &visit.workspace.name, actor: "unknown", via, origin };
    let mark = sha256(&[b"too many tries", detail.as_bytes(), origin.unwrap_or_default().as_bytes()]);
    denial::record(&visit.server, who, &visit.note, detail.to_owned(), mark).await
}

/// Takes back a try that was right.
pub(in crate::server::members) async fn was_right(
    conn: &mut Conn,
    workspace: &str,
    of: &[(Guarded, impl AsRef<str> + Sync)],
) -> Result<(), Failure> {
    for (what, who) in of {
        let who = who.as_ref();
        let Failures { count, last } = after_success(*what, &find(conn, workspace, *what, who).await?);
        if count == 0 {
            failures::forget(conn, workspace, what.as_str(), who).await?;
        } else {
            failures::set(conn, workspace, what.as_str(), who, (count, last)).await?;
        }
    }
    Ok(())
}

async fn find(conn: &mut Conn, workspace: &str, what: Guarded, who: &str) -> Result<Failures, Failure> {
    let (count, last) = failures::find(conn, workspace, what.as_str(), who).await?;
    Ok(Failures { count, last })
}
