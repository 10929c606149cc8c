//! Takes new passcodes to the person who applies a plan: last on the screen, or into a file. Each is shown only once (AR-11).

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::Context as _;

use crate::apply::{Entry, Journal};
use crate::model::{Email, Plan, Secret, Step};

use crate::cli::exit::Exit;
use crate::cli::files::output_file;
use crate::cli::files::path_text::shown;
use crate::cli::terminal::Terminal;

/// New passcodes on the way to a person.
#[derive(Clone, Default)]
pub(in crate::cli) struct Passcodes {
    /// Where they go, once a run makes some.
    way: Arc<OnceLock<Way>>,
    made: Arc<Mutex<Made>>,
}

/// Where new passcodes go.
enum Way {
    /// Into this file, as soon as each is made.
    File(PathBuf, File),
    /// To the terminal, when everything else has been said.
    Screen,
}

/// What became of the passcodes so far.
#[derive(Default)]
struct Made {
    /// The number of passcodes in the file.
    written: usize,
    /// Those that are not in a file.
    to_show: Vec<(Email, Secret)>,
    /// Why the file lacks some.
    failure: Option<io::Error>,
    /// The journals that say which passcodes were made.
    journals: Vec<PathBuf>,
}

impl Passcodes {
    /// Opens the file, if there is one, when everything is confirmed and before anything is written to a workspace.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(in crate::cli) fn open(&self, file: Option<&Path>, terminal: Terminal) -> anyhow::Result<()> {
        let way = match file {
            Some(path) => {
                output_file::spare_others(path)?;
                let mut options = OpenOptions::new();
                options.create(true).append(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let file = options.open(path).with_context(|| format!("cannot write `{}`", shown(path)))?;
                // One that exists already may be for others to read, too.
                #[cfg(unix)]
                if !output_file::is_stream(path) {
                    let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
                    file.set_permissions(own).with_context(|| format!("cannot keep others from reading `{}`", shown(path)))?;
                }
                Way::File(path.to_owned(), file)
            }
            None if terminal.is_watched() => Way::Screen,
            // Nobody would see them, so none is made.
            None => return Ok(()),
        };
        self.way.get_or_init(|| way);
        Ok(())
    }

    fn file(&self) -> Option<(&PathBuf, &File)> {
        if let Some(Way::File(path, file)) = self.way.get() { Some((path, file)) } else { None }
    }

    /// Lists the changes of a plan that make passcodes nobody would see, by position.
    pub(in crate::cli) fn withheld(&self, plan: &Plan) -> Vec<usize> {
        match self.way.get() {
            Some(Way::File(..) | Way::Screen) => Vec::new(),
            None => makes_passcode(plan).collect(),
        }
    }

    /// Notes a journal in which passcodes are "made" until they are shown.
    pub(in crate::cli) fn recorded_in(&self, journal: &Path) {
        self.made().journals.push(journal.to_owned());
    }

    /// Takes a new passcode. One that the file does not take is kept for the terminal.
    pub(in crate::cli) fn take(&self, user: &Email, passcode: &Secret) {
        let mut made = self.made();
        let written = self.file().map_or(Ok(false), |(_, file)| write(file, user, passcode).map(|()| true));
        match written {
            Ok(true) => made.written += 1,
            Ok(false) => made.to_show.push((user.clone(), passcode.clone())),
            Err(why) => {
                made.to_show.push((user.clone(), passcode.clone()));
                made.failure.get_or_insert(why);
            }
        }
    }

    /// Shows what is to be shown, once, and says what is lost.
    pub(in crate::cli) fn show(&self, terminal: Terminal) -> Exit {
        let made = std::mem::take(&mut *self.made());
        if let Some((path, _)) = self.file().filter(|_| made.written > 0) {
            terminal.say(&format!("New passcodes are in {}: give them to the users, then delete the file.", shown(path)));
        }
        let mut exit = Exit::Done;
        if let (Some((path, _)), Some(why)) = (self.file(), made.failure) {
            exit = Exit::Error;
            let users: Vec<String> = made.to_show.iter().map(|(user, _)| user.to_string()).collect();
            let (users, path) = (users.join(", "), shown(path));
            let what = if terminal.is_watched() {
                format!("the new passcodes for {users} could not be written to `{path}`, so they are below")
            } else {
                format!("the new passcodes for {users} could not be written to `{path}` and are lost: generate others in the workspace")
            };
            terminal.complain(&anyhow::Error::new(why).context(what));
        }
        // Without a terminal, what the file did not take is seen by nobody who may see it.
        if terminal.is_watched() && !made.to_show.is_empty() {
            terminal.say("New passcodes, shown only once:");
            for (user, passcode) in &made.to_show {
                terminal.say(&format!("  {user}  {}", passcode.expose()));
            }
        }
        for journal in made.journals {
            // The journal only explains: without this line, the next run says that a passcode may not have been seen.
            let _ = Journal::open(&journal).and_then(|mut journal| journal.append(&Entry::PasscodesShown));
        }
        exit
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a passcode so that it survives the machine.
fn write(mut file: &File, user: &Email, passcode: &Secret) -> io::Result<()> {
    file.write_all(format!("{user} {}\n", passcode.expose()).as_bytes())?;
    file.flush()?;
    // A pipe has nothing to be kept, so it cannot be asked to keep it.
    if file.metadata()?.is_file() { file.sync_all() } else { Ok(()) }
}

/// Lists the changes of a plan that make a passcode, by position.
pub(in crate::cli) fn makes_passcode(plan: &Plan) -> impl Iterator<Item = usize> {
    let makes = |step: &Step| step.change.action().makes_passcode();
    plan.changes.iter().enumerate().filter(move |(_, step)| makes(step)).map(|(position, _)| position)
}
