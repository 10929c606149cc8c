//! The office of main admin: offered by one member, taken by another.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::{answer, read};
use crate::members::{DeadLink, Login, MessageKind, OFFER_LIVES, Wait, may_send};
use crate::model::{DAY, Email};
use crate::platform::sentences::span;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::links::{self, Found};
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::passwords::{present_password, user_name};
use crate::server::members::signing_in::{self, entering};
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::{Row, Session, Visit};
use crate::server::members::words;
use crate::store::members::links::{NewLink, Purpose};
use crate::store::members::logins;
use crate::store::members::{links as stored_links, main_admins};
use crate::store::{AccountRow, Conn, Writing, accounts};
use crate::workspace::may_sign_in;

/// `GET /main-admin`: for the main admin alone.
pub(in crate::server::members) async fn ask(visit: Visit) -> Response {
    match read(&visit).await {
        Ok(Some(profile)) if profile.account.main_admin => answer::page(StatusCode::OK, &offer_page(&visit, &profile.account, "", "", "")),
        Ok(Some(_)) => links::dead_page(&visit, &Found::Unknown),
        Ok(None) => signing_in::needed(&visit, false),
        Err(why) => visit.failed(&why),
    }
}

fn offer_page(visit: &Visit, account: &AccountRow, typed: &str, wrong_member: &str, wrong_password: &str) -> Page {
    let member = FieldView {
        name: "email",
        label: "E-mail address of the next main admin".to_owned(),
        kind: FieldKind::Email,
        autocomplete: "off",
        value: typed.to_owned(),
        hint: format!("Somebody with an active account in {}.", visit.workspace.name),
        fault: wrong_member.to_owned(),
    };
    let form = FormView {
        action: visit.path(PageName::OfferMainAdmin),
        fields: vec![user_name(&account.user_name), member, present_password(wrong_password)],
        hidden: Vec::new(),
        button: "Offer it".to_owned(),
    };
    let mut page = visit.page("Hand over the office of main admin");
    page.lead.push(format!(
        "You are the main admin of {}. We send a link to the next one, which works for {}. You stay the main admin until they \
         have taken over, and keep your role afterward.",
        visit.workspace.name,
        span(OFFER_LIVES)
    ));
    Page { form: Some(form), ..page }
}

/// `POST /main-admin`.
pub(in crate::server::members) async fn offer(visit: Visit) -> Response {
    match offered(&visit).await {
        Ok(response) => response,
        Err(why) => visit.failed(&why),
    }
}

/// What an offer ended in.
enum Offered {
    Sent,
    NoSuchMember,
    TooMany(Wait),
    SignedOut,
}

async fn offered(visit: &Visit) -> Result<Response, Failure> {
    let (Some(profile), Some(session)) = (read(visit).await?, visit.session.clone()) else { return Ok(signing_in::needed(visit, true)) };
    if !profile.account.main_admin {
        return Ok(links::dead_page(visit, &Found::Unknown));
    }
    let typed = visit.form.text("email");
    let again = |status, wrong_member: &str, wrong_password: &str| {
        Ok(answer::page(status, &offer_page(visit, &profile.account, typed, wrong_member, wrong_password)))
    };
    if !signing_in::is_right(visit, &profile.account, visit.form.typed("password")).await? {
        return again(StatusCode::UNPROCESSABLE_ENTITY, "", words::NOT_YOUR_PASSWORD);
    }
    let (inside, to) = (visit.clone(), typed.to_owned());
    let done = visit.write(move |writing| async move { send_to(&mut writing.conn, &inside, &session, &to).await }.boxed()).await?;
    match done {
        Offered::SignedOut => Ok(signing_in::needed(visit, true)),
        Offered::NoSuchMember => again(StatusCode::UNPROCESSABLE_ENTITY, "Nobody else with an active account here has this address.", ""),
        Offered::TooMany(wait) => again(StatusCode::TOO_MANY_REQUESTS, &words::wait_for_link(wait.millis), ""),
        Offered::Sent => {
            let mut page = visit.page("The offer is on its way");
            page.lead.push(format!("A link is on its way to {typed}. You stay the main admin until it is used."));
            page.links.push(("Back to the first page".to_owned(), visit.path(PageName::Home)));
            Ok(answer::page(StatusCode::OK, &page))
        }
    }
}

async fn send_to(conn: &mut Conn, visit: &Visit, session: &Session, typed: &str) -> Result<Offered, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(admin) = entering::still(conn, visit, session).await?.filter(|account| account.main_admin) else {
        return Ok(Offered::SignedOut);
    };
    let Ok(address) = Email::parse(typed) else { return Ok(Offered::NoSuchMember) };
    let found = accounts::find_by_user_name(conn, name, address.as_str()).await?;
    let Some(next) = found.filter(|next| next.id != admin.id && may_sign_in(&next.state)) else { return Ok(Offered::NoSuchMember) };
    let earlier = stored_links::sent_since(conn, name, &next.id, Purpose::Office, now.saturating_sub(DAY)).await?;
    if let Err(wait) = may_send(&earlier, now) {
        return Ok(Offered::TooMany(wait));
    }
    let token = ids::random_token("roff_");
    let link = NewLink {
        hash: sha256(&[token.expose().as_bytes()]),
        account: next.id.clone(),
        purpose: Purpose::Office,
        expires_at: now.saturating_add(OFFER_LIVES),
        address: Some(admin.id.clone()),
    };
    stored_links::insert(conn, name, &link, now).await?;
    let message =
        Message { workspace: name, account: &next.id, kind: MessageKind::OfficeOffered, recipient: &next.user_name, secret: Some(&token) };
    queue(conn, &visit.server, &message, now).await?;
    let detail = Some(format!("to {}", next.user_name));
    visit.log(conn, &admin, Row { action: "offer-main-admin", detail, ..Row::default() }).await?;
    Ok(Offered::Sent)
}

/// `GET /main-admin/{token}`.
pub(in crate::server::members) async fn ask_take(visit: Visit) -> Response {
    match look(&visit).await {
        Ok(Ok((account, _))) => answer::page(StatusCode::OK, &take_page(&visit, &account, "")),
        Ok(Err(other)) => links::dead_page(&visit, &other),
        Err(why) => visit.failed(&why),
    }
}

async fn look(visit: &Visit) -> Result<Result<(Box<AccountRow>, Login), Found>, Failure> {
    let account = match links::find(visit, Purpose::Office).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(Err(other)),
    };
    let (name, id) = (visit.workspace.name.clone(), account.id.clone());
    let login = visit.read(move |conn| async move { Ok(logins::of_account(conn, &name, &id).await?) }.boxed()).await?;
    Ok(Ok((account, login.ok_or(Failure::Damaged)?)))
}

fn take_page(visit: &Visit, account: &AccountRow, fault: &str) -> Page {
    let form = FormView {
        action: visit.path(PageName::BecomeMainAdmin),
        fields: vec![user_name(&account.user_name), present_password(fault)],
        hidden: Vec::new(),
        button: "Become main admin".to_owned(),
    };
    let mut page = visit.page(&format!("Become main admin of {}", visit.workspace.name));
    page.lead.push(format!(
        "You go on as {}. The main admin may do everything in {}, and nobody can block or inactivate them.",
        account.user_name, visit.workspace.name
    ));
    Page { form: Some(form), ..page }
}

/// `POST /main-admin/{token}`: the password shows that it is the holder of the account.
pub(in crate::server::members) async fn take(visit: Visit) -> Response {
    match taken(&visit).await {
        Ok(response) => response,
        Err(why) => visit.failed(&why),
    }
}

async fn taken(visit: &Visit) -> Result<Response, Failure> {
    let (account, login) = match look(visit).await? {
        Ok(found) => found,
        Err(other) => return Ok(links::dead_page(visit, &other)),
    };
    if !signing_in::is_password_of(visit, &account, &login, visit.form.typed("password")).await? {
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &take_page(visit, &account, words::NOT_YOUR_PASSWORD)));
    }
    let inside = visit.clone();
    let over = visit.write(move |writing| async move { store(writing, &inside, &login).await }.boxed()).await?;
    if let Some(other) = over {
        return Ok(links::dead_page(visit, &other));
    }
    let mut page = visit.page(&format!("You are the main admin of {}", visit.workspace.name));
    page.lead.push("A mail tells the one before. Rosters name the main admin, too: write your address there.".to_owned());
    page.links.push(("Go on".to_owned(), visit.path(PageName::Home)));
    Ok(answer::page(StatusCode::OK, &page))
}

/// Moves the office, if the one who offered it still has it.
async fn store(writing: &mut Writing, visit: &Visit, login: &Login) -> Result<Option<Found>, Failure> {
    let (conn, name, now) = (&mut writing.conn, visit.workspace.name.as_str(), visit.now());
    let link = stored_links::find(conn, name, Purpose::Office, &links::hash(&visit.token)).await?;
    let account = match links::take(conn, visit, Purpose::Office).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(Some(other)),
    };
    let present = logins::of_account(conn, name, &account.id).await?;
    let is_same = present.is_some_and(|present| present.is_still(login));
    let former = accounts::main_admin(conn, name).await?;
    let offered_by = link.and_then(|link| link.address);
    let Some(former) = former.filter(|former| is_same && Some(&former.id) == offered_by.as_ref()) else {
        return Ok(Some(Found::Dead(DeadLink::Withdrawn, None)));
    };
    main_admins::set(conn, name, &account.id, now).await?;
    let detail = Some(format!("in place of {}", former.user_name));
    visit.log(conn, &account, Row { action: "become-main-admin", detail, ..Row::default() }).await?;
    let message =
        Message { workspace: name, account: &former.id, kind: MessageKind::OfficeMoved, recipient: &former.user_name, secret: None };
    queue(conn, &visit.server, &message, now).await?;
    writing.forget();
    Ok(None)
}
