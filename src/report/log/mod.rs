//! The events in the workspaces: one document, shown as a table, as CSV or as JSON. An attestation is never called done.

pub(super) mod csv;
pub mod document;
mod table;
mod what;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{Attestation, AttestedStep, Desired, Email, LogRecord, LogSubject, LoginName, Moment, owners};
use crate::platform::{self, Catalog};

use super::document::UnreadDocument;
use super::words::{self, login};
use super::{Unread, Width, json_text};
use document::{LogDocument, LogEntryDocument, LogKnown, LogSource, WorkspaceLogDocument};

/// The log of a workspace, which says what happened, or what keeps it from having one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceLog {
    /// Its server's log, oldest first.
    Server(Vec<LogRecord>),
    /// It does not exist yet.
    NotCreated,
    /// Its server has no log.
    Missing,
    /// It has no interface: what people attest, and what its list says about each attestation.
    Attested(Vec<(Attestation, AttestedStep)>),
}

/// The log of one workspace that was read.
#[derive(Clone, Copy, Debug)]
pub struct ReadLog<'a> {
    /// The roster's side, which names the workspace, its platform and its time zone.
    pub desired: &'a Desired,
    /// The log that says what happened.
    pub log: &'a WorkspaceLog,
    /// The keys of the workspace's clinics by their ids.
    pub clinics: &'a BTreeMap<String, String>,
}

/// From when on entries are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From the beginning of a day, in the workspace's time zone.
    Day(Date),
    /// From a moment on, epoch milliseconds.
    Moment(i64),
}

impl Since {
    /// Returns the first moment that is shown of a workspace's log, in epoch milliseconds.
    #[must_use]
    pub fn first_moment(self, desired: &Desired) -> Option<i64> {
        match self {
            Self::Moment(at) => Some(at),
            Self::Day(day) => day.to_zoned(zone(desired)).ok().map(|start| start.timestamp().as_millisecond()),
        }
    }
}

/// The entries that are shown.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Only entries about these users; an empty set means all entries.
    pub users: BTreeSet<Email>,
    /// Only entries from then on.
    pub since: Option<Since>,
}

/// The form in which a log is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A table for a terminal, whose lines are as wide.
    Text(Width),
    /// CSV for a spreadsheet.
    Csv,
    /// JSON for machines.
    Json,
}

/// Shows what happened in the workspaces.
#[must_use]
pub fn show_log(logs: &[ReadLog<'_>], unread: &[Unread], filter: &LogFilter, format: LogFormat) -> String {
    let document = LogDocument {
        format: 1,
        workspaces: logs.iter().map(|log| of_workspace(log, filter)).collect(),
        unread: UnreadDocument::list(unread),
    };
    match format {
        LogFormat::Text(width) => table::render(&document, &zones(logs), width),
        LogFormat::Csv => csv::render(&document),
        LogFormat::Json => json_text(&document),
    }
}

/// Says in a sentence that a workspace has no log; `None` if it has one.
#[must_use]
pub fn without_log(log: &ReadLog<'_>) -> Option<String> {
    (!source(log.log).has_log()).then(|| table::heading(&of_workspace(log, &LogFilter::default())))
}

fn zones(logs: &[ReadLog<'_>]) -> Vec<TimeZone> {
    logs.iter().map(|log| zone(log.desired)).collect()
}

fn zone(desired: &Desired) -> TimeZone {
    TimeZone::get(&desired.time_zone).unwrap_or(TimeZone::UTC)
}

const fn source(log: &WorkspaceLog) -> LogSource {
    match log {
        WorkspaceLog::Server(_) => LogSource::Server,
        WorkspaceLog::NotCreated => LogSource::NotCreated,
        WorkspaceLog::Missing => LogSource::NoLog,
        WorkspaceLog::Attested(_) => LogSource::Attested,
    }
}

fn of_workspace(log: &ReadLog<'_>, filter: &LogFilter) -> WorkspaceLogDocument {
    let ReadLog { desired, log, clinics } = *log;
    let zone = zone(desired);
    let since = filter.since.and_then(|since| since.first_moment(desired));
    let is_late = |at: i64| since.is_none_or(|since| at >= since);
    let (total, entries) = match log {
        WorkspaceLog::NotCreated | WorkspaceLog::Missing => (0, Vec::new()),
        WorkspaceLog::Server(records) => {
            let meant = Meant::new(filter, desired, records);
            let shown = records.iter().filter(|record| is_late(record.at) && meant.is_about(record));
            let names = what::LogNames::new(records, &desired.platform, clinics);
            (records.len(), shown.map(|record| of_record(record, &zone, &names)).collect())
        }
        WorkspaceLog::Attested(attested) => {
            let meant = Meant::new(filter, desired, &[]);
            let catalog = platform::by_id(&desired.platform).catalog();
            let shown = attested.iter().filter(|(one, _)| is_late(one.at.millis()) && meant.is_about_login(&one.user));
            let mut shown: Vec<&(Attestation, AttestedStep)> = shown.collect();
            shown.sort_by(|(a, _), (b, _)| (a.at, a).cmp(&(b.at, b)));
            (attested.len(), shown.into_iter().map(|(one, judged)| of_attestation(one, judged, catalog)).collect())
        }
    };
    let (workspace, platform) = (desired.workspace.clone(), desired.platform.word().to_owned());
    WorkspaceLogDocument { workspace, platform, source: source(log), total, entries }
}

/// The users that entries must be about.
struct Meant {
    is_everybody: bool,
    names: BTreeSet<String>,
    /// The server's ids of their accounts, also of entries under an earlier address.
    ids: BTreeSet<String>,
}

impl Meant {
    fn new(filter: &LogFilter, desired: &Desired, records: &[LogRecord]) -> Self {
        let mut names: BTreeSet<String> = filter.users.iter().map(ToString::to_string).collect();
        for user in filter.users.iter().filter_map(|email| desired.users.get(email)) {
            names.extend(user.formerly.iter().map(ToString::to_string));
            names.extend(user.id.iter().map(|id| id.0.clone()));
        }
        names.extend(filter.users.iter().filter_map(Email::user_name).map(Cow::into_owned));
        if let Some(snapshot) = desired.connection.list() {
            let owned = owners::by_user_name(desired, snapshot).into_iter().filter(|(_, user)| filter.users.contains(&user.email));
            names.extend(owned.map(|(name, _)| name.to_owned()));
        }
        let is_named = |record: &&LogRecord| record.name.as_ref().is_some_and(|name| names.contains(name));
        let ids = records.iter().filter(is_named).filter_map(|record| record.id.clone()).collect();
        Self { is_everybody: filter.users.is_empty(), names, ids }
    }

    fn is_about(&self, record: &LogRecord) -> bool {
        let has_id = record.id.as_ref().is_some_and(|id| self.ids.contains(id) || self.names.contains(id));
        self.is_everybody || has_id || record.name.as_ref().is_some_and(|name| self.names.contains(name))
    }

    fn is_about_login(&self, login: &LoginName) -> bool {
        self.is_everybody || self.names.contains(login.as_str())
    }
}

fn of_record(record: &LogRecord, zone: &TimeZone, names: &what::LogNames<'_>) -> LogEntryDocument {
    let LogRecord { at, actor, via, origin, action, kind, id, name, result, detail, changes, plan, approver, commit } = record.clone();
    LogEntryDocument {
        what: what::of_server(&changes, names),
        is_about_user: kind.ours().is_some_and(|kind| kind.is_user()),
        is_update: action.ours().is_some_and(|action| action.is_update()),
        at: in_zone(at, zone),
        action: action.to_string(),
        kind: kind.to_string(),
        name,
        id,
        by: Email::parse(&actor).map_or(actor, |email| login(&email)),
        approved_by: approver,
        plan,
        commit,
        known: LogKnown::from_result(result.ours().copied()),
        via: Some(via.to_string()),
        origin,
        detail,
        changes: Some(changes).filter(|changes| !changes.is_null()),
        step: None,
        not_shown: Vec::new(),
        words: None,
    }
}

fn of_attestation(one: &Attestation, judged: &AttestedStep, catalog: &Catalog) -> LogEntryDocument {
    let Attestation { user, at, id, change, set, by, plan, note, proved: _, contradicted: _, settled: _ } = one;
    LogEntryDocument {
        at: at.to_string(),
        action: change.as_str().to_owned(),
        kind: LogSubject::User.as_str().to_owned(),
        name: Some(user.to_string()),
        by: by.clone(),
        plan: Some(plan.clone()),
        known: LogKnown::from_proof(judged.proof),
        not_shown: judged.not_shown.iter().map(|value| words::step_value(*value, catalog).to_owned()).collect(),
        detail: note.clone(),
        step: Some(id.0.clone()),
        what: what::attested(set, catalog),
        is_about_user: true,
        is_update: change.sets_values(),
        words: Some(words::step_on(*change, catalog)),
        ..LogEntryDocument::default()
    }
}

/// Returns a moment with the offset of a time zone.
fn in_zone(millis: i64, zone: &TimeZone) -> String {
    let Ok(at) = jiff::Timestamp::from_millisecond(millis) else { return String::new() };
    Moment::new(at, zone.to_offset(at)).to_string()
}
