//! Which attributes an answer holds (RFC 7644 sections 3.4.2.5 and 3.9).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::attr_path::AttrPath;
use super::error::ScimError;
use super::schema::{Attribute, ResourceType, Returned};

/// What a client asks to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    /// What is returned by default.
    #[default]
    Default,
    /// These, and what is always returned.
    Only(Vec<Wanted>),
    /// What is returned by default without these; what is always returned stays.
    Without(Vec<Wanted>),
}

/// One name of a projection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// An attribute or a part.
    Attribute(AttrPath),
    /// A whole extension.
    Extension(String),
}

impl Projection {
    /// Reads `attributes` and `excludedAttributes`, each a list of names with or without URN. Unknown names ask for nothing.
    ///
    /// # Errors
    /// `invalidValue` where both are given.
    pub fn read(attributes: &[&str], excluded: &[&str], of: &ResourceType) -> Result<Self, ScimError> {
        // Names are canonical and listed once, so a list is never longer than the schema.
        let names = |list: &[&str]| -> Vec<Wanted> {
            let all = list.iter().flat_map(|entry| entry.split(',')).map(str::trim);
            all.filter_map(|name| wanted(name, of)).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let given = |list: &[&str]| list.iter().any(|entry| entry.split(',').any(|n| !n.trim().is_empty()));
        match (given(attributes), given(excluded)) {
            (true, true) => Err(ScimError::value("ask with `attributes` or with `excludedAttributes`, not with both")),
            (true, false) => Ok(Self::Only(names(attributes))),
            (false, true) => Ok(Self::Without(names(excluded))),
            (false, false) => Ok(Self::Default),
        }
    }

    /// The resource as the answer holds it: never what is never returned, always what is always returned.
    #[must_use]
    pub fn of(&self, resource: &Value, of: &ResourceType) -> Value {
        let Value::Object(members) = resource else { return resource.clone() };
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
            let told: Vec<Value> = ids
                .iter()
                .filter(|id| id.as_str().is_none_or(|id| of.extension(id).is_none_or(|e| out.contains_key(&e.id))))
                .cloned()
                .collect();
            out.insert("schemas".to_owned(), json!(told));
        }
        Value::Object(out)
    }

    /// An attribute as the answer holds it; `None` where it does not.
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

/// What of an attribute a name asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hit<'a> {
    Whole,
    Part(&'a str),
}

impl Hit<'_> {
    fn is(self, sub: &Attribute) -> bool {
        matches!(self, Self::Part(name) if sub.name.eq_ignore_ascii_case(name))
    }
}

impl Wanted {
    /// What it asks for of an attribute, where it names that attribute.
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

/// A name in canonical form: the core schema's URN is left out, an extension's is in its own case.
fn wanted(name: &str, of: &ResourceType) -> Option<Wanted> {
    if let Some(extension) = of.extension(name) {
        return Some(Wanted::Extension(extension.id.clone()));
    }
    let mut path = AttrPath::parse(name)?;
    let resolved = path.resolve(of)?;
    path.schema = resolved.extension.map(str::to_owned);
    path.name.clone_from(&resolved.attribute.name);
    path.sub = resolved.sub.map(|sub| sub.name.clone());
    Some(Wanted::Attribute(path))
}

/// The value with the parts that are wanted; `None` where nothing is left.
fn parts(attribute: &Attribute, value: &Value, wanted: impl Fn(&Attribute) -> bool) -> Option<Value> {
    let keep = |sub: &&Attribute| sub.returned != Returned::Never && wanted(sub);
    let one = |value: &Value| match value {
        Value::Object(members) => {
            let left: Map<String, Value> = members
                .iter()
                .filter_map(|(key, value)| attribute.sub(key).filter(keep).map(|sub| (sub.name.clone(), value.clone())))
                .collect();
            (!left.is_empty()).then_some(Value::Object(left))
        }
        other => Some(other.clone()),
    };
    if attribute.sub_attributes.is_empty() {
        return Some(value.clone());
    }
    match value {
        Value::Array(items) => {
            let left: Vec<Value> = items.iter().filter_map(one).collect();
            (!left.is_empty()).then_some(Value::Array(left))
        }
        other => one(other),
    }
}
