//! Discovery (RFC 7644 section 4): what the server has and can do.

use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::caller::Caller;
use super::request::Note;
use super::{App, answer};
use crate::scim::{ScimError, schema, urn};

/// `GET /ServiceProviderConfig`.
pub(super) async fn config(State(server): State<App>, Extension(note): Extension<Note>, RawQuery(query): RawQuery) -> Response {
    let document = schema::service_provider_config(&note.base, server.settings.limits);
    unfiltered(query.as_deref(), || answer::json(200, &document))
}

/// `GET /ResourceTypes`.
pub(super) async fn resource_types(
    Extension(caller): Extension<Caller>,
    Extension(note): Extension<Note>,
    RawQuery(query): RawQuery,
) -> Response {
    unfiltered(query.as_deref(), || whole(&caller.workspace.wire.types().iter().map(|t| t.to_json(&note.base)).collect::<Vec<_>>()))
}

/// `GET /ResourceTypes/{name}`.
pub(super) async fn resource_type(
    Extension(caller): Extension<Caller>,
    Extension(note): Extension<Note>,
    Path((_, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    unfiltered(query.as_deref(), || found(caller.workspace.wire.by_name(&name).map(|t| t.to_json(&note.base)), "resource type"))
}

/// `GET /Schemas`.
pub(super) async fn schemas(Extension(caller): Extension<Caller>, Extension(note): Extension<Note>, RawQuery(query): RawQuery) -> Response {
    unfiltered(query.as_deref(), || whole(&caller.workspace.wire.schemas().iter().map(|s| s.to_json(&note.base)).collect::<Vec<_>>()))
}

/// `GET /Schemas/{urn}`.
pub(super) async fn schema(
    Extension(caller): Extension<Caller>,
    Extension(note): Extension<Note>,
    Path((_, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let schema = || caller.workspace.wire.schemas().iter().find(|s| s.id.eq_ignore_ascii_case(&id)).map(|s| s.to_json(&note.base));
    unfiltered(query.as_deref(), || found(schema(), "schema"))
}

/// A filter is answered 403, whatever it says (RFC 7644 section 4).
fn unfiltered(query: Option<&str>, document: impl FnOnce() -> Response) -> Response {
    let filters = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).any(|(name, _)| name.eq_ignore_ascii_case("filter"));
    if filters {
        return answer::error(&ScimError::new(403, "discovery documents can not be filtered"));
    }
    document()
}

fn whole(resources: &[Value]) -> Response {
    let list = json!({
        "schemas": [urn::LIST_RESPONSE],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    answer::json(200, &list)
}

fn found(document: Option<Value>, what: &str) -> Response {
    match document {
        Some(document) => answer::json(200, &document),
        None => answer::error(&ScimError::new(404, format!("there is no such {what}"))),
    }
}
