//! Discovery (RFC 7644 section 4): what the server has and can do.

use axum::response::Response;
use serde_json::{Value, json};

use super::answer;
use super::asked::Asked;
use crate::scim::{ScimError, schema, urn};

/// `GET /ServiceProviderConfig`.
pub(super) fn config(asked: &Asked) -> Response {
    let document = schema::service_provider_config(&asked.note.base, asked.server.settings.limits);
    unfiltered(asked, || answer::json(200, &document))
}

/// `GET /ResourceTypes`.
pub(super) fn resource_types(asked: &Asked) -> Response {
    unfiltered(asked, || whole(&asked.caller.workspace.wire.types().iter().map(|t| t.to_json(&asked.note.base)).collect::<Vec<_>>()))
}

/// `GET /ResourceTypes/{name}`.
pub(super) fn resource_type(asked: &Asked) -> Response {
    let found_type = asked.caller.workspace.wire.by_name(asked.part("name")).map(|t| t.to_json(&asked.note.base));
    unfiltered(asked, || found(found_type, "resource type"))
}

/// `GET /Schemas`.
pub(super) fn schemas(asked: &Asked) -> Response {
    unfiltered(asked, || whole(&asked.caller.workspace.wire.schemas().iter().map(|s| s.to_json(&asked.note.base)).collect::<Vec<_>>()))
}

/// `GET /Schemas/{urn}`.
pub(super) fn schema(asked: &Asked) -> Response {
    let schemas = asked.caller.workspace.wire.schemas();
    let schema = schemas.iter().find(|s| s.id.eq_ignore_ascii_case(asked.part("urn"))).map(|s| s.to_json(&asked.note.base));
    unfiltered(asked, || found(schema, "schema"))
}

/// A filter is answered 403, whatever it says (RFC 7644 section 4).
fn unfiltered(asked: &Asked, document: impl FnOnce() -> Response) -> Response {
    let filters = url::form_urlencoded::parse(asked.note.query.as_bytes()).any(|(name, _)| name.eq_ignore_ascii_case("filter"));
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
