//! The journal explains a run, even one that was killed. No decision depends on it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::{Action, Digest, OpOutcome, Subject, SubjectRef};

/// One line of the journal.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum JournalLine<'a> {
    /// A run starts.
    Begin {
        /// The workspace.
        workspace: &'a str,
        /// The plan's digest.
        plan: &'a Digest,
        /// The number of its changes.
        changes: usize,
    },
    /// A change is about to be sent.
    Intent {
        /// The workspace.
        workspace: &'a str,
        /// The change's position in the plan.
        change: usize,
        /// The person or thing it changes.
        subject: SubjectRef<'a>,
        /// The kind of change.
        action: Action,
        /// The key of the write.
        key: &'a str,
    },
    /// A change has its outcome.
    Outcome {
        /// The workspace.
        workspace: &'a str,
        /// The change's position in the plan.
        change: usize,
        /// The outcome.
        outcome: &'a OpOutcome,
        /// The number of times that it was tried.
        attempts: u32,
    },
    /// A passcode was made. Nobody has seen it until the program says so with [`JournalLine::PasscodesShown`].
    PasscodeMade {
        /// The workspace.
        workspace: &'a str,
        /// The change's position in the plan.
        change: usize,
    },
    /// All passcodes of the run were shown, or are in a file.
    PasscodesShown,
    /// A run ends.
    End {
        /// The workspace.
        workspace: &'a str,
    },
}

/// An entry as it is read back, with what anybody asks of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum JournalRecord {
    /// See [`JournalLine::Begin`].
    Begin,
    /// See [`JournalLine::Intent`].
    Intent {
        /// The change's position in the plan.
        change: usize,
        /// The person or thing it changes.
        subject: Subject,
        /// The kind of change.
        action: Action,
    },
    /// See [`JournalLine::Outcome`].
    Outcome {
        /// The change's position in the plan.
        change: usize,
    },
    /// See [`JournalLine::PasscodeMade`].
    PasscodeMade {
        /// The change's position in the plan.
        change: usize,
    },
    /// See [`JournalLine::PasscodesShown`].
    PasscodesShown,
    /// See [`JournalLine::End`].
    End,
}

impl JournalRecord {
    /// Reads the lines of a journal. The last line of a run that was killed may be cut off.
    pub fn read(journal: &str) -> impl Iterator<Item = Self> + '_ {
        journal.lines().filter_map(|line| serde_json::from_str(line).ok())
    }
}

/// Records the entries of a run.
pub struct Journal<'a> {
    sink: Box<dyn Write + Send + 'a>,
    place: String,
}

impl<'a> Journal<'a> {
    /// Appends to a file that only its owner can read, and creates it if it does not exist.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { sink: Box::new(private(path)?), place: path.display().to_string() })
    }

    /// Writes to something else, which messages call `place`.
    #[must_use]
    pub fn to(sink: impl Write + Send + 'a, place: &str) -> Self {
        Self { sink: Box::new(sink), place: place.to_owned() }
    }

    /// Returns where it is.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Appends one line and hands it to the system, so that it survives the process.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append(&mut self, entry: &JournalLine<'_>) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry).map_err(io::Error::other)?;
        line.push(b'\n');
        self.sink.write_all(&line)?;
        self.sink.flush()
    }
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_read_back() {
        let (workspace, plan, email) = ("w", Digest("0".to_owned()), "ana@w.example".parse().unwrap());
        let subject = SubjectRef::User(&email);
        let outcome = OpOutcome::AlreadyDone;
        let action = Action::GeneratePasscode;
        let mut written = Vec::new();
        let mut journal = Journal::to(&mut written, "here");
        for entry in [
            JournalLine::Begin { workspace, plan: &plan, changes: 1 },
            JournalLine::Intent { workspace, change: 3, subject, action, key: "k" },
            JournalLine::Outcome { workspace, change: 3, outcome: &outcome, attempts: 1 },
            JournalLine::PasscodeMade { workspace, change: 3 },
            JournalLine::PasscodesShown,
            JournalLine::End { workspace },
        ] {
            journal.append(&entry).unwrap();
        }
        drop(journal);
        let read: Vec<JournalRecord> = JournalRecord::read(std::str::from_utf8(&written).unwrap()).collect();
        let subject = Subject::User(email);
        assert_eq!(
            read,
            [
                JournalRecord::Begin,
                JournalRecord::Intent { change: 3, subject, action },
                JournalRecord::Outcome { change: 3 },
                JournalRecord::PasscodeMade { change: 3 },
                JournalRecord::PasscodesShown,
                JournalRecord::End,
            ]
        );
    }
}
