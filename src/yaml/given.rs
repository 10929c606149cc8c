//! Wrappers that let decoding go on after a mistake: the mistake goes to the sink, the value is missing.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// Marks a [`Given`] for the deserializer.
pub(super) const GIVEN: &str = "$given";
/// Marks a [`Table`] for the deserializer.
pub(super) const TABLE: &str = "$table";
/// Marks an [`Each`] for the deserializer.
pub(super) const EACH: &str = "$each";
/// Marks an [`OrFalse`] for the deserializer.
pub(super) const OR_FALSE: &str = "$or-false";

/// What stands behind a key.
#[derive(Clone, Debug, Default)]
pub(crate) enum Given<T> {
    /// The key is not there.
    #[default]
    Absent,
    /// It is, and what it holds is wrong; that is in the sink.
    Bad,
    /// A value, and the node it was read from.
    Is(T, u32),
}

impl<T> Given<T> {
    /// The value.
    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value, _) => Some(value),
            _ => None,
        }
    }

    /// The value, taken out.
    pub(crate) fn take(self) -> Option<T> {
        match self {
            Self::Is(value, _) => Some(value),
            _ => None,
        }
    }

    /// The value and its node.
    pub(crate) fn with_node(self) -> Option<(T, u32)> {
        match self {
            Self::Is(value, at) => Some((value, at)),
            _ => None,
        }
    }

    /// What is not there as something that could not be read, where a merge key may have meant to bring it.
    pub(crate) fn unless_merged(self, merges: bool) -> Self {
        if merges && self.is_absent() { Self::Bad } else { self }
    }

    /// Whether the key is not there.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

struct GivenVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for GivenVisitor<T> {
    type Value = Given<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given<T>, A::Error> {
        let at = map.next_key::<u32>()?.unwrap_or_default();
        Ok(map.next_value::<T>().map_or(Given::Bad, |value| Given::Is(value, at)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(GIVEN, GivenVisitor(PhantomData))
    }
}

/// The same schema as what is wrapped.
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

schema_of_inner!(Given);

/// A map from names the author chose; its entries are decoded one at a time.
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

/// `false`, or what else there is to say.
#[derive(Clone, Debug)]
pub(crate) enum OrFalse<T> {
    /// Switched off.
    False,
    /// What is said.
    Is(T),
}

struct OrFalseVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrFalseVisitor<T> {
    type Value = OrFalse<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`false`, or what else there is to say")
    }
    fn visit_bool<E: serde::de::Error>(self, on: bool) -> Result<OrFalse<T>, E> {
        if on { Err(E::custom("`true` says too little")) } else { Ok(OrFalse::False) }
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<OrFalse<T>, D::Error> {
        T::deserialize(deserializer).map(OrFalse::Is)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrFalse<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(OR_FALSE, OrFalseVisitor(PhantomData))
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
