//! The fields of one person, packed into one text: a roster can have a hundred thousand people, and both sides are in memory together.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::packed::{FieldReader, Unlike, pack};
use crate::model::{Field, Texts, Value, ValueRef, plain_apostrophes};

/// Fields with their values, ordered by field. An absent field is not managed (desired) or unknown (actual).
///
/// Equal fields have equal bytes.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Fields {
    packed: Box<str>,
}

/// The bytes reserved for the fields of one person while they are packed; most take less.
const ROOM: usize = 512;

impl Fields {
    /// Returns the value of a field, if it is present.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<ValueRef<'_>> {
        FieldReader::new(&self.packed).seek(field)
    }

    /// Returns a copy of a field's value; `Unset` if it is absent.
    #[must_use]
    pub fn value(&self, field: Field) -> Value {
        self.get(field).map_or(Value::Unset, ValueRef::to_value)
    }

    /// Sets a field, and replaces its former value.
    #[expect(clippy::needless_pass_by_value, reason = "reads as the insertion into a map: callers have made the value for it")]
    pub fn set(&mut self, field: Field, value: Value) {
        let mut entry = String::new();
        pack(&mut entry, field, &value);
        let mut reader = FieldReader::new(&self.packed);
        let from = reader.skip_before(field);
        reader.seek(field);
        let to = reader.at();
        let mut packed = String::from(std::mem::take(&mut self.packed));
        packed.replace_range(from..to, &entry);
        self.packed = packed.as_str().into();
    }

    /// Returns all fields, ordered.
    pub fn iter(&self) -> impl Iterator<Item = (Field, ValueRef<'_>)> {
        FieldReader::new(&self.packed)
    }

    /// Returns the fields of which the values are not the very same, ordered, with this value and the other; `None` where one is absent.
    ///
    /// Values that mean the same (see [`ValueRef::is_same`]) can be among them.
    pub fn unlike<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (Field, Option<ValueRef<'a>>, Option<ValueRef<'a>>)> {
        Unlike::new(&self.packed, &other.packed)
    }

    /// Returns the number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Returns whether there are no fields.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// Returns the text of a field; `None` if it is absent, unset or not a text.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        self.get(field)?.as_text().filter(|text| !text.is_empty())
    }

    /// Returns whether a person's name is the same text as the name in `other`, however it is divided; a part that `other` lacks is this one's.
    #[must_use]
    pub fn is_same_name(&self, other: &Self) -> bool {
        let part = |of: &Self, field| of.text(field).or_else(|| self.text(field)).unwrap_or_default().to_owned();
        let full = |of: &Self| {
            let (first, last) = (part(of, Field::FirstName), part(of, Field::LastName));
            first.split_whitespace().chain(last.split_whitespace()).collect::<Vec<_>>().join(" ")
        };
        plain_apostrophes(&full(self)) == plain_apostrophes(&full(other))
    }

    /// Returns the boolean of a field; `None` if it is absent or unset.
    #[must_use]
    pub fn flag(&self, field: Field) -> Option<bool> {
        self.get(field)?.as_flag()
    }

    /// Returns the members of a set or list field; empty if it is absent or unset.
    #[must_use]
    pub fn items(&self, field: Field) -> Texts<'_> {
        self.get(field).and_then(ValueRef::as_items).unwrap_or_default()
    }
}

/// If a field occurs twice, the last one counts. Ordered fields are fastest.
impl FromIterator<(Field, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (Field, Value)>>(iter: I) -> Self {
        let (mut packed, mut last, mut late) = (String::with_capacity(ROOM), None, Vec::new());
        for (field, value) in iter {
            if last.is_none_or(|last| last < field) {
                pack(&mut packed, field, &value);
                last = Some(field);
            } else {
                late.push((field, value));
            }
        }
        // Copied, since an allocator may leave a text that is made shorter in its place: many people are in memory together.
        let mut fields = Self { packed: packed.as_str().into() };
        for (field, value) in late {
            fields.set(field, value);
        }
        fields
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|(field, value)| (field, value.to_value())))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<(Field, Value)>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl JsonSchema for Fields {
    fn schema_name() -> Cow<'static, str> {
        "Fields".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<(Field, Value)>::json_schema(generator)
    }
}
