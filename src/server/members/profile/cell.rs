//! The cell phone of a person's login: the number that took a one-time code. Only the member changes it.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;
use subtle::ConstantTimeEq;

use super::{Profile, answer, of_a_person, read};
use crate::members::{CODE_LIVES, CodeFault, Login, LoginEvent, MessageKind, SentCode, Wait, check_code, may_send, read_code};
use crate::model::DAY;
use crate::platform::phone_form;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::links;
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::passwords::{present_password, user_name};
use crate::server::members::signing_in::{self, entering};
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::server::members::words;
use crate::store::Conn;
use crate::store::members::codes;
use crate::store::members::logins;

/// The name that the codes are kept under.
const CODE: &str = "cell";

/// A code as it is kept: bound to the account and the number that it went to.
fn mark(visit: &Visit, account: &str, number: &str, code: &str) -> String {
    let parts: [&[u8]; 5] = [b"cell", visit.workspace.name.as_bytes(), account.as_bytes(), number.as_bytes(), code.as_bytes()];
    visit.server.store.seal(&sha256(&parts))
}

/// `GET /profile/cell`.
pub(in crate::server::members) async fn ask(visit: Visit) -> Response {
    of_a_person(&visit, |visit, profile| number_page(visit, profile, "", "", "")).await
}

fn number_page(visit: &Visit, profile: &Profile, typed: &str, wrong_number: &str, wrong_password: &str) -> Page {
    let number = FieldView {
        name: "number",
        label: "New cell phone".to_owned(),
        kind: FieldKind::Phone,
        autocomplete: "tel",
        value: typed.to_owned(),
        hint: words::NUMBER_HINT.to_owned(),
        fault: wrong_number.to_owned(),
    };
    let form = FormView {
        action: visit.path(PageName::Cell),
        fields: vec![user_name(&profile.account.user_name), number, present_password(wrong_password)],
        hidden: Vec::new(),
        button: "Send a code".to_owned(),
    };
    let mut page = visit.page(words::CHANGE_CELL);
    page.lead.push("We send a code to the new number. It takes the place of the old one once you have typed the code here.".to_owned());
    Page { form: Some(form), ..page }
}

fn code_page(visit: &Visit, number: &str, fault: &str) -> Page {
    let field = FieldView {
        name: "code",
        label: "Code".to_owned(),
        kind: FieldKind::Code,
        autocomplete: "one-time-code",
        hint: format!("Six digits, in a text message to {number}."),
        fault: fault.to_owned(),
        ..FieldView::default()
    };
    let form = FormView {
        action: visit.path(PageName::CellCode),
        fields: vec![field],
        hidden: vec![("number".to_owned(), number.to_owned())],
        button: "Save the number".to_owned(),
    };
    let mut page = visit.page(words::CHANGE_CELL);
    page.links.push(("Begin again".to_owned(), visit.path(PageName::Cell)));
    Page { form: Some(form), ..page }
}

/// `POST /profile/cell`: sends a code to the new number.
pub(in crate::server::members) async fn send(visit: Visit) -> Response {
    visit.answered(sent(&visit).await)
}

async fn sent(visit: &Visit) -> Result<Response, Failure> {
    let (Some(profile), Some(session)) = (read(visit).await?, visit.session.clone()) else { return Ok(signing_in::needed(visit, true)) };
    if !profile.login.is_persons() {
        return Ok(links::dead_page(visit, &links::Found::Unknown));
    }
    let typed = visit.form.text("number");
    let again = |wrong_number: &str, wrong_password: &str| {
        Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &number_page(visit, &profile, typed, wrong_number, wrong_password)))
    };
    let Some(number) = phone_form(typed) else {
        return again(words::NOT_A_NUMBER, "");
    };
    if !signing_in::is_right(visit, &profile.account, visit.form.typed("password")).await? {
        return again("", words::NOT_YOUR_PASSWORD);
    }
    let (inside, to) = (visit.clone(), number.clone());
    let sent = visit.write(move |writing| async move { send_to(&mut writing.conn, &inside, &session, &to).await }.boxed()).await?;
    match sent {
        None => Ok(signing_in::needed(visit, true)),
        Some(Ok(())) => Ok(answer::page(StatusCode::OK, &code_page(visit, &number, ""))),
        Some(Err(wait)) => Ok(answer::wait(wait, &number_page(visit, &profile, typed, &words::wait(wait.millis), ""))),
    }
}

async fn send_to(conn: &mut Conn, visit: &Visit, session: &Session, number: &str) -> Result<Option<Result<(), Wait>>, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(account) = entering::still(conn, visit, session).await? else { return Ok(None) };
    let earlier = codes::sent_to_login(conn, name, &account.id, CODE, now.saturating_sub(DAY)).await?;
    if let Err(wait) = may_send(&earlier, now) {
        return Ok(Some(Err(wait)));
    }
    let code = ids::random_code();
    codes::insert(conn, name, &account.id, CODE, &mark(visit, &account.id, number, code.expose()), now).await?;
    let message = Message { workspace: name, account: &account.id, kind: MessageKind::Code, recipient: number, secret: Some(&code) };
    queue(conn, &visit.server.store, &message, now).await?;
    visit.log(conn, &account, MemberLogRow::new(LoginEvent::SentCode)).await?;
    Ok(Some(Ok(())))
}

/// `POST /profile/cell/code`.
pub(in crate::server::members) async fn confirm(visit: Visit) -> Response {
    let Some(session) = visit.session.clone() else { return signing_in::needed(&visit, true) };
    let Some(number) = phone_form(visit.form.text("number")) else { return answer::go(&visit.path(PageName::Cell)) };
    let (inside, to) = (visit.clone(), number.clone());
    let done = visit.write(move |writing| async move { store(&mut writing.conn, &inside, &session, &to).await }.boxed()).await;
    match done {
        Ok(Some(Ok(()))) => answer::go(&visit.path(PageName::Profile)),
        Ok(Some(Err(why))) => answer::page(StatusCode::UNPROCESSABLE_ENTITY, &code_page(&visit, &number, words::code(why))),
        Ok(None) => signing_in::needed(&visit, true),
        Err(why) => visit.failed(&why),
    }
}

async fn store(conn: &mut Conn, visit: &Visit, session: &Session, number: &str) -> Result<Option<Result<(), CodeFault>>, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(account) = entering::still(conn, visit, session).await? else { return Ok(None) };
    let login = logins::of_account(conn, name, &account.id).await?.filter(Login::is_persons).ok_or(Failure::Damaged)?;
    let rows = codes::since(conn, name, &account.id, CODE, now.saturating_sub(CODE_LIVES)).await?;
    let sent = rows.into_iter().map(|row| SentCode { hash: row.hash, sent_at: row.sent_at, wrong: row.wrong, used: row.used });
    let typed = mark(visit, &account.id, number, &read_code(visit.form.text("code")));
    if let Err(why) = check_code(&sent.collect::<Vec<_>>(), &typed, now, |a, b| a.as_bytes().ct_eq(b.as_bytes()).into()) {
        codes::count_wrong(conn, name, &account.id, CODE, now.saturating_sub(CODE_LIVES)).await?;
        let detail = Some(words::WRONG_CODE_ROW.to_owned());
        visit.log(conn, &account, MemberLogRow { denied: true, detail, ..MemberLogRow::new(LoginEvent::ChangedCell) }).await?;
        return Ok(Some(Err(why)));
    }
    codes::use_up(conn, name, &account.id, CODE, now).await?;
    logins::set_cell(conn, &login.id, number).await?;
    let message =
        Message { workspace: name, account: &account.id, kind: MessageKind::CellChanged, recipient: &account.user_name, secret: None };
    queue(conn, &visit.server.store, &message, now).await?;
    let digits: String = number.chars().skip(number.chars().count().saturating_sub(2)).collect();
    let detail = Some(format!("to the number ending in {digits}"));
    visit.log(conn, &account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::ChangedCell) }).await?;
    Ok(Some(Ok(())))
}
