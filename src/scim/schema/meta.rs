//! The schemas of the discovery documents themselves (RFC 7643 sections 5 to 7), which `/Schemas` must list, too.

use std::collections::BTreeSet;

use super::super::urn;
use super::{Attribute, Schema, Type};

/// `ServiceProviderConfig`, `ResourceType`, `Schema`, and our list of actions.
pub(super) fn schemas(known: &BTreeSet<String>) -> Vec<Schema> {
    let mut schemas = vec![service_provider_config(), resource_type(), schema()];
    if !known.is_empty() {
        schemas.push(actions(known));
    }
    schemas
}

fn whole(id: &str, name: &str, description: &str, attributes: Vec<Attribute>) -> Schema {
    let attributes = attributes.into_iter().map(Attribute::read_only).collect();
    Schema { id: id.to_owned(), name: name.to_owned(), description: description.to_owned(), attributes }
}

fn service_provider_config() -> Schema {
    let supported = || Attribute::boolean("supported", "Whether the server does it").required();
    let number = |name: &str, description: &str| Attribute::integer(name, description);
    let external = |name: &str, description: &str| Attribute::reference(name, &["external"], description);
    let text = Attribute::string;
    let feature = |name: &str, description: &str, more: Vec<Attribute>| {
        let mut subs = vec![supported()];
        subs.extend(more.into_iter().map(Attribute::required));
        Attribute::complex(name, description, subs).required()
    };
    whole(
        urn::SERVICE_PROVIDER_CONFIG,
        "ServiceProviderConfig",
        "What the server supports",
        vec![
            external("documentationUri", "Where people read on"),
            feature("patch", "PATCH", vec![]),
            feature(
                "bulk",
                "Bulk requests",
                vec![number("maxOperations", "At most so many operations"), number("maxPayloadSize", "At most so many bytes")],
            ),
            feature("filter", "Filters", vec![number("maxResults", "At most so many resources in an answer")]),
            feature("changePassword", "Changing passwords", vec![]),
            feature("sort", "Sorting", vec![]),
            feature("etag", "Entity tags", vec![]),
            Attribute::complex(
                "authenticationSchemes",
                "How clients authenticate",
                vec![
                    text("type", "The scheme").required().usually(["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"]),
                    text("name", "Its name").required(),
                    text("description", "In words").required(),
                    external("specUri", "Its specification"),
                    external("documentationUri", "Its documentation"),
                    Attribute::boolean("primary", "Whether it is preferred"),
                ],
            )
            .many()
            .required(),
            Attribute::complex(
                "pagination",
                "Paging (RFC 9865)",
                vec![
                    Attribute::boolean("cursor", "By cursor").required(),
                    Attribute::boolean("index", "By index").required(),
                    text("defaultPaginationMethod", "What a query without either gets").usually(["cursor", "index"]),
                    number("defaultPageSize", "Resources in a page without `count`"),
                    number("maxPageSize", "Resources in a page at most"),
                    number("cursorTimeout", "Seconds a cursor lives"),
                ],
            ),
        ],
    )
}

fn resource_type() -> Schema {
    let uri = |name: &str, description: &str| Attribute::reference(name, &["uri"], description).required();
    whole(
        urn::RESOURCE_TYPE,
        "ResourceType",
        "A type of resources",
        vec![
            Attribute::string("id", "Its id"),
            Attribute::string("name", "Its name").required(),
            Attribute::string("description", "In words"),
            uri("endpoint", "Its endpoint below the base URL"),
            uri("schema", "Its core schema"),
            Attribute::complex(
                "schemaExtensions",
                "Its extensions",
                vec![uri("schema", "The extension"), Attribute::boolean("required", "Whether it must be there").required()],
            )
            .many(),
        ],
    )
}

/// The characteristics of attributes are themselves attributes; parts of parts are not listed once more, as in the RFC.
fn schema() -> Schema {
    let mut attributes = characteristics();
    attributes.push(Attribute::complex("subAttributes", "The parts of a complex attribute", characteristics()).many());
    whole(
        urn::SCHEMA,
        "Schema",
        "A schema and its attributes",
        vec![
            Attribute::reference("id", &["uri"], "Its URN").required(),
            Attribute::string("name", "Its name"),
            Attribute::string("description", "In words"),
            Attribute::complex("attributes", "Its attributes", attributes).many().required(),
        ],
    )
}

fn characteristics() -> Vec<Attribute> {
    let text = Attribute::string;
    let flag = Attribute::boolean;
    vec![
        text("name", "The name in its canonical case").exact().required(),
        Attribute::new("type", Type::String, "What values it takes").required().usually([
            "string",
            "boolean",
            "decimal",
            "integer",
            "dateTime",
            "binary",
            "reference",
            "complex",
        ]),
        flag("multiValued", "Whether it holds several").required(),
        text("description", "In words"),
        flag("required", "Whether it must be there"),
        text("canonicalValues", "The values it usually takes").exact().many(),
        flag("caseExact", "Whether case counts"),
        text("mutability", "Who may change it").usually(["readOnly", "readWrite", "immutable", "writeOnly"]),
        text("returned", "When it is in an answer").usually(["always", "never", "default", "request"]),
        text("uniqueness", "How far it is unique").usually(["none", "server", "global"]),
        text("referenceTypes", "What a reference points to").exact().many(),
    ]
}

fn actions(known: &BTreeSet<String>) -> Schema {
    whole(
        urn::ACTIONS,
        "Actions",
        "The actions below a user",
        vec![Attribute::string("actions", "Their names, as in `/Users/{id}/actions/{name}`").exact().many().only(known)],
    )
}
