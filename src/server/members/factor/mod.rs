//! The second factor of a member: the code of an authenticator app (CHR-5). A code by mail is never one.

pub(super) mod changes;
pub(super) mod saved_codes;
pub(super) mod set_up;

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::passwords;
use super::signing_in;
use super::signing_in::second_factor;
use super::view::Page;
use super::visit::Visit;
use crate::members::RECOVERY_CODES;
use crate::model::Value as FieldValue;
use crate::server::AttributeChanges;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::words;
use crate::server::scim::users::rules;
use crate::store::members::{logins, recovery_codes, second_factors, trusted_devices};
use crate::store::{AccountRow, Conn, Writing};

/// Makes new recovery codes; the old ones end. They are in this answer and nowhere else.
async fn new_codes(conn: &mut Conn, visit: &Visit, login: &str) -> Result<Vec<String>, Failure> {
    let codes = ids::random_recovery_codes();
    let marks: Vec<String> = codes.iter().map(|code| second_factor::recovery_mark(visit, login, code.expose())).collect();
    recovery_codes::replace(conn, login, &marks, visit.now()).await?;
    Ok(codes.iter().map(|code| code.expose().to_owned()).collect())
}

/// Says on the account, where the platform has a field for it, that signing in needs a second factor; returns what changed.
async fn say_it_is_set(writing: &mut Writing, visit: &Visit, account: &AccountRow) -> Result<AttributeChanges, Failure> {
    let workspace = &visit.workspace;
    let Some(field) = second_factor::field(workspace) else { return Ok(AttributeChanges::default()) };
    let is_set = [(field, FieldValue::Flag(true))];
    let changes = rules::rewrite(&mut writing.conn, workspace, account, &is_set, visit.now()).await?;
    writing.forget();
    Ok(changes)
}

/// `GET /second-factor`.
pub(super) async fn show(visit: Visit) -> Response {
    match status(&visit).await {
        Ok(Some(page)) => answer::page(StatusCode::OK, &page),
        Ok(None) => signing_in::needed(&visit, false),
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
            Ok(Some((factor.since, left, trusted, second_factor::is_required(&inside.workspace, &account))))
        }
        .boxed()
    });
    let mut page = visit.page("Second factor");
    let Some((since, left, trusted, is_required)) = read.await? else {
        page.lead.push("With a second factor, signing in needs your password and a code that an app on your phone shows.".to_owned());
        page.links.push((words::SET_UP_FACTOR.to_owned(), visit.path(PageName::SetUpFactor)));
        return Ok(Some(page));
    };
    page.lead.push("Signing in needs your password and a code that an app on your phone shows.".to_owned());
    page.facts.push(("Set up on".to_owned(), visit.when(since).unwrap_or_default()));
    page.facts.push(("Recovery codes that you have not used".to_owned(), format!("{left} of {RECOVERY_CODES}")));
    page.facts.push(("Browsers that you trust".to_owned(), trusted.to_string()));
    if trusted > 0 {
        page.buttons.push((visit.path(PageName::TrustedBrowsers), "Stop trusting browsers".to_owned()));
    }
    page.links.push(("Make new recovery codes".to_owned(), visit.path(PageName::RecoveryCodes)));
    page.links.push(("Set up another app or phone".to_owned(), visit.path(PageName::SetUpFactor)));
    if is_required {
        page.lead
            .push("It stays on: an administrator of the practice can reset it if you lose your phone and your recovery codes.".to_owned());
    } else {
        page.links.push(("Remove the second factor".to_owned(), visit.path(PageName::RemoveFactor)));
    }
    Ok(Some(page))
}
