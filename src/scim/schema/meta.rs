//! The schemas of the discovery documents themselves (RFC 7643 sections 5 to 7), which `/Schemas` must list too.

use std::collections::BTreeSet;

use super::super::urn;
use super::{Attribute, Schema, Type};
use crate::model::Action;

/// Returns the schemas of `ServiceProviderConfig`, `ResourceType`, `Schema`, and our list of actions.
pub(super) fn schemas(known: &BTreeSet<Action>) -> Vec<Schema> {
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
    let supported = || Attribute::boolean("supported", "Says whether the server supports it.").required();
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
        "Says what the server supports.",
        vec![
            external("documentationUri", "The documentation for people is there."),
            feature("patch", "Says whether PATCH can be used.", vec![]),
            feature(
                "bulk",
                "Describes bulk requests.",
                vec![
                    number("maxOperations", "A request can have this number of operations."),
                    number("maxPayloadSize", "A request can have this number of bytes."),
                ],
            ),
            feature("filter", "Describes filters.", vec![number("maxResults", "An answer has at most this number of resources.")]),
            feature("changePassword", "Says whether passwords can be changed.", vec![]),
            feature("sort", "Says whether answers can be sorted.", vec![]),
            feature("etag", "Says whether resources have entity tags.", vec![]),
            Attribute::complex(
                "authenticationSchemes",
                "Clients authenticate with one of these schemes.",
                vec![
                    text("type", "Names the kind of scheme.").required().usually([
                        "oauth",
                        "oauth2",
                        "oauthbearertoken",
                        "httpbasic",
                        "httpdigest",
                    ]),
                    text("name", "This is its name.").required(),
                    text("description", "This is a description.").required(),
                    external("specUri", "Its specification is there."),
                    external("documentationUri", "Its documentation is there."),
                    Attribute::boolean("primary", "Says whether it is preferred."),
                ],
            )
            .many()
            .required(),
            Attribute::complex(
                "pagination",
                "Describes paging (RFC 9865).",
                vec![
                    Attribute::boolean("cursor", "Says whether paging by cursor is supported.").required(),
                    Attribute::boolean("index", "Says whether paging by index is supported.").required(),
                    text("defaultPaginationMethod", "A query that uses neither gets this kind of paging.").usually(["cursor", "index"]),
                    number("defaultPageSize", "A page has this number of resources if `count` is not given."),
                    number("maxPageSize", "A page has at most this number of resources."),
                    number("cursorTimeout", "A cursor is valid for this number of seconds."),
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
        "This is a resource type.",
        vec![
            Attribute::string("id", "This is its id."),
            Attribute::string("name", "This is its name.").required(),
            Attribute::string("description", "This is a description."),
            uri("endpoint", "This is its endpoint below the base URL."),
            uri("schema", "This is its core schema."),
            Attribute::complex(
                "schemaExtensions",
                "These are its extensions.",
                vec![uri("schema", "This is the extension."), Attribute::boolean("required", "Says whether it is required.").required()],
            )
            .many(),
        ],
    )
}

/// Makes the schema of schemas, in which the characteristics of attributes are attributes themselves. As in the RFC, parts of parts are not
/// listed again.
fn schema() -> Schema {
    let mut attributes = characteristics();
    attributes.push(Attribute::complex("subAttributes", "These are the parts of a complex attribute.", characteristics()).many());
    whole(
        urn::SCHEMA,
        "Schema",
        "This is a schema, with its attributes.",
        vec![
            Attribute::reference("id", &["uri"], "This is its URN.").required(),
            Attribute::string("name", "This is its name."),
            Attribute::string("description", "This is a description."),
            Attribute::complex("attributes", "These are its attributes.", attributes).many().required(),
        ],
    )
}

fn characteristics() -> Vec<Attribute> {
    let text = Attribute::string;
    let flag = Attribute::boolean;
    vec![
        text("name", "This is the name, in its canonical case.").exact().required(),
        Attribute::new("type", Type::String, "This is the type of its values.").required().usually([
            "string",
            "boolean",
            "decimal",
            "integer",
            "dateTime",
            "binary",
            "reference",
            "complex",
        ]),
        flag("multiValued", "Says whether it can have several values.").required(),
        text("description", "This is a description."),
        flag("required", "Says whether it is required."),
        text("canonicalValues", "These are the usual values.").exact().many(),
        flag("caseExact", "Says whether values are case-sensitive."),
        text("mutability", "Says whether and when it can be changed.").usually(["readOnly", "readWrite", "immutable", "writeOnly"]),
        text("returned", "Says when an answer includes it.").usually(["always", "never", "default", "request"]),
        text("uniqueness", "Says where its values are unique.").usually(["none", "server", "global"]),
        text("referenceTypes", "A reference can point to these types.").exact().many(),
    ]
}

fn actions(known: &BTreeSet<Action>) -> Schema {
    let words: BTreeSet<&str> = known.iter().map(|action| action.as_str()).collect();
    whole(
        urn::ACTIONS,
        "Actions",
        "These are the actions of a user.",
        vec![Attribute::string("actions", "These are their names, as in `/Users/{id}/actions/{name}`.").exact().many().only(words)],
    )
}
