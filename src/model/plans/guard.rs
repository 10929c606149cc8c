//! The guards, and what each of them finds when it stops a plan.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::model::{Email, PartialCause, with_all};

with_all! {
    /// The guards, in the order in which they are asked. No switch turns all of them off. Editors show the description of each that a waiver
    /// can name.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Guard {
        /// The list of users was not read completely.
        PartialRead,
        /// The plan takes access away, and the roster has no users.
        EmptyDesired,
        /// The plan takes access or rights from too many people.
        Removals,
        /// The plan leaves too few administrators.
        LastAdministrator,
        /// The plan inactivates or blocks the main admin.
        MainAdmin,
        /// The plan takes access or rights from the account that applies it.
        #[serde(rename = "self")]
        OwnAccount,
        /// The plan takes away a colleague whom others still need, such as a medical director whom providers name.
        #[serde(rename = "medical-director")]
        NeededColleague,
    }
}

/// Lists of guards are sorted by code.
impl Ord for Guard {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl PartialOrd for Guard {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The reason why no waiver lifts a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeverWaived {
    /// A list that was not read completely cannot be judged.
    NotReadInFull,
    /// The main admin is transferred in the workspace.
    Transferred,
}

impl Guard {
    /// Returns the code in YAML, JSON and documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PartialRead => "partial-read",
            Self::EmptyDesired => "empty-desired",
            Self::Removals => "removals",
            Self::LastAdministrator => "last-administrator",
            Self::MainAdmin => "main-admin",
            Self::OwnAccount => "self",
            Self::NeededColleague => "medical-director",
        }
    }

    /// Returns why no waiver lifts it; `None` if one can.
    #[must_use]
    pub const fn never_waived(self) -> Option<NeverWaived> {
        match self {
            Self::PartialRead => Some(NeverWaived::NotReadInFull),
            Self::MainAdmin => Some(NeverWaived::Transferred),
            Self::EmptyDesired | Self::Removals | Self::LastAdministrator | Self::OwnAccount | Self::NeededColleague => None,
        }
    }

    /// Returns whether a waiver can lift it.
    #[must_use]
    pub const fn is_waivable(self) -> bool {
        self.never_waived().is_none()
    }

    /// Finds the guard with this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|guard| guard.code() == code)
    }
}

/// A guard that stopped a plan. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Stop {
    /// The finding.
    pub cause: StopCause,
    /// A waiver of the roster that names the guard and does not lift it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<UnfitWaiver>,
}

/// The finding of a guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StopCause {
    /// The list of users is incomplete.
    PartialRead {
        /// The reason why the list cannot be trusted.
        why: PartialCause,
        /// The number of accounts that would lose access.
        removed: usize,
        /// The number of people who would be invited.
        invited: usize,
    },
    /// The roster has no users.
    EmptyDesired {
        /// The number of accounts that would lose access.
        removed: usize,
    },
    /// Too many accounts lose access or rights.
    Removals {
        /// Their addresses, sorted.
        removed: Box<[Email]>,
        /// The number of them that are active.
        working: usize,
        /// The number of accounts of the workspace that are active.
        active: usize,
        /// The limit that they exceed.
        limit: RemovalLimit,
    },
    /// Too few administrators are left.
    LastAdministrator {
        /// The number at the lowest point of the run.
        worst: usize,
        /// The number before it.
        before: usize,
        /// The number that the roster requires.
        at_least: usize,
    },
    /// Somebody loses access or a role, nobody is known who could manage users after that, and a list does not show whether that somebody
    /// can.
    PerhapsLastAdministrator {
        /// Their addresses, sorted.
        taken: Box<[Email]>,
    },
    /// The main admin is inactivated or blocked.
    MainAdmin {
        /// The main admin's address.
        user: Email,
    },
    /// The acting account would lose access or administration.
    OwnAccount {
        /// The acting account's address.
        user: Email,
        /// Says whether it acts in an embedded workspace, where there are no tokens.
        embedded: bool,
        /// Says whether the server refuses it every time, also with a waiver: nobody takes the right to manage users from themselves.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        refused: bool,
        /// Says whether it is the main admin's and would lose access, which no other administrator can do either.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        main_admin: bool,
    },
    /// A colleague leaves whom others still need.
    #[serde(rename = "medical-director")]
    NeededColleague {
        /// Those who name somebody who leaves, each with that person's address; sorted.
        stranded: Box<[(Email, Email)]>,
    },
}

/// The limit of removals that is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RemovalLimit {
    /// The number.
    Count(u32),
    /// The share of the active accounts, in millionths.
    Share(u32),
}

impl RemovalLimit {
    /// Returns whether it depends on how many accounts are active.
    #[must_use]
    pub const fn is_share(self) -> bool {
        match self {
            Self::Share(_) => true,
            Self::Count(_) => false,
        }
    }
}

/// A waiver that names a guard and does not lift it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UnfitWaiver {
    /// Its reason.
    pub reason: String,
    /// The digest it names, if that is not the plan's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_plan: Option<String>,
    /// Its last day, if that is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub ended: Option<jiff::civil::Date>,
}

impl StopCause {
    /// Returns the guard.
    #[must_use]
    pub const fn guard(&self) -> Guard {
        match self {
            Self::PartialRead { .. } => Guard::PartialRead,
            Self::EmptyDesired { .. } => Guard::EmptyDesired,
            Self::Removals { .. } => Guard::Removals,
            Self::LastAdministrator { .. } | Self::PerhapsLastAdministrator { .. } => Guard::LastAdministrator,
            Self::MainAdmin { .. } => Guard::MainAdmin,
            Self::OwnAccount { .. } => Guard::OwnAccount,
            Self::NeededColleague { .. } => Guard::NeededColleague,
        }
    }
}

impl StopCause {
    /// Returns whether it was found only because a list does not show roles.
    #[must_use]
    pub const fn is_of_roles_not_shown(&self) -> bool {
        match self {
            Self::PerhapsLastAdministrator { .. } => true,
            Self::PartialRead { .. }
            | Self::EmptyDesired { .. }
            | Self::Removals { .. }
            | Self::LastAdministrator { .. }
            | Self::MainAdmin { .. }
            | Self::OwnAccount { .. }
            | Self::NeededColleague { .. } => false,
        }
    }
}

impl Stop {
    /// Returns the guard.
    #[must_use]
    pub const fn guard(&self) -> Guard {
        self.cause.guard()
    }

    /// Returns whether a waiver can help: it lifts the guard, and the server does what the plan says.
    #[must_use]
    pub const fn is_waivable(&self) -> bool {
        self.guard().is_waivable()
            && match &self.cause {
                StopCause::OwnAccount { refused, main_admin, .. } => !(*refused || *main_admin),
                StopCause::PartialRead { .. }
                | StopCause::EmptyDesired { .. }
                | StopCause::Removals { .. }
                | StopCause::LastAdministrator { .. }
                | StopCause::PerhapsLastAdministrator { .. }
                | StopCause::MainAdmin { .. }
                | StopCause::NeededColleague { .. } => true,
            }
    }
}
