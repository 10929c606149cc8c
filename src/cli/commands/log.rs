//! `rosterctl log`: what happened in the workspaces, and whether somebody altered what it says. It writes nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::{Desired, Email, HOUR, LoginName};
use crate::report::clean;
use crate::report::log::{LogFilter, LogFormat, ReadLog, Since, WorkspaceLog, show_log, without_log};

use super::unrepeated;
use crate::cli::exit::Exit;
use crate::cli::files::heads_file;
use crate::cli::roster;
use crate::cli::selection::Selection;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::chains::{self, Checked};
use crate::cli::workspaces::logs::{self, LoadedLog};
use crate::cli::workspaces::reading::LoadedWorkspaces;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::serving::config::{self, Configured};
use crate::cli::workspaces::stores::Stores;

/// Shows what happened in the workspaces, without changing anything.
///
/// Shows each action, the person or thing it is about, who did it, when, and the plan it was part of, oldest first. For a workspace on
/// rosterctl's own server this is the log of the server. For a workspace without an interface it is what people attest, with what the
/// list of users says about it: an attestation alone is not a proof. Other SCIM servers have no log.
///
/// Each row of a server's log has a hash that covers the row before it. `--verify` reads the database itself, on the machine that has it,
/// while the server runs or not, and names the first row that was altered, removed or moved. Rows cut off at the end are found only with
/// `--against`: export the heads from time to time with `--heads`, and keep them where nobody who can write to the database can change them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl log . --since 7d
  rosterctl log . --user kim.park@glow.example
  rosterctl log . --workspace glow-medspa --since 2026-11-01 --format csv > log.csv
  rosterctl log . --heads > heads.json
  rosterctl log . --verify --against heads.json
  rosterctl log --verify --config server.yaml
  rosterctl log --verify --database /var/lib/rosterctl/server.db")]
pub(in crate::cli) struct Log {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// The logs of the server with this configuration, which takes the place of the roster, on the machine that has the database.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["roster", "database"])]
    config: Option<PathBuf>,
    /// Only this workspace. Can be given several times.
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Vec<String>,
    /// Only what is about this user, also under an earlier address. Can be given several times.
    #[arg(long, value_name = "EMAIL|USER_NAME")]
    user: Vec<LoginName>,
    /// Only from this day of the workspace's time zone on, such as `2026-11-01`, or only the last days or hours, such as `7d` or `36h`.
    #[arg(long, value_name = "DAY|AGE", value_parser = since)]
    since: Option<SinceOption>,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: LogOption,
    #[command(flatten)]
    chain: Chain,
}

/// Whether the log is checked, in place of being shown.
#[derive(Debug, clap::Args)]
struct Chain {
    /// Check that no row of the log was altered, removed or moved, and name the first one that was. Exits with 1 if there is one.
    #[arg(long, conflicts_with_all = ["user", "since", "format", "heads"])]
    verify: bool,
    /// Check the log, and print the number and the hash of its last row as JSON, to be kept elsewhere.
    #[arg(long, conflicts_with_all = ["user", "since", "format"])]
    heads: bool,
    /// With `--verify`: the log must also contain the rows in this export of `--heads`. Can be given several times.
    #[arg(long, value_name = "FILE", requires = "verify")]
    against: Vec<PathBuf>,
    /// With `--verify` or `--heads`: check this database of a server. The roster is not read.
    #[arg(long, value_name = "FILE", value_parser = unrepeated::database())]
    database: Option<PathBuf>,
}

/// From when on entries are shown.
#[derive(Clone, Copy, Debug)]
enum SinceOption {
    /// From the beginning of a day.
    Day(Date),
    /// This long before now, in hours.
    Hours(i64),
}

/// The output formats of `log`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum LogOption {
    /// A table, for people at a terminal.
    #[default]
    Text,
    /// For a spreadsheet.
    Csv,
    /// For machines; the schema is `rosterctl schema log`.
    Json,
}

impl Log {
    /// Reads the logs and shows them.
    ///
    /// # Errors
    /// Fails if the roster cannot be read or the output cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        if self.chain.verify || self.chain.heads {
            return self.check(terminal);
        }
        anyhow::ensure!(self.chain.database.is_none(), "`--database` is for `--verify` and `--heads`: add one of them");
        let Some(place) = LogPlace::load_or_show(self, terminal)? else { return Ok(Exit::Error) };
        let selection = Selection { roster: self.roster.clone(), workspace: self.workspace.clone(), user: self.user.clone() };
        let workspaces = selection.among(place.workspaces(), place.name())?;
        let since = self.since.map(SinceOption::since);
        // An entry under an earlier address of somebody may be the only one that says whose it is.
        let read_since = since.filter(|_| self.user.is_empty());
        let readings = runtime::run(workspaces.len(), async |stores| {
            place.open(&stores).await?;
            anyhow::Ok(logs::read(workspaces, read_since, place.folder(), &stores.at(terminal)).await)
        })??;
        check_users(&selection, &readings)?;
        let shown: Vec<ReadLog<'_>> =
            readings.read.iter().map(|read| ReadLog { desired: &read.desired, log: &read.log, clinics: &read.clinics }).collect();
        let filter = LogFilter { users: selection.users(&readings.read.iter().map(|reading| &reading.desired)), since };
        terminal.print(&show_log(&shown, &readings.unread, &filter, self.format.format(terminal)))?;
        if self.format == LogOption::Csv {
            for sentence in shown.iter().filter_map(without_log) {
                terminal.warn(&sentence);
            }
        }
        if self.format != LogOption::Text {
            readings.print_unread(terminal);
        }
        Ok(Exit::first(readings.exits))
    }
}

impl Log {
    /// Checks the logs, and shows what was found or their heads.
    fn check(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let exported = heads_file::read(&self.chain.against)?;
        let checked = if let Some(database) = &self.chain.database {
            runtime::run(1, |_| chains::of_database(database, &self.workspace, &exported))??
        } else {
            let Some(place) = LogPlace::load_or_show(self, terminal)? else { return Ok(Exit::Error) };
            let selection = Selection { roster: self.roster.clone(), workspace: self.workspace.clone(), user: Vec::new() };
            let workspaces = selection.among(place.workspaces(), place.name())?;
            runtime::run(1, |_| chains::of_roster(&workspaces, place.folder(), &exported))?
        };
        let (sound, other): (Vec<&Checked>, Vec<&Checked>) = checked.iter().partition(|one| one.head().is_some());
        if self.chain.heads {
            terminal.print(&heads_file::written(sound.iter().filter_map(|one| Some((one.workspace.as_str(), one.head()?))))?)?;
            for one in other {
                terminal.warn(&one.sentence(&exported));
            }
        } else {
            terminal.print(&checked.iter().map(|one| one.sentence(&exported) + "\n").collect::<String>())?;
        }
        if self.workspace.is_empty() {
            let named = if self.config.is_some() { "configuration" } else { "roster" };
            for name in chains::not_among(&exported, &checked) {
                terminal
                    .warn(&format!("the export has the workspace `{}`, which was not checked: the {named} does not have it", clean(&name)));
            }
        }
        let exit = Exit::first(checked.iter().map(Checked::exit));
        if checked.iter().any(Checked::is_altered) {
            terminal.say("Keep a copy of the database as it is now, and compare it with the newest backup that is sound.");
        }
        Ok(exit)
    }
}

/// The place of the workspaces whose logs are read.
enum LogPlace {
    /// In a roster, in this directory.
    Roster(PathBuf, Vec<Desired>),
    /// In the database of a server.
    Server(Box<Configured>),
}

impl LogPlace {
    /// Loads the roster or the configuration, or shows its mistakes and returns `None`.
    fn load_or_show(log: &Log, terminal: Terminal) -> anyhow::Result<Option<Self>> {
        Ok(match &log.config {
            Some(path) => config::load_or_show(path, terminal)?.map(|configured| Self::Server(Box::new(configured))),
            None => roster::load_or_show(&log.roster, terminal)?.map(|roster| Self::Roster(log.roster.clone(), roster.workspaces)),
        })
    }

    fn workspaces(&self) -> Vec<Desired> {
        match self {
            Self::Roster(_, workspaces) => workspaces.clone(),
            Self::Server(configured) => configured.in_database(),
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Roster(..) => "roster",
            Self::Server(_) => "configuration",
        }
    }

    /// Returns the folder that paths of the workspaces are relative to.
    fn folder(&self) -> &Path {
        match self {
            Self::Roster(folder, _) => folder,
            // The path of the database is complete.
            Self::Server(_) => Path::new(""),
        }
    }

    /// Opens the database of a server, whose key may be elsewhere.
    async fn open(&self, stores: &Stores) -> anyhow::Result<()> {
        match self {
            Self::Roster(..) => Ok(()),
            Self::Server(configured) => configured.existing(stores).await.map(drop),
        }
    }
}

impl SinceOption {
    #[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
    fn since(self) -> Since {
        match self {
            Self::Day(day) => Since::Day(day),
            Self::Hours(hours) => Since::Moment(Timestamp::now().as_millisecond().saturating_sub(hours.saturating_mul(HOUR))),
        }
    }
}

impl LogOption {
    fn format(self, terminal: Terminal) -> LogFormat {
        match self {
            Self::Text => LogFormat::Text(terminal.width()),
            Self::Csv => LogFormat::Csv,
            Self::Json => LogFormat::Json,
        }
    }
}

/// Reads a day, or a number of days or hours.
fn since(text: &str) -> Result<SinceOption, String> {
    let age = text.strip_suffix('d').map(|days| (days, 24)).or_else(|| text.strip_suffix('h').map(|hours| (hours, 1)));
    if let Some((digits, hours)) = age {
        let number = digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(number) = number {
            return Ok(SinceOption::Hours(i64::from(number) * hours));
        }
    }
    let day = if text.len() == "2026-11-01".len() { Date::from_str(text).ok() } else { None };
    day.map(SinceOption::Day).ok_or_else(|| "write a day, such as `2026-11-01`, or an age, such as `7d` or `36h`".to_owned())
}

/// Checks that every user who was named is in the roster or in a log, if all logs could be read.
fn check_users(selection: &Selection, readings: &LoadedWorkspaces<LoadedLog>) -> anyhow::Result<()> {
    if !readings.unread.is_empty() {
        return Ok(());
    }
    let logged: Vec<Email> = readings.read.iter().flat_map(|reading| logged(&reading.log)).collect();
    let mut known: BTreeSet<&Email> = readings.read.iter().flat_map(|reading| reading.desired.users.keys()).collect();
    known.extend(&logged);
    known.extend(readings.read.iter().flat_map(|reading| &reading.listed));
    selection.check_known(&known, &readings.read.iter().map(|reading| &reading.desired), "any list or log")
}

fn logged(log: &WorkspaceLog) -> Vec<Email> {
    match log {
        WorkspaceLog::Server(records) => records.iter().filter_map(|record| Email::parse(record.name.as_deref()?).ok()).collect(),
        WorkspaceLog::Attested(attested) => attested.iter().map(|(one, _)| one.user.to_email()).collect(),
        WorkspaceLog::NotCreated | WorkspaceLog::Missing => Vec::new(),
    }
}
