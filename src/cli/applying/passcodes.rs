//! Takes new passcodes to the person who applies a plan: last on the screen, or into a file. Each is shown only once (AR-11).

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use crate::model::{Action, Email, Plan, Secret};

use crate::cli::files::output_file;
use crate::cli::files::shown::shown;
use crate::cli::terminal::Terminal;

/// Where new passcodes go.
#[derive(Clone)]
pub(in crate::cli) enum Passcodes {
    /// Into this file, as soon as each is made.
    File(PathBuf, Arc<Mutex<File>>),
    /// To the terminal, when everything else has been said.
    Screen(Arc<Mutex<Vec<(Email, Secret)>>>),
    /// Nobody would see them, so none is made.
    Nowhere,
}

impl Passcodes {
    /// Opens the file, if there is one, before anything is written to a workspace.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(in crate::cli) fn open(file: Option<&Path>, terminal: Terminal) -> anyhow::Result<Self> {
        match file {
            Some(path) => {
                output_file::spare_yaml(path)?;
                let mut options = OpenOptions::new();
                options.create(true).append(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let file = options.open(path).with_context(|| format!("cannot write `{}`", shown(path)))?;
                Ok(Self::File(path.to_owned(), Arc::new(Mutex::new(file))))
            }
            None if terminal.is_watched() => Ok(Self::Screen(Arc::default())),
            None => Ok(Self::Nowhere),
        }
    }

    /// Lists the changes of a plan that make passcodes nobody would see, by position.
    pub(in crate::cli) fn withheld(&self, plan: &Plan) -> Vec<usize> {
        match self {
            Self::File(..) | Self::Screen(_) => Vec::new(),
            Self::Nowhere => makes_passcode(plan).collect(),
        }
    }

    /// Takes a new passcode.
    pub(in crate::cli) fn take(&self, user: &Email, passcode: &Secret, terminal: Terminal) {
        match self {
            Self::File(path, file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                let written = file.write_all(format!("{user} {}\n", passcode.expose()).as_bytes()).and_then(|()| file.flush());
                // A pipe has nothing to be kept, so it cannot be asked to keep it.
                let kept = written.and_then(|()| if file.metadata()?.is_file() { file.sync_all() } else { Ok(()) });
                if let Err(why) = kept {
                    let lost = format!(
                        "the new passcode for {user} could not be written to `{}` and is lost: generate another one in the workspace",
                        shown(path)
                    );
                    terminal.complain(&anyhow::Error::new(why).context(lost));
                }
            }
            Self::Screen(all) => all.lock().unwrap_or_else(PoisonError::into_inner).push((user.clone(), passcode.clone())),
            Self::Nowhere => {}
        }
    }

    /// Shows what is to be shown, once.
    pub(in crate::cli) fn show(&self, terminal: Terminal) {
        match self {
            Self::File(path, file) => {
                let has_some = file.lock().unwrap_or_else(PoisonError::into_inner).metadata().is_ok_and(|found| found.len() > 0);
                if has_some {
                    let path = shown(path);
                    terminal.say(&format!("New passcodes are in {path}: give them to the users, then delete the file."));
                }
            }
            Self::Screen(all) => {
                let all = std::mem::take(&mut *all.lock().unwrap_or_else(PoisonError::into_inner));
                if !all.is_empty() {
                    terminal.say("New passcodes, shown only once:");
                }
                for (user, passcode) in all {
                    terminal.say(&format!("  {user}  {}", passcode.expose()));
                }
            }
            Self::Nowhere => {}
        }
    }
}

/// Lists the changes of a plan that make a passcode, by position.
pub(in crate::cli) fn makes_passcode(plan: &Plan) -> impl Iterator<Item = usize> {
    plan.changes.iter().enumerate().filter(|(_, step)| step.change.action() == Action::GeneratePasscode).map(|(position, _)| position)
}
