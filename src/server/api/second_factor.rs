//! The reset of a member's second factor by an administrator, for somebody who lost phone and recovery codes.

use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, json};

use crate::members::{LoginEvent, MessageKind};
use crate::model::LogSubject;
use crate::scim::ScimError;
use crate::server::AttributeChanges;
use crate::server::answer;
use crate::server::call::Call;
use crate::server::denial::LoggedEvent;
use crate::server::failure::Failure;
use crate::server::members;
use crate::server::members::queue::{self, Message};
use crate::server::scim::{refusal, users};
use crate::server::write;
use crate::server::write::{WriteResult, WriteTask};
use crate::store::members::logins;
use crate::store::{Answered, Writing};
use crate::workspace::MainAdmins;

/// `POST /{workspace}/api/v1/users/{id}/reset-second-factor`: the sessions of the account end, and its holder gets a mail.
pub(in crate::server) async fn reset(mut call: Call) -> Response {
    let id = call.id();
    let bytes = match call.bytes().await {
        Ok(bytes) => bytes,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move { reset_of(writing, &task, &id).await }.boxed()
    })
    .await
}

async fn reset_of(writing: &mut Writing, task: &WriteTask, id: &str) -> Result<WriteResult, Failure> {
    let (workspace, caller) = (&task.caller.workspace, &task.caller.account);
    let account = users::write::find(writing, workspace, id).await?;
    let catalog = workspace.catalog();
    if catalog.members.is_none() {
        return Err(ScimError::new(404, "nobody signs in to this workspace with a second factor").into());
    }
    if catalog.shares_logins() {
        let detail = "the second factor belongs to the person's login, which opens other workspaces, too: only the person can change it";
        return Err(ScimError::new(404, detail).into());
    }
    if account.id == caller.id {
        return Err(Failure::denied(
            403,
            "you cannot reset your own second factor: set up another one on its page, or ask another administrator",
        ));
    }
    let (acting, target) = (users::stored::acting(&task.caller), users::stored::target(&account));
    target.is_not_anothers(&acting, MainAdmins::SecondFactor).map_err(|why| refusal::failure(workspace, &why))?;
    let conn = &mut writing.conn;
    let is_removed = match logins::of_account(conn, &workspace.name, &account.id).await? {
        Some(login) => members::take_away(conn, &login.id, task.now).await?,
        None => false,
    };
    let body = Map::from_iter([("reset".to_owned(), json!(is_removed))]);
    let answer = Answered { status: 200, location: None, etag: None, body: Some(body), shows: None };
    if !is_removed {
        return Ok(WriteResult { answer, event: None, passcode: None });
    }
    let message = Message {
        workspace: &workspace.name,
        account: &account.id,
        kind: MessageKind::FactorRemoved,
        recipient: &account.user_name,
        secret: None,
    };
    queue::queue(conn, &task.server.store, &message, task.now).await?;
    let event = LoggedEvent {
        action: LoginEvent::ResetFactor.into(),
        kind: LogSubject::User,
        id: Some(account.id.clone()),
        name: Some(account.user_name.clone()),
        detail: None,
        changes: AttributeChanges::default(),
    };
    Ok(WriteResult { answer, event: Some(event), passcode: None })
}
