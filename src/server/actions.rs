//! Actions below a user: effects that are no attributes.

use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use serde_json::{Value, json};

use super::asked::Asked;
use super::failure::Failure;
use super::request;
use super::surroundings::{self, Ground};
use super::write::{self, Done, Event, Task};
use super::{App, answer, blocking, ids, standing, user_change, user_rules, users_write, view};
use crate::model::{Action, Email, Secret};
use crate::platform::Candidate;
use crate::scim::{ScimError, schema, urn};
use crate::store::{AccountRow, Answered, Writing, accounts};

/// `POST /Users/{id}/actions/{action}`.
pub(super) async fn act(mut asked: Asked) -> Response {
    let (id, word) = (asked.id(), asked.part("action").to_owned());
    let checked = async {
        let offered = schema::actions(asked.caller.workspace.catalog());
        let Some(action) = Action::ALL.into_iter().find(|action| action.as_str() == word && offered.contains(&word)) else {
            let detail = format!("there is no such action: /Schemas/{} lists them", urn::ACTIONS);
            return Err(Failure::from(ScimError::new(404, detail)));
        };
        let bytes = asked.bytes().await?;
        let body = if bytes.is_empty() { Value::Null } else { Value::Object(request::object(&bytes)?) };
        takes(action, &body)?;
        let passcode = if action == Action::GeneratePasscode { Some(new_passcode(asked.server.clone()).await?) } else { None };
        Ok((action, bytes, body, passcode))
    };
    let (action, bytes, body, passcode) = match checked.await {
        Ok(checked) => checked,
        Err(why) => return answer::failure(&why, &asked.note.request_id),
    };
    run(asked, bytes, id, action, body, passcode).await
}

/// Refuses what the action does not know: a member that is passed over would be taken for done.
fn takes(action: Action, body: &Value) -> Result<(), Failure> {
    let known = if action == Action::Block { blocking::MEMBERS } else { &[] };
    match body.as_object().and_then(|members| members.keys().find(|name| !known.contains(&name.as_str()))) {
        Some(unknown) => {
            let unknown: String = unknown.chars().take(64).collect();
            Err(Failure::syntax(format!("the action `{}` takes no `{unknown}`", action.as_str())))
        }
        None => Ok(()),
    }
}

async fn new_passcode(server: App) -> Result<(Secret, String), Failure> {
    let passcode = ids::random_passcode();
    let hash = server.hashing.hash(passcode.clone()).await?;
    Ok((passcode, hash))
}

async fn run(asked: Asked, bytes: Bytes, id: String, action: Action, body: Value, passcode: Option<(Secret, String)>) -> Response {
    write::perform(&asked.server, asked.caller, asked.note, bytes, move |writing, task| {
        async move {
            let workspace = &task.caller.workspace;
            let row = users_write::find(writing, workspace, &id).await?;
            write::precondition(&task.note, &view::etag(row.version))?;
            let ground = surroundings::shared_ground(writing, workspace).await?;
            match action {
                Action::Invite => invite(writing, &task, &ground, row).await,
                Action::ResendInvitation => resend(writing, &task, &ground, row).await,
                Action::WithdrawInvitation => withdraw(writing, &task, &ground, row).await,
                Action::Block => blocking::block(writing, &task, &ground, row, &body).await,
                Action::Unblock => blocking::unblock(writing, &task, &ground, row).await,
                Action::GeneratePasscode => set_passcode(writing, &task, &ground, row, passcode).await,
                Action::CreateClinic
                | Action::UpdateClinic
                | Action::CreateRole
                | Action::UpdateRole
                | Action::CreateEmployee
                | Action::UpdateEmployee
                | Action::Update
                | Action::Inactivate
                | Action::Activate
                | Action::SetCodeWord => Err(Failure::value("this is done by writing the resource itself")),
            }
        }
        .boxed()
    })
    .await
}

/// Invites an account that nobody accepted and that is inactive; the id stays.
async fn invite(writing: &mut Writing, task: &Task, ground: &Ground, row: AccountRow) -> Result<Done, Failure> {
    if row.accepted {
        return Err(state("this person accepted an invitation before: set `active` to true instead"));
    }
    if !row.inactive {
        return Err(state("this person is invited already: use `resend-invitation`"));
    }
    not_blocked(&row)?;
    let workspace = &task.caller.workspace;
    let user = view::user(workspace, &row, ground, &task.note.base, task.now)?;
    let employee = user_rules::employee(&mut writing.conn, workspace, &user).await?;
    user_rules::employee_works(employee.as_ref())?;
    let names = user_rules::names(ground, employee.as_ref());
    let fields = user_rules::fields(workspace, &user, &names);
    let email = Email::parse(&row.user_name).map_err(|why| Failure::value(why.to_string()))?;
    let candidate = Candidate { email: &email, fields: &fields, active: true, main_admin: row.main_admin };
    user_rules::judge(&mut writing.conn, workspace, ground, &candidate, None).await?;
    user_rules::may_invite(&mut writing.conn, workspace, &row.user_name, &fields).await?;
    sent(writing, task, ground, row, "invite").await
}

async fn resend(writing: &mut Writing, task: &Task, ground: &Ground, row: AccountRow) -> Result<Done, Failure> {
    pending(&row)?;
    not_blocked(&row)?;
    let workspace = &task.caller.workspace;
    let user = view::user(workspace, &row, ground, &task.note.base, task.now)?;
    let employee = user_rules::employee(&mut writing.conn, workspace, &user).await?;
    let fields = user_rules::fields(workspace, &user, &user_rules::names(ground, employee.as_ref()));
    user_rules::may_invite(&mut writing.conn, workspace, &row.user_name, &fields).await?;
    sent(writing, task, ground, row, "resend-invitation").await
}

async fn sent(writing: &mut Writing, task: &Task, ground: &Ground, row: AccountRow, action: &'static str) -> Result<Done, Failure> {
    let conn = &mut writing.conn;
    accounts::touch(conn, &task.caller.workspace.name, &row.id, false, task.now).await?;
    let invitation = standing::send(conn, task, &row.id, row.invitation.is_some()).await?;
    let new = AccountRow { invitation: Some(invitation), inactive: false, version: row.version + 1, modified: task.now, ..row.clone() };
    done(task, ground, &row, &new, action, None)
}

/// Withdraws an invitation: its link dies, the account is inactive and never was accepted.
async fn withdraw(writing: &mut Writing, task: &Task, ground: &Ground, row: AccountRow) -> Result<Done, Failure> {
    pending(&row)?;
    user_change::not_main_admin(&row, "inactivated")?;
    accounts::touch(&mut writing.conn, &task.caller.workspace.name, &row.id, true, task.now).await?;
    let mut new = AccountRow { inactive: true, version: row.version + 1, modified: task.now, ..row.clone() };
    user_change::close(writing, task, &mut new).await?;
    done(task, ground, &row, &new, "withdraw-invitation", None)
}

/// Replaces the passcode; the new one is in this answer and nowhere else (AR-11).
async fn set_passcode(
    writing: &mut Writing,
    task: &Task,
    ground: &Ground,
    row: AccountRow,
    passcode: Option<(Secret, String)>,
) -> Result<Done, Failure> {
    let (passcode, hash) = passcode.ok_or(Failure::Damaged)?;
    accounts::set_passcode(&mut writing.conn, &task.caller.workspace.name, &row.id, &hash, task.now).await?;
    let new = AccountRow { has_passcode: true, version: row.version + 1, modified: task.now, ..row.clone() };
    let mut done = done(task, ground, &row, &new, "generate-passcode", None)?;
    if let Ok(Value::Object(mut user)) = serde_json::from_str(&done.answer.body) {
        user.insert(urn::PASSCODE.to_owned(), json!({ "passcode": passcode.expose() }));
        done.once = Some(Value::Object(user).to_string());
    }
    Ok(done)
}

fn pending(row: &AccountRow) -> Result<(), Failure> {
    if row.accepted {
        return Err(state("this person accepted the invitation already"));
    }
    if row.inactive {
        return Err(state("this account is inactive and has no invitation: use `invite`"));
    }
    Ok(())
}

fn not_blocked(row: &AccountRow) -> Result<(), Failure> {
    match row.block {
        Some(_) => Err(state("this account is blocked: unblock it first")),
        None => Ok(()),
    }
}

/// The account's state does not allow it.
pub(super) fn state(why: &str) -> Failure {
    ScimError::new(409, why).into()
}

/// The answer to an action: the user as it is now.
pub(super) fn done(
    task: &Task,
    ground: &Ground,
    before: &AccountRow,
    after: &AccountRow,
    action: &'static str,
    detail: Option<String>,
) -> Result<Done, Failure> {
    let workspace = &task.caller.workspace;
    let was = view::user(workspace, before, ground, &task.note.base, task.now)?;
    let is = view::user(workspace, after, ground, &task.note.base, task.now)?;
    let changes = match (was.as_object(), is.as_object()) {
        (Some(was), Some(is)) => write::changes(was, is),
        _ => "{}".to_owned(),
    };
    let event = Event { action, kind: "User", id: Some(after.id.clone()), name: Some(after.user_name.clone()), detail, changes };
    let answer = Answered { status: 200, location: None, etag: Some(view::etag(after.version)), body: is.to_string(), made: None };
    Ok(Done { answer, event: Some(event), once: None })
}

/// The answer to an action that found everything done already.
pub(super) fn unchanged(task: &Task, ground: &Ground, row: &AccountRow) -> Result<Done, Failure> {
    Ok(Done { event: None, ..done(task, ground, row, row, "request", None)? })
}
