//! The documents of a roster, except users. The JSON Schemas are generated from these types, so editors show these comments.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Billing, Manage};
use crate::yaml::{Each, Given, Reference, Table};

use super::scalars::{Address, Date, PlatformName, Price, Share, Slug, TimeZone, Url};
use super::secrets::SecretEntry;
use super::user_entry::UserEntry;

/// One workspace: its connection, its limits, and the users it should have.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WorkspaceEntry {
    /// The workspace's name: lower-case letters, digits and hyphens. It must be unique in the roster.
    #[schemars(example = &"glow-medspa")]
    pub(super) workspace: Given<Slug>,
    /// The platform that the workspace runs on. It determines which keys users can have.
    pub(super) platform: Given<PlatformName>,
    /// How rosterctl connects to the workspace.
    pub(super) connection: Given<ConnectionEntry>,
    /// The subscription: what a seat costs and when it is billed.
    pub(super) subscription: Given<SubscriptionEntry>,
    /// The IANA name of the workspace's time zone; UTC if absent.
    #[schemars(example = &"America/Phoenix")]
    pub(super) time_zone: Given<TimeZone>,
    /// The address of the main admin, who must be one of the users.
    pub(super) main_admin: Given<Address>,
    /// What happens to accounts that are not in the roster; `additive` if absent.
    pub(super) manage: Given<Manage>,
    /// Limits that every plan must stay within.
    pub(super) guards: Given<GuardsEntry>,
    /// Clinics by key.
    pub(super) clinics: Given<Table<ClinicEntry>>,
    /// Roles in addition to the platform's built-in ones, by key.
    pub(super) roles: Given<Table<RoleEntry>>,
    /// Users by address.
    pub(super) users: Given<Table<UserEntry>>,
    /// Where to find the workspace's code word; if absent, the server generates one.
    pub(super) code_word: Given<Reference<SecretEntry>>,
    /// Employee records.
    pub(super) employees: Given<Each<EmployeeEntry>>,
    /// Waivers for this workspace.
    pub(super) waivers: Given<Each<WaiverEntry>>,
    /// Whether users can have a temporary first password.
    pub(super) initial_password: Given<InitialPassword>,
}

/// `allowed` opts in to temporary first passwords.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum InitialPassword {
    /// Users can have `initial_password`.
    Allowed,
}

/// How rosterctl connects to a workspace.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ConnectionEntry {
    /// A server inside rosterctl, with its own database file.
    Embedded(EmbeddedEntry),
    /// A SCIM server over HTTP.
    Scim(ScimEntry),
    /// An export of the workspace. rosterctl plans, and a person makes the changes.
    Export(ExportEntry),
}

/// A server inside rosterctl.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct EmbeddedEntry {
    /// The database file; `.rosterctl/WORKSPACE.db` in the roster directory if absent.
    pub(super) path: Given<String>,
    /// A file in the roster that says which accounts the workspace starts with.
    #[schemars(example = &"start.yaml")]
    pub(super) start: Given<String>,
}

/// A SCIM server.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ScimEntry {
    /// The base URL.
    #[schemars(example = &"https://roster.example/glow-medspa/scim/v2")]
    pub(super) url: Given<Url>,
    /// Where to find the bearer token.
    pub(super) token: Given<Reference<SecretEntry>>,
}

/// A workspace's export.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExportEntry {
    /// The CSV file that lists the users.
    #[schemars(example = &"exports/users.csv")]
    pub(super) users: Given<String>,
}

/// The subscription: what a seat costs and when it is billed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SubscriptionEntry {
    /// The plan's name.
    #[schemars(example = &"accelerator")]
    pub(super) plan: Given<String>,
    /// Monthly or yearly; monthly if absent.
    pub(super) billing: Given<Billing>,
    /// The next billing date.
    #[schemars(example = &"2027-03-01")]
    pub(super) next_billing: Given<Date>,
    /// Monthly prices in US dollars by kind of seat. They override the published prices.
    pub(super) prices: Given<Table<Price>>,
}

/// Limits that every plan must stay within.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct GuardsEntry {
    /// How many accounts one plan can remove.
    pub(super) removals: Given<RemovalsEntry>,
    /// How many administrators must remain.
    pub(super) administrators: Given<AdministratorsEntry>,
}

/// How many accounts one plan can remove. A plan stops if it removes more than `count`, or if it removes at least two and more than `share`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RemovalsEntry {
    /// The maximum number of accounts; 10 if absent.
    #[schemars(example = 10)]
    pub(super) count: Given<u32>,
    /// The maximum share of the active accounts, from 0 to 1; 0.25 if absent.
    #[schemars(example = 0.25)]
    pub(super) share: Given<Share>,
}

/// How many administrators must remain.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AdministratorsEntry {
    /// The minimum number; 1 if absent.
    #[schemars(example = 1)]
    pub(super) at_least: Given<u32>,
}

/// A clinic.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ClinicEntry {
    /// The name that people see.
    #[schemars(example = &"Glow Downtown")]
    pub(super) name: Given<String>,
}

/// A role in addition to the platform's built-in ones.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RoleEntry {
    /// The name that people see; the key if absent.
    pub(super) name: Given<String>,
    /// The role whose privileges this role starts with.
    pub(super) based_on: Given<String>,
    /// Privileges to add (`true`) or remove (`false`).
    pub(super) privileges: Given<Table<bool>>,
}

/// An employee record.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct EmployeeEntry {
    /// The key that users refer to in `employee`.
    #[schemars(example = &"rob-hale")]
    pub(super) id: Given<Slug>,
    /// First name.
    pub(super) first_name: Given<String>,
    /// Last name.
    pub(super) last_name: Given<String>,
    /// Whether the record is active; not managed if absent.
    pub(super) active: Given<bool>,
    /// Whether the person works outside the practice; not managed if absent.
    pub(super) external: Given<bool>,
}

/// A waiver lifts one guard for one plan.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WaiverEntry {
    /// The workspace it is for; optional in the workspace's own file.
    pub(super) workspace: Given<Slug>,
    /// The guard's code.
    pub(super) guard: Given<String>,
    /// At least the first 12 hex digits of the plan's digest.
    #[schemars(example = &"7f3c9ae10b52")]
    pub(super) plan: Given<String>,
    /// Why the guard is lifted.
    #[schemars(example = &"closing Uptown")]
    pub(super) reason: Given<String>,
    /// The last day on which it is valid, in the workspace's time zone.
    #[schemars(example = &"2026-12-31")]
    pub(super) until: Given<Date>,
}

/// Waivers, in a file of their own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WaiversEntry {
    /// The waivers.
    pub(super) waivers: Given<Each<WaiverEntry>>,
}

/// What an embedded workspace contains when it is created.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StartEntry {
    /// The workspace it is for.
    pub(super) start: Given<Slug>,
    /// Clinics by key.
    pub(super) clinics: Given<Table<ClinicEntry>>,
    /// Roles in addition to the platform's built-in ones, by key.
    pub(super) roles: Given<Table<RoleEntry>>,
    /// Accounts by address, each with its state.
    pub(super) accounts: Given<Table<UserEntry>>,
    /// Employee records in addition to those of the accounts.
    pub(super) employees: Given<Each<EmployeeEntry>>,
}
