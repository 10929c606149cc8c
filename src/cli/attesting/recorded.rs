//! Records attestations in the list of users, by splicing its file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::manifest::snapshot;
use crate::model::{Attestation, Desired, Digest, JudgedList, Moment, StepId};
use crate::platform::{self, Catalog};
use crate::reconcile::attest::{Judgment, done_at, judge};
use crate::report::sentences;
use crate::yaml::edit::{DocumentEdit, EditError, edit};
use crate::yaml::{PathStep, Value};

use super::said::{SaidFact, list};
use crate::cli::files::list_lock;
use crate::cli::files::path_text::{not_read, shown};
use crate::cli::files::roster_file;
use crate::cli::roster;
use crate::cli::terminal::Terminal;

/// The result of recording.
#[derive(Debug, Default)]
pub(in crate::cli) struct Recorded {
    /// The number of attestations that were added.
    pub new: usize,
    /// The number of those that were recorded before.
    pub known: usize,
    /// The files that were written, each with the number of its new attestations.
    pub files: Vec<(PathBuf, usize)>,
    /// The reasons why some were refused; the others are recorded.
    pub refused: Vec<String>,
}

/// Records what somebody says, except for what is refused. The workspaces have the attestations afterward, too.
///
/// # Errors
/// Fails if a list cannot be read or written.
pub(in crate::cli) fn record(
    roster: &Path,
    desired: &mut [Desired],
    said: Vec<SaidFact>,
    (by, now): (&str, i64),
    terminal: Terminal,
) -> anyhow::Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut by_workspace: BTreeMap<String, Vec<SaidFact>> = BTreeMap::new();
    for one in said {
        by_workspace.entry(one.workspace.clone()).or_default().push(one);
    }
    for (workspace, said) in by_workspace {
        let Some(desired) = desired.iter_mut().find(|own| own.workspace == workspace) else {
            let why = "which this roster does not have: give the roster with `--roster DIR`";
            recorded.refused.push(format!("these are steps of `{workspace}`, {why}"));
            continue;
        };
        let file = desired.connection.snapshot().map(|connection| roster.join(&connection.path));
        let _lock = file.map(|file| list_lock::take(&file, terminal)).transpose()?;
        read_again(desired, roster, terminal)?;
        let mut list = match list(desired, now) {
            Ok(list) => list,
            Err(why) => {
                recorded.refused.push(why.to_string());
                continue;
            }
        };
        let new = judged(desired, &mut list, said, by, &mut recorded)?;
        let Some(connection) = desired.connection.snapshot_mut() else { continue };
        if new.is_empty() {
            continue;
        }
        let path = roster.join(&connection.path);
        let mut bytes = fs::read(&path).map_err(|why| not_read(&path, why))?;
        let catalog = platform::by_id(&desired.platform).catalog();
        // In the order of the document: then each finds its place among those that are there.
        for (at, one) in list.snapshot.attested.iter().enumerate().filter(|(_, one)| new.contains(one)) {
            bytes = spliced(&bytes, at, one, catalog).with_context(|| format!("cannot add to `{}`", shown(&path)))?;
        }
        roster_file::write(&path, &bytes).with_context(|| format!("cannot write `{}`", shown(&path)))?;
        recorded.new += new.len();
        recorded.files.push((path, new.len()));
        connection.snapshot = Some(Box::new(list.snapshot));
    }
    Ok(recorded)
}

/// Reads the list of a workspace again: another run may have recorded something in it.
fn read_again(desired: &mut Desired, roster: &Path, terminal: Terminal) -> anyhow::Result<()> {
    let loaded = roster::load_again(roster, terminal)?;
    let found = loaded.into_iter().flat_map(|loaded| loaded.workspaces).find(|own| own.workspace == desired.workspace);
    *desired = found.with_context(|| format!("nothing was recorded in `{}`: the roster has changed in the meantime", desired.workspace))?;
    Ok(())
}

/// Adds the attestations that are new to a list, and returns them; counts the others.
fn judged(
    desired: &Desired,
    list: &mut JudgedList,
    mut said: Vec<SaidFact>,
    by: &str,
    recorded: &mut Recorded,
) -> anyhow::Result<BTreeSet<Attestation>> {
    said.sort_by_key(|one| one.at);
    let mut new = BTreeSet::new();
    for one in said {
        let id = StepId::new(&desired.workspace, &one.user, one.change, &one.set);
        let plan = Digest::first_digits(&one.plan);
        let at = moment(done_at(one.at, one.planned_at, list.read_at), desired, list)?;
        let attestation = Attestation {
            user: one.user,
            at,
            id,
            change: one.change,
            set: one.set,
            by: by.to_owned(),
            plan,
            note: one.note,
            proved: BTreeSet::new(),
            contradicted: BTreeSet::new(),
            settled: BTreeSet::new(),
        };
        match judge(desired, list, &attestation, one.planned_at, list.read_at) {
            Judgment::New => {
                list.snapshot.attested.insert(attestation.clone());
                new.insert(attestation);
            }
            Judgment::Known => recorded.known += 1,
            Judgment::Refused(why) => recorded.refused.push(sentences::attest_refusal(&attestation, &why)),
        }
    }
    Ok(new)
}

/// Returns a time as the workspace's clock shows it; where nobody says which one that is, as that of its list does.
fn moment(at: i64, desired: &Desired, list: &JudgedList) -> anyhow::Result<Moment> {
    let at = Timestamp::from_millisecond(at).context("this time is out of range")?;
    let zone = TimeZone::get(&desired.time_zone).unwrap_or(TimeZone::UTC);
    let moment = Moment::new(at, zone.to_offset(at));
    Ok(list.snapshot.taken().filter(|_| zone == TimeZone::UTC).map_or(moment, |taken| moment.on_clock_of(taken)))
}

/// Puts an attestation into the document, at this number of its list.
fn spliced(bytes: &[u8], at: usize, one: &Attestation, catalog: &Catalog) -> Result<Vec<u8>, EditError> {
    let item = snapshot::attestation(one, catalog);
    let key = || "attested".to_owned();
    let place = [PathStep::Key(key())];
    let inserted = edit(bytes, &place, &DocumentEdit::InsertItem(at, item.clone()));
    // Somebody may have written the list in another way.
    let added = inserted.or_else(|_| edit(bytes, &place, &DocumentEdit::AddItem(item.clone())));
    added.or_else(|_| edit(bytes, &[], &DocumentEdit::AddKey(key(), Value::List(vec![item]))))
}
