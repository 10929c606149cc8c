//! Reads and plans what was written, as `validate` and `plan` will, and finds what cannot stay.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::directory::SnapshotDirectory;
use crate::manifest::{self, Folder, Importing, Mistakes, Source, Sources};
use crate::model::{Actual, Change, Connection, Desired, Email, LeftOut, Plan, RecordToPlan, Step, Subject, SubjectRef};
use crate::reconcile;

use super::files::Owners;
use super::people::ImportedUser;
use super::records::{RecordKey, Records};
use super::{ImportError, Request, Unsayable};

/// Finds the users that are mistakes, or that the first plan would change, and the same of records.
pub(super) fn verify(request: &Request<'_>, files: &[Source], users: &[ImportedUser], records: &Records) -> Result<Unsayable, ImportError> {
    let sources = with(request.sources, files);
    let folder = Folder { importing: Importing::AllBut(&request.desired.workspace), ..*request.folder };
    match manifest::read_folder(&sources, &folder) {
        Err(mistakes) => of_mistakes(mistakes, files, users),
        Ok(roster) => {
            let found = roster.workspaces.into_iter().find(|one| one.workspace == request.desired.workspace);
            let Some(desired) = found else { return Ok(Unsayable::default()) };
            let actual = as_read(&desired, request.actual);
            of_plan(request, &reconcile::diff(&desired, &actual), &desired, users, records)
        }
    }
}

/// The files of a roster after the import.
fn with(sources: &Sources, files: &[Source]) -> Sources {
    let written: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let kept = sources.files.iter().filter(|file| !written.contains(file.name.as_str()));
    Sources { files: kept.chain(files).cloned().collect() }
}

/// The workspace as it is read with the new roster: a list of users gets its clinics, roles and main admin from there.
fn as_read<'a>(desired: &Desired, actual: &'a Actual) -> Cow<'a, Actual> {
    match (&desired.connection, actual.list.as_deref()) {
        (Connection::Snapshot(_), Some(list)) => Cow::Owned(SnapshotDirectory::new(desired, &list.snapshot, list.read_at).actual().clone()),
        (Connection::Snapshot(_) | Connection::Embedded { .. } | Connection::Scim(_), _) => Cow::Borrowed(actual),
    }
}

/// Finds whose entries have mistakes; other mistakes end the import.
fn of_mistakes(mistakes: Mistakes, files: &[Source], users: &[ImportedUser]) -> Result<Unsayable, ImportError> {
    let by_file: BTreeMap<&str, Owners<'_>> = files.iter().map(|file| (file.name.as_str(), Owners::new(file, users))).collect();
    let mut unfit = Unsayable::default();
    for mistake in mistakes.iter() {
        let Some(email) = by_file.get(mistake.file()).and_then(|owners| owners.at(mistake.line())) else { continue };
        let (message, hint) = (mistake.message().to_owned(), mistake.hint().map(str::to_owned));
        unfit.people.entry(email.clone()).or_insert(LeftOut::Mistake { message, hint });
    }
    if unfit.people.is_empty() { Err(ImportError::Mistakes(mistakes)) } else { Ok(unfit) }
}

/// Finds what the first plan would change or refuse.
fn of_plan(
    request: &Request<'_>,
    plan: &Plan,
    desired: &Desired,
    users: &[ImportedUser],
    records: &Records,
) -> Result<Unsayable, ImportError> {
    let new: BTreeSet<&Email> = users.iter().map(|user| &user.email).collect();
    let mut unfit = Unsayable::default();
    let mut removed = 0;
    for (at, Step { change, reason, .. }) in plan.changes.iter().enumerate() {
        // A step that is done already waits for the next list.
        if plan.by_hand.as_ref().and_then(|by_hand| by_hand.steps.get(at)).is_some_and(|step| !step.state.is_left()) {
            continue;
        }
        match change.subject() {
            SubjectRef::User(email) if new.contains(email) => {
                unfit.people.entry(email.clone()).or_insert_with(|| would_change(change));
            }
            SubjectRef::User(_) => removed += usize::from(reason.is_absence()),
            other @ (SubjectRef::Workspace | SubjectRef::Clinic(_) | SubjectRef::Role(_) | SubjectRef::Employee(_)) => {
                match RecordKey::from_subject(other) {
                    Some(key) if records.has(&key) => drop(unfit.records.insert(key)),
                    Some(key) => unfit.to_plan.push(to_plan(change, &key, desired, request.actual)),
                    None => {}
                }
            }
        }
    }
    for refusal in &plan.refusals {
        match &refusal.subject {
            Subject::User(email) if new.contains(email) => {
                unfit.people.entry(email.clone()).or_insert_with(|| LeftOut::Refused(refusal.cause.clone()));
            }
            Subject::Workspace if !request.is_update => return Err(ImportError::Refused(refusal.cause.clone())),
            other @ (Subject::User(_) | Subject::Workspace | Subject::Clinic(_) | Subject::Role(_) | Subject::Employee(_)) => {
                unfit.records.extend(RecordKey::from_subject(other.borrow()).filter(|key| records.has(key)));
            }
        }
    }
    if removed > 0 && !request.is_update && desired.manage.removes_unlisted() {
        return Err(ImportError::Exact(removed));
    }
    Ok(unfit)
}

/// A change of a record that the roster had already.
fn to_plan(change: &Change, key: &RecordKey, desired: &Desired, actual: &Actual) -> RecordToPlan {
    let same = |name: &str, other: &str| name.to_lowercase() == other.to_lowercase();
    let (key, known_as) = match key {
        RecordKey::Clinic(key) => {
            let name = desired.clinics.get(key).map_or("", |clinic| clinic.name.as_str());
            (key, actual.clinics.iter().find(|(other, clinic)| *other != key && same(&clinic.name, name)).map(|(other, _)| other))
        }
        RecordKey::Role(key) => {
            let name = desired.roles.get(key).map_or("", |role| role.name.as_str());
            (key, actual.roles.iter().find(|(other, role)| *other != key && same(&role.name, name)).map(|(other, _)| other))
        }
        RecordKey::Employee(key) => (key, None),
    };
    RecordToPlan { action: change.action(), key: key.clone(), known_as: known_as.cloned() }
}

fn would_change(change: &Change) -> LeftOut {
    LeftOut::WouldChange { action: change.action(), fields: change.fields().iter().map(|change| change.field).collect() }
}
