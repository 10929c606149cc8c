//! `rosterctl users`: everybody as the workspaces have them. It writes nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::model::{Email, LoginName, Standing};
use crate::report::users::{ReadWorkspace, UserFilter, UserState, UsersFormat, show_users};

use crate::cli::exit::Exit;
use crate::cli::roster;
use crate::cli::selection::Selection;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::reading::{self, LoadedWorkspace, LoadedWorkspaces};
use crate::cli::workspaces::runtime;

/// Shows everybody as the workspaces have them, without changing anything.
///
/// Shows each user's state with its dates, role, clinics and effective privileges, and where and when that was read. For a workspace
/// without an interface these are its list of users and what people have attested since then; what neither shows is called "not shown".
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl users examples/glow
  rosterctl users . --state blocked
  rosterctl users . --workspace glow-medspa --format csv > users.csv")]
pub(in crate::cli) struct Users {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// Only this workspace. Can be given several times.
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Vec<String>,
    /// Only this user. Can be given several times.
    #[arg(long, value_name = "EMAIL|USER_NAME")]
    user: Vec<LoginName>,
    /// Only users in this state.
    #[arg(long, value_enum)]
    state: Option<StateOption>,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: UsersOption,
}

/// The states by which users are selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum StateOption {
    /// Users who have not accepted their invitation.
    Pending,
    /// Active users, blocked or not.
    Active,
    /// Inactive users, blocked or not.
    Inactive,
    /// Blocked users, active or not.
    Blocked,
}

/// The output formats of `users`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum UsersOption {
    /// A table, for people at a terminal.
    #[default]
    Text,
    /// For a spreadsheet.
    Csv,
    /// For machines; the schema is `rosterctl schema users`.
    Json,
}

impl Users {
    /// Reads the workspaces and shows their users.
    ///
    /// # Errors
    /// Fails if the roster cannot be read or the output cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(roster) = roster::load_or_show(&self.roster, terminal)? else { return Ok(Exit::Error) };
        let selection = Selection { roster: self.roster.clone(), workspace: self.workspace.clone(), user: self.user.clone() };
        let workspaces = selection.workspaces(roster)?;
        let readings = runtime::run(workspaces.len(), async |stores| reading::read(workspaces, &self.roster, &stores.at(terminal)).await)?;
        let filter = UserFilter {
            state: self.state.map(StateOption::state),
            users: selection.users(&readings.read.iter().map(|reading| &reading.desired)),
        };
        check_users(&selection, &readings)?;
        let shown: Vec<ReadWorkspace<'_>> = readings.read.iter().map(LoadedWorkspace::as_read).collect();
        terminal.print(&show_users(&shown, &readings.unread, &filter, self.format.format(terminal)))?;
        readings.warn(terminal);
        if self.format != UsersOption::Text {
            readings.print_unread(terminal);
        }
        Ok(Exit::first(readings.exits))
    }
}

impl StateOption {
    const fn state(self) -> UserState {
        match self {
            Self::Pending => UserState::Standing(Standing::Pending),
            Self::Active => UserState::Standing(Standing::Active),
            Self::Inactive => UserState::Standing(Standing::Inactive),
            Self::Blocked => UserState::Blocked,
        }
    }
}

impl UsersOption {
    fn format(self, terminal: Terminal) -> UsersFormat {
        match self {
            Self::Text => UsersFormat::Text(terminal.width()),
            Self::Csv => UsersFormat::Csv,
            Self::Json => UsersFormat::Json,
        }
    }
}

/// Checks that every user who was named is in the roster or in a workspace, if all workspaces could be read.
fn check_users(selection: &Selection, readings: &LoadedWorkspaces) -> anyhow::Result<()> {
    if !readings.unread.is_empty() {
        return Ok(());
    }
    let mut known: BTreeSet<&Email> = readings.read.iter().flat_map(|reading| reading.desired.users.keys()).collect();
    let present = readings.read.iter().flat_map(|reading| std::iter::once(&reading.actual).chain(&reading.attested));
    known.extend(present.flat_map(|actual| &actual.accounts).map(|account| &account.email));
    selection.check_known(&known, &readings.read.iter().map(|reading| &reading.desired), "any workspace")
}
