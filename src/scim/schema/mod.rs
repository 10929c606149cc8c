//! Schema tables that describe each platform's resources. Validation, filters, PATCH and `/Schemas` use the same tables.

mod attribute;
mod common;
mod discovery;
mod meta;
mod practice;
pub mod record_names;
mod supporting;
mod table;
mod user;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::Action;
use crate::platform::Catalog;
use crate::scim::paths::{RESOURCE_TYPES, SCHEMAS};

use super::urn;

pub use attribute::{Attribute, Mutability, Returned, Type, Uniqueness};
pub use common::common;
pub use discovery::{PageLimits, actions, service_provider_config};

/// A schema: a URN and its attributes (RFC 7643 section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its URN.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// A resource type (RFC 7643 section 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// Its name, as in `meta.resourceType`.
    pub name: String,
    /// Its endpoint, such as `/Users`.
    pub endpoint: String,
    /// The description.
    pub description: String,
    /// Its core schema.
    pub schema: Schema,
    /// Its extensions; none is required.
    pub extensions: Vec<Schema>,
}

/// The resource types of one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceTypes {
    types: Vec<ResourceType>,
    actions: BTreeSet<Action>,
}

/// The attribute that a name refers to in a resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The URN of its extension; `None` in the core.
    pub extension: Option<&'a str>,
    /// The attribute.
    pub attribute: &'a Attribute,
    /// The part of the attribute, if the name includes one.
    pub sub: Option<&'a Attribute>,
}

impl Schema {
    /// Finds an attribute by name, in any case.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
    }

    /// Returns its entry in `/Schemas`; `base` is the base URL without a trailing slash.
    #[must_use]
    pub fn to_json(&self, base: &str) -> Value {
        json!({
            "schemas": [urn::SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes.iter().map(Attribute::to_json).collect::<Vec<_>>(),
            "meta": { "resourceType": "Schema", "location": format!("{base}{SCHEMAS}/{}", self.id) },
        })
    }
}

impl ResourceType {
    /// Finds an extension by URN, in any case (RFC 7644 section 3.10).
    #[must_use]
    pub fn extension(&self, id: &str) -> Option<&Schema> {
        self.extensions.iter().find(|e| e.id.eq_ignore_ascii_case(id))
    }

    /// Finds an attribute of the core schema, or one that every resource has, by name, in any case.
    #[must_use]
    pub fn core_attribute(&self, name: &str) -> Option<&Attribute> {
        self.schema.attribute(name).or_else(|| common().iter().find(|a| a.name.eq_ignore_ascii_case(name)))
    }

    /// Finds the attribute with a name, optionally in a schema and with a part; `None` if there is none.
    #[must_use]
    pub fn resolve(&self, schema: Option<&str>, attribute: &str, sub: Option<&str>) -> Option<Resolved<'_>> {
        let (extension, attribute) = match schema {
            None => (None, self.core_attribute(attribute)?),
            Some(id) if id.eq_ignore_ascii_case(&self.schema.id) => (None, self.core_attribute(attribute)?),
            Some(id) => {
                let extension = self.extension(id)?;
                (Some(extension.id.as_str()), extension.attribute(attribute)?)
            }
        };
        let sub = match sub {
            None => None,
            Some(sub) => Some(attribute.sub(sub)?),
        };
        Some(Resolved { extension, attribute, sub })
    }

    /// Returns its entry in `/ResourceTypes`; `base` is the base URL without a trailing slash.
    #[must_use]
    pub fn to_json(&self, base: &str) -> Value {
        let mut out = json!({
            "schemas": [urn::RESOURCE_TYPE],
            "id": self.name,
            "name": self.name,
            "endpoint": self.endpoint,
            "description": self.description,
            "schema": self.schema.id,
        });
        if let Value::Object(members) = &mut out {
            if !self.extensions.is_empty() {
                let list = self.extensions.iter().map(|e| json!({ "schema": e.id, "required": false })).collect();
                members.insert("schemaExtensions".to_owned(), Value::Array(list));
            }
            let location = format!("{base}{RESOURCE_TYPES}/{}", self.name);
            members.insert("meta".to_owned(), json!({ "resourceType": "ResourceType", "location": location }));
        }
        out
    }
}

impl ResourceTypes {
    /// Makes the resource types of a platform from its catalog.
    #[must_use]
    pub fn for_platform(catalog: &Catalog) -> Self {
        let plain = !catalog.practice_extension;
        let mut types = vec![ResourceType {
            name: record_names::user::TYPE.to_owned(),
            endpoint: record_names::user::ENDPOINT.to_owned(),
            description: "This is a person's account in the workspace.".to_owned(),
            schema: if plain { user::full() } else { user::practice(catalog) },
            extensions: if plain { Vec::new() } else { vec![practice::extension(catalog)] },
        }];
        if plain {
            types.push(supporting::group());
        }
        if catalog.clinics {
            types.push(supporting::clinic());
        }
        types.push(supporting::role(catalog));
        if catalog.employees {
            types.push(supporting::employee());
        }
        Self { types, actions: actions(catalog) }
    }

    /// Returns every resource type.
    #[must_use]
    pub fn types(&self) -> &[ResourceType] {
        &self.types
    }

    /// Finds a resource type by name, such as `User`.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&ResourceType> {
        self.types.iter().find(|t| t.name == name)
    }

    /// Returns the resource type of users, which every platform has.
    ///
    /// # Panics
    /// Never: `for_platform` begins with it.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "the constructor puts users first")]
    pub fn users(&self) -> &ResourceType {
        &self.types[0]
    }

    /// Returns every schema: of the resource types, of their extensions, and of the discovery documents themselves.
    #[must_use]
    pub fn schemas(&self) -> Vec<Schema> {
        let mut schemas: Vec<Schema> = self.types.iter().flat_map(|t| std::iter::once(&t.schema).chain(&t.extensions)).cloned().collect();
        schemas.extend(meta::schemas(&self.actions));
        schemas
    }
}
