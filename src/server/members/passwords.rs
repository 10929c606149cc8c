//! Choosing a password: knowing the present one, or by a link in mail (AR-14, PBN-7).

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::links::{self, Found};
use super::mail::queue::{Message, queue};
use super::mail::reset_requests;
use super::signing_in::{entering, second_factor, tries};
use super::view::{FieldKind, FieldView, FormView, Page};
use super::visit::{MemberLogRow, Visit};
use super::words;
use crate::members::{Guarded, Login, LoginEvent, MessageKind, choose, shortest};
use crate::model::{NAME, Secret};
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::store::members::links::LinkKind;
use crate::store::members::{asked_resets, logins, second_factors};
use crate::store::{AccountRow, Conn, accounts};

/// A field for a new password, which opens the login alone.
pub(super) fn new_password(fault: &str) -> FieldView {
    new_password_beside(fault, false)
}

/// A field for the new password of somebody who has a second factor or not.
fn new_password_beside(fault: &str, second_factor: bool) -> FieldView {
    FieldView {
        name: "new-password",
        label: "New password".to_owned(),
        kind: FieldKind::Password,
        autocomplete: "new-password",
        hint: format!("At least {} characters. {}", shortest(second_factor), words::EASY_PASSWORDS),
        fault: fault.to_owned(),
        ..FieldView::default()
    }
}

/// The words that others know of the holder of an account: a password must not be made of them alone.
pub(super) fn known_of<'a>(visit: &'a Visit, account: &'a AccountRow) -> Vec<&'a str> {
    let fields = account.particulars.fields();
    let own = [account.user_name.as_str(), visit.workspace.name.as_str(), visit.workspace.catalog().name.as_str()];
    own.into_iter().chain(NAME.into_iter().filter_map(|field| fields.text(field))).collect()
}

/// A field for the present password.
pub(super) fn present_password(fault: &str) -> FieldView {
    FieldView {
        name: "password",
        label: "Present password".to_owned(),
        kind: FieldKind::Password,
        autocomplete: "current-password",
        fault: fault.to_owned(),
        ..FieldView::default()
    }
}

/// The address for password managers, which the page does not show.
pub(super) fn user_name(address: &str) -> FieldView {
    FieldView { name: "username", kind: FieldKind::UserName, value: address.to_owned(), ..FieldView::default() }
}

/// `GET /password`.
pub(super) async fn ask_change(visit: Visit) -> Response {
    let account = match account_of(&visit).await {
        Ok(Some(account)) => account,
        Ok(None) => return super::signing_in::needed(&visit, false),
        Err(why) => return visit.failed(&why),
    };
    match own_login(&visit, &account).await {
        Ok(login) => answer::page(StatusCode::OK, &change_page(&visit, &account.user_name, login, ("", ""))),
        Err(why) => visit.failed(&why),
    }
}

/// The facts about a login that a new password depends on.
#[derive(Clone, Copy)]
struct OwnLogin {
    /// An administrator chose the present password.
    must_change: bool,
    has_factor: bool,
}

async fn own_login(visit: &Visit, account: &AccountRow) -> Result<OwnLogin, Failure> {
    let (name, id) = (visit.workspace.name.clone(), account.id.clone());
    visit
        .read(move |conn| {
            async move {
                let login = logins::of_account(conn, &name, &id).await?.ok_or(Failure::Damaged)?;
                let has_factor = second_factors::find(conn, &login.id).await?.is_some();
                Ok(OwnLogin { must_change: login.must_change, has_factor })
            }
            .boxed()
        })
        .await
}

pub(super) async fn account_of(visit: &Visit) -> Result<Option<AccountRow>, Failure> {
    let Some(session) = &visit.session else { return Ok(None) };
    let (name, id) = (visit.workspace.name.clone(), session.row.account.clone());
    visit.read(move |conn| async move { Ok(accounts::find(conn, &name, &id).await?) }.boxed()).await
}

fn must_choose(visit: &Visit) -> bool {
    visit.session.as_ref().is_some_and(|session| session.stage.needs_password())
}

fn change_page(visit: &Visit, address: &str, login: OwnLogin, (wrong, fault): (&str, &str)) -> Page {
    let mut fields = vec![user_name(address)];
    if !must_choose(visit) {
        fields.push(present_password(wrong));
    }
    fields.push(new_password_beside(fault, login.has_factor));
    let form = FormView { action: visit.path(PageName::Password), fields, hidden: Vec::new(), button: "Change the password".to_owned() };
    let mut page = visit.page("Change your password");
    if must_choose(visit) && !login.must_change {
        page.lead.push("You have no second factor, and your password is too short without one. Choose a longer one.".to_owned());
    } else if must_choose(visit) {
        page.lead.push("An administrator chose your first password. Choose one that only you know before you go on.".to_owned());
    }
    Page { form: Some(form), ..page }
}

/// `POST /password`.
pub(super) async fn change(visit: Visit) -> Response {
    visit.answered(changed(&visit).await)
}

async fn changed(visit: &Visit) -> Result<Response, Failure> {
    let (Some(account), Some(session)) = (account_of(visit).await?, visit.session.clone()) else {
        return Ok(super::signing_in::needed(visit, true));
    };
    let login = own_login(visit, &account).await?;
    let again = |wrong: &str, fault: &str| {
        Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &change_page(visit, &account.user_name, login, (wrong, fault))))
    };
    if !must_choose(visit) && !super::signing_in::is_right(visit, &account, visit.form.typed("password")).await? {
        return again(words::NOT_YOUR_PASSWORD, "");
    }
    let password = match choose(visit.form.typed("new-password"), &known_of(visit, &account), login.has_factor) {
        Ok(password) => password,
        Err(why) => return again("", &words::password(why)),
    };
    if is_still_the_first(visit, &account, &password).await? {
        return again("", words::STILL_THE_FIRST);
    }
    let hash = visit.server.hashing.hash(password).await?;
    let inside = visit.clone();
    let opened = visit
        .write(move |writing| {
            async move {
                let conn = &mut writing.conn;
                let Some(account) = entering::still(conn, &inside, &session).await? else { return Ok(None) };
                let Some(login) = logins::of_account(conn, &inside.workspace.name, &account.id).await? else { return Ok(None) };
                set_password(conn, &inside, &account, &login, &hash, LoginEvent::ChangedPassword).await?;
                Ok(Some(entering::begin(conn, &inside, &account, true).await?))
            }
            .boxed()
        })
        .await?;
    Ok(opened
        .map_or_else(|| super::signing_in::needed(visit, true), |entered| entering::entered(visit, &entered, &visit.path(PageName::Home))))
}

/// Returns whether a new password is the temporary one that an administrator chose: that one cannot become the password (H4).
pub(super) async fn is_still_the_first(visit: &Visit, account: &AccountRow, new: &Secret) -> Result<bool, Failure> {
    let (name, id) = (visit.workspace.name.clone(), account.id.clone());
    let login = visit.read(move |conn| async move { Ok(logins::of_account(conn, &name, &id).await?) }.boxed()).await?;
    match login.filter(|login| login.must_change) {
        Some(login) => visit.server.hashing.verify(new.clone(), login.password_hash).await,
        None => Ok(false),
    }
}

/// Stores a new password, ends every session of the login, tells its owner, and leaves a row in the user log.
pub(super) async fn set_password(
    conn: &mut Conn,
    visit: &Visit,
    account: &AccountRow,
    login: &Login,
    hash: &str,
    event: LoginEvent,
) -> Result<(), Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    logins::set_password(conn, &login.id, hash, false).await?;
    // A person's login opens other workspaces, too: somebody who knew the old password is out of all of them.
    second_factor::forget_sign_ins(conn, &login.id, now).await?;
    tries::forget(conn, &visit.workspace, Guarded::Password, &super::signing_in::guess_mark(visit, &account.user_name, Some(login)))
        .await?;
    let message =
        Message { workspace: name, account: &account.id, kind: MessageKind::PasswordChanged, recipient: &account.user_name, secret: None };
    queue(conn, &visit.server.store, &message, now).await?;
    visit.log(conn, account, MemberLogRow::new(event)).await
}

/// `GET /reset`.
pub(super) fn ask_reset(visit: &Visit) -> Response {
    answer::page(StatusCode::OK, &reset_page(visit))
}

fn reset_page(visit: &Visit) -> Page {
    let email = FieldView {
        name: "email",
        label: "E-mail address".to_owned(),
        kind: FieldKind::Email,
        autocomplete: "username",
        ..FieldView::default()
    };
    let form =
        FormView { action: visit.path(PageName::AskReset), fields: vec![email], hidden: Vec::new(), button: "Send the link".to_owned() };
    let mut page = visit.page("Choose a new password");
    page.lead.push("We send a link to your e-mail address.".to_owned());
    Page { form: Some(form), ..page }
}

/// `POST /reset`: the answer is the same for every address, and so is the work. The link is sent afterward, to the stored address.
pub(super) async fn send_reset(visit: Visit) -> Response {
    let kept = match reset_requests::kept(&visit, visit.form.text("email")) {
        Some(asked) => visit.write(move |writing| async move { Ok(asked_resets::insert(&mut writing.conn, &asked).await?) }.boxed()).await,
        None => Err(Failure::Damaged),
    };
    match kept {
        Ok(()) => {
            let mut page = visit.page("Look at your mail");
            page.lead.push(words::reset_sent());
            answer::page(StatusCode::OK, &page)
        }
        Err(why) => visit.failed(&why),
    }
}

/// `GET /reset/{token}`.
pub(super) async fn ask_new(visit: Visit) -> Response {
    match links::find(&visit, LinkKind::Reset).await {
        Ok(Found::Open(account)) => match own_login(&visit, &account).await {
            Ok(login) => answer::page(StatusCode::OK, &new_page(&visit, &account.user_name, login, ("", ""))),
            Err(why) => visit.failed(&why),
        },
        Ok(other @ (Found::Dead(..) | Found::Unknown)) => links::dead_page(&visit, &other),
        Err(why) => visit.failed(&why),
    }
}

fn new_page(visit: &Visit, address: &str, login: OwnLogin, (wrong_word, fault): (&str, &str)) -> Page {
    let mut fields = vec![user_name(address)];
    if visit.workspace.catalog().spoken_word().is_some() {
        fields.push(links::code_word_field(wrong_word));
    }
    fields.push(new_password_beside(fault, login.has_factor));
    let form = FormView { action: visit.path(PageName::Reset), fields, hidden: Vec::new(), button: "Change the password".to_owned() };
    Page { form: Some(form), ..visit.page("Choose a new password") }
}

/// `POST /reset/{token}`: nobody is signed in by it (H3).
pub(super) async fn set_new(visit: Visit) -> Response {
    visit.answered(reset(&visit).await)
}

async fn reset(visit: &Visit) -> Result<Response, Failure> {
    let account = match links::find(visit, LinkKind::Reset).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(links::dead_page(visit, &other)),
    };
    let own = own_login(visit, &account).await?;
    let again = |word: &str, fault: &str| {
        Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &new_page(visit, &account.user_name, own, (word, fault))))
    };
    let password = match choose(visit.form.typed("new-password"), &known_of(visit, &account), own.has_factor) {
        Ok(password) => password,
        Err(why) => return again("", &words::password(why)),
    };
    if is_still_the_first(visit, &account, &password).await? {
        return again("", words::STILL_THE_FIRST);
    }
    if let Err(why) = links::check_code_word(visit, &account).await? {
        return again(why, "");
    }
    let hash = visit.server.hashing.hash(password).await?;
    let inside = visit.clone();
    let over = visit
        .write(move |writing| {
            async move {
                let conn = &mut writing.conn;
                let account = match links::take(conn, &inside, LinkKind::Reset).await? {
                    Found::Open(account) => account,
                    other @ (Found::Dead(..) | Found::Unknown) => return Ok(Some(other)),
                };
                let Some(login) = logins::of_account(conn, &inside.workspace.name, &account.id).await? else {
                    return Err(Failure::Damaged);
                };
                set_password(conn, &inside, &account, &login, &hash, LoginEvent::ResetPassword).await?;
                Ok(None)
            }
            .boxed()
        })
        .await?;
    if let Some(other) = over {
        return Ok(links::dead_page(visit, &other));
    }
    let mut page = visit.page("Your password is changed");
    page.lead.push("Your sessions were ended, and a mail tells you of the change.".to_owned());
    page.links.push(("Sign in".to_owned(), visit.path(PageName::SignIn)));
    Ok(answer::page(StatusCode::OK, &page))
}
