//! Shows a progress bar on a terminal, and each new passcode once.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::Progress;
use crate::model::{Change, Email, OpOutcome, Secret, SubjectRef};
use crate::report::clean;

use crate::cli::files::state_dir;
use crate::cli::terminal::Terminal;

/// The progress of a run over all its workspaces.
pub(in crate::cli) struct Bar {
    drawn: ProgressBar,
    terminal: Terminal,
    roster: PathBuf,
    /// The file of passcodes, once one was written because nobody watches the terminal.
    kept: Mutex<Option<PathBuf>>,
    /// The name of the run in file names.
    run: String,
}

impl Bar {
    /// Makes a bar for a number of changes. It is drawn only on a terminal.
    pub(in crate::cli) fn new(changes: usize, roster: &Path, run: &str, terminal: Terminal) -> Self {
        let bar = ProgressBar::with_draw_target(Some(changes as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self { drawn: bar, terminal, roster: roster.to_owned(), kept: Mutex::new(None), run: run.to_owned() }
    }

    /// Removes the bar.
    pub(in crate::cli) fn finish(&self) {
        self.drawn.finish_and_clear();
    }

    /// Returns the file of passcodes, if one was written.
    pub(in crate::cli) fn passcodes(&self) -> Option<PathBuf> {
        self.kept.lock().ok().and_then(|kept| kept.clone())
    }

    /// Appends a passcode to a file that only its owner can read.
    fn save_passcode(&self, user: &Email, passcode: &Secret) -> anyhow::Result<()> {
        let mut kept = self.kept.lock().map_err(|_| anyhow::anyhow!("the file of passcodes is not available"))?;
        let path = match kept.as_ref() {
            Some(path) => path.clone(),
            None => state_dir::make(&self.roster, Some("passcodes"))?.join(format!("{}.txt", self.run)),
        };
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        file.write_all(format!("{user} {}\n", passcode.expose()).as_bytes())?;
        file.sync_all()?;
        *kept = Some(path);
        Ok(())
    }
}

impl Progress for Bar {
    fn started(&self, _position: usize, change: &Change) {
        self.drawn.set_message(describe(change));
    }

    fn waiting(&self, _position: usize, change: &Change, wait: Duration, why: &str) {
        self.drawn.set_message(format!("{}: retrying in {} s ({})", describe(change), wait.as_secs().max(1), clean(why)));
    }

    fn finished(&self, _position: usize, _change: &Change, _outcome: &OpOutcome) {
        self.drawn.inc(1);
    }

    fn passcode(&self, user: &Email, passcode: &Secret) {
        if self.terminal.is_watched() {
            self.drawn.suspend(|| self.terminal.say(&format!("New passcode for {user}, shown only once: {}", passcode.expose())));
        } else if let Err(why) = self.save_passcode(user, passcode) {
            // Stderr may be a log here, which other people read and keep.
            let lost =
                format!("the new passcode for {user} could not be saved and is lost: fix the folder, then generate another passcode");
            self.terminal.complain(&why.context(lost));
        }
    }
}

fn describe(change: &Change) -> String {
    let whom = match change.subject() {
        SubjectRef::Workspace => String::new(),
        SubjectRef::Clinic(key) | SubjectRef::Role(key) | SubjectRef::Employee(key) => format!(" {}", clean(key)),
        SubjectRef::User(email) => format!(" {email}"),
    };
    format!("{}{whom}", change.action().as_str().replace('-', " "))
}
