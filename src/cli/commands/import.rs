//! `rosterctl import`: writes a roster for a workspace that already lives.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::import::{self, By, ImportError, Imported, Request};
use crate::manifest::Importing;
use crate::model::{Desired, Email};
use crate::platform;
use crate::report::{clean, sentences};

use crate::cli::exit::Exit;
use crate::cli::files::database_file::{self, Presence};
use crate::cli::files::path_text::shown;
use crate::cli::files::roster_file;
use crate::cli::roster::{self, RosterFiles, no_workspace};
use crate::cli::shell;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::reading;
use crate::cli::workspaces::runtime;

/// Writes the users of a workspace that already exists into the roster, so that the first plan has no changes.
///
/// The workspace's file needs only `workspace`, `platform` and `connection`; `main_admin` is needed only if the workspace does not show it.
/// Adds clinics, custom roles, employee records and users. An account that cannot be written is named in a comment that says why, and so is
/// everything that a person must decide. Nothing that is in the files already is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl import glow-medspa
  # One file for the users of each clinic
  rosterctl import glow-medspa my-roster --by clinic
  # Add only the accounts that the roster does not have
  rosterctl import glow-medspa --update")]
pub(in crate::cli) struct Import {
    /// The workspace.
    #[arg(value_name = "WORKSPACE")]
    workspace: String,
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// Add only the accounts that the roster does not have yet.
    #[arg(long)]
    update: bool,
    /// Put users into files of their own, by clinic or by role. Users of several clinics, or of none, stay in the workspace's file.
    #[arg(long, value_enum, value_name = "KEY")]
    by: Option<ByOption>,
    /// The address of the main admin, if neither the roster nor the workspace shows it.
    #[arg(long, value_name = "EMAIL")]
    main_admin: Option<Email>,
}

/// How users are divided over files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ByOption {
    /// One file for each clinic.
    Clinic,
    /// One file for each role.
    Role,
}

impl ByOption {
    const fn by(self) -> By {
        match self {
            Self::Clinic => By::Clinic,
            Self::Role => By::Role,
        }
    }
}

impl Import {
    /// Reads the workspace, and writes its users into the roster.
    ///
    /// # Errors
    /// Fails if the roster or the workspace cannot be read, the roster already has users, or a file cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let mut files = RosterFiles::read(&self.roster, terminal)?;
        let Some(roster) = files.load_to_import(terminal) else { return Ok(Exit::Error) };
        let known: Vec<String> = roster.workspaces.iter().map(|w| w.workspace.clone()).collect();
        let desired = roster
            .workspaces
            .into_iter()
            .find(|w| w.workspace == self.workspace)
            .with_context(|| no_workspace("the roster", &self.workspace, &known))?;
        let is_there = database_file::path_of(&desired, &self.roster).is_none_or(|path| Presence::look(&path).may_be_there())
            || desired.connection.start().is_some();
        anyhow::ensure!(
            is_there,
            "`{}` does not exist yet, so there is nothing to import: list its users, and the first `rosterctl apply` creates it",
            self.workspace
        );
        let readings = runtime::run(1, async |stores| reading::read(vec![desired], &self.roster, &stores.at(terminal)).await)?;
        if let Some(unread) = readings.unread.first() {
            terminal.complain(&anyhow::anyhow!("`{}` could not be read: {}", unread.workspace, sentences::unread(&unread.why)));
            return Ok(Exit::first(readings.exits));
        }
        let reading = readings.read.first().context("nothing was read")?;
        for warning in &reading.warnings {
            terminal.warn(&format!("{}: {}", self.workspace, sentences::server_warning(warning)));
        }
        if let Some(why) = reading.actual.completeness.partial() {
            let why = sentences::partial(why);
            terminal.warn(&format!("{}: {why}: run `rosterctl import {0} --update` later, which adds who is missing", self.workspace));
        }
        let imported = |main_admin: Option<&Email>| {
            files.with_folder(Importing::Nothing, |folder| {
                import::import(&Request {
                    sources: &files.sources,
                    folder,
                    desired: &reading.desired,
                    actual: &reading.actual,
                    without_address: &reading.without_address,
                    main_admin,
                    by: self.by.map(ByOption::by),
                    is_update: self.update,
                })
            })
        };
        let mut done = imported(self.main_admin.as_ref());
        if done.as_ref().is_err_and(ImportError::asks_for_main_admin) && terminal.can_ask() {
            let answer = terminal.ask(&format!("Nothing shows who the main admin of {} is. Their address:", self.workspace))?;
            let main_admin = Email::parse(&answer).with_context(|| format!("`{}` is not an address", clean(&answer)))?;
            done = imported(Some(&main_admin));
        }
        match done {
            Ok(imported) => {
                self.write(&imported)?;
                terminal.print(&self.said(&imported, &reading.desired))?;
                Ok(Exit::Done)
            }
            Err(why) => fail(why, &reading.desired, terminal),
        }
    }

    fn write(&self, imported: &Imported) -> anyhow::Result<()> {
        let files: Vec<(PathBuf, &[u8])> =
            imported.files.iter().map(|file| (self.roster.join(&file.name), file.bytes.as_slice())).collect();
        roster_file::write_all(&files).map_err(|(path, why)| anyhow::Error::new(why).context(format!("cannot write `{}`", shown(&path))))
    }

    /// Says what was written, what is left to people, and what to run next.
    fn said(&self, imported: &Imported, desired: &Desired) -> String {
        let catalog = platform::by_id(&desired.platform).catalog();
        let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let names: Vec<String> = imported.files.iter().map(|file| shown(Path::new(&file.name))).collect();
        let mut lines = Vec::new();
        match (imported.users, names.as_slice()) {
            (0, []) => lines.push(format!("Nothing is new: the roster has every account of {} that can be imported.", self.workspace)),
            (0, names) => lines.push(format!("No user of {} is new. Written to {}.", self.workspace, names.join(", "))),
            (users, names) => {
                lines.push(format!("{} of {} written to {}.", count(users, "user", "users"), self.workspace, names.join(", ")));
            }
        }
        match (imported.not_imported.len(), imported.says_not_imported) {
            (0, _) => {}
            (left, true) => {
                lines.push(format!("{} not imported: a comment in the file says why.", count(left, "account was", "accounts were")));
            }
            (left, false) => {
                lines.push(format!("{} not imported:", count(left, "account was", "accounts were")));
                lines.extend(imported.not_imported.iter().map(|one| format!("  {}", sentences::not_imported(one, catalog))));
            }
        }
        if imported.decisions > 0 {
            let comments = count(imported.decisions, "comment asks", "comments ask");
            lines.push(format!("{comments} you to decide something: look for `{}`.", sentences::DECIDE.trim_end()));
        }
        if !imported.to_plan.is_empty() {
            let changes = count(imported.to_plan.len(), "change that the file", "changes that the file");
            lines.push(format!("The first plan makes {changes} asks for:"));
            lines.extend(imported.to_plan.iter().map(|one| format!("  {}", sentences::record_to_plan(one))));
        }
        lines.push(format!("Next: rosterctl plan {}", shell::word(&self.roster)));
        lines.join("\n") + "\n"
    }
}

/// Shows why nothing was imported.
fn fail(why: ImportError, desired: &Desired, terminal: Terminal) -> anyhow::Result<Exit> {
    let catalog = platform::by_id(&desired.platform).catalog();
    match why {
        ImportError::Mistakes(mistakes) => {
            roster::show(&mistakes, terminal);
            anyhow::bail!("with the imported users, the roster would have these mistakes. Nothing was written")
        }
        ImportError::Refused(cause) => {
            let (why, remedy) = sentences::refusal(&cause, catalog);
            anyhow::bail!("`{}` cannot be imported: {}: {}. Nothing was written", desired.workspace, clean(&why), clean(&remedy))
        }
        ImportError::MainAdmin(one) => {
            anyhow::bail!(
                "the main admin cannot be imported: {}. Nothing was written: add this person by hand under `users`, and run it again with \
                 `--update`",
                sentences::not_imported(&one, catalog)
            )
        }
        other @ (ImportError::HasUsers { .. }
        | ImportError::NoMainAdmin { .. }
        | ImportError::UnknownMainAdmin(_)
        | ImportError::Exact(_)
        | ImportError::Edit { .. }
        | ImportError::OtherFile { .. }
        | ImportError::Unsettled) => Err(anyhow::Error::new(other).context("Nothing was written")),
    }
}
