//! Finds passcodes that an interrupted run made and may not have shown. They cannot be shown again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::path_text::shown;
use super::{kept_file, state_dir};
use crate::apply::JournalRecord;
use crate::cli::terminal::Terminal;
use crate::model::Subject;
use crate::report::sentences;

/// The reason why nobody may have seen a passcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnseenReason {
    /// The run ended while the workspace made it.
    Interrupted,
    /// It was made, and the run ended before it showed it.
    NotShown,
}

/// Says which passcodes the newest run of each workspace made, or may have made, without showing them. Of each workspace there is the time
/// on its clock, epoch milliseconds.
pub(in crate::cli) fn warn<'w>(roster: &Path, workspaces: impl Iterator<Item = (&'w str, i64)>, terminal: Terminal) {
    for (workspace, now) in workspaces {
        let another = sentences::make_another_passcode(now);
        for (user, seen) in of_last_run(roster, workspace) {
            terminal.warn(&match seen {
                UnseenReason::Interrupted => format!(
                    "{workspace}: the last run was interrupted while it generated a passcode for {user}; if nobody has seen that passcode, \
                     {another}"
                ),
                UnseenReason::NotShown => format!(
                    "{workspace}: the last run made a passcode for {user} and was interrupted before it showed it. Unless it is in the file \
                     given with --passcodes, or in one whose name begins with `{}` in `{}`, {another}",
                    kept_file::PASSCODES,
                    shown(&std::env::temp_dir())
                ),
            });
        }
    }
}

/// Lists the users whose passcode the newest run of a workspace began to generate and did not show.
///
/// Only the journal on this machine records this; without a journal, the list is empty.
fn of_last_run(roster: &Path, workspace: &str) -> Vec<(String, UnseenReason)> {
    let journal = newest(&roster.join(state_dir::NAME).join("journals"), workspace);
    // A run that is still going on shows them itself.
    journal.filter(|path| !is_in_use(path)).map(|path| unseen(&fs::read_to_string(path).unwrap_or_default())).unwrap_or_default()
}

/// Keeps other runs from taking a journal for that of an interrupted run, until the result is dropped.
pub(in crate::cli) fn hold(journal: &Path) -> Option<fs::File> {
    // On other systems, a lock would keep the run itself from writing.
    let file = fs::File::open(journal).ok().filter(|_| cfg!(unix))?;
    file.try_lock().ok().map(|()| file)
}

fn is_in_use(journal: &Path) -> bool {
    match fs::File::open(journal).map(|file| file.try_lock_shared()) {
        Ok(Err(fs::TryLockError::WouldBlock)) => true,
        Ok(Ok(()) | Err(fs::TryLockError::Error(_))) | Err(_) => false,
    }
}

/// Lists them from the text of a journal.
fn unseen(journal: &str) -> Vec<(String, UnseenReason)> {
    let mut found: BTreeMap<usize, (String, UnseenReason)> = BTreeMap::new();
    for entry in JournalRecord::read(journal) {
        match entry {
            JournalRecord::PasscodesShown => found.clear(),
            JournalRecord::Intent { change, subject, action } => {
                if let (Subject::User(user), true) = (subject, action.makes_passcode()) {
                    found.insert(change, (user.as_str().to_owned(), UnseenReason::Interrupted));
                }
            }
            JournalRecord::PasscodeMade { change } => {
                found.entry(change).and_modify(|(_, seen)| *seen = UnseenReason::NotShown);
            }
            JournalRecord::Outcome { change } => {
                found.retain(|other, (_, seen)| *other != change || *seen == UnseenReason::NotShown);
            }
            JournalRecord::Begin | JournalRecord::End => {}
        }
    }
    found.into_values().collect()
}

/// Returns whether a run of a workspace has begun and left its journal on this machine.
pub(super) fn has_journal(roster: &Path, workspace: &str) -> bool {
    let newest = newest(&roster.join(state_dir::NAME).join("journals"), workspace);
    newest.is_some_and(|path| JournalRecord::read(&fs::read_to_string(path).unwrap_or_default()).next().is_some())
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
    fn a_passcode_is_unseen_until_the_journal_says_that_it_was_shown() {
        let intent = r#"{"event":"intent","workspace":"w","change":3,"subject":{"user":"ana@w.example"},"action":"generate-passcode"}"#;
        let made = r#"{"event":"passcode-made","workspace":"w","change":3}"#;
        let outcome = r#"{"event":"outcome","workspace":"w","change":3,"outcome":"already-done"}"#;
        let shown = r#"{"event":"passcodes-shown"}"#;
        let told = |lines: &[&str]| unseen(&lines.join("\n")).into_iter().map(|(user, seen)| (user.len(), seen)).collect::<Vec<_>>();
        assert_eq!(told(&[intent]), [(13, UnseenReason::Interrupted)]);
        assert_eq!(told(&[intent, outcome]), [], "the workspace refused, or an earlier version of this program showed it");
        assert_eq!(told(&[intent, made, outcome, "{"]), [(13, UnseenReason::NotShown)]);
        assert_eq!(told(&[intent, made, outcome, shown]), []);
    }

    #[cfg(unix)]
    #[test]
    fn a_journal_of_a_run_that_goes_on_is_not_that_of_an_interrupted_one() {
        let roster = tempfile::tempdir().unwrap();
        let folder = roster.path().join(state_dir::NAME).join("journals");
        fs::create_dir_all(&folder).unwrap();
        let journal = folder.join("20261128T080429788Z-10f8850a85b3-w.jsonl");
        let intent = r#"{"event":"intent","workspace":"w","change":3,"subject":{"user":"ana@w.example"},"action":"generate-passcode"}"#;
        fs::write(&journal, intent).unwrap();
        let held = hold(&journal).unwrap();
        assert_eq!(of_last_run(roster.path(), "w"), []);
        drop(held);
        assert_eq!(of_last_run(roster.path(), "w"), [("ana@w.example".to_owned(), UnseenReason::Interrupted)]);
    }

    #[test]
    fn a_journal_of_a_workspace_whose_name_ends_the_same_is_ignored() {
        let journal = "20261128T080429788Z-10f8850a85b3-glow-medspa.jsonl";
        assert!(belongs_to(journal, "glow-medspa"));
        assert!(!belongs_to(journal, "medspa") && !belongs_to(journal, "glow") && !belongs_to("glow-medspa.jsonl", "medspa"));
    }
}
