//! Recognizes secrets that people write in plain text by mistake; they are refused and never shown.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Visitor};

use super::given::schema_of_inner;
use crate::yaml::suggest::nearest;
use crate::yaml::tree::NodeRef;

/// Marks a [`Reference`] for the deserializer.
pub(in crate::yaml) const REFERENCE: &str = "$secret-reference";
/// Marks a [`Flag`] for the deserializer.
pub(in crate::yaml) const FLAG: &str = "$secret-flag";

/// What to do about a secret in plain text where this type is expected.
pub trait PlainTextHint {
    /// The hint.
    const HINT: &'static str;
}

/// Says where a secret is: a map. A text in its place is a secret in plain text.
#[derive(Clone, Debug)]
pub struct Reference<T>(pub T);

/// Says whether there is a secret: `true` or `false`. Anything else in its place is a secret in plain text.
#[derive(Clone, Copy, Debug)]
pub struct Flag<T>(pub bool, PhantomData<T>);

impl<T: PlainTextHint> Reference<T> {
    /// Serde hands the deserializer a mark and a list of words; the hint is the only one.
    const HINTS: &'static [&'static str] = &[T::HINT];
}

impl<T: PlainTextHint> Flag<T> {
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

impl<'de, T: Deserialize<'de> + PlainTextHint> Deserialize<'de> for Reference<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(REFERENCE, Self::HINTS, ReferenceVisitor(PhantomData)).map(Self)
    }
}

impl<'de, T: PlainTextHint> Deserialize<'de> for Flag<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(FLAG, Self::HINTS, ReferenceVisitor(PhantomData)).map(|on| Self(on, PhantomData))
    }
}

schema_of_inner!(Reference);

/// Whether a node can be the value of a [`Flag`], or at least is not a secret: `true`, `false`, and what people write for them.
pub(in crate::yaml) fn is_yes_or_no(node: NodeRef<'_>) -> bool {
    let words = ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    node.is_scalar() && words.contains(&node.text().to_lowercase().as_str())
}

/// Words for keys that hold secrets, or would: the value of what may be one of them is never shown.
#[derive(Clone, Copy, Debug)]
pub struct SecretWords(pub &'static [&'static str]);

impl SecretWords {
    /// Whether an unknown key may be meant for one that holds a secret.
    pub(in crate::yaml) fn may_be(self, word: &str) -> bool {
        // A word this short is not near any of them, and a hostile file may have very many.
        if word.len() < 3 {
            return false;
        }
        let word = word.to_lowercase().replace(['-', ' '], "_");
        self.0.iter().any(|key| word.contains(key)) || nearest(&word, self.0).is_some()
    }

    /// Where the value of a key that holds secrets begins in a line (in characters).
    pub(in crate::yaml) fn value_begins(self, line: &str) -> Option<usize> {
        let lower = line.to_lowercase();
        let key = self.0.iter().filter_map(|k| lower.find(k)).min()?;
        let colon = lower.get(key..)?.find(':')? + key;
        Some(lower.get(..=colon)?.chars().count())
    }
}
