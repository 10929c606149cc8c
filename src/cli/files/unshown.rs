//! Passcodes that a run made and may not have shown before it was broken off: nothing can tell them again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::state_dir;

/// Whose passcode the newest run of a workspace began to make and never finished, by address.
///
/// Only the journal on this machine knows; where there is none, nobody is named.
pub(in crate::cli) fn passcodes(roster: &Path, workspace: &str) -> Vec<String> {
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

/// The newest journal of a workspace: their names begin with the time.
fn newest(folder: &Path, workspace: &str) -> Option<PathBuf> {
    let journals = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    journals.filter(|path| path.file_name().is_some_and(|name| is_of(&name.to_string_lossy(), workspace))).max()
}

/// Whether a journal is a workspace's own: time, digest and workspace, with hyphens between; the workspace may have more of them.
fn is_of(journal: &str, workspace: &str) -> bool {
    journal.splitn(3, '-').nth(2).and_then(|rest| rest.strip_suffix(".jsonl")) == Some(workspace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_of_another_workspace_whose_name_ends_alike_is_not_taken() {
        let journal = "20261128T080429788Z-10f8850a85b3-glow-medspa.jsonl";
        assert!(is_of(journal, "glow-medspa"));
        assert!(!is_of(journal, "medspa") && !is_of(journal, "glow") && !is_of("glow-medspa.jsonl", "medspa"));
    }
}
