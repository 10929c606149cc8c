//! The fields of one person, packed into one text: a roster can have a hundred thousand people, and both sides are in memory together.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::packed::{FieldReader, Texts, Unlike, pack};
use crate::model::{Field, Kind, Value, plain_apostrophes};

/// Fields with their values, ordered by field. An absent field is not managed (desired) or unknown (actual).
///
/// Equal fields have equal bytes.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Fields {
    packed: Box<str>,
}

/// The bytes reserved for the fields of one person while they are packed; most take less.
const ROOM: usize = 512;

/// The value of a field, borrowed from [`Fields`]. See [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRef<'a> {
    /// No value.
    Unset,
    /// A text.
    Text(&'a str),
    /// A boolean.
    Flag(bool),
    /// A whole number, in the unit of its field.
    Number(i64),
    /// Texts whose order matters.
    List(Texts<'a>),
    /// Texts whose order does not matter, sorted.
    Set(Texts<'a>),
    /// Privileges granted and revoked on top of a role.
    Changes {
        /// Granted in addition to the role's.
        grant: Texts<'a>,
        /// Revoked from the role's.
        revoke: Texts<'a>,
    },
}

impl<'a> ValueRef<'a> {
    /// The text, if it is one.
    #[must_use]
    pub const fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unset | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. } => None,
        }
    }

    /// The switch, if it is one.
    #[must_use]
    pub const fn as_flag(self) -> Option<bool> {
        match self {
            Self::Flag(on) => Some(on),
            Self::Unset | Self::Text(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. } => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. } => None,
        }
    }

    /// The members of a set or list, if it is one.
    #[must_use]
    pub const fn as_items(self) -> Option<Texts<'a>> {
        match self {
            Self::List(texts) | Self::Set(texts) => Some(texts),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::Changes { .. } => None,
        }
    }

    /// The privileges granted and revoked on top of a role, if it has such.
    #[must_use]
    pub const fn as_changes(self) -> Option<(Texts<'a>, Texts<'a>)> {
        match self {
            Self::Changes { grant, revoke } => Some((grant, revoke)),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) => None,
        }
    }

    /// Returns it if a field of that kind can have it: none has an unset value.
    #[must_use]
    pub fn of_kind(self, kind: Kind) -> Option<Self> {
        let fits = match self {
            Self::Unset => false,
            Self::Text(_) => [Kind::Text, Kind::TextOrNo].contains(&kind),
            Self::Flag(on) => kind == Kind::Flag || (kind == Kind::TextOrNo && !on),
            Self::Number(_) => kind == Kind::Number,
            Self::List(_) => kind == Kind::List,
            Self::Set(_) => kind == Kind::Set,
            Self::Changes { .. } => kind == Kind::Changes,
        };
        fits.then_some(self)
    }

    /// Returns whether it is empty: unset, or an empty text, list or set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Unset => true,
            Self::Text(text) => text.is_empty(),
            Self::Flag(_) | Self::Number(_) => false,
            Self::List(texts) | Self::Set(texts) => texts.is_empty(),
            Self::Changes { grant, revoke } => grant.is_empty() && revoke.is_empty(),
        }
    }

    /// Returns whether it is the same as an absent field: empty, or `false` if that means nothing.
    #[must_use]
    pub fn is_off(&self, of: Field) -> bool {
        of.is_off(self.is_empty(), *self == Self::Flag(false))
    }

    /// Returns whether two values of a field are equal; absent, empty and `false` may be (RFC 7643 section 2.5).
    #[must_use]
    pub fn is_same(self, other: Self, of: Field) -> bool {
        self == other || (self.is_off(of) && other.is_off(of)) || self.is_same_name(other, of)
    }

    /// Whether both are one name, written with another apostrophe.
    fn is_same_name(self, other: Self, of: Field) -> bool {
        (of == Field::FirstName || of == Field::LastName)
            && self.as_text().zip(other.as_text()).is_some_and(|(one, other)| plain_apostrophes(one) == plain_apostrophes(other))
    }

    /// Returns an owned copy.
    #[must_use]
    pub fn to_value(self) -> Value {
        fn all<T: FromIterator<String>>(texts: Texts<'_>) -> T {
            texts.into_iter().map(str::to_owned).collect()
        }
        match self {
            Self::Unset => Value::Unset,
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Flag(on) => Value::Flag(on),
            Self::Number(number) => Value::Number(number),
            Self::List(texts) => Value::List(all(texts)),
            Self::Set(texts) => Value::Set(all(texts)),
            Self::Changes { grant, revoke } => Value::changes(all(grant), all(revoke)),
        }
    }
}

impl PartialEq<Value> for ValueRef<'_> {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Self::Unset, Value::Unset) => true,
            (Self::Text(text), Value::Text(other)) => text == other,
            (Self::Flag(on), Value::Flag(other)) => on == other,
            (Self::Number(number), Value::Number(other)) => number == other,
            (Self::List(texts), Value::List(other)) => texts.into_iter().eq(other),
            (Self::Set(texts), Value::Set(other)) => texts.into_iter().eq(other),
            (Self::Changes { grant, revoke }, Value::Changes(other)) => {
                grant.into_iter().eq(&other.grant) && revoke.into_iter().eq(&other.revoke)
            }
            (
                Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. },
                Value::Unset | Value::Text(_) | Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Changes(_),
            ) => false,
        }
    }
}

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
