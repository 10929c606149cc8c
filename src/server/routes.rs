//! The route table: every endpoint there is, once. The router, what a caller needs and what an answer shows come from it.

use std::future::{Ready, ready};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use futures::FutureExt;
use futures::future::BoxFuture;
use tower_http::catch_panic::CatchPanicLayer;

use super::asked::Asked;
use super::{App, actions, answer, caller, code_word, discovery, ground, log, query, users, users_write};
use crate::scim::ScimError;
use crate::store::Kind;

/// What the token of a caller must allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Reading.
    Read,
    /// Writing.
    Write,
}

/// One method of one endpoint.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below `/{workspace}`; variable parts are names in braces.
    pub path: &'static str,
    /// What the token of a caller must allow.
    pub needs: Needs,
    /// The resource type whose attributes the answer shows, by name.
    pub(super) shows: Option<&'static str>,
    handler: fn(Asked) -> BoxFuture<'static, Response>,
}

/// `METHOD "path" needs (shows): handler`.
macro_rules! route {
    ($method:ident $path:expr, $needs:ident, $shows:expr, $handler:expr) => {
        Route { method: Method::$method, path: $path, needs: Needs::$needs, shows: $shows, handler: |asked| $handler(asked).boxed() }
    };
}

/// The endpoints of one kind of resource besides users.
macro_rules! resources {
    ($kind:ident, $path:literal) => {
        &[
            route!(GET $path, Read, Some(Kind::$kind.as_str()), |asked| ground::list(Kind::$kind, asked)),
            route!(POST $path, Write, Some(Kind::$kind.as_str()), |asked| ground::create(Kind::$kind, asked)),
            route!(POST concat!($path, "/.search"), Read, Some(Kind::$kind.as_str()), |asked| ground::search(Kind::$kind, asked)),
            route!(GET concat!($path, "/{id}"), Read, Some(Kind::$kind.as_str()), |asked| ground::one(Kind::$kind, asked)),
            route!(PUT concat!($path, "/{id}"), Write, Some(Kind::$kind.as_str()), |asked| ground::replace(Kind::$kind, asked)),
            route!(PATCH concat!($path, "/{id}"), Write, Some(Kind::$kind.as_str()), |asked| ground::patch(Kind::$kind, asked)),
            route!(DELETE concat!($path, "/{id}"), Write, Some(Kind::$kind.as_str()), |asked| ground::delete(Kind::$kind, asked)),
        ]
    };
}

/// Answers what needs no waiting.
#[expect(clippy::needless_pass_by_value, reason = "handlers are given the request")]
fn document(asked: Asked, made: fn(&Asked) -> Response) -> Ready<Response> {
    ready(made(&asked))
}

/// The resource type of users.
const USER: Option<&str> = Some("User");

/// The table, one group of resources after the other.
static ROUTES: [&[Route]; 6] = [
    &[
        route!(GET "/scim/v2/ServiceProviderConfig", Read, None, |asked| document(asked, discovery::config)),
        route!(GET "/scim/v2/ResourceTypes", Read, None, |asked| document(asked, discovery::resource_types)),
        route!(GET "/scim/v2/ResourceTypes/{name}", Read, None, |asked| document(asked, discovery::resource_type)),
        route!(GET "/scim/v2/Schemas", Read, None, |asked| document(asked, discovery::schemas)),
        route!(GET "/scim/v2/Schemas/{urn}", Read, None, |asked| document(asked, discovery::schema)),
        route!(POST "/scim/v2/.search", Read, None, query::search_everything),
        route!(GET "/scim/v2/Me", Read, USER, users::me),
        route!(GET "/scim/v2/Users", Read, USER, users::list),
        route!(POST "/scim/v2/Users", Write, USER, users_write::create),
        route!(POST "/scim/v2/Users/.search", Read, USER, users::search),
        route!(GET "/scim/v2/Users/{id}", Read, USER, users::one),
        route!(PUT "/scim/v2/Users/{id}", Write, USER, users_write::replace),
        route!(PATCH "/scim/v2/Users/{id}", Write, USER, users_write::patch),
        route!(DELETE "/scim/v2/Users/{id}", Write, USER, users_write::delete),
        route!(POST "/scim/v2/Users/{id}/actions/{action}", Write, USER, actions::act),
    ],
    resources!(Clinic, "/scim/v2/Clinics"),
    resources!(Role, "/scim/v2/Roles"),
    resources!(Employee, "/scim/v2/Employees"),
    resources!(Group, "/scim/v2/Groups"),
    &[
        route!(GET "/api/v1/log", Read, None, log::list),
        route!(POST "/api/v1/code-word", Write, None, code_word::set),
        route!(POST "/api/v1/code-word/verify", Read, None, code_word::verify),
    ],
];

/// Every route below `/{workspace}`.
pub fn all() -> impl Iterator<Item = &'static Route> {
    ROUTES.into_iter().flatten()
}

/// What every template of the router begins with.
const PREFIX: &str = "/{workspace}";

/// The route that a request took; `None` where its path or method is unknown.
pub(super) fn taken(parts: &Parts) -> Option<&'static Route> {
    let path = parts.extensions.get::<MatchedPath>()?.as_str().strip_prefix(PREFIX)?;
    all().find(|route| route.path == path && route.method == parts.method)
}

/// The workspace that a URL names, also where no route fits the rest: strangers are answered alike everywhere.
pub(super) fn workspace(uri: &Uri) -> &str {
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    path.split_once('/').map_or(path, |(workspace, _)| workspace)
}

/// The router. Authentication lies around all of it, the unknown paths too.
pub(super) fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in all() {
        // The filter knows every method of the table; a test calls each.
        let Ok(method) = MethodFilter::try_from(route.method.clone()) else { continue };
        router = router.route(&format!("{PREFIX}{}", route.path), on(method, route.handler));
    }
    router
        .fallback(|| async { answer::error(&ScimError::new(404, "there is no such endpoint")) })
        .method_not_allowed_fallback(|| async { answer::error(&ScimError::new(405, "this endpoint does not take that method")) })
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), caller::gate))
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .with_state(app)
}

/// A handler that panics costs only its own request, and tells nothing.
fn panicked() -> Response {
    answer::error(&ScimError::new(StatusCode::INTERNAL_SERVER_ERROR.as_u16(), "the server failed"))
}
