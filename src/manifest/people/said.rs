//! Reads the fields of the field table from an entry, key by key, in the form that each row describes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::model::{Field, GROUPS, Kind};
use crate::yaml::{Each, Given, GivenSeed, OptionBy, OrFalse, OrFalseBy, Table};

/// The words of a map, with the value of each.
#[derive(Debug, Default)]
pub(in crate::manifest) struct SaidWords(pub(in crate::manifest) Vec<(&'static Word, Behind)>);

/// A word of a map, with everything that reading it needs: most words are met once for every user.
#[derive(Debug)]
pub(in crate::manifest) struct Word {
    /// The word as it is written.
    pub(in crate::manifest) name: &'static str,
    /// The key, with the keys of the maps around the word in front.
    pub(in crate::manifest) key: String,
    /// The field that the key writes, and whether it is the key that only some platforms use.
    pub(in crate::manifest) field: Option<(Field, bool)>,
    /// The map of other fields that is the value of the word.
    group: Option<&'static str>,
}

impl Word {
    fn new(map: &str, name: &'static str) -> Self {
        let key = key(map, name);
        let group = GROUPS.iter().find_map(|group| group.key.filter(|name| *name == key));
        Self { name, field: field(&key), group, key }
    }

    /// The word of a field that only one platform has.
    pub(in crate::manifest) fn own(field: Field) -> Self {
        Self { name: field.key(), key: field.key().to_owned(), field: Some((field, false)), group: None }
    }
}

/// The words of one map.
#[derive(Debug, Default)]
struct Vocabulary {
    names: Vec<&'static str>,
    words: Vec<Word>,
}

impl Vocabulary {
    fn find(&self, name: &str) -> Option<&Word> {
        self.words.iter().find(|word| word.name == name)
    }
}

/// The value of a word; `None` in it is a written `null`.
#[derive(Debug)]
pub(in crate::manifest) enum Behind {
    /// A text.
    Text(Given<Option<String>>),
    /// A text, or `false`.
    TextOrNo(Given<Option<OrFalse<String>>>),
    /// A switch.
    Flag(Given<Option<bool>>),
    /// A whole number.
    Number(Given<Option<i64>>),
    /// Texts.
    Texts(Given<Option<Each<String>>>),
    /// Names, each switched on or off.
    Switches(Given<Option<Table<bool>>>),
    /// Names that are granted, and names that are revoked.
    Changes(Given<Option<PermissionsEntry>>),
    /// `false`, or the settings of a switch that is on.
    Switch(Given<Option<OrFalse<SaidWords>>>),
    /// A map of fields.
    Group(Given<Option<SaidWords>>),
}

/// The words of every map of fields, by the key of the map; the entry itself has an empty key.
static WORDS: LazyLock<BTreeMap<&'static str, Vocabulary>> = LazyLock::new(|| {
    let mut maps: BTreeMap<&str, Vocabulary> = BTreeMap::new();
    for definition in Field::ALL.into_iter().filter(|field| !IS_READ_ELSEWHERE.contains(field)).map(Field::definition) {
        for key in [Some(definition.key), definition.also.map(|(key, _)| key)].into_iter().flatten() {
            let mut whole = key;
            loop {
                let (map, name) = whole.rsplit_once('.').unwrap_or(("", whole));
                let here = maps.entry(map).or_default();
                if !here.names.contains(&name) {
                    here.names.push(name);
                    here.words.push(Word::new(map, name));
                }
                if map.is_empty() {
                    break;
                }
                whole = map;
            }
        }
    }
    maps
});

/// The words of a flat map.
static FLAT: LazyLock<Vocabulary> = LazyLock::new(|| {
    let names: Vec<&str> = flat_words().collect();
    Vocabulary { words: names.iter().map(|name| Word::new("", name)).collect(), names }
});

/// The login is the key of the entry, and the employee record is a link.
pub(in crate::manifest) const IS_READ_ELSEWHERE: [Field; 2] = [Field::Email, Field::Employee];

/// The words that a map of fields can have.
pub(in crate::manifest) fn words(map: &str) -> &'static [&'static str] {
    WORDS.get(map).map_or(&[], |map| &map.names)
}

/// The key of a word in a map.
pub(in crate::manifest) fn key(map: &str, word: &str) -> String {
    if map.is_empty() { word.to_owned() } else { format!("{map}.{word}") }
}

/// The field that a key writes, and whether it is the key that only some platforms use.
pub(in crate::manifest) fn field(key: &str) -> Option<(Field, bool)> {
    Field::ALL.into_iter().find_map(|field| {
        let definition = field.definition();
        let is_other = definition.also.is_some_and(|(other, _)| other == key);
        (definition.key == key || is_other).then_some((field, is_other))
    })
}

/// Reads the value of a field that is not a map of others.
fn behind<'de, A: MapAccess<'de>>(field: Field, is_other: bool, values: &mut A) -> Result<Behind, A::Error> {
    Ok(match field.definition().kind {
        Kind::Text => Behind::Text(values.next_value()?),
        Kind::TextOrNo => Behind::TextOrNo(values.next_value()?),
        Kind::Flag => Behind::Flag(values.next_value()?),
        Kind::Number => Behind::Number(values.next_value()?),
        Kind::List | Kind::Set => Behind::Texts(values.next_value()?),
        Kind::Changes if is_other => Behind::Changes(values.next_value()?),
        Kind::Changes => Behind::Switches(values.next_value()?),
    })
}

/// The keys of all fields in a flat map, except the address.
pub(in crate::manifest) fn flat_words() -> impl Iterator<Item = &'static str> {
    Field::ALL
        .into_iter()
        .filter(|field| *field != Field::Email)
        .map(Field::definition)
        .flat_map(|row| [Some(row.key), row.also.map(|(key, _)| key)])
        .flatten()
}

impl SaidWords {
    /// Reads the value of a word of a map.
    pub(in crate::manifest) fn read<'de, A: MapAccess<'de>>(&mut self, map: &str, word: &str, values: &mut A) -> Result<(), A::Error> {
        let Some(word) = WORDS.get(map).and_then(|map| map.find(word)) else {
            return values.next_value::<IgnoredAny>().map(drop);
        };
        let behind = match (word.field, word.group) {
            (None, None) => return values.next_value::<IgnoredAny>().map(drop),
            (None, Some(map)) => Behind::Group(values.next_value_seed(GivenSeed(OptionBy(WordsVisitor { map })))?),
            (Some(_), Some(map)) => Behind::Switch(values.next_value_seed(GivenSeed(OptionBy(OrFalseBy(WordsVisitor { map }))))?),
            (Some((field, is_other)), None) => behind(field, is_other, values)?,
        };
        self.0.push((word, behind));
        Ok(())
    }

    /// Reads the value of the key of a field that only the platform has.
    pub(in crate::manifest) fn read_own<'de, A: MapAccess<'de>>(&mut self, word: &'static Word, values: &mut A) -> Result<(), A::Error> {
        let Some((field, is_other)) = word.field else { return values.next_value::<IgnoredAny>().map(drop) };
        let behind = behind(field, is_other, values)?;
        self.0.push((word, behind));
        Ok(())
    }

    /// Reads the value of the key of a field in a flat map: the keys of nested maps have dots there.
    pub(in crate::manifest) fn read_flat<'de, A: MapAccess<'de>>(&mut self, word: &str, values: &mut A) -> Result<(), A::Error> {
        let Some((word, (field, is_other))) = FLAT.find(word).and_then(|word| Some((word, word.field?))) else {
            return values.next_value::<IgnoredAny>().map(drop);
        };
        let behind = behind(field, is_other, values)?;
        self.0.push((word, behind));
        Ok(())
    }
}

/// Reads a map of fields.
struct WordsVisitor {
    map: &'static str,
}

impl<'de> DeserializeSeed<'de> for WordsVisitor {
    type Value = SaidWords;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<SaidWords, D::Error> {
        deserializer.deserialize_struct("Fields", words(self.map), self)
    }
}

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = SaidWords;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<SaidWords, A::Error> {
        let mut said = SaidWords::default();
        while let Some(word) = values.next_key::<&str>()? {
            said.read(self.map, word, &mut values)?;
        }
        Ok(said)
    }
}

/// Privileges to grant and to revoke.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct PermissionsEntry {
    /// These permissions are granted in addition to those of the type.
    pub(in crate::manifest) grant: Given<Each<String>>,
    /// These permissions of the type are revoked.
    pub(in crate::manifest) revoke: Given<Each<String>>,
}
