//! The parts that pages and the app do in the same way with each request: find its workspace, and answer it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::platform::Catalog;
use crate::server::App;
use crate::server::auth;
use crate::server::failure::Failure;
use crate::server::members::signing_in::device;
use crate::server::members::visit::Visit;
use crate::server::origin::ToKnownCaller;
use crate::server::request::RequestHead;
use crate::server::route;
use crate::server::workspace::Workspace;

/// A request, and the workspace that its path names.
pub(super) struct Arrived {
    pub(super) parts: Parts,
    pub(super) body: Body,
    pub(super) note: RequestHead,
    pub(super) workspace: Arc<Workspace>,
}

/// The reason why a request has no workspace.
pub(super) enum Unserved {
    /// There is no such workspace here, or its platform has none of this.
    Nowhere,
    /// The database failed; the answer says so.
    Failed(Box<Response>),
}

/// Finds the workspace of a request, if it is one of those that are served here, on a platform that has what the request is about.
pub(super) async fn arrive(app: &App, request: Request, has: fn(&Catalog) -> bool) -> Result<Arrived, Unserved> {
    let name = route::workspace(request.uri()).to_owned();
    if app.settings.workspaces.as_ref().is_some_and(|served| !served.contains(&name)) {
        return Err(Unserved::Nowhere);
    }
    let (mut parts, body) = request.into_parts();
    let note = RequestHead::read(&mut parts, app, &name).await;
    let found = if let Some(known) = auth::known_workspace(app, &name) {
        Ok(Some(known))
    } else {
        let inside = App::clone(app);
        app.store.clone().read(move |conn| async move { auth::workspace(conn, &inside, &name).await }.boxed()).await
    };
    match found {
        Ok(Some(workspace)) if has(workspace.catalog()) => Ok(Arrived { parts, body, note, workspace }),
        Ok(Some(_) | None) => Err(Unserved::Nowhere),
        Err(why) => Err(Unserved::Failed(Box::new(crate::server::answer::failure(&why, &note.request_id)))),
    }
}

/// Answers a request by its handler. A form of a caller without a session needs a place first, so that strangers keep no member from
/// ending a session; where there is none, `unanswered` says so, with the failure if one is why.
pub(super) async fn answered(
    visit: Visit,
    is_post: bool,
    handler: fn(Visit) -> BoxFuture<'static, Response>,
    unanswered: fn(&Visit, Option<&Failure>) -> Response,
) -> Response {
    let is_member = visit.session.is_some();
    let place = if is_post && !is_member {
        match device::place(&visit).await {
            Ok(Some(place)) => Some(place),
            Ok(None) => return unanswered(&visit, None),
            Err(why) => return unanswered(&visit, Some(&why)),
        }
    } else {
        None
    };
    let mut response = handler(visit).await;
    drop(place);
    if is_member {
        response.extensions_mut().insert(ToKnownCaller);
    }
    response
}
