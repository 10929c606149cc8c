//! Writes a roster for a workspace that already lives, so that the first plan is empty. Pure: files and the workspace as it was read go in,
//! files come out.
//!
//! The files are read and planned before anybody sees them: an account that the roster cannot say, or that the plan would change, goes
//! into a comment instead.

mod addresses;
mod doubts;
mod files;
mod groups;
mod people;
mod records;
mod verify;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::{Folder, Mistakes, Source, Sources};
use crate::model::{Actual, Desired, Email, LeftOut, NotImported, RecordToPlan, RefusalCause, State};
use crate::platform::{self, Catalog};
use crate::reconcile;
use crate::report::few;
use crate::yaml::edit::EditError;

use people::Drafted;
use records::Records;

pub use groups::By;

/// The number of times that accounts are taken out and the rest is tried again. Each time removes at least one; only a chain of people who depend on
/// each other takes more than a few.
const ROUNDS: usize = 200;

/// A workspace, and the roster into which it is imported.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The files of the roster.
    pub sources: &'a Sources,
    /// The other things that its folder says.
    pub folder: &'a Folder<'a>,
    /// The workspace as the roster describes it so far.
    pub desired: &'a Desired,
    /// The workspace as it was read.
    pub actual: &'a Actual,
    /// The ids of accounts that the server shows without a valid address.
    pub without_address: &'a BTreeSet<String>,
    /// The main admin, if a person says who it is.
    pub main_admin: Option<&'a Email>,
    /// The way in which users are divided over files; all are in the workspace's own file if absent.
    pub by: Option<By>,
    /// Says whether the roster may have users already; only others are added then.
    pub is_update: bool,
}

/// The files of an import, and what it leaves to people.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The files that are new or have other content.
    pub files: Vec<Source>,
    /// The number of users that were written.
    pub users: usize,
    /// The accounts that were not written, by login.
    pub not_imported: Vec<NotImported>,
    /// Says whether a comment names those accounts.
    pub says_not_imported: bool,
    /// The number of comments that ask a person to decide something.
    pub decisions: usize,
    /// The records that the first plan changes, since the file had clinics, roles or employee records already.
    pub to_plan: Vec<RecordToPlan>,
}

/// The reason why nothing is imported.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ImportError {
    /// The roster has users of the workspace already.
    #[error("the roster already has users of `{workspace}`: to add only the accounts that it does not have, add `--update`")]
    HasUsers {
        /// The workspace.
        workspace: String,
    },
    /// Nothing shows who the main admin is.
    #[error("nothing shows who the main admin of `{workspace}` is: add `main_admin: ADDRESS` to `{file}`, or give it with `--main-admin ADDRESS`{}", perhaps(.candidates))]
    NoMainAdmin {
        /// The workspace.
        workspace: String,
        /// Its file.
        file: String,
        /// The addresses of people who administrate it.
        candidates: Vec<Email>,
    },
    /// The main admin's own account cannot be written.
    #[error("the main admin {} cannot be imported", .0.who)]
    MainAdmin(Box<NotImported>),
    /// The workspace has no account with the main admin's address.
    #[error("the workspace has no active account of the main admin {0}: correct the address")]
    UnknownMainAdmin(Email),
    /// The files would not be a valid roster.
    #[error("with the imported users, the roster would have mistakes")]
    Mistakes(#[source] Mistakes),
    /// The plan would refuse something about the workspace itself.
    #[error("this workspace cannot be imported")]
    Refused(RefusalCause),
    /// Accounts that cannot be imported would be inactivated.
    #[error("`manage: exact` would inactivate accounts that cannot be imported ({0}): write `manage: additive` first")]
    Exact(usize),
    /// A file cannot be edited.
    #[error("`{file}` cannot be edited")]
    Edit {
        /// The file.
        file: String,
        /// The reason.
        #[source]
        why: EditError,
    },
    /// A file for a part of the users exists and is something else.
    #[error("`{file}` exists and does not begin with `users_of: {workspace}`: rename it first")]
    OtherFile {
        /// The file.
        file: String,
        /// The workspace.
        workspace: String,
    },
    /// Accounts depend on each other in too many ways.
    #[error("too many accounts of this workspace depend on others that cannot be imported")]
    Unsettled,
}

impl ImportError {
    /// Returns whether it is enough to say who the main admin is.
    #[must_use]
    pub const fn asks_for_main_admin(&self) -> bool {
        match self {
            Self::NoMainAdmin { .. } => true,
            Self::HasUsers { .. }
            | Self::MainAdmin(_)
            | Self::UnknownMainAdmin(_)
            | Self::Mistakes(_)
            | Self::Refused(_)
            | Self::Exact(_)
            | Self::Edit { .. }
            | Self::OtherFile { .. }
            | Self::Unsettled => false,
        }
    }
}

fn perhaps(candidates: &[Email]) -> String {
    let all: Vec<&str> = candidates.iter().map(Email::as_str).collect();
    if all.is_empty() { String::new() } else { format!(". Its administrators are {}", few(&all, 5)) }
}

/// Imports a workspace: every account becomes a user of the roster, or a comment that says why not.
///
/// # Errors
/// If the roster has users already, the main admin is unknown, or a file cannot be edited.
pub fn import(request: &Request<'_>) -> Result<Imported, ImportError> {
    let Request { desired, actual, .. } = *request;
    if !request.is_update && !desired.users.is_empty() {
        return Err(ImportError::HasUsers { workspace: desired.workspace.clone() });
    }
    let catalog = platform::by_id(&desired.platform).catalog();
    // What people attest since the list was taken counts as true, as in every plan.
    let attested = reconcile::attested(desired, actual);
    let state = &*addresses::with_addresses(attested.map_or(Cow::Borrowed(actual), Cow::Owned), desired);
    let main_admin = main_admin(request, state, catalog)?;
    let Drafted { mut users, mut not_imported } = people::draft(request, state, main_admin.as_ref(), catalog);
    let mut records = Records::draft(desired, state, catalog);
    for _ in 0..ROUNDS {
        let (files, says_not_imported) = files::compose(request, main_admin.as_ref(), &records, &users, &not_imported, catalog)?;
        let found = verify::verify(request, &files, &users, &records)?;
        if found.people.is_empty() && found.records.is_empty() {
            let decisions = users.iter().map(|user| user.decisions.len()).sum();
            let to_plan = if request.is_update { Vec::new() } else { found.to_plan };
            return Ok(Imported { files, users: users.len(), not_imported, says_not_imported, decisions, to_plan });
        }
        records.remove(&found.records);
        let mut people = found.people;
        for mut user in std::mem::take(&mut users) {
            let Some(why) = people.remove(&user.email) else {
                users.push(user);
                continue;
            };
            if user.leave_out_colleagues(catalog) && why.is_mistake() {
                users.push(user);
                continue;
            }
            let is_main_admin = main_admin.as_ref() == Some(&user.email);
            let one = user.not_imported(why);
            if is_main_admin {
                return Err(ImportError::MainAdmin(Box::new(one)));
            }
            not_imported.push(one);
        }
        not_imported.sort_by(|a, b| (&a.who, &a.id).cmp(&(&b.who, &b.id)));
    }
    Err(ImportError::Unsettled)
}

/// Returns the main admin: the roster's, or the one a person names, or the workspace's.
fn main_admin(request: &Request<'_>, state: &Actual, catalog: &Catalog) -> Result<Option<Email>, ImportError> {
    let desired = request.desired;
    let known = desired.main_admin.as_ref().or(request.main_admin).or(state.main_admin.as_ref());
    if let Some(known) = known {
        let works = |state: &State| state.standing().is_active() && state.block.is_none();
        let is_there = state.accounts.iter().any(|account| account.email == *known && works(&account.state));
        let is_listed = desired.users.contains_key(known);
        return if is_there || is_listed { Ok(Some(known.clone())) } else { Err(ImportError::UnknownMainAdmin(known.clone())) };
    }
    if catalog.main_admin_optional && !desired.connection.is_embedded() {
        return Ok(None);
    }
    let administrates = |privileges: &BTreeSet<String>| catalog.manages_users.as_ref().is_some_and(|one| privileges.contains(one));
    let can = |state: &State| state.accepted && !state.inactive && state.block.is_none();
    let candidates = state.accounts.iter().filter(|account| can(&account.state) && administrates(&account.privileges));
    Err(ImportError::NoMainAdmin {
        workspace: desired.workspace.clone(),
        file: desired.place.file.to_string(),
        candidates: candidates.map(|account| account.email.clone()).collect(),
    })
}

/// Returns a text that can be in a comment: some characters may not be in a YAML file at all.
fn comment(text: &str) -> String {
    text.replace(|c: char| u32::from(c) & 0xfffe == 0xfffe, "?")
}

/// The results of a verification: the reason for each user, and the keys of records, that cannot stay.
#[derive(Debug, Default)]
struct Unsayable {
    people: BTreeMap<Email, LeftOut>,
    records: BTreeSet<records::RecordKey>,
    /// The other records that the first plan would change.
    to_plan: Vec<RecordToPlan>,
}
