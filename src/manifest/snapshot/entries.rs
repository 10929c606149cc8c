//! The types of a snapshot's document. The JSON Schema is generated from them, so editors show these comments.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::LazyLock;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value, json};

use super::row_status::RowStatus;
use crate::manifest::field_schema::flat_properties;
use crate::manifest::own_keys::{EntryKeys, OwnFields};
use crate::manifest::said::{SaidWords, flat_words};
use crate::manifest::scalars::{Address, LoginText, Slug, Time};
use crate::manifest::secret_entry::Passcode;
use crate::model::{BLOCKED, BlockReason, Standing, StepValue};
use crate::yaml::{Each, Flag, Given, OrFalse, Table};

/// The key of the standing.
pub(super) const STATUS: &str = StepValue::STATUS;
/// The key of a passcode.
pub(super) const PASSCODE: &str = StepValue::PASSCODE;

/// This is what a workspace's own list of users showed, as `rosterctl snapshot` writes it, and what people attest that they did since.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct SnapshotEntry {
    /// The list is of this workspace.
    #[schemars(example = &"glow-medspa")]
    pub(super) snapshot: Given<Slug>,
    /// The list was read from these files.
    pub(super) from: Given<Each<FromEntry>>,
    /// These tabs of the workspace's page were given.
    pub(super) tabs: Given<TabsEntry>,
    /// The list shows these fields; everything else is unknown, which is not empty.
    pub(super) shows: Given<Each<String>>,
    /// These are the users that the list shows, by login.
    pub(super) accounts: Given<Table<RowEntry>>,
    /// Earlier lists showed this of users who may have access, and of whom this list does not say whether they have.
    pub(super) earlier: Given<Table<EarlierEntry>>,
    /// People attest that they did these steps. They are kept for good.
    pub(super) attested: Given<Each<AttestedEntry>>,
}

/// The list was read from a file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct FromEntry {
    /// This is the name of the file.
    pub(super) file: Given<String>,
    /// This is the SHA-256 of its content in hex.
    pub(super) sha256: Given<String>,
}

/// These tabs of the page were given.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct TabsEntry {
    /// One list has every user, with the state in a column.
    pub(super) all: Given<TabEntry>,
    /// The list has the active users.
    pub(super) active: Given<TabEntry>,
    /// The list has the inactive users.
    pub(super) inactive: Given<TabEntry>,
    /// The list has the users who have not accepted their invitation.
    pub(super) pending: Given<TabEntry>,
    /// The list has the blocked users.
    pub(super) blocked: Given<TabEntry>,
}

/// One tab was taken from the page.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct TabEntry {
    /// This is the number of users that the page shows. If it is absent, nobody says that the tab is complete.
    pub(super) total: Given<u64>,
    /// The tab was taken from the page at this time.
    #[schemars(example = &"2026-11-27T17:05:00-07:00")]
    pub(super) taken: Given<Time>,
    /// This says whether a search or filter was on; it was not if absent.
    pub(super) filtered: Given<bool>,
}

/// One person attests that a step was done.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct AttestedEntry {
    /// This is the id of the step, 8 hex digits in quotes.
    #[schemars(example = &"3f9a1c22")]
    pub(super) id: Given<String>,
    /// The step was about this user, by login.
    pub(super) user: Given<LoginText>,
    /// This kind of change was made; `seen` says that somebody only looked.
    #[schemars(example = &"inactivate")]
    pub(super) change: Given<String>,
    /// These values are true since then.
    #[schemars(with = "SetEntry")]
    pub(super) set: Given<Table<SetEntry>>,
    /// This person did the step.
    pub(super) by: Given<String>,
    /// The step was done at this time.
    #[schemars(example = &"2026-11-27T17:40:00-07:00")]
    pub(super) at: Given<Time>,
    /// These are at least the first 12 hex digits of the digest of the plan that had the step.
    #[schemars(example = &"7f3c9ae10b52")]
    pub(super) plan: Given<String>,
    /// The person noted this.
    pub(super) note: Given<String>,
    /// A list has shown these values of `set` since; `rosterctl snapshot` writes them.
    #[schemars(example = &["status"])]
    pub(super) proved: Given<Each<String>>,
    /// A list has shown other values than these of `set` since, so the step was not done; `rosterctl snapshot` writes them.
    #[schemars(example = &["status"])]
    pub(super) contradicted: Given<Each<String>>,
    /// A later list has shown that the roster wants these of the contradicted values no longer; `rosterctl snapshot` writes them.
    #[schemars(example = &["status"])]
    pub(super) settled: Given<Each<String>>,
}

/// The facts that the list shows of one user. The keys of nested maps have dots here.
#[derive(Debug, Default)]
pub(in crate::manifest) struct RowEntry {
    pub(super) said: SaidWords,
    pub(super) email: Given<Option<Address>>,
    pub(super) status: Given<RowStatus>,
    pub(super) blocked: Given<bool>,
}

/// The facts that an earlier list showed of one user, and when. The keys of nested maps have dots here.
#[derive(Debug, Default)]
pub(in crate::manifest) struct EarlierEntry {
    pub(super) row: RowEntry,
    pub(super) taken: Given<Time>,
}

/// The values that a step leaves. The keys of nested maps have dots here.
#[derive(Debug, Default)]
pub(in crate::manifest) struct SetEntry {
    pub(super) said: SaidWords,
    pub(super) email: Given<Address>,
    pub(super) status: Given<Standing>,
    pub(super) blocked: Given<OrFalse<BlockReason>>,
    pub(super) passcode: Given<Flag<Passcode>>,
}

/// The key of an address.
pub(super) const EMAIL: &str = "email";
/// The key of the time at which a list was taken.
const TAKEN: &str = "taken";

/// A flat map of fields, with some keys of its own.
pub(super) trait FlatMap: Default {
    const OWN: &'static [&'static str];

    /// Its keys on every platform.
    fn keys() -> EntryKeys;

    /// Returns the values of fields.
    fn said(&mut self) -> &mut SaidWords;

    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

impl FlatMap for RowEntry {
    const OWN: &'static [&'static str] = &[EMAIL, STATUS, BLOCKED];

    fn keys() -> EntryKeys {
        &ROW_KEYS
    }

    fn said(&mut self) -> &mut SaidWords {
        &mut self.said
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            EMAIL => self.email = map.next_value()?,
            STATUS => self.status = map.next_value()?,
            BLOCKED => self.blocked = map.next_value()?,
            word => self.said.read_flat(word, map)?,
        }
        Ok(())
    }
}

impl FlatMap for EarlierEntry {
    const OWN: &'static [&'static str] = &[EMAIL, STATUS, BLOCKED, TAKEN];

    fn keys() -> EntryKeys {
        &EARLIER_KEYS
    }

    fn said(&mut self) -> &mut SaidWords {
        self.row.said()
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            TAKEN => self.taken = map.next_value()?,
            word => self.row.read(word, map)?,
        }
        Ok(())
    }
}

impl FlatMap for SetEntry {
    const OWN: &'static [&'static str] = &[EMAIL, STATUS, BLOCKED, PASSCODE];

    fn keys() -> EntryKeys {
        &SET_KEYS
    }

    fn said(&mut self) -> &mut SaidWords {
        &mut self.said
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            EMAIL => self.email = map.next_value()?,
            STATUS => self.status = map.next_value()?,
            BLOCKED => self.blocked = map.next_value()?,
            PASSCODE => self.passcode = map.next_value()?,
            word => self.said.read_flat(word, map)?,
        }
        Ok(())
    }
}

static ROW_KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| flat_words().chain(RowEntry::OWN.iter().copied()).collect());
static EARLIER_KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| flat_words().chain(EarlierEntry::OWN.iter().copied()).collect());
static SET_KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| flat_words().chain(SetEntry::OWN.iter().copied()).collect());

/// Reads a flat map with the fields that only its platform has.
pub(super) struct FlatSeed<'o, T> {
    own: &'o OwnFields,
    keys: EntryKeys,
    map: PhantomData<T>,
}

impl<'o, T: FlatMap> FlatSeed<'o, T> {
    /// Prepares to read maps of a platform.
    pub(super) fn new(own: &'o OwnFields) -> Self {
        Self { own, keys: own.with(T::keys()), map: PhantomData }
    }
}

impl<T> Clone for FlatSeed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for FlatSeed<'_, T> {}

impl<'de, T: FlatMap> DeserializeSeed<'de> for FlatSeed<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_struct("Fields", self.keys, self)
    }
}

impl<'de, T: FlatMap> Visitor<'de> for FlatSeed<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut entry = T::default();
        while let Some(key) = map.next_key::<String>()? {
            match self.own.named(&key) {
                Some(field) => entry.said().read_own(field, &mut map)?,
                None => entry.read(&key, &mut map)?,
            }
        }
        Ok(entry)
    }
}

/// The schema of a flat map: the fields of every platform, and some keys of its own; a roster's own platform can have more.
fn flat_schema(description: &str, own: Map<String, Value>) -> Schema {
    let mut properties = flat_properties();
    properties.extend(own);
    let map = json!({ "type": "object", "description": description, "properties": properties, "additionalProperties": true });
    map.as_object().cloned().unwrap_or_default().into()
}

fn email(generator: &mut SchemaGenerator) -> Value {
    json!({ "description": "The account has this address.", "allOf": [generator.subschema_for::<Address>()] })
}

fn status(generator: &mut SchemaGenerator) -> Value {
    json!({ "description": "The account is active, inactive or pending.", "anyOf": [generator.subschema_for::<Standing>()] })
}

fn row_status(generator: &mut SchemaGenerator) -> Value {
    let what = "The account is active, inactive, pending, or pending with an expired invitation.";
    json!({ "description": what, "anyOf": [generator.subschema_for::<RowStatus>()] })
}

impl JsonSchema for RowEntry {
    fn schema_name() -> Cow<'static, str> {
        "RowEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        flat_schema("This is what the list shows of one user; a field that is absent is unknown.", row_keys(generator))
    }
}

/// The keys of a row that are not fields of the platform.
fn row_keys(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let address = json!({ "anyOf": [email(generator), { "type": "null" }] });
    Map::from_iter([
        (EMAIL.to_owned(), address),
        (STATUS.to_owned(), row_status(generator)),
        (BLOCKED.to_owned(), json!({ "type": "boolean", "description": "This says whether the list marks the user as blocked." })),
    ])
}

impl JsonSchema for EarlierEntry {
    fn schema_name() -> Cow<'static, str> {
        "EarlierEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let time = generator.subschema_for::<Time>();
        let taken = json!({ "description": "That list was taken from the page at this time.", "allOf": [time] });
        let mut own = row_keys(generator);
        own.insert(TAKEN.to_owned(), taken);
        flat_schema("This is what an earlier list showed of one user.", own)
    }
}

impl JsonSchema for SetEntry {
    fn schema_name() -> Cow<'static, str> {
        "SetEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let reason = generator.subschema_for::<BlockReason>();
        let own = Map::from_iter([
            (EMAIL.to_owned(), email(generator)),
            (STATUS.to_owned(), status(generator)),
            (
                BLOCKED.to_owned(),
                json!({ "anyOf": [{ "const": false }, reason], "description": "The user is blocked for this reason, or is no longer blocked." }),
            ),
            (PASSCODE.to_owned(), json!({ "type": "boolean", "description": "The user has a passcode, which is never written here." })),
        ]);
        flat_schema("These values are true since the step.", own)
    }
}
