//! The access of people in all workspaces of a roster: what an auditor is shown.

use crate::model::{Email, StaffRow};

/// A review of all workspaces that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Everybody who has an account or is on the payroll, by name, then login.
    pub people: Vec<ReviewedPerson>,
    /// People who may be one person, or two: nobody is merged by a guess.
    pub alike: Vec<Alike>,
}

/// One person, or one account that is not a person's, with all accounts that are known to be theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewedPerson {
    /// First and last name; `None` if nothing shows it.
    pub name: Option<String>,
    /// The other names under which accounts or the payroll have the person, sorted.
    pub other_names: Vec<String>,
    /// The logins and addresses, sorted; also those of the payroll.
    pub logins: Vec<String>,
    /// The accounts, in the order of the workspaces.
    pub accounts: Vec<ReviewedAccount>,
    /// The rows of the payroll that have one of the addresses or user names; empty without a payroll.
    pub staff: Vec<StaffRow>,
    /// Says whether the person is on the payroll; `None` without a payroll.
    pub on_payroll: Option<OnPayroll>,
    /// The person who answers for it, if this is not a person but a service account.
    pub service: Option<ServiceOwner>,
}

/// Says whether a person is on the payroll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPayroll {
    /// The person is on it.
    Yes,
    /// The payroll says that the person has left.
    Left,
    /// Several people on it have the address, of whom some have left: nobody knows whose account it is.
    Shared,
    /// Nobody on it has an address or user name of the person. One row has the name, of somebody who has not left, and neither address nor
    /// user name: so nobody knows.
    ByName,
    /// Nobody on it has an address or user name of the person.
    No,
}

impl OnPayroll {
    /// Returns whether the payroll leaves open who the person is.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Shared | Self::ByName | Self::No => true,
            Self::Yes | Self::Left => false,
        }
    }
}

/// One account of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedAccount {
    /// The position of the workspace.
    pub workspace: usize,
    /// The position of the account in the workspace.
    pub account: usize,
    /// Says whether the account gives access.
    pub access: Access,
    /// Says why it should not give access; empty if it may, or does not.
    pub wrong: Vec<WrongAccess>,
    /// Says why it should not give access, if it does not as somebody attests, and the list of users has not shown that.
    pub unproved: Vec<WrongAccess>,
}

/// Says whether an account gives access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It does: it is active, or pending with a link that can still be used, and nothing shows that it is blocked.
    Yes,
    /// It may: nothing shows its state, or whether the link of its invitation can still be used.
    Unknown,
    /// It does not: it is inactive, blocked, or pending with a link that can no longer be used.
    No,
}

impl Access {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WrongAccess {
    /// Nobody on the payroll has the address or user name.
    NotOnPayroll,
    /// The payroll says that the person has left.
    Left,
    /// It has the address of somebody on the payroll, and the name of somebody who has left.
    NameOfLeaver,
    /// The roster says inactive.
    WantedInactive,
    /// The roster says blocked.
    WantedBlocked,
    /// The roster says who should have access, and does not list the account (`manage: exact`).
    NotInRoster,
    /// Somebody attests that the access has ended, the list shows otherwise, and the roster does not list the account.
    SaidToBeGone,
}

/// The person who answers for a service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceOwner {
    /// The address in the roster.
    pub owner: Email,
    /// Says whether that person is there.
    pub state: OwnerState,
}

/// Says whether the owner of a service account is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerState {
    /// The owner is on the payroll; without a payroll, in the roster and active.
    Present,
    /// The owner is on no payroll and in no workspace of the roster.
    Missing,
    /// The owner has left, or is inactive wherever the roster has them.
    Left,
}

/// People who may be one person, or whom an address does not tell apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alike {
    /// This says why they look alike.
    pub why: AlikeWhy,
    /// The positions of the people, at least one.
    pub people: Vec<usize>,
}

/// People look alike for one of these reasons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlikeWhy {
    /// They have the same first and last name.
    Name,
    /// They have the same first name, and last names with a part in common, such as after a marriage.
    PartOfName,
    /// One has a name that the payroll has as another name of the other: one that people go by, or an earlier last name.
    OtherName,
    /// They have the same last name or a part of it, and first names that may be forms of one name.
    FormOfName,
    /// Their names differ in spelling only.
    Spelling,
    /// They have the same phone number and different names.
    Phone,
    /// This address of one of them has the name of the other.
    NameInAddress(String),
    /// Several people have this address, so that it does not identify any of them.
    SharedAddress(String),
    /// An account has this user name, which the payroll has for one of them, and its name fits all of them, as an initial does.
    SeveralFit(String),
    /// One person has this address, under names that have nothing in common, as if it was given to somebody else.
    DifferentNames(String),
}

impl AlikeWhy {
    /// Returns whether they have one and the same name, as somebody has who came back.
    #[must_use]
    pub const fn is_one_name(&self) -> bool {
        match self {
            Self::Name => true,
            Self::PartOfName
            | Self::OtherName
            | Self::FormOfName
            | Self::Spelling
            | Self::Phone
            | Self::NameInAddress(_)
            | Self::SharedAddress(_)
            | Self::SeveralFit(_)
            | Self::DifferentNames(_) => false,
        }
    }
}
