//! The page that a member sees after signing in: who they are here, and their sessions.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::signing_in::open_sessions::{self, EndedSessions, OpenSessions};
use super::signing_in::{entering, leaving};
use super::switching;
use super::view::SessionView;
use super::visit::{MemberLogRow, Visit};
use super::words;
use crate::members::{LoginEvent, SessionKind, device_in_words, passcode_opens_until};
use crate::model::{Field, NAME};
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::server::scim::supporting;
use crate::store::{Conn, RecordKind, accounts};

/// `GET /`.
pub(super) async fn show(visit: Visit) -> Response {
    match facts(&visit).await {
        Ok(Some((title, facts, switches))) => {
            let links = vec![(words::MAY_DO.to_owned(), visit.path(PageName::OwnRights))];
            let page = super::view::Page { facts, switches, links, ..visit.page(&title) };
            answer::page(StatusCode::OK, &page)
        }
        Ok(None) => super::signing_in::needed(&visit, false),
        Err(why) => visit.failed(&why),
    }
}

/// A heading, what it says of the member (name and value each), and the other workspaces that the member can go to.
type HomeFacts = (String, Vec<(String, String)>, Vec<String>);

async fn facts(visit: &Visit) -> Result<Option<HomeFacts>, Failure> {
    let Some(session) = visit.session.clone() else { return Ok(None) };
    let (inside, id) = (visit.clone(), session.row.account.clone());
    visit
        .read(move |conn| {
            async move {
                let workspace = &inside.workspace;
                let Some(account) = accounts::find(conn, &workspace.name, &id).await? else { return Ok(None) };
                let fields = account.particulars.fields();
                let catalog = workspace.catalog();
                let name = NAME.into_iter().filter_map(|field| fields.text(field)).collect::<Vec<_>>().join(" ");
                let mut facts = vec![("E-mail address".to_owned(), account.user_name.clone())];
                let clinics: Vec<&str> = fields.items(Field::Clinics).into_iter().collect();
                for (field, kind) in
                    [(Field::Role, Some(RecordKind::Role)), (Field::DefaultClinic, Some(RecordKind::Clinic)), (Field::Title, None)]
                {
                    // Somebody with one clinic needs no default (AR-1): it is that one.
                    let only = clinics.first().copied().filter(|_| field == Field::DefaultClinic && clinics.len() == 1);
                    if let (Some(value), Some(label)) = (fields.text(field).or(only), catalog.label(field)) {
                        let name = match kind {
                            Some(kind) => supporting::name_of(conn, workspace, kind, value).await?,
                            None => None,
                        };
                        facts.push((label.to_owned(), name.unwrap_or_else(|| value.to_owned())));
                    }
                }
                let title = if name.is_empty() { format!("Welcome to {}", workspace.name) } else { format!("Welcome, {name}") };
                let others = switching::elsewhere(conn, &inside, &session).await?;
                Ok(Some((title, facts, others.into_iter().map(|other| other.workspace).collect())))
            }
            .boxed()
        })
        .await
}

/// `GET /sessions`.
pub(super) async fn sessions(visit: Visit) -> Response {
    let Some(session) = visit.session.clone() else { return super::signing_in::needed(&visit, false) };
    let (account, now) = (session.row.account.clone(), visit.now());
    let workspace = Arc::clone(&visit.workspace);
    let found = visit.read(move |conn| async move { open_sessions::list(conn, &workspace, &account, now).await }.boxed()).await;
    let open = match found {
        Ok(open) => open,
        Err(why) => return visit.failed(&why),
    };
    let mut page = visit.page("Your sessions");
    page.sessions = entries(&visit, &session.row.id, open);
    if page.sessions.len() > 1 {
        page.buttons.push((visit.path(PageName::OtherSessions), "End all others".to_owned()));
    }
    answer::page(StatusCode::OK, &page)
}

/// The sessions, and the devices without one on which the passcode opens the app.
fn entries(visit: &Visit, own: &str, open: OpenSessions) -> Vec<SessionView> {
    let OpenSessions { sessions, devices } = open;
    let time = |at: i64| visit.when(at).unwrap_or_default();
    let without = devices.into_iter().filter(|device| !sessions.iter().any(|row| row.device_id.as_ref() == Some(&device.id)));
    let without = without.map(|device| SessionView {
        this: false,
        field: "device",
        device: app_on(device.name),
        detail: format!("The passcode opens the app until {}.", time(passcode_opens_until(device.password_at))),
        id: device.id,
    });
    let without: Vec<SessionView> = without.collect();
    let sessions = sessions.into_iter().map(|row| SessionView {
        this: row.id == own,
        field: "session",
        detail: format!(
            "From {}, since {}, last used on {}.",
            row.origin.as_deref().unwrap_or("an unknown address"),
            time(row.began),
            time(row.used)
        ),
        device: match row.kind {
            SessionKind::Web => row.device.map_or_else(|| "An unknown browser".to_owned(), |said| device_in_words(&said)),
            SessionKind::Ios => app_on(row.device),
        },
        id: row.id,
    });
    sessions.chain(without).collect()
}

fn app_on(device: Option<String>) -> String {
    device.map_or_else(|| "The app on an unknown device".to_owned(), |name| format!("The app on {name}"))
}

/// `POST /sessions`: ends one of one's own.
pub(super) async fn end_session(visit: Visit) -> Response {
    end(visit, End::One).await
}

/// `POST /sessions/others`: ends all of one's own but this one.
pub(super) async fn end_others(visit: Visit) -> Response {
    end(visit, End::Others).await
}

#[derive(Clone, Copy)]
enum End {
    One,
    Others,
}

async fn end(visit: Visit, which: End) -> Response {
    let Some(session) = visit.session.clone() else { return super::signing_in::needed(&visit, true) };
    let inside = visit.clone();
    let done = visit
        .write(move |writing| {
            async move {
                let (conn, name, now) = (&mut writing.conn, inside.workspace.name.as_str(), inside.now());
                let Some(account) = entering::still(conn, &inside, &session).await? else { return Ok(false) };
                let ended = match which {
                    End::One => end_one(conn, &inside, &account.id).await?,
                    End::Others => open_sessions::end_others(conn, name, &account.id, Some(&session.row.id), now).await?,
                };
                if let Some(detail) = ended.detail() {
                    inside
                        .log(conn, &account, MemberLogRow { detail: Some(detail), ..MemberLogRow::new(LoginEvent::EndedSessions) })
                        .await?;
                }
                Ok(true)
            }
            .boxed()
        })
        .await;
    match done {
        Ok(true) => answer::go(&visit.path(PageName::Sessions)),
        Ok(false) => super::signing_in::needed(&visit, true),
        Err(why) => visit.failed(&why),
    }
}

/// Ends the session that was named, or forgets the device.
async fn end_one(conn: &mut Conn, visit: &Visit, account: &str) -> Result<EndedSessions, Failure> {
    let (session, device) = (visit.form.text("session"), visit.form.text("device"));
    if device.is_empty() {
        return open_sessions::end(conn, &visit.workspace, account, session, visit.now()).await;
    }
    open_sessions::forget(conn, &visit.workspace.name, account, device, visit.now()).await
}

/// `POST /sign-out`: the sessions in other workspaces that the same sign-in opened by a switch end, too.
pub(super) async fn sign_out(visit: Visit) -> Response {
    let Some(session) = visit.session.clone() else { return super::signing_in::needed(&visit, true) };
    leaving::leave(&visit, session, &visit.path(PageName::SignedOut)).await
}

/// `GET /signed-out`.
pub(super) fn signed_out(visit: &Visit) -> Response {
    let mut page = visit.page(&format!("You are signed out of {}", visit.workspace.name));
    page.links.push(("Sign in again".to_owned(), visit.path(PageName::SignIn)));
    answer::page(StatusCode::OK, &page)
}
