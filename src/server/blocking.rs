//! Block and unblock (AR-18 to AR-26).

use serde_json::Value;

use super::actions::{done, unchanged};
use super::failure::Failure;
use super::surroundings::Ground;
use super::write::{Done, Task};
use super::{ids, user_change, view};
use crate::model::BlockReason;
use crate::platform::catalog::LONGEST_NOTE;
use crate::platform::phone_form;
use crate::store::{AccountRow, BlockRow, NewBlock, Writing, accounts, invitations};

/// Digits of a confirming number that the log keeps (AR-19).
const DIGITS_KEPT: usize = 4;

/// What the body of a block may hold.
pub(super) const MEMBERS: &[&str] = &["reason", "note", "confirmPhone"];

/// Blocks a member: `{reason, note?, confirmPhone}`.
pub(super) async fn block(writing: &mut Writing, task: &Task, ground: &Ground, row: AccountRow, body: &Value) -> Result<Done, Failure> {
    may_block(task)?;
    user_change::not_oneself(task, &row, "block")?;
    user_change::not_main_admin(&row, "blocked")?;
    let words: Vec<&str> = BlockReason::ALL.iter().map(|r| r.as_str()).collect();
    let Some(reason) = text(body, "reason")?.map(str::trim).and_then(BlockReason::parse) else {
        return Err(Failure::value(format!("`reason` is one of: {} (AR-26)", words.join(", "))));
    };
    let note = note(body)?;
    if reason == BlockReason::Other && note.is_none() {
        return Err(Failure::value("the reason `other` needs a `note` (AR-26)"));
    }
    let digits = confirmed(task, &row, text(body, "confirmPhone")?)?;
    let (name, conn) = (task.caller.workspace.name.as_str(), &mut writing.conn);
    let by = task.caller.account.user_name.clone();
    let block = match &row.block {
        Some(known) if known.reason == reason.as_str() && known.note == note => return unchanged(task, ground, &row),
        Some(known) => {
            invitations::amend_block(conn, name, &row.id, reason.as_str(), note.as_deref()).await?;
            BlockRow { reason: reason.as_str().to_owned(), note, ..known.clone() }
        }
        None => {
            let new = NewBlock { id: ids::new_id(task.now), reason: reason.as_str().to_owned(), note, since: task.now, by };
            invitations::block(conn, name, &row.id, &new).await?;
            BlockRow { reason: new.reason, note: new.note, since: new.since, by: new.by }
        }
    };
    accounts::touch(conn, name, &row.id, row.inactive, task.now).await?;
    let mut new = AccountRow { block: Some(block), version: row.version + 1, modified: task.now, ..row.clone() };
    user_change::close(writing, task, &mut new).await?;
    user_change::protect(writing, task, ground, &row, &new).await?;
    done(task, ground, &row, &new, "block", Some(format!("confirmed with the number ending in {digits}")))
}

/// A text of the body; `None` where there is none, or nothing but blanks.
fn text<'a>(body: &'a Value, name: &str) -> Result<Option<&'a str>, Failure> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.trim().is_empty())),
        Some(_) => Err(Failure::value(format!("`{name}` takes a text"))),
    }
}

/// The note, which is kept as it was sent or refused: nobody reads later what somebody else did not write.
fn note(body: &Value) -> Result<Option<String>, Failure> {
    let Some(text) = text(body, "note")? else { return Ok(None) };
    if text.chars().count() > LONGEST_NOTE {
        return Err(Failure::value(format!("`note` has at most {LONGEST_NOTE} characters: shorten it")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Failure::value("`note` holds a control character: only line feeds and tabs may stand in it"));
    }
    Ok(Some(text.to_owned()))
}

/// Lifts a block. What it ended stays ended (AR-22).
pub(super) async fn unblock(writing: &mut Writing, task: &Task, ground: &Ground, row: AccountRow) -> Result<Done, Failure> {
    may_block(task)?;
    if row.block.is_none() {
        return unchanged(task, ground, &row);
    }
    let (name, conn) = (task.caller.workspace.name.as_str(), &mut writing.conn);
    invitations::unblock(conn, name, &row.id, task.now).await?;
    accounts::touch(conn, name, &row.id, row.inactive, task.now).await?;
    let new = AccountRow { block: None, version: row.version + 1, modified: task.now, ..row.clone() };
    done(task, ground, &row, &new, "unblock", None)
}

/// Both need the privilege (AR-18, AR-22).
fn may_block(task: &Task) -> Result<(), Failure> {
    match &task.caller.workspace.catalog().blocks_users {
        Some(privilege) if !task.caller.effective.contains(privilege) => {
            Err(Failure::denied(403, format!("blocking and unblocking need the privilege `{privilege}` (AR-18)")))
        }
        _ => Ok(()),
    }
}

/// Compares the number with the acting admin's own (AR-19); the last digits of a right one.
fn confirmed(task: &Task, target: &AccountRow, typed: Option<&str>) -> Result<String, Failure> {
    let Some(typed) = typed else {
        return Err(Failure::value("`confirmPhone` is missing: your own phone number confirms a block (AR-19)"));
    };
    let Some(number) = phone_form(typed) else {
        return Err(Failure::denied(403, "`confirmPhone` is no phone number: write your own with country code (AR-19)"));
    };
    let digits: String = number.get(number.len().saturating_sub(DIGITS_KEPT)..).unwrap_or_default().to_owned();
    if phones(target)?.contains(&number) {
        let said = format!("the number ending in {digits} is the member's you would block: type your own; nobody was blocked (AR-19)");
        return Err(Failure::denied(403, said));
    }
    if !phones(&task.caller.account)?.contains(&number) {
        return Err(Failure::denied(403, format!("the number ending in {digits} is not your own: nobody was blocked (AR-19)")));
    }
    Ok(digits)
}

fn phones(row: &AccountRow) -> Result<Vec<String>, Failure> {
    let body = view::parse(&row.body)?;
    let list = body.get("phoneNumbers").and_then(Value::as_array);
    Ok(list.into_iter().flatten().filter_map(|p| p.get("value")).filter_map(Value::as_str).filter_map(phone_form).collect())
}
