//! The documents as YAML writes them, apart from users. The JSON Schemas are made of these types, so their words stand in editors.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Billing, Manage};
use crate::yaml::{Each, Given, Reference, Table};

use super::scalars::{Address, Date, PlatformName, Price, Share, Slug, TimeZone, Url};
use super::secrets::SecretEntry;
use super::user_entry::UserEntry;

/// One workspace: its connection, its limits, and who is wanted in it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WorkspaceEntry {
    /// The workspace's name, unique in the roster: lower-case letters, digits and hyphens.
    #[schemars(example = &"glow-medspa")]
    pub(super) workspace: Given<Slug>,
    /// The platform, which says what users may have.
    pub(super) platform: Given<PlatformName>,
    /// How the workspace is reached.
    pub(super) connection: Given<ConnectionEntry>,
    /// What a seat costs and when it is billed.
    pub(super) subscription: Given<SubscriptionEntry>,
    /// The IANA name of the zone in which its days begin and end; UTC where absent.
    #[schemars(example = &"America/Phoenix")]
    pub(super) time_zone: Given<TimeZone>,
    /// The address of the main admin, who is one of the users.
    pub(super) main_admin: Given<Address>,
    /// What becomes of accounts that are not listed; `additive` where absent.
    pub(super) manage: Given<Manage>,
    /// Limits a plan must keep.
    pub(super) guards: Given<GuardsEntry>,
    /// Clinics by key.
    pub(super) clinics: Given<Table<ClinicEntry>>,
    /// Roles besides the platform's own, by key.
    pub(super) roles: Given<Table<RoleEntry>>,
    /// Users by address.
    pub(super) users: Given<Table<UserEntry>>,
    /// Where the practice's code word is to be had; absent: the server makes one.
    pub(super) code_word: Given<Reference<SecretEntry>>,
    /// Employee records.
    pub(super) employees: Given<Each<EmployeeEntry>>,
    /// Waivers that name this workspace.
    pub(super) waivers: Given<Each<WaiverEntry>>,
    /// Whether users may be given a temporary first password.
    pub(super) initial_password: Given<InitialPassword>,
}

/// `allowed` opts in to temporary first passwords.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum InitialPassword {
    /// Users may have `initial_password`.
    Allowed,
}

/// How a workspace is reached.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ConnectionEntry {
    /// The server in this process, on its own file.
    Embedded(EmbeddedEntry),
    /// A SCIM server over HTTP.
    Scim(ScimEntry),
    /// The workspace's own export; changes are made by a person.
    Export(ExportEntry),
}

/// The server in this process.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct EmbeddedEntry {
    /// The database file; `.rosterctl/WORKSPACE.db` below the roster where absent.
    pub(super) path: Given<String>,
    /// A file of the roster that says which accounts the workspace begins with.
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
    /// Where its bearer token is to be had.
    pub(super) token: Given<Reference<SecretEntry>>,
}

/// A workspace's export.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExportEntry {
    /// The CSV file of its users.
    #[schemars(example = &"exports/users.csv")]
    pub(super) users: Given<String>,
}

/// What a seat costs and when it is billed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SubscriptionEntry {
    /// The plan's name.
    #[schemars(example = &"accelerator")]
    pub(super) plan: Given<String>,
    /// Monthly or yearly; monthly where absent.
    pub(super) billing: Given<Billing>,
    /// The next billing date.
    #[schemars(example = &"2027-03-01")]
    pub(super) next_billing: Given<Date>,
    /// Monthly prices by kind of seat, in US dollars, over the published ones.
    pub(super) prices: Given<Table<Price>>,
}

/// Limits a plan must keep.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct GuardsEntry {
    /// How many accounts one plan may take away.
    pub(super) removals: Given<RemovalsEntry>,
    /// How many administrators must be left.
    pub(super) administrators: Given<AdministratorsEntry>,
}

/// How many accounts one plan may take away; more than `count`, or at least two and more than `share`, stops it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RemovalsEntry {
    /// The most accounts; 10 where absent.
    #[schemars(example = 10)]
    pub(super) count: Given<u32>,
    /// The largest share of the active accounts, from 0 to 1; 0.25 where absent.
    #[schemars(example = 0.25)]
    pub(super) share: Given<Share>,
}

/// How many administrators must be left.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AdministratorsEntry {
    /// The fewest; 1 where absent.
    #[schemars(example = 1)]
    pub(super) at_least: Given<u32>,
}

/// A clinic.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ClinicEntry {
    /// The name people see.
    #[schemars(example = &"Glow Downtown")]
    pub(super) name: Given<String>,
}

/// A role besides the platform's own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RoleEntry {
    /// The name people see; the key where absent.
    pub(super) name: Given<String>,
    /// The role whose privileges it begins with.
    pub(super) based_on: Given<String>,
    /// Privileges switched on or off on top of that.
    pub(super) privileges: Given<Table<bool>>,
}

/// An employee record.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct EmployeeEntry {
    /// The key users name it by.
    #[schemars(example = &"rob-hale")]
    pub(super) id: Given<Slug>,
    /// First name.
    pub(super) first_name: Given<String>,
    /// Last name.
    pub(super) last_name: Given<String>,
    /// Whether the record is active; not managed where absent.
    pub(super) active: Given<bool>,
    /// Whether the person is from outside the practice; not managed where absent.
    pub(super) external: Given<bool>,
}

/// Lifts one guard for one plan.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WaiverEntry {
    /// The workspace it is for; inside a workspace's own file it may be left out.
    pub(super) workspace: Given<Slug>,
    /// The guard's code.
    pub(super) guard: Given<String>,
    /// At least the first 12 hex digits of the plan's digest.
    #[schemars(example = &"7f3c9ae10b52")]
    pub(super) plan: Given<String>,
    /// Why.
    #[schemars(example = &"closing Uptown")]
    pub(super) reason: Given<String>,
    /// The last day it holds, in the workspace's time zone.
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

/// What an embedded workspace holds when it is first made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StartEntry {
    /// The workspace it is for.
    pub(super) start: Given<Slug>,
    /// Clinics by key.
    pub(super) clinics: Given<Table<ClinicEntry>>,
    /// Roles besides the platform's own, by key.
    pub(super) roles: Given<Table<RoleEntry>>,
    /// Accounts by address, each in its actual state.
    pub(super) accounts: Given<Table<UserEntry>>,
    /// Employee records besides those of the accounts.
    pub(super) employees: Given<Each<EmployeeEntry>>,
}
