//! The questions that a platform answers about accounts, and those of them that only code can answer.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::{Account, Email, Field, Fields, Immutable, Keep, OwnRule, Value, ValueRef, Violation};

use super::Catalog;
use super::field_rules::ChangedBy;
use super::naming::Naming;

/// The rules of one platform that its catalog cannot express.
pub trait Rules: fmt::Debug + Send + Sync {
    /// Lists what is wrong with an account in the roster or in a request, beyond the catalog's own rules.
    fn violations(&self, catalog: &Catalog, candidate: &Candidate<'_>, around: &dyn Surroundings) -> Vec<Violation> {
        let _ = (catalog, candidate, around);
        Vec::new()
    }

    /// Lists values of an account that are allowed but unusual.
    fn warnings(&self, catalog: &Catalog, candidate: &Candidate<'_>) -> Vec<Violation> {
        let _ = (catalog, candidate);
        Vec::new()
    }

    /// Lists values of several accounts that are allowed but unusual side by side; the accounts come sorted by address.
    fn clashes(&self, catalog: &Catalog, accounts: &mut dyn Iterator<Item = Candidate<'_>>) -> Vec<Clash> {
        let _ = (catalog, accounts);
        Vec::new()
    }

    /// Returns the address of the colleague whom an account with these values needs: that one must be in place first, and may not leave
    /// before it.
    fn relies_on<'v>(&self, value: &dyn Fn(Field) -> Option<ValueRef<'v>>) -> Option<&'v str> {
        let _ = value;
        None
    }

    /// Returns whether colleagues can rely on a user with this role.
    fn supervises(&self, role: &str) -> bool {
        let _ = role;
        false
    }

    /// Returns the reason why an inactive account cannot return in any order; `waits_for` names the colleague, inactive too, whom an
    /// account relies on.
    fn cannot_return(&self, catalog: &Catalog, email: &Email, waits_for: &dyn Fn(&Email) -> Option<Email>) -> Option<Violation> {
        let _ = (catalog, email, waits_for);
        None
    }

    /// Lists the fields that the map around them always has.
    fn required_in_maps(&self) -> &'static [Field] {
        &[]
    }

    /// Reads a rule that this platform alone has; `None` if it has no such rule, which happens only with a damaged plan file.
    fn own_rule(&self, rule: &OwnRule) -> Option<Box<dyn BrokenRule>> {
        let _ = rule;
        None
    }
}

/// The facts that a platform has about a rule that it alone has, and that an account breaks.
pub trait BrokenRule {
    /// Returns the stable code, in kebab-case.
    fn code(&self) -> &'static str;

    /// Returns what the account lacks.
    fn lack(&self) -> Lack {
        Lack::Nothing
    }

    /// Says what is wrong.
    fn message(&self, violation: &Violation, naming: Naming, catalog: &Catalog) -> String;

    /// Says what to do about it.
    fn hint(&self, violation: &Violation, naming: Naming, catalog: &Catalog) -> String;

    /// Says what to write if only the workspace has the value that breaks the rule.
    fn hint_in_workspace(&self, violation: &Violation, catalog: &Catalog) -> String {
        self.hint(violation, Naming::Roster, catalog)
    }
}

/// The thing that an account lacks that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Nothing: a value is wrong.
    Nothing,
    /// A value that every such account has. A list of users may not show it.
    Value,
    /// The other part of a value, such as the period of a number.
    Part,
}

impl Lack {
    /// Returns whether a whole value is missing, so that a list of users may have it.
    #[must_use]
    pub const fn is_value(self) -> bool {
        match self {
            Self::Value => true,
            Self::Nothing | Self::Part => false,
        }
    }
}

/// The rules of a platform whose catalog expresses everything.
#[derive(Debug)]
pub struct NoRules;

impl Rules for NoRules {}

/// An account to check: as the roster describes it, or as a client writes it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its address.
    pub email: &'a Email,
    /// Its fields, normalized.
    pub fields: &'a Fields,
    /// Says whether the account should be active (or pending).
    pub active: bool,
    /// Says whether it is the workspace's main admin.
    pub main_admin: bool,
}

/// Two accounts whose values are allowed but unusual side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The account that the warning is about.
    pub user: Email,
    /// The other one.
    pub other: Email,
    /// The rule, as it applies to the first.
    pub violation: Violation,
}

/// The rest of the workspace that an account refers to.
pub trait Surroundings {
    /// Clinics by key.
    fn has_clinic(&self, key: &str) -> bool;
    /// Roles by key, the platform's own among them.
    fn has_role(&self, key: &str) -> bool;
    /// Returns the role of the account with this address, and whether it is active or pending; `None` if there is no such account.
    fn colleague(&self, email: &str) -> Option<(String, bool)>;
    /// Lists keys to suggest for a misspelled clinic.
    fn clinic_keys(&self) -> Vec<String>;
    /// Lists keys to suggest for a misspelled role.
    fn role_keys(&self) -> Vec<String>;
}

/// The answer whether an admin may change a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Write,
    /// No; the change is shown as refused.
    Refuse(Immutable),
    /// No; the member's value is kept, and the difference is shown as a warning.
    Keep(Keep),
}

impl Answer {
    /// Returns whether nobody but the member, or nobody at all, can change the field now.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Refuse(_) => true,
            Self::Write | Self::Keep(_) => false,
        }
    }
}

/// Returns who may change it according to the catalog: the admin, the member, or the admin until the member has confirmed it.
///
/// What the member changes later belongs to the invitation until somebody accepts: while no link is open, the next invitation gets other values
/// (AR-13).
pub(super) fn answer(catalog: &Catalog, account: &Account, field: Field, wanted: &Value) -> Answer {
    let is_invitations_own = field != Field::Email && !account.state.accepted && !account.state.invitation_is_good();
    if is_invitations_own && catalog.field(field).is_some() { Answer::Write } else { answer_by_hand(catalog, account, field, wanted) }
}

/// The same for a product that people use by hand: it has no page on which an invitation gets another name.
pub(super) fn answer_by_hand(catalog: &Catalog, account: &Account, field: Field, wanted: &Value) -> Answer {
    let accepted = account.state.accepted;
    let (by, source) = if field == Field::Email {
        (catalog.user_name_change.by, catalog.user_name_change.source.clone())
    } else {
        match catalog.field(field) {
            Some(rule) => (rule.by, rule.member_source.clone().or_else(|| rule.source.clone())),
            None => return Answer::Refuse(Immutable::NotOnPlatform),
        }
    };
    match by {
        ChangedBy::Admin => Answer::Write,
        ChangedBy::Suggestion | ChangedBy::BeforeAcceptance if !accepted && !account.state.standing().is_active() => Answer::Write,
        ChangedBy::Suggestion => Answer::Keep(Keep::MemberConfirmed),
        ChangedBy::BeforeAcceptance => Answer::Keep(Keep::BeforeFirstLogin),
        ChangedBy::Member if is_as_invited(account, field, wanted) => Answer::Keep(Keep::LoginExisted),
        ChangedBy::Member => {
            let withdrawn = !accepted && account.state.inactive;
            let (requirement, pending) = (source.map(Cow::Owned), !accepted && !withdrawn);
            Answer::Refuse(Immutable::MembersOwn { requirement, pending, withdrawn, main_admin: account.main_admin })
        }
    }
}

/// Returns whether the wanted name is the one of the invitation: then the difference is the member's own doing (AR-3, AR-13).
fn is_as_invited(account: &Account, field: Field, wanted: &Value) -> bool {
    let Some((first, last)) = account.invited_name.as_deref() else { return false };
    let invited = [(Field::FirstName, first), (Field::LastName, last)];
    invited.iter().any(|(name, invited)| *name == field && wanted.as_text() == Some(invited))
}

/// The origin of a privilege that an account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrivilegeOrigin {
    /// Its role gives it.
    Role,
    /// It was granted to this person.
    Person,
    /// A switch gives it, such as work as provider.
    Switch(Field),
    /// The main admin may do everything (AR-18).
    MainAdmin,
}

impl PrivilegeOrigin {
    /// Its words on the wire and in JSON; a switch is named by [`PrivilegeOrigin::through`].
    pub const WORDS: [&'static str; 4] = ["role", "person", "switch", "main-admin"];

    /// Returns its word on the wire and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        let [role, person, switch, main_admin] = Self::WORDS;
        match self {
            Self::Role => role,
            Self::Person => person,
            Self::Switch(_) => switch,
            Self::MainAdmin => main_admin,
        }
    }

    /// Returns the key of the role or of the switch that gives it to an account with these fields; `None` where neither does.
    #[must_use]
    pub fn through(self, fields: &Fields) -> Option<&str> {
        match self {
            Self::Role => fields.text(Field::Role),
            Self::Switch(field) => Some(field.key()),
            Self::Person | Self::MainAdmin => None,
        }
    }
}

/// Goes through what an account may do in effect, and why: its role's privileges, its own changes and its switches; the main admin may do everything
/// (AR-18). `None` in place of an origin takes away what was given until then.
fn derive<'a>(
    catalog: &'a Catalog,
    role_privileges: &'a BTreeSet<String>,
    fields: &'a Fields,
    main_admin: bool,
    mut found: impl FnMut(&'a str, Option<PrivilegeOrigin>),
) {
    for given in role_privileges {
        found(given, Some(PrivilegeOrigin::Role));
    }
    if let Some((grant, revoke)) = fields.get(Field::PrivilegeChanges).and_then(ValueRef::as_changes) {
        for granted in grant {
            found(granted, Some(PrivilegeOrigin::Person));
        }
        for gone in revoke {
            found(gone, None);
        }
    }
    for (field, privilege) in catalog.switch_privileges.iter() {
        if fields.flag(field) == Some(true) {
            found(privilege, Some(PrivilegeOrigin::Switch(field)));
        }
    }
    if main_admin {
        for privilege in catalog.privileges.keys() {
            found(privilege, Some(PrivilegeOrigin::MainAdmin));
        }
    }
}

/// Returns what an account may do in effect.
#[must_use]
pub fn effective(catalog: &Catalog, role_privileges: &BTreeSet<String>, fields: &Fields, main_admin: bool) -> BTreeSet<String> {
    let mut privileges = BTreeSet::new();
    derive(catalog, role_privileges, fields, main_admin, |privilege, origin| {
        if origin.is_none() {
            privileges.remove(privilege);
        } else if !privileges.contains(privilege) {
            privileges.insert(privilege.to_owned());
        }
    });
    privileges
}

/// As [`effective`], with all origins of each privilege.
#[must_use]
pub fn origins(
    catalog: &Catalog,
    role_privileges: &BTreeSet<String>,
    fields: &Fields,
    main_admin: bool,
) -> BTreeMap<String, BTreeSet<PrivilegeOrigin>> {
    let mut privileges: BTreeMap<String, BTreeSet<PrivilegeOrigin>> = BTreeMap::new();
    derive(catalog, role_privileges, fields, main_admin, |privilege, origin| match origin {
        Some(origin) => {
            privileges.entry(privilege.to_owned()).or_default().insert(origin);
        }
        None => {
            privileges.remove(privilege);
        }
    });
    privileges
}
