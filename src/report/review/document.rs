//! The JSON form of a review: the types behind `schemas/review.schema.json`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Standing;
use crate::report::users::document::{AttestedDocument, UserPart, UsersSource};
use crate::report::{by_hand::QuestionDocument, document::UnreadDocument};

/// A review of who has access to what, as `rosterctl review --format json` prints it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "rosterctl review")]
pub struct ReviewDocument {
    /// The version of this form: 1. A reader should refuse any other.
    pub format: u32,
    /// Says when the review was made, with its offset.
    pub as_of: String,
    /// The payroll that it was compared with; null if none was given.
    pub payroll: Option<PayrollDocument>,
    /// Counts how many people and accounts there are of each kind.
    pub summary: ReviewSummary,
    /// The workspaces that were read, in the roster's order.
    pub workspaces: Vec<ReviewedWorkspaceDocument>,
    /// The workspaces that could not be read: nobody knows who has access there.
    pub unread: Vec<UnreadDocument>,
    /// Everybody who has an account or is on the payroll.
    pub people: Vec<PersonDocument>,
    /// People who may be one person, or who share an address. Nobody is merged by a guess.
    pub alike: Vec<AlikeDocument>,
}

/// This is the payroll of a review.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PayrollDocument {
    /// This is the name of its file.
    pub file: String,
    /// This is the number of its rows.
    pub rows: usize,
    /// Says whether it has addresses or user names; without them nobody on it can be recognized.
    pub has_logins: bool,
    /// Says whether a column says who has left, or when; without one, everybody on it counts as employed.
    pub has_ends: bool,
    /// Counts how many rows have neither a status, where others have one, nor a last day; they count as employed.
    pub without_state: usize,
    /// The headers of the columns that were read.
    pub read: Vec<String>,
    /// The headers of the columns that were not read.
    pub not_read: Vec<String>,
    /// The parts that were not read and may say that somebody has left, in words; empty if nothing does.
    pub not_known: Vec<String>,
}

/// These numbers say what a review found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewSummary {
    /// The people, and the service accounts that are not a person's.
    pub people: usize,
    /// The accounts of the workspaces that were read.
    pub accounts: usize,
    /// The accounts that have, or may have, access and should not.
    pub wrong: usize,
    /// The service accounts whose owner is missing or has left.
    pub without_owner: usize,
    /// The people on the payroll who have no account in any workspace that was read.
    pub without_account: usize,
    /// The groups of people who may be one person, or who share an address.
    pub alike: usize,
    /// The workspaces that could not be read, or whose list of users is not complete or too old.
    pub not_known: usize,
}

/// This is a workspace of a review.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewedWorkspaceDocument {
    /// This is its name.
    pub workspace: String,
    /// Its platform, under the name it has in YAML.
    pub platform: String,
    /// Says where its users are known from.
    pub source: UsersSource,
    /// Says when they were read from the server, or when the newest tab of the list was taken; null if the list has no tabs.
    pub as_of: Option<String>,
    /// This is the age of the oldest tab of a list, in whole days; 0 for a server.
    pub age_days: i64,
    /// Says whether somebody who is missing here is known to have no account.
    pub complete: bool,
    /// Says whether a tab of the list is too old.
    pub stale: bool,
    /// The gaps in what is known about the workspace, in words; empty if everything is known.
    pub not_known: Vec<String>,
    /// The accounts that the roster should list (`manage: exact`) and does not, and that an incomplete list lacks: they may still give access.
    pub unseen: Vec<UnseenDocument>,
    /// The steps that somebody attests, and of which a newer list shows otherwise.
    pub contradicted: Vec<ContradictedDocument>,
    /// The accounts whose address the roster does not know, with the name of a user whom the list lacks.
    pub questions: Vec<QuestionDocument>,
    /// The clinics that accounts of the workspace have, by key.
    pub clinics: Vec<String>,
    /// This is the number of its accounts.
    pub accounts: usize,
}

/// An account that an earlier list showed with access and that the newest one lacks, which is not complete.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnseenDocument {
    /// This is the login: an address or a user name.
    pub user: String,
    /// The name; null if the earlier list did not show it.
    pub name: Option<String>,
    /// Says why it should not give access.
    pub wrong: WrongWord,
    /// Says when the earlier list was taken, with its offset.
    pub taken: String,
    /// This is the same in words.
    pub text: String,
}

/// A step that somebody attests, and of which a newer list shows otherwise.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContradictedDocument {
    /// The login of the person whom the step is about.
    pub user: String,
    /// This is the kind of step, such as `inactivate`.
    pub change: String,
    /// This person attests it.
    pub by: String,
    /// Says when it was done, with its offset.
    pub at: String,
    /// This is the same in words.
    pub text: String,
}

/// This is a person, or a service account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonDocument {
    /// First and last name; null if nothing shows it.
    pub name: Option<String>,
    /// Other names under which accounts or the payroll have the person.
    pub other_names: Vec<String>,
    /// All logins and addresses that are known to be the person's.
    pub logins: Vec<String>,
    /// Says whether the person is on the payroll; null without a payroll.
    pub on_payroll: Option<PayrollWord>,
    /// The rows of the payroll that are the person's.
    pub payroll_rows: Vec<PayrollRowDocument>,
    /// The person who answers for it, if this is a service account; null for a person.
    pub service: Option<ServiceDocument>,
    /// These are the accounts.
    pub accounts: Vec<AccountDocument>,
    /// The workspaces of which nobody knows whether the person has an account.
    pub unknown_in: Vec<String>,
}

/// Says whether somebody is on the payroll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PayrollWord {
    /// The person is on it.
    Yes,
    /// The payroll says that the person has left.
    Left,
    /// Several people on it have the address, of whom some have left: nobody knows whose account it is.
    Shared,
    /// A row without address and user name has the person's name: nobody knows whether it is the same person.
    ByName,
    /// Nobody on it has an address or user name of the person.
    No,
}

impl PayrollWord {
    /// Returns whether nobody knows if the payroll says that the person has left.
    pub(in crate::report) const fn may_have_left(self) -> bool {
        match self {
            Self::Shared | Self::ByName => true,
            Self::Yes | Self::Left | Self::No => false,
        }
    }

    /// Returns whether the person is on it and has not left.
    pub(in crate::report) const fn is_on_it(self) -> bool {
        match self {
            Self::Yes => true,
            Self::Left | Self::Shared | Self::ByName | Self::No => false,
        }
    }

    /// Returns whether the payroll says that the person has left.
    pub(in crate::report) const fn has_left(self) -> bool {
        match self {
            Self::Left => true,
            Self::Yes | Self::Shared | Self::ByName | Self::No => false,
        }
    }

    /// Returns whether the payroll has several people whose account it may be.
    pub(in crate::report) const fn is_shared(self) -> bool {
        match self {
            Self::Shared => true,
            Self::Yes | Self::Left | Self::ByName | Self::No => false,
        }
    }
}

/// This is a row of the payroll.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PayrollRowDocument {
    /// This is the line or row in the file, counted from 1.
    pub row: u64,
    /// The last day, such as `2026-10-31`; null if the row has none.
    pub end: Option<String>,
    /// Says whether the status says that the person has left.
    pub terminated: bool,
    /// Says whether the row is struck through, which says so, too.
    pub struck: bool,
    /// Says whether the status says that the person has not started yet; missing if it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_started: bool,
}

/// This is the owner of a service account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServiceDocument {
    /// This is the address in the roster.
    pub owner: String,
    /// Says whether that person is there.
    pub state: OwnerWord,
}

/// Says whether the owner of a service account is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OwnerWord {
    /// The owner is on the payroll; without a payroll, in the roster and active.
    Present,
    /// The owner is not on the payroll; without a payroll, not in the roster.
    Missing,
    /// The owner has left; without a payroll, the roster says inactive.
    Left,
}

impl OwnerWord {
    /// Returns whether the owner is missing or has left.
    pub(in crate::report) const fn is_absent(self) -> bool {
        match self {
            Self::Missing | Self::Left => true,
            Self::Present => false,
        }
    }
}

/// An account of a person. A value that is null although its key is in `not_shown` is unknown; any other null is empty.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountDocument {
    /// This is the workspace.
    pub workspace: String,
    /// This is the login: an address or a user name.
    pub user: String,
    /// Says whether the account gives access.
    pub access: AccessWord,
    /// Says why it should not give access; empty if it may, or does not.
    pub wrong: Vec<WrongWord>,
    /// Says why it should not give access, if only somebody's word says that it does not: no list has shown it. Empty otherwise.
    pub unproved: Vec<WrongWord>,
    /// The user is pending, active or inactive.
    pub state: Option<Standing>,
    /// This is the state in words, with its dates.
    pub state_text: String,
    /// Says whether the user is blocked.
    pub blocked: Option<bool>,
    /// This is the role, by its key.
    pub role: Option<String>,
    /// These are the clinics, by their keys.
    pub clinics: Option<BTreeSet<String>>,
    /// Their names, by key: people know clinics by these.
    #[serde(skip)]
    pub clinic_names: BTreeMap<String, String>,
    /// Says where and when this is known from, in words.
    pub known: String,
    /// Says when the account was read, or when the tab was taken that shows it.
    pub as_of: Option<String>,
    /// Lists what people attest and the list does not show, and what a newer list contradicts.
    pub attested: Vec<AttestedDocument>,
    /// Lists what nothing shows.
    pub not_shown: BTreeSet<UserPart>,
}

/// Says whether an account gives access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccessWord {
    /// It does.
    Yes,
    /// Nothing shows whether it does.
    Unknown,
    /// It does not.
    No,
}

impl AccessWord {
    /// Returns whether the account gives access, or may.
    #[must_use]
    pub const fn may_be_there(self) -> bool {
        match self {
            Self::Yes | Self::Unknown => true,
            Self::No => false,
        }
    }
}

/// Says why an account should not give access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WrongWord {
    /// Nobody on the payroll has the address or user name.
    NotOnPayroll,
    /// The payroll says that the person has left.
    Left,
    /// The account has the address of somebody on the payroll, and the name of somebody who has left.
    NameOfLeaver,
    /// The roster says inactive.
    WantedInactive,
    /// The roster says blocked.
    WantedBlocked,
    /// The roster is exact, and does not list the account.
    NotInRoster,
    /// Somebody attests that the access has ended, the list shows otherwise, and the roster does not list the account.
    SaidToBeGone,
}

/// People who may be one person, or who share an address.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AlikeDocument {
    /// This says why they look alike.
    pub why: AlikeWord,
    /// This is the same in words.
    pub text: String,
    /// These are the positions of the people in `people`.
    pub people: Vec<usize>,
}

/// People look alike for one of these reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AlikeWord {
    /// The people have the same first and last name.
    Name,
    /// The same first name, and last names with a part in common.
    PartOfName,
    /// A name that the payroll has as another name of the same person.
    OtherName,
    /// The same last name or a part of it, and first names that may be forms of one name.
    FormOfName,
    /// Names that differ in spelling only.
    Spelling,
    /// The people have the same phone number.
    Phone,
    /// An address of one of them that has the name of another.
    NameInAddress,
    /// An address that several of them have.
    SharedAddress,
    /// A user name that the payroll has for one of them, of an account whose name fits all of them.
    SeveralFit,
    /// One address under the names of different people.
    DifferentNames,
}

impl AlikeWord {
    /// Returns whether nobody knows whose access it is.
    pub(in crate::report) const fn leaves_access_open(self) -> bool {
        match self {
            Self::SeveralFit | Self::DifferentNames => true,
            Self::Name
            | Self::PartOfName
            | Self::OtherName
            | Self::FormOfName
            | Self::Spelling
            | Self::Phone
            | Self::NameInAddress
            | Self::SharedAddress => false,
        }
    }

    /// Returns whether one address has the names of different people.
    pub(in crate::report) const fn is_one_address(self) -> bool {
        match self {
            Self::DifferentNames => true,
            Self::Name
            | Self::PartOfName
            | Self::OtherName
            | Self::FormOfName
            | Self::Spelling
            | Self::Phone
            | Self::NameInAddress
            | Self::SharedAddress
            | Self::SeveralFit => false,
        }
    }
}
