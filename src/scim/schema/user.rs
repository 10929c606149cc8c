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
            "These are the parts of the person's name.",
            vec![
                text("formatted", "This is the whole name, for display."),
                text("familyName", "This is the person's last name."),
                text("givenName", "This is the person's first name."),
                text("middleName", "These are the person's middle names."),
                text("honorificPrefix", "This title comes before the name."),
                text("honorificSuffix", "This suffix comes after the name."),
            ],
        ),
        text("displayName", "People see this name."),
        text("nickName", "This is the person's nickname."),
        Attribute::reference("profileUrl", &["external"], "This is the URL of the person's page."),
        text("title", "This is the person's professional title."),
        text("userType", "Describes the person's relationship to the practice."),
        text("preferredLanguage", "The person has this preferred language, as in Accept-Language."),
        text("locale", "Dates and numbers are shown in the form of this locale."),
        text("timezone", "This is the person's time zone, by its IANA name."),
        active().supplied(),
        password(),
        plural("emails", "These are e-mail addresses.", text("value", "This is the address."), &["work", "home", "other"]),
        plural(
            "phoneNumbers",
            "These are the phone numbers.",
            text("value", "This is the number."),
            &["work", "home", "mobile", "fax", "pager", "other"],
        ),
        plural(
            "ims",
            "These are instant messaging addresses.",
            text("value", "This is the address."),
            &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
        ),
        plural(
            "photos",
            "These are photographs.",
            Attribute::reference("value", &["external"], "This is its URI."),
            &["photo", "thumbnail"],
        ),
        Attribute::complex(
            "addresses",
            "These are postal addresses.",
            vec![
                text("formatted", "This is the whole address, for display."),
                text("streetAddress", "These are the street and the number."),
                text("locality", "This is the town."),
                text("region", "This is the state or region."),
                text("postalCode", "This is the postal code."),
                text("country", "This is the ISO 3166-1 country code."),
                text("type", "Says what it is used for.").usually(["work", "home", "other"]),
                primary(),
            ],
        )
        .many(),
        Attribute::complex(
            "groups",
            "These are the user's groups. To change them, change the group.",
            vec![
                text("value", "This is the group's id.").exact(),
                Attribute::reference("$ref", &[names::group::TYPE], "This is the group's URI."),
                text("display", "This is the group's name."),
                text("type", "Says whether it is a direct membership.").usually(["direct", "indirect"]),
            ],
        )
        .many()
        .read_only(),
        plural("entitlements", "These are entitlements.", text("value", "This is the entitlement."), &[]),
        plural("roles", "These are roles.", text("value", "This is the role."), &[]),
        plural(
            "x509Certificates",
            "These are certificates.",
            Attribute::new("value", super::Type::Binary, "This is DER, in base64.").exact(),
            &[],
        ),
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
    attributes.insert(after_name, text("displayName", "This is the first and the last name.").read_only());
    attributes.push(active());
    if catalog.initial_password {
        attributes.push(password());
    }
    let types = ["work", "home", "other"];
    let emails = plural("emails", "This is the login address.", text("value", "This is the address."), &types);
    attributes.push(with_read_only(describe_type(emails, "Says how the address is used. The login is returned as `work`."), &["display"]));
    if has(Field::Phones) {
        let types = ["mobile", "work", "home", "fax", "pager", "other"];
        let phones = plural(
            "phoneNumbers",
            "These are phone numbers. The primary one is the cell phone.",
            text("value", "This is the number."),
            &types,
        );
        // It cannot be read-only: identity providers use it to name the cell phone, even before there is one.
        let cell = "Says how the number is used. If no number is primary, the first `mobile` one is the cell phone. The cell phone is returned as `mobile`, the others without a type.";
        attributes.push(with_read_only(describe_type(phones, cell), &["display"]));
    }
    if has(Field::Role) {
        let mut value = text("value", "This is the role's key, one of `/Roles`.").exact();
        value.required = true;
        attributes.push(with_read_only(plural("roles", "There is exactly one role.", value, &[]), &["display", "type"]));
    }
    schema(attributes)
}

fn schema(attributes: Vec<Attribute>) -> Schema {
    Schema {
        id: urn::USER.to_owned(),
        name: names::user::TYPE.to_owned(),
        description: "This is a person's account.".to_owned(),
        attributes,
    }
}

fn user_name() -> Attribute {
    Attribute::string("userName", "This is the login, unique in the workspace; upper and lower case are the same.").required().unique()
}

/// Makes `active`, whose meaning RFC 7643 leaves to the provider. Here it means "not inactive", so pending and blocked accounts are active
/// too. A PUT that omits it does not change it, so that nobody is reactivated by accident.
fn active() -> Attribute {
    Attribute::boolean(
        names::user::ACTIVE,
        "Says `false` if the account is inactive. Pending and blocked accounts are active too. A PUT that omits it does not change it.",
    )
}

fn password() -> Attribute {
    Attribute::string("password", "This is a first password.").exact().write_only()
}

fn primary() -> Attribute {
    Attribute::boolean("primary", "Says whether this is the preferred value. At most one value is.")
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
        Attribute::string("display", "This is shown to people."),
        Attribute::string("type", "Says what it is used for.").usually(types),
        primary(),
    ];
    Attribute::complex(name, description, subs).many()
}
