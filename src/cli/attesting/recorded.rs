//! Records attestations in the list of users, by splicing its file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::manifest::snapshot;
use crate::model::{Attestation, Connection, Desired, Moment, StepId};
use crate::platform;
use crate::reconcile::attest::{AttestRefusal, Judgment, judge};
use crate::yaml::edit::{Edit, edit};
use crate::yaml::{Step, Value};

use super::said::{Said, list};
use crate::cli::files::shown::shown;

/// How many digits of a plan's digest an attestation has.
const DIGITS: usize = 12;

/// The result of recording.
#[derive(Debug, Default)]
pub(in crate::cli) struct Recorded {
    /// How many attestations were added.
    pub new: usize,
    /// How many were recorded before.
    pub known: usize,
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Why some were refused; then nothing was written.
    pub refused: Vec<String>,
}

/// Records what somebody says, or nothing if something in it is refused.
pub(in crate::cli) fn record(roster: &Path, desired: &[Desired], said: Vec<Said>, by: &str, now: i64) -> anyhow::Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut by_workspace: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for one in said {
        by_workspace.entry(one.workspace.clone()).or_default().push(one);
    }
    let mut texts: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for (workspace, said) in by_workspace {
        let Some(desired) = desired.iter().find(|own| own.workspace == workspace) else {
            recorded
                .refused
                .push(format!("these are steps of `{workspace}`, which this roster does not have: give the roster with `--roster DIR`"));
            continue;
        };
        let Connection::Snapshot(connection) = &desired.connection else {
            list(desired, now)?;
            continue;
        };
        let path = roster.join(&connection.path);
        let mut bytes = fs::read(&path).with_context(|| format!("cannot read `{}`", shown(&path)))?;
        let new = judged(desired, said, by, now, &mut recorded)?;
        if new.is_empty() {
            continue;
        }
        for one in &new {
            bytes = spliced(&bytes, one, desired).with_context(|| format!("cannot add to `{}`", shown(&path)))?;
        }
        texts.push((path, bytes));
    }
    if recorded.refused.is_empty() {
        for (path, bytes) in texts {
            replace(&path, &bytes).with_context(|| format!("cannot write `{}`", shown(&path)))?;
            recorded.files.push(path);
        }
    }
    Ok(recorded)
}

/// Returns the attestations that are new; counts the others.
fn judged(desired: &Desired, said: Vec<Said>, by: &str, now: i64, recorded: &mut Recorded) -> anyhow::Result<Vec<Attestation>> {
    let mut list = list(desired, now)?;
    let mut said = said;
    said.sort_by_key(|one| one.at);
    let mut new = Vec::new();
    for one in said {
        let id = StepId::new(&desired.workspace, &one.user, one.change, &one.set);
        let plan = one.plan.chars().take(DIGITS).collect();
        let at = moment(one.at, desired)?;
        let attestation = Attestation { user: one.user, at, id, change: one.change, set: one.set, by: by.to_owned(), plan, note: one.note };
        match judge(&list, &attestation, one.planned_at, now) {
            Judgment::New => {
                list.snapshot.attested.insert(attestation.clone());
                new.push(attestation);
            }
            Judgment::Known => recorded.known += 1,
            Judgment::Refused(why) => recorded.refused.push(refusal(&attestation, why)),
        }
    }
    recorded.new += new.len();
    Ok(new)
}

fn refusal(one: &Attestation, why: AttestRefusal) -> String {
    let step = format!("step {} ({}, {})", one.id, one.user, one.change.as_str());
    match why {
        AttestRefusal::BeforePlan => {
            format!("{step}: its time, {}, is before the plan was made: give the right time with `--at`, or untick it", one.at)
        }
        AttestRefusal::InFuture => format!("{step}: its time, {}, is in the future: give the right time with `--at`", one.at),
        AttestRefusal::Contradicted { taken } => {
            format!("{step}: ticked at {}, but the list of {taken}, which is newer, shows otherwise: look again, and untick it", one.at)
        }
    }
}

/// Returns a time as the workspace's clock shows it.
fn moment(at: i64, desired: &Desired) -> anyhow::Result<Moment> {
    let at = Timestamp::from_millisecond(at).context("this time is out of range")?;
    let zone = TimeZone::get(&desired.time_zone).unwrap_or(TimeZone::UTC);
    Ok(Moment::new(at, zone.to_offset(at)))
}

fn spliced(bytes: &[u8], one: &Attestation, desired: &Desired) -> anyhow::Result<Vec<u8>> {
    let catalog = platform::by_id(&desired.platform).catalog();
    let item = snapshot::attestation(one, catalog);
    let key = || "attested".to_owned();
    match edit(bytes, &[Step::Key(key())], &Edit::AddItem(item.clone())) {
        Ok(bytes) => Ok(bytes),
        Err(_) => Ok(edit(bytes, &[], &Edit::AddKey(key(), Value::List(vec![item])))?),
    }
}

/// Puts other text into a file, completely or not at all; the file keeps its permissions.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    let draft = path.with_extension("yaml.part");
    let written = fs::write(&draft, bytes)
        .and_then(|()| fs::set_permissions(&draft, fs::metadata(&path)?.permissions()))
        .and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}
