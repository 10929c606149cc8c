//! A workspace as it was read.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, Action, Delivery, Email, Field, Fingerprint, JudgedList, Outdated, PartialCause, RemoteId, ServerId};

/// Everything that was read from one workspace, as of one moment of the server's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actual {
    /// The server and workspace; a plan made for another is not applied.
    pub server: ServerId,
    /// The server's time of the read, epoch milliseconds: the only clock of diff, guards and bill.
    pub as_of: i64,
    /// Accounts, sorted by id.
    pub accounts: Vec<Account>,
    /// Attributes that repeat a login or a name with another value, on servers that store them as they are sent.
    pub outdated: Vec<Outdated>,
    /// Active users without an address, whom no list of accounts contains: their logins by id.
    pub without_address: BTreeMap<String, String>,
    /// The other addresses of an account, besides the one that identifies it.
    pub other_addresses: OtherAddresses,
    /// Clinics by key.
    pub clinics: BTreeMap<String, Clinic>,
    /// Roles by key, including the platform's own.
    pub roles: BTreeMap<String, Role>,
    /// Employee records, sorted by id.
    pub employees: Vec<Employee>,
    /// The workspace's main admin, if the server reports it.
    pub main_admin: Option<Email>,
    /// The owner of the token, if the server reports it.
    pub token_owner: Option<Email>,
    /// Says whether the roster's code word is the one that is set; `None` if there is none to compare, or the server has none.
    pub code_word_matches: Option<CodeWordCheck>,
    /// The features of the server.
    pub capabilities: Capabilities,
    /// Says whether the list of accounts can be trusted for removals.
    pub completeness: Completeness,
    /// The list of users that a workspace without an interface was read from.
    pub list: Option<Box<JudgedList>>,
    /// The time at which accounts were blocked, and by whom, by the account's id, as far as the server says. Nothing is planned from it.
    pub blocked: BTreeMap<RemoteId, BlockRecord>,
    /// The state of the mail with the newest invitation, by the account's id, as far as the server says. Nothing is planned from it.
    pub deliveries: BTreeMap<RemoteId, Delivery>,
}

/// The accounts that have an address in `emails` and are known by another one, such as their login.
pub type OtherAddresses = BTreeMap<Email, BTreeSet<RemoteId>>;

/// The time at which an account was blocked, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRecord {
    /// The time at which it was blocked, epoch milliseconds; `None` if the server does not say.
    pub since: Option<i64>,
    /// The login of the person who blocked it; `None` if the server does not say.
    pub by: Option<String>,
}

/// The result of comparing a code word (PBN-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeWordCheck {
    /// It is the one that is set.
    Matches,
    /// Another one is set.
    Differs,
    /// The server did not compare it: it was asked for too many wrong ones.
    NotCompared,
    /// The roster's could not be fetched, so there was nothing to compare.
    NotFetched,
}

impl CodeWordCheck {
    /// Returns whether the workspace has the code word of the roster.
    #[must_use]
    pub const fn is_set(self) -> bool {
        match self {
            Self::Matches => true,
            Self::Differs | Self::NotCompared | Self::NotFetched => false,
        }
    }
}

/// The features that a server offers, according to its discovery documents; what it lacks is refused in the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a list of what a server offers, one switch each")]
pub struct Capabilities {
    /// Action endpoints below a user, such as `block`.
    pub actions: BTreeSet<Action>,
    /// Says whether users have the practice extension.
    pub practice_extension: bool,
    /// Says whether clinics, roles and employees are separate resource types.
    pub clinics: bool,
    /// See `clinics`.
    pub roles: bool,
    /// See `clinics`.
    pub employees: bool,
    /// Says whether the server announces entity tags.
    pub etag: bool,
    /// Says whether PATCH works.
    pub patch: bool,
    /// Fields that the server's schema lacks, or never shows: they are neither compared nor sent.
    pub lacking: BTreeSet<Field>,
    /// Fields that the server's schema has and that no change reaches: they are immutable, or, as for the login, read-only.
    pub fixed: BTreeSet<Field>,
    /// Fields of which the server's schema has one value, where a roster can have several.
    pub single: BTreeSet<Field>,
    /// Says whether the server's schema keeps clients from making somebody inactive, or active again.
    pub is_state_fixed: bool,
    /// Says whether the server has a person's name as one text, so that its parts are unknown.
    pub one_name: bool,
    /// Says whether the server has no schema that shows what it stores of users.
    pub has_no_schema: bool,
    /// The attributes that the server's schema requires of a new user and only a roster or a person can give.
    pub required: BTreeSet<Requirement>,
}

/// Something that a server's schema requires of a new user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Requirement {
    /// A field that the roster can have.
    Field(Field),
    /// An attribute that no field has, such as `addresses` or `name.middleName`.
    Attribute(String),
}

/// The answer of a server that was asked for users one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookUp {
    /// The accounts that it found.
    pub found: Vec<Account>,
    /// The other addresses of these accounts.
    pub other_addresses: OtherAddresses,
    /// The questions that it did not answer, although it was asked again.
    pub unanswered: Option<PartialCause>,
}

/// Says whether a list can be trusted for removals: rule 7 of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Every page arrived, and the total did not change.
    Complete,
    /// Nothing about the list is wrong, and nothing shows that it has everybody: the server does not turn pages, or does not answer a
    /// question about one user.
    Unproven {
        /// The reason for the doubt.
        why: PartialCause,
    },
    /// A page was missing or the total changed, in a second read too.
    Partial {
        /// The reason why the list cannot be trusted.
        why: PartialCause,
    },
}

impl Completeness {
    /// Returns what two lists together are worth: no more than the worse one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.doubts() >= other.doubts() { self } else { other }
    }

    /// Returns whether nothing about the list is doubtful.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        match self {
            Self::Complete => true,
            Self::Unproven { .. } | Self::Partial { .. } => false,
        }
    }

    /// Returns why somebody is known to be missing; `None` if nobody is.
    #[must_use]
    pub const fn partial(&self) -> Option<&PartialCause> {
        match self {
            Self::Partial { why } => Some(why),
            Self::Complete | Self::Unproven { .. } => None,
        }
    }

    /// Returns how little can be concluded from it.
    const fn doubts(&self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Unproven { .. } => 1,
            Self::Partial { .. } => 2,
        }
    }
}

/// A clinic of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// The server's id.
    pub id: RemoteId,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// The name that people see.
    pub name: String,
}

/// A role of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The server's id.
    pub id: RemoteId,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// The name that people see.
    pub name: String,
    /// The role's default privileges.
    pub privileges: BTreeSet<String>,
    /// Says whether it is one of the platform's own roles.
    pub built_in: bool,
}

/// An employee record (PBN-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The server's id.
    pub id: RemoteId,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// The key that the roster uses for it; the server's id if it has none.
    pub key: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Says whether the record is active (PBN-8).
    pub active: bool,
    /// Says whether the person is outside the practice (PBN-3).
    pub external: bool,
}

impl Employee {
    /// Returns whether a record is active of which somebody said so, or nobody said anything.
    #[must_use]
    pub const fn active_as_said(said: Option<bool>) -> bool {
        match said {
            Some(active) => active,
            None => true,
        }
    }

    /// Returns whether the person of a record is outside the practice, as somebody said, or nobody said anything.
    #[must_use]
    pub const fn external_as_said(said: Option<bool>) -> bool {
        match said {
            Some(external) => external,
            None => false,
        }
    }
}
