//! Users as CSV for a spreadsheet. The columns stay in this order; new ones are added at the end.

use std::collections::BTreeSet;

use crate::model::{BLOCKED, DeliveryState, InvitationState, Standing, StepKind};
use crate::report::log::csv::known_in_words;
use crate::report::separated::line;

use super::document::{AttestedDocument, UserDocument, UserPart, UsersDocument, UsersSource, WorkspaceUsersDocument};

/// The text of a cell whose value is unknown.
pub(in crate::report) const NOT_SHOWN: &str = "not shown";

const COLUMNS: [&str; 22] = [
    "workspace",
    "user",
    "name",
    "state",
    "invited_at",
    "link_until",
    "link",
    BLOCKED,
    "blocked_at",
    "blocked_by",
    "blocked_reason",
    "role",
    "clinics",
    "privileges",
    "privileges_from",
    "source",
    "as_of",
    "attested",
    "fields",
    "login",
    "delivery",
    "delivery_failure",
];

/// Renders the users of all workspaces that were read.
pub(super) fn render(document: &UsersDocument) -> String {
    let mut text = String::new();
    line(&mut text, &COLUMNS);
    for workspace in &document.workspaces {
        for user in &workspace.users {
            line(&mut text, &cells(workspace, user));
        }
    }
    text
}

fn cells(workspace: &WorkspaceUsersDocument, user: &UserDocument) -> [String; COLUMNS.len()] {
    let cell = |part: UserPart, value: Option<String>| {
        if user.not_shown.contains(&part) { NOT_SHOWN.to_owned() } else { value.unwrap_or_default() }
    };
    [
        workspace.workspace.clone(),
        user.user.clone(),
        cell(UserPart::Name, user.name.clone()),
        cell(UserPart::State, user.state.map(|state| state_word(user, state).to_owned())),
        cell(UserPart::InvitedAt, user.invited_at.clone()),
        cell(UserPart::LinkUntil, user.link_until.clone()),
        user.link.map_or("", InvitationState::as_str).to_owned(),
        cell(UserPart::Blocked, user.blocked.map(|blocked| if blocked { "yes" } else { "no" }.to_owned())),
        cell(UserPart::BlockedAt, user.blocked_at.clone()),
        cell(UserPart::BlockedBy, user.blocked_by.clone()),
        cell(UserPart::BlockedReason, user.blocked_reason.clone()),
        cell(UserPart::Role, user.role.clone()),
        cell(UserPart::Clinics, user.clinics.as_ref().map(joined)),
        cell(UserPart::Privileges, user.privileges.as_ref().map(joined)),
        user.privileges_from.map_or("", |source| source.as_str()).to_owned(),
        source(workspace, user),
        user.as_of.clone().unwrap_or_default(),
        user.attested.iter().map(attested).collect::<Vec<_>>().join("; "),
        fields(user),
        user.login.clone().unwrap_or_default(),
        user.delivery.map_or("", DeliveryState::as_str).to_owned(),
        user.delivery_failure.clone().unwrap_or_default(),
    ]
}

/// Lists the fields that only the platform's definition has.
pub(super) fn fields(user: &UserDocument) -> String {
    let said = |value: &String| if value.is_empty() { "(none)".to_owned() } else { value.clone() };
    user.fields.iter().map(|(key, value)| format!("{key}: {}", said(value))).collect::<Vec<_>>().join("; ")
}

/// Returns the word for the state of a user: where nobody can be inactive, somebody who was taken away was removed.
pub(super) const fn state_word(user: &UserDocument, state: Standing) -> &'static str {
    if user.removed { "removed" } else { state.as_str() }
}

fn joined(entries: &BTreeSet<String>) -> String {
    entries.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
}

/// Says where a user is known from.
fn source(workspace: &WorkspaceUsersDocument, user: &UserDocument) -> String {
    match (workspace.source, user.tab) {
        (UsersSource::Server, _) => "read now".to_owned(),
        (UsersSource::NotCreated, _) => "not created yet".to_owned(),
        (UsersSource::List, Some(tab)) => format!("list: {}", tab.as_str()),
        (UsersSource::List, None) => "attested only".to_owned(),
    }
}

/// Says who attests what, since when, and what the list says about it.
pub(in crate::report) fn attested(one: &AttestedDocument) -> String {
    let (said, but) = if one.known.is_contradicted() { ("ticked", "but ") } else { ("attested", "") };
    let what = if StepKind::parse(&one.change).is_some_and(StepKind::is_look) { "a look" } else { one.words.as_str() };
    format!("{what} {said} by {} on {}, {but}{}", one.by, one.at, known_in_words(one.known, &one.not_shown))
}

#[cfg(test)]
mod tests {
    use super::super::document::{PrivilegesSource, UserPart};
    use super::*;

    fn with(user: UserDocument) -> UsersDocument {
        let workspace = WorkspaceUsersDocument {
            workspace: "spa".to_owned(),
            platform: "generic".to_owned(),
            source: UsersSource::List,
            as_of: None,
            age_days: 0,
            complete: true,
            incomplete_because: None,
            tabs: Vec::new(),
            users: vec![user],
            without_account: Vec::new(),
            state_not_shown: 0,
        };
        UsersDocument { format: 1, workspaces: vec![workspace], unread: Vec::new() }
    }

    #[test]
    fn an_unknown_cell_differs_from_an_empty_one_and_a_reader_gets_every_cell_back() {
        let user = UserDocument {
            user: "ana@spa.example".to_owned(),
            name: Some("=Ana, \"A\"".to_owned()),
            state: Some(Standing::Active),
            clinics: Some(BTreeSet::new()),
            privileges: Some(BTreeSet::from(["a".to_owned(), "b".to_owned()])),
            privileges_from: Some(PrivilegesSource::Role),
            not_shown: BTreeSet::from([UserPart::Role, UserPart::Blocked]),
            ..UserDocument::default()
        };
        let text = render(&with(user));
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(heads, COLUMNS);
        let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let cell = |name: &str| &rows[0][heads.iter().position(|head| head == name).unwrap()];
        assert_eq!(rows.len(), 1);
        assert_eq!((cell("role"), cell("clinics"), cell("blocked"), cell("blocked_at")), (NOT_SHOWN, "", NOT_SHOWN, ""));
        assert_eq!((cell("name"), cell("privileges"), cell("source")), ("'=Ana, \"A\"", "a; b", "attested only"));
    }
}
