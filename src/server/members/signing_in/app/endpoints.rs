//! Signing in with the password and the second factor, the session as its holder sees it, and signing out.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;
use serde::Serialize;
use serde_json::json;

use super::answers::{self, AppRefusal};
use crate::members::{LoginEvent, SessionStage};
use crate::server::answer::date_time;
use crate::server::failure::Failure;
use crate::server::members::signing_in::code::{self, CodeAnswer};
use crate::server::members::signing_in::entering::{self, Entered};
use crate::server::members::signing_in::{SignIn, attempt, open_sessions};
use crate::server::members::visit::{MemberLogRow, Visit};

/// Answers with a session, unless its holder must do something in a browser first: the app has nothing for such a session.
fn come_in(entered: &Entered) -> Response {
    match entered.stage {
        SessionStage::Whole | SessionStage::GiveCode => answers::entered(entered),
        stage @ (SessionStage::ChoosePassword | SessionStage::SetUpFactor) => answers::refused(AppRefusal::First(stage)),
    }
}

/// `POST /api/v1/app/sign-in`.
pub(super) async fn sign_in(visit: Visit) -> Response {
    match attempt(&visit, visit.form.text("email"), visit.form.typed("password")).await {
        Ok(SignIn::In(entered)) => come_in(&entered),
        Ok(SignIn::NotRight) => answers::refused(AppRefusal::NotRight),
        Ok(SignIn::Blocked) => answers::refused(AppRefusal::Blocked),
        Ok(SignIn::Inactive) => answers::refused(AppRefusal::Inactive),
        Err(why) => answers::failed(&visit, &why),
    }
}

/// `POST /api/v1/app/sign-in/code`.
pub(super) async fn code(visit: Visit) -> Response {
    match code::compare(&visit).await {
        Ok(CodeAnswer::In(entered, _)) => come_in(&entered),
        Ok(CodeAnswer::NotRight) => answers::refused(AppRefusal::NotTheCode),
        Ok(CodeAnswer::SignedOut) => answers::refused(AppRefusal::SignedOut),
        Err(why) => answers::failed(&visit, &why),
    }
}

/// A session, as its holder sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionJson<'a> {
    id: &'a str,
    kind: &'static str,
    email: &'a str,
    workspace: &'a str,
    began: String,
    ends_at: String,
}

/// `GET /api/v1/app/session`: whose session it is, and when it ends.
#[expect(clippy::unused_async, reason = "as the other endpoints, which ask the store")]
pub(super) async fn session(visit: Visit) -> Response {
    let Some(session) = &visit.session else { return answers::refused(AppRefusal::SignedOut) };
    answers::json_answer(
        StatusCode::OK,
        &SessionJson {
            id: &session.row.id,
            kind: session.row.kind.as_str(),
            email: &session.row.user_name,
            workspace: &visit.workspace.name,
            began: date_time(session.row.began),
            ends_at: date_time(session.row.ends),
        },
    )
}

/// `POST /api/v1/app/sign-out`: the device asks for the password from now on.
pub(super) async fn sign_out(visit: Visit) -> Response {
    let Some(session) = visit.session.clone() else { return answers::refused(AppRefusal::SignedOut) };
    let inside = visit.clone();
    let done: Result<(), Failure> = visit
        .write(move |writing| {
            async move {
                let (conn, now) = (&mut writing.conn, inside.now());
                if let Some(account) = entering::still(conn, &inside, &session).await? {
                    open_sessions::end(conn, &inside.workspace, &account.id, &session.row.id, now).await?;
                    inside.log(conn, &account, MemberLogRow::new(LoginEvent::SignedOut)).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await;
    match done {
        Ok(()) => answers::json_answer(StatusCode::OK, &json!({ "signedOut": true })),
        Err(why) => answers::failed(&visit, &why),
    }
}
