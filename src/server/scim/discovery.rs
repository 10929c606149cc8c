//! Discovery (RFC 7644 section 4): what the server has and can do.

use axum::response::Response;
use serde_json::{Value, json};

use crate::scim::{ScimError, own, schema, urn};
use crate::server::answer;
use crate::server::call::Call;

/// `GET /ServiceProviderConfig`.
pub(in crate::server) fn config(call: &Call) -> Response {
    let document = schema::service_provider_config(&call.note.base, call.server.settings.limits);
    unfiltered(call, || answer::json(200, &document))
}

/// `GET /ResourceTypes`.
pub(in crate::server) fn resource_types(call: &Call) -> Response {
    unfiltered(call, || whole(&call.caller.workspace.wire.types().iter().map(|t| t.to_json(&call.note.base)).collect::<Vec<_>>()))
}

/// `GET /ResourceTypes/{name}`.
pub(in crate::server) fn resource_type(call: &Call) -> Response {
    let found_type = call.caller.workspace.wire.by_name(call.part("name")).map(|t| t.to_json(&call.note.base));
    unfiltered(call, || found(found_type, "resource type"))
}

/// `GET /Schemas`.
pub(in crate::server) fn schemas(call: &Call) -> Response {
    unfiltered(call, || whole(&call.caller.workspace.wire.schemas().iter().map(|s| s.to_json(&call.note.base)).collect::<Vec<_>>()))
}

/// `GET /Schemas/{urn}`.
pub(in crate::server) fn schema(call: &Call) -> Response {
    let schemas = call.caller.workspace.wire.schemas();
    let schema = schemas.iter().find(|s| s.id.eq_ignore_ascii_case(call.part("urn"))).map(|s| s.to_json(&call.note.base));
    unfiltered(call, || found(schema, "schema"))
}

/// A filter is answered 403, whatever it says (RFC 7644 section 4).
fn unfiltered(call: &Call, document: impl FnOnce() -> Response) -> Response {
    let filters = url::form_urlencoded::parse(call.note.query.as_bytes()).any(|(name, _)| name.eq_ignore_ascii_case("filter"));
    if filters {
        return answer::error(&ScimError::new(403, "discovery documents cannot be filtered: leave `filter` out"));
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
        None => answer::error(&ScimError::new(404, own!("this {what} does not exist"))),
    }
}
