//! The guards, and what each of them finds when it stops a plan.

use serde::{Deserialize, Serialize};

use super::Email;

/// The guards, sorted by code. There is no switch for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// An exact roster without users.
    EmptyDesired,
    /// Too few would be left who can manage users, at some point of the run.
    LastAdministrator,
    /// The main admin would be inactivated or blocked (AR-20).
    MainAdmin,
    /// A medical director would leave while providers name them (AR-25).
    MedicalDirector,
    /// The list of accounts cannot be trusted (rule 7 of the core).
    PartialRead,
    /// More accounts lose access than the roster allows.
    Removals,
    /// The token's own account would lose access or rights.
    #[serde(rename = "self")]
    OwnAccount,
}

/// Why no waiver lifts a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeverWaived {
    /// What was not read in full cannot be judged.
    NotReadInFull,
    /// The main admin is transferred in the workspace.
    Transferred,
}

impl Guard {
    /// All guards, in the order they are asked.
    pub const ALL: [Self; 7] = [
        Self::PartialRead,
        Self::EmptyDesired,
        Self::Removals,
        Self::LastAdministrator,
        Self::MainAdmin,
        Self::OwnAccount,
        Self::MedicalDirector,
    ];

    /// The code of YAML, JSON and documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PartialRead => "partial-read",
            Self::EmptyDesired => "empty-desired",
            Self::Removals => "removals",
            Self::LastAdministrator => "last-administrator",
            Self::MainAdmin => "main-admin",
            Self::OwnAccount => "self",
            Self::MedicalDirector => "medical-director",
        }
    }

    /// Why no waiver lifts it; `None` where one can.
    #[must_use]
    pub const fn never_waived(self) -> Option<NeverWaived> {
        match self {
            Self::PartialRead => Some(NeverWaived::NotReadInFull),
            Self::MainAdmin => Some(NeverWaived::Transferred),
            Self::EmptyDesired | Self::Removals | Self::LastAdministrator | Self::OwnAccount | Self::MedicalDirector => None,
        }
    }

    /// Whether a waiver can lift it.
    #[must_use]
    pub const fn is_waivable(self) -> bool {
        self.never_waived().is_none()
    }

    /// The guard with a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|guard| guard.code() == code)
    }
}

/// A guard that said no. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// What it found.
    pub cause: StopCause,
    /// A waiver of the roster that names the guard and does not lift it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<UnfitWaiver>,
}

/// What a guard found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopCause {
    /// The workspace was not read in full.
    PartialRead {
        /// What was odd about the list.
        why: String,
        /// How many would lose access.
        removed: usize,
        /// How many would be invited.
        invited: usize,
    },
    /// The roster has no user.
    EmptyDesired {
        /// How many would lose access.
        removed: usize,
    },
    /// Too many lose access or rights.
    Removals {
        /// Who, sorted.
        removed: Box<[Email]>,
        /// How many of them are active.
        working: usize,
        /// How many accounts of the workspace are active.
        active: usize,
        /// The limit that they exceed.
        limit: RemovalLimit,
    },
    /// Too few are left who can manage users.
    LastAdministrator {
        /// How many at the worst point of the run.
        worst: usize,
        /// How many before it.
        before: usize,
        /// How many the roster wants.
        at_least: usize,
    },
    /// The main admin is inactivated or blocked.
    MainAdmin {
        /// Who that is.
        user: Email,
    },
    /// The acting account loses access or administration.
    OwnAccount {
        /// Who that is.
        user: Email,
        /// Whether it acts in an embedded workspace, where there are no tokens.
        embedded: bool,
    },
    /// A medical director leaves.
    MedicalDirector {
        /// The providers that name one who leaves, each with that address; sorted.
        stranded: Box<[(Email, Email)]>,
    },
}

/// Which limit of removals is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemovalLimit {
    /// The number.
    Count(u32),
    /// The share of the active accounts, in millionths.
    Share(u32),
}

/// A waiver that names a guard and does not lift it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnfitWaiver {
    /// Its reason.
    pub reason: String,
    /// The digest it names, where that is not the plan's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_plan: Option<String>,
    /// Its last day, where that is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<jiff::civil::Date>,
}

impl Stop {
    /// The guard.
    #[must_use]
    pub const fn guard(&self) -> Guard {
        match self.cause {
            StopCause::PartialRead { .. } => Guard::PartialRead,
            StopCause::EmptyDesired { .. } => Guard::EmptyDesired,
            StopCause::Removals { .. } => Guard::Removals,
            StopCause::LastAdministrator { .. } => Guard::LastAdministrator,
            StopCause::MainAdmin { .. } => Guard::MainAdmin,
            StopCause::OwnAccount { .. } => Guard::OwnAccount,
            StopCause::MedicalDirector { .. } => Guard::MedicalDirector,
        }
    }
}
