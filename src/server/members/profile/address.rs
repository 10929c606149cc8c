//! The e-mail address of a person's login (AR-13): confirmed at the new address, and changed in every workspace. The old one gets a mail.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, json};

use super::{Profile, address_link, answer, of_a_platform, own_login, read};
use crate::members::{DeadLink, Login, LoginEvent, MessageKind};
use crate::model::Email;
use crate::server::AttributeChanges;
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::links::{self, Found};
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::passwords::{present_password, user_name};
use crate::server::members::signing_in;
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::{MemberLogRow, Visit};
use crate::server::members::words;
use crate::store::members::links::LinkKind;
use crate::store::members::logins;
use crate::store::members::{addresses, links as stored_links};
use crate::store::{AccountRow, Writing, accounts};

use super::colleagues;

/// `GET /profile/address`.
pub(in crate::server::members) async fn ask(visit: Visit) -> Response {
    of_a_platform(&visit, |visit, profile| {
        if profile.login.is_persons() { address_page(visit, profile, "", "", "") } else { own_login::page(visit, profile, "") }
    })
    .await
}

fn address_page(visit: &Visit, profile: &Profile, typed: &str, wrong_address: &str, wrong_password: &str) -> Page {
    let address = FieldView {
        name: "email",
        label: "New e-mail address".to_owned(),
        kind: FieldKind::Email,
        autocomplete: "email",
        value: typed.to_owned(),
        fault: wrong_address.to_owned(),
        ..FieldView::default()
    };
    let form = FormView {
        action: visit.path(PageName::ChangeAddress),
        fields: vec![user_name(&profile.account.user_name), address, present_password(wrong_password)],
        hidden: Vec::new(),
        button: "Send the link".to_owned(),
    };
    let mut page = visit.page(words::CHANGE_ADDRESS);
    page.lead.push(format!(
        "Your address is {}. We send a link to the new one. It takes the place of the old one, in every practice that you belong to, once \
         you have opened the link.",
        profile.account.user_name
    ));
    Page { form: Some(form), ..page }
}

/// `POST /profile/address`: sends a link to the new address. Whether that address has a login, only its holder learns.
pub(in crate::server::members) async fn send(visit: Visit) -> Response {
    visit.answered(sent(&visit).await)
}

async fn sent(visit: &Visit) -> Result<Response, Failure> {
    let (Some(profile), Some(session)) = (read(visit).await?, visit.session.clone()) else { return Ok(signing_in::needed(visit, true)) };
    if !visit.workspace.catalog().shares_logins() {
        return Ok(links::dead_page(visit, &Found::Unknown));
    }
    if !profile.login.is_persons() {
        return own_login::send(visit, &profile, session).await;
    }
    let typed = visit.form.text("email");
    let again = |wrong_address: &str, wrong_password: &str| {
        Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &address_page(visit, &profile, typed, wrong_address, wrong_password)))
    };
    let Ok(address) = Email::parse(typed) else {
        return again("Type an e-mail address, such as name@practice.example.", "");
    };
    if address.as_str() == profile.account.user_name {
        return again("This is already your address.", "");
    }
    if !signing_in::is_right(visit, &profile.account, visit.form.typed("password")).await? {
        return again("", words::NOT_YOUR_PASSWORD);
    }
    let inside = visit.clone();
    let done = visit
        .write(move |writing| async move { address_link::send_to(&mut writing.conn, &inside, &session, &address).await }.boxed())
        .await?;
    match done {
        None => Ok(signing_in::needed(visit, true)),
        Some(Err(wait)) => Ok(answer::wait(wait, &address_page(visit, &profile, typed, &words::wait_for_link(wait.millis), ""))),
        Some(Ok(())) => Ok(address_link::on_its_way(visit, typed)),
    }
}

/// `GET /address/{token}`: opened on any device, in any browser.
pub(in crate::server::members) async fn ask_confirm(visit: Visit) -> Response {
    match look(&visit).await {
        Ok(Ok((_, login, address))) if login.is_persons() => answer::page(StatusCode::OK, &confirm_page(&visit, &address, "")),
        Ok(Ok((account, login, _))) => match own_login::holder(&visit, account, login).await {
            Ok(holder) => answer::page(StatusCode::OK, &own_login::number_page(&visit, &holder, "", "")),
            Err(why) => visit.failed(&why),
        },
        Ok(Err(other)) => links::dead_page(&visit, &other),
        Err(why) => visit.failed(&why),
    }
}

/// The account and the login of the link of the path, and the address that it confirms.
async fn look(visit: &Visit) -> Result<Result<(Box<AccountRow>, Login, String), Found>, Failure> {
    let account = match links::find(visit, LinkKind::Address).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(Err(other)),
    };
    let (name, id, hash) = (visit.workspace.name.clone(), account.id.clone(), links::hash(&visit.token));
    let found = visit.read(move |conn| {
        async move {
            let login = logins::of_account(conn, &name, &id).await?;
            Ok((login, stored_links::find(conn, &name, LinkKind::Address, &hash).await?))
        }
        .boxed()
    });
    let (Some(login), Some(link)) = found.await? else { return Err(Failure::Damaged) };
    Ok(Ok((account, login, link.purpose.address().ok_or(Failure::Damaged)?.to_owned())))
}

fn confirm_page(visit: &Visit, address: &str, fault: &str) -> Page {
    let form = FormView {
        action: visit.path(PageName::ConfirmAddress),
        fields: vec![user_name(address), present_password(fault)],
        hidden: Vec::new(),
        button: "Use this address".to_owned(),
    };
    let mut page = visit.page("Confirm your new e-mail address");
    page.lead.push(format!("From now on, you sign in as {address}, and mail goes there."));
    Page { form: Some(form), ..page }
}

/// `POST /address/{token}`: the password shows that it is the holder of the login.
pub(in crate::server::members) async fn confirm(visit: Visit) -> Response {
    visit.answered(confirmed(&visit).await)
}

/// The outcome of a confirmation.
enum ConfirmationEnd {
    Changed,
    /// Another login or account has the address.
    Taken,
    Dead(Found),
}

async fn confirmed(visit: &Visit) -> Result<Response, Failure> {
    let (account, login, address) = match look(visit).await? {
        Ok(found) => found,
        Err(other) => return Ok(links::dead_page(visit, &other)),
    };
    if !login.is_persons() {
        let holder = own_login::holder(visit, account, login).await?;
        return own_login::confirmed(visit, holder).await;
    }
    if !signing_in::is_password_of(visit, &account, &login, visit.form.typed("password")).await? {
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &confirm_page(visit, &address, words::NOT_YOUR_PASSWORD)));
    }
    let (inside, to) = (visit.clone(), address.clone());
    let stored = visit.write(move |writing| async move { store(writing, &inside, &login, &to).await }.boxed()).await?;
    match stored {
        ConfirmationEnd::Changed => {
            let mut page = visit.page("Your e-mail address is changed");
            page.lead.push(format!("Sign in as {address} from now on. A mail to the old address tells of the change."));
            page.links.push(("Go on".to_owned(), visit.path(PageName::Home)));
            Ok(answer::page(StatusCode::OK, &page))
        }
        ConfirmationEnd::Taken => {
            let mut page = visit.page("This address is in use");
            page.lead.push(format!("{address} belongs to another login already, so yours keeps the address that it has."));
            page.links.push(("Go on".to_owned(), visit.path(PageName::Home)));
            Ok(answer::page(StatusCode::CONFLICT, &page))
        }
        ConfirmationEnd::Dead(other) => Ok(links::dead_page(visit, &other)),
    }
}

/// Changes the address of the login and of each of its accounts, all or none; each workspace logs its own.
async fn store(writing: &mut Writing, visit: &Visit, login: &Login, address: &str) -> Result<ConfirmationEnd, Failure> {
    let (conn, now) = (&mut writing.conn, visit.now());
    let account = match links::take(conn, visit, LinkKind::Address).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(ConfirmationEnd::Dead(other)),
    };
    let present = logins::of_account(conn, &visit.workspace.name, &account.id).await?;
    if !present.is_some_and(|present| present.is_still(login)) {
        return Ok(ConfirmationEnd::Dead(Found::Dead(DeadLink::Withdrawn, Some(now))));
    }
    if logins::of_person(conn, &visit.workspace.catalog().platform, address).await?.is_some() {
        return Ok(ConfirmationEnd::Taken);
    }
    let all = logins::accounts_of(conn, &login.id).await?;
    for (name, _) in &all {
        if accounts::find_by_user_name(conn, name, address).await?.is_some() {
            return Ok(ConfirmationEnd::Taken);
        }
    }
    addresses::set(conn, &login.id, address).await?;
    for (name, id) in all {
        let Some(row) = accounts::find(conn, &name, &id).await? else { continue };
        let Some(workspace) = crate::server::auth::workspace(conn, &visit.server, &name).await? else { continue };
        let last = Email::parse(&row.user_name).map_err(|_| Failure::Damaged)?;
        let mut former = row.former.clone();
        former.retain(|known| *known != last && known.as_str() != address);
        former.push(last);
        addresses::set_of_account(conn, &name, &id, (address, &former), now).await?;
        // Links in the mailbox of the old address no longer open anything.
        stored_links::withdraw_of(conn, &name, &id, now).await?;
        let session = visit.session.clone().filter(|_| name == visit.workspace.name);
        let there = Visit { workspace, session, ..visit.clone() };
        let one = |address: &str| Map::from_iter([("userName".to_owned(), json!(address))]);
        let changes = AttributeChanges::between(Some(&one(&row.user_name)), Some(&one(address)));
        there.log(conn, &row, MemberLogRow { changes, ..MemberLogRow::new(LoginEvent::ChangedAddress) }).await?;
        colleagues::follow(conn, &there, (&row.user_name, address)).await?;
    }
    let message = Message {
        workspace: &visit.workspace.name,
        account: &account.id,
        kind: MessageKind::AddressChanged,
        recipient: &account.user_name,
        secret: None,
    };
    queue(conn, &visit.server.store, &message, now).await?;
    writing.forget();
    Ok(ConfirmationEnd::Changed)
}
