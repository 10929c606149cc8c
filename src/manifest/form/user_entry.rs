//! A user in the roster, with the fields of all platforms. Catalogs say which of them a platform has.

use std::fmt;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::model::{BlockReason, Field, Status};
use crate::platform::{Catalog, built_in};
use crate::yaml::{Each, FlagOr, Given, OrFalse, Reference};

use super::own_keys::{EntryKeys, OwnFields};
use crate::manifest::said::{self, SaidWords};
use crate::manifest::scalars::{Address, Id, RecordKey};
use crate::manifest::secret_entry::{PasscodeEntry, SecretEntry};

/// This is one person's account. An absent key is not managed; a written `null`, `[]` or `{}` clears the field.
#[derive(Debug, Default, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub(in crate::manifest) struct UserEntry {
    /// This is the account's id on the server, as `import` writes it.
    pub(in crate::manifest) id: Given<Id>,
    /// These are earlier addresses of the account; it may still have one of them.
    pub(in crate::manifest) formerly: Given<Each<Address>>,
    /// These are the values of the fields in the field table.
    #[schemars(skip)]
    pub(in crate::manifest) said: SaidWords,
    /// This is the key of the employee record, or `external` for somebody outside the practice. If absent, the record is found by name.
    pub(in crate::manifest) employee: Given<RecordKey>,
    /// This says whether the account should have a passcode. It is generated and shown once.
    pub(in crate::manifest) passcode: Given<FlagOr<PasscodeEntry>>,
    /// This says where to find the temporary first password.
    pub(in crate::manifest) initial_password: Given<Reference<SecretEntry>>,
    /// The user is active or inactive; it is `active` if absent.
    pub(in crate::manifest) status: Given<Status>,
    /// The user is blocked for this reason; `false` unblocks the account. If absent, an existing block is left as it is.
    pub(in crate::manifest) blocked: Given<OrFalse<BlockEntry>>,
    /// The account belongs to nobody in particular, such as a tablet at the front desk or an integration. It is not sent to any workspace.
    pub(in crate::manifest) service: Given<ServiceEntry>,
    /// The account has this state when the workspace is created.
    pub(in crate::manifest) state: Given<StateEntry>,
    /// A pending account has this invitation; it is open if absent.
    pub(in crate::manifest) invitation: Given<InvitationEntry>,
}

/// The entries that can have a key that is not in the field table.
#[derive(Clone, Copy)]
enum KeyOf {
    /// Every user of a workspace file: it says which account is meant.
    Identity,
    /// Every user of a workspace file.
    User,
    /// Every account of a start file.
    StartAccount,
    /// Every entry of a platform that has the field with this key.
    Field,
    /// Every entry for which the platform has what the key is about.
    Switch(fn(&Catalog, Of) -> bool),
}

impl KeyOf {
    /// Returns whether every entry of a document can have it, whatever the platform is.
    const fn is_of_all(self, of: Of) -> bool {
        match self {
            Self::Identity | Self::User => !of.is_start(),
            Self::StartAccount => of.is_start(),
            Self::Field | Self::Switch(_) => false,
        }
    }

    /// Returns whether the platform has what the key is about.
    fn is_switched_on(self, catalog: &Catalog, of: Of) -> bool {
        match self {
            Self::Switch(is_on) => is_on(catalog, of),
            Self::Identity | Self::User | Self::StartAccount | Self::Field => false,
        }
    }

    /// Returns whether it comes before the fields where all keys are listed.
    const fn is_first(self) -> bool {
        match self {
            Self::Identity => true,
            Self::User | Self::StartAccount | Self::Field | Self::Switch(_) => false,
        }
    }
}

/// `"key" => field, of;`
macro_rules! own_keys {
    ($($key:literal => $field:ident, $of:expr;)*) => {
        /// The keys of an entry that are not in the field table.
        const OWN: &[(&str, KeyOf)] = &[$(($key, $of)),*];

        impl UserEntry {
            /// Reads the value of a key, if it is one of these; returns whether it is.
            fn read_own<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
                match key {
                    $($key => self.$field = map.next_value()?,)*
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }
    };
}

own_keys! {
    "id" => id, KeyOf::Identity;
    "formerly" => formerly, KeyOf::Identity;
    "status" => status, KeyOf::User;
    "service" => service, KeyOf::User;
    "employee" => employee, KeyOf::Field;
    "blocked" => blocked, KeyOf::Switch(|catalog, _| catalog.states.blocked);
    "passcode" => passcode, KeyOf::Switch(|catalog, _| catalog.passcode);
    "initial_password" => initial_password, KeyOf::Switch(|catalog, of| catalog.initial_password && !of.is_start());
    "state" => state, KeyOf::StartAccount;
    "invitation" => invitation, KeyOf::StartAccount;
}

/// Lists the keys that every entry of a document can have besides its fields.
pub(in crate::manifest) fn keys_of_all(of: Of) -> impl Iterator<Item = &'static str> {
    OWN.iter().filter(move |(_, key_of)| key_of.is_of_all(of)).map(|(key, _)| *key)
}

/// Every key that an entry can have.
pub(in crate::manifest) static KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let own = |is_first| OWN.iter().filter(move |(_, of)| of.is_first() == is_first).map(|(key, _)| *key);
    own(true).chain(said::words("").iter().copied()).chain(own(false)).collect()
});

/// Returns whether a user can have the key besides the fields of the field table.
pub(in crate::manifest) fn is_reserved(key: &str) -> bool {
    KEYS.contains(&key)
}

/// Reads an entry with the fields that only its platform has.
#[derive(Clone, Copy)]
pub(in crate::manifest) struct UserSeed<'o> {
    pub(in crate::manifest) keys: EntryKeys,
    pub(in crate::manifest) own: &'o OwnFields,
}

impl<'de> DeserializeSeed<'de> for UserSeed<'_> {
    type Value = UserEntry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<UserEntry, D::Error> {
        deserializer.deserialize_struct("UserEntry", self.keys, self)
    }
}

impl<'de> Visitor<'de> for UserSeed<'_> {
    type Value = UserEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a user")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UserEntry, A::Error> {
        let mut entry = UserEntry::default();
        while let Some(key) = map.next_key::<&str>()? {
            if entry.read_own(key, &mut map)? {
                continue;
            }
            match self.own.named(key) {
                Some(field) => entry.said.read_own(field, &mut map)?,
                None => entry.said.read("", key, &mut map)?,
            }
        }
        Ok(entry)
    }
}

/// A block says why the user is blocked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct BlockEntry {
    /// The user is blocked for this reason.
    pub(in crate::manifest) reason: Given<BlockReason>,
    /// This explains the block; it is required if the reason is `other`.
    pub(in crate::manifest) note: Given<String>,
}

/// A service account has a person who answers for it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct ServiceEntry {
    /// This person answers for the account.
    pub(in crate::manifest) owner: Given<Address>,
}

/// An account has one of these states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum StateEntry {
    /// The user can sign in.
    Active,
    /// The user was invited and has not accepted.
    Pending,
    /// The account was inactivated after the user had accepted.
    Inactive,
    /// The account was inactivated before the user had accepted.
    NeverAccepted,
}

impl StateEntry {
    /// Returns whether the user was invited and has not accepted.
    pub(in crate::manifest) const fn is_pending(self) -> bool {
        match self {
            Self::Pending => true,
            Self::Active | Self::Inactive | Self::NeverAccepted => false,
        }
    }

    /// Returns whether the account was inactivated.
    pub(in crate::manifest) const fn is_inactive(self) -> bool {
        match self {
            Self::Inactive | Self::NeverAccepted => true,
            Self::Active | Self::Pending => false,
        }
    }

    /// Returns whether the user has accepted an invitation.
    pub(in crate::manifest) const fn is_accepted(self) -> bool {
        match self {
            Self::Active | Self::Inactive => true,
            Self::Pending | Self::NeverAccepted => false,
        }
    }
}

/// A pending account has an invitation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum InvitationEntry {
    /// The link can still be used.
    Open,
    /// The invitation has expired.
    Expired,
    /// The invitation was withdrawn, or ended by a block.
    Killed,
    /// The invitation was sent and expires at these times, counted from the creation of the workspace.
    Days(InvitationDays),
}

/// Days are counted from the creation of the workspace.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct InvitationDays {
    /// The invitation was sent this number of days before the creation.
    pub(in crate::manifest) sent_days_ago: Given<u32>,
    /// The link expires this number of days after the creation; the number is negative if it expired before.
    pub(in crate::manifest) expires_in_days: Given<i32>,
}

/// The kind of document that an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) enum Of {
    /// A user in a workspace file.
    Workspace,
    /// An account in a start file.
    Start,
}

impl Of {
    /// Returns whether it belongs to a start file.
    pub(in crate::manifest) const fn is_start(self) -> bool {
        match self {
            Self::Start => true,
            Self::Workspace => false,
        }
    }
}

/// Lists the keys that an entry can have on a platform.
pub(in crate::manifest) fn user_keys(catalog: &Catalog, of: Of) -> Vec<&str> {
    let fields = catalog.known_fields().filter(|(field, _)| *field != Field::Email).map(|(field, _)| catalog.yaml_key(field));
    let switches = OWN.iter().filter(|(_, key_of)| key_of.is_switched_on(catalog, of)).map(|(key, _)| *key);
    let mut keys: Vec<&str> = keys_of_all(of).collect();
    keys.extend(fields.filter(|key| !key.contains('.')));
    keys.extend(switches);
    keys
}

/// Lists the keys of a user that need a value on a platform, also those in a map of fields.
pub(in crate::manifest) fn required_keys(catalog: &Catalog) -> Vec<&str> {
    let fields = catalog.known_fields().filter(|(_, rule)| rule.required).map(|(field, _)| catalog.yaml_key(field));
    let in_maps = built_in().iter().flat_map(|platform| platform.required_in_maps()).filter(|field| catalog.field(**field).is_some());
    fields.chain(in_maps.filter_map(|field| field.key().rsplit('.').next())).collect()
}

/// Lists the names of the platforms whose users can have a key.
pub(in crate::manifest) fn platforms_with(key: &str, of: Of) -> Vec<&'static str> {
    built_in().iter().map(|platform| platform.catalog()).filter(|c| user_keys(c, of).contains(&key)).map(|c| c.name.as_str()).collect()
}
