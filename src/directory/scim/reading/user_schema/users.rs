//! A server's own schema of users (RFC 7643 section 7): what it lacks is neither compared nor sent, what it requires is sent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::attribute::{SchemaAttribute, attributes};
use crate::directory::scim::client::{get, text};
use crate::model::{Field, Kind, Requirement};
use crate::scim::patch::Patch;
use crate::scim::schema::record_names::user;
use crate::scim::urn;

/// The attributes of users that a server announces, by their names in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::directory::scim) struct UserSchema {
    attributes: BTreeMap<String, SchemaAttribute>,
    /// The attributes that extensions require of a new user, each as `URN:attribute`.
    extended: BTreeSet<String>,
}

/// The extensions of users that a server names among its resource types, by their URNs in lower case; whether every user has it, if it says.
pub(in crate::directory::scim) type Extensions = BTreeMap<String, Option<bool>>;

impl UserSchema {
    /// Reads a list of schemas, or one schema; `None` if it does not describe users.
    pub(in crate::directory::scim) fn read(document: &Json) -> Option<Self> {
        let listed = schemas(document);
        let user = listed.iter().find(|schema| text(schema, "id").is_some_and(|id| id.eq_ignore_ascii_case(urn::USER)))?;
        let attributes = attributes(get(user, "attributes")?, 0);
        // A schema without the login is not one of users, whatever it says.
        attributes.contains_key("username").then_some(Self { attributes, extended: BTreeSet::new() })
    }

    /// Adds what the extensions in a list of schemas, or in one schema, require. One that not every user has requires nothing (RFC 7643
    /// section 6); one that the server names nowhere is one of users by its URN.
    pub(in crate::directory::scim) fn extend(&mut self, document: &Json, extensions: &Extensions) {
        for schema in schemas(document) {
            let Some(id) = text(schema, "id").filter(|id| !id.eq_ignore_ascii_case(urn::USER)) else { continue };
            let key = id.to_ascii_lowercase();
            let is_everybodys = extensions.get(&key).map_or_else(|| key.ends_with(":user"), |required| *required != Some(false));
            let Some(listed) = get(schema, "attributes").filter(|_| is_everybodys) else { continue };
            let required = attributes(listed, 0).into_values().filter(|attribute| attribute.is_required && !attribute.is_read_only);
            self.extended.extend(required.map(|attribute| format!("{id}:{}", attribute.name)));
        }
    }

    /// The fields that the server does not store, or does not show.
    pub(in crate::directory::scim) fn lacking(&self) -> BTreeSet<Field> {
        let fields = Field::ALL.into_iter().filter(|field| *field != Field::Email && !field.definition().wire.practice);
        fields.filter(|field| !self.stores(*field)).collect()
    }

    fn stores(&self, field: Field) -> bool {
        let wire = &field.definition().wire;
        let is_kept = |attribute: &SchemaAttribute| !attribute.is_read_only && !attribute.is_hidden;
        let Some(attribute) = self.attribute(wire.attribute).filter(|attribute| is_kept(attribute)) else { return false };
        // Where a schema does not list the parts, nobody knows that one is lacking.
        let part = |part: &str| attribute.parts.is_empty() || attribute.part(part).is_some_and(is_kept);
        wire.part.is_none_or(|name| part(name) || (self.has_one_name() && part("formatted")))
    }

    /// The fields that a new user gets and that no change reaches; the login is one, too, where clients cannot change it.
    pub(in crate::directory::scim) fn fixed(&self) -> BTreeSet<Field> {
        let is_fixed = |field: &Field| {
            let wire = &field.definition().wire;
            let Some(attribute) = self.attribute(wire.attribute) else { return false };
            if *field == Field::Email {
                // A login that changes and an address that stays are half an identity.
                return self.is_fixed(wire.attribute, None) || self.is_fixed("emails", None) || self.is_read_only_part("emails", "value");
            }
            let part = wire.part.and_then(|part| attribute.part(part));
            !wire.practice && (attribute.is_immutable || part.is_some_and(|part| part.is_immutable))
        };
        Field::ALL.into_iter().filter(is_fixed).collect()
    }

    /// The fields of which the server stores one value, where a roster can have several.
    pub(in crate::directory::scim) fn single(&self) -> BTreeSet<Field> {
        let is_list = |field: &Field| match field.definition().kind {
            Kind::List => true,
            Kind::Text | Kind::TextOrNo | Kind::Flag | Kind::Number | Kind::Set | Kind::Changes => false,
        };
        let fields = Field::ALL.into_iter().filter(|field| !field.definition().wire.practice && is_list(field));
        fields.filter(|field| self.attribute(field.definition().wire.attribute).is_some_and(|attribute| attribute.is_single)).collect()
    }

    /// Returns whether clients cannot say who is active.
    pub(in crate::directory::scim) fn is_state_fixed(&self) -> bool {
        self.attribute(user::ACTIVE).is_none_or(|attribute| attribute.is_read_only || attribute.is_immutable || attribute.is_hidden)
    }

    /// Returns whether the server has a person's name as one text only.
    pub(in crate::directory::scim) fn has_one_name(&self) -> bool {
        let has = |part: &str| self.attribute("name").is_some_and(|name| name.part(part).is_some());
        has("formatted") && !has("givenName") && !has("familyName")
    }

    /// Returns whether clients cannot write an attribute.
    pub(in crate::directory::scim) fn is_read_only(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|attribute| attribute.is_read_only)
    }

    fn is_read_only_part(&self, name: &str, part: &str) -> bool {
        self.attribute(name).and_then(|attribute| attribute.part(part)).is_some_and(|part| part.is_read_only)
    }

    /// Returns whether no change of an attribute, or of a part of it, is accepted.
    pub(in crate::directory::scim) fn is_fixed(&self, name: &str, part: Option<&str>) -> bool {
        let attribute = self.attribute(name);
        let part = part.and_then(|part| attribute?.part(part));
        [attribute, part].into_iter().flatten().any(|attribute| attribute.is_read_only || attribute.is_immutable)
    }

    /// Returns whether a new user must have an attribute.
    pub(in crate::directory::scim) fn requires(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|attribute| attribute.is_required)
    }

    fn attribute(&self, name: &str) -> Option<&SchemaAttribute> {
        self.attributes.get(&name.to_ascii_lowercase())
    }

    /// Lists the attributes that a new user must have and only a roster or a person can give.
    pub(in crate::directory::scim) fn required(&self) -> BTreeSet<Requirement> {
        let mut found = BTreeSet::new();
        for attribute in self.attributes.values().filter(|attribute| !attribute.is_read_only) {
            let name = &attribute.name;
            let is_filled = FILLED.iter().any(|filled| name.eq_ignore_ascii_case(filled));
            if attribute.is_required && !is_filled {
                found.insert(requirement(name, None));
            }
            let is_always_sent = name.eq_ignore_ascii_case("name") || name.eq_ignore_ascii_case("emails");
            for part in attribute.parts.values().filter(|part| is_always_sent && part.is_required && !part.is_read_only) {
                if !FILLED_PARTS.iter().any(|filled| part.name.eq_ignore_ascii_case(filled)) {
                    found.insert(requirement(name, Some(&part.name)));
                }
            }
        }
        found.extend(self.extended.iter().cloned().map(Requirement::Attribute));
        found
    }

    /// Makes a new user fit: adds what is required and known, and takes out what the schema does not have.
    pub(in crate::directory::scim) fn fit_user(&self, user: &mut Json) {
        let name = |part: &str| user.pointer(&format!("/name/{part}")).and_then(Json::as_str).unwrap_or_default();
        let full = format!("{} {}", name("givenName"), name("familyName")).trim().to_owned();
        let login = text(user, "userName").unwrap_or_default().to_owned();
        let full = if full.is_empty() { login.clone() } else { full };
        let first = Some(name("givenName")).filter(|first| !first.is_empty()).unwrap_or(&full).to_owned();
        let Json::Object(members) = user else { return };
        let part = |part: &str| self.attribute("name").and_then(|name| name.part(part));
        let lacks_name = self.requires("name") && !members.contains_key("name");
        if (part("formatted").is_some_and(|part| part.is_required) || self.has_one_name() || lacks_name)
            && let Json::Object(parts) = members.entry("name").or_insert_with(|| Json::Object(Map::new()))
        {
            parts.insert("formatted".to_owned(), json!(full));
        }
        for (name, value) in [("displayName", &full), ("nickName", &first), ("externalId", &login)] {
            if let Some(attribute) = self.attribute(name).filter(|attribute| attribute.is_required && !attribute.is_read_only) {
                members.entry(attribute.name.clone()).or_insert_with(|| json!(value));
            }
        }
        members.retain(|name, _| {
            let is_ours = name.contains(':') || ["schemas", "password"].contains(&name.as_str());
            is_ours || self.attribute(name).is_some()
        });
        for (name, value) in members.iter_mut() {
            self.fit_value(name, value);
        }
    }

    /// Takes out of the values of a change what the schema does not have.
    pub(in crate::directory::scim) fn fit_patch(&self, patch: &mut Patch) {
        for operation in &mut patch.operations {
            if let (Some(path), Some(value)) = (&operation.path, &mut operation.value)
                && path.attr.sub.is_none()
            {
                self.fit_value(&path.attr.name, value);
            }
        }
    }

    fn fit_value(&self, name: &str, value: &mut Json) {
        let Some(attribute) = self.attribute(name) else { return };
        if !attribute.parts.is_empty() {
            attribute.fit_parts(name, value);
        }
        attribute.fit_form(value);
    }
}
/// The attributes that every new user is sent with, or that are filled in where the schema requires it.
const FILLED: [&str; 11] =
    ["userName", "emails", "name", user::ACTIVE, "displayName", "nickName", "externalId", "id", "meta", "schemas", "groups"];
/// The parts of names and addresses that are sent, or filled in where the schema requires them.
const FILLED_PARTS: [&str; 5] = ["formatted", "value", "type", "primary", "display"];

fn requirement(name: &str, part: Option<&str>) -> Requirement {
    let is_at = |field: &Field| {
        let wire = &field.definition().wire;
        let same_part = match (wire.part, part) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        !wire.practice && wire.attribute.eq_ignore_ascii_case(name) && same_part
    };
    let field = Field::ALL.into_iter().find(is_at).map(Requirement::Field);
    field.unwrap_or_else(|| Requirement::Attribute(part.map_or_else(|| name.to_owned(), |part| format!("{name}.{part}"))))
}

/// The schemas in a list of them, or the only one.
fn schemas(document: &Json) -> &[Json] {
    let listed = document.as_array().or_else(|| get(document, "Resources")?.as_array());
    listed.map_or(std::slice::from_ref(document), Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(attributes: &Json) -> UserSchema {
        UserSchema::read(&json!({ "Resources": [{ "id": urn::USER, "attributes": attributes }] })).unwrap()
    }

    // RFC 7643 section 7: what is immutable is set once.
    #[test]
    fn a_schema_says_what_no_change_reaches() {
        let said = |login: &str, active: &str, family: &str| {
            let name =
                json!({ "name": "name", "subAttributes": [{ "name": "givenName" }, { "name": "familyName", "mutability": family }] });
            let active = json!({ "name": "active", "mutability": active });
            let read = schema(&json!([{ "name": "userName", "mutability": login }, active, name, { "name": "title" }]));
            (read.fixed(), read.is_state_fixed())
        };
        assert_eq!(said("readWrite", "readWrite", "readWrite"), (BTreeSet::new(), false));
        assert_eq!(said("immutable", "readOnly", "immutable"), (BTreeSet::from([Field::Email, Field::LastName]), true));
        assert_eq!(said("readOnly", "immutable", "readWrite"), (BTreeSet::from([Field::Email]), true));
    }

    #[test]
    fn a_schema_says_what_is_lacking_what_is_required_and_what_fits() {
        let name = json!({ "name": "name", "subAttributes": [{ "name": "formatted", "required": true }] });
        let emails = json!({ "name": "emails", "subAttributes": [{ "name": "value" }, { "name": "primary" }] });
        let title = json!({ "name": "title", "mutability": "readOnly" });
        let read = schema(&json!([{ "name": "userName" }, name, emails, title, { "name": "roles" }]));
        assert!(read.has_one_name());
        assert_eq!(read.lacking(), BTreeSet::from([Field::Title, Field::Phones]));
        let mut user = json!({
            "schemas": [urn::USER],
            "userName": "a@glow.example",
            "name": { "givenName": "Ana", "familyName": "Ruiz" },
            "emails": [{ "value": "a@glow.example", "type": "work", "primary": true }],
            "phoneNumbers": [{ "value": "+16025550100" }],
            "active": true,
        });
        read.fit_user(&mut user);
        let fits = json!({
            "schemas": [urn::USER],
            "userName": "a@glow.example",
            "name": { "formatted": "Ana Ruiz" },
            "emails": [{ "value": "a@glow.example", "primary": true }],
        });
        assert_eq!(user, fits, "the schema has no `active` either");
    }

    #[test]
    fn an_element_has_no_kind_that_the_schema_lacks() {
        let kind = json!({ "name": "type", "canonicalValues": ["work", "home"] });
        let phones = json!({ "name": "phoneNumbers", "subAttributes": [{ "name": "value" }, kind, { "name": "primary" }] });
        let mut user = json!({ "phoneNumbers": [{ "value": "1", "type": "mobile", "primary": true }, { "value": "2", "type": "Work" }] });
        schema(&json!([{ "name": "userName" }, phones])).fit_user(&mut user);
        assert_eq!(user["phoneNumbers"], json!([{ "value": "1", "primary": true }, { "value": "2", "type": "Work" }]));

        let kind = json!({ "name": "type", "required": true, "canonicalValues": ["work", "home"] });
        let phones = json!({ "name": "phoneNumbers", "subAttributes": [{ "name": "value" }, kind] });
        let mut user = json!({ "phoneNumbers": [{ "value": "1", "type": "mobile" }, { "value": "2" }, { "value": "3" }] });
        schema(&json!([{ "name": "userName" }, phones])).fit_user(&mut user);
        let kinds: Vec<&Json> = user["phoneNumbers"].as_array().unwrap().iter().map(|phone| &phone["type"]).collect();
        assert_eq!(kinds, ["work", "home", "work"]);
    }

    #[test]
    fn a_further_number_is_never_the_first_mobile_one() {
        let kinds = |values: &Json, phones: &Json| {
            let kind = json!({ "name": "type", "required": true, "canonicalValues": values });
            let parts = json!([{ "name": "value" }, kind, { "name": "primary" }]);
            let mut user = json!({ "phoneNumbers": phones });
            schema(&json!([{ "name": "userName" }, { "name": "phoneNumbers", "subAttributes": parts }])).fit_user(&mut user);
            user["phoneNumbers"].as_array().unwrap().iter().map(|phone| phone["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let held = json!([{ "value": "1", "type": "work" }, { "value": "2" }]);
        assert_eq!(kinds(&json!(["work", "mobile"]), &held), ["work", "work"]);
        let marked = json!([{ "value": "1", "type": "work", "primary": true }, { "value": "2" }, { "value": "3" }]);
        assert_eq!(kinds(&json!([]), &marked), ["work", "home", "mobile"]);
    }

    #[test]
    fn a_schema_that_lists_no_parts_lacks_none() {
        let read = schema(&json!([{ "name": "userName" }, { "name": "name", "type": "complex" }, { "name": "title" }]));
        assert_eq!(read.lacking(), BTreeSet::from([Field::Phones, Field::Role]));
    }

    #[test]
    fn an_attribute_that_repeats_a_name_and_cannot_be_written_is_left() {
        let name =
            json!({ "name": "name", "subAttributes": [{ "name": "formatted", "mutability": "readOnly" }, { "name": "familyName" }] });
        let read =
            schema(&json!([{ "name": "userName" }, name, { "name": "displayName", "mutability": "readOnly" }, { "name": "emails" }]));
        let fixed = [("displayName", None), ("name", Some("formatted")), ("name", Some("familyName")), ("emails", None)];
        assert_eq!(fixed.map(|(attribute, part)| read.is_fixed(attribute, part)), [true, true, false, false]);
    }

    #[test]
    fn a_schema_without_users_counts_as_missing() {
        for document in [json!({}), json!([]), json!({ "id": urn::USER, "attributes": [] }), json!({ "Resources": [{ "id": "other" }] })] {
            assert_eq!(UserSchema::read(&document), None);
        }
    }
}
