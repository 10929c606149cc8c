//! The checks that every request of the app passes: the workspace has passcodes, and, where the endpoint needs one, with a living session.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::Response;

use super::AppRoute;
use super::answers::{self, AppRefusal};
use crate::members::SessionKind;
use crate::platform::Catalog;
use crate::server::App;
use crate::server::auth;
use crate::server::hashing::sha256;
use crate::server::members::frame::form::Form;
use crate::server::members::signing_in::door::{self, Arrived, Unserved};
use crate::server::members::signing_in::gate;
use crate::server::members::visit::Visit;
use crate::server::origin::Origin;

/// Answers a request of the app.
pub(in crate::server) async fn pass(app: App, route: &'static AppRoute, request: Request) -> Response {
    let mut response = judge(app, route, request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}

async fn judge(app: App, route: &'static AppRoute, request: Request) -> Response {
    let has_app = |catalog: &Catalog| catalog.members.is_some() && catalog.passcode;
    let Arrived { parts, body, note, workspace } = match door::arrive(&app, request, has_app).await {
        Ok(arrived) => arrived,
        Err(Unserved::Nowhere) => return answers::refused(AppRefusal::Nowhere),
        Err(Unserved::Failed(response)) => return *response,
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
    let is_post = parts.method == Method::POST;
    if is_post {
        match Form::read_json(&parts.headers, body).await {
            Some(form) if form.has_only(route.takes) => visit.form = form,
            Some(_) | None => return answers::refused(AppRefusal::Unreadable),
        }
        visit.device = gate::device_name(visit.form.text("deviceName")).or(visit.device);
        visit.known = Some(visit.form.typed("device")).filter(|secret| !secret.is_empty()).map(|secret| sha256(&[secret.as_bytes()]));
    }
    door::answered(visit, is_post, route.handler, |visit, why| {
        why.map_or_else(|| answers::refused(AppRefusal::Busy), |why| answers::failed(visit, why))
    })
    .await
}
