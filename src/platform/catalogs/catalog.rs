//! The shape of a platform's catalog: vendor facts as data, each with its source.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::model::{Action, Country, Field, Fields, ListWords, Source, Topic};

use super::field_rules::{ChangedBy, FieldRule, FieldRules, SwitchPrivileges};
use super::member_rules::MemberRules;
use super::needed_colleague::NeededColleague;
use super::runbook::{ClickPath, ClickPaths};
use super::seats::Seats;
use super::states::States;

/// The number of characters of a temporary first password (AR-10).
pub const FIRST_PASSWORD: std::ops::RangeInclusive<usize> = 8..=256;

/// The features and rules of a platform.
#[derive(Debug, Serialize, Deserialize)]
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
    /// Says whether users carry the practice extension on the wire; without it the platform is plain SCIM, and deleted accounts are gone.
    #[serde(default = "yes")]
    pub practice_extension: bool,
    /// Says whether accounts belong to clinics.
    #[serde(default)]
    pub clinics: bool,
    /// Says whether accounts belong to employee records (PBN-1).
    #[serde(default)]
    pub employees: bool,
    /// Says whether an account can have a passcode (AR-11).
    #[serde(default)]
    pub passcode: bool,
    /// Says whether a workspace may opt in to temporary first passwords (AR-10).
    #[serde(default)]
    pub initial_password: bool,
    /// The practice's code word (PBN-5); `None` if the platform has none.
    #[serde(default)]
    pub code_word: Option<CodeWord>,
    /// The states that an account can have.
    #[serde(default)]
    pub states: States,
    /// The requirement by which people new to the platform need details that other people's invitations can lack (AR-3); `None` if nobody
    /// does.
    #[serde(default)]
    pub invitation_details: Option<String>,
    /// The numbers of the vendor's requirements, by what they are about.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requirements: BTreeMap<Topic, String>,
    /// The sentences about colleagues whom others need; `None` if nobody needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_colleague: Option<NeededColleague>,
    /// Says whether roles can be added.
    #[serde(default)]
    pub custom_roles: bool,
    /// Says whether any text is a role.
    #[serde(default)]
    pub open_roles: bool,
    /// Says whether any text is a privilege.
    #[serde(default)]
    pub open_privileges: bool,
    /// Says whether a workspace can exist without a main admin.
    #[serde(default)]
    pub main_admin_optional: bool,
    /// The members whom a change of a role's default privileges affects.
    pub roles_reach: RolesReach,
    /// The roles that make an administrator, where the catalog names no privilege that does.
    #[serde(default)]
    pub administrators: Option<Administrators>,
    /// The rules by which members sign up and sign in; `None` if nobody signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<MemberRules>,
    /// Says whether a roster brings the catalog.
    #[serde(default)]
    pub is_own: bool,
    /// The privilege that makes an administrator; `None` if the platform has none.
    #[serde(default)]
    pub manages_users: Option<String>,
    /// The privilege that blocking and unblocking need; `None` if the platform cannot block accounts (AR-18).
    #[serde(default)]
    pub blocks_users: Option<String>,
    /// The people who may change the login address.
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
    /// Says how seats are counted.
    pub seats: Seats,
    /// Known prices.
    pub prices: Vec<Price>,
    /// The label of the login address in the product.
    #[serde(default = "Catalog::usual_email_label")]
    pub email_label: String,
    /// The way in which a person makes each kind of change in the product.
    #[serde(default)]
    pub runbook: ClickPaths,
    /// The words of the platform's user list.
    #[serde(default)]
    pub list: ListWords,
}

/// A word that the whole practice shares and that no invitation contains.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeWord {
    /// After each invitation, a person does this with the word.
    pub hand_over: String,
    /// The way in which members learn it; `None` if this program asks nobody for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoken: Option<SpokenWord>,
}

/// The way in which members learn a word that no invitation contains (PBN-5).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpokenWord {
    /// The ways in which an administrator hands it over, and those in which nobody does.
    pub ways: String,
    /// Each message with a link says this of it.
    pub in_messages: String,
}

const fn yes() -> bool {
    true
}

/// This says which members a change of a role's default privileges affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RolesReach {
    /// It affects all members who have the role.
    AllHolders,
    /// It affects only members who get the role later; those who already have it keep their privileges.
    FutureHolders,
}

impl RolesReach {
    /// Returns whether a change affects those who already have the role.
    #[must_use]
    pub const fn is_all_holders(self) -> bool {
        match self {
            Self::AllHolders => true,
            Self::FutureHolders => false,
        }
    }
}

/// This says who may change the login address.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserNameChange {
    /// This says who may change it.
    pub by: ChangedBy,
    /// This requirement says so.
    #[serde(default)]
    pub source: Option<String>,
    /// The sources do not say so, and this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// A privilege has a name and a source.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivilegeEntry {
    /// People see this name; it is the key if absent.
    #[serde(default)]
    pub name: Option<String>,
    /// This requirement says so.
    #[serde(default)]
    pub source: Option<String>,
    /// The sources do not say so, and this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// These roles make an administrator.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Administrators {
    /// Anyone who has one of these roles is an administrator.
    pub roles: Vec<String>,
}

/// A role that every workspace of the product has.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogRole {
    /// People see this name.
    pub name: String,
    /// The role has these privileges by default.
    #[serde(default)]
    pub privileges: BTreeSet<String>,
    /// This says who can give the role to somebody.
    #[serde(default)]
    pub given_by: GivenBy,
    /// This requirement says so.
    #[serde(default)]
    pub source: Option<String>,
    /// The sources do not say so, and this is an assumption.
    #[serde(default)]
    pub assumed: bool,
    /// The source can be read in more than one way.
    #[serde(default)]
    pub ambiguous: bool,
}

/// Says who can give a role to somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GivenBy {
    /// Everybody who manages users can give it.
    #[default]
    Admin,
    /// Only those who have the role themselves can give it.
    Owner,
}

impl GivenBy {
    /// Returns whether every administrator can give the role, also one who lacks it.
    #[must_use]
    pub const fn is_every_administrator(self) -> bool {
        match self {
            Self::Admin => true,
            Self::Owner => false,
        }
    }
}

/// This is a price per seat and month.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// This is the kind of seat, or the subscription's plan.
    pub kind: String,
    /// A seat costs this number of US cents a month.
    pub cents: i64,
    /// This requirement says so.
    #[serde(default)]
    pub source: String,
    /// The price was published or read on this day.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub as_of: jiff::civil::Date,
}

/// Reads a day, and says of another text how one is written.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<jiff::civil::Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| de::Error::custom(format!("`{text}` is not a day: write it like 2026-11-30")))
}

impl Catalog {
    /// Returns the label of the login address in products that have no other one.
    #[must_use]
    pub fn usual_email_label() -> String {
        "E-mail".to_owned()
    }

    /// Returns the platform's rules for a field; `None` if it does not have the field.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<&FieldRule> {
        self.fields.get(field)
    }

    /// Returns the key of a field in rosters of this platform.
    #[must_use]
    pub fn yaml_key(&self, field: Field) -> &str {
        self.field(field).and_then(|rule| rule.key.as_deref()).unwrap_or_else(|| field.key())
    }

    /// Returns the requirement about a field that its entry names as the source; empty if it names none.
    #[must_use]
    pub fn source(&self, field: Field) -> Cow<'static, str> {
        self.field(field).and_then(|rule| rule.source.clone()).unwrap_or_default().into()
    }

    /// Returns the requirement about a topic as sentences end with it, such as ` (X-1)`; nothing if the platform has none.
    #[must_use]
    pub fn cite(&self, topic: Topic) -> String {
        self.requirements.get(&topic).map(|number| format!(" ({number})")).unwrap_or_default()
    }

    /// Returns a requirement as sentences end with it; nothing if it is another vendor's.
    #[must_use]
    pub fn cite_number(&self, requirement: &str) -> String {
        self.own_requirement(requirement).map(|own| format!(" ({own})")).unwrap_or_default()
    }

    /// Returns the number of a requirement; `None` if the platform has none.
    #[must_use]
    pub fn requirement<'r>(&'r self, source: Source<'r>) -> Option<&'r str> {
        match source {
            Source::About(topic) => self.requirements.get(&topic).map(String::as_str),
            Source::Number(number) => self.own_requirement(number),
        }
    }

    /// Returns a requirement if it holds on this platform: it is one of all platforms, or of the vendor's own.
    fn own_requirement<'r>(&self, requirement: &'r str) -> Option<&'r str> {
        const OF_ALL: &str = "X";
        let (letters, _) = requirement.split_once('-')?;
        let roles = self.roles.values().filter_map(|role| role.source.as_deref());
        let mut sources = roles.chain(self.privileges.values().filter_map(|privilege| privilege.source.as_deref()));
        let is_own = |source: &str| source.split_once('-').is_some_and(|(own, _)| own == letters);
        (letters == OF_ALL || sources.any(is_own)).then_some(requirement)
    }

    /// Lists the fields that the platform has, in reading order.
    pub fn known_fields(&self) -> impl Iterator<Item = (Field, &FieldRule)> {
        self.fields.iter()
    }

    /// Returns the field with a key in rosters of this platform.
    #[must_use]
    pub fn field_named(&self, key: &str) -> Option<Field> {
        self.known_fields().map(|(field, _)| field).find(|field| self.yaml_key(*field) == key)
    }

    /// Lists the fields that no other platform has: those of a roster's own catalog that are not in the field table.
    pub fn own_fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.known_fields().map(|(field, _)| field).filter(|field| field.is_own())
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

    /// Returns whether the catalog says what users may do, apart from who manages users.
    #[must_use]
    pub fn describes_privileges(&self) -> bool {
        !self.is_own || self.open_privileges || self.privileges.keys().any(|key| self.manages_users.as_ref() != Some(key))
    }

    /// Returns the newest monthly price of a kind of seat (US cents); `None` if none is published.
    #[must_use]
    pub fn price(&self, kind: &str) -> Option<&Price> {
        self.prices.iter().filter(|p| p.kind == kind).max_by_key(|p| p.as_of)
    }

    /// Returns the click path of a kind of change; `None` if the catalog has none.
    #[must_use]
    pub fn click_path(&self, action: Action) -> Option<&ClickPath> {
        self.runbook.get(&action)
    }

    /// Returns whether a login belongs to a person, for every workspace of the platform (AR-3).
    #[must_use]
    pub fn shares_logins(&self) -> bool {
        self.members.as_ref().is_some_and(|rules| rules.shared_login)
    }

    /// Returns how members learn the practice's code word; `None` if nobody is asked for one.
    #[must_use]
    pub fn spoken_word(&self) -> Option<&SpokenWord> {
        self.code_word.as_ref()?.spoken.as_ref()
    }

    /// Returns the label of a field in the product; `None` if the catalog gives none.
    #[must_use]
    pub fn label(&self, field: Field) -> Option<&str> {
        self.field(field)?.label.as_deref()
    }
}
