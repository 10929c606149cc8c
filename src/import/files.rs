//! Puts what is imported into the files of a roster, by splicing: what a person wrote stays as it is.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::manifest::Source;
use crate::model::{Email, NotImported};
use crate::platform::Catalog;
use crate::report::sentences;
use crate::yaml::edit::{DocumentEdit, EditError, NewEntry, add_comments, edit, entry_lines, keys};
use crate::yaml::{PathStep, Value};

use super::people::ImportedUser;
use super::records::Records;
use super::{ImportError, Request, comment, groups};

/// The first key of a file with users of a workspace.
const USERS_OF: &str = "users_of";

/// Makes the files with everything that is imported; also says whether a comment names the accounts that are not.
pub(super) fn compose(
    request: &Request<'_>,
    main_admin: Option<&Email>,
    records: &Records,
    users: &[ImportedUser],
    not_imported: &[NotImported],
    catalog: &Catalog,
) -> Result<(Vec<Source>, bool), ImportError> {
    let own = request.desired.place.file.as_ref();
    let bytes = |name: &str| request.sources.files.iter().find(|file| file.name == name).map(|file| file.bytes.as_slice());
    let old = bytes(own).unwrap_or_default();
    let mut divided = groups::divide(users, request.by, old.len());
    let in_own = divided.remove(&None).unwrap_or_default();
    let is_first = !request.is_update || request.desired.users.is_empty();
    let failed = |file: &str| {
        let file = file.to_owned();
        move |why: EditError| ImportError::Edit { file, why }
    };
    let mut files = Vec::new();
    let head =
        FileBeginning { main_admin, is_first, needs_users: !in_own.is_empty() || (is_first && divided.is_empty()), not_imported, catalog };
    let (new, says) = own_file(old, &head, records, &in_own).map_err(failed(own))?;
    if new != old {
        files.push(Source { name: own.to_owned(), bytes: new });
    }
    for (group, users) in divided {
        let name = beside(own, &request.desired.workspace, group.as_deref().unwrap_or_default());
        let workspace = &request.desired.workspace;
        let begun = match bytes(&name) {
            None => format!("{USERS_OF}: {workspace}\nusers: {{}}\n").into_bytes(),
            Some(old) if keys(old).map_err(failed(&name))?.first().is_some_and(|first| first == USERS_OF) => old.to_owned(),
            Some(_) => return Err(ImportError::OtherFile { file: name, workspace: workspace.clone() }),
        };
        let bytes = add(&begun, "users", entries(&users)).map_err(failed(&name))?;
        files.push(Source { name, bytes });
    }
    Ok((files, says))
}

/// The name of a file for some of the users, beside the workspace's own.
fn beside(own: &str, workspace: &str, group: &str) -> String {
    let folder = own.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    format!("{folder}{workspace}-{group}.yaml")
}

/// The content of the workspace's own file besides records and users.
struct FileBeginning<'a> {
    main_admin: Option<&'a Email>,
    /// Says whether the roster has no users yet.
    is_first: bool,
    /// Says whether the file gets the key `users`.
    needs_users: bool,
    not_imported: &'a [NotImported],
    catalog: &'a Catalog,
}

/// Adds to the workspace's own file, and says whether it names the accounts that are not imported.
fn own_file(old: &[u8], head: &FileBeginning<'_>, records: &Records, users: &[&ImportedUser]) -> Result<(Vec<u8>, bool), EditError> {
    let known = keys(old)?;
    let has = |key: &str| known.iter().any(|known| known == key);
    let mut top: Vec<NewEntry> = Vec::new();
    let mut begin = |key: &str, value: Value| {
        // Only a block of lines is set off.
        let above = if let Value::Text(_) = value { Vec::new() } else { vec![String::new()] };
        top.push(NewEntry { above, key: key.to_owned(), value });
    };
    let admin = head.main_admin.filter(|_| head.is_first && !has("main_admin"));
    if let Some(admin) = admin {
        begin("main_admin", Value::Text(admin.as_str().to_owned()));
    }
    if head.is_first && !has("manage") {
        begin("manage", Value::Text("additive".to_owned()));
    }
    for (key, entries) in [("clinics", &records.clinics), ("roles", &records.roles)] {
        if !entries.is_empty() && !has(key) {
            begin(key, Value::Map(entries.clone()));
        }
    }
    let employees = || records.employees.iter().map(|(_, value)| value.clone());
    if !records.employees.is_empty() && !has("employees") {
        begin("employees", Value::List(employees().collect()));
    }
    if head.needs_users && !has("users") {
        begin("users", Value::Map(Vec::new()));
    }
    let lines = not_imported(head);
    let is_above = head.is_first && !top.is_empty();
    if let (Some(last), true, false) = (top.last_mut(), is_above, lines.is_empty()) {
        last.above.push(sentences::not_imported_heading(lines.len()));
        last.above.extend(lines.iter().cloned());
    }
    let mut bytes = if top.is_empty() { old.to_owned() } else { edit(old, &[], &DocumentEdit::AddEntries(top))? };
    for (key, new) in [("clinics", &records.clinics), ("roles", &records.roles)] {
        if has(key) && !new.is_empty() {
            let entry = |(key, value): &(String, Value)| NewEntry { above: Vec::new(), key: key.clone(), value: value.clone() };
            bytes = add(&bytes, key, new.iter().map(entry).collect())?;
        }
    }
    if has("employees") {
        for record in employees() {
            bytes = edit(&bytes, &[PathStep::Key("employees".to_owned())], &DocumentEdit::AddItem(record))?;
        }
    }
    if !users.is_empty() {
        bytes = add(&bytes, "users", entries(users))?;
    }
    if is_above || lines.is_empty() {
        return Ok((bytes, !lines.is_empty()));
    }
    Ok(match add_comments(&bytes, sentences::not_imported_heading, &lines) {
        Ok(bytes) => (bytes, true),
        // The screen then names them.
        Err(_) => (bytes, false),
    })
}

/// Adds entries to the map under an outermost key.
fn add(bytes: &[u8], key: &str, new: Vec<NewEntry>) -> Result<Vec<u8>, EditError> {
    edit(bytes, &[PathStep::Key(key.to_owned())], &DocumentEdit::AddEntries(new))
}

/// The entries of users, with what a person must decide above them.
fn entries(users: &[&ImportedUser]) -> Vec<NewEntry> {
    let entry = |user: &&ImportedUser| NewEntry {
        above: user.decisions.iter().map(|decision| comment(&sentences::decision(decision))).collect(),
        key: user.email.as_str().to_owned(),
        value: user.value.clone(),
    };
    users.iter().map(entry).collect()
}

/// The lines of a comment about the accounts that are not imported.
fn not_imported(head: &FileBeginning<'_>) -> Vec<String> {
    let FileBeginning { not_imported, catalog, .. } = head;
    not_imported.iter().map(|one| format!("- {}", comment(&sentences::not_imported(one, catalog)))).collect()
}

/// The users whose entries the lines of a file belong to, among those that were imported.
pub(super) struct Owners<'d>(Vec<(Range<u32>, &'d Email)>);

impl<'d> Owners<'d> {
    /// Looks through a file.
    pub(super) fn new(file: &Source, users: &'d [ImportedUser]) -> Self {
        let imported: BTreeMap<&str, &Email> = users.iter().map(|user| (user.email.as_str(), &user.email)).collect();
        let entries = entry_lines(&file.bytes, "users").unwrap_or_default();
        Self(entries.into_iter().filter_map(|(key, lines)| Some((lines, *imported.get(key.as_str())?))).collect())
    }

    /// The owner of a line, from 1.
    pub(super) fn at(&self, line: u32) -> Option<&'d Email> {
        let next = self.0.partition_point(|(lines, _)| lines.start <= line);
        self.0.get(next.checked_sub(1)?).filter(|(lines, _)| lines.contains(&line)).map(|(_, email)| *email)
    }
}
