//! The pages of the main admin role: one member offers it, another accepts it.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::handover::{self, target};
use super::{answer, read};
use crate::members::{DeadLink, Login, LoginEvent, MessageKind, OFFER_LIVES, Wait, may_send};
use crate::model::{DAY, Email, OwnSecret};
use crate::report::span;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::links::{self, Found};
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::passwords::{present_password, user_name};
use crate::server::members::signing_in::{self, entering};
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::server::members::words;
use crate::store::members::links as stored_links;
use crate::store::members::links::{LinkKind, LinkPurpose, NewLink};
use crate::store::members::logins;
use crate::store::{AccountRow, Conn, Writing, accounts};
use crate::workspace::{HandedBy, hand_over, may_become_main_admin};

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
        hint: format!("They need an active account in {}.", visit.workspace.name),
        fault: wrong_member.to_owned(),
    };
    let form = FormView {
        action: visit.path(PageName::OfferMainAdmin),
        fields: vec![user_name(&account.user_name), member, present_password(wrong_password)],
        hidden: Vec::new(),
        button: "Offer the role".to_owned(),
    };
    let mut page = visit.page(words::HAND_OVER);
    page.lead.push(format!(
        "You are the main admin of {}. We send a link to the next main admin, which works for {}. You stay the main admin until they \
         accept. Afterward, you keep your account and your role.",
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

/// The outcome of an offer.
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
    let again = |wrong_member: &str, wrong_password: &str| {
        Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &offer_page(visit, &profile.account, typed, wrong_member, wrong_password)))
    };
    if !signing_in::is_right(visit, &profile.account, visit.form.typed("password")).await? {
        return again("", words::NOT_YOUR_PASSWORD);
    }
    let (inside, to) = (visit.clone(), typed.to_owned());
    let done = visit.write(move |writing| async move { send_to(&mut writing.conn, &inside, &session, &to).await }.boxed()).await?;
    match done {
        Offered::SignedOut => Ok(signing_in::needed(visit, true)),
        Offered::NoSuchMember => again("Nobody else with an active account here has this address.", ""),
        Offered::TooMany(wait) => {
            let fault = words::wait_for_link(wait.millis);
            Ok(answer::wait(wait, &offer_page(visit, &profile.account, typed, &fault, "")))
        }
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
    let Some(next) = found.filter(|next| may_become_main_admin(&target(&admin), &target(next)).is_ok()) else {
        return Ok(Offered::NoSuchMember);
    };
    let earlier = stored_links::sent_since(conn, name, &next.id, LinkKind::MainAdmin, now.saturating_sub(DAY)).await?;
    if let Err(wait) = may_send(&earlier, now) {
        return Ok(Offered::TooMany(wait));
    }
    let token = ids::random_token(OwnSecret::MainAdmin);
    let link = NewLink {
        hash: sha256(&[token.expose().as_bytes()]),
        account: next.id.clone(),
        purpose: LinkPurpose::MainAdmin { offered_by: admin.id.clone() },
        expires_at: now.saturating_add(OFFER_LIVES),
    };
    stored_links::insert(conn, name, &link, now).await?;
    let message = Message {
        workspace: name,
        account: &next.id,
        kind: MessageKind::MainAdminOffered,
        recipient: &next.user_name,
        secret: Some(&token),
    };
    queue(conn, &visit.server.store, &message, now).await?;
    let detail = Some(format!("to {}", next.user_name));
    visit.log(conn, &admin, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::OfferedMainAdmin) }).await?;
    Ok(Offered::Sent)
}

/// `GET /main-admin/{token}`.
pub(in crate::server::members) async fn ask_accept(visit: Visit) -> Response {
    match look(&visit).await {
        Ok(Ok((account, _))) => answer::page(StatusCode::OK, &accept_page(&visit, &account, "")),
        Ok(Err(other)) => links::dead_page(&visit, &other),
        Err(why) => visit.failed(&why),
    }
}

async fn look(visit: &Visit) -> Result<Result<(Box<AccountRow>, Login), Found>, Failure> {
    let account = match links::find(visit, LinkKind::MainAdmin).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(Err(other)),
    };
    let (name, id) = (visit.workspace.name.clone(), account.id.clone());
    let login = visit.read(move |conn| async move { Ok(logins::of_account(conn, &name, &id).await?) }.boxed()).await?;
    Ok(Ok((account, login.ok_or(Failure::Damaged)?)))
}

fn accept_page(visit: &Visit, account: &AccountRow, fault: &str) -> Page {
    let form = FormView {
        action: visit.path(PageName::BecomeMainAdmin),
        fields: vec![user_name(&account.user_name), present_password(fault)],
        hidden: Vec::new(),
        button: "Become main admin".to_owned(),
    };
    let mut page = visit.page(&format!("Become main admin of {}", visit.workspace.name));
    page.lead.push(format!(
        "Your account is {}. The main admin may do everything in {}, and nobody can block or inactivate them.",
        account.user_name, visit.workspace.name
    ));
    Page { form: Some(form), ..page }
}

/// `POST /main-admin/{token}`: the password shows that it is the holder of the account.
pub(in crate::server::members) async fn accept(visit: Visit) -> Response {
    match accepted(&visit).await {
        Ok(response) => response,
        Err(why) => visit.failed(&why),
    }
}

async fn accepted(visit: &Visit) -> Result<Response, Failure> {
    let (account, login) = match look(visit).await? {
        Ok(found) => found,
        Err(other) => return Ok(links::dead_page(visit, &other)),
    };
    if !signing_in::is_password_of(visit, &account, &login, visit.form.typed("password")).await? {
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &accept_page(visit, &account, words::NOT_YOUR_PASSWORD)));
    }
    let inside = visit.clone();
    let over = visit.write(move |writing| async move { store(writing, &inside, &login).await }.boxed()).await?;
    if let Some(other) = over {
        return Ok(links::dead_page(visit, &other));
    }
    let mut page = visit.page(&format!("You are the main admin of {}", visit.workspace.name));
    page.lead
        .push("The previous main admin gets a mail. If your practice keeps a roster, write your address there as `main_admin`.".to_owned());
    page.links.push(("Go on".to_owned(), visit.path(PageName::Home)));
    Ok(answer::page(StatusCode::OK, &page))
}

/// Hands the role over, if the member who offered it still has it.
async fn store(writing: &mut Writing, visit: &Visit, login: &Login) -> Result<Option<Found>, Failure> {
    let (conn, name) = (&mut writing.conn, visit.workspace.name.as_str());
    let link = stored_links::find(conn, name, LinkKind::MainAdmin, &links::hash(&visit.token)).await?;
    let account = match links::take(conn, visit, LinkKind::MainAdmin).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(Some(other)),
    };
    let present = logins::of_account(conn, name, &account.id).await?;
    let is_same = present.is_some_and(|present| present.is_still(login));
    let former = accounts::main_admin(conn, name).await?;
    let offer = link.as_ref().and_then(|link| link.purpose.offered_by());
    let handover = former.as_ref().zip(offer).map(|(former, id)| hand_over(&target(former), &target(&account), HandedBy::MainAdmin { id }));
    let (Some(former), Some(Ok(handover)), true) = (former, handover, is_same) else {
        return Ok(Some(Found::Dead(DeadLink::Withdrawn, None)));
    };
    let entry = visit.entry(&account, MemberLogRow::new(LoginEvent::BecameMainAdmin));
    handover::carry_out(writing, &visit.server.store, name, (&former, &account), handover, entry).await?;
    Ok(None)
}
