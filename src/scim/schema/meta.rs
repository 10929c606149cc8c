//! The schemas of the discovery documents themselves (RFC 7643 sections 5 to 7), which `/Schemas` must list too.

use std::collections::BTreeSet;

use super::super::urn;
use super::{Attribute, Schema, Type};

/// Returns the schemas of `ServiceProviderConfig`, `ResourceType`, `Schema`, and our list of actions.
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
    let supported = || Attribute::boolean("supported", "Whether the server supports it").required();
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
            external("documentationUri", "The documentation for people"),
            feature("patch", "PATCH", vec![]),
            feature(
                "bulk",
                "Bulk requests",
                vec![number("maxOperations", "The most operations"), number("maxPayloadSize", "The most bytes")],
            ),
            feature("filter", "Filters", vec![number("maxResults", "The most resources in an answer")]),
            feature("changePassword", "Changing passwords", vec![]),
            feature("sort", "Sorting", vec![]),
            feature("etag", "Entity tags", vec![]),
            Attribute::complex(
                "authenticationSchemes",
                "How clients authenticate",
                vec![
                    text("type", "The scheme").required().usually(["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"]),
                    text("name", "Its name").required(),
                    text("description", "A description").required(),
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
                    Attribute::boolean("cursor", "Whether paging by cursor is supported").required(),
                    Attribute::boolean("index", "Whether paging by index is supported").required(),
                    text("defaultPaginationMethod", "The paging of a query that uses neither").usually(["cursor", "index"]),
                    number("defaultPageSize", "The number of resources in a page if `count` is not given"),
                    number("maxPageSize", "The most resources in a page"),
                    number("cursorTimeout", "The seconds for which a cursor is valid"),
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
        "A resource type",
        vec![
            Attribute::string("id", "Its id"),
            Attribute::string("name", "Its name").required(),
            Attribute::string("description", "A description"),
            uri("endpoint", "Its endpoint below the base URL"),
            uri("schema", "Its core schema"),
            Attribute::complex(
                "schemaExtensions",
                "Its extensions",
                vec![uri("schema", "The extension"), Attribute::boolean("required", "Whether it is required").required()],
            )
            .many(),
        ],
    )
}

/// Makes the schema of schemas, in which the characteristics of attributes are attributes themselves. As in the RFC, parts of parts are not
/// listed again.
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
            Attribute::string("description", "A description"),
            Attribute::complex("attributes", "Its attributes", attributes).many().required(),
        ],
    )
}

fn characteristics() -> Vec<Attribute> {
    let text = Attribute::string;
    let flag = Attribute::boolean;
    vec![
        text("name", "The name in its canonical case").exact().required(),
        Attribute::new("type", Type::String, "The type of its values").required().usually([
            "string",
            "boolean",
            "decimal",
            "integer",
            "dateTime",
            "binary",
            "reference",
            "complex",
        ]),
        flag("multiValued", "Whether it can have several values").required(),
        text("description", "A description"),
        flag("required", "Whether it is required"),
        text("canonicalValues", "The usual values").exact().many(),
        flag("caseExact", "Whether values are case-sensitive"),
        text("mutability", "Whether and when it can be changed").usually(["readOnly", "readWrite", "immutable", "writeOnly"]),
        text("returned", "When an answer includes it").usually(["always", "never", "default", "request"]),
        text("uniqueness", "Where its values are unique").usually(["none", "server", "global"]),
        text("referenceTypes", "The types that a reference can point to").exact().many(),
    ]
}

fn actions(known: &BTreeSet<String>) -> Schema {
    whole(
        urn::ACTIONS,
        "Actions",
        "The actions of a user",
        vec![Attribute::string("actions", "Their names, as in `/Users/{id}/actions/{name}`").exact().many().only(known)],
    )
}
