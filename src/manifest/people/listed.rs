//! The users of one workspace, from its own file and from the files that add to it.

use std::collections::BTreeMap;

use crate::model::{BLOCKED, DesiredUser, Email, Status, StepValue};
use crate::platform::Platform;
use crate::yaml::{Finding, Given, NodeRef, Span, Table};

use super::users::{address, stand_in, user};
use crate::manifest::file::File;
use crate::manifest::user_entry::UserEntry;

/// Says that two keys are one login.
pub(in crate::manifest) fn same_login(key: NodeRef<'_>, first: NodeRef<'_>) -> String {
    format!("`{}` is the same login as `{}`", key.text(), first.text())
}

/// The place of a user's entry: the position of its file among those of the workspace, and the nodes of its key and its value.
#[derive(Clone, Copy, Debug)]
pub(in crate::manifest) struct EntryPosition {
    file: usize,
    key: u32,
    node: u32,
}

/// A user's entry.
#[derive(Clone, Copy)]
pub(in crate::manifest) struct PlacedEntry<'a> {
    pub(in crate::manifest) file: &'a File<'a>,
    pub(in crate::manifest) key: NodeRef<'a>,
    pub(in crate::manifest) node: NodeRef<'a>,
}

/// The users of a workspace, with their entries.
pub(in crate::manifest) struct ListedUsers<'a> {
    /// The files of the workspace, its own first.
    files: &'a [File<'a>],
    pub(in crate::manifest) users: BTreeMap<Email, DesiredUser>,
    entries: BTreeMap<Email, EntryPosition>,
    /// Entries whose address is invalid or given twice; they are kept to report their other mistakes.
    others: Vec<(DesiredUser, EntryPosition)>,
}

impl<'a> ListedUsers<'a> {
    /// Reads the users of the tables, one for each file.
    pub(in crate::manifest) fn read(files: &'a [File<'a>], platform: &Platform, tables: &[&Given<Table<UserEntry>>]) -> Self {
        let mut listed = Self { files, users: BTreeMap::new(), entries: BTreeMap::new(), others: Vec::new() };
        for (position, (file, given)) in files.iter().zip(tables).enumerate() {
            if let Some(table) = given.value() {
                listed.add(position, platform, file, file.node(table.0));
            }
        }
        listed
    }

    /// Reads the users of one file's table, and reports an address that is given twice with both places.
    fn add(&mut self, position: usize, platform: &Platform, file: &'a File<'a>, table: NodeRef<'_>) {
        for (key, node) in table.entries() {
            let entry = EntryPosition { file: position, key: key.index(), node: node.index() };
            let Some(email) = address(file, key) else {
                if let Some(stand_in) = stand_in() {
                    self.others.extend(user(file, platform, stand_in, key, node).map(|user| (user, entry)));
                }
                continue;
            };
            if let Some(first) = self.place(&email) {
                let same = first.key.text() == key.text();
                // The same text twice in one map is reported by the parser.
                if !same || first.file.index != file.index {
                    let message = if same { format!("`{}` is listed twice", key.text()) } else { same_login(key, first.key) };
                    let which = if takes_access(first.node) == takes_access(node) {
                        "keep only one entry"
                    } else {
                        "keep only one entry: the one that takes this person's access away, if that is meant"
                    };
                    let case = if same { "" } else { "upper and lower case make no difference in addresses: " };
                    let hint = format!("{case}{which}");
                    let finding = Finding::new("duplicate-user", key.span(), message).hint(hint);
                    file.push(first.beside(file, finding, first.key.span(), "first given here"));
                }
                self.others.extend(user(file, platform, email, key, node).map(|user| (user, entry)));
                continue;
            }
            if let Some(user) = user(file, platform, email.clone(), key, node) {
                self.entries.insert(email.clone(), entry);
                self.users.insert(email, user);
            }
        }
    }

    /// Returns the entry of a user.
    pub(in crate::manifest) fn place(&self, email: &Email) -> Option<PlacedEntry<'a>> {
        self.at(*self.entries.get(email)?)
    }

    fn at(&self, entry: EntryPosition) -> Option<PlacedEntry<'a>> {
        let file = self.files.get(entry.file)?;
        Some(PlacedEntry { file, key: file.node(entry.key), node: file.node(entry.node) })
    }

    /// Lists the users, each with its entry.
    pub(in crate::manifest) fn with_places(&self) -> impl Iterator<Item = (&DesiredUser, PlacedEntry<'a>)> {
        // Both maps have the same addresses in the same order.
        self.users.values().zip(self.entries.values()).filter_map(|(user, entry)| Some((user, self.at(*entry)?)))
    }

    /// Lists all entries, those with an unusable address last.
    pub(in crate::manifest) fn all(&self) -> impl Iterator<Item = (&DesiredUser, PlacedEntry<'a>, bool)> {
        let listed = self.with_places().map(|(user, place)| (user, place, true));
        listed.chain(self.others.iter().filter_map(|(user, entry)| Some((user, self.at(*entry)?, false))))
    }
}

/// Returns whether an entry says that the person is inactive or blocked.
fn takes_access(entry: NodeRef<'_>) -> bool {
    let status = entry.get(StepValue::STATUS).and_then(|status| Status::parse(status.text()));
    status.is_some_and(|status| !status.is_active()) || entry.get(BLOCKED).is_some_and(|block| block.entries().next().is_some())
}

impl PlacedEntry<'_> {
    /// Names a part of this entry as the second place of a finding in a file.
    pub(in crate::manifest) fn beside(&self, file: &File<'_>, finding: Finding, span: Span, label: &'static str) -> Finding {
        if self.file.index == file.index { finding.also(span, label) } else { finding.also_in(self.file.index, span, label) }
    }
}
