//! Invitations: one row is one mail.

use super::failure::Failure;
use super::hashing::sha256;
use super::ids;
use super::write::Task;
use crate::store::{Conn, InvitationRow, NewInvitation, invitations};

/// Sends an invitation; an earlier link dies. The link itself leaves with the mail, only its hash stays.
pub(super) async fn send(conn: &mut Conn, task: &Task, account: &str, again: bool) -> Result<InvitationRow, Failure> {
    let name = &task.caller.workspace.name;
    if again {
        invitations::supersede(conn, name, account).await?;
    }
    let token = ids::random_token("rinv_");
    let new = NewInvitation {
        id: ids::new_id(task.now),
        token_hash: sha256(&[token.expose().as_bytes()]),
        state: "open",
        sent_at: task.now,
        expires_at: task.now.saturating_add(task.server.settings.invitation_lives),
    };
    invitations::insert(conn, name, account, &new).await?;
    Ok(InvitationRow { state: "open".to_owned(), sent_at: new.sent_at, expires_at: new.expires_at })
}
