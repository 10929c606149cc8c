//! Feeds serde from a tree: scalars are text until a type asks for something else, and mistakes do not end the reading.

use std::fmt::Display;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::as_written::AS_WRITTEN;
use super::brackets;
use super::decoder::{Decoder, KeyAdvice};
use super::error::DecodeError;
use super::given::{EACH, GIVEN, OR_FALSE, TABLE};
use super::number;
use super::secret::{FLAG, FLAG_OR, REFERENCE, has_only};
use crate::yaml::core_type::CoreType;
use crate::yaml::finding::IN_PLAIN_TEXT;
use crate::yaml::problem::Problem;
use crate::yaml::secrets::is_yes_or_no;
use crate::yaml::silence::{is_silent, no_text, unfinished};
use crate::yaml::slip;
use crate::yaml::suggest::{one_of, suggest};
use crate::yaml::tree::{NodeKind, NodeRef};

/// A node about to be decoded.
#[derive(Clone, Copy)]
pub(super) struct NodeDeserializer<'t, 'c> {
    node: NodeRef<'t>,
    /// The key whose value it is, or is listed in; `None` where decoding began with it.
    key: Option<&'t str>,
    decoder: &'c Decoder,
    advice: &'c dyn KeyAdvice,
}

impl<'t, 'c> NodeDeserializer<'t, 'c> {
    /// Begins with a node; the advice is about keys that it does not have.
    pub(super) fn at(node: NodeRef<'t>, decoder: &'c Decoder, advice: &'c dyn KeyAdvice) -> Self {
        Self { node, key: None, decoder, advice }
    }

    fn wrong(self, wanted: &str, hint: &str) -> DecodeError {
        let found = match self.node.kind() {
            NodeKind::Plain if self.node.is_null() => "nothing",
            NodeKind::Plain if self.node.core_type() == CoreType::Number => "a number",
            NodeKind::Plain if self.node.core_type().is_flag() => "a yes or no",
            NodeKind::Plain | NodeKind::Quoted => "a text",
            NodeKind::List => "a list",
            NodeKind::Map => "a map",
        };
        DecodeError::new("wrong-type", self.node, Problem::new(format!("expected {wanted}, found {found}"), hint))
    }

    /// A secret in plain text; `hints` is what the type of its place says about it.
    fn in_plain_text(self, hints: &[&str]) -> DecodeError {
        let hint = hints.first().copied().unwrap_or_default();
        DecodeError::new(IN_PLAIN_TEXT, self.node, Problem::in_plain_text(hint))
    }

    /// The same place, with another node.
    fn inner(self, node: NodeRef<'t>, key: Option<&'t str>) -> Self {
        Self { node, key, ..self }
    }

    fn text(self) -> Result<&'t str, DecodeError> {
        if let Some(problem) = no_text(self.node, self.key) {
            return Err(DecodeError::new("no-value", self.node, problem));
        }
        if !self.node.is_scalar() || self.node.is_null() {
            return Err(self.wrong("a text", &brackets::text(self.node, self.decoder)));
        }
        Ok(self.node.text())
    }

    /// A text, or the text of a number.
    fn text_as_written(self) -> Result<&'t str, DecodeError> {
        match self.node.core_type() {
            CoreType::Number => Ok(self.node.text()),
            CoreType::Text | CoreType::Flag(_) | CoreType::Null => self.text(),
        }
    }

    fn number<N: std::str::FromStr>(self, most: impl Display) -> Result<N, DecodeError> {
        match number::whole(self.node) {
            Some(number) => Ok(number),
            None => Err(number::problem(self.node, most)
                .map_or_else(|hint| self.wrong("a whole number", hint), |problem| DecodeError::new("wrong-type", self.node, problem))),
        }
    }

    /// Refuses a text that would be a map if its first key were followed by a colon and a space.
    fn has_keys(self, keys: &[&str]) -> Result<(), DecodeError> {
        let Some(text) = self.node.plain() else { return Ok(()) };
        match slip::of_only_line(text, keys) {
            Some(slip) if self.decoder.may_be_secret(text) => {
                Err(DecodeError::new("wrong-type", self.node, Problem::with_secret(slip.message, slip.hint)))
            }
            Some(slip) => Err(DecodeError::new("wrong-type", self.node, Problem::new(slip.message, slip.hint))),
            None => Ok(()),
        }
    }

    fn list<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.node.kind() != NodeKind::List {
            let advised = brackets::list(self.node, self.decoder);
            return Err(self.wrong("a list", advised.as_deref().unwrap_or("write it as `[one, two]`")));
        }
        visitor.visit_seq(ItemList { items: self.node.children(), de: self })
    }

    fn map<V: Visitor<'t>>(self, fields: Option<&'static [&'static str]>, visitor: V) -> Result<V::Value, DecodeError> {
        if self.node.kind() != NodeKind::Map {
            self.has_keys(fields.unwrap_or_default())?;
            let advised = self.advice.value_of(self.key, self.node);
            let hint = advised.unwrap_or_else(|| match fields.map_or_else(String::new, some_keys) {
                keys if keys.is_empty() => "write `key: value` pairs".to_owned(),
                keys => format!("its keys are {keys}"),
            });
            return Err(self.wrong("a map", &hint));
        }
        visitor
            .visit_map(Map { entries: self.node.entries(), value: None, seen: Vec::new(), fields, de: self })
            .map_err(|e| e.at(self.node))
    }
}

/// The keys of a map where they are few, else the first of them.
fn some_keys(fields: &[&str]) -> String {
    let shown = if fields.len() <= 6 { fields.len() } else { 4 };
    let keys: Vec<String> = fields.iter().take(shown).map(|k| format!("`{k}:`")).collect();
    let more = if shown < fields.len() { ", …" } else { "" };
    format!("{}{more}", keys.join(", "))
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty),*) => {$(
        fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            visitor.$visit::<DecodeError>(self.number::<$type>(<$type>::MAX)?).map_err(|e| e.at(self.node))
        }
    )*};
}

impl<'t> Deserializer<'t> for NodeDeserializer<'t, '_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match (self.node.kind(), self.node.core_type()) {
            (NodeKind::Map, _) => self.map(None, visitor),
            (NodeKind::List, _) => self.list(visitor),
            (NodeKind::Plain | NodeKind::Quoted, CoreType::Flag(on)) => visitor.visit_bool(on),
            (NodeKind::Plain | NodeKind::Quoted, CoreType::Null) => visitor.visit_unit(),
            (NodeKind::Plain | NodeKind::Quoted, CoreType::Number | CoreType::Text) => visitor.visit_borrowed_str(self.node.text()),
        }
        .map_err(|e: DecodeError| e.at(self.node))
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.node.core_type() {
            CoreType::Flag(on) => visitor.visit_bool(on),
            CoreType::Null | CoreType::Number | CoreType::Text => {
                Err(self
                    .wrong("`true` or `false`", "write `true` or `false`, without quotes; `yes`, `no`, `on` and `off` are read as text"))
            }
        }
    }

    numbers!(
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    );

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_borrowed_str::<DecodeError>(self.text()?).map_err(|e| e.at(self.node))
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if !self.node.is_null() {
            return visitor.visit_some(self);
        }
        match self.key.and_then(|key| unfinished(self.node, key, self.advice.is_required(key))) {
            None => visitor.visit_none(),
            Some(problem) => Err(DecodeError::new("no-value", self.node, problem)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(self, name: &'static str, visitor: V) -> Result<V::Value, DecodeError> {
        let kind = self.node.kind();
        match name {
            GIVEN => visitor.visit_map(Wrapped { de: self, is_done: false }),
            EACH if kind == NodeKind::List => visitor.visit_u32(self.node.index()),
            TABLE if kind == NodeKind::Map => visitor.visit_u32(self.node.index()),
            EACH => {
                let advised = self.advice.value_of(self.key, self.node).or_else(|| brackets::list(self.node, self.decoder));
                let hint = advised.as_deref().unwrap_or("write it as `[one, two]`, or put each entry on its own line after a hyphen");
                Err(self.wrong("a list", hint))
            }
            TABLE => {
                self.has_keys(&[])?;
                let advised = self.advice.value_of(self.key, self.node);
                Err(self.wrong("a map", advised.as_deref().unwrap_or("write one entry per line, `name: …`, or `{}` if there are none")))
            }
            AS_WRITTEN => visitor.visit_borrowed_str::<DecodeError>(self.text_as_written()?).map_err(|e| e.at(self.node)),
            OR_FALSE if self.node.core_type() == CoreType::Flag(false) => {
                visitor.visit_bool::<DecodeError>(false).map_err(|e| e.at(self.node))
            }
            OR_FALSE if self.node.core_type() == CoreType::Flag(true) => {
                // A type that does not accept a text is a map, and its error names the keys.
                let key = self.key.unwrap_or_default();
                let hint = match (self.advice.value_of(self.key, self.node), visitor.visit_newtype_struct(self)) {
                    (Some(hint), _) => hint,
                    (None, Ok(_)) => "write a text, or `false`".to_owned(),
                    (None, Err(error)) => format!("write `{key}: {{ … }}`; {}", error.problem.hint),
                };
                Err(DecodeError::new("value", self.node, Problem::new("`true` is not enough", hint)))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.map(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match name {
            REFERENCE if !is_silent(self.node) && !self.decoder.says_where(self.node, fields) => Err(self.in_plain_text(fields)),
            FLAG_OR if has_only(self.node, fields) => visitor.visit_newtype_struct(self),
            FLAG | FLAG_OR if !is_yes_or_no(self.node) || (self.node.text().is_empty() && !is_silent(self.node)) => {
                Err(self.in_plain_text(fields))
            }
            FLAG_OR => visitor.visit_some(self),
            REFERENCE | FLAG => visitor.visit_newtype_struct(self),
            _ => self.map(Some(fields), visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let mut entries = self.node.entries();
        let (word, content) = match (entries.next(), entries.next()) {
            (Some((key, value)), None) => (key, Some(value)),
            (None, None) if self.node.is_scalar() && !self.node.is_null() => (self.node, None),
            (None | Some(_), None | Some(_)) => {
                let advised = self.advice.value_of(self.key, self.node);
                return Err(self.wrong(&format!("one of {}", one_of(words)), advised.as_deref().unwrap_or("choose one")));
            }
        };
        if !words.contains(&word.text()) {
            let what = if content.is_some() { "unknown key" } else { "invalid value" };
            let message = format!("{what} `{}`: expected {}", word.text(), one_of(words));
            let hint = self.advice.value_of(self.key, self.node).unwrap_or_else(|| suggest(word.text(), words));
            return Err(DecodeError::new("unknown-value", word, Problem::new(message, hint)));
        }
        visitor.visit_enum(Variant { word, content, de: self }).map_err(|e| e.at(self.node))
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { <V: Visitor<'t>> i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier }
}

/// A value that may be wrong: its node first, then the value, whose fault goes to the sink.
struct Wrapped<'t, 'c> {
    de: NodeDeserializer<'t, 'c>,
    is_done: bool,
}

impl<'t> MapAccess<'t> for Wrapped<'t, '_> {
    type Error = DecodeError;
    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        if std::mem::replace(&mut self.is_done, true) {
            return Ok(None);
        }
        seed.deserialize(self.de.node.index().into_deserializer()).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        seed.deserialize(self.de).map_err(|error| {
            self.de.decoder.push_error(error, self.de.node);
            de::Error::custom("")
        })
    }
}

struct ItemList<'t, 'c, I> {
    items: I,
    de: NodeDeserializer<'t, 'c>,
}

impl<'t, I: Iterator<Item = NodeRef<'t>>> SeqAccess<'t> for ItemList<'t, '_, I> {
    type Error = DecodeError;
    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        self.items.next().map(|node| seed.deserialize(self.de.inner(node, self.de.key))).transpose()
    }
}

struct Map<'t, 'c, I> {
    entries: I,
    value: Option<(NodeRef<'t>, NodeRef<'t>)>,
    seen: Vec<&'t str>,
    fields: Option<&'static [&'static str]>,
    de: NodeDeserializer<'t, 'c>,
}

impl<'t, I: Iterator<Item = (NodeRef<'t>, NodeRef<'t>)>> MapAccess<'t> for Map<'t, '_, I> {
    type Error = DecodeError;
    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        for (key, value) in self.entries.by_ref() {
            let word = key.text();
            if let Some(fields) = self.fields {
                if !fields.contains(&word) {
                    self.de.decoder.unknown_key((self.de.node, key), self.de.key, fields, self.de.advice);
                    continue;
                }
                // The second of two equal keys is in the sink already; serde would give the whole map up for it.
                if self.seen.contains(&word) {
                    continue;
                }
                self.seen.push(word);
            }
            self.value = Some((key, value));
            return seed.deserialize(de::value::BorrowedStrDeserializer::new(word)).map(Some);
        }
        Ok(None)
    }
    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        let (key, node) = self.value.take().unwrap_or((self.de.node, self.de.node));
        seed.deserialize(self.de.inner(node, Some(key.text()))).map_err(|e| e.at(node))
    }
}

struct Variant<'t, 'c> {
    word: NodeRef<'t>,
    content: Option<NodeRef<'t>>,
    de: NodeDeserializer<'t, 'c>,
}

impl<'t, 'c> EnumAccess<'t> for Variant<'t, 'c> {
    type Error = DecodeError;
    type Variant = VariantContent<'t, 'c>;
    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, Self::Variant), DecodeError> {
        let variant = seed.deserialize(de::value::BorrowedStrDeserializer::new(self.word.text()))?;
        Ok((variant, VariantContent { word: self.word, value: self.content, de: self.de }))
    }
}

struct VariantContent<'t, 'c> {
    word: NodeRef<'t>,
    value: Option<NodeRef<'t>>,
    de: NodeDeserializer<'t, 'c>,
}

impl<'t, 'c> VariantContent<'t, 'c> {
    fn inner(&self) -> Result<NodeDeserializer<'t, 'c>, DecodeError> {
        if let Some(node) = self.value {
            return Ok(self.de.inner(node, Some(self.word.text())));
        }
        let advised = self.de.advice.value_of(self.de.key, self.word);
        let hint = advised.unwrap_or_else(|| format!("write `{{ {}: … }}`", self.word.text()));
        Err(self.de.wrong("a map", &hint))
    }
}

impl<'t> VariantAccess<'t> for VariantContent<'t, '_> {
    type Error = DecodeError;
    fn unit_variant(self) -> Result<(), DecodeError> {
        match self.value {
            None => Ok(()),
            Some(_) => Err(self.de.wrong("a word", "write only the word")),
        }
    }
    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, seed: T) -> Result<T::Value, DecodeError> {
        seed.deserialize(self.inner()?)
    }
    fn tuple_variant<V: Visitor<'t>>(self, _len: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.inner()?.list(visitor)
    }
    fn struct_variant<V: Visitor<'t>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, DecodeError> {
        self.inner()?.map(Some(fields), visitor)
    }
}
