//! The effects of a decision about an account on the store, and its answer.

use crate::members::MessageKind;
use crate::model::transition::over;
use crate::model::{Block, Delivery, Invitation, LogSubject, OwnSecret};
use crate::server::AttributeChanges;
use crate::server::answer;
use crate::server::denial;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::queue::{self, Message};
use crate::server::scim::lockout;
use crate::server::scim::refusal;
use crate::server::scim::supporting::{self, SupportingRecords};
use crate::server::scim::users;
use crate::server::write::WriteResult;
use crate::server::write::WriteTask;
use crate::store::members::{codes, links, messages, sessions, trusted_devices};
use crate::store::{
    AccountRow, Answered, BlockRow, Conn, NewBlock, NewInvitation, ResourceKind, StoreError, Writing, accounts, invitations, log, tokens,
};
use crate::workspace::{Decision, Event, Loss, changes, loses_admin, set_active};

/// Stores a decision about an account and answers with the user as it is now.
pub(in crate::server) async fn carry_out(
    writing: &mut Writing,
    task: &WriteTask,
    records: &SupportingRecords,
    row: AccountRow,
    decision: Decision,
) -> Result<WriteResult, Failure> {
    let (name, now) = (task.caller.workspace.name.as_str(), task.now);
    let Decision { state, event } = decision;
    accounts::set_state(&mut writing.conn, name, &row.id, &state, now).await?;
    let mut new = AccountRow { state, version: row.version + 1, modified: now, ..row.clone() };
    match &event {
        Event::Invited | Event::InvitedAgain => {
            send_invitation(&mut writing.conn, task, &new, row.state.invitation.as_ref()).await?;
            new.delivery = Some(Delivery::queued());
        }
        Event::Withdrawn | Event::Inactivated => end_access(writing, task, &row, &new).await?,
        Event::Blocked { .. } => {
            if let Some(block) = &new.state.block {
                new.block = Some(set_block(&mut writing.conn, task, &row, block).await?);
            }
            end_access(writing, task, &row, &new).await?;
            protect(writing, task, records, &row, &new).await?;
        }
        Event::Unblocked => {
            invitations::unblock(&mut writing.conn, name, &row.id, now).await?;
            new.block = None;
        }
        Event::Created | Event::PasscodeMade | Event::Activated | Event::Updated | Event::BecameMainAdmin | Event::Deleted => {}
    }
    answer(task, records, &row, &new, Some(&event))
}

/// Stores and sends the invitation that an account is given; an earlier link dies. The link itself leaves with the mail, only its hash
/// stays: one row is one mail.
pub(in crate::server) async fn send_invitation(
    conn: &mut Conn,
    task: &WriteTask,
    account: &AccountRow,
    earlier: Option<&Invitation>,
) -> Result<(), Failure> {
    let name = &task.caller.workspace.name;
    if let Some(earlier) = earlier {
        invitations::supersede(conn, name, &account.id, over(earlier.state), task.now).await?;
    }
    if let Some(sent) = &account.state.invitation {
        let token = ids::random_token(OwnSecret::Invitation);
        let (id, token_hash) = (ids::new_id(task.now), sha256(&[token.expose().as_bytes()]));
        invitations::insert(conn, name, &account.id, &NewInvitation { id: id.clone(), token_hash, sent: sent.clone() }).await?;
        messages::drop_of(conn, name, &account.id).await?;
        let (account, recipient) = (account.id.as_str(), account.user_name.as_str());
        let message = Message { workspace: name, account, kind: MessageKind::Invitation, recipient, secret: Some(&token) };
        queue::queue_as(conn, &task.server.store, id, &message, task.now).await?;
    }
    Ok(())
}

/// Ends what an account that loses access had open, which never comes back: sessions, links, codes and tokens.
pub(in crate::server) async fn end_access(
    writing: &mut Writing,
    task: &WriteTask,
    before: &AccountRow,
    after: &AccountRow,
) -> Result<(), Failure> {
    let name = &task.caller.workspace.name;
    invitations::follow(&mut writing.conn, name, &before.id, &before.state, &after.state, task.now).await?;
    end_ways_in(&mut writing.conn, name, &before.id, task.now).await?;
    Ok(tokens::revoke_of(&mut writing.conn, name, &before.id, task.now).await?)
}

/// Switches an account off with its employee record (PBN-8), under the rules for an account that is inactivated by itself. It has its own row
/// in the user log.
pub(in crate::server) async fn switch_off(writing: &mut Writing, task: &WriteTask, row: &AccountRow) -> Result<(), Failure> {
    let workspace = &task.caller.workspace;
    let records = supporting::records(&mut writing.conn, workspace).await?;
    let (acting, target) = (users::stored::acting(&task.caller), users::stored::target(row));
    let state = set_active(&acting, &target, false, &users::stored::terms(task)).map_err(|why| refusal::failure(workspace, &why))?;
    accounts::set_state(&mut writing.conn, &workspace.name, &row.id, &state, task.now).await?;
    let new = AccountRow { state, version: row.version + 1, modified: task.now, ..row.clone() };
    end_access(writing, task, row, &new).await?;
    protect(writing, task, &records, row, &new).await?;
    for event in changes(&row.state, &new.state, false) {
        if let Some(event) = answer(task, &records, row, &new, Some(&event))?.event {
            let event = denial::LoggedEvent { detail: Some("with the employee record".to_owned()), ..event };
            log::append(&mut writing.conn, &workspace.name, &denial::entry(task.caller.who(), &task.note, event), task.now).await?;
        }
    }
    Ok(())
}

/// Ends sessions, trust in browsers, links, codes and mail on its way: nothing that was open lets anybody in again (AR-20). Devices stay
/// known, since the passcode works again after a block (AR-22).
pub(in crate::server) async fn end_ways_in(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<(), StoreError> {
    sessions::end_of(conn, workspace, account, None, now).await?;
    trusted_devices::end_of(conn, workspace, account, now).await?;
    links::withdraw_of(conn, workspace, account, now).await?;
    codes::use_up_all(conn, workspace, account, now).await?;
    messages::drop_of(conn, workspace, account).await
}

async fn set_block(conn: &mut Conn, task: &WriteTask, before: &AccountRow, block: &Block) -> Result<BlockRow, Failure> {
    let name = &task.caller.workspace.name;
    if let Some(known) = &before.block {
        invitations::amend_block(conn, name, &before.id, block).await?;
        return Ok(known.clone());
    }
    let set = BlockRow { since: task.now, by: task.caller.account.user_name.clone() };
    invitations::block(conn, name, &before.id, &NewBlock { id: ids::new_id(task.now), block: block.clone(), set: set.clone() }).await?;
    Ok(set)
}

/// Refuses what would take the caller's own rights, or the last administrator's (B1, B3).
pub(in crate::server) async fn protect(
    writing: &mut Writing,
    task: &WriteTask,
    records: &SupportingRecords,
    before: &AccountRow,
    after: &AccountRow,
) -> Result<(), Failure> {
    let workspace = &task.caller.workspace;
    let (was, is) = (lockout::is_usable_admin(workspace, before, records), lockout::is_usable_admin(workspace, after, records));
    match loses_admin(&users::stored::acting(&task.caller), &before.id, was, is) {
        Ok(Loss::Nothing) => Ok(()),
        Ok(Loss::AnAdmin) => lockout::check(&mut writing.conn, workspace, records).await,
        Err(why) => Err(refusal::failure(workspace, &why)),
    }
}

/// The resource that an answer about a user shows.
pub(in crate::server) fn shows(row: &AccountRow) -> (ResourceKind, String) {
    (ResourceKind::User, row.id.clone())
}

/// The answer to an action: the user as it is now; without an event where everything was done already.
pub(in crate::server) fn answer(
    task: &WriteTask,
    records: &SupportingRecords,
    before: &AccountRow,
    after: &AccountRow,
    event: Option<&Event>,
) -> Result<WriteResult, Failure> {
    let workspace = &task.caller.workspace;
    let is = users::view::user(workspace, after, records, &task.note.base, task.now)?;
    let event = match event {
        None => None,
        Some(event) => {
            let was = users::view::user(workspace, before, records, &task.note.base, task.now)?;
            let changes = AttributeChanges::between(Some(&was), Some(&is));
            let detail = match event {
                Event::Blocked { digits } => Some(format!("confirmed with the number ending in {digits}")),
                Event::Created
                | Event::Invited
                | Event::InvitedAgain
                | Event::Withdrawn
                | Event::Unblocked
                | Event::PasscodeMade
                | Event::Inactivated
                | Event::Activated
                | Event::Updated
                | Event::BecameMainAdmin
                | Event::Deleted => None,
            };
            Some(denial::LoggedEvent {
                action: event.action(),
                kind: LogSubject::User,
                id: Some(after.id.clone()),
                name: Some(after.user_name.clone()),
                detail,
                changes,
            })
        }
    };
    let answer =
        Answered { status: 200, location: None, etag: Some(answer::etag(after.version)), body: Some(is), shows: Some(shows(after)) };
    Ok(WriteResult { answer, event, passcode: None })
}
