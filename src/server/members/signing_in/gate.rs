//! The checks that every request for a page passes: it comes from our own pages, and, where the page needs one, with a living session.

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use futures::FutureExt;

use super::door::{self, Arrived, Unserved};
use super::other_person;
use crate::members::{SessionKind, SessionStage, SessionTimes, is_alive, is_used_again};
use crate::model::MINUTE;
use crate::server::App;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::members::frame::answer;
use crate::server::members::frame::form::Form;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::frame::page_route::PageRoute;
use crate::server::members::frame::view::Page;
use crate::server::members::frame::visit::{Session, Visit};
use crate::server::members::frame::words;
use crate::server::members::signing_in;
use crate::server::origin::{Origin, is_at_this_machine};
use crate::server::workspace::Workspace;
use crate::store::members::sessions;

/// The longest description of a browser that is kept, in characters.
const LONGEST_DEVICE: usize = 120;
/// The longest secret of a cookie that is looked up, in bytes.
const LONGEST_SECRET: usize = 128;

/// Answers a request for a page.
pub(in crate::server) async fn open(app: App, page: &'static PageRoute, request: Request) -> Response {
    let is_encrypted = app.settings.is_encrypted;
    answer::with_headers(pass(app, page, request).await, is_encrypted)
}

async fn pass(app: App, page: &'static PageRoute, request: Request) -> Response {
    let Arrived { parts, body, note, workspace } = match door::arrive(&app, request, |catalog| catalog.members.is_some()).await {
        Ok(arrived) => arrived,
        Err(Unserved::Nowhere) => return nowhere(),
        Err(Unserved::Failed(response)) => return *response,
    };
    let name = workspace.name.clone();
    let cookies = CookieJar::from_headers(&parts.headers);
    let cookie = cookies.get(&answer::cookie_name(&name)).map(|cookie| cookie.value().to_owned());
    let secret = |name: &str| cookies.get(name).map(Cookie::value).filter(|secret| secret.len() <= LONGEST_SECRET);
    let hash = |name: &str| secret(name).map(|secret| sha256(&[secret.as_bytes()]));
    let is_post = parts.method == Method::POST;
    if is_post && !is_from_here(&parts, &app, cookie.is_some()) {
        return refused(&workspace.name, &workspace.catalog().name);
    }
    let origin = parts.extensions.get::<Origin>().copied();
    let mut visit = Visit {
        origin: origin.map(|origin| origin.0.to_string()),
        is_at_this_machine: is_at_this_machine(&parts, &note.base),
        device: user_agent(&parts.headers),
        trust: hash(&answer::trust_cookie_name(&name)),
        known: hash(&answer::known_cookie_name(&name)),
        kind: SessionKind::Web,
        token: note.part("token").unwrap_or_default().to_owned(),
        form: Form::default(),
        session: None,
        server: app,
        workspace,
        note,
    };
    if page.needs.asks_session() {
        match session(&visit, cookie.as_deref()).await {
            Err(why) => return visit.failed(&why),
            Ok(Some(session)) => visit.session = Some(session),
            Ok(None) => return signing_in::needed(&visit, is_post),
        }
        if let Some(stage) = visit.session.as_ref().map(|session| session.stage).filter(|stage| !page.needs.admits(*stage)) {
            return answer::go(&visit.path(page_of(stage)));
        }
    }
    visit.form = if is_post {
        match Form::read(&parts.headers, body).await {
            Some(form) => form,
            None => return unreadable(&visit),
        }
    } else {
        Form::parse(parts.uri.query().unwrap_or_default().as_bytes())
    };
    if !page.needs.asks_session() && !visit.token.is_empty() {
        match living(&visit, cookie.as_deref()).await {
            Err(why) => return visit.failed(&why),
            Ok(Some(session)) => {
                if let Some(response) = other_person::answered(&visit, page, session, is_post).await {
                    return response;
                }
            }
            Ok(None) => {}
        }
    }
    door::answered(visit, is_post, page.handler, unanswered).await
}

/// The page on which a session of a stage goes on.
const fn page_of(stage: SessionStage) -> PageName {
    match stage {
        SessionStage::Whole => PageName::Home,
        SessionStage::ChoosePassword => PageName::Password,
        SessionStage::GiveCode => PageName::SignInCode,
        SessionStage::SetUpFactor => PageName::SetUpFactor,
    }
}

/// The session behind a secret, if it lives and its account may sign in; its use is stored.
pub(in crate::server::members) async fn session(visit: &Visit, secret: Option<&str>) -> Result<Option<Session>, Failure> {
    let Some(session) = living(visit, secret).await? else { return Ok(None) };
    let now = visit.now();
    if is_used_again(session.row.used, now) {
        let (name, used) = (visit.workspace.name.clone(), session.hash.clone());
        visit.write(move |writing| async move { Ok(sessions::touch(&mut writing.conn, &name, &used, now).await?) }.boxed()).await?;
    }
    Ok(Some(session))
}

/// As [`session`]; nothing is stored.
async fn living(visit: &Visit, secret: Option<&str>) -> Result<Option<Session>, Failure> {
    let Some(secret) = secret.filter(|secret| secret.len() <= LONGEST_SECRET) else { return Ok(None) };
    let (hash, name, now) = (sha256(&[secret.as_bytes()]), visit.workspace.name.clone(), visit.now());
    let (wanted, kind) = (hash.clone(), visit.kind);
    let found = visit.read(move |conn| async move { Ok(sessions::find(conn, &name, kind, &wanted).await?) }.boxed()).await?;
    let found = found.filter(|row| row.may_sign_in && is_alive(&limits(&visit.workspace, row.used, row.ends), now));
    Ok(found.map(|row| Session { hash, stage: row.stage, row }))
}

/// The times of a session in a workspace.
pub(in crate::server::members) fn limits(workspace: &Workspace, used: i64, ends: i64) -> SessionTimes {
    let minutes = workspace.catalog().members.as_ref().map_or(0, |rules| i64::from(rules.idle_minutes));
    SessionTimes { used, ends, idle: minutes * MINUTE }
}

/// Returns whether a form was sent by one of our own pages. A request with a cookie must prove it; one without a cookie can do no more than any
/// stranger.
fn is_from_here(parts: &Parts, app: &App, has_cookie: bool) -> bool {
    let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text("origin") {
        Some(origin) => {
            let host = text("host").unwrap_or_default();
            let own = app.settings.public_url.as_deref();
            own.is_some_and(|url| url.eq_ignore_ascii_case(origin))
                || origin.split_once("://").is_some_and(|(_, authority)| !host.is_empty() && authority.eq_ignore_ascii_case(host))
        }
        None => !has_cookie,
    }
}

/// The browser or device, in its own words.
pub(in crate::server::members) fn user_agent(headers: &HeaderMap) -> Option<String> {
    device_name(headers.get(header::USER_AGENT)?.to_str().ok()?)
}

/// The name of a device as it is kept: one short line.
pub(in crate::server::members) fn device_name(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_DEVICE).collect();
    (!kept.is_empty()).then_some(kept)
}

fn nowhere() -> Response {
    let page = Page { title: "Nothing is here".to_owned(), lead: vec![words::NOWHERE.to_owned()], ..Page::default() };
    answer::page(StatusCode::NOT_FOUND, &page)
}

fn refused(workspace: &str, product: &str) -> Response {
    let page = Page {
        workspace: workspace.to_owned(),
        product: product.to_owned(),
        title: "Nothing was done".to_owned(),
        lead: vec![words::FOREIGN_FORM.to_owned()],
        ..Page::default()
    };
    answer::page(StatusCode::FORBIDDEN, &page)
}

fn unanswered(visit: &Visit, why: Option<&Failure>) -> Response {
    if let Some(why) = why {
        return visit.failed(why);
    }
    let mut page = visit.page("Nothing was done");
    page.lead.push(words::busy("go back and send the form again"));
    let mut response = answer::page(StatusCode::SERVICE_UNAVAILABLE, &page);
    crate::server::answer::put(&mut response, header::RETRY_AFTER, Some("1"));
    response
}

fn unreadable(visit: &Visit) -> Response {
    let mut page = visit.page("Nothing was done");
    page.lead.push(words::UNREADABLE_FORM.to_owned());
    answer::page(StatusCode::BAD_REQUEST, &page)
}
