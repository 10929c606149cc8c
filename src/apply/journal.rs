//! The journal explains a run, even one that was killed. No decision depends on it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::model::{Action, Digest, OpOutcome, SubjectRef};

/// One line of the journal.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Entry<'a> {
    /// A run starts.
    Begin {
        /// The workspace.
        workspace: &'a str,
        /// The plan's digest.
        plan: &'a Digest,
        /// How many changes it has.
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
        /// How often it was tried.
        attempts: u32,
    },
    /// A passcode was made. Nobody has seen it until the program says so with [`Entry::PasscodesShown`].
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
    pub fn append(&mut self, entry: &Entry<'_>) -> io::Result<()> {
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
