//! What every request of the app passes: the workspace has passcodes, and, where the endpoint needs one, with a living session.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use futures::FutureExt;

use super::AppRoute;
use super::answers::{self, AppRefusal};
use crate::members::SessionKind;
use crate::server::App;
use crate::server::auth;
use crate::server::hashing::sha256;
use crate::server::members::frame::form::Form;
use crate::server::members::signing_in::device;
use crate::server::members::signing_in::gate;
use crate::server::members::visit::Visit;
use crate::server::origin::{Origin, ToKnownCaller};
use crate::server::request::Note;
use crate::server::route;

/// Answers a request of the app.
pub(in crate::server) async fn pass(app: App, route: &'static AppRoute, request: Request) -> Response {
    let mut response = judge(app, route, request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}

async fn judge(app: App, route: &'static AppRoute, request: Request) -> Response {
    let name = route::workspace(request.uri()).to_owned();
    if app.settings.workspaces.as_ref().is_some_and(|served| !served.contains(&name)) {
        return answers::refused(AppRefusal::Nowhere);
    }
    let (mut parts, body) = request.into_parts();
    let note = Note::read(&mut parts, &app, &name).await;
    let found = {
        let (app, name) = (App::clone(&app), name.clone());
        app.store.clone().read(move |conn| async move { auth::workspace(conn, &app, &name).await }.boxed()).await
    };
    let workspace = match found {
        Ok(Some(workspace)) if workspace.catalog().members.is_some() && workspace.catalog().passcode => workspace,
        Ok(Some(_) | None) => return answers::refused(AppRefusal::Nowhere),
        Err(why) => return crate::server::answer::failure(&why, &note.request_id),
    };
    let mut visit = Visit {
        origin: parts.extensions.get::<Origin>().map(|origin| origin.0.to_string()),
        device: gate::user_agent(&parts.headers),
        trust: None,
        known: None,
        is_at_this_machine: false,
        kind: SessionKind::Ios,
        token: String::new(),
        form: Form::default(),
        session: None,
        server: app,
        workspace,
        note,
    };
    if route.needs.asks_session() {
        match gate::session(&visit, auth::bearer(&parts.headers)).await {
            Err(why) => return answers::failed(&visit, &why),
            Ok(Some(session)) if route.needs.admits(session.stage) => visit.session = Some(session),
            Ok(Some(session)) => return answers::refused(AppRefusal::First(session.stage)),
            Ok(None) => return answers::refused(AppRefusal::SignedOut),
        }
    }
    if parts.method == Method::POST {
        match Form::read_json(&parts.headers, body).await {
            Some(form) if form.has_only(route.takes) => visit.form = form,
            Some(_) | None => return answers::refused(AppRefusal::Unreadable),
        }
        visit.device = gate::device_name(visit.form.text("deviceName")).or(visit.device);
        visit.known = Some(visit.form.typed("device")).filter(|secret| !secret.is_empty()).map(|secret| sha256(&[secret.as_bytes()]));
    }
    let is_member = visit.session.is_some();
    let place = if parts.method == Method::POST && !is_member {
        match device::place(&visit).await {
            Ok(Some(place)) => Some(place),
            Ok(None) => return answers::refused(AppRefusal::Busy),
            Err(why) => return answers::failed(&visit, &why),
        }
    } else {
        None
    };
    let mut response = (route.handler)(visit).await;
    drop(place);
    if is_member {
        response.extensions_mut().insert(ToKnownCaller);
    }
    response
}
