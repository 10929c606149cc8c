//! Invitations and blocks: the part of an account's state that has rows of its own.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::members::MessageState;
use crate::model::{Block, BlockReason, Delivery, Invitation, InvitationState, State};
use crate::store::{Conn, StoreError};

/// The time at which a block was set, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRow {
    /// Epoch milliseconds.
    pub since: i64,
    /// The address of the admin who blocked.
    pub by: String,
}

/// An invitation to be sent. One row is one mail.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Its id; a later one sorts after an earlier one.
    pub id: String,
    /// SHA-256 of the link's token, base64url.
    pub token_hash: String,
    /// Its state, open unless a seed says otherwise, and its times.
    pub sent: Invitation,
}

/// A block to be set.
#[derive(Clone, Debug)]
pub struct NewBlock {
    /// Its id.
    pub id: String,
    /// Reason and note (AR-26).
    pub block: Block,
    /// The time at which it was set, and by whom.
    pub set: BlockRow,
}

/// Reads the state of an account from its columns: accepted and inactive, then reason and note of its block.
pub(super) fn state(r: &SqliteRow, flags: [usize; 2], block: [usize; 2], invitation: Option<Invitation>) -> Result<State, StoreError> {
    let [accepted, inactive] = flags.map(|at| r.try_get::<i64, _>(at).map(|flag| flag != 0));
    let block = match r.try_get::<Option<String>, _>(block[0])? {
        Some(word) => {
            let reason = BlockReason::parse(&word).ok_or(StoreError::Damaged { table: "blocks" })?;
            Some(Block { reason, note: r.try_get(block[1])? })
        }
        None => None,
    };
    Ok(State { accepted: accepted?, inactive: inactive?, block, invitation })
}

/// Reads the newest invitation of an account from its columns: state, when it was sent, and when its link expires.
pub(super) fn newest(r: &SqliteRow, [state, sent_at, expires_at]: [usize; 3]) -> Result<Option<Invitation>, StoreError> {
    let Some(word) = r.try_get::<Option<String>, _>(state)? else { return Ok(None) };
    let state = InvitationState::parse(&word).ok_or(StoreError::Damaged { table: "invitations" })?;
    Ok(Some(Invitation { state, sent_at: r.try_get(sent_at)?, expires_at: r.try_get(expires_at)? }))
}

/// Reads the state of the mail with an invitation from its columns: the state of the message, and why the last try failed.
pub(super) fn delivery(r: &SqliteRow, [state, failure]: [usize; 2]) -> Result<Option<Delivery>, StoreError> {
    let Some(word) = r.try_get::<Option<String>, _>(state)? else { return Ok(None) };
    let state = MessageState::parse(&word).ok_or(StoreError::Damaged { table: "messages" })?.delivery();
    Ok(Some(Delivery { state, failure: r.try_get(failure)? }))
}

/// Sets the name that an account is invited under.
///
/// # Errors
/// The database refuses.
pub async fn set_names(conn: &mut Conn, workspace: &str, account: &str, names: Option<&(String, String)>) -> Result<(), StoreError> {
    sqlx::query("UPDATE accounts SET invited_given = $3, invited_family = $4 WHERE workspace = $1 AND id = $2")
        .bind(workspace)
        .bind(account)
        .bind(names.map(|(given, _)| given.as_str()))
        .bind(names.map(|(_, family)| family.as_str()))
        .execute(conn)
        .await?;
    Ok(())
}

/// The invitation behind a link.
#[derive(Clone, Debug)]
pub struct LinkedInvitation {
    /// The id of its account.
    pub account: String,
    /// Says whether a newer one was sent.
    pub superseded: bool,
    /// Its state and times.
    pub sent: Invitation,
    /// The time at which it stopped working other than by expiring, epoch milliseconds.
    pub over_at: Option<i64>,
}

/// The invitation whose link has this token, by its hash.
///
/// # Errors
/// The database refuses.
pub async fn find_by_token(conn: &mut Conn, workspace: &str, token_hash: &str) -> Result<Option<LinkedInvitation>, StoreError> {
    let row = sqlx::query(
        "SELECT account, superseded, state, sent_at, expires_at, over_at FROM invitations WHERE token_hash = $2 AND workspace = $1",
    )
    .bind(workspace)
    .bind(token_hash)
    .fetch_optional(conn)
    .await?;
    row.map(|r| {
        let state = InvitationState::parse(&r.try_get::<String, _>(2)?).ok_or(StoreError::Damaged { table: "invitations" })?;
        Ok(LinkedInvitation {
            account: r.try_get(0)?,
            superseded: r.try_get::<i64, _>(1)? != 0,
            sent: Invitation { state, sent_at: r.try_get(3)?, expires_at: r.try_get(4)? },
            over_at: r.try_get(5)?,
        })
    })
    .transpose()
}

/// Writes what a change of the account's state made of its invitation; returns whether there was such a change, and the invitation was
/// still as before.
///
/// # Errors
/// The database refuses.
pub async fn follow(conn: &mut Conn, workspace: &str, account: &str, before: &State, after: &State, now: i64) -> Result<bool, StoreError> {
    let (Some(was), Some(is)) = (&before.invitation, &after.invitation) else { return Ok(false) };
    if was.state == is.state {
        return Ok(false);
    }
    let done = sqlx::query(concat!(
        "UPDATE invitations SET state = $3, over_at = $5 ",
        "WHERE workspace = $1 AND account = $2 AND state = $4 AND superseded = 0"
    ))
    .bind(workspace)
    .bind(account)
    .bind(is.state.as_str())
    .bind(was.state.as_str())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Sends an invitation where none was sent before.
///
/// # Errors
/// The database refuses.
pub async fn insert(conn: &mut Conn, workspace: &str, account: &str, new: &NewInvitation) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO invitations (workspace, account, id, token_hash, state, superseded, sent_at, expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)",
    )
    .bind(workspace)
    .bind(account)
    .bind(new.id.as_str())
    .bind(new.token_hash.as_str())
    .bind(new.sent.state.as_str())
    .bind(new.sent.sent_at)
    .bind(new.sent.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the link of an account's invitation in this state, so that a new one can be sent.
///
/// # Errors
/// The database refuses.
pub async fn supersede(conn: &mut Conn, workspace: &str, account: &str, over: InvitationState, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE invitations SET superseded = 1, over_at = $4, state = $3 WHERE workspace = $1 AND account = $2 AND superseded = 0")
        .bind(workspace)
        .bind(account)
        .bind(over.as_str())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// The number of invitation mails that were sent to an account.
///
/// # Errors
/// The database refuses.
pub async fn count_sent(conn: &mut Conn, workspace: &str, account: &str) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM invitations WHERE workspace = $1 AND account = $2")
        .bind(workspace)
        .bind(account)
        .fetch_one(conn)
        .await?;
    Ok(row.try_get(0)?)
}

/// Sets a block.
///
/// # Errors
/// The account already has one, or the database refuses.
pub async fn block(conn: &mut Conn, workspace: &str, account: &str, new: &NewBlock) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO blocks (workspace, account, id, reason, note, since, by_user) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(workspace)
        .bind(account)
        .bind(new.id.as_str())
        .bind(new.block.reason.as_str())
        .bind(new.block.note.as_deref())
        .bind(new.set.since)
        .bind(new.set.by.as_str())
        .execute(conn)
        .await
        .map_err(StoreError::from_insert)?;
    Ok(())
}

/// Changes reason and note of the standing block.
///
/// # Errors
/// The database refuses.
pub async fn amend_block(conn: &mut Conn, workspace: &str, account: &str, block: &Block) -> Result<(), StoreError> {
    sqlx::query("UPDATE blocks SET reason = $3, note = $4 WHERE workspace = $1 AND account = $2 AND lifted_at IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(block.reason.as_str())
        .bind(block.note.as_deref())
        .execute(conn)
        .await?;
    Ok(())
}

/// Lifts the standing block.
///
/// # Errors
/// The database refuses.
pub async fn unblock(conn: &mut Conn, workspace: &str, account: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE blocks SET lifted_at = $3 WHERE workspace = $1 AND account = $2 AND lifted_at IS NULL")
        .bind(workspace)
        .bind(account)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
