//! A user as YAML writes one, with the fields of all platforms; catalogs say which of them a platform has.

use std::fmt;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::model::{BlockReason, Field, Status};
use crate::platform::{Catalog, built_in};
use crate::yaml::{Each, Flag, Given, OrFalse, Reference};

use super::said::{self, Said};
use super::scalars::Address;
use super::secrets::{Passcode, SecretEntry};

/// One person's account. An absent key is not managed; `null` or `[]` is wanted empty.
#[derive(Debug, Default, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub(super) struct UserEntry {
    /// The account's id on the server; `import` writes it.
    pub(super) id: Given<String>,
    /// Addresses the account may still stand under, or once stood under.
    pub(super) formerly: Given<Each<Address>>,
    /// What it says of the fields of the table.
    #[schemars(skip)]
    pub(super) said: Said,
    /// The key of the employee record, or `external` for somebody from outside; found by name where absent.
    pub(super) employee: Given<String>,
    /// Whether a passcode is wanted; it is generated and shown once.
    #[schemars(with = "bool")]
    pub(super) passcode: Given<Flag<Passcode>>,
    /// Where a temporary first password is to be had.
    pub(super) initial_password: Given<Reference<SecretEntry>>,
    /// Active or inactive; active where absent.
    pub(super) status: Given<Status>,
    /// The block; `false` lifts it, absent leaves it alone.
    pub(super) blocked: Given<OrFalse<BlockEntry>>,
    /// Where the account stands.
    pub(super) state: Given<StateEntry>,
    /// The invitation of a pending account; open where absent.
    pub(super) invitation: Given<InvitationEntry>,
}

/// The keys that are an entry's own, besides those of the table; the latter stand before `employee`.
const OWN: [&str; 9] = ["id", "formerly", "employee", "passcode", "initial_password", "status", "blocked", "state", "invitation"];

/// Every key there is.
static KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let (first, rest) = OWN.split_at(2);
    first.iter().chain(said::words("")).chain(rest).copied().collect()
});

impl<'de> Deserialize<'de> for UserEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("UserEntry", &KEYS, UserVisitor)
    }
}

struct UserVisitor;

impl<'de> Visitor<'de> for UserVisitor {
    type Value = UserEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a user")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UserEntry, A::Error> {
        let mut entry = UserEntry::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "id" => entry.id = map.next_value()?,
                "formerly" => entry.formerly = map.next_value()?,
                "employee" => entry.employee = map.next_value()?,
                "passcode" => entry.passcode = map.next_value()?,
                "initial_password" => entry.initial_password = map.next_value()?,
                "status" => entry.status = map.next_value()?,
                "blocked" => entry.blocked = map.next_value()?,
                "state" => entry.state = map.next_value()?,
                "invitation" => entry.invitation = map.next_value()?,
                word => entry.said.read("", word, &mut map)?,
            }
        }
        Ok(entry)
    }
}

/// A block.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BlockEntry {
    /// Why.
    pub(super) reason: Given<BlockReason>,
    /// In words; needed with `other`.
    pub(super) note: Given<String>,
}

/// What is granted and revoked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PermissionsEntry {
    /// Granted besides what the type gives.
    pub(super) grant: Given<Each<String>>,
    /// Taken away from what the type gives.
    pub(super) revoke: Given<Each<String>>,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StateEntry {
    /// May sign in.
    Active,
    /// Invited, never accepted.
    Pending,
    /// Switched off, accepted before.
    Inactive,
    /// Switched off, never accepted.
    NeverAccepted,
}

/// The invitation of a pending account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum InvitationEntry {
    /// Its link can still be used.
    Open,
    /// Its time is over.
    Expired,
    /// A block or a withdrawal ended it.
    Killed,
    /// When it was sent and when its link dies, from the making of the workspace.
    Days(InvitationDays),
}

/// Days from the making of the workspace.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InvitationDays {
    /// Sent so many days before.
    pub(super) sent_days_ago: Given<u32>,
    /// Its link dies so many days after; a negative number: died so many days before.
    pub(super) expires_in_days: Given<i32>,
}

/// Which entry a user key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A user of a workspace.
    Workspace,
    /// An account of a start.
    Start,
}

/// The keys a user's entry may have on a platform.
pub(super) fn user_keys(catalog: &Catalog, of: Of) -> Vec<&str> {
    let mut keys = match of {
        Of::Workspace => vec!["id", "formerly", "status"],
        Of::Start => vec!["state", "invitation"],
    };
    for (field, _) in catalog.known_fields() {
        let key = catalog.yaml_key(field);
        if field != Field::Email && !key.contains('.') {
            keys.push(key);
        }
    }
    let switches = [
        ("blocked", catalog.blocking),
        ("passcode", catalog.passcode),
        ("initial_password", catalog.initial_password && of == Of::Workspace),
    ];
    keys.extend(switches.into_iter().filter_map(|(key, on)| on.then_some(key)));
    keys
}

/// The names of the platforms whose users may have a key.
pub(super) fn platforms_with(key: &str, of: Of) -> Vec<&'static str> {
    built_in().iter().map(|platform| platform.catalog()).filter(|c| user_keys(c, of).contains(&key)).map(|c| c.name.as_str()).collect()
}
