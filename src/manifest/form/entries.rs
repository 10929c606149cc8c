//! The documents of a roster, except users. The JSON Schemas are generated from these types, so editors show these comments.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Billing, DAY, Guards, Manage};
use crate::platform::built_in;
use crate::yaml::{Each, Given, Reference, Table};

use super::user_entry::UserEntry;
use crate::manifest::scalars::{Address, Age, CountryName, Date, Price, Share, Slug, TimeZone, Url, example_address};
use crate::manifest::secret_entry::SecretEntry;

/// The age from which on a list of users is stale where a roster gives none, in milliseconds.
pub(in crate::manifest) const STALE_AFTER: i64 = 7 * DAY;

/// Returns that age as rosters have it.
fn usual_age() -> String {
    format!("{}d", STALE_AFTER / DAY)
}

/// A document describes one workspace: its connection, its limits, and the users it should have.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct WorkspaceEntry {
    /// The workspace's name consists of lower-case letters, digits and hyphens. It must be unique in the roster.
    #[schemars(example = &"glow-medspa")]
    pub(in crate::manifest) workspace: Given<Slug>,
    /// The workspace runs on this platform, which determines the keys that users can have.
    pub(in crate::manifest) platform: Given<String>,
    /// This says how rosterctl connects to the workspace.
    pub(in crate::manifest) connection: Given<ConnectionEntry>,
    /// This says what a seat costs and when it is billed.
    pub(in crate::manifest) subscription: Given<SubscriptionEntry>,
    /// The workspace's days begin and end in this time zone, an IANA name; it is UTC if absent.
    #[schemars(example = &"America/Phoenix")]
    pub(in crate::manifest) time_zone: Given<TimeZone>,
    /// National phone numbers are those of this country; it is the platform's if absent. Without one, numbers must begin with `+`.
    #[schemars(example = &"US")]
    pub(in crate::manifest) country: Given<CountryName>,
    /// This is the address of the main admin, who must be one of the users.
    pub(in crate::manifest) main_admin: Given<Address>,
    /// This decides what happens to accounts that are not in the roster; it is `additive` if absent.
    pub(in crate::manifest) manage: Given<Manage>,
    /// Every plan must stay within these limits.
    pub(in crate::manifest) guards: Given<GuardsEntry>,
    /// These are the workspace's clinics by key.
    pub(in crate::manifest) clinics: Given<Table<ClinicEntry>>,
    /// These roles exist in addition to the platform's built-in ones. Users refer to them by key.
    pub(in crate::manifest) roles: Given<Table<RoleEntry>>,
    /// These are the workspace's users by address.
    pub(in crate::manifest) users: Given<Table<UserEntry>>,
    /// This says where to find the workspace's code word. If it is absent, the server generates one.
    pub(in crate::manifest) code_word: Given<Reference<SecretEntry>>,
    /// These are the workspace's employee records.
    pub(in crate::manifest) employees: Given<Each<EmployeeEntry>>,
    /// These words of the product's own user list are known beside the usual ones, so that `rosterctl snapshot` understands it.
    pub(in crate::manifest) list: Given<ListEntry>,
    /// These waivers apply to this workspace.
    pub(in crate::manifest) waivers: Given<Each<WaiverEntry>>,
    /// This allows users to have a temporary first password.
    pub(in crate::manifest) initial_password: Given<InitialPassword>,
    /// A list of users is stale from this age on.
    #[schemars(description = format!("A list of users is stale from this age on; it is `{}` if absent.", usual_age()), example = usual_age())]
    pub(in crate::manifest) stale_after: Given<Age>,
}

/// These are the words of a product's own user list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct ListEntry {
    /// These headers name a column: `email`, `login`, `name`, `status`, `blocked`, or the key of a user.
    pub(in crate::manifest) columns: Given<Table<OneOrSeveral>>,
    /// These words in a column mean a value of the roster, or `unknown`, which leaves such cells out.
    pub(in crate::manifest) values: Given<Table<Table<String>>>,
    /// This text or class of an icon marks people in a state: `blocked`, `pending` or `inactive`.
    pub(in crate::manifest) marks: Given<Table<OneOrSeveral>>,
}

/// This is one text, or a list of them.
#[derive(Debug, JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "only its schema is used")]
pub(in crate::manifest) enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

/// These are more users of a workspace, in a file of their own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct UsersOfEntry {
    /// The workspace whose users these are; its own file has everything else.
    #[schemars(example = &"glow-medspa")]
    pub(in crate::manifest) users_of: Given<Slug>,
    /// These are the users that the file adds, by address.
    pub(in crate::manifest) users: Given<Table<UserEntry>>,
}

/// The word `allowed` opts in to temporary first passwords.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum InitialPassword {
    /// Users can have `initial_password`.
    Allowed,
}

/// This says how rosterctl connects to a workspace.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum ConnectionEntry {
    /// The workspace is on a server inside rosterctl, with its own database file.
    Embedded(EmbeddedEntry),
    /// The workspace is on a SCIM server, which rosterctl reaches over HTTP.
    Scim(ScimEntry),
    /// This file in the roster has the workspace's own list of users, as `rosterctl snapshot` writes it; a person makes the changes.
    Snapshot(#[schemars(regex(pattern = r"\.yaml$"))] String),
}

impl ConnectionEntry {
    /// Returns whether it names a list of users.
    pub(in crate::manifest) const fn is_snapshot(&self) -> bool {
        match self {
            Self::Snapshot(_) => true,
            Self::Embedded(_) | Self::Scim(_) => false,
        }
    }
}

/// The workspace is on a server inside rosterctl.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct EmbeddedEntry {
    /// This is the database file; it is `.rosterctl/WORKSPACE.db` in the roster directory if absent.
    pub(in crate::manifest) path: Given<String>,
    /// This file in the roster says which accounts the workspace starts with.
    #[schemars(example = &"start.yaml")]
    pub(in crate::manifest) start: Given<String>,
}

/// The workspace is on a SCIM server.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct ScimEntry {
    /// This is the server's base URL.
    #[schemars(example = example_address())]
    pub(in crate::manifest) url: Given<Url>,
    /// This says where to find the bearer token.
    pub(in crate::manifest) token: Given<Reference<SecretEntry>>,
}

/// Returns the name of a plan that a platform has, as an example.
fn plan_name() -> &'static str {
    let catalogs = built_in().iter().map(|platform| &platform.catalog().seats).filter(|seats| seats.by.is_plan());
    catalogs.flat_map(|seats| &seats.kinds).next_back().map_or("", String::as_str)
}

/// A subscription says what a seat costs and when it is billed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct SubscriptionEntry {
    /// This is the plan's name.
    #[schemars(example = plan_name())]
    pub(in crate::manifest) plan: Given<String>,
    /// The bill comes monthly or yearly; it is monthly if absent.
    pub(in crate::manifest) billing: Given<Billing>,
    /// The next bill comes on this date.
    #[schemars(example = &"2027-03-01")]
    pub(in crate::manifest) next_billing: Given<Date>,
    /// These are monthly prices in US dollars by kind of seat. They override the published prices.
    pub(in crate::manifest) prices: Given<Table<Price>>,
}

/// Every plan must stay within these limits.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct GuardsEntry {
    /// This limits how many accounts one plan can remove.
    pub(in crate::manifest) removals: Given<RemovalsEntry>,
    /// This limits how few administrators can remain.
    pub(in crate::manifest) administrators: Given<AdministratorsEntry>,
}

/// A plan stops if it removes more accounts than `count`, or if it removes at least two and more than `share`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct RemovalsEntry {
    /// One plan can remove at most this number of accounts.
    #[schemars(
        description = format!("One plan can remove at most this number of accounts; it is {} if absent.", Guards::USUAL.removals_count),
        example = Guards::USUAL.removals_count
    )]
    pub(in crate::manifest) count: Given<u32>,
    /// One plan can remove at most this share of the active accounts, from 0 to 1.
    #[schemars(
        description = format!(
            "One plan can remove at most this share of the active accounts, from 0 to 1; it is {} if absent.",
            Guards::USUAL.removals_share.as_fraction()
        ),
        example = Guards::USUAL.removals_share.as_fraction()
    )]
    pub(in crate::manifest) share: Given<Share>,
}

/// This limits how few administrators can remain.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct AdministratorsEntry {
    /// At least this number of administrators must remain.
    #[schemars(
        description = format!(
            "At least this number of administrators must remain; it is {} if absent.",
            Guards::USUAL.administrators_at_least
        ),
        example = Guards::USUAL.administrators_at_least
    )]
    pub(in crate::manifest) at_least: Given<u32>,
}

/// A clinic has a key, which users refer to, and a name.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct ClinicEntry {
    /// People see the clinic under this name.
    #[schemars(example = &"Glow Downtown")]
    pub(in crate::manifest) name: Given<String>,
}

/// This role exists in addition to the platform's built-in ones.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct RoleEntry {
    /// People see the role under this name; it is the key if absent.
    pub(in crate::manifest) name: Given<String>,
    /// The role starts with the privileges of this role.
    pub(in crate::manifest) based_on: Given<String>,
    /// These privileges are added (`true`) or removed (`false`).
    pub(in crate::manifest) privileges: Given<Table<bool>>,
}

/// An employee record describes a person, who can have an account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct EmployeeEntry {
    /// Users refer to the record by this key in `employee`.
    #[schemars(example = &"rob-hale")]
    pub(in crate::manifest) id: Given<Slug>,
    /// This is the person's first name.
    pub(in crate::manifest) first_name: Given<String>,
    /// This is the person's last name.
    pub(in crate::manifest) last_name: Given<String>,
    /// This says whether the record is active; it is not managed if absent.
    pub(in crate::manifest) active: Given<bool>,
    /// This says whether the person works outside the practice; it is not managed if absent.
    pub(in crate::manifest) external: Given<bool>,
}

/// A waiver lifts one guard for one plan.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct WaiverEntry {
    /// The waiver is for this workspace; the key is optional in the workspace's own file.
    pub(in crate::manifest) workspace: Given<Slug>,
    /// The waiver lifts the guard with this code.
    pub(in crate::manifest) guard: Given<String>,
    /// These are at least the first 12 hex digits of the plan's digest.
    #[schemars(example = &"7f3c9ae10b52")]
    pub(in crate::manifest) plan: Given<String>,
    /// This says why the guard is lifted.
    #[schemars(example = &"closing Uptown")]
    pub(in crate::manifest) reason: Given<String>,
    /// The waiver is valid until the end of this day, in the workspace's time zone.
    #[schemars(example = &"2026-12-31")]
    pub(in crate::manifest) until: Given<Date>,
}

/// This file contains waivers for the workspaces of the roster.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct WaiversEntry {
    /// Each of these waivers lifts one guard for one plan.
    pub(in crate::manifest) waivers: Given<Each<WaiverEntry>>,
}

/// An embedded workspace contains this when it is created.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct StartEntry {
    /// The file is for this workspace.
    pub(in crate::manifest) start: Given<Slug>,
    /// These are the workspace's clinics by key.
    pub(in crate::manifest) clinics: Given<Table<ClinicEntry>>,
    /// These roles exist in addition to the platform's built-in ones. Accounts refer to them by key.
    pub(in crate::manifest) roles: Given<Table<RoleEntry>>,
    /// These are the accounts by address, each with its state.
    pub(in crate::manifest) accounts: Given<Table<UserEntry>>,
    /// These employee records exist in addition to those of the accounts.
    pub(in crate::manifest) employees: Given<Each<EmployeeEntry>>,
}
