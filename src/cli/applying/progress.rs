//! A bar on a terminal, and the passcodes that are shown once.

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

/// What goes on in all workspaces of a run.
pub(in crate::cli) struct Bar {
    drawn: ProgressBar,
    terminal: Terminal,
    roster: PathBuf,
    /// The file for passcodes nobody is there to read, once there is one.
    kept: Mutex<Option<PathBuf>>,
    /// The run's name in file names.
    run: String,
}

impl Bar {
    /// A bar over so many changes; it is drawn on a terminal only.
    pub(in crate::cli) fn new(changes: usize, roster: &Path, run: &str, terminal: Terminal) -> Self {
        let bar = ProgressBar::with_draw_target(Some(changes as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self { drawn: bar, terminal, roster: roster.to_owned(), kept: Mutex::new(None), run: run.to_owned() }
    }

    /// Takes the bar away.
    pub(in crate::cli) fn finish(&self) {
        self.drawn.finish_and_clear();
    }

    /// The file that holds passcodes, where nobody was there to read them.
    pub(in crate::cli) fn passcodes(&self) -> Option<PathBuf> {
        self.kept.lock().ok().and_then(|kept| kept.clone())
    }

    /// Appends to a file only its owner can read.
    fn keep(&self, user: &Email, passcode: &Secret) -> anyhow::Result<()> {
        let mut kept = self.kept.lock().map_err(|_| anyhow::anyhow!("the file of passcodes is lost"))?;
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
        self.drawn.set_message(said(change));
    }

    fn waiting(&self, _position: usize, change: &Change, wait: Duration, why: &str) {
        self.drawn.set_message(format!("{}: trying again in {} s ({})", said(change), wait.as_secs().max(1), clean(why)));
    }

    fn finished(&self, _position: usize, _change: &Change, _outcome: &OpOutcome) {
        self.drawn.inc(1);
    }

    fn passcode(&self, user: &Email, passcode: &Secret) {
        if self.terminal.is_watched() {
            self.drawn.suspend(|| self.terminal.say(&format!("New passcode of {user}, shown this once: {}", passcode.expose())));
        } else if let Err(why) = self.keep(user, passcode) {
            // Standard error is a log here, which others read and keep.
            let lost = format!("the new passcode of {user} could not be kept and is lost: mend the folder and generate another one");
            self.terminal.complain(&why.context(lost));
        }
    }
}

fn said(change: &Change) -> String {
    let whom = match change.subject() {
        SubjectRef::Workspace => String::new(),
        SubjectRef::Clinic(key) | SubjectRef::Role(key) | SubjectRef::Employee(key) => format!(" {}", clean(key)),
        SubjectRef::User(email) => format!(" {email}"),
    };
    format!("{}{whom}", change.action().as_str().replace('-', " "))
}
