//! Recognizes secrets that people write in plain text by mistake; they are refused and never shown.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Visitor};

use super::given::schema_of_inner;
use crate::yaml::tree::{NodeKind, NodeRef};

/// Marks a [`Reference`] for the deserializer.
pub(in crate::yaml) const REFERENCE: &str = "$secret-reference";
/// Marks a [`Flag`] for the deserializer.
pub(in crate::yaml) const FLAG: &str = "$secret-flag";
/// Marks a [`FlagOr`] for the deserializer.
pub(in crate::yaml) const FLAG_OR: &str = "$secret-flag-or";

/// The advice about a secret in plain text where this type is expected.
pub trait PlainTextHint {
    /// The hint.
    const HINT: &'static str;
}

/// A map that says what should become of a secret.
pub trait SecretMap {
    /// The hint about a secret in plain text, and the keys of the map. A map with other keys has a secret in plain text.
    const HINT_AND_KEYS: &'static [&'static str];
}

/// Says where a secret is: a map with one of the keys for it. Anything else in its place is a secret in plain text.
#[derive(Clone, Debug)]
pub struct Reference<T>(pub T);

/// Says whether there is a secret: `true` or `false`. Anything else in its place is a secret in plain text.
#[derive(Clone, Copy, Debug)]
pub struct Flag<T>(pub bool, PhantomData<T>);

/// Says whether there is a secret, or in a map what should become of it. Anything else in its place is a secret in plain text.
#[derive(Clone, Copy, Debug)]
pub enum FlagOr<T> {
    /// `true` or `false`.
    Flag(bool),
    /// The map.
    Is(T),
}

struct FlagOrVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FlagOrVisitor<T> {
    type Value = FlagOr<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("whether there is a secret")
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        bool::deserialize(deserializer).map(FlagOr::Flag)
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::deserialize(deserializer).map(FlagOr::Is)
    }
}

impl<'de, T: Deserialize<'de> + SecretMap> Deserialize<'de> for FlagOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(FLAG_OR, T::HINT_AND_KEYS, FlagOrVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for FlagOr<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("FlagOr{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let other = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [{ "type": "boolean" }, other] })
    }
}

impl<T: PlainTextHint> Flag<T> {
    /// Serde hands the deserializer a mark and a list of words; the hint is the only one.
    const HINTS: &'static [&'static str] = &[T::HINT];
}

struct ReferenceVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ReferenceVisitor<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a reference to a secret")
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

impl<'de, T: Deserialize<'de> + SecretMap> Deserialize<'de> for Reference<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(REFERENCE, T::HINT_AND_KEYS, ReferenceVisitor(PhantomData)).map(Self)
    }
}

impl<'de, T: PlainTextHint> Deserialize<'de> for Flag<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(FLAG, Self::HINTS, ReferenceVisitor(PhantomData)).map(|on| Self(on, PhantomData))
    }
}

schema_of_inner!(Reference);

/// Returns whether a node is a map with these keys only, and plain values.
pub(in crate::yaml) fn has_only(node: NodeRef<'_>, keys: &[&str]) -> bool {
    node.kind() == NodeKind::Map && node.entries().all(|(key, value)| keys.contains(&key.text()) && value.is_scalar())
}
