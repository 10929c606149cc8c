//! What a reader of a plan should know, and what a person must do.

use serde::{Deserialize, Serialize};

use super::{Action, BlockReason, Email, Field, Reason, RemoteId, Subject, Value};

/// Something to know that changes nothing. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Whom or what it is about.
    pub subject: Subject,
    /// What there is to know.
    pub cause: NoticeCause,
}

/// What there is to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeCause {
    /// A field differs, and the member's word wins.
    Kept {
        /// The field.
        field: Field,
        /// What the workspace has.
        workspace: Value,
        /// What the roster says.
        roster: Value,
        /// Why it is not written.
        why: Keep,
    },
    /// The user is blocked already, for another reason (AR-26).
    BlockReasonKept {
        /// The reason given then.
        reason: BlockReason,
    },
    /// A former address has an account of its own.
    FormerlyAnother {
        /// The former address.
        former: Email,
        /// The account that has it.
        id: RemoteId,
    },
    /// The workspace was not read in full (rule 7 of the core).
    PartialRead {
        /// What was odd about the list.
        why: String,
    },
    /// Too few can manage users after the plan, and no guard stops it.
    FewAdministrators {
        /// How many can.
        left: usize,
        /// How many the roster wants.
        at_least: usize,
        /// Who could by accepting an invitation.
        invited: Box<[Email]>,
    },
    /// The user is blocked in the workspace, and the roster does not say.
    LeftBlocked,
    /// A change is not written, since the workspace is only observed.
    Differs {
        /// What the change would do.
        action: Action,
        /// Why.
        reason: Reason,
    },
    /// The roster does not list the account.
    NotListed,
    /// The account has values that the roster does not mention (rule 8 of the core).
    NotManaged {
        /// The fields with their values.
        fields: Box<[(Field, Value)]>,
    },
    /// The roster does not have the clinic.
    ClinicNotListed {
        /// The clinic's name.
        name: String,
    },
    /// The roster does not have the role.
    RoleNotListed {
        /// The role's name.
        name: String,
    },
    /// The user is to be inactive and has no account.
    InactiveWithoutAccount,
    /// The user is to be blocked and has no account.
    BlockedWithoutAccount,
    /// The account is blocked and inactive, and stays so until the block is lifted.
    InactiveWhileBlocked,
    /// The user never accepted an invitation and is not invited while blocked.
    NotInvitedWhileBlocked,
}

/// Why a difference is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// The member confirmed it.
    MemberConfirmed,
    /// It can be set before the first login only.
    BeforeFirstLogin,
    /// The login existed before the invitation (AR-3).
    LoginExisted,
}

/// The kind of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Something may be wrong.
    Warning,
    /// There is something in the workspace that YAML says nothing about.
    Silent,
    /// Nothing was to be done, and why.
    Nothing,
}

impl NoticeCause {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> NoticeKind {
        match self {
            Self::Kept { .. }
            | Self::BlockReasonKept { .. }
            | Self::FormerlyAnother { .. }
            | Self::PartialRead { .. }
            | Self::FewAdministrators { .. } => NoticeKind::Warning,
            Self::LeftBlocked
            | Self::Differs { .. }
            | Self::NotListed
            | Self::NotManaged { .. }
            | Self::ClinicNotListed { .. }
            | Self::RoleNotListed { .. } => NoticeKind::Silent,
            Self::InactiveWithoutAccount | Self::BlockedWithoutAccount | Self::InactiveWhileBlocked | Self::NotInvitedWhileBlocked => {
                NoticeKind::Nothing
            }
        }
    }
}

impl NoticeCause {
    /// Whether it is a change that is not written, since the workspace is only observed.
    #[must_use]
    pub const fn is_difference(&self) -> bool {
        match self {
            Self::Differs { .. } => true,
            Self::Kept { .. }
            | Self::BlockReasonKept { .. }
            | Self::FormerlyAnother { .. }
            | Self::PartialRead { .. }
            | Self::FewAdministrators { .. }
            | Self::LeftBlocked
            | Self::NotListed
            | Self::NotManaged { .. }
            | Self::ClinicNotListed { .. }
            | Self::RoleNotListed { .. }
            | Self::InactiveWithoutAccount
            | Self::BlockedWithoutAccount
            | Self::InactiveWhileBlocked
            | Self::NotInvitedWhileBlocked => false,
        }
    }
}

/// Something only a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// For whom.
    pub user: Email,
    /// What to do.
    pub what: TaskKind,
}

/// What a person must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// Hand over the practice's code word (PBN-5).
    HandOverCodeWord,
}
