//! The shape of a platform's catalog: vendor facts as data, each with its source.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Country, Field, Fields, Kind, ListWords};

use super::runbook::ClickPaths;

/// How many characters a temporary first password has (AR-10).
pub const FIRST_PASSWORD: std::ops::RangeInclusive<usize> = 8..=256;

/// What a platform has and allows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "a list of what a platform has, one switch each")]
pub struct Catalog {
    /// The key used in the roster.
    pub platform: String,
    /// The name that people use.
    pub name: String,
    /// The country whose national phone numbers are understood in workspaces that name none.
    #[serde(default)]
    pub country: Option<Country>,
    /// Whether users carry the practice extension on the wire; without it the platform is plain SCIM, and deleted accounts are gone.
    #[serde(default = "yes")]
    pub practice_extension: bool,
    /// Whether accounts belong to clinics.
    #[serde(default)]
    pub clinics: bool,
    /// Whether accounts belong to employee records (PBN-1).
    #[serde(default)]
    pub employees: bool,
    /// Whether an account can be blocked.
    #[serde(default)]
    pub blocking: bool,
    /// Whether an account can have a passcode (AR-11).
    #[serde(default)]
    pub passcode: bool,
    /// Whether a workspace may opt in to temporary first passwords (AR-10).
    #[serde(default)]
    pub initial_password: bool,
    /// The practice's code word (PBN-5); `None` if the platform has none.
    #[serde(default)]
    pub code_word: Option<CodeWord>,
    /// Whether accounts begin with an invitation; otherwise a new account is active immediately.
    #[serde(default)]
    pub invitations: bool,
    /// The requirement by which people new to the platform need details that other people's invitations can lack (AR-3); `None` if there
    /// are no such details.
    #[serde(default)]
    pub invitation_details: Option<String>,
    /// Whether roles can be added.
    #[serde(default)]
    pub custom_roles: bool,
    /// Whether any text is a role.
    #[serde(default)]
    pub open_roles: bool,
    /// Whether any text is a privilege.
    #[serde(default)]
    pub open_privileges: bool,
    /// Whether a workspace can exist without a main admin.
    #[serde(default)]
    pub main_admin_optional: bool,
    /// Which members a change of a role's default privileges affects.
    pub roles_reach: RolesReach,
    /// The privilege that makes an administrator; `None` if the platform has none.
    #[serde(default)]
    pub manages_users: Option<String>,
    /// The privilege that blocking and unblocking need; `None` if the platform cannot block accounts (AR-18).
    #[serde(default)]
    pub blocks_users: Option<String>,
    /// Who may change the login address.
    pub user_name_change: UserNameChange,
    /// Privileges that a switch grants, by the switch's field key.
    #[serde(default)]
    pub switch_privileges: SwitchPrivileges,
    /// Fields by key.
    pub fields: FieldRules,
    /// Privileges by name.
    pub privileges: BTreeMap<String, PrivilegeEntry>,
    /// The platform's own roles by key.
    pub roles: BTreeMap<String, CatalogRole>,
    /// How seats are counted.
    pub seats: Seats,
    /// Known prices.
    pub prices: Vec<Price>,
    /// The label of the login address in the product.
    #[serde(default = "email_label")]
    pub email_label: String,
    /// How a person makes each kind of change in the product.
    #[serde(default)]
    pub runbook: ClickPaths,
    /// The words of the platform's user list.
    #[serde(default)]
    pub list: ListWords,
}

fn email_label() -> String {
    "E-mail".to_owned()
}

/// A word that the whole practice shares and that no invitation contains.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeWord {
    /// What a person does with it after each invitation, in words.
    pub hand_over: String,
}

const fn yes() -> bool {
    true
}

/// Which members a change of a role's default privileges affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RolesReach {
    /// All members who have the role.
    AllHolders,
    /// Only members who get the role later; those who already have it keep their privileges.
    FutureHolders,
}

/// Who may change a field of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangedBy {
    /// The admin.
    #[default]
    Admin,
    /// Only the member; a change in the roster is refused.
    Member,
    /// The admin until the member has confirmed it; after that the member's value is kept, and a difference is a warning.
    Suggestion,
    /// The admin until the first login; after that a difference is a warning.
    BeforeAcceptance,
}

/// Who may change the login address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserNameChange {
    /// Who may change it.
    pub by: ChangedBy,
    /// The requirement.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the sources do not say, so that this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// A platform's rules for its fields, in the order of [`Field::ALL`]: each is looked up many times for every user.
#[derive(Debug, Deserialize)]
#[serde(try_from = "BTreeMap<String, FieldRule>")]
pub struct FieldRules(Vec<Option<FieldRule>>);

impl TryFrom<BTreeMap<String, FieldRule>> for FieldRules {
    type Error = String;

    fn try_from(mut rules: BTreeMap<String, FieldRule>) -> Result<Self, String> {
        let ordered = Field::ALL.into_iter().map(|field| rules.remove(field.key())).collect();
        match rules.pop_first() {
            None => Ok(Self(ordered)),
            Some((key, _)) => Err(format!("`{key}` is not a field")),
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

/// A platform's rules for one field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// The key used in rosters of this platform, if it is not the field's own.
    #[serde(default)]
    pub key: Option<String>,
    /// The label in the product.
    #[serde(default)]
    pub label: Option<String>,
    /// Whether every user must have it.
    #[serde(default)]
    pub required: bool,
    /// Who may change it.
    #[serde(default)]
    pub by: ChangedBy,
    /// The requirement that says who may change it.
    #[serde(default)]
    pub member_source: Option<String>,
    /// Whether an invitation may need it although it is optional in the roster (AR-3).
    #[serde(default)]
    pub expected_for_invitation: bool,
    /// The maximum number of entries.
    #[serde(default)]
    pub most: Option<usize>,
    /// The only entries or texts allowed; all are if absent.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// Why only some roles can have an entry, by entry.
    #[serde(default)]
    pub because: BTreeMap<String, String>,
    /// The value if it is not set.
    #[serde(default)]
    pub default: Option<bool>,
    /// The requirement or RFC section.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the sources do not say, so that this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// A privilege.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivilegeEntry {
    /// The name that people see; the key if absent.
    #[serde(default)]
    pub name: Option<String>,
    /// The requirement.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the sources do not say, so that this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// A built-in role of the platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogRole {
    /// The name that people see.
    pub name: String,
    /// Its default privileges.
    pub privileges: BTreeSet<String>,
    /// Who can give it to somebody.
    #[serde(default)]
    pub given_by: GivenBy,
    /// The requirement.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the sources do not say, so that this is an assumption.
    #[serde(default)]
    pub assumed: bool,
    /// Whether the source can be read in more than one way.
    #[serde(default)]
    pub ambiguous: bool,
}

/// Who can give a role to somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GivenBy {
    /// Everybody who manages users.
    #[default]
    Admin,
    /// Only its owners: those who have the role themselves.
    Owner,
}

/// How seats are counted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seats {
    /// By the subscription's plan, by role, or by account.
    pub by: SeatsBy,
    /// The kinds of seats, which `subscription.prices` can name.
    pub kinds: Vec<String>,
}

/// How seats are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeatsBy {
    /// All seats are of one kind, at the price of the subscription's plan.
    Plan,
    /// Each role is a separate kind.
    Role,
    /// All seats are of one kind.
    Account,
}

/// A price per seat and month.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The kind of seat, or the subscription's plan.
    pub kind: String,
    /// US cents a month.
    pub cents: i64,
    /// The requirement.
    pub source: String,
    /// The day it was published or read.
    pub as_of: jiff::civil::Date,
}

impl Catalog {
    /// Returns the platform's rules for a field; `None` if it does not have the field.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<&FieldRule> {
        self.fields.0.get(field as usize)?.as_ref()
    }

    /// Returns the key of a field in rosters of this platform.
    #[must_use]
    pub fn yaml_key(&self, field: Field) -> &str {
        self.field(field).and_then(|rule| rule.key.as_deref()).unwrap_or_else(|| field.key())
    }

    /// Lists the fields that the platform has, in reading order.
    pub fn known_fields(&self) -> impl Iterator<Item = (Field, &FieldRule)> {
        Field::ALL.into_iter().zip(&self.fields.0).filter_map(|(field, rule)| Some((field, rule.as_ref()?)))
    }

    /// Lists the details that somebody new on the platform needs to accept an invitation and that are missing (AR-2, AR-3).
    #[must_use]
    pub fn missing_details(&self, fields: &Fields) -> Vec<Field> {
        let missing = |field: Field| fields.get(field).is_none_or(|value| value.is_empty());
        self.known_fields().filter(|(field, rule)| rule.expected_for_invitation && missing(*field)).map(|(field, _)| field).collect()
    }

    /// Returns the catalog's spelling of a privilege; names are compared case-insensitively (CHR-6). `None` if it is unknown.
    #[must_use]
    pub fn privilege<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        if self.open_privileges {
            return Some(name);
        }
        if let Some((known, _)) = self.privileges.get_key_value(name) {
            return Some(known);
        }
        self.privileges.keys().find(|known| known.eq_ignore_ascii_case(name)).map(String::as_str)
    }

    /// Returns the newest monthly price of a kind of seat (US cents); `None` if none is published.
    #[must_use]
    pub fn price(&self, kind: &str) -> Option<&Price> {
        self.prices.iter().filter(|p| p.kind == kind).max_by_key(|p| p.as_of)
    }
}
