//! Finds passcodes that an interrupted run made and may not have shown. They cannot be shown again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::state_dir;

/// Lists the users whose passcode the newest run of a workspace began to generate and did not finish.
///
/// Only the journal on this machine records this; without a journal, the list is empty.
pub(in crate::cli) fn of_last_run(roster: &Path, workspace: &str) -> Vec<String> {
    let Some(journal) = newest(&roster.join(state_dir::NAME).join("journals"), workspace) else { return Vec::new() };
    let mut open: BTreeMap<u64, String> = BTreeMap::new();
    for line in fs::read_to_string(journal).unwrap_or_default().lines() {
        // The last line of a run that was killed may be cut off.
        let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
        let Some(change) = entry.get("change").and_then(Value::as_u64) else { continue };
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        match (text("event"), text("action")) {
            (Some("intent"), Some("generate-passcode")) => {
                let user = entry.get("subject").and_then(|subject| subject.get("user")).and_then(Value::as_str);
                open.insert(change, user.unwrap_or_default().to_owned());
            }
            (Some("outcome"), _) => drop(open.remove(&change)),
            _ => {}
        }
    }
    open.into_values().filter(|user| !user.is_empty()).collect()
}

/// Finds the newest journal of a workspace. The names of journals begin with the time.
fn newest(folder: &Path, workspace: &str) -> Option<PathBuf> {
    let journals = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    journals.filter(|path| path.file_name().is_some_and(|name| belongs_to(&name.to_string_lossy(), workspace))).max()
}

/// Returns whether a journal belongs to a workspace. Its name is time, digest and workspace, joined by hyphens; a workspace's name can contain more hyphens.
fn belongs_to(journal: &str, workspace: &str) -> bool {
    journal.splitn(3, '-').nth(2).and_then(|rest| rest.strip_suffix(".jsonl")) == Some(workspace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_of_a_workspace_whose_name_ends_the_same_is_ignored() {
        let journal = "20261128T080429788Z-10f8850a85b3-glow-medspa.jsonl";
        assert!(belongs_to(journal, "glow-medspa"));
        assert!(!belongs_to(journal, "medspa") && !belongs_to(journal, "glow") && !belongs_to("glow-medspa.jsonl", "medspa"));
    }
}
