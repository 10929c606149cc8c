//! Refusals that are about several users at once, and whom they count.

use std::collections::BTreeSet;

use crate::model::{Email, Field, RefusalCause};

/// The users whom a refusal counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted<'r> {
    /// Those whose state the server does not store.
    WithState {
        /// Those who keep their access.
        active: &'r BTreeSet<Email>,
        /// Those who stay inactive.
        inactive: &'r BTreeSet<Email>,
    },
    /// Those who have a value of the field in the roster.
    WithField(Field),
    /// Those who have no account yet.
    New {
        /// The attribute that they lack.
        attribute: &'r str,
    },
}

impl RefusalCause {
    /// Returns whom a refusal counts that is about several users at once; `None` if it is about its subject alone.
    #[must_use]
    pub fn counts(&self) -> Option<Counted<'_>> {
        match self {
            Self::StateNotOnServer { active, inactive } => Some(Counted::WithState { active, inactive }),
            Self::NotOnServer { field, users: _ } => Some(Counted::WithField(*field)),
            Self::RequiredByServer { attribute, field: None, users: _ } => Some(Counted::New { attribute }),
            Self::RequiredByServer { field: Some(_), .. }
            | Self::OneOnServer { .. }
            | Self::PerhapsTheirs { .. }
            | Self::NoPracticeExtension
            | Self::OtherMainAdmin { .. }
            | Self::NoClinicResources
            | Self::NoRoleResources
            | Self::NoEmployeeResources
            | Self::EmployeeNameRepeats { .. }
            | Self::AccountInUse { .. }
            | Self::NoEmployeeWithKey { .. }
            | Self::NoEmployeeNamed { .. }
            | Self::EmployeeNamedOtherwise { .. }
            | Self::SeveralEmployeesNamed { .. }
            | Self::EmployeeOfAnother { .. }
            | Self::InactiveEmployee { .. }
            | Self::NotGiven { .. }
            | Self::RoleNotMade { .. }
            | Self::MainAdminsField { .. }
            | Self::MainAdminsPasscode
            | Self::MainAdminsRecord
            | Self::CannotBlock { .. }
            | Self::NobodyConfirms { .. }
            | Self::NobodyActs
            | Self::NoAddress { .. }
            | Self::StillOutdated { .. }
            | Self::Immutable { .. }
            | Self::Breaks { .. }
            | Self::DuplicateAccount { .. }
            | Self::IdWithoutAddress { .. }
            | Self::ClaimedTwice { .. }
            | Self::AddressTaken { .. }
            | Self::IdGone { .. }
            | Self::NotInIncompleteList { .. }
            | Self::AccountOfAnother { .. }
            | Self::LacksForNew { .. }
            | Self::PasscodeStays
            | Self::PasscodeAgeUnknown
            | Self::ListIsStale { .. }
            | Self::NotOffered { .. } => None,
        }
    }
}
