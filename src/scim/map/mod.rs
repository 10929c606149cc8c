//! Turns the model's values into wire attributes, and back; the field table says where each field is.
//!
//! Reading accepts what other servers send: names in any case, absent, `null` and `[]` alike, no practice extension, no versions.

mod account;
mod paths;
mod read;
mod records;
mod write;

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::model::{Account, Actual, Country, Fingerprint, ProtocolError, RemoteId};
use crate::platform::Catalog;

use super::Node;

pub use account::{Privileges, account_to_user, block_record, delivery, is_active_user, user_to_account, user_to_account_sharing};
pub use read::{elements, phone, user_fields};
pub use records::{block_body, clinic, employee, endpoint, record_body, record_patch, role};
pub use write::{UserAttribute, ask_for_invitation, attributes, changes_to_patch, fields_to_user, replace, replace_active, set_password};

/// The facts that the conversion of users needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The platform.
    pub catalog: &'a Catalog,
    /// Keys and ids of clinics and employee records.
    pub names: &'a KeysAndIds,
    /// Says whether the server has the practice extension: then an absent attribute is known to be empty.
    pub practice_extension: bool,
    /// Says whether each role of a user gives access. On our own server the primary one alone does.
    pub every_role_counts: bool,
    /// The country whose national phone numbers are understood.
    pub country: Option<Country>,
}

/// Keys and ids: the roster names clinics and employee records by key, the wire by the server's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeysAndIds {
    clinics: TwoWay,
    employees: TwoWay,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct TwoWay {
    ids: BTreeMap<String, String>,
    keys: BTreeMap<String, String>,
}

/// The names of clinics and employee records on the wire.
pub trait Links {
    /// The id of the clinic with a key.
    ///
    /// # Errors
    /// There is no such clinic.
    fn id_of_clinic<'k>(&'k self, key: &'k str) -> Result<&'k str, MapError>;

    /// A link to the clinic with a key.
    ///
    /// # Errors
    /// There is no such clinic.
    fn link_to_clinic(&self, key: &str) -> Result<Json, MapError>;

    /// A link to the employee record with a key.
    ///
    /// # Errors
    /// There is no such record.
    fn link_to_employee(&self, key: &str) -> Result<Json, MapError>;
}

impl Links for KeysAndIds {
    fn id_of_clinic<'k>(&'k self, key: &'k str) -> Result<&'k str, MapError> {
        self.clinic_id(key).ok_or_else(|| MapError::UnknownClinic(key.to_owned()))
    }

    fn link_to_clinic(&self, key: &str) -> Result<Json, MapError> {
        Ok(json!({ "value": self.id_of_clinic(key)? }))
    }

    fn link_to_employee(&self, key: &str) -> Result<Json, MapError> {
        let id = self.employee_id(key).ok_or_else(|| MapError::UnknownEmployee(key.to_owned()))?;
        Ok(json!({ "value": id }))
    }
}

/// The reason why a resource or a value cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapError {
    /// A resource is not a JSON object, or lacks a required attribute.
    Lacks {
        /// The resource's kind.
        what: &'static str,
        /// The missing attribute.
        missing: &'static str,
    },
    /// Neither `userName` nor an e-mail is an address.
    NoAddress {
        /// The server's id.
        id: String,
    },
    /// A clinic that the server does not have.
    UnknownClinic(String),
    /// An employee record that the server does not have.
    UnknownEmployee(String),
    /// A field that the platform does not have on the wire.
    NoWireForm {
        /// The field's YAML key.
        field: &'static str,
    },
}

impl From<MapError> for ProtocolError {
    fn from(error: MapError) -> Self {
        match error {
            MapError::Lacks { what, missing } => Self::Lacks { what: what.to_owned(), missing: missing.to_owned() },
            MapError::NoAddress { id } => Self::NoAddress { id },
            MapError::UnknownClinic(key) => Self::UnknownClinic { key },
            MapError::UnknownEmployee(key) => Self::UnknownEmployee { key },
            MapError::NoWireForm { field } => Self::NoWireForm { field: field.to_owned() },
        }
    }
}

impl KeysAndIds {
    /// Starts without names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Collects the names in a workspace that was read.
    #[must_use]
    pub fn from_actual(actual: &Actual) -> Self {
        let mut names = Self::new();
        for (key, clinic) in &actual.clinics {
            names.add_clinic(key, &clinic.id);
        }
        for employee in &actual.employees {
            names.add_employee(&employee.key, &employee.id);
        }
        names
    }

    /// Adds a clinic.
    pub fn add_clinic(&mut self, key: &str, id: &RemoteId) {
        self.clinics.add(key, id);
    }

    /// Adds an employee record.
    pub fn add_employee(&mut self, key: &str, id: &RemoteId) {
        self.employees.add(key, id);
    }

    /// Returns the id of a clinic.
    #[must_use]
    pub fn clinic_id(&self, key: &str) -> Option<&str> {
        self.clinics.ids.get(key).map(String::as_str)
    }

    /// Returns the key of a clinic, or the id itself if the clinic is unknown.
    #[must_use]
    pub fn clinic_key<'a>(&'a self, id: &'a str) -> &'a str {
        self.clinics.keys.get(id).map_or(id, String::as_str)
    }

    /// Returns the id of an employee record.
    #[must_use]
    pub fn employee_id(&self, key: &str) -> Option<&str> {
        self.employees.ids.get(key).map(String::as_str)
    }

    /// Returns the key of an employee record, or the id itself if the record is unknown.
    #[must_use]
    pub fn employee_key<'a>(&'a self, id: &'a str) -> &'a str {
        self.employees.keys.get(id).map_or(id, String::as_str)
    }
}

impl TwoWay {
    fn add(&mut self, key: &str, id: &RemoteId) {
        self.ids.insert(key.to_owned(), id.0.clone());
        self.keys.insert(id.0.clone(), key.to_owned());
    }
}

/// Marks a version that was computed here, which must not be sent as an entity tag.
const OURS: &str = "sha256-";

/// Returns whether a version is the server's own entity tag, to be sent back in `If-Match`, and not a computed hash.
#[must_use]
pub fn is_entity_tag(fingerprint: &Fingerprint) -> bool {
    !fingerprint.0.starts_with(OURS)
}

/// Returns the version of a resource: `meta.version`, or else a hash of what was read of it.
fn fingerprint(resource: &impl Node, read: &impl Serialize) -> Fingerprint {
    let version = resource.member("meta").and_then(|meta| meta.member("version")).and_then(Node::text);
    match version {
        Some(version) if !version.trim().is_empty() => Fingerprint(version.to_owned()),
        // Serializing values of the model cannot fail: they have text keys only.
        _ => hash_of(read),
    }
}

/// Returns the version that an account has where the server tells none.
#[must_use]
pub fn own_fingerprint(account: &Account) -> Fingerprint {
    let Account { email, state, fields, privileges, has_passcode, main_admin, .. } = account;
    hash_of(&(email, state, fields, privileges, has_passcode, main_admin))
}

fn hash_of(read: &impl Serialize) -> Fingerprint {
    Fingerprint(format!("{OURS}{}", HEXLOWER.encode(&Sha256::digest(serde_json::to_vec(read).unwrap_or_default()))))
}

/// Reads the server's id, which some servers send as a number.
fn remote_id(resource: &impl Node) -> Option<RemoteId> {
    let id = resource.member("id")?;
    id.text().filter(|id| !id.is_empty()).map(str::to_owned).or_else(|| id.number()).map(RemoteId)
}
