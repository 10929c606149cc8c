//! The answers that the app gets.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use crate::members::{Guarded, SessionStage};
use crate::model::{BLOCKED, Standing};
use crate::server::answer::{date_time, put};
use crate::server::failure::Failure;
use crate::server::members::signing_in::entering::Entered;
use crate::server::members::visit::Visit;
use crate::server::members::words;

/// The reason why the app is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AppRefusal {
    /// There is no such workspace, or the platform has no passcodes.
    Nowhere,
    /// The body is not a JSON object with the members of this endpoint.
    Unreadable,
    /// The address or the password is not right.
    NotRight,
    /// The code of the second factor is not right.
    NotTheCode,
    /// The passcode is not right, or the device asks for the password.
    NotThePasscode,
    /// No session, or one that has ended.
    SignedOut,
    /// Something has to be done first.
    First(SessionStage),
    /// The account is blocked.
    Blocked,
    /// The account is inactive.
    Inactive,
    /// Too many sign in at this moment.
    Busy,
}

impl AppRefusal {
    const fn status(self) -> StatusCode {
        match self {
            Self::Nowhere => StatusCode::NOT_FOUND,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::NotRight | Self::NotTheCode | Self::NotThePasscode | Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::First(_) | Self::Blocked | Self::Inactive => StatusCode::FORBIDDEN,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Nowhere => "not-found",
            Self::Unreadable => "invalid-request",
            Self::NotRight => "wrong-password",
            Self::NotTheCode => "wrong-code",
            Self::NotThePasscode => "password-or-passcode-needed",
            Self::SignedOut => "signed-out",
            Self::First(stage) => stage.as_str(),
            Self::Blocked => BLOCKED,
            Self::Inactive => Standing::Inactive.as_str(),
            Self::Busy => "busy",
        }
    }

    /// A sentence for the member; before the right password, it is the same whatever the reason.
    fn detail(self) -> String {
        match self {
            Self::Nowhere => "there is no such workspace, or its platform has no passcodes".to_owned(),
            Self::Unreadable => "send a JSON object with the members that this endpoint knows, each a text".to_owned(),
            Self::NotRight => words::not_right(),
            Self::NotTheCode => "The code is not right. Each code works once.".to_owned(),
            Self::NotThePasscode => format!(
                "The passcode is not right, or this device asks for the password: it does so after {} wrong passcodes, and once a day.",
                Guarded::Passcode.free()
            ),
            Self::SignedOut => "Sign in.".to_owned(),
            Self::First(SessionStage::GiveCode) => "Type the code of your second factor.".to_owned(),
            Self::First(SessionStage::ChoosePassword) => {
                "An administrator chose your first password. Sign in with a browser, and choose one that only you know.".to_owned()
            }
            Self::First(SessionStage::SetUpFactor) => "Sign in with a browser, and set up a second factor.".to_owned(),
            Self::First(SessionStage::Whole) => "You are signed in.".to_owned(),
            Self::Blocked => "Your account is blocked. Ask an administrator of the practice.".to_owned(),
            Self::Inactive => "Your account is inactive. Ask an administrator of the practice.".to_owned(),
            Self::Busy => words::busy("and try again"),
        }
    }
}

/// An answer with a JSON body.
pub(super) fn json_answer(status: StatusCode, body: &impl Serialize) -> Response {
    // What the app is answered has texts and flags, which JSON always has.
    let mut response = Response::new(serde_json::to_vec(body).unwrap_or_default().into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A refusal.
pub(super) fn refused(why: AppRefusal) -> Response {
    let mut response = json_answer(why.status(), &json!({ "error": why.word(), "detail": why.detail() }));
    match why.status() {
        StatusCode::UNAUTHORIZED => put(&mut response, header::WWW_AUTHENTICATE, Some("Bearer realm=\"rosterctl\"")),
        StatusCode::SERVICE_UNAVAILABLE => put(&mut response, header::RETRY_AFTER, Some("1")),
        _ => {}
    }
    response
}

/// The app has entered: its session, and the secret of the device if it was not known before.
pub(super) fn entered(entered: &Entered) -> Response {
    let mut body = json!({ "session": entered.session.expose(), "stage": entered.stage.as_str(), "endsAt": date_time(entered.ends) });
    if let (Some(device), Some(members)) = (&entered.device, body.as_object_mut()) {
        members.insert("device".to_owned(), device.expose().into());
    }
    json_answer(StatusCode::OK, &body)
}

/// A failure; the operator's log has the reason.
pub(super) fn failed(visit: &Visit, why: &Failure) -> Response {
    crate::server::answer::failure(why, &visit.note.request_id)
}
