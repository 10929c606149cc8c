//! Selects the attributes of an answer (RFC 7644 sections 3.4.2.5 and 3.9).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::scim::ScimError;
use crate::scim::attr_path::AttrPath;
use crate::scim::schema::{Attribute, ResourceType, Returned};

/// The attributes that a client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    /// The attributes that are returned by default.
    #[default]
    Default,
    /// These attributes, and those that are always returned.
    Only(Vec<Selected>),
    /// The default attributes except these; those that are always returned stay.
    Without(Vec<Selected>),
}

/// One name in a projection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selected {
    /// An attribute or a part.
    Attribute(AttrPath),
    /// A whole extension.
    Extension(String),
}

impl Projection {
    /// Returns whether the client asks for no other attributes than those that are returned by default.
    #[must_use]
    pub const fn is_default(&self) -> bool {
        match self {
            Self::Default => true,
            Self::Only(_) | Self::Without(_) => false,
        }
    }

    /// Parses `attributes` and `excludedAttributes`, each a list of names with or without URN. Unknown names are ignored.
    ///
    /// # Errors
    /// Returns `invalidValue` if both are given.
    pub fn read(attributes: &[&str], excluded: &[&str], of: &ResourceType) -> Result<Self, ScimError> {
        // Names are canonical and listed once, so a list is never longer than the schema.
        let names = |list: &[&str]| -> Vec<Selected> {
            let all = list.iter().flat_map(|entry| entry.split(',')).map(str::trim);
            all.filter_map(|name| selected(name, of)).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let given = |list: &[&str]| list.iter().any(|entry| entry.split(',').any(|n| !n.trim().is_empty()));
        match (given(attributes), given(excluded)) {
            (true, true) => Err(ScimError::value("give `attributes` or `excludedAttributes`, not both")),
            (true, false) => Ok(Self::Only(names(attributes))),
            (false, true) => Ok(Self::Without(names(excluded))),
            (false, false) => Ok(Self::Default),
        }
    }

    /// Returns the resource with the attributes of the answer. Attributes that are never returned are never in it.
    #[must_use]
    pub fn apply(&self, resource: &Value, of: &ResourceType) -> Value {
        let Value::Object(members) = resource else { return resource.clone() };
        Value::Object(self.members(members, of))
    }

    /// As [`Projection::apply`], for the members of a resource.
    #[must_use]
    pub fn members(&self, members: &Map<String, Value>, of: &ResourceType) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in members {
            if let Some(attribute) = of.core_attribute(key) {
                if let Some(value) = self.attribute(None, attribute, value) {
                    out.insert(attribute.name.clone(), value);
                }
            } else if let (Some(extension), Value::Object(parts)) = (of.extension(key), value) {
                let part: Map<String, Value> = parts
                    .iter()
                    .filter_map(|(key, value)| {
                        let attribute = extension.attribute(key)?;
                        self.attribute(Some(&extension.id), attribute, value).map(|v| (attribute.name.clone(), v))
                    })
                    .collect();
                if !part.is_empty() {
                    out.insert(extension.id.clone(), Value::Object(part));
                }
            }
        }
        if let Some(Value::Array(ids)) = out.get("schemas") {
            let listed: Vec<Value> = ids
                .iter()
                .filter(|id| id.as_str().is_none_or(|id| of.extension(id).is_none_or(|e| out.contains_key(&e.id))))
                .cloned()
                .collect();
            out.insert("schemas".to_owned(), json!(listed));
        }
        out
    }

    /// Returns an attribute as it is in the answer; `None` if the answer does not include it.
    fn attribute(&self, extension: Option<&str>, attribute: &Attribute, value: &Value) -> Option<Value> {
        if attribute.returned == Returned::Never {
            return None;
        }
        let always = attribute.returned == Returned::Always;
        let default = always || attribute.returned == Returned::Default;
        match self {
            Self::Default => default.then(|| parts(attribute, value, |sub| sub.returned != Returned::Request)).flatten(),
            Self::Only(list) => {
                let hits: Vec<Hit<'_>> = list.iter().filter_map(|w| w.hits(extension, attribute)).collect();
                if hits.contains(&Hit::Whole) {
                    return parts(attribute, value, |_| true);
                }
                if hits.is_empty() {
                    return if always { parts(attribute, value, |_| true) } else { None };
                }
                let asked = |sub: &Attribute| hits.iter().any(|hit| hit.is(sub));
                parts(attribute, value, |sub| sub.returned == Returned::Always || asked(sub))
            }
            Self::Without(list) => {
                let hits: Vec<Hit<'_>> = list.iter().filter_map(|w| w.hits(extension, attribute)).collect();
                if always {
                    return parts(attribute, value, |_| true);
                }
                if !default || hits.contains(&Hit::Whole) {
                    return None;
                }
                let gone = |sub: &Attribute| hits.iter().any(|hit| hit.is(sub));
                parts(attribute, value, |sub| sub.returned == Returned::Always || (sub.returned != Returned::Request && !gone(sub)))
            }
        }
    }
}

/// The part of an attribute that a name selects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hit<'a> {
    Whole,
    Part(&'a str),
}

impl Hit<'_> {
    fn is(self, sub: &Attribute) -> bool {
        match self {
            Self::Part(name) => sub.name.eq_ignore_ascii_case(name),
            Self::Whole => false,
        }
    }
}

impl Selected {
    /// Returns what the name selects of an attribute, if it names that attribute.
    fn hits(&self, extension: Option<&str>, attribute: &Attribute) -> Option<Hit<'_>> {
        match self {
            Self::Extension(id) => (extension == Some(id.as_str())).then_some(Hit::Whole),
            Self::Attribute(path) => {
                let same = path.schema.as_deref() == extension && path.name.eq_ignore_ascii_case(&attribute.name);
                same.then(|| path.sub.as_deref().map_or(Hit::Whole, Hit::Part))
            }
        }
    }
}

/// Parses a name into canonical form: without the URN of the core schema, and with an extension's URN in its own case.
fn selected(name: &str, of: &ResourceType) -> Option<Selected> {
    if let Some(extension) = of.extension(name) {
        return Some(Selected::Extension(extension.id.clone()));
    }
    let mut path = AttrPath::parse(name)?;
    let resolved = path.resolve(of)?;
    path.schema = resolved.extension.map(str::to_owned);
    path.name.clone_from(&resolved.attribute.name);
    path.sub = resolved.sub.map(|sub| sub.name.clone());
    Some(Selected::Attribute(path))
}

/// Returns the value with the selected parts; `None` if nothing is left.
fn parts(attribute: &Attribute, value: &Value, is_selected: impl Fn(&Attribute) -> bool) -> Option<Value> {
    let keep = |sub: &&Attribute| sub.returned != Returned::Never && is_selected(sub);
    let one = |value: &Value| {
        let Value::Object(members) = value else { return Some(value.clone()) };
        let left: Map<String, Value> = members
            .iter()
            .filter_map(|(key, value)| attribute.sub(key).filter(keep).map(|sub| (sub.name.clone(), value.clone())))
            .collect();
        (!left.is_empty()).then_some(Value::Object(left))
    };
    if attribute.sub_attributes.is_empty() {
        return Some(value.clone());
    }
    let Value::Array(items) = value else { return one(value) };
    let left: Vec<Value> = items.iter().filter_map(one).collect();
    (!left.is_empty()).then_some(Value::Array(left))
}
