//! The second factor of a member: the code of an authenticator app (CHR-5). A code by mail is never one.

pub(super) mod changes;
pub(super) mod set_up;

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::entering;
use super::home;
use super::links::when;
use super::mail::queue::{Kind, Message, queue};
use super::passwords;
use super::view::{FieldKind, FieldView, Page};
use super::visit::Visit;
use super::words;
use crate::members::{RECOVERY_CODES, read_recovery};
use crate::model::{Field, Value as FieldValue};
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::scim::records::supporting;
use crate::server::scim::users::{rules, stored::Stored, view as stored_view};
use crate::server::workspace::Workspace;
use crate::server::write::changes as differences;
use crate::store::members::{logins, recovery_codes, second_factors, sessions, trusted_devices};
use crate::store::{AccountRow, AccountWrite, Conn, Writing, accounts};

/// What the key of a login is sealed for.
pub(super) fn purpose(login: &str) -> String {
    format!("second factor {login}")
}

/// A recovery code as it is kept: bound to its login.
pub(super) fn recovery_mark(visit: &Visit, login: &str, typed: &str) -> String {
    visit.server.store.seal(&sha256(&[b"recovery code", login.as_bytes(), read_recovery(typed).as_bytes()]))
}

/// Makes new recovery codes; the old ones end. They are in this answer and nowhere else.
async fn new_codes(conn: &mut Conn, visit: &Visit, login: &str) -> Result<Vec<String>, Failure> {
    let codes = ids::random_recovery_codes();
    let marks: Vec<String> = codes.iter().map(|code| recovery_mark(visit, login, code.expose())).collect();
    recovery_codes::replace(conn, login, &marks, visit.now()).await?;
    Ok(codes.iter().map(|code| code.expose().to_owned()).collect())
}

/// Whether the practice wants a second factor of the holder of an account.
pub(super) async fn is_required(conn: &mut Conn, workspace: &Workspace, account: &AccountRow) -> Result<bool, Failure> {
    if workspace.catalog().field(Field::TwoFactor).is_none() {
        return Ok(false);
    }
    let records = supporting::records(conn, workspace).await?;
    Ok(Stored::read(workspace, account, &records)?.fields.flag(Field::TwoFactor) == Some(true))
}

/// Whether the browser may skip the second factor of an account.
pub(super) async fn is_trusted(conn: &mut Conn, visit: &Visit, account: &str) -> Result<bool, Failure> {
    let Some(hash) = &visit.trust else { return Ok(false) };
    Ok(trusted_devices::is_trusted(conn, &visit.workspace.name, account, hash, visit.now()).await?)
}

/// Removes the second factor of a login with its recovery codes, and the trust in browsers; returns whether there was one.
pub(in crate::server) async fn take_away(conn: &mut Conn, login: &str, now: i64) -> Result<bool, Failure> {
    let had = second_factors::remove(conn, login).await?;
    if had {
        recovery_codes::end(conn, login, now).await?;
        forget_sign_ins(conn, login, now).await?;
    }
    Ok(had)
}

/// Ends the sessions of a login, and the trust in its browsers, in every workspace.
async fn forget_sign_ins(conn: &mut Conn, login: &str, now: i64) -> Result<(), Failure> {
    for (workspace, account) in logins::accounts_of(conn, login).await? {
        sessions::end_of(conn, &workspace, &account, None, now).await?;
        trusted_devices::end_of(conn, &workspace, &account, now).await?;
    }
    Ok(())
}

/// Says on the account, where the platform has a field for it, that signing in needs a second factor; returns what changed, as JSON.
async fn say_it_is_set(writing: &mut Writing, visit: &Visit, account: &AccountRow) -> Result<Option<String>, Failure> {
    let workspace = &visit.workspace;
    if workspace.catalog().field(Field::TwoFactor).is_none() || is_required(&mut writing.conn, workspace, account).await? {
        return Ok(None);
    }
    let records = supporting::records(&mut writing.conn, workspace).await?;
    let employee = Stored::read(workspace, account, &records)?.employee;
    let body = rules::rewritten(&mut writing.conn, workspace, account, &[(Field::TwoFactor, FieldValue::Flag(true))]).await?;
    let change = differences(&stored_view::parse(&account.body)?, &stored_view::parse(&body)?);
    let new = AccountWrite {
        user_name: account.user_name.clone(),
        body,
        role_privileges: account.role_privileges.clone(),
        employee,
        accepted: account.state.accepted,
        inactive: account.state.inactive,
    };
    accounts::update(&mut writing.conn, &workspace.name, &account.id, &new, visit.now()).await?;
    writing.forget();
    Ok(Some(change))
}

/// The field for the present password, without which nobody changes a second factor.
fn present_password(fault: &str) -> FieldView {
    FieldView {
        name: "password",
        label: "Present password".to_owned(),
        kind: FieldKind::Password,
        autocomplete: "current-password",
        fault: fault.to_owned(),
        ..FieldView::default()
    }
}

/// New recovery codes, shown once.
fn codes_page(visit: &Visit, title: &str, codes: Vec<String>) -> Page {
    let mut page = visit.page(title);
    page.signed_in = true;
    page.lead.push(
        "Print these recovery codes, or write them down, and keep them where you find them without your phone. Each one works once in \
         place of a code of the app. They are not shown again."
            .to_owned(),
    );
    page.codes = codes;
    page.links.push(("I have kept them: go on".to_owned(), visit.path("")));
    page
}

/// `GET /second-factor`.
pub(super) async fn show(visit: Visit) -> Response {
    match status(&visit).await {
        Ok(Some(page)) => answer::page(StatusCode::OK, &page),
        Ok(None) => super::signing_in::needed(&visit, false),
        Err(why) => visit.failed(&why),
    }
}

async fn status(visit: &Visit) -> Result<Option<Page>, Failure> {
    let Some(account) = passwords::account_of(visit).await? else { return Ok(None) };
    let inside = visit.clone();
    let read = visit.read(move |conn| {
        async move {
            let (name, now) = (&inside.workspace.name, inside.now());
            let login = logins::of_account(conn, name, &account.id).await?.ok_or(Failure::Damaged)?;
            let Some(factor) = second_factors::find(conn, &login.id).await? else { return Ok(None) };
            let left = recovery_codes::left(conn, &login.id).await?;
            let trusted = trusted_devices::count(conn, name, &account.id, now).await?;
            Ok(Some((factor.since, left, trusted, is_required(conn, &inside.workspace, &account).await?)))
        }
        .boxed()
    });
    let mut page = visit.page("Second factor");
    let Some((since, left, trusted, is_required)) = read.await? else {
        page.lead.push("With a second factor, signing in needs your password and a code that an app on your phone shows.".to_owned());
        page.links.push(("Set up a second factor".to_owned(), visit.path("second-factor/set-up")));
        return Ok(Some(page));
    };
    page.lead.push("Signing in needs your password and a code that an app on your phone shows.".to_owned());
    page.facts.push(("Set up on".to_owned(), when(visit, since).unwrap_or_default()));
    page.facts.push(("Recovery codes that you have not used".to_owned(), format!("{left} of {RECOVERY_CODES}")));
    page.facts.push(("Browsers that you trust".to_owned(), trusted.to_string()));
    if trusted > 0 {
        page.buttons.push((visit.path("second-factor/trusted-browsers"), "Trust no browser any more".to_owned()));
    }
    page.links.push(("Make new recovery codes".to_owned(), visit.path("second-factor/recovery-codes")));
    page.links.push(("Set up another app or phone".to_owned(), visit.path("second-factor/set-up")));
    if is_required {
        page.lead
            .push("It stays on: an administrator of the practice can reset it if you lose your phone and your recovery codes.".to_owned());
    } else {
        page.links.push(("Remove the second factor".to_owned(), visit.path("second-factor/remove")));
    }
    Ok(Some(page))
}

/// Tells the holder of an account of a change to the second factor.
pub(super) async fn tell(conn: &mut Conn, visit: &Visit, account: &AccountRow, kind: Kind) -> Result<(), Failure> {
    let message = Message { workspace: &visit.workspace.name, account: &account.id, kind, recipient: &account.user_name, secret: None };
    queue(conn, &visit.server, &message, visit.now()).await
}
