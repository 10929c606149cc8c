//! Makes the attributes of the fields that a platform has, from the field table.

use crate::model::{Definition, Field, GROUPS, Kind, Names, Wire};
use crate::platform::Catalog;
use crate::platform::FieldRule;

use super::Attribute;
use super::record_names::{clinic, employee};

/// Makes the attributes of the selected fields, in the order of the table. The login is made elsewhere.
pub(super) fn attributes(catalog: &Catalog, wanted: impl Fn(&Wire) -> bool) -> Vec<Attribute> {
    let mut out: Vec<Attribute> = Vec::new();
    for (field, rule) in catalog.known_fields() {
        let definition = field.definition();
        let wire = &definition.wire;
        if field == Field::Email || !wanted(wire) {
            continue;
        }
        let Some(part) = wire.part else {
            out.push(attribute(definition, wire.attribute, rule, catalog));
            continue;
        };
        if !out.iter().any(|attribute| attribute.name == wire.attribute) {
            let description = GROUPS.iter().find(|group| group.attribute == wire.attribute).map_or("", |group| group.wire);
            out.push(Attribute::complex(wire.attribute, description, Vec::new()));
        }
        if let Some(whole) = out.iter_mut().find(|attribute| attribute.name == wire.attribute) {
            whole.sub_attributes.push(attribute(definition, part, rule, catalog));
            whole.sub_attributes.extend(wire.beside.map(|(name, description)| Attribute::string(name, description)));
        }
    }
    out
}

/// Makes the attribute, or the part of an attribute, for a field.
fn attribute(definition: &Definition, name: &str, rule: &FieldRule, catalog: &Catalog) -> Attribute {
    let description = definition.wire.description;
    let attribute = match definition.kind {
        Kind::Text => match definition.names {
            Names::Employee => linked(name, description, employee::TYPE),
            Names::Nothing | Names::Clinic | Names::Role | Names::Colleague => Attribute::string(name, description),
        },
        Kind::TextOrNo | Kind::Flag => Attribute::boolean(name, description),
        Kind::Number => Attribute::integer(name, description),
        Kind::List => Attribute::string(name, description).many(),
        Kind::Set => match definition.names {
            Names::Clinic => linked(name, description, clinic::TYPE).many(),
            Names::Nothing | Names::Role | Names::Employee | Names::Colleague => Attribute::string(name, description).many(),
        },
        Kind::Changes => {
            let parts = vec![
                privileges("grant", "These are granted besides the role's.", catalog),
                privileges("revoke", "These are taken away from the role's.", catalog),
            ];
            Attribute::complex(name, description, parts)
        }
    };
    let attribute = if definition.wire.exact { attribute.exact() } else { attribute };
    if !definition.only.is_empty() {
        attribute.only(definition.only)
    } else if !rule.allowed.is_empty() {
        attribute.only(&rule.allowed)
    } else {
        attribute
    }
}

fn privileges(name: &str, description: &str, catalog: &Catalog) -> Attribute {
    let attribute = Attribute::string(name, description).exact().many();
    if catalog.open_privileges {
        return attribute;
    }
    // Names are compared in any case and stored as the catalog writes them (CHR-6).
    let mut attribute = attribute.only(catalog.privileges.keys());
    attribute.case_exact = false;
    attribute
}

/// Makes a link to another resource. Clients write the id; the server sets the rest.
fn linked(name: &str, description: &str, target: &str) -> Attribute {
    let mut value = Attribute::string("value", "This is the id.").exact();
    value.required = true;
    let parts = vec![
        value,
        Attribute::reference("$ref", &[target], "This is the URI.").read_only(),
        Attribute::string("display", "This is the key.").exact().read_only(),
    ];
    Attribute::complex(name, description, parts)
}
