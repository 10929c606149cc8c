//! Feeds serde from a tree: scalars are text until a type asks for something else, and mistakes do not end the reading.

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::context::{Context, Fault};
use super::given::{GIVEN, LATER, OR_FALSE};
use super::keys;
use super::tree::{Kind, NodeRef};

/// A node about to be decoded.
#[derive(Clone, Copy)]
pub(crate) struct De<'t, 'c> {
    pub(crate) node: NodeRef<'t>,
    pub(crate) context: &'c Context,
}

impl<'t, 'c> De<'t, 'c> {
    fn wrong(self, wanted: &str, hint: &str) -> Fault {
        let found = match self.node.kind() {
            Kind::Plain if self.node.is_null() => "nothing",
            Kind::Plain | Kind::Quoted => "a text",
            Kind::List => "a list",
            Kind::Map => "a map",
        };
        Fault::new("wrong-type", self.node, format!("{wanted} is wanted here, this is {found}"), hint)
    }

    fn in_clear(self, hint: &str) -> Fault {
        let mut fault = Fault::new("secret-in-clear", self.node, "a secret stands here in clear", hint);
        fault.secret = true;
        fault
    }

    fn text(self) -> Result<&'t str, Fault> {
        if !self.node.is_scalar() || self.node.is_null() {
            return Err(self.wrong("a text", "write the text behind the key; put it in quotes where it holds `: ` or ` #`"));
        }
        Ok(self.node.text())
    }

    fn number<N: std::str::FromStr>(self) -> Result<N, Fault> {
        let text = self.node.text();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        if self.node.kind() == Kind::Plain
            && plain
            && let Ok(number) = text.parse()
        {
            return Ok(number);
        }
        Err(self.wrong("a whole number", "write digits only, without quotes and leading zeros"))
    }

    fn list<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.node.kind() != Kind::List {
            return Err(self.wrong("a list", "write it as `[one, two]`"));
        }
        visitor.visit_seq(List { items: self.node.children(), context: self.context })
    }

    fn map<V: Visitor<'t>>(self, fields: Option<(&'c str, &'static [&'static str])>, visitor: V) -> Result<V::Value, Fault> {
        if self.node.kind() != Kind::Map {
            let keys = fields.map_or_else(String::new, |(_, f)| some_keys(f));
            return Err(
                self.wrong("a map", &if keys.is_empty() { "write `key: value` pairs".to_owned() } else { format!("its keys are {keys}") })
            );
        }
        visitor
            .visit_map(Map { entries: self.node.entries(), value: None, seen: Vec::new(), fields, de: self })
            .map_err(|f| f.here(self.node))
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
        fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit::<Fault>(self.number::<$type>()?).map_err(|f| f.here(self.node))
        }
    )*};
}

impl<'t> Deserializer<'t> for De<'t, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        match (self.node.kind(), self.node.text()) {
            (Kind::Map, _) => self.map(None, visitor),
            (Kind::List, _) => self.list(visitor),
            (Kind::Plain, "true") => visitor.visit_bool(true),
            (Kind::Plain, "false") => visitor.visit_bool(false),
            (Kind::Plain, _) if self.node.is_null() => visitor.visit_unit(),
            (_, text) => visitor.visit_borrowed_str(text),
        }
        .map_err(|f: Fault| f.here(self.node))
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        match (self.node.kind(), self.node.text()) {
            (Kind::Plain, "true") => visitor.visit_bool(true),
            (Kind::Plain, "false") => visitor.visit_bool(false),
            _ => Err(self.wrong("`true` or `false`", "write `true` or `false`, without quotes; `yes`, `no`, `on` and `off` are texts")),
        }
    }

    numbers!(
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    );

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str::<Fault>(self.text()?).map_err(|f| f.here(self.node))
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        match name {
            GIVEN => visitor.visit_map(Wrapped { de: self, told: false }),
            OR_FALSE if self.node.kind() == Kind::Plain && self.node.text() == "false" => {
                visitor.visit_bool::<Fault>(false).map_err(|f| f.here(self.node))
            }
            OR_FALSE if self.node.kind() == Kind::Plain && self.node.text() == "true" => {
                // What refuses to be a text is a map, and its refusal names the keys; the one text beside `false` is an address.
                let hint = match visitor.visit_newtype_struct(self) {
                    Ok(_) => "write `false`, or the address".to_owned(),
                    Err(fault) => format!("write `false`, or a map: {}", fault.hint),
                };
                Err(Fault::new("value", self.node, "`true` says too little", hint))
            }
            _ if keys::is_passcode(name) && !(self.node.is_scalar() && keys::is_yes_or_no(self.node.text())) => {
                Err(self.in_clear(keys::PASSCODE_HINT))
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'t>>(self, name: &'static str, len: usize, visitor: V) -> Result<V::Value, Fault> {
        match (name, len, self.node.kind()) {
            (LATER, 1, Kind::List) | (LATER, 2, Kind::Map) => visitor.visit_u32(self.node.index()),
            (LATER, 1, _) => Err(self.wrong("a list", "write it as `[one, two]`, or one entry a line, each after a hyphen")),
            (LATER, _, _) => Err(self.wrong("a map", "write one entry a line, `name: …`; `{}` where there is none")),
            _ => self.list(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.map(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.map(Some((name, fields)), visitor)
    }

    fn deserialize_enum<V: Visitor<'t>>(self, name: &'static str, words: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        let mut entries = self.node.entries();
        let (word, content) = match (self.node.kind(), entries.next(), entries.next()) {
            (Kind::Map, Some((key, value)), None) => (key, Some(value)),
            (Kind::Plain | Kind::Quoted, ..) if keys::is_secret(name) && !self.node.is_null() => {
                return Err(self.in_clear(keys::SECRET_HINT));
            }
            (Kind::Plain | Kind::Quoted, ..) if !self.node.is_null() => (self.node, None),
            _ => return Err(self.wrong(&format!("one of {}", keys::list(words)), "choose one")),
        };
        if !words.contains(&word.text()) {
            let message = format!("`{}` is none of {}", word.text(), keys::list(words));
            return Err(Fault::new("unknown-value", word, message, keys::suggest(word.text(), words)));
        }
        visitor.visit_enum(Variant { word, content, de: self }).map_err(|f| f.here(self.node))
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { <V: Visitor<'t>> i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple identifier }
}

/// A value that may be wrong: its node first, then the value, whose fault goes to the sink.
struct Wrapped<'t, 'c> {
    de: De<'t, 'c>,
    told: bool,
}

impl<'t> MapAccess<'t> for Wrapped<'t, '_> {
    type Error = Fault;
    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        if std::mem::replace(&mut self.told, true) {
            return Ok(None);
        }
        seed.deserialize(self.de.node.index().into_deserializer()).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        seed.deserialize(self.de).map_err(|fault| {
            self.de.context.push(fault.finding(self.de.node));
            de::Error::custom("")
        })
    }
}

struct List<'c, I> {
    items: I,
    context: &'c Context,
}

impl<'t, I: Iterator<Item = NodeRef<'t>>> SeqAccess<'t> for List<'_, I> {
    type Error = Fault;
    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.items.next().map(|node| seed.deserialize(De { node, context: self.context })).transpose()
    }
}

struct Map<'t, 'c, I> {
    entries: I,
    value: Option<NodeRef<'t>>,
    seen: Vec<&'t str>,
    fields: Option<(&'c str, &'static [&'static str])>,
    de: De<'t, 'c>,
}

impl<'t, I: Iterator<Item = (NodeRef<'t>, NodeRef<'t>)>> MapAccess<'t> for Map<'t, '_, I> {
    type Error = Fault;
    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        for (key, value) in self.entries.by_ref() {
            let word = key.text();
            if let Some((name, fields)) = self.fields {
                if !fields.contains(&word) {
                    self.de.context.unknown_key(key, name, fields);
                    continue;
                }
                // The second of two equal keys is in the sink already; serde would give the whole map up for it.
                if self.seen.contains(&word) {
                    continue;
                }
                self.seen.push(word);
            }
            self.value = Some(value);
            return seed.deserialize(de::value::BorrowedStrDeserializer::new(word)).map(Some);
        }
        Ok(None)
    }
    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let node = self.value.take().unwrap_or(self.de.node);
        seed.deserialize(De { node, context: self.de.context }).map_err(|f| f.here(node))
    }
}

struct Variant<'t, 'c> {
    word: NodeRef<'t>,
    content: Option<NodeRef<'t>>,
    de: De<'t, 'c>,
}

impl<'t, 'c> EnumAccess<'t> for Variant<'t, 'c> {
    type Error = Fault;
    type Variant = Content<'t, 'c>;
    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, Self::Variant), Fault> {
        let variant = seed.deserialize(de::value::BorrowedStrDeserializer::new(self.word.text()))?;
        Ok((variant, Content { content: self.content, de: self.de }))
    }
}

struct Content<'t, 'c> {
    content: Option<NodeRef<'t>>,
    de: De<'t, 'c>,
}

impl<'t, 'c> Content<'t, 'c> {
    fn inner(&self) -> Result<De<'t, 'c>, Fault> {
        match self.content {
            Some(node) => Ok(De { node, context: self.de.context }),
            None => Err(self.de.wrong("a map", "write it as `{ key: … }`")),
        }
    }
}

impl<'t> VariantAccess<'t> for Content<'t, '_> {
    type Error = Fault;
    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(self.de.wrong("a word", "write the word alone")),
        }
    }
    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.inner()?)
    }
    fn tuple_variant<V: Visitor<'t>>(self, _len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.inner()?.list(visitor)
    }
    fn struct_variant<V: Visitor<'t>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        self.inner()?.map(Some(("", fields)), visitor)
    }
}
