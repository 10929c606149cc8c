//! The rules of a catalog about fields.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::model::{Field, Kind};

/// Says that a key is not in the field table.
pub(super) fn not_a_field(key: &str) -> String {
    format!("`{key}` is not a field")
}

/// A platform's rules for its fields: each is looked up many times for every user.
#[derive(Debug, Deserialize)]
#[serde(try_from = "BTreeMap<String, FieldRule>")]
pub struct FieldRules {
    /// Those of the table, in the order of [`Field::ALL`].
    table: Vec<Option<FieldRule>>,
    /// Those that only this catalog has, sorted.
    own: Vec<(Field, FieldRule)>,
}

impl TryFrom<BTreeMap<String, FieldRule>> for FieldRules {
    type Error = String;

    fn try_from(mut rules: BTreeMap<String, FieldRule>) -> Result<Self, String> {
        let table = Field::ALL.into_iter().map(|field| rules.remove(field.key())).collect();
        let own = rules.into_iter().map(|(key, rule)| {
            let field = rule.kind.and_then(|kind| Field::own(&key, kind.kind()));
            field.map(|field| (field, rule)).ok_or_else(|| not_a_field(&key))
        });
        Ok(Self { table, own: own.collect::<Result<_, _>>()? })
    }
}

impl Serialize for FieldRules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(field, rule)| (field.key(), rule)))
    }
}

impl FieldRules {
    /// Returns the rules for a field; `None` if the platform does not have it.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&FieldRule> {
        match self.table.get(field.place()) {
            Some(rule) => rule.as_ref(),
            None => self.own.iter().find(|(own, _)| *own == field).map(|(_, rule)| rule),
        }
    }

    /// Lists the fields that the platform has, in reading order; its own come last.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &FieldRule)> {
        let table = Field::ALL.into_iter().zip(&self.table).filter_map(|(field, rule)| Some((field, rule.as_ref()?)));
        table.chain(self.own.iter().map(|(field, rule)| (*field, rule)))
    }
}

/// The kind of a field that only a roster's catalog has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OwnKind {
    /// The value is a text.
    Text,
    /// The value is one of the words under `allowed`.
    Choice,
    /// The value is `true` or `false`.
    Flag,
    /// The value is a list of texts whose order does not matter; under `allowed` are the only ones, if there are any.
    Set,
}

impl OwnKind {
    /// Returns whether its values are texts that nothing lists.
    #[must_use]
    pub const fn is_free(self) -> bool {
        match self {
            Self::Text => true,
            Self::Choice | Self::Flag | Self::Set => false,
        }
    }

    /// Returns the kind of the field's values.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Choice => Kind::Text,
            Self::Flag => Kind::Flag,
            Self::Set => Kind::Set,
        }
    }
}

/// The privilege that each switch grants, by the switch.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct SwitchPrivileges(Vec<(Field, String)>);

impl SwitchPrivileges {
    /// Each switch with the privilege that it grants.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &String)> {
        self.0.iter().map(|(field, privilege)| (*field, privilege))
    }

    /// The privileges that switches grant.
    pub fn values(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(_, privilege)| privilege)
    }
}

impl Serialize for SwitchPrivileges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(field, privilege)| (field.key(), privilege)))
    }
}

impl TryFrom<BTreeMap<String, String>> for SwitchPrivileges {
    type Error = String;

    fn try_from(privileges: BTreeMap<String, String>) -> Result<Self, String> {
        let switch = |(key, privilege): (String, String)| match Field::from_key(&key) {
            Some(field) if field.definition().kind == Kind::Flag => Ok((field, privilege)),
            Some(_) | None => Err(format!("`{key}` is not a switch")),
        };
        privileges.into_iter().map(switch).collect::<Result<_, _>>().map(Self)
    }
}

/// This is a field of users, with its label and its rules.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// The field's values are of this kind; only a field that rosterctl does not know has it.
    #[serde(default)]
    pub kind: Option<OwnKind>,
    /// Rosters of this platform use this key, if it is not the field's own.
    #[serde(default)]
    pub key: Option<String>,
    /// The product shows this label.
    #[serde(default)]
    pub label: Option<String>,
    /// Every user must have it.
    #[serde(default)]
    pub required: bool,
    /// This says who may change it.
    #[serde(default)]
    pub by: ChangedBy,
    /// This requirement says who may change it.
    #[serde(default)]
    pub member_source: Option<String>,
    /// An invitation may need it although it is optional in the roster (AR-3).
    #[serde(default)]
    pub expected_for_invitation: bool,
    /// It has at most this number of entries.
    #[serde(default)]
    pub most: Option<usize>,
    /// These are the only entries or texts allowed; all are if absent.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// This says why only some roles can have an entry, by entry.
    #[serde(default)]
    pub because: BTreeMap<String, String>,
    /// This is the value if it is not set.
    #[serde(default)]
    pub default: Option<bool>,
    /// This requirement or RFC section says so.
    #[serde(default)]
    pub source: Option<String>,
    /// The sources do not say so, and this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// Says who may change a field of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangedBy {
    /// The admin may change it.
    #[default]
    Admin,
    /// Only the member may change it; a change in the roster is refused.
    Member,
    /// The admin may change it until the member has confirmed it; after that the member's value is kept, and a difference is a warning.
    Suggestion,
    /// The admin may change it until the first login; after that a difference is a warning.
    BeforeAcceptance,
}

impl ChangedBy {
    /// Returns whether an admin may always change it.
    #[must_use]
    pub const fn is_admins(self) -> bool {
        match self {
            Self::Admin => true,
            Self::Member | Self::Suggestion | Self::BeforeAcceptance => false,
        }
    }

    /// Returns whether only the member may ever change it.
    #[must_use]
    pub const fn is_members(self) -> bool {
        match self {
            Self::Member => true,
            Self::Admin | Self::Suggestion | Self::BeforeAcceptance => false,
        }
    }

    /// Returns whether only the member may change it of an account that was accepted.
    #[must_use]
    pub const fn is_members_once_accepted(self) -> bool {
        match self {
            Self::Member | Self::Suggestion | Self::BeforeAcceptance => true,
            Self::Admin => false,
        }
    }

    /// Returns whether an admin sets it up for the first login, and not after it.
    #[must_use]
    pub const fn is_set_before_acceptance(self) -> bool {
        match self {
            Self::BeforeAcceptance => true,
            Self::Admin | Self::Member | Self::Suggestion => false,
        }
    }
}
