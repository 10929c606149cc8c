//! Divides users over files: by clinic, by role, and where a file would become too large.

use std::collections::BTreeMap;

use crate::platform::key_of;
use crate::yaml::write::document;

use super::people::ImportedUser;

/// The way in which users are divided over files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// One file for each clinic; users of several clinics, or of none, stay in the workspace's own file.
    Clinic,
    /// One file for each role; users without a role stay in the workspace's own file.
    Role,
}

/// The most bytes of users in one file: a file of a roster has at most 8 MiB, and people add to it.
const MOST: usize = 6 * 1024 * 1024;

/// The users of each file, by what its name ends in; `None` is the workspace's own file, which has `taken` bytes already.
pub(super) fn divide(users: &[ImportedUser], by: Option<By>, taken: usize) -> BTreeMap<Option<String>, Vec<&ImportedUser>> {
    let mut groups: BTreeMap<Option<&str>, Vec<&ImportedUser>> = BTreeMap::new();
    for user in users {
        groups.entry(group(user, by)).or_default().push(user);
    }
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut files: BTreeMap<Option<String>, Vec<&ImportedUser>> = BTreeMap::new();
    for (group, users) in groups {
        let name = group.map(|group| free(&mut names, &key_of(group)));
        let (mut part, mut size) = (1, if group.is_none() { taken } else { 0 });
        for user in users {
            let bytes = size_of(user);
            if size + bytes > MOST && size > 0 {
                (part, size) = (part + 1, 0);
            }
            size += bytes;
            let file = match (&name, part) {
                (name, 1) => name.clone(),
                (Some(name), part) => Some(format!("{name}-{part}")),
                (None, part) => Some(format!("users-{part}")),
            };
            files.entry(file).or_default().push(user);
        }
    }
    files
}

/// Returns about how many bytes an entry has: it is indented, and has its key and its comments above.
fn size_of(user: &ImportedUser) -> usize {
    const COMMENT: usize = 200;
    let text = document(&user.value);
    text.len() + 4 * text.lines().count() + user.email.as_str().len() + user.decisions.len() * COMMENT
}

fn group(user: &ImportedUser, by: Option<By>) -> Option<&str> {
    match (by?, user.clinics.as_slice()) {
        (By::Clinic, [only]) => Some(only),
        (By::Clinic, _) => None,
        (By::Role, _) => user.role.as_deref(),
    }
}

/// The name itself, or with a number if another group has it.
fn free(names: &mut BTreeMap<String, usize>, name: &str) -> String {
    let count = names.entry(name.to_owned()).or_default();
    *count += 1;
    if *count == 1 { name.to_owned() } else { format!("{name}-{count}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Email, RemoteId};
    use crate::yaml::Value;

    fn draft(n: usize, bytes: usize, clinics: &[&str]) -> ImportedUser {
        ImportedUser {
            email: Email::parse(&format!("user{n}@glow.example")).unwrap(),
            id: RemoteId(n.to_string()),
            value: Value::Text("x".repeat(bytes)),
            decisions: Vec::new(),
            clinics: clinics.iter().map(|clinic| (*clinic).to_owned()).collect(),
            role: None,
        }
    }

    #[test]
    fn users_are_divided_by_clinic_and_where_a_file_would_become_too_large() {
        let large = MOST / 2 - 1_000;
        let users = [draft(0, 1, &["a", "b"]), draft(1, large, &["a"]), draft(2, large, &["a"]), draft(3, large, &["a"]), draft(4, 1, &[])];
        let files = |by: Option<By>, taken: usize| {
            let files = divide(&users, by, taken).into_iter();
            files.map(|(file, users)| (file.unwrap_or_default(), users.into_iter().map(|user| user.id.0.clone()).collect())).collect()
        };
        let expected = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(file, ids)| ((*file).to_owned(), (*ids).to_owned())).collect()
        };
        let files: &dyn Fn(Option<By>, usize) -> Vec<(String, String)> = &files;
        assert_eq!(files(Some(By::Clinic), 9), expected(&[("", "04"), ("a", "12"), ("a-2", "3")]));
        assert_eq!(files(None, 9), expected(&[("", "012"), ("users-2", "34")]));
    }

    #[test]
    fn odd_keys_become_parts_of_file_names() {
        assert_eq!(key_of("lead-provider"), "lead-provider");
        assert_eq!(key_of("Lead Provider / Zürich"), "lead-provider-zurich");
        assert_eq!(key_of("../../x"), "x");
        assert_eq!(key_of("院長"), "other");
        let mut names = BTreeMap::new();
        assert_eq!([free(&mut names, "x"), free(&mut names, "x"), free(&mut names, "y")], ["x", "x-2", "y"]);
    }
}
