//! The JSON form of the people that the workspaces have: the types behind `schemas/users.schema.json`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{DeliveryState, InvitationState, Standing, Tab};
use crate::report::by_hand::TabDocument;
use crate::report::document::UnreadDocument;
use crate::report::log::document::LogKnown;

/// These are the users of the workspaces, as `rosterctl users --format json` prints them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "rosterctl users")]
pub struct UsersDocument {
    /// The version of this form: 1. A reader should refuse any other.
    pub format: u32,
    /// The workspaces that were read, in the roster's order.
    pub workspaces: Vec<WorkspaceUsersDocument>,
    /// These are the workspaces that could not be read.
    pub unread: Vec<UnreadDocument>,
}

/// These are the users of one workspace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkspaceUsersDocument {
    /// This is its name.
    pub workspace: String,
    /// Its platform, under the name it has in YAML.
    pub platform: String,
    /// Says where the users are known from.
    pub source: UsersSource,
    /// Says when they were read from the server, or when the newest tab of the list was taken; null if the list has no tabs.
    pub as_of: Option<String>,
    /// The age of the oldest tab of a list, in whole days; 0 for a server, which was read now.
    pub age_days: i64,
    /// Says whether somebody who is missing here is known to have no account.
    pub complete: bool,
    /// Says why the users that a server listed cannot be trusted to be all; null if they can, and for a list.
    pub incomplete_because: Option<String>,
    /// These are the tabs of a list; empty for a server.
    pub tabs: Vec<TabDocument>,
    /// The users, by login; those that `--state` or `--user` leaves out are missing.
    pub users: Vec<UserDocument>,
    /// The users of the roster whom `--user` names and of whom no account is shown.
    pub without_account: Vec<String>,
    /// Counts how many users `--state` leaves out because nothing shows whether they are in that state.
    pub state_not_shown: usize,
}

/// Says where the users of a workspace are known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UsersSource {
    /// The workspace's server was read now.
    Server,
    /// The workspace does not exist yet; these are the users with whom the first apply creates it.
    NotCreated,
    /// This is a list of users, with what people have attested since then.
    List,
}

impl UsersSource {
    /// Returns whether it is a list of users.
    pub(in crate::report) const fn is_list(self) -> bool {
        match self {
            Self::List => true,
            Self::Server | Self::NotCreated => false,
        }
    }
}

/// Something about a user that a server or a list may not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserPart {
    /// This is the first and last name.
    Name,
    /// The user is pending, active or inactive.
    State,
    /// Says when the invitation was sent.
    InvitedAt,
    /// Until when the invitation's link is valid.
    LinkUntil,
    /// Says whether the user is blocked.
    Blocked,
    /// Says when the user was blocked.
    BlockedAt,
    /// This person blocked the user.
    BlockedBy,
    /// This is the reason for the block.
    BlockedReason,
    /// This is the role.
    Role,
    /// These are the clinics.
    Clinics,
    /// These are the effective privileges.
    Privileges,
}

/// Says where effective privileges are known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PrivilegesSource {
    /// The server says them.
    Server,
    /// They are those of the role.
    Role,
    /// They are those of the role, with the user's own that the list shows or somebody attests.
    RoleAndOwn,
}

impl PrivilegesSource {
    /// Returns the word in CSV and JSON.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Role => "role",
            Self::RoleAndOwn => "role-and-own",
        }
    }
}

/// One user. A value that is null although its key is in `not_shown` is unknown; any other null is empty.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct UserDocument {
    /// The address, or the user name where the workspace shows no address.
    pub user: String,
    /// The user name, where the product's login is one and the address is shown beside it.
    pub login: Option<String>,
    /// Says whether the account is said to be removed: the product has no inactive users.
    #[serde(skip)]
    pub removed: bool,
    /// This is the first and last name.
    pub name: Option<String>,
    /// The user is pending, active or inactive.
    pub state: Option<Standing>,
    /// Says when the newest invitation of a pending user was sent.
    pub invited_at: Option<String>,
    /// Until when the link of that invitation is valid.
    pub link_until: Option<String>,
    /// This is the state of that link: `open`, `expired` or `killed`.
    #[schemars(with = "Option<String>")]
    pub link: Option<InvitationState>,
    /// Says what became of the mail with that invitation; null if nothing says it.
    pub delivery: Option<DeliveryState>,
    /// Says why the last try to send that mail failed; null if none did.
    pub delivery_failure: Option<String>,
    /// Says whether the user is blocked, which is independent of the state.
    pub blocked: Option<bool>,
    /// Says when the user was blocked.
    pub blocked_at: Option<String>,
    /// This person blocked the user.
    pub blocked_by: Option<String>,
    /// The reason for the block, with the note if there is one.
    pub blocked_reason: Option<String>,
    /// This is the role, by its key.
    pub role: Option<String>,
    /// These are the clinics, by their keys.
    pub clinics: Option<BTreeSet<String>>,
    /// The fields that only the roster's own definition of the platform has, by key, with their values in words; those that are not shown
    /// are missing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Lists what the user may do: the effective privileges.
    pub privileges: Option<BTreeSet<String>>,
    /// Says where these privileges are known from.
    pub privileges_from: Option<PrivilegesSource>,
    /// Says why the user has each of these privileges, by privilege; those of which nothing says it are missing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub privilege_sources: BTreeMap<String, Vec<PrivilegeSourceDocument>>,
    /// Lists what neither the server nor the list nor an attestation shows.
    pub not_shown: BTreeSet<UserPart>,
    /// The tab of the list that shows the user; null for a server, or if only an attestation does.
    pub tab: Option<Tab>,
    /// Says when the user was read from the server, or when that tab was taken.
    pub as_of: Option<String>,
    /// Lists what people attest and the list does not show, and what a newer list contradicts.
    pub attested: Vec<AttestedDocument>,
}

/// A reason why a user has a privilege.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PrivilegeSourceDocument {
    /// This is where it comes from: `role`, `person` (it was granted to this person), `switch`, or `main-admin`.
    #[schemars(with = "String")]
    pub from: &'static str,
    /// This is the key of the role, or of the switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The same in words, where people read it.
    #[serde(skip)]
    pub words: String,
}

/// A step that changed what is known about a user.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AttestedDocument {
    /// This is the kind of step, such as `inactivate`.
    pub change: String,
    /// These are its words on this platform, where people read them.
    #[serde(skip)]
    pub words: String,
    /// This person attests it.
    pub by: String,
    /// Says when it was done, with its offset.
    pub at: String,
    /// Says what the list says about it: an attestation alone is not a proof.
    pub known: LogKnown,
    /// The keys of the values that the list cannot show, where it proves the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_shown: Vec<String>,
}
