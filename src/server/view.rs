//! A stored account as a SCIM user: what clients wrote, passed on as it is stored, and what the server says of it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::members::{self, Members};
use super::rights::{self, Rights, Switches};
use super::shown::{Practice, Shown};
use super::surroundings::Ground;
use super::workspace::Workspace;
use crate::scim::urn;
use crate::store::AccountRow;

/// The entity tag of a version (RFC 7644 section 3.14): weak, since times and effective rights may change without a write.
pub(super) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// The whole user as a value, read-only attributes included.
pub(super) fn user(workspace: &Workspace, row: &AccountRow, ground: &Ground, base: &str, now: i64) -> Result<Value, Failure> {
    Viewer::new(workspace, ground, base, now).value(row)
}

/// A stored body.
pub(super) fn parse(body: &str) -> Result<Map<String, Value>, Failure> {
    Ok(serde_json::from_str(body)?)
}

/// Shows the accounts of one workspace in one answer. What follows from little is worked out once: most of what is said of one user is
/// said of many.
pub(super) struct Viewer<'a> {
    about: About<'a>,
    /// Rights, by what decides them.
    rights: HashMap<String, Rights>,
    /// Links to clinics, completed, by the links as they are stored.
    clinics: HashMap<String, Arc<RawValue>>,
}

/// What every user of one answer is shown with.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) ground: &'a Ground,
    /// What links begin with.
    pub(super) base: &'a str,
    /// Epoch milliseconds.
    pub(super) now: i64,
    /// Whether the wire tells the name of an invitation.
    pub(super) tells_invited: bool,
}

impl<'a> Viewer<'a> {
    /// For one answer, whose links begin with `base`; `now` is in epoch milliseconds.
    pub(super) fn new(workspace: &'a Workspace, ground: &'a Ground, base: &'a str, now: i64) -> Self {
        let tells_invited = workspace.wire.users().extension(urn::PRACTICE).is_some_and(|e| e.attribute("invitedName").is_some());
        let about = About { workspace, ground, base, now, tells_invited };
        Self { about, rights: HashMap::new(), clinics: HashMap::new() }
    }

    /// The whole user, read-only attributes included.
    pub(super) fn user<'r>(&mut self, row: &'r AccountRow) -> Result<Shown<'r>, Failure>
    where
        'a: 'r,
    {
        let body = Members::read(&row.body)?;
        let practice = if self.about.workspace.is_plain() { None } else { Some(self.practice(row, &body)?) };
        Ok(Shown { about: self.about, row, body, practice })
    }

    /// As [`Viewer::user`], as a value that can be looked into.
    pub(super) fn value(&mut self, row: &AccountRow) -> Result<Value, Failure> {
        Ok(serde_json::to_value(self.user(row)?)?)
    }

    fn practice<'r>(&mut self, row: &'r AccountRow, body: &Members<'r>) -> Result<Practice<'r>, Failure> {
        let about = self.about;
        let stored = body.object(urn::PRACTICE)?;
        let source = rights::source(about.workspace, row, body)?;
        let rights = known(&mut self.rights, &source, || Rights::of(about.workspace, about.ground, &source))?;
        let given = Arc::clone(&rights.given);
        let effective = rights.effective(about.workspace.catalog(), Switches::read(&stored)?, row.main_admin)?;
        let clinics = match stored.get("clinics") {
            Some(links) => Some(Arc::clone(known(&mut self.clinics, links.get(), || about.clinics(links))?)),
            None => None,
        };
        let employee = stored.parsed("employee")?.map(|link| about.employee(link));
        Ok(Practice { name: display_name(body)?, stored, given, effective, clinics, employee })
    }
}

impl About<'_> {
    /// Completes links to clinics: keys for display, and where each clinic is.
    fn clinics(&self, stored: &RawValue) -> Result<Arc<RawValue>, Failure> {
        #[derive(Deserialize)]
        struct Link<'a> {
            #[serde(borrow)]
            value: Cow<'a, str>,
        }
        let complete = |Link { value: id }: Link<'_>| {
            let display = self.ground.clinic_keys.get(&*id);
            json!({ "value": id, "$ref": format!("{}/Clinics/{id}", self.base), "display": display })
        };
        let links: Vec<Value> = members::parsed::<Vec<Link<'_>>>(stored)?.into_iter().map(complete).collect();
        Ok(to_raw_value(&links)?.into())
    }

    /// Completes the link to an employee record: where it is.
    fn employee(&self, mut link: Map<String, Value>) -> Map<String, Value> {
        if let Some(id) = link.get("value").and_then(Value::as_str) {
            let at = format!("{}/Employees/{id}", self.base);
            link.insert("$ref".to_owned(), json!(at));
        }
        link
    }
}

/// What is kept under a name; worked out where it is not there yet.
fn known<'k, T>(kept: &'k mut HashMap<String, T>, name: &str, work_out: impl FnOnce() -> Result<T, Failure>) -> Result<&'k mut T, Failure> {
    if !kept.contains_key(name) {
        kept.insert(name.to_owned(), work_out()?);
    }
    kept.get_mut(name).ok_or(Failure::Damaged)
}

/// Given and family name.
fn display_name(body: &Members<'_>) -> Result<Option<String>, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Name<'a> {
        #[serde(borrow)]
        given_name: Option<Cow<'a, str>>,
        #[serde(borrow)]
        family_name: Option<Cow<'a, str>>,
    }
    let Some(name) = body.parsed::<Name<'_>>("name")? else { return Ok(None) };
    Ok(match (name.given_name, name.family_name) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (one, other) => one.or(other).map(Cow::into_owned),
    })
}
