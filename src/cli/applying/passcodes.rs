//! Takes new passcodes to the person who applies a plan: last on the screen, or into a file. Each is shown only once (AR-11).

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::apply::{Journal, JournalLine};
use crate::model::{Email, Plan, Secret, Step};

use crate::cli::exit::Exit;
use crate::cli::files::kept_file;
use crate::cli::files::output_file;
use crate::cli::files::path_text::shown;
use crate::cli::files::unseen_passcodes;
use crate::cli::terminal::Terminal;

/// The most bytes of a line with an address and its passcode.
const LONGEST_LINE: usize = 512;

/// New passcodes on the way to a person.
#[derive(Clone, Default)]
pub(in crate::cli) struct Passcodes {
    /// The place where they go, once a run makes some.
    way: Arc<OnceLock<Way>>,
    made: Arc<Mutex<Made>>,
}

/// The place where new passcodes go.
enum Way {
    /// Into this file, as soon as each is made.
    File(PathBuf, File),
    /// To the terminal, when everything else has been said.
    Screen,
}

/// The passcodes so far, and what became of them.
#[derive(Default)]
struct Made {
    /// The number of passcodes in the file.
    written: usize,
    /// Those that are not in a file.
    to_show: Vec<(Email, Secret)>,
    /// The reason why the file lacks some.
    failure: Option<io::Error>,
    /// The journals that say which passcodes were made.
    journals: Vec<PathBuf>,
    /// The locked files that tell other runs that this one goes on.
    held: Vec<File>,
}

impl Passcodes {
    /// Opens the file for so many passcodes, if there is one, when everything is confirmed and before anything is written to a workspace.
    ///
    /// # Errors
    /// Fails if the file cannot be written, or would not keep them.
    pub(in crate::cli) fn open(&self, file: Option<&Path>, passcodes: usize, terminal: Terminal) -> anyhow::Result<()> {
        let way = match file {
            Some(path) => Way::File(path.to_owned(), kept_file::open(path, passcodes.saturating_mul(LONGEST_LINE))?),
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
        let mut made = self.made();
        made.journals.push(journal.to_owned());
        made.held.extend(unseen_passcodes::hold(journal));
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

    /// Shows what is to be shown, once, and says what is elsewhere or lost.
    pub(in crate::cli) fn show(&self, terminal: Terminal) -> Exit {
        self.show_at(terminal, &std::env::temp_dir())
    }

    /// Shows them, or keeps in a folder what neither file nor terminal takes.
    fn show_at(&self, terminal: Terminal, elsewhere: &Path) -> Exit {
        let made = std::mem::take(&mut *self.made());
        if let Some((path, _)) = self.file().filter(|_| made.written > 0) {
            let place = shown(path);
            terminal.say(&if output_file::is_stream(path) {
                format!("New passcodes were written to {place}: give them to the users.")
            } else {
                format!("New passcodes are in {place}: give them to the users, then delete the file.")
            });
        }
        let lines: Vec<String> = made.to_show.iter().map(|(user, passcode)| format!("{user} {}\n", passcode.expose())).collect();
        let keep = || kept_file::keep_in(elsewhere, lines.concat().as_bytes()).ok();
        let is_seen = made.to_show.is_empty() || terminal.is_watched();
        let kept = if is_seen { None } else { keep() };
        let mut exit = Exit::Done;
        if let (Some((path, _)), Some(why)) = (self.file(), made.failure) {
            exit = Exit::Error;
            let users: Vec<String> = made.to_show.iter().map(|(user, _)| user.to_string()).collect();
            let what = format!("the new passcodes for {} could not be written to `{}`", users.join(", "), shown(path));
            let what = match &kept {
                Some(other) => format!("{what}, so they are in `{}`: give them to the users, then delete the file", shown(other)),
                None if is_seen => format!("{what}, so they are below"),
                None => format!("{what} and are lost: generate others in the workspace"),
            };
            terminal.complain(&anyhow::Error::new(why).context(what));
        }
        if is_seen && !made.to_show.is_empty() {
            let indented: Vec<String> = made.to_show.iter().map(|(user, passcode)| format!("  {user}  {}", passcode.expose())).collect();
            if !terminal.is_said(&format!("New passcodes, shown only once:\n{}", indented.join("\n"))) {
                let _ = keep();
                return Exit::Error;
            }
        } else if !is_seen && (kept.is_none() || self.file().is_none()) {
            // The terminal was closed, so nobody reads where they are, or that they are lost: the next run says it.
            return Exit::Error;
        }
        for journal in made.journals {
            // The journal only explains: without this line, the next run says that a passcode may not have been seen.
            let _ = Journal::open(&journal).and_then(|mut journal| journal.append(&JournalLine::PasscodesShown));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::terminal::Color;

    // AR-11
    #[test]
    fn a_passcode_that_its_file_does_not_take_is_kept_elsewhere() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join("codes");
        std::fs::write(&path, "").unwrap();
        let passcodes = Passcodes::default();
        // A file that is open for reading takes nothing.
        passcodes.way.get_or_init(|| Way::File(path.clone(), File::open(&path).unwrap()));
        passcodes.take(&Email::parse("ana@glow.example").unwrap(), &Secret::new("481516".to_owned()));
        let terminal = Terminal::new(Color::Never);
        let exit = passcodes.show_at(terminal, elsewhere.path());
        assert_eq!(exit.code(), Exit::Error.code());
        let kept: Vec<PathBuf> = std::fs::read_dir(elsewhere.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        // At a terminal, it is shown instead.
        if !terminal.is_watched() {
            assert_eq!(std::fs::read_to_string(kept.first().unwrap()).unwrap(), "ana@glow.example 481516\n");
        }
        assert_eq!(passcodes.show_at(terminal, elsewhere.path()).code(), Exit::Done.code(), "once");
    }
}
