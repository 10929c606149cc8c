//! A stored account as a SCIM user: what clients wrote, passed on as it is stored, and what the server says of it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use crate::scim::urn;
use crate::server::failure::Failure;
use crate::server::scim::json_members;
use crate::server::scim::json_members::Members;
use crate::server::scim::records::supporting::SupportingRecords;
use crate::server::scim::rights;
use crate::server::scim::rights::Rights;
use crate::server::scim::rights::Switches;
use crate::server::scim::users::json::About;
use crate::server::scim::users::json::Practice;
use crate::server::scim::users::json::UserJson;
use crate::server::workspace::Workspace;
use crate::store::AccountRow;

/// The whole user as a value, read-only attributes included.
pub(in crate::server) fn user(
    workspace: &Workspace,
    row: &AccountRow,
    records: &SupportingRecords,
    base: &str,
    now: i64,
) -> Result<Value, Failure> {
    Viewer::new(workspace, records, base, now).value(row)
}

/// A stored body.
pub(in crate::server) fn parse(body: &str) -> Result<Map<String, Value>, Failure> {
    Ok(serde_json::from_str(body)?)
}

/// Shows the accounts of one workspace in one answer. What follows from little is worked out once: most of what is said of one user is
/// said of many.
pub(in crate::server) struct Viewer<'a> {
    about: About<'a>,
    /// Rights, by what decides them.
    rights: HashMap<String, Rights>,
    /// Links to clinics, completed, by the links as they are stored.
    clinics: HashMap<String, Arc<RawValue>>,
}

impl<'a> Viewer<'a> {
    /// For one answer, whose links begin with `base`; `now` is in epoch milliseconds.
    pub(in crate::server) fn new(workspace: &'a Workspace, records: &'a SupportingRecords, base: &'a str, now: i64) -> Self {
        let tells_invited = workspace.wire.users().extension(urn::PRACTICE).is_some_and(|e| e.attribute("invitedName").is_some());
        let about = About { workspace, records, base, now, tells_invited };
        Self { about, rights: HashMap::new(), clinics: HashMap::new() }
    }

    /// The whole user, read-only attributes included.
    pub(in crate::server) fn user<'r>(&mut self, row: &'r AccountRow) -> Result<UserJson<'r>, Failure>
    where
        'a: 'r,
    {
        let body = Members::read(&row.body)?;
        let practice = if self.about.workspace.is_plain() { None } else { Some(self.practice(row, &body)?) };
        Ok(UserJson { about: self.about, row, body, practice })
    }

    /// As [`Viewer::user`], as a value that can be looked into.
    pub(in crate::server) fn value(&mut self, row: &AccountRow) -> Result<Value, Failure> {
        Ok(serde_json::to_value(self.user(row)?)?)
    }

    fn practice<'r>(&mut self, row: &'r AccountRow, body: &Members<'r>) -> Result<Practice<'r>, Failure> {
        let about = self.about;
        let stored = body.object(urn::PRACTICE)?;
        let source = rights::source(about.workspace, row, body)?;
        let rights = cached(&mut self.rights, &source, || Rights::of_role(about.workspace, about.records, &source))?;
        let given = Arc::clone(&rights.given);
        let effective = rights.effective(about.workspace.catalog(), Switches::read(about.workspace.catalog(), &stored)?, row.main_admin)?;
        let clinics = match stored.get("clinics") {
            Some(links) => Some(Arc::clone(cached(&mut self.clinics, links.get(), || about.clinics(links))?)),
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
            let display = self.records.clinic_keys.get(&*id);
            json!({ "value": id, "$ref": format!("{}/Clinics/{id}", self.base), "display": display })
        };
        let links: Vec<Value> = json_members::parsed::<Vec<Link<'_>>>(stored)?.into_iter().map(complete).collect();
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

/// The value kept under a name; computed if it is missing.
fn cached<'k, T>(kept: &'k mut HashMap<String, T>, name: &str, compute: impl FnOnce() -> Result<T, Failure>) -> Result<&'k mut T, Failure> {
    if !kept.contains_key(name) {
        kept.insert(name.to_owned(), compute()?);
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
