//! Users as a table, or as blocks of lines, for a terminal; rights, and what people attest, are listed once below it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DeliveryState, InvitationState};
use crate::report::clean::clean;
use crate::report::grid::{self, GAP, Width, wrapped};
use crate::report::sentences::user_list::when;
use crate::report::words::{self, count};

use super::csv::{NOT_SHOWN, attested, fields, state_word};
use super::document::{AttestedDocument, PrivilegesSource, UserDocument, UserPart, UsersDocument, UsersSource, WorkspaceUsersDocument};
use super::not_shown;

const HEADS: [&str; 8] = ["USER", "NAME", "STATE", "ROLE", "CLINICS", "FIELDS", "PRIVILEGES", "KNOWN FROM"];
/// The columns that are left out where they say nothing of anybody, or where the line above the table says that they are not shown: role,
/// clinics, the fields of a platform that the roster defines, and privileges.
const OPTIONAL: std::ops::RangeInclusive<usize> = 3..=6;
/// The place that somebody is known from, if the list has one tab, which the line above the table names.
const THE_LIST: &str = "the list";

type TableCells = [String; HEADS.len()];

/// Renders all workspaces, first those that were read.
pub(super) fn render(document: &UsersDocument, width: Width) -> String {
    let mut text = String::new();
    for workspace in &document.workspaces {
        wrapped(&mut text, "", &heading(workspace), width);
        if !workspace.users.is_empty() {
            table(&mut text, workspace, width);
        }
        text.push('\n');
    }
    for unread in &document.unread {
        wrapped(&mut text, "", &unread.sentence(), width);
    }
    text
}

/// Says how many users a workspace has, and where that is known from.
fn heading(workspace: &WorkspaceUsersDocument) -> String {
    let users = count(workspace.users.len(), "user", "users");
    let mut said = vec![match workspace.source {
        UsersSource::Server => format!("{}: {users}, read now.", clean(&workspace.workspace)),
        UsersSource::NotCreated => {
            format!("{}: {users}. The workspace does not exist yet: the first apply creates it with them.", clean(&workspace.workspace))
        }
        UsersSource::List => format!("{}: {users}, from {}.", clean(&workspace.workspace), tabs(workspace)),
    }];
    said.extend(incomplete(workspace));
    let nowhere = nowhere_shown(workspace);
    if !nowhere.is_empty() {
        said.push(format!("Not shown: {}.", not_shown(&nowhere)));
    }
    if !workspace.without_account.is_empty() {
        let users: Vec<String> = workspace.without_account.iter().map(|user| clean(user)).collect();
        said.push(format!("In the roster, and no account is shown: {}.", users.join(", ")));
    }
    if workspace.state_not_shown > 0 {
        said.push(format!("Left out: {} whose state is not shown.", count(workspace.state_not_shown, "user", "users")));
    }
    said.join(" ")
}

/// Says that somebody may have an account whom the workspace does not show; `None` if that is not so.
pub(in crate::report) fn incomplete(workspace: &WorkspaceUsersDocument) -> Option<String> {
    match (&workspace.incomplete_because, workspace.complete) {
        (Some(why), _) => Some(format!("Some users may be missing: {}.", clean(why))),
        (None, false) => Some("The list is not complete: somebody whom it lacks may have an account.".to_owned()),
        (None, true) => None,
    }
}

/// Says how old a list is, and when each of its tabs was taken.
pub(in crate::report) fn tabs(workspace: &WorkspaceUsersDocument) -> String {
    let at = |taken: &str| taken.parse().map_or_else(|_| clean(taken), when);
    let tabs: Vec<String> = workspace.tabs.iter().map(|tab| format!("{} taken on {}", tab.tab.as_str(), at(&tab.taken))).collect();
    let age = match workspace.age_days {
        0 => "less than a day old".to_owned(),
        1 => "1 day old".to_owned(),
        days => format!("{days} days old"),
    };
    if tabs.is_empty() { "attestations alone".to_owned() } else { format!("a list that is {age} ({})", tabs.join(", ")) }
}

/// Returns what the workspace shows of nobody.
fn nowhere_shown(workspace: &WorkspaceUsersDocument) -> BTreeSet<UserPart> {
    let mut all = workspace.users.iter().map(|user| &user.not_shown);
    let first = all.next().cloned().unwrap_or_default();
    all.fold(first, |common, parts| common.intersection(parts).copied().collect())
}

fn table(text: &mut String, workspace: &WorkspaceUsersDocument, width: Width) {
    let nowhere = nowhere_shown(workspace);
    let mut rights: Vec<(String, Option<PrivilegesSource>)> = Vec::new();
    let mut said: Vec<String> = Vec::new();
    let mut rows: Vec<TableCells> = vec![HEADS.map(str::to_owned)];
    for user in &workspace.users {
        let number = user.privileges.as_ref().map(|own| {
            let own = (with_sources(own, user), user.privileges_from);
            let at = rights.iter().position(|known| *known == own).unwrap_or(rights.len());
            if at == rights.len() {
                rights.push(own);
            }
            format!("see {}", at + 1)
        });
        let numbers: BTreeSet<usize> = user.attested.iter().map(|one| number_of(&mut said, attested(&in_words(one)))).collect();
        rows.push(cells(user, number, &numbers, &nowhere));
    }
    let is_list = workspace.source.is_list();
    let says_nothing = |at: usize| {
        let mut cells = rows.iter().skip(1).filter_map(|row| row.get(at));
        let first = cells.clone().next().filter(|first| first.is_empty() || *first == NOT_SHOWN);
        OPTIONAL.contains(&at) && first.is_some_and(|first| cells.all(|cell| cell == first))
    };
    let are_all_of_one_list = rows.iter().skip(1).all(|row| row.last().is_some_and(|from| from == THE_LIST));
    let columns = if is_list && !are_all_of_one_list { HEADS.len() } else { HEADS.len() - 1 };
    let kept: Vec<usize> = (0..columns).filter(|at| !says_nothing(*at)).collect();
    let shown = |row: &TableCells| kept.iter().filter_map(|at| row.get(*at).cloned()).collect::<Vec<String>>();
    grid::people(text, &rows.iter().map(shown).collect::<Vec<_>>(), width);
    for (at, (set, source)) in rights.into_iter().enumerate() {
        let from = match source {
            Some(PrivilegesSource::Role) => ", from the role",
            Some(PrivilegesSource::RoleAndOwn) => ", from the role and the user's own privileges",
            Some(PrivilegesSource::Server) | None => "",
        };
        wrapped(text, GAP, &format!("Privileges {}{from}: {set}", at + 1), width);
    }
    for (at, said) in said.into_iter().enumerate() {
        wrapped(text, GAP, &format!("Attested {}: {}", at + 1, clean(&said)), width);
    }
}

/// Lists privileges, those from the same sources together.
fn with_sources(privileges: &BTreeSet<String>, user: &UserDocument) -> String {
    let mut together: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for privilege in privileges {
        let sources = user.privilege_sources.get(privilege).into_iter().flatten();
        let words: Vec<&str> = sources.map(|source| source.words.as_str()).collect();
        together.entry(words.join(" and ")).or_default().push(privilege);
    }
    let mut groups: Vec<(String, Vec<&String>)> = together.into_iter().collect();
    groups.sort_by(|(_, a), (_, b)| a.cmp(b));
    let said = groups.into_iter().map(|(words, privileges)| {
        let listed = words::list(privileges);
        if words.is_empty() { listed } else { format!("{listed} ({})", clean(&words)) }
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { words::NOTHING.to_owned() } else { said.join("; ") }
}

/// Returns the number of a text among those that are said below the table, from 1.
fn number_of(said: &mut Vec<String>, text: String) -> usize {
    let at = said.iter().position(|known| *known == text).unwrap_or(said.len());
    if at == said.len() {
        said.push(text);
    }
    at + 1
}

/// Returns what somebody attests, with the time as people read it.
fn in_words(one: &AttestedDocument) -> AttestedDocument {
    AttestedDocument { at: one.at.parse().map_or_else(|_| one.at.clone(), when), ..one.clone() }
}

fn cells(user: &UserDocument, rights: Option<String>, attested: &BTreeSet<usize>, nowhere: &BTreeSet<UserPart>) -> TableCells {
    let cell = |part: UserPart, value: Option<String>| {
        if user.not_shown.contains(&part) { NOT_SHOWN.to_owned() } else { value.unwrap_or_default() }
    };
    let tab = user.tab.map(|tab| if tab.has_everybody() { THE_LIST.to_owned() } else { format!("{} tab", tab.as_str()) });
    let from: Vec<String> = tab.into_iter().chain(attested.iter().map(|number| format!("attested {number}"))).collect();
    [
        user.login.as_ref().map_or_else(|| user.user.clone(), |login| format!("{} ({login})", user.user)),
        cell(UserPart::Name, user.name.clone()),
        state(user, nowhere),
        cell(UserPart::Role, user.role.clone()),
        cell(UserPart::Clinics, user.clinics.as_ref().map(|clinics| words::plain_list(clinics.iter().map(String::as_str)))),
        fields(user),
        cell(UserPart::Privileges, rights),
        from.join("; "),
    ]
    .map(|cell| clean(&cell))
}

/// Says until when a link can be used, or that it cannot; `None` if nothing is known of it.
fn link(state: Option<InvitationState>, until: Option<String>) -> Option<String> {
    match (state, until) {
        (Some(InvitationState::Open), until) => until.map(|day| format!("link until {day}")),
        (Some(InvitationState::Expired), _) | (Some(InvitationState::Killed | InvitationState::Accepted) | None, Some(_)) => {
            Some("link no longer valid".to_owned())
        }
        (Some(InvitationState::Killed | InvitationState::Accepted) | None, None) => None,
    }
}

/// Says what became of the mail with an invitation.
fn mail(delivery: DeliveryState, failure: Option<&str>) -> String {
    let said = match delivery {
        DeliveryState::Queued => "mail queued",
        DeliveryState::HandedOver => "mail handed over",
        DeliveryState::Refused => "mail refused",
        DeliveryState::Uncertain => "mail perhaps sent",
        DeliveryState::Dropped => "mail not sent",
    };
    failure.map_or_else(|| said.to_owned(), |why| format!("{said} ({why})"))
}

/// Says in which state a user is, with its dates.
pub(in crate::report) fn state(user: &UserDocument, nowhere: &BTreeSet<UserPart>) -> String {
    let day = |at: &Option<String>| at.as_deref().and_then(|at| at.get(..10)).map(str::to_owned);
    let mut said = vec![user.state.map_or("state not shown", |state| state_word(user, state)).to_owned()];
    said.extend(day(&user.invited_at).map(|day| format!("invited {day}")));
    said.extend(link(user.link, day(&user.link_until)));
    said.extend(user.delivery.map(|delivery| mail(delivery, user.delivery_failure.as_deref())));
    let dates = BTreeSet::from([UserPart::InvitedAt, UserPart::LinkUntil]);
    if !dates.is_disjoint(&user.not_shown) {
        said.push("dates not shown".to_owned());
    }
    match user.blocked {
        Some(true) => {
            let since = day(&user.blocked_at).map_or_else(String::new, |day| format!(" since {day}"));
            let by = user.blocked_by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            let why = user.blocked_reason.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            let parts = [(UserPart::BlockedAt, "date"), (UserPart::BlockedBy, "author"), (UserPart::BlockedReason, "reason")];
            let unknown: Vec<&str> = parts.iter().filter(|(part, _)| user.not_shown.contains(part)).map(|(_, word)| *word).collect();
            let unknown =
                if unknown.is_empty() { String::new() } else { format!(" ({} not shown)", words::plain_list(unknown.into_iter())) };
            said.push(format!("blocked{since}{by}{why}{unknown}"));
        }
        None if !nowhere.contains(&UserPart::Blocked) => said.push("block not shown".to_owned()),
        None | Some(false) => {}
    }
    said.join(", ")
}
