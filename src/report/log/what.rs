//! Says what was changed: the values before and after, as far as they can be said in a few words.

use serde_json::{Map, Value as Json};

use crate::model::StepValues;
use crate::platform::Catalog;
use crate::report::words::in_sentence;

/// What a value is called where there is none.
const NOTHING: &str = "(none)";

/// Returns the changes that a server's log has, attribute by attribute; `None` if there are none. Attributes with parts of their own are only
/// named.
pub(super) fn of_server(changes: &Json) -> Option<String> {
    let one = |(name, values): (&String, &Json)| {
        let [before, after] = values.as_array()?.as_slice() else { return None };
        Some(match (short(before), short(after)) {
            (Some(before), Some(after)) => format!("{name}: {before} → {after}"),
            (None, _) | (_, None) => name.clone(),
        })
    };
    let all: Vec<String> = changes.as_object()?.iter().filter_map(one).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Returns the values that somebody attests to have set; `None` if there are none.
pub(super) fn attested(set: &StepValues, catalog: &Catalog) -> Option<String> {
    let value = |(field, value): (crate::model::Field, crate::model::ValueRef<'_>)| {
        let said = in_sentence(&value.to_value()).unwrap_or_else(|| NOTHING.to_owned());
        format!("{}: {said}", catalog.yaml_key(field))
    };
    let all: Vec<String> = set.fields.iter().map(value).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Returns a value in a few words; `None` if it has parts that no few words say.
fn short(value: &Json) -> Option<String> {
    match value {
        Json::Null => Some(NOTHING.to_owned()),
        Json::Bool(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(text.clone()),
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
        let said = "active: yes → no; block; clinics: downtown → (none); name: (none) → Ana Ruiz; roles: provider → lead-provider";
        assert_eq!(of_server(&changes).as_deref(), Some(said));
        assert_eq!((of_server(&json!({})), of_server(&Json::Null)), (None, None));
    }
}
