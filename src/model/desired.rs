//! A workspace as the YAML wants it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{BlockReason, Email, Fields, Guards, PlatformId, RemoteId, SecretRef, State, Subscription, Waiver};

/// One workspace: its connection, its limits, and who is wanted in it.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The workspace's name, unique in the roster.
    pub workspace: String,
    /// Its platform.
    pub platform: PlatformId,
    /// How it is reached.
    pub connection: Connection,
    /// What a seat costs.
    pub subscription: Subscription,
    /// The zone in which its days begin and end.
    pub time_zone: String,
    /// The main admin YAML names.
    pub main_admin: Option<Email>,
    /// What becomes of accounts that are not listed.
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
    /// The practice's code word, where YAML gives one (PBN-5).
    pub code_word: Option<SecretRef>,
    /// Employee records, where YAML lists them (PBN-1).
    pub employees: Vec<DesiredEmployee>,
    /// Whether a temporary first password may be set (AR-10).
    pub initial_password_allowed: bool,
    /// Where the workspace is declared.
    pub place: Place,
}

/// How a workspace is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The server in this process, on its own file.
    Embedded {
        /// The database file; `.rosterctl/WORKSPACE.db` below the roster where absent.
        path: Option<PathBuf>,
        /// The accounts it begins with, besides the main admin.
        start: Option<EmbeddedStart>,
    },
    /// A SCIM server over HTTP.
    Scim(ScimConnection),
    /// The workspace's own export; changes are made by a person.
    Export(ExportSource),
}

impl Connection {
    /// Whether the workspace's server runs in this process.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        match self {
            Self::Embedded { .. } => true,
            Self::Scim(_) | Self::Export(_) => false,
        }
    }

    /// What an embedded workspace begins with; `None` if it begins with its main admin alone, or is somewhere else.
    #[must_use]
    pub const fn start(&self) -> Option<&EmbeddedStart> {
        match self {
            Self::Embedded { start, .. } => start.as_ref(),
            Self::Scim(_) | Self::Export(_) => None,
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

/// A workspace's export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSource {
    /// The CSV file of its users.
    pub users: PathBuf,
}

/// What an embedded workspace holds when it is first made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbeddedStart {
    /// Clinics by key.
    pub clinics: BTreeMap<String, DesiredClinic>,
    /// Custom roles by key.
    pub roles: BTreeMap<String, DesiredRole>,
    /// Accounts by address, each in its actual state.
    pub accounts: BTreeMap<Email, StartAccount>,
    /// Employee records besides those of the accounts.
    pub employees: Vec<DesiredEmployee>,
}

/// An account an embedded workspace begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartAccount {
    /// Its attributes.
    pub fields: Fields,
    /// Where it stands. An invitation's times are relative to the making of the store: `sent_at` 0 is then.
    pub state: State,
    /// Whether it has a passcode.
    pub has_passcode: bool,
}

/// What becomes of accounts that YAML does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Manage {
    /// They are inactivated.
    Exact,
    /// They are left alone and reported.
    #[default]
    Additive,
    /// Nothing at all is written.
    Observe,
}

/// A clinic YAML wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredClinic {
    /// The name people see.
    pub name: String,
}

/// A custom role YAML wants, its base resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredRole {
    /// The name people see; the key where YAML gives none.
    pub name: String,
    /// The role it is based on.
    pub based_on: Option<String>,
    /// Its privileges: the base's with YAML's own switched on and off.
    pub privileges: BTreeSet<String>,
}

/// An employee record YAML wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredEmployee {
    /// The key users name it by.
    pub id: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Whether the record is active; `None` where not managed.
    pub active: Option<bool>,
    /// Whether the person is from outside; `None` where not managed.
    pub external: Option<bool>,
}

/// Which employee record an account belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmployeeLink {
    /// Found by name among the records (PBN-2).
    ByName,
    /// Somebody from outside: the record is added first (PBN-3).
    External,
    /// The record with this key.
    Key(String),
}

/// A user YAML wants.
#[derive(Clone, Debug)]
pub struct DesiredUser {
    /// The address.
    pub email: Email,
    /// The account's id, where YAML pins it.
    pub id: Option<RemoteId>,
    /// Addresses the account may still, or once more, stand under.
    pub formerly: Vec<Email>,
    /// Active or inactive.
    pub status: Status,
    /// The block; `None` where not managed.
    pub blocked: Option<DesiredBlock>,
    /// Managed attributes. A field that is not there is not managed; `Value::Unset` is wanted empty.
    pub fields: Fields,
    /// Which employee record, on platforms that have them.
    pub employee: EmployeeLink,
    /// Whether a passcode is wanted; `None` where not managed.
    pub passcode: Option<bool>,
    /// A temporary first password (AR-10).
    pub initial_password: Option<SecretRef>,
    /// Where the user is declared.
    pub place: Place,
}

impl DesiredUser {
    /// Whether the roster says that the account is blocked.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        match &self.blocked {
            Some(DesiredBlock::Blocked { .. }) => true,
            Some(DesiredBlock::Unblocked) | None => false,
        }
    }
}

/// Active or inactive; absent in YAML means active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// May sign in, once accepted.
    #[default]
    Active,
    /// May not.
    Inactive,
}

/// What YAML wants about a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesiredBlock {
    /// Blocked.
    Blocked {
        /// Why.
        reason: BlockReason,
        /// In words.
        note: Option<String>,
    },
    /// Not blocked.
    Unblocked,
}

/// Where something stands in the YAML: file relative to the roster, line and column from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub file: std::sync::Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}
