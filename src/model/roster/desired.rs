//! A workspace as the roster describes it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{
    BlockReason, Country, Email, Fields, Guards, ListWords, PlatformId, RemoteId, RosterOddity, SecretRef, Snapshot, State, Status,
    Subscription, Waiver, WantedPasscode,
};

/// One workspace: its connection, its limits, and the users it should have.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The workspace's name, unique in the roster.
    pub workspace: String,
    /// Its platform.
    pub platform: PlatformId,
    /// Says how to connect to it.
    pub connection: Connection,
    /// The cost of a seat.
    pub subscription: Subscription,
    /// The time zone in which its days begin and end.
    pub time_zone: String,
    /// The country whose national phone numbers are understood.
    pub country: Option<Country>,
    /// The main admin according to the roster.
    pub main_admin: Option<Email>,
    /// Says what happens to accounts that are not in the roster.
    pub manage: Manage,
    /// Its limits.
    pub guards: Guards,
    /// Waivers that name this workspace.
    pub waivers: Vec<Waiver>,
    /// Clinics by key.
    pub clinics: BTreeMap<String, DesiredClinic>,
    /// Custom roles by key.
    pub roles: BTreeMap<String, DesiredRole>,
    /// Users by address.
    pub users: BTreeMap<Email, DesiredUser>,
    /// The practice's code word, if the roster gives one (PBN-5).
    pub code_word: Option<SecretRef>,
    /// Employee records, if the roster lists them (PBN-1).
    pub employees: Vec<DesiredEmployee>,
    /// Says whether a temporary first password may be set (AR-10).
    pub initial_password_allowed: bool,
    /// These are the words of the product's own user list.
    pub list: ListWords,
    /// The age in milliseconds from which a snapshot is stale.
    pub stale_after: i64,
    /// The likely mistakes in its files.
    pub oddities: Vec<RosterOddity>,
    /// The place where the workspace is declared.
    pub place: Place,
}

/// Says how to connect to a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The server in this process, on a file of its own.
    Embedded {
        /// The database file; `.rosterctl/WORKSPACE.db` in the roster if absent.
        path: Option<PathBuf>,
        /// The accounts it starts with, besides the main admin.
        start: Option<EmbeddedStart>,
    },
    /// A SCIM server over HTTP.
    Scim(ScimConnection),
    /// The workspace's own list of users; a person makes the changes.
    Snapshot(SnapshotConnection),
}

impl Connection {
    /// Returns whether the workspace's server runs in this process.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        match self {
            Self::Embedded { .. } => true,
            Self::Scim(_) | Self::Snapshot(_) => false,
        }
    }

    /// Returns whether people make the changes, since the workspace has no interface.
    #[must_use]
    pub const fn is_by_hand(&self) -> bool {
        self.snapshot().is_some()
    }

    /// Returns how to reach a SCIM server; `None` if the workspace has another connection.
    #[must_use]
    pub const fn scim(&self) -> Option<&ScimConnection> {
        match self {
            Self::Scim(to) => Some(to),
            Self::Embedded { .. } | Self::Snapshot(_) => None,
        }
    }

    /// Returns the list of users of a workspace without an interface; `None` if it has one.
    #[must_use]
    pub const fn snapshot(&self) -> Option<&SnapshotConnection> {
        match self {
            Self::Snapshot(to) => Some(to),
            Self::Embedded { .. } | Self::Scim(_) => None,
        }
    }

    /// Returns the list of users of a workspace without an interface, to be read or extended; `None` if it has one.
    #[must_use]
    pub const fn snapshot_mut(&mut self) -> Option<&mut SnapshotConnection> {
        match self {
            Self::Snapshot(to) => Some(to),
            Self::Embedded { .. } | Self::Scim(_) => None,
        }
    }

    /// Returns the place for what an embedded workspace begins with; `None` if it is somewhere else.
    #[must_use]
    pub const fn start_mut(&mut self) -> Option<&mut Option<EmbeddedStart>> {
        match self {
            Self::Embedded { start, .. } => Some(start),
            Self::Scim(_) | Self::Snapshot(_) => None,
        }
    }

    /// The list of users that people took; `None` without one, and where a server is asked.
    #[must_use]
    pub fn list(&self) -> Option<&Snapshot> {
        match self {
            Self::Snapshot(connection) => connection.snapshot.as_deref(),
            Self::Embedded { .. } | Self::Scim(_) => None,
        }
    }

    /// Returns what an embedded workspace begins with; `None` if it begins with its main admin alone, or is somewhere else.
    #[must_use]
    pub const fn start(&self) -> Option<&EmbeddedStart> {
        match self {
            Self::Embedded { start, .. } => start.as_ref(),
            Self::Scim(_) | Self::Snapshot(_) => None,
        }
    }
}

/// A SCIM server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimConnection {
    /// The base URL, such as `https://host/workspace/scim/v2`.
    pub url: Url,
    /// Its bearer token.
    pub token: SecretRef,
}

/// A workspace without an interface: its list of users is a file of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotConnection {
    /// The file, relative to the roster.
    pub path: PathBuf,
    /// The content of the file; `None` while there is no such file.
    pub snapshot: Option<Box<Snapshot>>,
}

/// The content of a new embedded workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbeddedStart {
    /// Clinics by key.
    pub clinics: BTreeMap<String, DesiredClinic>,
    /// Custom roles by key.
    pub roles: BTreeMap<String, DesiredRole>,
    /// Accounts by address, each with its state.
    pub accounts: BTreeMap<Email, StartAccount>,
    /// Employee records besides those of the accounts.
    pub employees: Vec<DesiredEmployee>,
}

/// An account of a new embedded workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartAccount {
    /// Its attributes.
    pub fields: Fields,
    /// Its state. The times of an invitation are relative to the creation of the store: `sent_at` 0 is that moment.
    pub state: State,
    /// Says whether it has a passcode.
    pub has_passcode: bool,
}

/// This decides what happens to accounts that are not in the roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Manage {
    /// Accounts that are not in the roster are inactivated.
    Exact,
    /// Accounts that are not in the roster are reported and not changed.
    #[default]
    Additive,
    /// Nothing is written, whatever differs.
    Observe,
}

impl Manage {
    /// Returns whether accounts that are not in the roster are inactivated.
    #[must_use]
    pub const fn removes_unlisted(self) -> bool {
        match self {
            Self::Exact => true,
            Self::Additive | Self::Observe => false,
        }
    }

    /// Returns whether nothing is written.
    #[must_use]
    pub const fn only_observes(self) -> bool {
        match self {
            Self::Observe => true,
            Self::Exact | Self::Additive => false,
        }
    }
}

/// A clinic of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredClinic {
    /// The name that people see.
    pub name: String,
}

/// A custom role of the roster, with its base resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredRole {
    /// The name that people see; the key if the roster gives none.
    pub name: String,
    /// The role it is based on.
    pub based_on: Option<String>,
    /// Its privileges: those of the base, with the roster's grants and revocations applied.
    pub privileges: BTreeSet<String>,
}

/// An employee record of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredEmployee {
    /// The key that users refer to.
    pub id: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Says whether the record is active; `None` if the roster does not manage it.
    pub active: Option<bool>,
    /// Says whether the person is outside the practice; `None` if the roster does not manage it.
    pub external: Option<bool>,
}

/// The way in which a user's employee record is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmployeeLink {
    /// By name among the records (PBN-2).
    ByName,
    /// The person is outside the practice: the record is added first (PBN-3).
    External,
    /// By key.
    Key(String),
}

impl EmployeeLink {
    /// The word in place of a key for somebody outside the practice.
    pub const EXTERNAL: &str = "external";

    /// Returns the record's key, if the roster names it.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::ByName | Self::External => None,
        }
    }

    /// Returns whether the person is outside the practice, and needs a record first (PBN-3).
    #[must_use]
    pub const fn is_external(&self) -> bool {
        match self {
            Self::External => true,
            Self::ByName | Self::Key(_) => false,
        }
    }

    /// Returns whether an existing record has the person's name (PBN-2).
    #[must_use]
    pub const fn is_by_name(&self) -> bool {
        match self {
            Self::ByName => true,
            Self::External | Self::Key(_) => false,
        }
    }
}

/// A user of the roster.
#[derive(Clone, Debug)]
pub struct DesiredUser {
    /// The address.
    pub email: Email,
    /// The account's id, if the roster has it.
    pub id: Option<RemoteId>,
    /// Other addresses under which the account may be found.
    pub formerly: Vec<Email>,
    /// Says whether the user should be active or inactive.
    pub status: Status,
    /// The block; `None` if the roster does not manage it.
    pub blocked: Option<DesiredBlock>,
    /// Managed attributes. An absent field is not managed; `Value::Unset` clears the field.
    pub fields: Fields,
    /// The way in which the employee record is found, on platforms that have them.
    pub employee: EmployeeLink,
    /// The passcode that the user should have; `None` if the roster does not manage it.
    pub passcode: Option<WantedPasscode>,
    /// A temporary first password (AR-10). Few users have one, and there are many users.
    pub initial_password: Option<Box<SecretRef>>,
    /// The person who answers for an account that belongs to nobody in particular; `None` for a person's account. No workspace gets it.
    pub service_owner: Option<Email>,
    /// The place where the user is declared.
    pub place: Place,
}

impl DesiredUser {
    /// Returns every address under which the account may be found, the present one first.
    pub fn addresses(&self) -> impl Iterator<Item = &Email> + Clone {
        std::iter::once(&self.email).chain(&self.formerly)
    }

    /// Returns whether the roster says `blocked: false`.
    #[must_use]
    pub const fn is_to_be_unblocked(&self) -> bool {
        match &self.blocked {
            Some(DesiredBlock::Unblocked) => true,
            Some(DesiredBlock::Blocked { .. }) | None => false,
        }
    }

    /// Returns whether the roster wants the user to have access: active, and not blocked.
    #[must_use]
    pub const fn should_have_access(&self) -> bool {
        self.status.is_active() && !self.is_blocked()
    }

    /// Returns whether the roster says that the account is blocked.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        match &self.blocked {
            Some(DesiredBlock::Blocked { .. }) => true,
            Some(DesiredBlock::Unblocked) | None => false,
        }
    }
}

/// The block of a user, as the roster has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesiredBlock {
    /// The user should be blocked.
    Blocked {
        /// The reason.
        reason: BlockReason,
        /// The reason in words.
        note: Option<String>,
    },
    /// The user should not be blocked.
    Unblocked,
}

/// A place in the roster: a file, relative to the roster, with line and column from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub file: std::sync::Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}
