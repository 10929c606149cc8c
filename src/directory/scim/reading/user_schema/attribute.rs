//! The rules that a schema has for one attribute (RFC 7643 section 7), and values that fit it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::directory::scim::client::{get, text, truth};
use crate::scim::member;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "what a schema says of an attribute, one switch each")]
pub(super) struct SchemaAttribute {
    /// The name as the server spells it.
    pub(super) name: String,
    pub(super) is_required: bool,
    pub(super) is_read_only: bool,
    pub(super) is_immutable: bool,
    /// Says whether the server does not show it unless it is asked for by name, or never: so nobody can compare it.
    pub(super) is_hidden: bool,
    /// Says whether it can have only one value, by the schema.
    pub(super) is_single: bool,
    /// Says whether a value is a text, without parts.
    pub(super) is_text: bool,
    /// The values that it can have; empty if the schema does not say.
    pub(super) values: Vec<String>,
    /// Empty if the schema does not list them.
    pub(super) parts: BTreeMap<String, SchemaAttribute>,
}

impl SchemaAttribute {
    /// Takes out of the elements of a value what the schema does not have, and adds what it requires of each.
    pub(super) fn fit_parts(&self, name: &str, value: &mut Json) {
        let fit = |parts: &mut Map<String, Json>| parts.retain(|part, _| self.part(part).is_some_and(|part| !part.is_read_only));
        match value {
            Json::Object(parts) => fit(parts),
            Json::Array(elements) => {
                // An element of a kind that the schema does not know is sent without one.
                let kinds_sent = ["mobile", "work"];
                for parts in elements.iter_mut().filter_map(Json::as_object_mut) {
                    let is_unknown = |kind: &str| kinds_sent.contains(&kind) && !self.knows_kind(kind);
                    parts.retain(|part, value| part != "type" || !value.as_str().is_some_and(is_unknown));
                }
                // A further mobile number would be taken for the cell phone, unless another one is marked as that.
                let has_primary = elements.iter().any(|held| get(held, "primary").and_then(truth) == Some(true));
                let kinds: &[&str] = match (name.eq_ignore_ascii_case("emails"), has_primary) {
                    (true, _) => &["work"],
                    (false, true) => &["work", "home", "mobile"],
                    (false, false) => &["work", "home"],
                };
                let known: Vec<&str> = kinds.iter().filter(|kind| self.knows_kind(kind)).copied().collect();
                let kinds = known.as_slice();
                let is_taken =
                    |kind: &&str| elements.iter().any(|held| text(held, "type").is_some_and(|held| held.eq_ignore_ascii_case(kind)));
                let free: Vec<&str> = kinds.iter().filter(|kind| !is_taken(kind)).copied().collect();
                let mut free = free.into_iter();
                for parts in elements.iter_mut().filter_map(Json::as_object_mut) {
                    let has_kind = member(parts, "type").is_some();
                    self.fill(parts, if has_kind { "other" } else { free.next().unwrap_or(self.any_kind()) });
                    fit(parts);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    /// Writes one value, or values without parts, where the schema has only these.
    pub(super) fn fit_form(&self, value: &mut Json) {
        if let Json::Array(elements) = value {
            if self.is_text {
                for element in elements.iter_mut() {
                    if let Some(text) = get(element, "value").cloned() {
                        *element = text;
                    }
                }
            }
            if let (true, [only]) = (self.is_single, elements.as_slice()) {
                *value = only.clone();
            }
        }
    }

    /// Adds the parts of an element that are required and follow from the others.
    fn fill(&self, parts: &mut Map<String, Json>, kind: &str) {
        let value = parts.get("value").cloned().unwrap_or_default();
        for (name, known) in [("type", json!(kind)), ("display", value), ("primary", json!(false))] {
            if self.part(name).is_some_and(|part| part.is_required) && !known.is_null() {
                parts.entry(name).or_insert(known);
            }
        }
    }

    /// Returns whether an element can be of a kind, which every kind is where the schema does not say.
    pub(super) fn knows_kind(&self, kind: &str) -> bool {
        let known = self.part("type").map(|part| part.values.as_slice()).unwrap_or_default();
        known.is_empty() || known.iter().any(|known| known.eq_ignore_ascii_case(kind))
    }

    /// A kind for everything else.
    fn any_kind(&self) -> &str {
        let first = self.part("type").and_then(|part| part.values.first()).map(String::as_str);
        first.filter(|_| !self.knows_kind("other")).unwrap_or("other")
    }

    pub(super) fn part(&self, name: &str) -> Option<&Self> {
        self.parts.get(&name.to_ascii_lowercase())
    }
}

/// Reads attributes; those of parts are not read.
pub(super) fn attributes(listed: &Json, depth: usize) -> BTreeMap<String, SchemaAttribute> {
    let listed = listed.as_array().into_iter().flatten();
    let read = listed.filter_map(|attribute| {
        let name = text(attribute, "name")?.to_owned();
        let parts = get(attribute, "subAttributes").filter(|_| depth == 0).map(|parts| attributes(parts, depth + 1)).unwrap_or_default();
        let is_required = get(attribute, "required").and_then(truth) == Some(true);
        let is = |word: &str| text(attribute, "mutability").is_some_and(|said| said.eq_ignore_ascii_case(word));
        let (is_read_only, is_immutable) = (is("readOnly"), is("immutable"));
        let is_hidden =
            ["never", "request"].iter().any(|word| text(attribute, "returned").is_some_and(|said| said.eq_ignore_ascii_case(word)));
        let is_hidden = is_hidden || is("writeOnly");
        let is_single = get(attribute, "multiValued").and_then(truth) == Some(false);
        let is_text = text(attribute, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("string"));
        let values = get(attribute, "canonicalValues").and_then(Json::as_array).into_iter().flatten();
        let values = values.filter_map(Json::as_str).map(str::to_owned).collect();
        let key = name.to_ascii_lowercase();
        Some((key, SchemaAttribute { name, is_required, is_read_only, is_immutable, is_hidden, is_single, is_text, values, parts }))
    });
    read.collect()
}
