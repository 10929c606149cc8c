//! The actions of a member on a second factor that is set up: new recovery codes, removing it, and no longer trusting browsers.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::saved_codes;
use crate::members::{LoginEvent, MessageKind, PasswordFault, needs_second_factor, shortest};
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::signing_in::entering::{self, Entered};
use crate::server::members::signing_in::{self, second_factor};
use crate::server::members::view::{FormView, Page};
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::server::members::{answer, passwords, words};
use crate::store::members::{logins, second_factors, trusted_devices};
use crate::store::{AccountRow, Conn};

/// A change that asks for the password first.
#[derive(Clone, Copy)]
enum FactorChange {
    NewCodes,
    Remove,
}

impl FactorChange {
    const fn page(self) -> PageName {
        match self {
            Self::NewCodes => PageName::RecoveryCodes,
            Self::Remove => PageName::RemoveFactor,
        }
    }

    /// Returns whether nothing but the password opens the account afterward (H5).
    const fn leaves_password_alone(self) -> bool {
        match self {
            Self::NewCodes => false,
            Self::Remove => true,
        }
    }
}

/// `GET /second-factor/recovery-codes`.
pub(in crate::server::members) async fn ask_codes(visit: Visit) -> Response {
    ask(visit, FactorChange::NewCodes).await
}

/// `GET /second-factor/remove`.
pub(in crate::server::members) async fn ask_remove(visit: Visit) -> Response {
    ask(visit, FactorChange::Remove).await
}

/// `POST /second-factor/recovery-codes`.
pub(in crate::server::members) async fn make_codes(visit: Visit) -> Response {
    change(visit, FactorChange::NewCodes).await
}

/// `POST /second-factor/remove`.
pub(in crate::server::members) async fn remove(visit: Visit) -> Response {
    change(visit, FactorChange::Remove).await
}

async fn ask(visit: Visit, change: FactorChange) -> Response {
    match passwords::account_of(&visit).await {
        Ok(Some(account)) => answer::page(StatusCode::OK, &page(&visit, &account, change, "")),
        Ok(None) => signing_in::needed(&visit, false),
        Err(why) => visit.failed(&why),
    }
}

fn page(visit: &Visit, account: &AccountRow, change: FactorChange, fault: &str) -> Page {
    let (title, lead, button) = match change {
        FactorChange::NewCodes => ("Make new recovery codes", "The recovery codes that you have now stop working.", "Make new codes"),
        FactorChange::Remove => {
            ("Remove the second factor", "From then on, your password alone opens your account. Your other sessions end.", "Remove it")
        }
    };
    let form = FormView {
        action: visit.path(change.page()),
        fields: vec![passwords::user_name(&account.user_name), passwords::present_password(fault)],
        hidden: Vec::new(),
        button: button.to_owned(),
    };
    let mut page = visit.page(title);
    page.lead.push(lead.to_owned());
    page.links.push(("Back".to_owned(), visit.path(PageName::SecondFactor)));
    Page { form: Some(form), ..page }
}

/// The outcome of a change.
enum ChangeEnd {
    /// The login and its new codes.
    Codes(String, Vec<String>),
    /// The session that takes the place of the others.
    Removed(Entered),
    /// There is no second factor, or the practice wants it to stay.
    Nothing,
    /// The session has ended.
    SignedOut,
}

async fn change(visit: Visit, change: FactorChange) -> Response {
    visit.answered(changed(&visit, change).await)
}

async fn changed(visit: &Visit, change: FactorChange) -> Result<Response, Failure> {
    let (Some(account), Some(session)) = (passwords::account_of(visit).await?, visit.session.clone()) else {
        return Ok(signing_in::needed(visit, true));
    };
    if !signing_in::is_right(visit, &account, visit.form.typed("password")).await? {
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page(visit, &account, change, words::NOT_YOUR_PASSWORD)));
    }
    if change.leaves_password_alone() && needs_second_factor(visit.form.typed("password")) {
        let fault = words::password(PasswordFault::TooShort { least: shortest(false) });
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page(visit, &account, change, &fault)));
    }
    let inside = visit.clone();
    let done = visit.write(move |writing| async move { carry_out(&mut writing.conn, &inside, &session, change).await }.boxed()).await?;
    Ok(match done {
        ChangeEnd::Codes(login, codes) => {
            answer::page(StatusCode::OK, &saved_codes::page(visit, "Your new recovery codes", &login, codes)?)
        }
        ChangeEnd::Removed(entered) => entering::entered(visit, &entered, &visit.path(PageName::SecondFactor)),
        ChangeEnd::Nothing => answer::go(&visit.path(PageName::SecondFactor)),
        ChangeEnd::SignedOut => signing_in::needed(visit, true),
    })
}

async fn carry_out(conn: &mut Conn, visit: &Visit, session: &Session, change: FactorChange) -> Result<ChangeEnd, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(account) = entering::still(conn, visit, session).await? else { return Ok(ChangeEnd::SignedOut) };
    let login = logins::of_account(conn, name, &account.id).await?.ok_or(Failure::Damaged)?;
    if second_factors::find(conn, &login.id).await?.is_none() {
        return Ok(ChangeEnd::Nothing);
    }
    match change {
        FactorChange::NewCodes => {
            let codes = super::new_codes(conn, visit, &login.id).await?;
            visit.log(conn, &account, MemberLogRow::new(LoginEvent::MadeRecoveryCodes)).await?;
            Ok(ChangeEnd::Codes(login.id, codes))
        }
        FactorChange::Remove if second_factor::is_required(&visit.workspace, &account) => Ok(ChangeEnd::Nothing),
        FactorChange::Remove => {
            second_factor::take_away(conn, &login.id, now).await?;
            second_factor::notify(conn, visit, &account, MessageKind::FactorRemoved).await?;
            visit.log(conn, &account, MemberLogRow::new(LoginEvent::RemovedFactor)).await?;
            Ok(ChangeEnd::Removed(entering::begin(conn, visit, &account, true).await?))
        }
    }
}

/// `POST /second-factor/trusted-browsers`: from now on every browser is asked for the code.
pub(in crate::server::members) async fn forget_browsers(visit: Visit) -> Response {
    let Some(session) = visit.session.clone() else { return signing_in::needed(&visit, true) };
    let inside = visit.clone();
    let done = visit
        .write(move |writing| {
            async move {
                let (conn, now) = (&mut writing.conn, inside.now());
                let Some(account) = entering::still(conn, &inside, &session).await? else { return Ok(false) };
                let ended = trusted_devices::end_of(conn, &inside.workspace.name, &account.id, now).await?;
                if ended > 0 {
                    let detail = Some(format!("{ended} ended"));
                    inside.log(conn, &account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::EndedTrust) }).await?;
                }
                Ok(true)
            }
            .boxed()
        })
        .await;
    match done {
        Ok(true) => answer::go(&visit.path(PageName::SecondFactor)),
        Ok(false) => signing_in::needed(&visit, true),
        Err(why) => visit.failed(&why),
    }
}
