//! Checks the logs of databases on this machine, and exports their heads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::model::{Connection, Desired};
use crate::report::{clean, sentences};
use crate::store::{ExportedHeads, LogFault, LogHead, NotVerified, SeenRow, VerifiedLog, verify_logs};

use crate::cli::exit::Exit;
use crate::cli::files::database_file;
use crate::cli::files::heads_file::moment;
use crate::cli::files::path_text::shown;
use crate::cli::roster::no_workspace;
use crate::cli::workspaces::stores;

/// The log of one workspace, and what the check says about it.
pub(in crate::cli) struct Checked {
    /// The workspace.
    pub workspace: String,
    /// The result of the check.
    pub result: Result<VerifiedLog, NotChecked>,
}

/// The reason why the log of a workspace could not be checked.
pub(in crate::cli) enum NotChecked {
    /// The workspace does not exist yet.
    NotCreated,
    /// The workspace has no interface, and so no log of a server.
    ByHand,
    /// The workspace is on a server, whose database is not on this machine.
    Elsewhere,
    /// The database could not be checked, for this reason.
    Failed(String),
}

impl NotChecked {
    const fn is_not_created(&self) -> bool {
        match self {
            Self::NotCreated => true,
            Self::ByHand | Self::Elsewhere | Self::Failed(_) => false,
        }
    }
}

/// Checks the logs of the roster's workspaces, each in the database that is on this machine.
pub(in crate::cli) async fn of_roster(workspaces: &[Desired], roster: &Path, exported: &ExportedHeads) -> Vec<Checked> {
    let mut read: BTreeMap<PathBuf, Result<BTreeMap<String, VerifiedLog>, String>> = BTreeMap::new();
    let mut checked = Vec::new();
    for desired in workspaces {
        let result = match file(desired, roster) {
            Err(why) => Err(why),
            Ok(file) => {
                if !read.contains_key(&file) {
                    let logs = verify_logs(&file, exported).await;
                    read.insert(file.clone(), logs.map_err(|why| reason(&file, &why)));
                }
                match read.get(&file) {
                    Some(Ok(logs)) => logs.get(&desired.workspace).cloned().ok_or(NotChecked::NotCreated),
                    Some(Err(why)) => Err(NotChecked::Failed(why.clone())),
                    None => Err(NotChecked::NotCreated),
                }
            }
        };
        let exports = exported.get(&desired.workspace).and_then(|heads| heads.iter().map(|head| head.seq).max());
        let is_missing = result.as_ref().is_err_and(NotChecked::is_not_created);
        let result = match exports {
            // It existed when somebody exported its head.
            Some(exported) if is_missing => {
                Ok(VerifiedLog { fault: Some(LogFault::CutOff { last: 0, exported }), ..VerifiedLog::default() })
            }
            Some(_) | None => result,
        };
        checked.push(Checked { workspace: desired.workspace.clone(), result });
    }
    let known: BTreeSet<String> = checked.iter().map(|one| one.workspace.clone()).collect();
    // A row whose workspace was altered is found under another name.
    let strange = read.into_values().flatten().flatten().filter(|(name, log)| log.seen.is_some() && !known.contains(name));
    checked.extend(strange.map(|(workspace, log)| Checked { workspace, result: Ok(log) }));
    checked
}

/// Checks the logs of a server's database: those of the named workspaces, or all of them if none is named.
///
/// # Errors
/// Fails if the database cannot be read, or has no workspace of a name.
pub(in crate::cli) async fn of_database(file: &Path, names: &[String], exported: &ExportedHeads) -> anyhow::Result<Vec<Checked>> {
    let logs = verify_logs(file, exported).await.map_err(|why| anyhow::anyhow!(reason(file, &why)))?;
    if let Some(unknown) = names.iter().find(|name| !logs.contains_key(*name)) {
        let known: Vec<String> = logs.keys().map(|name| clean(name)).collect();
        anyhow::bail!(no_workspace(&format!("`{}`", shown(file)), unknown, &known));
    }
    let is_selected = |name: &String| names.is_empty() || names.contains(name);
    let selected = logs.into_iter().filter(|(name, _)| is_selected(name));
    Ok(selected.map(|(workspace, log)| Checked { workspace, result: Ok(log) }).collect())
}

/// Returns the database of a workspace, if it is on this machine.
fn file(desired: &Desired, roster: &Path) -> Result<PathBuf, NotChecked> {
    match (&desired.connection, database_file::path_of(desired, roster)) {
        (Connection::Snapshot(_), _) => Err(NotChecked::ByHand),
        (Connection::Embedded { .. } | Connection::Scim(_), Some(file)) => found(file, NotChecked::NotCreated),
        // `serve` keeps a workspace there, whatever its clients' connection is.
        (Connection::Embedded { .. } | Connection::Scim(_), None) => {
            found(database_file::default_path(roster, &desired.workspace), NotChecked::Elsewhere)
        }
    }
}

/// Returns a database that exists; `missing` is the reason if it does not.
fn found(file: PathBuf, missing: NotChecked) -> Result<PathBuf, NotChecked> {
    match stores::is_there(&file) {
        Ok(true) => Ok(file),
        Ok(false) => Err(missing),
        Err(why) => Err(NotChecked::Failed(sentences::not_ready(&why))),
    }
}

fn reason(file: &Path, why: &NotVerified) -> String {
    match why {
        NotVerified::NoFile(_) => format!("there is no file `{}`", shown(file)),
        NotVerified::Unreadable(_) | NotVerified::NoChain => format!("`{}`: {why}", shown(file)),
    }
}

impl Checked {
    /// Returns what the check means for the exit code.
    pub(in crate::cli) const fn exit(&self) -> Exit {
        match &self.result {
            Ok(log) => match log.fault {
                None => Exit::Done,
                Some(_) => Exit::Error,
            },
            Err(NotChecked::NotCreated | NotChecked::ByHand) => Exit::Done,
            Err(NotChecked::Elsewhere | NotChecked::Failed(_)) => Exit::Error,
        }
    }

    /// Returns the last row of a log in which nothing is wrong.
    pub(in crate::cli) fn head(&self) -> Option<&LogHead> {
        self.result.as_ref().ok().filter(|log| log.fault.is_none())?.head.as_ref()
    }

    /// Returns whether something is wrong with the log.
    pub(in crate::cli) fn is_altered(&self) -> bool {
        self.result.as_ref().is_ok_and(|log| log.fault.is_some())
    }

    /// Says on one line what the check found.
    pub(in crate::cli) fn sentence(&self, exported: &ExportedHeads) -> String {
        let name = clean(&self.workspace);
        match &self.result {
            Ok(log) => format!("{name}: {}", of_log(log, exported.get(&self.workspace).map_or(0, Vec::len))),
            Err(NotChecked::NotCreated) => format!("{name}: there is no log yet, since the workspace does not exist yet"),
            Err(NotChecked::ByHand) => {
                format!("{name}: the workspace has no interface; its log is what people attest, in the roster itself")
            }
            Err(NotChecked::Elsewhere) => format!(
                "{name}: not checked. The log is in the database of its server: run `rosterctl log --verify --database FILE` on that machine"
            ),
            Err(NotChecked::Failed(why)) => format!("{name}: not checked. {why}"),
        }
    }
}

fn of_log(log: &VerifiedLog, exports: usize) -> String {
    let Some(fault) = log.fault else {
        let head = log.head.as_ref().map_or_else(String::new, |head| format!(" The last row is {}, of {}.", head.seq, moment(head.at)));
        let exports = if exports == 0 { "" } else { " It contains every row that was exported." };
        return format!("{} rows, and none was altered.{head}{exports}", log.rows);
    };
    let seen = log.seen.as_ref().map_or_else(String::new, described);
    let before = match log.rows {
        0 => String::new(),
        1 => " The row before is as it was written.".to_owned(),
        rows => format!(" The {rows} rows before are as they were written."),
    };
    match fault {
        LogFault::Altered { row } => format!("row {row} was altered{seen}.{before}"),
        LogFault::Missing { from, found } => format!("{}, or row {found} was altered{seen}.{before}", missing(from, found)),
        LogFault::Unreadable { row } => format!("row {row} cannot be read: the file is damaged.{before}"),
        LogFault::NotReached => "the rows could not be checked, since the file is damaged before them.".to_owned(),
        LogFault::Empty => "all rows are missing. Every log begins with the row that created its workspace.".to_owned(),
        LogFault::CutOff { last: 0, exported } => format!("all rows are missing, and an earlier export has row {exported}."),
        LogFault::CutOff { last, exported } => {
            format!("the rows after row {last} are missing. An earlier export has row {exported}.{before}")
        }
        LogFault::Rewritten { exported } => {
            format!(
                "row {exported} differs from an earlier export{seen}. This row or one before it was altered, and the chain was made anew."
            )
        }
    }
}

fn missing(from: i64, found: i64) -> String {
    match found.saturating_sub(1) {
        last if last == from => format!("row {from} is missing or was altered"),
        last => format!("rows {from} to {last} are missing or were altered"),
    }
}

/// Says what a row says now, which may be what somebody altered.
fn described(row: &SeenRow) -> String {
    let at = row.at.map_or_else(|| "no time".to_owned(), moment);
    let subject = if row.subject.is_empty() { String::new() } else { format!(" {}", clean(&row.subject)) };
    format!(" (it now says: {at}, {}{subject}, by {})", clean(&row.action), clean(&row.actor))
}

/// Returns the workspaces that an export names and that were not checked.
pub(in crate::cli) fn not_among(exported: &ExportedHeads, checked: &[Checked]) -> Vec<String> {
    let checked: BTreeSet<&String> = checked.iter().map(|one| &one.workspace).collect();
    exported.keys().filter(|name| !checked.contains(name)).cloned().collect()
}
