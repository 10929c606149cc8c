//! Setting up a second factor: a key for the app, its first code, and then the recovery codes.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::saved_codes;
use crate::members::{LoginEvent, MessageKind, app_link, key_in_groups, read_code, step_of};
use crate::model::Secret;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::signing_in::entering::{self, Entered};
use crate::server::members::signing_in::{self, second_factor};
use crate::server::members::view::{FieldKind, FieldView, FormView, Page, QrView};
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::server::members::words;
use crate::server::members::{answer, passwords};
use crate::store::members::{logins, second_factors};
use crate::store::{AccountRow, Writing};

/// The faults of the form; empty for none.
#[derive(Clone, Copy, Default)]
struct SetUpFaults<'a> {
    password: &'a str,
    code: &'a str,
}

/// Returns the purpose that a key that is offered is sealed for: it returns with the form, and no other session can send it.
fn offer(session: &Session) -> String {
    format!("second factor offered in session {}", session.row.id)
}

/// `GET /second-factor/set-up`: nothing is stored before the first code was right.
pub(in crate::server::members) async fn ask(visit: Visit) -> Response {
    let Some(session) = visit.session.clone() else { return signing_in::needed(&visit, false) };
    let page = async {
        let Some(account) = passwords::account_of(&visit).await? else { return Ok(None) };
        page(&visit, &session, &account, &ids::random_key(), SetUpFaults::default()).map(Some)
    };
    match page.await {
        Ok(Some(page)) => answer::page(StatusCode::OK, &page),
        Ok(None) => signing_in::needed(&visit, false),
        Err(why) => visit.failed(&why),
    }
}

/// Returns whether the password is asked for: somebody who gave it a moment ago can do nothing else first.
fn asks_password(session: &Session) -> bool {
    session.stage.is_whole()
}

fn page(visit: &Visit, session: &Session, account: &AccountRow, key: &Secret, faults: SetUpFaults<'_>) -> Result<Page, Failure> {
    let workspace = &visit.workspace;
    let is_shared = workspace.catalog().shares_logins();
    let issuer = if is_shared { &workspace.catalog().name } else { &workspace.name };
    let link = app_link(key, issuer, &account.user_name).ok_or(Failure::Damaged)?;
    let sealed = visit.server.store.vault().seal(&offer(session), key).ok_or(Failure::Damaged)?;
    let mut fields = Vec::new();
    if asks_password(session) {
        fields.push(passwords::user_name(&account.user_name));
        fields.push(passwords::present_password(faults.password));
    }
    fields.push(FieldView {
        name: "code",
        label: "Code".to_owned(),
        kind: FieldKind::Code,
        autocomplete: "one-time-code",
        hint: "The six digits that the app shows now.".to_owned(),
        fault: faults.code.to_owned(),
        ..FieldView::default()
    });
    let form = FormView {
        action: visit.path(PageName::SetUpFactor),
        fields,
        hidden: vec![("key".to_owned(), sealed)],
        button: "Set up the second factor".to_owned(),
    };
    let mut page = visit.page(words::SET_UP_FACTOR);
    if session.stage.needs_factor() {
        page.lead.push("Your practice wants a second factor besides your password. Set it up before you go on.".to_owned());
    }
    page.lead.push(
        "Scan the picture with an authenticator app on your phone, or type the key into the app. Then type the code that it shows."
            .to_owned(),
    );
    page.qr = Some(QrView::from_text(link.expose()).ok_or(Failure::Damaged)?);
    page.facts = vec![("Key".to_owned(), key_in_groups(key)), ("Account".to_owned(), account.user_name.clone())];
    page.links.push(("Open the app on this device".to_owned(), link.expose().to_owned()));
    page.form = Some(form);
    Ok(page)
}

/// `POST /second-factor/set-up`.
pub(in crate::server::members) async fn set_up(visit: Visit) -> Response {
    visit.answered(confirmed(&visit).await)
}

async fn confirmed(visit: &Visit) -> Result<Response, Failure> {
    let (Some(account), Some(session)) = (passwords::account_of(visit).await?, visit.session.clone()) else {
        return Ok(signing_in::needed(visit, true));
    };
    let again = |key: &Secret, faults: SetUpFaults<'_>| {
        page(visit, &session, &account, key, faults).map(|page| answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page))
    };
    let Some(key) = visit.server.store.vault().unseal(&offer(&session), visit.form.typed("key")) else {
        return again(&ids::random_key(), SetUpFaults { code: "This page was too old. Scan the new picture.", ..SetUpFaults::default() });
    };
    let Some(step) = step_of(&key, &read_code(visit.form.text("code")), 0, visit.now()) else {
        return again(&key, SetUpFaults { code: words::NOT_THE_FIRST_CODE, ..SetUpFaults::default() });
    };
    if asks_password(&session) && !signing_in::is_right(visit, &account, visit.form.typed("password")).await? {
        return again(&key, SetUpFaults { password: words::NOT_YOUR_PASSWORD, ..SetUpFaults::default() });
    }
    let inside = visit.clone();
    let done = visit.write(move |writing| async move { store(writing, &inside, &session, &key, step).await }.boxed()).await?;
    let Some((entered, login, codes)) = done else { return Ok(signing_in::needed(visit, true)) };
    let page = saved_codes::page(visit, "Your second factor is set up", &login, codes)?;
    let mut response = answer::page(StatusCode::OK, &page);
    entering::hand_over(&mut response, visit, &entered);
    Ok(response)
}

/// Stores the second factor, ends every session of the login, and opens another one (F5, F6).
async fn store(
    writing: &mut Writing,
    visit: &Visit,
    session: &Session,
    key: &Secret,
    step: i64,
) -> Result<Option<(Entered, String, Vec<String>)>, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(account) = entering::still(&mut writing.conn, visit, session).await? else { return Ok(None) };
    let login = logins::of_account(&mut writing.conn, name, &account.id).await?.ok_or(Failure::Damaged)?;
    let sealed = visit.server.store.vault().seal(&second_factor::purpose(&login.id), key).ok_or(Failure::Damaged)?;
    let had = second_factors::find(&mut writing.conn, &login.id).await?.is_some();
    second_factors::set(&mut writing.conn, &login.id, &sealed, step, now).await?;
    let codes = super::new_codes(&mut writing.conn, visit, &login.id).await?;
    second_factor::forget_sign_ins(&mut writing.conn, &login.id, now).await?;
    let changes = super::say_it_is_set(writing, visit, &account).await?;
    let conn = &mut writing.conn;
    second_factor::notify(conn, visit, &account, MessageKind::FactorSetUp).await?;
    let detail = had.then(|| "in place of the previous one".to_owned());
    visit.log(conn, &account, MemberLogRow { detail, changes, ..MemberLogRow::new(LoginEvent::SetUpFactor) }).await?;
    Ok(Some((entering::begin(conn, visit, &account, true).await?, login.id, codes)))
}
