//! A stored account as a SCIM user: its fields as attributes, or on plain SCIM what a client wrote, and what the server says of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::model::{Field, Fields};
use crate::scim::map::{self, Links, MapError};
use crate::scim::schema::record_names as names;
use crate::scim::urn;
use crate::server::failure::Failure;
use crate::server::scim::json_members::Members;
use crate::server::scim::rights;
use crate::server::scim::rights::Rights;
use crate::server::scim::supporting::SupportingRecords;
use crate::server::scim::users::json::AnswerContext;
use crate::server::scim::users::json::Practice;
use crate::server::scim::users::json::UserJson;
use crate::server::scim::users::json::Written;
use crate::server::workspace::Workspace;
use crate::store::AccountRow;
use crate::workspace::Giving;

/// The members of the whole user, read-only attributes included.
pub(in crate::server) fn user(
    workspace: &Workspace,
    row: &AccountRow,
    records: &SupportingRecords,
    base: &str,
    now: i64,
) -> Result<Map<String, Value>, Failure> {
    match Viewer::new(workspace, records, base, now).value(row)? {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(Failure::Damaged),
    }
}

/// Shows the accounts of one workspace in one answer. Texts that depend on few values are made once, since most users
/// share them with many.
pub(in crate::server) struct Viewer<'a> {
    about: AnswerContext<'a>,
    /// Rights, by what decides them.
    rights: HashMap<Giving, Rights>,
    /// Says whether the origins of privileges are shown.
    has_sources: bool,
}

impl<'a> Viewer<'a> {
    /// For one answer, whose links begin with `base`; `now` is in epoch milliseconds.
    pub(in crate::server) fn new(workspace: &'a Workspace, records: &'a SupportingRecords, base: &'a str, now: i64) -> Self {
        let tells_invited = workspace.wire.users().extension(urn::PRACTICE).is_some_and(|e| e.attribute("invitedName").is_some());
        let about = AnswerContext { workspace, records, base, now, tells_invited };
        Self { about, rights: HashMap::new(), has_sources: false }
    }

    /// Shows the origins of privileges, too, if a request asks for them.
    pub(in crate::server) fn with_sources(self, has_sources: bool) -> Self {
        Self { has_sources, ..self }
    }

    /// The whole user, read-only attributes included.
    pub(in crate::server) fn user<'r>(&mut self, row: &'r AccountRow) -> Result<UserJson<'r>, Failure>
    where
        'a: 'r,
    {
        let written = match (row.particulars.document(), self.about.workspace.is_plain()) {
            (Some(document), true) => Written::Document(Members::read(document)?),
            (None, true) => return Err(Failure::Damaged),
            (Some(_) | None, false) => Written::Fields(self.practice(row)?),
        };
        Ok(UserJson { about: self.about, row, written })
    }

    /// As [`Viewer::user`], as a value that can be looked into.
    pub(in crate::server) fn value(&mut self, row: &AccountRow) -> Result<Value, Failure> {
        Ok(serde_json::to_value(self.user(row)?)?)
    }

    fn practice(&mut self, row: &AccountRow) -> Result<Practice, Failure> {
        let (about, fields) = (self.about, row.particulars.fields());
        let catalog = about.workspace.catalog();
        let rights = match self.rights.entry(rights::giving(about.workspace, row)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let rights = Rights::of_role(about.records, place.key())?;
                place.insert(rights)
            }
        };
        let given = Arc::clone(&rights.given);
        let effective = rights.effective(catalog, rights::own_rights(catalog, fields), row.main_admin)?;
        let sources = self.has_sources.then(|| rights::sources(about.workspace, row, about.records));
        let links = AnswerLinks { about, employee: row.particulars.employee() };
        let attributes = map::attributes(fields, catalog, &links).map_err(|_| Failure::Damaged)?;
        Ok(Practice { name: display_name(fields), attributes, given, effective, sources })
    }
}

/// Links of an answer: with keys for display, and where each clinic and record is.
struct AnswerLinks<'a> {
    about: AnswerContext<'a>,
    /// The id of the account's employee record.
    employee: Option<&'a str>,
}

impl Links for AnswerLinks<'_> {
    /// A clinic that the workspace lacks is named as it is stored.
    fn id_of_clinic<'k>(&'k self, key: &'k str) -> Result<&'k str, MapError> {
        Ok(self.about.records.clinics.get(key).map_or(key, String::as_str))
    }

    fn link_to_clinic(&self, key: &str) -> Result<Value, MapError> {
        let known = self.about.records.clinics.get(key);
        let id = known.map_or(key, String::as_str);
        Ok(json!({ "value": id, "$ref": format!("{}{}/{id}", self.about.base, names::clinic::ENDPOINT), "display": known.map(|_| key) }))
    }

    fn link_to_employee(&self, key: &str) -> Result<Value, MapError> {
        let id = self.employee.unwrap_or(key);
        Ok(json!({ "value": id, "display": key, "$ref": format!("{}{}/{id}", self.about.base, names::employee::ENDPOINT) }))
    }
}

/// First and last name.
fn display_name(fields: &Fields) -> Option<String> {
    match (fields.text(Field::FirstName), fields.text(Field::LastName)) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}
