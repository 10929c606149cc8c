//! The attributes that a write changed, as the user log has them.

use std::fmt;

use serde_json::{Map, Value, json};

/// The attributes in which two resources differ, including those of extensions: `{name: [before, after]}`.
#[derive(Clone, Debug, Default)]
pub(in crate::server) struct AttributeChanges(Map<String, Value>);

impl AttributeChanges {
    /// Compares a resource before and after a write; one that does not exist has no attributes.
    pub(in crate::server) fn between(before: Option<&Map<String, Value>>, after: Option<&Map<String, Value>>) -> Self {
        let (nothing, mut found) = (Map::new(), Map::new());
        differ(before.unwrap_or(&nothing), after.unwrap_or(&nothing), &mut found);
        Self(found)
    }

    /// Returns whether nothing differs.
    pub(in crate::server) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As the user log has them.
impl fmt::Display for AttributeChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&json!(self.0).to_string())
    }
}

fn differ(before: &Map<String, Value>, after: &Map<String, Value>, out: &mut Map<String, Value>) {
    let nothing = Map::new();
    for name in before.keys().chain(after.keys().filter(|k| !before.contains_key(*k))) {
        if matches!(name.as_str(), "schemas" | "id" | "meta" | "password") {
            continue;
        }
        let (was, is) = (before.get(name), after.get(name));
        if was == is {
            continue;
        }
        if name.starts_with("urn:") {
            let part = |v: Option<&'_ Value>| v.and_then(Value::as_object).cloned();
            differ(part(was).as_ref().unwrap_or(&nothing), part(is).as_ref().unwrap_or(&nothing), out);
        } else {
            out.insert(name.clone(), json!([was, is]));
        }
    }
}
