//! What users refer to: clinics, roles, employee records, and the groups of plain SCIM.

use crate::platform::Catalog;

use super::super::urn;
use super::{Attribute, ResourceType, Schema};

/// A clinic.
pub(super) fn clinic() -> ResourceType {
    resource(
        "Clinic",
        "/Clinics",
        urn::CLINIC,
        "A clinic of the practice",
        vec![
            Attribute::string("key", "The key YAML names it by").exact().required().immutable().unique(),
            Attribute::string("displayName", "The name people see").exact(),
        ],
    )
}

/// A role; where the platform takes no others, its roles are the server's alone.
pub(super) fn role(catalog: &Catalog) -> ResourceType {
    let mut privileges = Attribute::string("privileges", "What holders may do").exact().many();
    if !catalog.open_privileges {
        privileges = privileges.only(catalog.privileges.keys());
        privileges.case_exact = false;
    }
    let mut attributes = vec![
        Attribute::string("value", "The key users' `roles` name it by").exact().required().immutable().unique(),
        Attribute::string("display", "The name people see").exact(),
        privileges,
        Attribute::boolean("builtIn", "Whether the platform ships it").read_only(),
    ];
    if !catalog.custom_roles {
        attributes = attributes.into_iter().map(Attribute::read_only).collect();
    }
    resource("Role", "/Roles", urn::ROLE, "A role: a set of privileges", attributes)
}

/// An employee record (PBN-1).
pub(super) fn employee() -> ResourceType {
    resource(
        "Employee",
        "/Employees",
        urn::EMPLOYEE,
        "An employee record, with or without an account",
        vec![
            Attribute::string("key", "The key YAML names it by; the server makes one where absent").exact().immutable().unique(),
            Attribute::string("givenName", "First name").exact().required(),
            Attribute::string("familyName", "Last name").exact().required(),
            Attribute::boolean("active", "Whether the record is active"),
            Attribute::boolean("external", "Whether the person is from outside the practice"),
        ],
    )
}

/// The core group (RFC 7643 section 4.2).
pub(super) fn group() -> ResourceType {
    let members = vec![
        Attribute::string("value", "The member's id").exact().immutable(),
        Attribute::reference("$ref", &["User", "Group"], "The member's URI").immutable(),
        Attribute::string("type", "What the member is").immutable().usually(["User", "Group"]),
        Attribute::string("display", "The member's name").read_only(),
    ];
    resource(
        "Group",
        "/Groups",
        urn::GROUP,
        "A group of users",
        vec![
            Attribute::string("displayName", "The name people see").required(),
            Attribute::complex("members", "Who belongs to it", members).many(),
        ],
    )
}

fn resource(name: &str, endpoint: &str, id: &str, description: &str, attributes: Vec<Attribute>) -> ResourceType {
    ResourceType {
        name: name.to_owned(),
        endpoint: endpoint.to_owned(),
        description: description.to_owned(),
        schema: Schema { id: id.to_owned(), name: name.to_owned(), description: description.to_owned(), attributes },
        extensions: Vec::new(),
    }
}
