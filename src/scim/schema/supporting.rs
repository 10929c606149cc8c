//! The supporting records that users refer to: clinics, roles, employee records, and the groups of plain SCIM.

use crate::platform::Catalog;

use super::super::urn;
use super::{Attribute, ResourceType, Schema};

/// Makes the resource type of clinics.
pub(super) fn clinic() -> ResourceType {
    resource(
        "Clinic",
        "/Clinics",
        urn::CLINIC,
        "A clinic of the practice",
        vec![
            Attribute::string("key", "The key of the clinic in the roster").exact().required().immutable().unique(),
            Attribute::string("displayName", "The name people see").exact(),
        ],
    )
}

/// Makes the resource type of roles, read-only if the platform has no custom roles.
pub(super) fn role(catalog: &Catalog) -> ResourceType {
    let mut privileges = Attribute::string("privileges", "The privileges of the role").exact().many();
    if !catalog.open_privileges {
        privileges = privileges.only(catalog.privileges.keys());
        privileges.case_exact = false;
    }
    let mut attributes = vec![
        Attribute::string("value", "The key of the role in `roles` of users").exact().required().immutable().unique(),
        Attribute::string("display", "The name people see").exact(),
        privileges,
        Attribute::boolean("builtIn", "Whether the role is one of the platform's own").read_only(),
    ];
    if !catalog.custom_roles {
        attributes = attributes.into_iter().map(Attribute::read_only).collect();
    }
    resource("Role", "/Roles", urn::ROLE, "A role: a set of privileges", attributes)
}

/// Makes the resource type of employee records (PBN-1).
pub(super) fn employee() -> ResourceType {
    resource(
        "Employee",
        "/Employees",
        urn::EMPLOYEE,
        "An employee record, with or without an account",
        vec![
            Attribute::string("key", "The key of the record in the roster; the server makes one if it is absent")
                .exact()
                .immutable()
                .unique(),
            Attribute::string("givenName", "First name").exact().required(),
            Attribute::string("familyName", "Last name").exact().required(),
            Attribute::boolean("active", "Whether the record is active"),
            Attribute::boolean("external", "Whether the person is from outside the practice"),
        ],
    )
}

/// Makes the resource type of core groups (RFC 7643 section 4.2).
pub(super) fn group() -> ResourceType {
    let members = vec![
        Attribute::string("value", "The member's id").exact().immutable(),
        Attribute::reference("$ref", &["User", "Group"], "The member's URI").immutable(),
        Attribute::string("type", "The type of the member").immutable().usually(["User", "Group"]),
        Attribute::string("display", "The member's name").read_only(),
    ];
    resource(
        "Group",
        "/Groups",
        urn::GROUP,
        "A group of users",
        vec![
            Attribute::string("displayName", "The name people see").required(),
            Attribute::complex("members", "The members of the group", members).many(),
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
