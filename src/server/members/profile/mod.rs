//! A member's own profile: the names that the platform lets members change (AR-13, CHR-4), and the cell phone of a person's login.

pub(super) mod address;
mod address_link;
pub(super) mod cell;
mod colleagues;
pub(super) mod handover;
pub(super) mod main_admin;
mod own_login;
pub(super) mod own_rights;

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::links;
use super::signing_in::{self, entering};
use super::view::{FieldView, FormView, Page};
use super::visit::{MemberLogRow, Session, Visit};
use super::words;
use crate::members::Login;
use crate::model::{Action, Field, Value as FieldValue};
use crate::platform::field_rules::ChangedBy;
use crate::server::auth;
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::server::scim::users::rules;
use crate::store::members::logins;
use crate::store::{AccountRow, Writing, accounts};

/// The names of a person: field, name in the form, label, what browsers fill in, and whether it must be there.
const NAMES: [(Field, &str, &str, &str, bool); 3] = [
    (Field::FirstName, "first-name", "First name", "given-name", true),
    (Field::LastName, "last-name", "Last name", "family-name", true),
    (Field::Title, "title", "Title", "organization-title", false),
];

/// Returns whether members of the platform change a field themselves.
fn is_theirs(visit: &Visit, field: Field) -> bool {
    visit.workspace.catalog().field(field).is_some_and(|rule| match rule.by {
        ChangedBy::Member | ChangedBy::Suggestion => true,
        ChangedBy::Admin | ChangedBy::BeforeAcceptance => false,
    })
}

/// The content of the page.
struct Profile {
    account: AccountRow,
    login: Login,
    /// The values of [`NAMES`], in their order.
    names: [String; 3],
    /// Says whether a set-up link opened the session: then it changes nothing of a login that opens other workspaces, too.
    by_link: bool,
}

impl Profile {
    /// Returns whether the session may change the names: those of a person's login show in other workspaces.
    const fn may_rename(&self) -> bool {
        !(self.by_link && self.login.is_persons())
    }
}

async fn read(visit: &Visit) -> Result<Option<Profile>, Failure> {
    let Some(session) = visit.session.clone() else { return Ok(None) };
    let inside = visit.clone();
    visit
        .read(move |conn| {
            async move {
                let workspace = &inside.workspace;
                let Some(account) = accounts::find(conn, &workspace.name, &session.row.account).await? else { return Ok(None) };
                let login = logins::of_account(conn, &workspace.name, &account.id).await?.ok_or(Failure::Damaged)?;
                let names = NAMES.map(|(field, ..)| account.particulars.fields().text(field).unwrap_or_default().to_owned());
                Ok(Some(Profile { account, login, names, by_link: session.row.by_link }))
            }
            .boxed()
        })
        .await
}

/// `GET /profile`.
pub(super) async fn ask(visit: Visit) -> Response {
    match read(&visit).await {
        Ok(Some(profile)) => answer::page(StatusCode::OK, &page(&visit, &profile, &profile.names, &<[String; 3]>::default())),
        Ok(None) => signing_in::needed(&visit, false),
        Err(why) => visit.failed(&why),
    }
}

/// Shows a page about what belongs to a person's login: the logins of one workspace alone have none of it.
async fn of_a_person(visit: &Visit, page: fn(&Visit, &Profile) -> Page) -> Response {
    match read(visit).await {
        Ok(Some(profile)) if profile.login.is_persons() => answer::page(StatusCode::OK, &page(visit, &profile)),
        Ok(Some(_)) => links::dead_page(visit, &links::Found::Unknown),
        Ok(None) => signing_in::needed(visit, false),
        Err(why) => visit.failed(&why),
    }
}

/// Shows a page that a platform has where people have one login for all of its workspaces.
async fn of_a_platform(visit: &Visit, page: fn(&Visit, &Profile) -> Page) -> Response {
    match read(visit).await {
        Ok(Some(profile)) if visit.workspace.catalog().shares_logins() => answer::page(StatusCode::OK, &page(visit, &profile)),
        Ok(Some(_)) => links::dead_page(visit, &links::Found::Unknown),
        Ok(None) => signing_in::needed(visit, false),
        Err(why) => visit.failed(&why),
    }
}

fn page(visit: &Visit, profile: &Profile, names: &[String; 3], faults: &[String; 3]) -> Page {
    let mut page = visit.page("Your profile");
    page.facts.push(("E-mail address".to_owned(), profile.account.user_name.clone()));
    let mut fields = Vec::new();
    for (((field, name, label, autocomplete, _), value), fault) in NAMES.into_iter().zip(names).zip(faults) {
        if is_theirs(visit, field) && profile.may_rename() {
            let (value, fault) = (value.clone(), fault.clone());
            fields.push(FieldView { name, label: label.to_owned(), autocomplete, value, fault, ..FieldView::default() });
        } else if !value.is_empty() {
            page.facts.push((label.to_owned(), value.clone()));
        }
    }
    if profile.account.main_admin {
        page.links.push((words::HAND_OVER.to_owned(), visit.path(PageName::OfferMainAdmin)));
    }
    if profile.login.is_persons() {
        page.facts.push(("Cell phone".to_owned(), profile.login.cell.clone().unwrap_or_else(|| "none".to_owned())));
        page.links.push((words::CHANGE_ADDRESS.to_owned(), visit.path(PageName::ChangeAddress)));
        page.links.push((words::CHANGE_CELL.to_owned(), visit.path(PageName::Cell)));
    } else if visit.workspace.catalog().shares_logins() {
        page.links.push((words::OWN_LOGIN.to_owned(), visit.path(PageName::ChangeAddress)));
    }
    if !profile.may_rename() {
        page.lead.push(words::SIGN_IN_TO_RENAME.to_owned());
    } else if fields.is_empty() {
        page.lead.push("An administrator of the practice changes your name.".to_owned());
    } else {
        if profile.login.is_persons() {
            page.lead.push("Your name shows in every practice that you belong to.".to_owned());
        }
        page.form = Some(FormView { action: visit.path(PageName::Profile), fields, hidden: Vec::new(), button: "Save".to_owned() });
    }
    page
}

/// `POST /profile`.
pub(super) async fn save(visit: Visit) -> Response {
    visit.answered(saved(&visit).await)
}

async fn saved(visit: &Visit) -> Result<Response, Failure> {
    let (Some(profile), Some(session)) = (read(visit).await?, visit.session.clone()) else {
        return Ok(signing_in::needed(visit, true));
    };
    if !profile.may_rename() {
        return Ok(answer::page(StatusCode::FORBIDDEN, &page(visit, &profile, &profile.names, &<[String; 3]>::default())));
    }
    let typed = NAMES.map(|(_, name, ..)| visit.form.text(name).to_owned());
    let faults = NAMES.map(
        |(field, name, _, _, is_required)| {
            if is_theirs(visit, field) { words::name(visit.form.text(name), is_required) } else { String::new() }
        },
    );
    if faults.iter().any(|fault| !fault.is_empty()) {
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page(visit, &profile, &typed, &faults)));
    }
    let changed = NAMES.into_iter().zip(typed).map(|((field, ..), text)| (field, text));
    let changed: Vec<(Field, String)> = changed.filter(|(field, _)| is_theirs(visit, *field)).collect();
    let inside = visit.clone();
    let done = visit.write(move |writing| async move { store(writing, &inside, &session, &changed).await }.boxed()).await?;
    Ok(if done { answer::go(&visit.path(PageName::Profile)) } else { signing_in::needed(visit, true) })
}

/// Stores the names on the account, and, where the login is a person's, on all of its accounts (AR-13); each workspace logs its own.
async fn store(writing: &mut Writing, visit: &Visit, session: &Session, changed: &[(Field, String)]) -> Result<bool, Failure> {
    let conn = &mut writing.conn;
    let Some(account) = entering::still(conn, visit, session).await? else { return Ok(false) };
    let login = logins::of_account(conn, &visit.workspace.name, &account.id).await?.ok_or(Failure::Damaged)?;
    let all =
        if login.is_persons() { logins::accounts_of(conn, &login.id).await? } else { vec![(visit.workspace.name.clone(), account.id)] };
    let fields: Vec<(Field, FieldValue)> = changed.iter().map(|(field, text)| (*field, FieldValue::Text(text.clone()))).collect();
    for (name, id) in all {
        let Some(workspace) = auth::workspace(conn, &visit.server, &name).await? else { continue };
        let Some(row) = accounts::find(conn, &name, &id).await? else { continue };
        let changes = rules::rewrite(conn, &workspace, &row, &fields, visit.now()).await?;
        if changes.is_empty() {
            continue;
        }
        let session = visit.session.clone().filter(|_| name == visit.workspace.name);
        let there = Visit { workspace, session, ..visit.clone() };
        there.log(conn, &row, MemberLogRow { changes, ..MemberLogRow::new(Action::Update) }).await?;
    }
    if login.is_persons() {
        let text = |wanted: Field| changed.iter().find(|(field, _)| *field == wanted).map_or("", |(_, text)| text.as_str());
        logins::set_name(conn, &login.id, (text(Field::FirstName), text(Field::LastName))).await?;
    }
    writing.forget();
    Ok(true)
}
