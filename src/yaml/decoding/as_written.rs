//! A text that people write without quotes also where YAML reads a number.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Visitor};

/// Marks a [`AsWritten`] for the deserializer.
pub(in crate::yaml) const AS_WRITTEN: &str = "$as-written";

/// A text as it is written, such as a phone number, an id or an amount: never the number that YAML reads.
#[derive(Clone, Debug)]
pub(crate) struct AsWritten(pub(crate) String);

impl AsRef<str> for AsWritten {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = String;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }
    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for AsWritten {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_WRITTEN, TextVisitor).map(Self)
    }
}

impl JsonSchema for AsWritten {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "AsWritten".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"] })
    }
}
