//! The core user: whole for plain SCIM, and as much of it as a platform holds.

use crate::model::Field;
use crate::platform::Catalog;

use super::super::urn;
use super::{Attribute, Schema, table};

/// The whole core user (RFC 7643 sections 4.1 and 8.7.1).
pub(super) fn full() -> Schema {
    let text = Attribute::string;
    schema(vec![
        user_name(),
        Attribute::complex(
            "name",
            "The parts of the person's name",
            vec![
                text("formatted", "The whole name, for display"),
                text("familyName", "Last name"),
                text("givenName", "First name"),
                text("middleName", "Middle names"),
                text("honorificPrefix", "Title before the name"),
                text("honorificSuffix", "Suffix after the name"),
            ],
        ),
        text("displayName", "The name people see"),
        text("nickName", "What the person is called"),
        Attribute::reference("profileUrl", &["external"], "The person's page"),
        text("title", "Professional title"),
        text("userType", "How the person stands to the practice"),
        text("preferredLanguage", "Preferred language, as in Accept-Language"),
        text("locale", "Locale for dates and numbers"),
        text("timezone", "Time zone of the IANA database"),
        active().supplied(),
        password(),
        plural("emails", "E-mail addresses", text("value", "The address"), &["work", "home", "other"]),
        plural("phoneNumbers", "Phone numbers", text("value", "The number"), &["work", "home", "mobile", "fax", "pager", "other"]),
        plural(
            "ims",
            "Instant messaging addresses",
            text("value", "The address"),
            &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
        ),
        plural("photos", "Photographs", Attribute::reference("value", &["external"], "Its URI"), &["photo", "thumbnail"]),
        Attribute::complex(
            "addresses",
            "Postal addresses",
            vec![
                text("formatted", "The whole address, for display"),
                text("streetAddress", "Street and number"),
                text("locality", "Town"),
                text("region", "State or region"),
                text("postalCode", "Postal code"),
                text("country", "ISO 3166-1 country code"),
                text("type", "What it is used for").usually(["work", "home", "other"]),
                primary(),
            ],
        )
        .many(),
        Attribute::complex(
            "groups",
            "Groups the user belongs to; changed through the group",
            vec![
                text("value", "The group's id").exact(),
                Attribute::reference("$ref", &["Group"], "The group's URI"),
                text("display", "The group's name"),
                text("type", "Whether it is a direct membership").usually(["direct", "indirect"]),
            ],
        )
        .many()
        .read_only(),
        plural("entitlements", "Entitlements", text("value", "The entitlement"), &[]),
        plural("roles", "Roles", text("value", "The role"), &[]),
        plural("x509Certificates", "Certificates", Attribute::new("value", super::Type::Binary, "DER, in base 64").exact(), &[]),
    ])
}

/// As much of the core user as a platform holds.
pub(super) fn practice(catalog: &Catalog) -> Schema {
    let text = Attribute::string;
    let has = |field| catalog.field(field).is_some();
    // Phones and roles are plural in the core and have parts of their own, below.
    let plural_ones = [Field::Phones, Field::Role].map(|field| field.definition().wire.attribute);
    let mut attributes = vec![user_name()];
    attributes.extend(table::attributes(catalog, |wire| !wire.practice && !plural_ones.contains(&wire.attribute)));
    let after_name = attributes.iter().position(|attribute| attribute.name == "name").map_or(1, |at| at + 1);
    attributes.insert(after_name, text("displayName", "First and last name").read_only());
    attributes.push(active());
    if catalog.initial_password {
        attributes.push(password());
    }
    let types = ["work", "home", "other"];
    let emails = plural("emails", "The login address", text("value", "The address"), &types);
    attributes.push(with_fixed(said_of_type(emails, "What it is used for: the login is answered as `work`"), &["display"]));
    if has(Field::Phones) {
        let types = ["mobile", "work", "home", "fax", "pager", "other"];
        let phones = plural("phoneNumbers", "Phone numbers; the primary one is the cell phone", text("value", "The number"), &types);
        // It can not be the server's alone: identity providers name the cell phone by it, also where there is none yet.
        let cell =
            "Where none is primary, the first `mobile` one is the cell phone, which is answered as `mobile` and any other as `other`";
        attributes.push(with_fixed(said_of_type(phones, cell), &["display"]));
    }
    if has(Field::Role) {
        let mut value = text("value", "The role's key, one of `/Roles`").exact();
        value.required = true;
        attributes.push(with_fixed(plural("roles", "The role; one", value, &[]), &["display", "type"]));
    }
    schema(attributes)
}

fn schema(attributes: Vec<Attribute>) -> Schema {
    Schema { id: urn::USER.to_owned(), name: "User".to_owned(), description: "User Account".to_owned(), attributes }
}

fn user_name() -> Attribute {
    Attribute::string("userName", "The login, unique in the workspace in any case").required().unique()
}

/// RFC 7643 leaves its meaning to the provider: ours is "not inactive"; pending and blocked accounts are active too. Left out of a PUT, it
/// stays as it is, so that nobody comes back unnoticed.
fn active() -> Attribute {
    Attribute::boolean(
        "active",
        "Whether the account is not inactive; a pending or blocked account is active, too; left out, it stays as it is",
    )
}

fn password() -> Attribute {
    Attribute::string("password", "A first password").exact().write_only()
}

fn primary() -> Attribute {
    Attribute::boolean("primary", "Whether it is the preferred one; at most one is")
}

/// With another description of the part `type`.
fn said_of_type(mut attribute: Attribute, description: &str) -> Attribute {
    for part in attribute.sub_attributes.iter_mut().filter(|part| part.name == "type") {
        description.clone_into(&mut part.description);
    }
    attribute
}

/// With parts that are the server's: a platform does not hold them, so what a client sends of them is passed over, and the schema says so.
fn with_fixed(mut attribute: Attribute, parts: &[&str]) -> Attribute {
    let fixed = |part: Attribute| if parts.contains(&part.name.as_str()) { part.read_only() } else { part };
    attribute.sub_attributes = attribute.sub_attributes.into_iter().map(fixed).collect();
    attribute
}

fn plural(name: &str, description: &str, value: Attribute, types: &[&str]) -> Attribute {
    let subs = vec![
        value,
        Attribute::string("display", "For display"),
        Attribute::string("type", "What it is used for").usually(types),
        primary(),
    ];
    Attribute::complex(name, description, subs).many()
}
