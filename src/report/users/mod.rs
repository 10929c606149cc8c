//! Everybody as the workspaces have them: one document, shown as a table, as CSV or as JSON. Unknown is never shown as empty.

pub(super) mod csv;
pub mod document;
pub(super) mod known;
pub(super) mod table;

use std::collections::BTreeSet;

use crate::model::{Account, Actual, ByHand, Completeness, DAY, Desired, DesiredUser, Email, Moment, Standing};

use super::by_hand::TabDocument;
use super::document::UnreadDocument;
use super::{Unread, Width, json_text, sentences, words};
use document::{UserDocument, UserPart, UsersDocument, UsersSource, WorkspaceUsersDocument};

/// One workspace that was read.
#[derive(Clone, Copy, Debug)]
pub struct ReadWorkspace<'a> {
    /// The roster's side, which names the workspace, its platform and its time zone.
    pub desired: &'a Desired,
    /// The workspace as it was read.
    pub actual: &'a Actual,
    /// The same with what people attest since; `None` if they attest nothing.
    pub attested: Option<&'a Actual>,
    /// The verdict of its list of users on what people attest; `None` for a server.
    pub by_hand: Option<&'a ByHand>,
    /// Says whether the workspace exists.
    pub exists: bool,
}

/// The state by which users are selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    /// The user has this standing, blocked or not.
    Standing(Standing),
    /// The user is blocked, in any standing.
    Blocked,
}

/// The users that are shown.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Only users in this state.
    pub state: Option<UserState>,
    /// Only these users; an empty set means everybody.
    pub users: BTreeSet<Email>,
}

/// The form in which users are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsersFormat {
    /// A table for a terminal, whose lines are as wide.
    Text(Width),
    /// CSV for a spreadsheet.
    Csv,
    /// JSON for machines.
    Json,
}

/// Shows the users of the workspaces.
#[must_use]
pub fn show_users(workspaces: &[ReadWorkspace<'_>], unread: &[Unread], filter: &UserFilter, format: UsersFormat) -> String {
    let document = UsersDocument {
        format: 1,
        workspaces: workspaces.iter().map(|workspace| of_workspace(workspace, filter)).collect(),
        unread: UnreadDocument::list(unread),
    };
    match format {
        UsersFormat::Text(width) => table::render(&document, width),
        UsersFormat::Csv => csv::render(&document),
        UsersFormat::Json => json_text(&document),
    }
}

fn of_workspace(workspace: &ReadWorkspace<'_>, filter: &UserFilter) -> WorkspaceUsersDocument {
    let ReadWorkspace { desired: _, actual, attested, by_hand: _, exists: _ } = *workspace;
    let present = attested.unwrap_or(actual);
    let asked = asked(workspace, filter);
    let described = without_users(workspace);
    let mut state_not_shown = 0;
    let mut users: Vec<UserDocument> = Vec::new();
    for account in &present.accounts {
        let is_theirs = || asked.iter().any(|user| is_of(user, account));
        if !filter.users.is_empty() && !filter.users.contains(&account.email) && !is_theirs() {
            continue;
        }
        let user = known::user(workspace, described.as_of.as_deref(), account);
        match filter.state.map_or(Some(true), |state| is_in(state, &user)) {
            Some(true) => users.push(user),
            Some(false) => {}
            None => state_not_shown += 1,
        }
    }
    users.sort_by(|a, b| a.user.cmp(&b.user));
    let without_account = without_account(workspace, filter);
    WorkspaceUsersDocument { users, without_account, state_not_shown, ..described }
}

/// Lists the users who were asked for by address, and are in the roster of a workspace that shows no account of theirs.
fn without_account(workspace: &ReadWorkspace<'_>, filter: &UserFilter) -> Vec<String> {
    let accounts = &workspace.attested.unwrap_or(workspace.actual).accounts;
    let lacks = |user: &&DesiredUser| !accounts.iter().any(|account| is_of(user, account));
    asked(workspace, filter).into_iter().filter(lacks).map(|user| user.email.to_string()).collect()
}

/// Returns the users of the roster who were asked for by address.
fn asked<'a>(workspace: &ReadWorkspace<'a>, filter: &UserFilter) -> Vec<&'a DesiredUser> {
    filter.users.iter().filter_map(|email| workspace.desired.users.get(email)).collect()
}

/// Returns whether the roster means this account by this user: by address, by a former address, or by id.
fn is_of(user: &DesiredUser, account: &Account) -> bool {
    account.email == user.email || user.formerly.contains(&account.email) || user.id.as_ref() == Some(&account.id)
}

/// Describes a workspace, and where its users are known from, without the users.
pub(super) fn without_users(workspace: &ReadWorkspace<'_>) -> WorkspaceUsersDocument {
    let ReadWorkspace { desired, actual, attested: _, by_hand: _, exists } = *workspace;
    let list = actual.list.as_deref();
    let oldest = list.and_then(|list| Some((list, list.tabs.iter().map(|tab| tab.taken).min()?)));
    let incomplete_because = match &actual.completeness {
        Completeness::Complete => None,
        Completeness::Unproven { why } | Completeness::Partial { why } => Some(sentences::partial(why)),
    };
    WorkspaceUsersDocument {
        workspace: desired.workspace.clone(),
        platform: desired.platform.word().to_owned(),
        source: match (list, exists) {
            (Some(_), _) => UsersSource::List,
            (None, true) => UsersSource::Server,
            (None, false) => UsersSource::NotCreated,
        },
        as_of: match list {
            Some(list) => list.snapshot.taken().map(|taken| taken.to_string()),
            None => moment(actual.as_of, desired),
        },
        age_days: oldest.map_or(0, |(list, oldest)| list.read_at.saturating_sub(oldest.millis()).max(0) / DAY),
        complete: list.map_or(incomplete_because.is_none(), |list| list.is_complete),
        incomplete_because,
        tabs: list.map(|list| list.tabs.iter().map(TabDocument::new).collect()).unwrap_or_default(),
        users: Vec::new(),
        without_account: Vec::new(),
        state_not_shown: 0,
    }
}

/// Returns whether a user is in a state; `None` if nothing shows it.
fn is_in(state: UserState, user: &UserDocument) -> Option<bool> {
    match state {
        UserState::Standing(standing) => user.state.map(|own| own == standing),
        UserState::Blocked => user.blocked,
    }
}

/// Returns a moment in the workspace's time zone; `None` if the server did not say one.
fn moment(millis: i64, desired: &Desired) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(millis).ok().filter(|_| millis != 0)?;
    let offset = jiff::tz::TimeZone::get(&desired.time_zone).map_or(jiff::tz::Offset::UTC, |zone| zone.to_offset(at));
    Some(Moment::new(at, offset).to_string())
}

/// Returns the words for the parts that are not shown, in the order of the columns.
fn not_shown(parts: &BTreeSet<UserPart>) -> String {
    let word = |part: &UserPart| match part {
        UserPart::Name => "name",
        UserPart::State => "state",
        UserPart::InvitedAt => "invitation date",
        UserPart::LinkUntil => "end of the link",
        UserPart::Blocked => "block",
        UserPart::BlockedAt => "date of the block",
        UserPart::BlockedBy => "author of the block",
        UserPart::BlockedReason => "reason for the block",
        UserPart::Role => "role",
        UserPart::Clinics => "clinics",
        UserPart::Privileges => "privileges",
    };
    words::plain_list(parts.iter().map(word))
}
