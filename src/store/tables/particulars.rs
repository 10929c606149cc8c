//! The particulars of an account's person, in the form in which they are stored: fields as a JSON object by their keys in the field table.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Serialize, Serializer};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite};

use crate::model::{Field, Fields, Kind, Texts, Value, ValueRef};
use crate::store::StoreError;

/// The particulars of an account's person. The text that a client wrote, and the fields that are read from it, change together only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    fields: Fields,
    beside: Beside,
}

/// The columns beside the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Beside {
    /// On the platform of a practice: the ids of the employee record and of the client.
    Practice { employee: Option<String>, external_id: Option<String> },
    /// On plain SCIM: the user as a client wrote it, as JSON. It is shown as it is; what rules compare of it is read into
    /// [`OwnLists`](crate::workspace::OwnLists).
    Plain { document: String },
}

impl Particulars {
    /// Those on the platform of a practice, with the id of the employee record that the account belongs to, and the id that clients give
    /// to the account.
    #[must_use]
    pub fn practice(fields: &Fields, employee: Option<String>, external_id: Option<String>) -> Self {
        Self { fields: with_values(fields), beside: Beside::Practice { employee, external_id } }
    }

    /// Those on plain SCIM, with the user as a client wrote it and the fields that were read from it.
    #[must_use]
    pub fn plain(fields: &Fields, document: String) -> Self {
        Self { fields: with_values(fields), beside: Beside::Plain { document } }
    }

    /// The same with other fields; `None` on plain SCIM, where only what a client writes changes them.
    #[must_use]
    pub fn with_fields(&self, fields: &Fields) -> Option<Self> {
        match &self.beside {
            Beside::Practice { .. } => Some(Self { fields: with_values(fields), beside: self.beside.clone() }),
            Beside::Plain { .. } => None,
        }
    }

    /// The fields that have a value. Clinics and the employee record are named by their keys.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The id of the employee record that the account belongs to.
    #[must_use]
    pub fn employee(&self) -> Option<&str> {
        match &self.beside {
            Beside::Practice { employee, .. } => employee.as_deref(),
            Beside::Plain { .. } => None,
        }
    }

    /// The id that clients give to the account. On plain SCIM it is in the document.
    #[must_use]
    pub fn external_id(&self) -> Option<&str> {
        match &self.beside {
            Beside::Practice { external_id, .. } => external_id.as_deref(),
            Beside::Plain { .. } => None,
        }
    }

    /// On plain SCIM, the user as a client wrote it, as JSON.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        match &self.beside {
            Beside::Plain { document } => Some(document),
            Beside::Practice { .. } => None,
        }
    }

    /// Reads them from their columns.
    pub(super) fn read(row: &SqliteRow, [fields, employee, external_id, document]: [usize; 4]) -> Result<Self, StoreError> {
        let beside = match (row.try_get(employee)?, row.try_get(external_id)?, row.try_get(document)?) {
            (employee, external_id, None) => Beside::Practice { employee, external_id },
            (None, None, Some(document)) => Beside::Plain { document },
            (Some::<String>(_), _, Some::<String>(_)) | (_, Some::<String>(_), Some(_)) => return Err(DAMAGED),
        };
        Ok(Self { fields: stored_fields(&row.try_get::<String, _>(fields)?)?, beside })
    }

    /// Binds their columns: `fields`, `employee`, `external_id` and `document`.
    pub(super) fn bind<'q>(&'q self, statement: Statement<'q>) -> Result<Statement<'q>, StoreError> {
        let statement = statement.bind(fields_text(&self.fields)?).bind(self.employee());
        Ok(statement.bind(self.external_id()).bind(self.document()))
    }
}

/// A statement whose values are being bound.
pub(in crate::store) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

const DAMAGED: StoreError = StoreError::Damaged { table: "accounts" };

/// Those of these fields that have a value.
fn with_values(fields: &Fields) -> Fields {
    fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| (field, value.to_value())).collect()
}

/// Writes fields as they are stored.
pub(in crate::store) fn fields_text(fields: &Fields) -> Result<String, StoreError> {
    serde_json::to_string(&ByKey(fields)).map_err(|_| StoreError::WrongKind)
}

/// Reads fields as they are stored.
fn stored_fields(text: &str) -> Result<Fields, StoreError> {
    let (mut reader, mut unknown) = (serde_json::Deserializer::from_str(text), None);
    let read = reader.deserialize_map(EachField { unknown: &mut unknown }).and_then(|fields| reader.end().map(|()| fields));
    read.map_err(|_| unknown.map_or(DAMAGED, |key| StoreError::NewerField { key }))
}

struct ByKey<'a>(&'a Fields);

impl Serialize for ByKey<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_map(None)?;
        for (field, value) in self.0.iter() {
            all.serialize_entry(field.key(), &OfKind(field.definition().kind, value))?;
        }
        all.end()
    }
}

/// A value of a field of that kind.
struct OfKind<'a>(Kind, ValueRef<'a>);

impl Serialize for OfKind<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.1.of_kind(self.0) {
            Some(ValueRef::Text(text)) => serializer.serialize_str(text),
            Some(ValueRef::Flag(flag)) => serializer.serialize_bool(flag),
            Some(ValueRef::Number(number)) => serializer.serialize_i64(number),
            Some(ValueRef::List(texts) | ValueRef::Set(texts)) => serializer.collect_seq(texts),
            Some(ValueRef::Changes { grant, revoke }) => Changes { grant: TextList(grant), revoke: TextList(revoke) }.serialize(serializer),
            Some(ValueRef::Unset) | None => Err(S::Error::custom("the field has values of another kind")),
        }
    }
}

#[derive(Serialize)]
struct Changes<'a> {
    grant: TextList<'a>,
    revoke: TextList<'a>,
}

struct TextList<'a>(Texts<'a>);

impl Serialize for TextList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0)
    }
}

struct EachField<'a> {
    /// A key that no field has.
    unknown: &'a mut Option<String>,
}

impl<'de> Visitor<'de> for EachField<'_> {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields by their keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let (mut found, mut place) = (Vec::new(), 0);
        while let Some(field) = map.next_key_seed(FieldKey { place: &mut place, unknown: &mut *self.unknown })? {
            found.push((field, map.next_value_seed(AsKind(field.definition().kind))?));
        }
        Ok(found.into_iter().collect())
    }
}

/// A key of the field table. Stored fields are in its order, so the next one is looked for after the last.
struct FieldKey<'a> {
    place: &'a mut usize,
    unknown: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for FieldKey<'_> {
    type Value = Field;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Field, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldKey<'_> {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key of a field")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Field, E> {
        let later = Field::ALL.iter().skip(*self.place).find(|field| field.key() == key).copied();
        let Some(field) = later.or_else(|| Field::from_key(key)) else {
            *self.unknown = Some(key.to_owned());
            return Err(E::custom("no field has this key"));
        };
        *self.place = field.place() + 1;
        Ok(field)
    }
}

/// Reads a value of a field of that kind.
struct AsKind(Kind);

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNo {
    Text(String),
    No(bool),
}

impl<'de> DeserializeSeed<'de> for AsKind {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Ok(match self.0 {
            Kind::Text => Value::Text(Deserialize::deserialize(deserializer)?),
            Kind::TextOrNo => match TextOrNo::deserialize(deserializer)? {
                TextOrNo::Text(text) => Value::Text(text),
                TextOrNo::No(false) => Value::Flag(false),
                TextOrNo::No(true) => return Err(D::Error::custom("`true` is not a value of the field")),
            },
            Kind::Flag => Value::Flag(Deserialize::deserialize(deserializer)?),
            Kind::Number => Value::Number(Deserialize::deserialize(deserializer)?),
            Kind::List => Value::List(Deserialize::deserialize(deserializer)?),
            Kind::Set => Value::Set(Deserialize::deserialize(deserializer)?),
            Kind::Changes => Value::Changes(Deserialize::deserialize(deserializer)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An account with a value in every field of step 9, as databases have it: another key or kind needs a step in `migrations.rs`.
    const EVERY_FIELD: &str = concat!(
        r#"{"email":"ana@glow.example","first_name":"Ana","last_name":"Ruiz","title":"MD","phones":["+16025550100","+16025550101"],"#,
        r#""role":"provider","clinics":["downtown","uptown"],"default_clinic":"uptown","dashboard_access":false,"#,
        r##""appointment_color":"#3aa675","privileges":{"grant":["view-reports"],"revoke":[]},"provider":true,"##,
        r#""provider.md_consent":false,"provider.online_booking":true,"provider.goals.per":"month","provider.goals.procedures":40,"#,
        r#""provider.goals.sales_usd":-1,"provider.booking_profile.display_name":"Ana","provider.booking_profile.title":"\"Dr.\"","#,
        r#""provider.booking_profile.bio":"one\ntwo","provider.check_in_notifications.sms":true,"#,
        r#""provider.check_in_notifications.email":false,"needs":["billing"],"two_factor":true,"employee":"ana-ruiz"}"#
    );

    /// Values of a kind, as they are stored.
    fn stored_values(kind: Kind) -> [&'static str; 2] {
        match kind {
            Kind::Text => [r#""\"Dr.\"""#, r#""one\ntwo""#],
            Kind::TextOrNo => ["false", r#""kim@glow.example""#],
            Kind::Flag => ["true", "false"],
            Kind::Number => ["-1", "40"],
            Kind::List => [r#"["b","a"]"#, r#"["a"]"#],
            Kind::Set => [r#"["a","b"]"#, r#"["a"]"#],
            Kind::Changes => [r#"{"grant":["a","b"],"revoke":[]}"#, r#"{"grant":[],"revoke":["a"]}"#],
        }
    }

    #[test]
    fn every_field_is_stored_under_its_key() {
        for which in [0, 1] {
            let entry = |field: &Field| format!("{:?}:{}", field.key(), stored_values(field.definition().kind)[which]);
            let text = format!("{{{}}}", Field::ALL.iter().map(entry).collect::<Vec<_>>().join(","));
            let fields = stored_fields(&text).unwrap();
            assert_eq!(fields.iter().map(|(field, _)| field).collect::<Vec<_>>(), Field::ALL);
            assert_eq!(fields_text(&with_values(&fields)).unwrap(), text);
        }
    }

    #[test]
    fn the_fields_of_step_9_keep_their_keys_and_kinds() {
        let fields = stored_fields(EVERY_FIELD).unwrap();
        assert_eq!(fields_text(&with_values(&fields)).unwrap(), EVERY_FIELD);
        assert_eq!(stored_fields(r#"{"title":"MD","first_name":"Ana"}"#).unwrap().text(Field::FirstName), Some("Ana"), "in any order");
    }

    #[test]
    fn a_value_that_no_field_has_is_neither_read_nor_written() {
        for text in [
            "",
            "[]",
            "{} {}",
            r#"{"first-name":"Ana"}"#,
            r#"{"first_name":1}"#,
            r#"{"clinics":"downtown"}"#,
            r#"{"two_factor":"true"}"#,
            r#"{"provider.md_consent":true}"#,
        ] {
            assert!(stored_fields(text).is_err(), "{text}");
        }
        let unknown = stored_fields(r#"{"first_name":"Ana","shoe_size":41,"title":"MD"}"#).unwrap_err();
        assert_eq!(unknown.to_string(), StoreError::NewerField { key: "shoe_size".to_owned() }.to_string());
        let wrong = [(Field::TwoFactor, Value::Text("true".to_owned()))].into_iter().collect();
        assert_eq!(fields_text(&wrong).unwrap_err().to_string(), StoreError::WrongKind.to_string());
        let nothing = [(Field::Title, Value::Unset), (Field::Clinics, Value::Set(std::collections::BTreeSet::new()))].into_iter().collect();
        assert_eq!(fields_text(&with_values(&nothing)).unwrap(), "{}");
    }

    #[test]
    fn fields_of_plain_scim_change_with_the_document_only() {
        let named = |name: &str| Fields::from_iter([(Field::FirstName, Value::Text(name.to_owned()))]);
        let practice = Particulars::practice(&named("Ana"), Some("e-1".to_owned()), Some("x".to_owned()));
        let changed = practice.with_fields(&named("Eva")).unwrap();
        assert_eq!(changed.fields().text(Field::FirstName), Some("Eva"));
        assert_eq!((changed.employee(), changed.external_id(), changed.document()), (Some("e-1"), Some("x"), None));
        let plain = Particulars::plain(&named("Ana"), r#"{"name":{"givenName":"Ana"}}"#.to_owned());
        assert_eq!(plain.with_fields(&named("Eva")), None);
        assert_eq!((plain.employee(), plain.external_id()), (None, None));
    }
}
