//! Divides users over files: by clinic, by role, and where a file would become too large.

use std::collections::BTreeMap;

use crate::platform::key_of;
use crate::yaml::write::document;

use super::people::Draft;

/// How users are divided over files.
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
pub(super) fn divide(users: &[Draft], by: Option<By>, taken: usize) -> BTreeMap<Option<String>, Vec<&Draft>> {
    let mut groups: BTreeMap<Option<&str>, Vec<&Draft>> = BTreeMap::new();
    for user in users {
        groups.entry(group(user, by)).or_default().push(user);
    }
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut files: BTreeMap<Option<String>, Vec<&Draft>> = BTreeMap::new();
    for (group, users) in groups {
        let name = group.map(|group| free(&mut names, &key_of(group)));
        let (mut part, mut size) = (1, if group.is_none() { taken } else { 0 });
        for user in users {
            let bytes = document(&user.value).len() * 2;
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

fn group(user: &Draft, by: Option<By>) -> Option<&str> {
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
