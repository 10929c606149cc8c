//! The reasons why a plan contains a change.

use serde::{Deserialize, Serialize};

use crate::model::{BlockReason, Email, Field, Moment};

/// The reason why a plan contains a change. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The user has no account yet.
    NoAccount,
    /// The user has no account yet and gets a temporary password instead of an invitation (AR-10).
    NoAccountTemporaryPassword,
    /// A new user should have a passcode.
    PasscodeWanted,
    /// An account should have a passcode and has none.
    PasscodeMissing,
    /// An account should have a passcode that was made at a time or later, and has an older one.
    PasscodeOlder(Box<OlderPasscode>),
    /// The roster says `status: inactive`.
    WantedInactive,
    /// The account is not in the roster, and `manage: exact` applies.
    NotListed,
    /// The roster says active, and the account is inactive.
    WantedActive,
    /// A block ended the invitation.
    BlockEndedInvitation,
    /// The invitation has expired or was ended.
    InvitationOver,
    /// The invitation went to the former address.
    AddressChanged,
    /// An earlier invitation was withdrawn before it was accepted.
    InvitationWithdrawn,
    /// The roster says blocked.
    WantedBlocked(BlockReason),
    /// The roster says `blocked: false`.
    WantedUnblocked,
    /// Fields differ, or the role now gives other privileges than when it was applied to this account.
    FieldsDiffer {
        /// The fields that differ, in reading order.
        fields: Box<[Field]>,
        /// Says whether the role is applied again, since its privileges have changed.
        role_again: bool,
    },
    /// The list of users lacks the user, and is not complete: somebody must look first.
    NotInList,
    /// Fields differ from the list of users, or the list does not show them.
    ListDiffers {
        /// The fields, each with whether the list shows it.
        fields: Box<[(Field, bool)]>,
    },
    /// The user names a colleague who is added by the same plan.
    #[serde(rename = "director-comes-in")]
    ColleagueComesIn,
    /// The workspace has no such clinic.
    NoClinic,
    /// The clinic has another name.
    ClinicDiffers,
    /// The workspace has no such role.
    NoRole,
    /// The role has another name or other privileges.
    RoleDiffers,
    /// The workspace has no such employee record.
    NoEmployee,
    /// A user from outside the practice needs an employee record first (PBN-3).
    NoEmployeeForExternal,
    /// The employee record differs.
    EmployeeDiffers,
    /// The employee record gets the name of what may be another person, and logins in use belong to it (PBN-1).
    EmployeeOfLoginsDiffers {
        /// The address of each login, with its role.
        logins: Box<[(Email, Option<String>)]>,
    },
    /// The workspace has another code word.
    OtherCodeWord,
    /// The roster's code word could not be fetched, so nobody knows whether the workspace has it.
    CodeWordNotFetched,
    /// The server did not compare the code word, since it was asked for too many wrong ones today (PBN-5).
    CodeWordNotCompared,
}

/// A passcode that is older than the roster says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OlderPasscode {
    /// It must be made at this time or later.
    pub since: Moment,
    /// The time at which it was made; `None` if nothing shows it.
    pub made: Option<Moment>,
}

/// Something that only a few reasons have; no reason has two of these.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReasonFact {
    /// Nothing but the absence from the roster is the reason.
    Absence,
    /// A new account is active at once, without an invitation.
    ActiveAtOnce,
    /// The user lacks a passcode, or one that is new enough.
    AsksForPasscode,
    /// An incomplete list lacks the user.
    AsksToLook,
    /// A user from outside the practice needs an employee record.
    ForExternal,
    /// It says no more than the fields that the change shows.
    ShownByFields,
}

use ReasonFact::{Absence, ActiveAtOnce, AsksForPasscode, AsksToLook, ForExternal, ShownByFields};

impl Reason {
    /// The table, with the time at which or after which a passcode must be made, if it is made anew.
    const fn facts(&self) -> (Option<ReasonFact>, Option<Moment>) {
        match self {
            Self::NotListed => (Some(Absence), None),
            Self::NoAccountTemporaryPassword => (Some(ActiveAtOnce), None),
            Self::PasscodeWanted | Self::PasscodeMissing => (Some(AsksForPasscode), None),
            Self::PasscodeOlder(older) => (Some(AsksForPasscode), Some(older.since)),
            Self::NotInList => (Some(AsksToLook), None),
            Self::NoEmployeeForExternal => (Some(ForExternal), None),
            Self::FieldsDiffer { role_again: false, .. }
            | Self::ListDiffers { .. }
            | Self::ClinicDiffers
            | Self::RoleDiffers
            | Self::EmployeeDiffers => (Some(ShownByFields), None),
            Self::NoAccount
            | Self::WantedInactive
            | Self::WantedActive
            | Self::BlockEndedInvitation
            | Self::InvitationOver
            | Self::AddressChanged
            | Self::InvitationWithdrawn
            | Self::WantedBlocked(_)
            | Self::WantedUnblocked
            | Self::FieldsDiffer { role_again: true, .. }
            | Self::ColleagueComesIn
            | Self::NoClinic
            | Self::NoRole
            | Self::NoEmployee
            | Self::EmployeeOfLoginsDiffers { .. }
            | Self::OtherCodeWord
            | Self::CodeWordNotFetched
            | Self::CodeWordNotCompared => (None, None),
        }
    }

    fn has(&self, fact: ReasonFact) -> bool {
        self.facts().0 == Some(fact)
    }

    /// Returns whether nothing but the absence from the roster is the reason: then an incomplete roster or list makes it wrong.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        self.has(Absence)
    }

    /// Returns whether a new account is active at once, without an invitation.
    #[must_use]
    pub fn is_active_at_once(&self) -> bool {
        self.has(ActiveAtOnce)
    }

    /// Returns whether the user lacks a passcode, or one that is new enough.
    #[must_use]
    pub fn asks_for_passcode(&self) -> bool {
        self.has(AsksForPasscode)
    }

    /// Returns the time at which or after which the passcode must be made, if it is made anew.
    #[must_use]
    pub const fn passcode_since(&self) -> Option<Moment> {
        self.facts().1
    }

    /// Returns whether an incomplete list lacks the user, so that somebody must look first.
    #[must_use]
    pub fn asks_to_look(&self) -> bool {
        self.has(AsksToLook)
    }

    /// Returns whether an employee record is added only since a user from outside the practice needs one (PBN-3).
    #[must_use]
    pub fn is_for_external(&self) -> bool {
        self.has(ForExternal)
    }

    /// Returns whether it adds nothing to the fields that the change shows.
    #[must_use]
    pub fn is_shown_by_fields(&self) -> bool {
        self.has(ShownByFields)
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn a_reason_is_small_since_every_change_has_one() {
        assert!(size_of::<Reason>() <= 24, "{} bytes", size_of::<Reason>());
    }
}
