//! The core user: all of it for plain SCIM, or the attributes that a platform has.

use crate::model::Field;
use crate::platform::Catalog;

use super::super::urn;
use super::record_names as names;
use super::{Attribute, Schema, table};

/// Makes the whole core user (RFC 7643 sections 4.1 and 8.7.1).
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
        text("nickName", "The person's nickname"),
        Attribute::reference("profileUrl", &["external"], "The URL of the person's page"),
        text("title", "Professional title"),
        text("userType", "The person's relationship to the practice"),
        text("preferredLanguage", "Preferred language, as in Accept-Language"),
        text("locale", "Locale for dates and numbers"),
        text("timezone", "Time zone, by its IANA name"),
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
            "The user's groups; to change them, change the group",
            vec![
                text("value", "The group's id").exact(),
                Attribute::reference("$ref", &[names::group::TYPE], "The group's URI"),
                text("display", "The group's name"),
                text("type", "Whether it is a direct membership").usually(["direct", "indirect"]),
            ],
        )
        .many()
        .read_only(),
        plural("entitlements", "Entitlements", text("value", "The entitlement"), &[]),
        plural("roles", "Roles", text("value", "The role"), &[]),
        plural("x509Certificates", "Certificates", Attribute::new("value", super::Type::Binary, "DER, in base64").exact(), &[]),
    ])
}

/// Makes the core user with the attributes that a platform has.
pub(super) fn practice(catalog: &Catalog) -> Schema {
    let text = Attribute::string;
    let has = |field| catalog.field(field).is_some();
    // Phones and roles have several values in the core, with parts of their own; they are added below.
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
    attributes.push(with_read_only(describe_type(emails, "The use of the address; the login is returned as `work`"), &["display"]));
    if has(Field::Phones) {
        let types = ["mobile", "work", "home", "fax", "pager", "other"];
        let phones = plural("phoneNumbers", "Phone numbers; the primary one is the cell phone", text("value", "The number"), &types);
        // It cannot be read-only: identity providers use it to name the cell phone, even before there is one.
        let cell = "The use of the number. If no number is primary, the first `mobile` one is the cell phone. The cell phone is returned as `mobile`, the others without a type";
        attributes.push(with_read_only(describe_type(phones, cell), &["display"]));
    }
    if has(Field::Role) {
        let mut value = text("value", "The role's key, one of `/Roles`").exact();
        value.required = true;
        attributes.push(with_read_only(plural("roles", "The role; exactly one", value, &[]), &["display", "type"]));
    }
    schema(attributes)
}

fn schema(attributes: Vec<Attribute>) -> Schema {
    Schema { id: urn::USER.to_owned(), name: names::user::TYPE.to_owned(), description: "User Account".to_owned(), attributes }
}

fn user_name() -> Attribute {
    Attribute::string("userName", "The login, unique in the workspace in any case").required().unique()
}

/// Makes `active`, whose meaning RFC 7643 leaves to the provider. Here it means "not inactive", so pending and blocked accounts are active
/// too. A PUT that omits it does not change it, so that nobody is reactivated by accident.
fn active() -> Attribute {
    Attribute::boolean(
        names::user::ACTIVE,
        "False if the account is inactive. Pending and blocked accounts are active too. A PUT that omits it does not change it",
    )
}

fn password() -> Attribute {
    Attribute::string("password", "A first password").exact().write_only()
}

fn primary() -> Attribute {
    Attribute::boolean("primary", "Whether this is the preferred value; at most one value is")
}

/// Replaces the description of the part `type`.
fn describe_type(mut attribute: Attribute, description: &str) -> Attribute {
    for part in attribute.sub_attributes.iter_mut().filter(|part| part.name == "type") {
        description.clone_into(&mut part.description);
    }
    attribute
}

/// Makes parts read-only that a platform does not store, so that the schema says that the server ignores them.
fn with_read_only(mut attribute: Attribute, parts: &[&str]) -> Attribute {
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
