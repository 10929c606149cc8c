//! Users as a table of at most 96 columns for a terminal: long cells go on in the next line, and rights are listed once below the table.

use std::collections::BTreeSet;

use crate::report::clean::clean;
use crate::report::document::UnreadDocument;
use crate::report::sentences::user_list::when;
use crate::report::words::{self, count};

use super::csv::{NOT_SHOWN, attested, standing};
use super::document::{PrivilegesSource, UserDocument, UserPart, UsersDocument, UsersSource, WorkspaceUsersDocument};
use super::not_shown;

/// The maximum number of columns of a line.
const WIDTH: usize = 96;
/// The spaces before a line, and between two columns.
const GAP: &str = "  ";
/// A column is never narrower, however wide the others are.
const NARROWEST: usize = 8;

const HEADS: [&str; 7] = ["USER", "NAME", "STATE", "ROLE", "CLINICS", "RIGHTS", "KNOWN FROM"];

type Cells = [String; HEADS.len()];

/// Renders all workspaces, first those that were read.
pub(super) fn render(document: &UsersDocument) -> String {
    let mut text = String::new();
    for workspace in &document.workspaces {
        wrapped(&mut text, "", &heading(workspace));
        if !workspace.users.is_empty() {
            table(&mut text, workspace);
        }
        text.push('\n');
    }
    for UnreadDocument { workspace, error } in &document.unread {
        wrapped(&mut text, "", &format!("{} could not be read: {}", clean(workspace), clean(error)));
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
    match (&workspace.incomplete_because, workspace.complete) {
        (Some(why), _) => said.push(format!("Some users may be missing: {}.", clean(why))),
        (None, false) => said.push("The list is not complete: somebody whom it lacks may have an account.".to_owned()),
        (None, true) => {}
    }
    let nowhere = nowhere_shown(workspace);
    if !nowhere.is_empty() {
        said.push(format!("Not shown: {}.", not_shown(&nowhere)));
    }
    if workspace.state_not_shown > 0 {
        said.push(format!("Left out: {} whose state is not shown.", count(workspace.state_not_shown, "user", "users")));
    }
    said.join(" ")
}

fn tabs(workspace: &WorkspaceUsersDocument) -> String {
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

fn table(text: &mut String, workspace: &WorkspaceUsersDocument) {
    let nowhere = nowhere_shown(workspace);
    let mut rights: Vec<(&BTreeSet<String>, Option<PrivilegesSource>)> = Vec::new();
    let mut rows: Vec<Cells> = vec![HEADS.map(str::to_owned)];
    for user in &workspace.users {
        let number = user.privileges.as_ref().map(|own| {
            let own = (own, user.privileges_from);
            let at = rights.iter().position(|known| *known == own).unwrap_or(rights.len());
            if at == rights.len() {
                rights.push(own);
            }
            (at + 1).to_string()
        });
        rows.push(cells(user, number, &nowhere));
    }
    let is_list = workspace.source == UsersSource::List;
    let shown: Vec<usize> = (0..HEADS.len()).filter(|column| is_list || *column + 1 < HEADS.len()).collect();
    let widths = widths(&rows, &shown);
    for row in &rows {
        let columns: Vec<Vec<String>> =
            shown.iter().zip(&widths).map(|(column, width)| wrap(row.get(*column).map_or("", String::as_str), *width)).collect();
        for line in 0..columns.iter().map(Vec::len).max().unwrap_or_default() {
            let mut whole = String::new();
            for (column, width) in columns.iter().zip(&widths) {
                let cell = column.get(line).map_or("", String::as_str);
                whole.push_str(GAP);
                whole.push_str(cell);
                whole.push_str(&" ".repeat(width.saturating_sub(cell.chars().count())));
            }
            text.push_str(whole.trim_end());
            text.push('\n');
        }
    }
    for (at, (set, source)) in rights.into_iter().enumerate() {
        let from = match source {
            Some(PrivilegesSource::Role) => ", from the role",
            Some(PrivilegesSource::Server) | None => "",
        };
        wrapped(text, GAP, &format!("Rights {}{from}: {}", at + 1, words::list(set)));
    }
}

fn cells(user: &UserDocument, rights: Option<String>, nowhere: &BTreeSet<UserPart>) -> Cells {
    let cell = |part: UserPart, value: Option<String>| {
        if user.not_shown.contains(&part) { NOT_SHOWN.to_owned() } else { value.unwrap_or_default() }
    };
    let mut from: Vec<String> = user.tab.iter().map(|tab| format!("{} tab", tab.as_str())).collect();
    from.extend(user.attested.iter().map(|one| {
        let at = one.at.parse().map_or_else(|_| one.at.clone(), when);
        attested(&super::document::AttestedDocument { at, ..one.clone() })
    }));
    [
        user.user.clone(),
        cell(UserPart::Name, user.name.clone()),
        state(user, nowhere),
        cell(UserPart::Role, user.role.clone()),
        cell(UserPart::Clinics, user.clinics.as_ref().map(|clinics| words::plain_list(clinics.iter().map(String::as_str)))),
        cell(UserPart::Privileges, rights),
        from.join("; "),
    ]
    .map(|cell| clean(&cell))
}

/// Says in which state a user is, with its dates.
fn state(user: &UserDocument, nowhere: &BTreeSet<UserPart>) -> String {
    let day = |at: &Option<String>| at.as_deref().and_then(|at| at.get(..10)).map(str::to_owned);
    let mut said = vec![user.state.map_or(NOT_SHOWN, standing).to_owned()];
    said.extend(day(&user.invited_at).map(|day| format!("invited {day}")));
    let is_open = user.link.as_deref() == Some("open");
    said.extend(day(&user.link_until).map(|day| if is_open { format!("link until {day}") } else { "link no longer valid".to_owned() }));
    if [UserPart::InvitedAt, UserPart::LinkUntil].iter().any(|part| user.not_shown.contains(part)) {
        said.push("dates not shown".to_owned());
    }
    match user.blocked {
        Some(true) => {
            let since = day(&user.blocked_at).map_or_else(String::new, |day| format!(" since {day}"));
            let by = user.blocked_by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            let why = user.blocked_reason.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            said.push(format!("blocked{since}{by}{why}"));
            let parts = BTreeSet::from([UserPart::BlockedAt, UserPart::BlockedBy, UserPart::BlockedReason]);
            let unknown: BTreeSet<UserPart> = user.not_shown.intersection(&parts).copied().collect();
            if !unknown.is_empty() {
                said.push(format!("{} not shown", not_shown(&unknown)));
            }
        }
        None if !nowhere.contains(&UserPart::Blocked) => said.push("block not shown".to_owned()),
        None | Some(false) => {}
    }
    said.join(", ")
}

/// Returns the widths of the shown columns: as wide as their cells, the widest ones narrowed until a line fits. Words are broken only if
/// narrowing to the longest words is not enough.
fn widths(rows: &[Cells], shown: &[usize]) -> Vec<usize> {
    let cells = |column: &usize| -> Vec<&str> { rows.iter().filter_map(|row| row.get(*column)).map(String::as_str).collect() };
    let length = |text: &str| text.chars().count();
    let longest_word = |cell: &&str| cell.split(' ').map(length).max();
    let mut columns: Vec<(usize, usize)> = (shown.iter().map(cells))
        .map(|cells| {
            let widest = cells.iter().map(|cell| length(cell)).max().unwrap_or_default();
            (widest, cells.iter().filter_map(longest_word).max().unwrap_or_default())
        })
        .collect();
    for breaks_words in [false, true] {
        while columns.iter().map(|(width, _)| width + GAP.len()).sum::<usize>() > WIDTH {
            let least = |word: usize| if breaks_words { NARROWEST } else { word.max(NARROWEST) };
            let narrowed = columns.iter_mut().filter(|(width, word)| *width > least(*word)).max_by_key(|(width, _)| *width);
            let Some((width, _)) = narrowed else { break };
            *width -= 1;
        }
    }
    columns.into_iter().map(|(width, _)| width).collect()
}

/// Breaks a cell at spaces, and a word that is too long anywhere.
fn wrap(cell: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for word in cell.split(' ') {
        let length = word.chars().count();
        if columns > 0 && columns + 1 + length <= width {
            columns += 1;
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
        } else if columns > 0 {
            lines.push(String::new());
            columns = 0;
        }
        for letter in word.chars() {
            if columns == width {
                lines.push(String::new());
                columns = 0;
            }
            lines.last_mut().into_iter().for_each(|line| line.push(letter));
            columns += 1;
        }
    }
    lines
}

/// Adds a text that goes on in lines with the same margin.
fn wrapped(text: &mut String, margin: &str, said: &str) {
    for line in wrap(said, WIDTH - margin.len()) {
        text.push_str(margin);
        text.push_str(&line);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cells_go_on_in_the_next_line_and_no_line_is_too_wide() {
        assert_eq!(wrap("pending, invited 2026-11-20", 10), ["pending,", "invited", "2026-11-20"]);
        assert_eq!(wrap("a.very.long@address.example", 10), ["a.very.lon", "g@address.", "example"]);
        assert_eq!(wrap("", 10), [""]);
        let long = "x".repeat(60);
        let rows = [HEADS.map(str::to_owned), std::array::from_fn(|_| long.clone())];
        let widths = widths(&rows, &[0, 1, 2, 3, 4, 5, 6]);
        assert!(widths.iter().sum::<usize>() + GAP.len() * widths.len() <= WIDTH, "{widths:?}");
    }
}
