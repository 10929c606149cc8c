//! Says what was changed: the values before and after, as far as they can be said in a few words.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::model::{Field, LogRecord, PlatformId, StepValues};
use crate::platform::Catalog;
use crate::report::words::{in_sentence, label};

/// The word for a value where there is none.
const NOTHING: &str = "(none)";

/// The attribute of SCIM that has the name of a clinic, of a role, or of a person in one text.
const DISPLAY_NAME: &str = "displayName";

/// The names of what a server's log has by id, as far as the workspace or the log itself shows them.
pub(super) struct LogNames<'a> {
    platform: &'a PlatformId,
    ids: BTreeMap<&'a str, &'a str>,
}

impl<'a> LogNames<'a> {
    /// Collects the names.
    pub(super) fn new(records: &'a [LogRecord], platform: &'a PlatformId, clinics: &'a BTreeMap<String, String>) -> Self {
        let mut ids: BTreeMap<&str, &str> = clinics.iter().map(|(id, key)| (id.as_str(), key.as_str())).collect();
        for record in records {
            ids.extend(record.id.as_deref().zip(record.name.as_deref()));
            let values = record.changes.as_object().into_iter().flat_map(Map::values).filter_map(Json::as_array).flatten();
            let items = values.filter_map(Json::as_array).flatten().filter_map(Json::as_object);
            let text = |item: &'a Map<String, Json>, key| item.get(key).and_then(Json::as_str);
            ids.extend(items.filter_map(|item| text(item, "value").zip(text(item, "display"))));
        }
        Self { platform, ids }
    }

    /// The words for an attribute: those of the field in the roster, where it is one.
    fn attribute(&self, name: &str) -> String {
        if name == DISPLAY_NAME {
            return "name".to_owned();
        }
        let is_own = |field: &Field| field.definition().wire.attribute == name && field.definition().wire.part.is_none();
        Field::ALL.into_iter().find(is_own).map_or_else(|| spaced(name), |field| label(self.platform, field))
    }

    fn text(&self, text: &str) -> String {
        self.ids.get(text).map_or_else(|| text.to_owned(), |name| (*name).to_owned())
    }
}

/// Returns the name of an attribute in words: `bookingProfile` is "booking profile".
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// Returns the changes that a server's log has, attribute by attribute; `None` if there are none. Attributes with parts of their own are only
/// named.
pub(super) fn of_server(changes: &Json, names: &LogNames<'_>) -> Option<String> {
    let one = |(name, values): (&String, &Json)| {
        let [before, after] = values.as_array()?.as_slice() else { return None };
        let name = names.attribute(name);
        Some(match (short(before, names), short(after, names)) {
            (Some(before), Some(after)) => format!("{name}: {before} → {after}"),
            (None, _) | (_, None) => name,
        })
    };
    let all: Vec<String> = changes.as_object()?.iter().filter_map(one).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Returns the values that somebody attests to have set; `None` if there are none.
pub(super) fn attested(set: &StepValues, catalog: &Catalog) -> Option<String> {
    let value = |(field, value): (crate::model::Field, crate::model::ValueRef<'_>)| {
        let said = in_sentence(&value.to_value()).unwrap_or_else(|| NOTHING.to_owned());
        format!("{}: {said}", crate::report::words::spaced(catalog.yaml_key(field)))
    };
    let all: Vec<String> = set.fields.iter().map(value).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Returns a value in a few words; `None` if it has parts that no few words say.
fn short(value: &Json, names: &LogNames<'_>) -> Option<String> {
    match value {
        Json::Null => Some(NOTHING.to_owned()),
        Json::Bool(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(names.text(text)),
        Json::Array(items) => {
            let all: Vec<String> = items.iter().map(item).collect::<Option<_>>()?;
            Some(if all.is_empty() { NOTHING.to_owned() } else { all.join(", ") })
        }
        Json::Object(parts) => part_of(parts),
    }
}

/// An item of a list: its text, or what it shows of itself.
fn item(value: &Json) -> Option<String> {
    let Json::Object(parts) = value else { return value.as_str().map(str::to_owned) };
    part_of(parts)
}

fn part_of(parts: &Map<String, Json>) -> Option<String> {
    let text = |key| parts.get(key).and_then(Json::as_str);
    let name = [text("givenName"), text("familyName")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    if name.is_empty() { text("display").or_else(|| text("value")).map(str::to_owned) } else { Some(name) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_said_where_few_words_do() {
        let changes = json!({
            "active": [true, false],
            "block": [{ "blocked": false }, { "blocked": true }],
            "clinics": [[{ "value": "0-1", "display": "downtown" }], []],
            "name": [null, { "givenName": "Ana", "familyName": "Ruiz" }],
            "roles": [[{ "value": "provider", "primary": true }], [{ "value": "lead-provider" }]],
        });
        let said = "active: yes → no; block; clinics: downtown → (none); name: (none) → Ana Ruiz; role: provider → lead-provider";
        let platform = PlatformId("aesthetic-record".to_owned());
        let earlier = json!({ "clinics": [[], [{ "value": "0-2", "display": "uptown" }]] });
        let records = [
            LogRecord { id: Some("0-1".to_owned()), name: Some("downtown".to_owned()), ..LogRecord::default() },
            LogRecord { changes: earlier, ..LogRecord::default() },
        ];
        let clinics = BTreeMap::from([("0-3".to_owned(), "midtown".to_owned())]);
        let names = LogNames::new(&records, &platform, &clinics);
        assert_eq!(of_server(&changes, &names).as_deref(), Some(said));
        assert_eq!((of_server(&json!({}), &names), of_server(&Json::Null, &names)), (None, None));
        let default = of_server(&json!({ "defaultClinic": ["0-1", "0-2"], "bookingProfile": [null, { "bio": "B" }] }), &names);
        assert_eq!(default.as_deref(), Some("default clinic: downtown → uptown; booking profile"));
        let of_workspace = of_server(&json!({ "defaultClinic": ["0-3", "0-9"] }), &names);
        assert_eq!(of_workspace.as_deref(), Some("default clinic: midtown → 0-9"));
    }
}
