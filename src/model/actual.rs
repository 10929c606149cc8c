//! A workspace as it was read.

use std::collections::{BTreeMap, BTreeSet};

use super::{Account, Email, Fingerprint, RemoteId, ServerId};

/// Everything a reader found in one workspace, at one time of the server's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actual {
    /// Which server and workspace this is; a plan made for another is not applied.
    pub server: ServerId,
    /// The server's time when it was read, epoch milliseconds: the only clock of diff, guards and bill.
    pub as_of: i64,
    /// Accounts, sorted by id.
    pub accounts: Vec<Account>,
    /// Clinics by key.
    pub clinics: BTreeMap<String, Clinic>,
    /// Roles by key, the platform's own among them.
    pub roles: BTreeMap<String, Role>,
    /// Employee records, sorted by id.
    pub employees: Vec<Employee>,
    /// The workspace's main admin, where the server says.
    pub main_admin: Option<Email>,
    /// The owner of the token that read, where the server says.
    pub token_owner: Option<Email>,
    /// Whether the wanted code word is the one set; `None` where there is none to compare or the server has none.
    pub code_word_matches: Option<bool>,
    /// What the server can do.
    pub capabilities: Capabilities,
    /// Whether the account listing can be trusted for removals.
    pub completeness: Completeness,
}

/// What a server offers, from its discovery documents; what it lacks is refused in the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a list of what a server offers, one switch each")]
pub struct Capabilities {
    /// Action endpoints below a user, such as `block`.
    pub actions: BTreeSet<String>,
    /// Whether users carry the practice extension.
    pub practice_extension: bool,
    /// Whether clinics, roles and employees are resource types of their own.
    pub clinics: bool,
    /// See `clinics`.
    pub roles: bool,
    /// See `clinics`.
    pub employees: bool,
    /// Whether entity tags are announced.
    pub etag: bool,
    /// Whether PATCH works.
    pub patch: bool,
}

/// Whether a listing can be trusted for removals: rule 7 of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Every page came and the total held still.
    Complete,
    /// It did not, also on the second reading.
    Partial {
        /// What was odd, in words.
        why: String,
    },
}

/// A clinic as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// The server's id.
    pub id: RemoteId,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// The name people see.
    pub name: String,
}

/// A role as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The server's id.
    pub id: RemoteId,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// The name people see.
    pub name: String,
    /// The role's default privileges.
    pub privileges: BTreeSet<String>,
    /// Whether the platform ships it.
    pub built_in: bool,
}

/// An employee record (PBN-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The server's id.
    pub id: RemoteId,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// The key YAML names it by; the server's id where none was given.
    pub key: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Whether the record is active (PBN-8).
    pub active: bool,
    /// Whether the person is from outside the practice (PBN-3).
    pub external: bool,
}
