//! A user as a client wants it, and the facts that are looked up before the workspace decides.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Email, Fields};
use crate::platform::{Catalog, FIRST_PASSWORD, Surroundings};

use super::{OwnList, Refusal};

/// A user as a client wants it.
#[derive(Clone, Debug)]
pub struct WantedUser {
    /// The login, normalized: an address, or on plain SCIM any text.
    pub user_name: String,
    /// Says whether the account is to be active; `None` where the client does not say.
    pub active: Option<bool>,
    /// Says whether an invitation is to be sent with the creation.
    pub send_invitation: bool,
    /// The password that comes with it.
    pub password: Password,
    /// Says whether the request is a PATCH, which says only what changes.
    pub is_patch: bool,
    /// Says whether the request names the role: then the role is applied again, even if it stays the same.
    pub names_role: bool,
    /// On plain SCIM, the lists that say who somebody is, or give rights.
    pub lists: OwnLists,
    /// The e-mail addresses besides the login.
    pub mailboxes: Vec<String>,
    /// The key of the role.
    pub role: Option<String>,
    /// The keys of all roles; a platform's user has one.
    pub roles: BTreeSet<String>,
    /// Its fields, normalized.
    pub fields: Fields,
}

/// The lists of a plain SCIM user that say who they are, or give rights. An absent list is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnLists(BTreeMap<OwnList, BTreeSet<ListElement>>);

/// The parts of an element of such a list that matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListElement {
    /// The value; empty where there is none.
    pub value: String,
    /// The type; empty where there is none.
    pub kind: String,
    /// Says whether it is the first choice.
    pub primary: bool,
}

impl OwnLists {
    /// Adds an element to a list.
    pub fn add(&mut self, list: OwnList, element: ListElement) {
        self.0.entry(list).or_default().insert(element);
    }

    /// The first list in which two users differ.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<OwnList> {
        OwnList::ALL.into_iter().find(|list| self.0.get(list) != other.0.get(list))
    }
}

/// The password that a request contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// None.
    Absent,
    /// One that the server does not take.
    Unwanted,
    /// One that the server has hashed.
    Hashed,
}

impl Password {
    /// Returns whether the account gets it.
    #[must_use]
    pub const fn is_set(self) -> bool {
        match self {
            Self::Hashed => true,
            Self::Absent | Self::Unwanted => false,
        }
    }
}

/// An employee record as far as an account needs it (PBN-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeRecord {
    /// The server's id.
    pub id: String,
    /// The key that YAML names it by.
    pub key: String,
    /// Says whether the record is active.
    pub active: bool,
}

/// The employee record that a user names (PBN-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Employed {
    /// The platform has no employee records.
    NotKept,
    /// The user names none.
    Unnamed,
    /// The user names one that the workspace does not have.
    Unknown,
    /// The record.
    Record(EmployeeRecord),
}

/// The facts about the workspace that a decision about a user rests on.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Clinics, roles, and the colleagues that the user names.
    pub around: &'a dyn Surroundings,
    /// The privileges that each role gives now, by its key.
    pub roles: &'a BTreeMap<String, BTreeSet<String>>,
    /// The employee record that the user names.
    pub employee: &'a Employed,
}

impl Employed {
    /// The record, where the platform has them.
    #[must_use]
    pub const fn record(&self) -> Option<&EmployeeRecord> {
        match self {
            Self::Record(record) => Some(record),
            Self::NotKept | Self::Unnamed | Self::Unknown => None,
        }
    }

    /// Refuses a user who names no record of the workspace (PBN-1, PBN-2).
    ///
    /// # Errors
    /// The record is required, and missing or unknown.
    pub const fn found(&self) -> Result<Option<&EmployeeRecord>, Refusal> {
        match self {
            Self::NotKept | Self::Record(_) => Ok(self.record()),
            Self::Unnamed => Err(Refusal::NoEmployee),
            Self::Unknown => Err(Refusal::UnknownEmployee),
        }
    }
}

impl WantedUser {
    /// Refuses e-mail addresses other than the login's.
    pub(super) fn has_one_address(&self, login: &Email) -> Result<(), Refusal> {
        let is_login = |address: &String| Email::parse(address).ok().as_ref() == Some(login);
        if self.mailboxes.iter().all(is_login) { Ok(()) } else { Err(Refusal::OtherAddress) }
    }

    /// Refuses several roles: the server must not drop one silently.
    pub(super) fn has_one_role(&self) -> Result<(), Refusal> {
        if self.roles.len() > 1 { Err(Refusal::SeveralRoles) } else { Ok(()) }
    }
}

/// Refuses a temporary first password that the workspace does not allow, or of an unusual length (AR-10). `length` is in characters.
///
/// # Errors
/// Either is the case.
pub fn check_first_password(catalog: &Catalog, allowed: bool, length: usize) -> Result<(), Refusal> {
    match (catalog.initial_password && allowed, FIRST_PASSWORD.contains(&length)) {
        (false, true | false) => Err(Refusal::NoFirstPasswords),
        (true, false) => Err(Refusal::FirstPasswordLength),
        (true, true) => Ok(()),
    }
}
