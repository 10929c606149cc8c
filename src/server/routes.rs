//! The route table: every endpoint there is, once. The router, what a caller needs, what an answer shows and what is counted come from it.
//! The rows for members' browsers are in `members/pages.rs`, those for the app in `members/signing_in/app`; `all` joins them with the rows
//! for programs.

use std::future::{Ready, ready};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use futures::FutureExt;
use futures::future::BoxFuture;
use tower_http::catch_panic::CatchPanicLayer;

use crate::model::{SCIM_PATH, joined};
use crate::scim::ScimError;
use crate::scim::paths::{ACTIONS, API, CODE_WORD, LOG, ME, MEMBERS, RESOURCE_TYPES, SCHEMAS, SEARCH, SERVICE_PROVIDER_CONFIG, VERIFY};
use crate::scim::schema::record_names::{clinic, employee, group, role, user};
use crate::server::App;
use crate::server::Door;
use crate::server::answer;
use crate::server::api::code_word;
use crate::server::api::second_factor;
use crate::server::api::sessions;
use crate::server::api::user_log;
use crate::server::auth;
use crate::server::call::Call;
use crate::server::health::{self, Health};
use crate::server::members::{self, AppRoute, PageRoute};
use crate::server::metrics::RefusalKind;
use crate::server::route::Needs;
use crate::server::route::PREFIX;
use crate::server::route::PublicRoute;
use crate::server::route::Route;
use crate::server::route::RouteName;
use crate::server::route::Taken;
use crate::server::scim::discovery;
use crate::server::scim::records;
use crate::server::scim::search;
use crate::server::scim::users;
use crate::store::{RecordKind, ResourceKind};

/// A route that programs call, with what answers it.
pub struct ServedRoute {
    route: Route,
    handler: fn(Call) -> BoxFuture<'static, Response>,
}

/// `METHOD "path" needs (shows): handler`.
macro_rules! route {
    ($method:ident $path:expr, $needs:ident, $shows:expr, $handler:expr) => {
        ServedRoute {
            route: Route { method: Method::$method, path: $path, needs: Needs::$needs, shows: $shows },
            handler: |call| $handler(call).boxed(),
        }
    };
}

/// The endpoints of one kind of resource besides users.
macro_rules! resources {
    ($kind:ident, $endpoint:expr) => {
        &[
            route!(GET joined!(SCIM_PATH, $endpoint), Read, Some(ResourceKind::Supporting(RecordKind::$kind)), |call| records::endpoints::list(RecordKind::$kind, call)),
            route!(POST joined!(SCIM_PATH, $endpoint), Write, Some(ResourceKind::Supporting(RecordKind::$kind)), |call| records::endpoints::create(RecordKind::$kind, call)),
            route!(POST joined!(SCIM_PATH, $endpoint, SEARCH), Read, Some(ResourceKind::Supporting(RecordKind::$kind)), |call| records::endpoints::search(RecordKind::$kind, call)),
            route!(GET joined!(SCIM_PATH, $endpoint, "/{id}"), Read, Some(ResourceKind::Supporting(RecordKind::$kind)), |call| records::endpoints::one(RecordKind::$kind, call)),
            route!(PUT joined!(SCIM_PATH, $endpoint, "/{id}"), Write, Some(ResourceKind::Supporting(RecordKind::$kind)), |call| records::endpoints::replace(RecordKind::$kind, call)),
            route!(PATCH joined!(SCIM_PATH, $endpoint, "/{id}"), Write, Some(ResourceKind::Supporting(RecordKind::$kind)), |call| records::endpoints::patch(RecordKind::$kind, call)),
            route!(DELETE joined!(SCIM_PATH, $endpoint, "/{id}"), Write, Some(ResourceKind::Supporting(RecordKind::$kind)), |call| records::endpoints::delete(RecordKind::$kind, call)),
        ]
    };
}

/// Answers what needs no waiting.
#[expect(clippy::needless_pass_by_value, reason = "handlers are given the request")]
fn document(call: Call, made: fn(&Call) -> Response) -> Ready<Response> {
    ready(made(&call))
}

/// The resource type of users.
const USER: Option<ResourceKind> = Some(ResourceKind::User);

/// The rows for programs, one group of resources after the other.
static ROUTES: [&[ServedRoute]; 6] = [
    &[
        route!(GET joined!(SCIM_PATH, SERVICE_PROVIDER_CONFIG), Read, None, |call| document(call, discovery::config)),
        route!(GET joined!(SCIM_PATH, RESOURCE_TYPES), Read, None, |call| document(call, discovery::resource_types)),
        route!(GET joined!(SCIM_PATH, RESOURCE_TYPES, "/{name}"), Read, None, |call| document(call, discovery::resource_type)),
        route!(GET joined!(SCIM_PATH, SCHEMAS), Read, None, |call| document(call, discovery::schemas)),
        route!(GET joined!(SCIM_PATH, SCHEMAS, "/{urn}"), Read, None, |call| document(call, discovery::schema)),
        route!(POST joined!(SCIM_PATH, SEARCH), Read, None, search::search_everything),
        route!(GET joined!(SCIM_PATH, ME), Read, USER, users::read::me),
        route!(GET joined!(SCIM_PATH, user::ENDPOINT), Read, USER, users::read::list),
        route!(POST joined!(SCIM_PATH, user::ENDPOINT), Write, USER, users::write::create),
        route!(POST joined!(SCIM_PATH, user::ENDPOINT, SEARCH), Read, USER, users::read::search),
        route!(GET joined!(SCIM_PATH, user::ENDPOINT, "/{id}"), Read, USER, users::read::one),
        route!(PUT joined!(SCIM_PATH, user::ENDPOINT, "/{id}"), Write, USER, users::write::replace),
        route!(PATCH joined!(SCIM_PATH, user::ENDPOINT, "/{id}"), Write, USER, users::write::patch),
        route!(DELETE joined!(SCIM_PATH, user::ENDPOINT, "/{id}"), Write, USER, users::write::delete),
        route!(POST joined!(SCIM_PATH, user::ENDPOINT, "/{id}", ACTIONS, "/{action}"), Write, USER, users::actions::act),
    ],
    resources!(Clinic, clinic::ENDPOINT),
    resources!(Role, role::ENDPOINT),
    resources!(Employee, employee::ENDPOINT),
    resources!(Group, group::ENDPOINT),
    &[
        route!(GET joined!(API, LOG), Read, None, user_log::list),
        route!(POST joined!(API, CODE_WORD), Write, None, code_word::set),
        route!(POST joined!(API, CODE_WORD, VERIFY), Read, None, code_word::verify),
        route!(POST joined!(API, MEMBERS, "/{id}/reset-second-factor"), Write, None, second_factor::reset),
        route!(GET joined!(API, MEMBERS, "/{id}/sessions"), Read, None, sessions::list),
        route!(POST joined!(API, MEMBERS, "/{id}/end-sessions"), Write, None, sessions::end),
    ],
];

/// The routes outside of every workspace, which need no token. A monitor asks the first two whether the process answers.
static PUBLIC: [PublicRoute; 3] = [
    PublicRoute { method: Method::GET, path: "/health", handler: |health| ready(health::live(&health)).boxed() },
    PublicRoute { method: Method::GET, path: "/healthz", handler: |health| ready(health::live(&health)).boxed() },
    PublicRoute { method: Method::GET, path: "/readyz", handler: |health| health::ready(health).boxed() },
];

/// The route that only the listener for monitors has.
static METRICS: PublicRoute =
    PublicRoute { method: Method::GET, path: "/metrics", handler: |health| ready(health::counted(&health)).boxed() };

/// Every route outside of the workspaces.
pub fn public() -> impl Iterator<Item = &'static PublicRoute> {
    PUBLIC.iter()
}

/// The router of the routes outside of the workspaces.
pub(super) fn public_router(health: &Health) -> Router {
    PUBLIC.iter().fold(Router::new(), |router, route| with(router, route, health))
}

/// The router of the listener that has the metrics: it answers monitors only.
pub(super) fn monitors_router(health: &Health) -> Router {
    with(public_router(health), &METRICS, health)
}

fn with(router: Router, route: &'static PublicRoute, health: &Health) -> Router {
    // The filter knows every method of the table; a test calls each.
    let Ok(method) = MethodFilter::try_from(route.method.clone()) else { return router };
    let health = health.clone();
    router.route(route.path, on(method, move || (route.handler)(health.clone())))
}

/// One row of the whole table: one method of one path below `/{workspace}`, by who asks.
#[derive(Clone, Copy)]
pub enum AnyRoute {
    /// A program, with a token.
    Api(&'static ServedRoute),
    /// A member's browser.
    Page(&'static PageRoute),
    /// The app on a member's device.
    App(&'static AppRoute),
}

impl AnyRoute {
    /// The method.
    #[must_use]
    pub const fn method(self) -> &'static Method {
        match self {
            Self::Api(served) => &served.route.method,
            Self::Page(page) => &page.method,
            Self::App(route) => &route.method,
        }
    }

    /// The path below `/{workspace}`; variable parts are names in braces.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Api(served) => served.route.path,
            Self::Page(page) => page.path,
            Self::App(route) => route.path,
        }
    }

    /// The route that programs call, if it is one.
    #[must_use]
    pub const fn api(self) -> Option<&'static Route> {
        match self {
            Self::Api(served) => Some(&served.route),
            Self::Page(_) | Self::App(_) => None,
        }
    }
}

/// The whole table: every route below `/{workspace}`.
pub fn all() -> impl Iterator<Item = AnyRoute> {
    let programs = ROUTES.into_iter().flatten().map(AnyRoute::Api);
    programs.chain(members::all_pages().map(AnyRoute::Page)).chain(members::all_app_routes().map(AnyRoute::App))
}

/// Every route that programs call.
pub fn api() -> impl Iterator<Item = &'static Route> {
    all().filter_map(AnyRoute::api)
}

/// The row of the table that a request asks for; `None` where its path or method is unknown.
fn found(parts: &Parts) -> Option<AnyRoute> {
    let path = parts.extensions.get::<MatchedPath>()?.as_str().strip_prefix(PREFIX)?;
    all().find(|route| route.path() == path && *route.method() == parts.method)
}

/// The router. Authentication covers every path, unknown ones too.
pub(super) fn router(app: App) -> Router {
    let (mut programs, mut people) = (Router::new(), members::style_router());
    for route in all() {
        // The filter knows every method of the table; a test calls each.
        let Ok(method) = MethodFilter::try_from(route.method().clone()) else { continue };
        let path = format!("{PREFIX}{}", route.path());
        match route {
            AnyRoute::Api(served) => programs = programs.route(&path, on(method, served.handler)),
            AnyRoute::Page(page) => {
                let open = move |State(app): State<App>, request: Request| members::open_page(app, page, request);
                people = people.route(&path, on(method, open));
            }
            AnyRoute::App(route) => {
                let pass = move |State(app): State<App>, request: Request| members::pass_app(app, route, request);
                people = people.route(&path, on(method, pass));
            }
        }
    }
    let router = programs
        .fallback(|| async { answer::error(&answer::no_endpoint()) })
        .method_not_allowed_fallback(|| async { answer::error(&ScimError::new(405, "this endpoint does not support that method")) })
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), auth::gate));
    // Pages have a gate of their own. Calls in process come from programs, which have none.
    let router = match app.door {
        Door::Tokens => router.merge(people),
        Door::Embedded { .. } => router,
    };
    router.layer(CatchPanicLayer::custom(|_| panicked())).layer(from_fn_with_state(app.clone(), tell_operator)).with_state(app)
}

/// Tells the operator why a request failed, and the operator and the handlers which route it took.
async fn tell_operator(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some(route) = found(&parts) {
        if let Some(name) = parts.extensions.get::<RouteName>() {
            name.set(route.path());
        }
        if let Some(route) = route.api() {
            parts.extensions.insert(Taken(route));
        }
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        app.settings.metrics.refused(RefusalKind::TooMany);
    }
    answer::tell_operator(&response, &app.settings.log);
    response
}

/// A handler that panics fails only its own request, and the answer reveals nothing.
fn panicked() -> Response {
    answer::error(&ScimError::new(StatusCode::INTERNAL_SERVER_ERROR.as_u16(), "the server failed"))
}
