//! The topic of a requirement: a platform's catalog says which number its sources give it.

use serde::{Deserialize, Serialize};

use crate::model::{Action, Field, RefusalCause, Standing, Ungranted};

/// The topic of a requirement of a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// The main admin, whom nobody here changes.
    MainAdmin,
    /// These are accounts that nobody blocks, inactivates or deletes: one's own, and the main admin's.
    ProtectedAccounts,
    /// This is the right to block.
    Blocking,
    /// These are the reasons of blocks, and their notes.
    BlockReasons,
    /// The phone number that confirms a block.
    BlockConfirmation,
    /// These are passcodes.
    Passcodes,
    /// These are passwords that only members change.
    MembersPasswords,
    /// These are temporary first passwords.
    FirstPasswords,
    /// This is the practice's code word.
    CodeWord,
    /// Accounts that belong to an employee record.
    EmployeeLink,
    /// The names and keys of employee records.
    EmployeeRecords,
    /// These are employee records of people from outside the practice.
    ExternalPeople,
    /// Employee records that are inactive.
    InactiveEmployees,
}

/// The requirement behind a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'r> {
    /// The one that a platform has about a topic.
    About(Topic),
    /// The one with this number.
    Number(&'r str),
}

impl RefusalCause {
    /// Returns the requirement behind it, if there is one.
    #[must_use]
    pub fn requirement(&self) -> Option<Source<'_>> {
        match self {
            Self::NoPracticeExtension => Some(Source::Number("X-2")),
            Self::OtherMainAdmin { .. } => Some(Source::About(Topic::MainAdmin)),
            Self::CannotBlock { .. } => Some(Source::About(Topic::Blocking)),
            Self::EmployeeNameRepeats { .. }
            | Self::NoEmployeeWithKey { .. }
            | Self::NoEmployeeNamed { .. }
            | Self::EmployeeNamedOtherwise { .. }
            | Self::EmployeeOfAnother { .. }
            | Self::SeveralEmployeesNamed { .. } => Some(Source::About(Topic::EmployeeRecords)),
            Self::AccountInUse { .. } | Self::InactiveEmployee { .. } | Self::MainAdminsRecord => {
                Some(Source::About(Topic::InactiveEmployees))
            }
            Self::Immutable { why, .. } => why.requirement().map(Source::Number),
            Self::Breaks { violation, .. } | Self::LacksForNew { violation } => {
                Some(violation.requirement.as_ref()).filter(|requirement| !requirement.is_empty()).map(Source::Number)
            }
            Self::PerhapsTheirs { .. }
            | Self::DuplicateAccount { .. }
            | Self::ClaimedTwice { .. }
            | Self::AddressTaken { .. }
            | Self::AccountOfAnother { .. } => Some(Source::Number("X-1")),
            Self::IdGone { .. } => Some(Source::Number("X-4")),
            Self::NobodyConfirms { .. } | Self::NobodyActs => Some(Source::About(Topic::BlockConfirmation)),
            Self::PasscodeStays | Self::PasscodeAgeUnknown => Some(Source::About(Topic::Passcodes)),
            Self::NotGiven { .. }
            | Self::RoleNotMade { .. }
            | Self::MainAdminsField { .. }
            | Self::MainAdminsPasscode
            | Self::NoClinicResources
            | Self::NoRoleResources
            | Self::NoEmployeeResources
            | Self::NotOnServer { .. }
            | Self::OneOnServer { .. }
            | Self::StateNotOnServer { .. }
            | Self::ListIsStale { .. }
            | Self::NotInIncompleteList { .. }
            | Self::StillOutdated { .. }
            | Self::RequiredByServer { .. }
            | Self::NoAddress { .. }
            | Self::IdWithoutAddress { .. }
            | Self::NotOffered { .. } => None,
        }
    }
}

/// The topic of a refusal: a field, an action, or another word of the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalTopic {
    /// A field of a user.
    Field(Field),
    /// An action.
    Action(Action),
    /// A key of the roster, or the kind of thing.
    Word(&'static str),
}

impl RefusalTopic {
    /// Returns the field, if it is about one.
    #[must_use]
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Field(field) => Some(field),
            Self::Action(_) | Self::Word(_) => None,
        }
    }
}

impl RefusalCause {
    /// Returns the part of the roster that is refused.
    #[must_use]
    pub const fn topic(&self) -> RefusalTopic {
        match self {
            Self::NoPracticeExtension => RefusalTopic::Word("workspace"),
            Self::OtherMainAdmin { .. } => RefusalTopic::Word("main_admin"),
            Self::NoClinicResources => RefusalTopic::Word("clinic"),
            Self::NoRoleResources | Self::NotGiven { field: None, ungranted: Ungranted::RoleChange(_), .. } => RefusalTopic::Word("role"),
            Self::NoEmployeeResources
            | Self::EmployeeNameRepeats { .. }
            | Self::NoEmployeeWithKey { .. }
            | Self::NoEmployeeNamed { .. }
            | Self::EmployeeNamedOtherwise { .. }
            | Self::SeveralEmployeesNamed { .. }
            | Self::EmployeeOfAnother { .. }
            | Self::MainAdminsRecord
            | Self::InactiveEmployee { .. } => RefusalTopic::Word("employee"),
            Self::AccountInUse { .. } => RefusalTopic::Word(Standing::Active.as_str()),
            Self::StateNotOnServer { .. } => RefusalTopic::Word("status"),
            Self::NotGiven { field: None, .. } => RefusalTopic::Word("privileges"),
            Self::NotGiven { field: Some(field), .. }
            | Self::MainAdminsField { field }
            | Self::NotOnServer { field, .. }
            | Self::OneOnServer { field }
            | Self::RequiredByServer { field: Some(field), .. }
            | Self::Immutable { field, .. } => RefusalTopic::Field(*field),
            Self::RoleNotMade { .. } => RefusalTopic::Field(Field::Role),
            Self::Breaks { action, .. } | Self::NotOffered { action } | Self::CannotBlock { action, .. } | Self::ListIsStale { action } => {
                RefusalTopic::Action(*action)
            }
            Self::LacksForNew { .. } | Self::RequiredByServer { field: None, .. } => RefusalTopic::Action(Action::Invite),
            Self::PerhapsTheirs { .. }
            | Self::DuplicateAccount { .. }
            | Self::ClaimedTwice { .. }
            | Self::IdGone { .. }
            | Self::NotInIncompleteList { .. }
            | Self::AccountOfAnother { .. } => RefusalTopic::Word("account"),
            Self::NobodyConfirms { .. } | Self::NobodyActs => RefusalTopic::Action(Action::Block),
            Self::StillOutdated { attribute, .. } => RefusalTopic::Word(attribute.as_str()),
            Self::IdWithoutAddress { .. } => RefusalTopic::Word("id"),
            Self::AddressTaken { .. } | Self::NoAddress { .. } => RefusalTopic::Word("email"),
            Self::PasscodeStays | Self::PasscodeAgeUnknown | Self::MainAdminsPasscode => RefusalTopic::Word("passcode"),
        }
    }
}
