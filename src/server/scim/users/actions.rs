//! Actions below a user: effects that are not attributes.

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use serde_json::Value;

use crate::model::{Action, Block, BlockReason, Email, Fields, Secret, Topic};
use crate::platform::{Candidate, NoteFault, check_note, sentences};
use crate::scim::paths::SCHEMAS;
use crate::scim::{ScimError, own, schema, urn};
use crate::server::App;
use crate::server::answer;
use crate::server::call::Call;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::request;
use crate::server::scim::refusal;
use crate::server::scim::supporting;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::scim::users;
use crate::server::workspace::Workspace;
use crate::server::write;
use crate::server::write::WriteResult;
use crate::server::write::WriteTask;
use crate::store::wrong_answers::{self, GuessedAt};
use crate::store::{AccountRow, Writing, accounts};
use crate::workspace::{self, BlockRequest, Decision, Employed, Event, Facts, MainAdmins, Refusal};

/// The members that the body of a block can have.
const BLOCK_MEMBERS: &[&str] = &["reason", "note", "confirmPhone"];

/// `POST /Users/{id}/actions/{action}`.
pub(in crate::server) async fn act(mut call: Call) -> Response {
    let (id, word) = (call.id(), call.part("action").to_owned());
    let checked = async {
        let offered = schema::actions(call.caller.workspace.catalog());
        let Some(action) = Action::ALL.into_iter().find(|action| action.as_str() == word && offered.contains(action)) else {
            let detail = match word.as_str() {
                // The words of plans and of the user log.
                "inactivate" => "unknown action `inactivate`: set `active` to false".into(),
                "activate" => "unknown action `activate`: set `active` to true".into(),
                _ => own!("unknown action: see the list in {SCHEMAS}/{}", urn::ACTIONS),
            };
            return Err(Failure::from(ScimError::new(404, detail)));
        };
        let bytes = call.bytes().await?;
        let body = if bytes.is_empty() { Value::Null } else { Value::Object(request::object(&bytes)?) };
        takes(action, &body)?;
        let passcode = if action.makes_passcode() { Some(new_passcode(call.server.clone()).await?) } else { None };
        Ok((action, bytes, body, passcode))
    };
    let (action, bytes, body, passcode) = match checked.await {
        Ok(checked) => checked,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    run(call, same_request(bytes, &body), id, action, body, passcode).await
}

/// Returns what makes a repeated request the same one: everything but the number that confirms a block. An admin who repeats it may give another of
/// their own numbers, and the block that it is about was confirmed already.
fn same_request(bytes: Bytes, body: &Value) -> Bytes {
    let mut body = body.clone();
    match body.as_object_mut().and_then(|members| members.shift_remove("confirmPhone")) {
        Some(_) => Bytes::from(body.to_string()),
        None => bytes,
    }
}

/// Refuses members that the action does not know: a caller would believe that an ignored member took effect.
fn takes(action: Action, body: &Value) -> Result<(), Failure> {
    let known = if action.blocks() { BLOCK_MEMBERS } else { &[] };
    match body.as_object().and_then(|members| members.keys().find(|name| !known.contains(&name.as_str()))) {
        Some(unknown) => {
            let unknown: String = unknown.chars().take(64).collect();
            Err(Failure::syntax(format!("the action `{}` does not accept `{unknown}`: leave it out", action.as_str())))
        }
        None => Ok(()),
    }
}

async fn new_passcode(server: App) -> Result<(Secret, String), Failure> {
    let passcode = ids::random_passcode();
    let hash = server.hashing.hash(passcode.clone()).await?;
    Ok((passcode, hash))
}

async fn run(call: Call, bytes: Bytes, id: String, action: Action, body: Value, passcode: Option<(Secret, String)>) -> Response {
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move {
            let workspace = &task.caller.workspace;
            let row = users::write::find(writing, workspace, &id).await?;
            write::precondition(&task.note, &answer::etag(row.version))?;
            let records = supporting::shared_records(writing, workspace).await?;
            let refused = |why: Refusal| refusal::failure(workspace, &why);
            let decided = match action {
                Action::Invite => Some(invite(writing, &task, &records, &row).await?),
                Action::ResendInvitation => Some(resend(writing, &task, &row).await?),
                Action::WithdrawInvitation => {
                    Some(workspace::withdraw(&users::stored::target(&row), &users::stored::terms(&task)).map_err(refused)?)
                }
                Action::Block => block(writing, &task, &row, &body).await?,
                Action::Unblock => {
                    workspace::may_block(workspace.catalog(), &users::stored::acting(&task.caller)).map_err(refused)?;
                    workspace::unblock(&row.state, &users::stored::terms(&task)).map_err(refused)?
                }
                Action::GeneratePasscode => return set_passcode(writing, &task, &records, row, passcode).await,
                Action::CreateClinic
                | Action::UpdateClinic
                | Action::CreateRole
                | Action::UpdateRole
                | Action::CreateEmployee
                | Action::UpdateEmployee
                | Action::Update
                | Action::Inactivate
                | Action::Activate
                | Action::SetCodeWord => return Err(Failure::value("this is not an action: change the resource itself")),
            };
            match decided {
                Some(decision) => users::effects::carry_out(writing, &task, &records, row, decision).await,
                None => users::effects::answer(&task, &records, &row, &row, None),
            }
        }
        .boxed()
    })
    .await
}

async fn invite(writing: &mut Writing, task: &WriteTask, records: &SupportingRecords, row: &AccountRow) -> Result<Decision, Failure> {
    let workspace = &task.caller.workspace;
    let refused = |why: Refusal| refusal::failure(workspace, &why);
    let decision = workspace::invite(&row.state, &users::stored::terms(task)).map_err(refused)?;
    let (login, fields, employee) = stored_account(writing, workspace, row).await?;
    let around = users::rules::around(&mut writing.conn, workspace, records, &[&fields]).await?;
    let facts = Facts { around: &around, roles: &records.roles, employee: &employee };
    let candidate = Candidate { email: &login, fields: &fields, active: true, main_admin: row.main_admin };
    workspace::may_come_in(&workspace.platform, &candidate, &facts).map_err(refused)?;
    Ok(decision)
}

async fn resend(writing: &mut Writing, task: &WriteTask, row: &AccountRow) -> Result<Decision, Failure> {
    let workspace = &task.caller.workspace;
    let refused = |why: Refusal| refusal::failure(workspace, &why);
    let decision = workspace::resend(&row.state, &users::stored::terms(task)).map_err(refused)?;
    let (.., employee) = stored_account(writing, workspace, row).await?;
    employee.found().map_err(refused)?;
    Ok(decision)
}

/// Login, fields and employee record of a stored account.
async fn stored_account(writing: &mut Writing, workspace: &Workspace, row: &AccountRow) -> Result<(Email, Fields, Employed), Failure> {
    let employee = users::rules::employed(&mut writing.conn, workspace, row.particulars.employee()).await?;
    let email = Email::parse(&row.user_name).map_err(|why| Failure::value(why.to_string()))?;
    Ok((email, users::stored::fields(workspace, row), employee))
}

/// Reads a block: `{reason, note?, confirmPhone}`. A caller who may not block learns nothing about the body.
async fn block(writing: &mut Writing, task: &WriteTask, row: &AccountRow, body: &Value) -> Result<Option<Decision>, Failure> {
    let workspace = &task.caller.workspace;
    let refused = |why: Refusal| refusal::failure(workspace, &why);
    let (acting, target) = (users::stored::acting(&task.caller), users::stored::target(row));
    workspace::may_block(workspace.catalog(), &acting).and_then(|()| target.may_be_blocked_by(&acting)).map_err(refused)?;
    let words: Vec<&str> = BlockReason::ALL.iter().map(|r| r.as_str()).collect();
    let Some(reason) = text(body, "reason")?.map(str::trim).and_then(BlockReason::parse) else {
        return Err(Failure::value(own!("`reason` must be one of: {}{}", words.join(", "), workspace.catalog().cite(Topic::BlockReasons))));
    };
    let block = Block { reason, note: note(body)? };
    workspace::check_block(&block).map_err(refused)?;
    let typed = text(body, "confirmPhone")?;
    if typed.is_some() {
        let since = task.now.saturating_sub(workspace::PHONES_WITHIN);
        let wrong = wrong_answers::since(&mut writing.conn, &workspace.name, GuessedAt::Phone, acting.id, since).await?;
        let times: Vec<i64> = wrong.iter().map(|wrong| wrong.at).collect();
        workspace::may_try_phone(&times, task.now).map_err(refused)?;
    }
    let request = BlockRequest { block, typed, own: task.caller.account.particulars.fields(), target: row.particulars.fields() };
    workspace::block(&target, &request, &users::stored::terms(task)).map_err(refused)
}

/// A string of the body; `None` if it is absent or blank.
fn text<'a>(body: &'a Value, name: &str) -> Result<Option<&'a str>, Failure> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.trim().is_empty())),
        Some(_) => Err(Failure::value(own!("`{name}` must be a string"))),
    }
}

/// The note, which is kept exactly as it was sent, or refused: nobody later reads words that the admin did not write.
fn note(body: &Value) -> Result<Option<String>, Failure> {
    let Some(text) = text(body, "note")? else { return Ok(None) };
    match check_note(text).first() {
        None => Ok(Some(text.to_owned())),
        Some(NoteFault::TooLong { most, .. }) => Err(Failure::value(own!("`note` can have at most {most} characters: shorten it"))),
        Some(NoteFault::Control(odd)) => {
            Err(Failure::value(own!("`note` contains {}: of these, only line feeds and tabs are allowed", sentences::named(*odd))))
        }
    }
}

/// Replaces the passcode; the new one is in this answer and nowhere else (AR-11).
async fn set_passcode(
    writing: &mut Writing,
    task: &WriteTask,
    records: &SupportingRecords,
    row: AccountRow,
    passcode: Option<(Secret, String)>,
) -> Result<WriteResult, Failure> {
    let workspace = &task.caller.workspace;
    let (acting, target) = (users::stored::acting(&task.caller), users::stored::target(&row));
    target.is_not_anothers(&acting, MainAdmins::Passcode).map_err(|why| refusal::failure(workspace, &why))?;
    let (passcode, hash) = passcode.ok_or(Failure::Damaged)?;
    accounts::set_passcode(&mut writing.conn, &task.caller.workspace.name, &row.id, &hash, task.now).await?;
    let new = AccountRow { passcode_made: Some(task.now), version: row.version + 1, modified: task.now, ..row.clone() };
    let done = users::effects::answer(task, records, &row, &new, Some(&Event::PasscodeMade))?;
    Ok(WriteResult { passcode: Some(passcode), ..done })
}
