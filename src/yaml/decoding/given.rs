//! Wrappers that let decoding continue after a mistake: the mistake is recorded in the sink, and the value is missing.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};

/// Marks a [`Given`] for the deserializer.
pub(in crate::yaml) const GIVEN: &str = "$given";
/// Marks a [`Table`] for the deserializer.
pub(in crate::yaml) const TABLE: &str = "$table";
/// Marks an [`Each`] for the deserializer.
pub(in crate::yaml) const EACH: &str = "$each";
/// Marks an [`OrFalse`] for the deserializer.
pub(in crate::yaml) const OR_FALSE: &str = "$or-false";

/// The value of a key.
#[derive(Clone, Debug, Default)]
pub(crate) enum Given<T> {
    /// The key is absent.
    #[default]
    Absent,
    /// The key has a wrong value, which is reported in the sink.
    Bad,
    /// A value, and the node it was read from.
    Is(T, u32),
}

impl<T> Given<T> {
    /// The value.
    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value, _) => Some(value),
            Self::Absent | Self::Bad => None,
        }
    }

    /// The value that was read, and its node.
    pub(crate) fn read(&self) -> Option<(&T, u32)> {
        match self {
            Self::Is(value, at) => Some((value, *at)),
            Self::Absent | Self::Bad => None,
        }
    }

    /// The value, taken out.
    pub(crate) fn take(self) -> Option<T> {
        self.with_node().map(|(value, _)| value)
    }

    /// The value and its node.
    pub(crate) fn with_node(self) -> Option<(T, u32)> {
        match self {
            Self::Is(value, at) => Some((value, at)),
            Self::Absent | Self::Bad => None,
        }
    }

    /// Treats an absent key as unreadable if something else in the map may be it.
    pub(crate) fn unless_supplied(self, may_be_supplied: bool) -> Self {
        if may_be_supplied && self.is_absent() { Self::Bad } else { self }
    }

    /// Returns whether the key is absent.
    pub(crate) fn is_absent(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Bad | Self::Is(..) => false,
        }
    }
}

/// Reads the value of a key by a seed.
pub(crate) struct GivenSeed<S>(pub(crate) S);

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for GivenSeed<S> {
    type Value = Given<S::Value>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let at = map.next_key::<u32>()?.unwrap_or_default();
        Ok(map.next_value_seed(self.0).map_or(Given::Bad, |value| Given::Is(value, at)))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for GivenSeed<S> {
    type Value = Given<S::Value>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_newtype_struct(GIVEN, self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        GivenSeed(PhantomData).deserialize(deserializer)
    }
}

/// Gives a wrapper the schema of the wrapped type.
macro_rules! schema_of_inner {
    ($wrapper:ident) => {
        impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool {
                T::inline_schema()
            }
            fn schema_name() -> Cow<'static, str> {
                T::schema_name()
            }
            fn schema_id() -> Cow<'static, str> {
                T::schema_id()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                T::json_schema(generator)
            }
        }
    };
}

pub(super) use schema_of_inner;

schema_of_inner!(Given);

/// A map whose keys the author chose; its entries are decoded one at a time.
#[derive(Debug)]
pub(crate) struct Table<T>(pub(crate) u32, PhantomData<T>);

/// A list; its entries are decoded one at a time.
#[derive(Debug)]
pub(crate) struct Each<T>(pub(crate) u32, PhantomData<T>);

struct LaterVisitor;

impl Visitor<'_> for LaterVisitor {
    type Value = u32;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map or a list")
    }
    fn visit_u32<E>(self, index: u32) -> Result<u32, E> {
        Ok(index)
    }
}

impl<'de, T> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TABLE, LaterVisitor).map(|index| Self(index, PhantomData))
    }
}

impl<'de, T> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(EACH, LaterVisitor).map(|index| Self(index, PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Table<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("TableOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": entry })
    }
}

impl<T: JsonSchema> JsonSchema for Each<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "array", "items": entry })
    }
}

/// a value, or `false`.
#[derive(Clone, Debug)]
pub(crate) enum OrFalse<T> {
    /// Switched off.
    False,
    /// A value.
    Is(T),
}

impl<T> OrFalse<T> {
    /// The value, unless it is `false`.
    pub(crate) const fn settings(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::False => None,
        }
    }
}

/// Reads a value, or `false` by a seed.
pub(crate) struct OrFalseBy<S>(pub(crate) S);

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for OrFalseBy<S> {
    type Value = OrFalse<S::Value>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or `false`")
    }
    fn visit_bool<E: serde::de::Error>(self, on: bool) -> Result<Self::Value, E> {
        if on { Err(E::custom("`true` is not enough")) } else { Ok(OrFalse::False) }
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(OrFalse::Is)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for OrFalseBy<S> {
    type Value = OrFalse<S::Value>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_newtype_struct(OR_FALSE, self)
    }
}

/// Reads what may be `null` by a seed.
pub(crate) struct OptionBy<S>(pub(crate) S);

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for OptionBy<S> {
    type Value = Option<S::Value>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`null`, or a value")
    }
    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for OptionBy<S> {
    type Value = Option<S::Value>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrFalse<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        OrFalseBy(PhantomData).deserialize(deserializer)
    }
}

impl<T: JsonSchema> JsonSchema for OrFalse<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("FalseOr{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let other = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [{ "const": false }, other] })
    }
}
