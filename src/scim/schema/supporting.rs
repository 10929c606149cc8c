//! The supporting records that users refer to: clinics, roles, employee records, and the groups of plain SCIM.

use crate::platform::Catalog;

use super::super::urn;
use super::record_names as names;
use super::{Attribute, ResourceType, Schema};

/// Makes the resource type of clinics.
pub(super) fn clinic() -> ResourceType {
    resource(
        names::clinic::TYPE,
        names::clinic::ENDPOINT,
        urn::CLINIC,
        "This is a clinic of the practice.",
        vec![
            Attribute::string(names::clinic::KEY, "This is the key of the clinic in the roster.").exact().required().immutable().unique(),
            Attribute::string(names::clinic::NAME, "People see this name.").exact(),
        ],
    )
}

/// Makes the resource type of roles, read-only if the platform has no custom roles.
pub(super) fn role(catalog: &Catalog) -> ResourceType {
    let mut privileges = Attribute::string(names::role::PRIVILEGES, "The role gives these privileges.").exact().many();
    if !catalog.open_privileges {
        privileges = privileges.only(catalog.privileges.keys());
        privileges.case_exact = false;
    }
    let mut attributes = vec![
        Attribute::string(names::role::KEY, "This is the key of the role in `roles` of users.").exact().required().immutable().unique(),
        Attribute::string(names::role::NAME, "People see this name.").exact(),
        privileges,
        Attribute::boolean(names::role::BUILT_IN, "Says whether the role is one of the platform's own.").read_only(),
    ];
    if !catalog.custom_roles {
        attributes = attributes.into_iter().map(Attribute::read_only).collect();
    }
    resource(names::role::TYPE, names::role::ENDPOINT, urn::ROLE, "This is a role: a set of privileges.", attributes)
}

/// Makes the resource type of employee records (PBN-1).
pub(super) fn employee() -> ResourceType {
    resource(
        names::employee::TYPE,
        names::employee::ENDPOINT,
        urn::EMPLOYEE,
        "This is an employee record, with or without an account.",
        vec![
            Attribute::string(names::employee::KEY, "This is the key of the record in the roster. The server makes one if it is absent.")
                .exact()
                .immutable()
                .unique(),
            Attribute::string(names::employee::FIRST_NAME, "This is the employee's first name.").exact().required(),
            Attribute::string(names::employee::LAST_NAME, "This is the employee's last name.").exact().required(),
            Attribute::boolean(names::employee::ACTIVE, "Says whether the record is active."),
            Attribute::boolean(names::employee::EXTERNAL, "Says whether the person is from outside the practice."),
        ],
    )
}

/// Makes the resource type of core groups (RFC 7643 section 4.2).
pub(super) fn group() -> ResourceType {
    let member_types = [names::user::TYPE, names::group::TYPE];
    let members = vec![
        Attribute::string(names::group::MEMBER_ID, "This is the member's id.").exact().immutable(),
        Attribute::reference(names::group::MEMBER_URI, &member_types, "This is the member's URI.").immutable(),
        Attribute::string(names::group::MEMBER_TYPE, "Says whether the member is a user or a group.").immutable().usually(member_types),
        Attribute::string("display", "This is the member's name.").read_only(),
    ];
    resource(
        names::group::TYPE,
        names::group::ENDPOINT,
        urn::GROUP,
        "This is a group of users.",
        vec![
            Attribute::string(names::group::NAME, "People see this name.").required(),
            Attribute::complex(names::group::MEMBERS, "These are the members of the group.", members).many(),
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
