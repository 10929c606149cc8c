//! The route table: every endpoint there is.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::{App, actions, answer, caller, code_word, discovery, ground, log, query, users, users_write};
use crate::scim::ScimError;
use crate::store::Kind;

/// The endpoints below `/{workspace}`, with the methods each answers.
pub const ROUTES: &[(&str, &[&str])] = &[
    ("/scim/v2/ServiceProviderConfig", &["GET"]),
    ("/scim/v2/ResourceTypes", &["GET"]),
    ("/scim/v2/ResourceTypes/{name}", &["GET"]),
    ("/scim/v2/Schemas", &["GET"]),
    ("/scim/v2/Schemas/{urn}", &["GET"]),
    ("/scim/v2/.search", &["POST"]),
    ("/scim/v2/Me", &["GET"]),
    ("/scim/v2/Users", &["GET", "POST"]),
    ("/scim/v2/Users/.search", &["POST"]),
    ("/scim/v2/Users/{id}", &["GET", "PUT", "PATCH", "DELETE"]),
    ("/scim/v2/Users/{id}/actions/{action}", &["POST"]),
    ("/scim/v2/Clinics", &["GET", "POST"]),
    ("/scim/v2/Clinics/.search", &["POST"]),
    ("/scim/v2/Clinics/{id}", &["GET", "PUT", "PATCH", "DELETE"]),
    ("/scim/v2/Roles", &["GET", "POST"]),
    ("/scim/v2/Roles/.search", &["POST"]),
    ("/scim/v2/Roles/{id}", &["GET", "PUT", "PATCH", "DELETE"]),
    ("/scim/v2/Employees", &["GET", "POST"]),
    ("/scim/v2/Employees/.search", &["POST"]),
    ("/scim/v2/Employees/{id}", &["GET", "PUT", "PATCH", "DELETE"]),
    ("/scim/v2/Groups", &["GET", "POST"]),
    ("/scim/v2/Groups/.search", &["POST"]),
    ("/scim/v2/Groups/{id}", &["GET", "PUT", "PATCH", "DELETE"]),
    ("/api/v1/log", &["GET"]),
    ("/api/v1/code-word", &["POST"]),
    ("/api/v1/code-word/verify", &["POST"]),
];

/// The router. Authentication lies around all of it, the unknown paths too.
pub(super) fn routes(app: App) -> Router {
    let mut workspace = Router::new()
        .route("/scim/v2/ServiceProviderConfig", get(discovery::config))
        .route("/scim/v2/ResourceTypes", get(discovery::resource_types))
        .route("/scim/v2/ResourceTypes/{name}", get(discovery::resource_type))
        .route("/scim/v2/Schemas", get(discovery::schemas))
        .route("/scim/v2/Schemas/{urn}", get(discovery::schema))
        .route("/scim/v2/.search", post(query::search_everything))
        .route("/scim/v2/Me", get(users::me))
        .route("/scim/v2/Users", get(users::list).post(users_write::create))
        .route("/scim/v2/Users/.search", post(users::search))
        .route("/scim/v2/Users/{id}", get(users::one).put(users_write::replace).patch(users_write::patch).delete(users_write::delete))
        .route("/scim/v2/Users/{id}/actions/{action}", post(actions::act))
        .route("/api/v1/log", get(log::list))
        .route("/api/v1/code-word", post(code_word::set))
        .route("/api/v1/code-word/verify", post(code_word::verify));
    for kind in [Kind::Clinic, Kind::Role, Kind::Employee, Kind::Group] {
        let path = format!("/scim/v2/{}s", kind.as_str());
        workspace = workspace
            .route(&path, get(move |r| ground::list(kind, r)).post(move |r| ground::create(kind, r)))
            .route(&format!("{path}/.search"), post(move |r| ground::search(kind, r)))
            .route(
                &format!("{path}/{{id}}"),
                get(move |r| ground::one(kind, r))
                    .put(move |r| ground::replace(kind, r))
                    .patch(move |r| ground::patch(kind, r))
                    .delete(move |r| ground::delete(kind, r)),
            );
    }
    Router::new()
        .nest("/{workspace}", workspace)
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
