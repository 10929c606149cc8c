//! The run-time half of the field table: fields of catalogs that rosters bring.
//!
//! A field is a small number here, and each number has one key and one kind for as long as the program runs. Nothing that is written or
//! compared depends on the numbers: fields are ordered, and saved, by key and kind.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::definition::{Definition, Kind, row};

/// The most fields that one run of the program can know besides those of the table.
pub(in crate::model) const MOST: usize = 4096;

/// The rows, by number. A row that was made stays.
static ROWS: [OnceLock<Definition>; MOST] = [const { OnceLock::new() }; MOST];

/// The numbers, by key and kind.
static NUMBERS: Mutex<BTreeMap<(&'static str, Kind), u16>> = Mutex::new(BTreeMap::new());

/// The definition that [`OwnField::definition`] returns for a number that nobody has; there is no such field.
static NOTHING: Definition = row("", Kind::Text);

/// A field of a catalog that a roster brings.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OwnField(u16);

/// The kinds that such a field can have, with their words.
const KINDS: [(Kind, &str); 3] = [(Kind::Text, "text"), (Kind::Flag, "flag"), (Kind::Set, "set")];

/// The beginning of a saved field.
const PREFIX: &str = "own-";

impl OwnField {
    /// Returns the field with a key and a kind; `None` if fields of rosters cannot have that kind, or there are too many fields already.
    pub(in crate::model) fn new(key: &str, kind: Kind) -> Option<Self> {
        if !KINDS.iter().any(|(known, _)| *known == kind) {
            return None;
        }
        let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, number)) = numbers.range((key, kind)..).next().filter(|((known, same), _)| *known == key && *same == kind) {
            return Some(Self(*number));
        }
        let number = numbers.len();
        let slot = ROWS.get(number)?;
        let key: &'static str = String::leak(key.to_owned());
        slot.get_or_init(|| row(key, kind));
        let number = u16::try_from(number).ok()?;
        numbers.insert((key, kind), number);
        Some(Self(number))
    }

    /// Returns its row.
    pub(in crate::model) fn definition(self) -> &'static Definition {
        self.row().unwrap_or(&NOTHING)
    }

    fn row(self) -> Option<&'static Definition> {
        ROWS.get(usize::from(self.0))?.get()
    }

    /// Returns its number, below [`MOST`].
    pub(in crate::model) const fn number(self) -> u16 {
        self.0
    }

    /// Returns the field with a number; `None` if there is none.
    pub(in crate::model) fn numbered(number: u16) -> Option<Self> {
        Some(Self(number)).filter(|field| field.row().is_some())
    }

    fn order(self) -> (&'static str, Kind) {
        let definition = self.definition();
        (definition.key, definition.kind)
    }
}

impl std::fmt::Debug for OwnField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.definition().key)
    }
}

impl PartialOrd for OwnField {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OwnField {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0 == other.0 { Ordering::Equal } else { self.order().cmp(&other.order()) }
    }
}

/// Saved as `own-KIND:KEY`, so that a saved plan can be shown without the roster.
impl Serialize for OwnField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, kind) = self.order();
        let word = KINDS.iter().find(|(known, _)| *known == kind).map_or("text", |(_, word)| word);
        serializer.serialize_str(&format!("{PREFIX}{word}:{key}"))
    }
}

impl<'de> Deserialize<'de> for OwnField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (word, key) = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':')).unwrap_or_default();
        let kind = KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind);
        kind.filter(|_| !key.is_empty())
            .and_then(|kind| Self::new(key, kind))
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a field")))
    }
}

impl JsonSchema for OwnField {
    fn schema_name() -> Cow<'static, str> {
        "OwnField".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^{PREFIX}({}):.", KINDS.map(|(_, word)| word).join("|")) })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Field, Fields, Kind, Value};

    #[test]
    fn fields_of_rosters_are_ordered_by_key_after_those_of_the_table_whatever_was_made_first() {
        let late = Field::own("zz_last", Kind::Text).unwrap();
        let early = Field::own("aa_first", Kind::Flag).unwrap();
        assert!(Field::Employee < early && early < late);
        assert_eq!(Field::own("zz_last", Kind::Text), Some(late));
        assert_ne!(Field::own("zz_last", Kind::Set), Some(late));
        assert_eq!(Field::own("zz_last", Kind::Number), None);
    }

    #[test]
    fn values_of_such_fields_are_kept_and_saved_like_others() {
        let (license, badges) = (Field::own("license", Kind::Text).unwrap(), Field::own("badges", Kind::Set).unwrap());
        let mut fields = Fields::default();
        fields.set(license, Value::Text("AZ-1".to_owned()));
        fields.set(Field::Employee, Value::Text("rob".to_owned()));
        fields.set(badges, Value::Set(["gold".to_owned()].into()));
        fields.set(license, Value::Text("AZ-2".to_owned()));
        assert_eq!(fields.iter().map(|(field, _)| field).collect::<Vec<_>>(), [Field::Employee, badges, license]);
        assert_eq!(fields.text(license), Some("AZ-2"));
        let saved = serde_json::to_string(&fields).unwrap();
        assert_eq!(saved, r#"[["employee",{"text":"rob"}],["own-set:badges",{"set":["gold"]}],["own-text:license",{"text":"AZ-2"}]]"#);
        assert_eq!(serde_json::from_str::<Fields>(&saved).unwrap(), fields);
        assert!(serde_json::from_str::<Field>("\"own-list:license\"").is_err());
        assert!(serde_json::from_str::<Field>("\"own-text:\"").is_err());
    }
}
