//! The notices that the reader of a plan should know, and the tasks that a person must do.

mod questions;

use serde::{Deserialize, Serialize};

use crate::model::{
    Action, BlockReason, Email, Field, FormerHolder, HandState, LoginName, Moment, PartialCause, Reason, RemoteId, Repeating, Step,
    Subject, Value, Violation,
};

/// A fact that changes nothing. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Notice {
    /// The person or thing it is about.
    pub subject: Subject,
    /// The fact.
    pub cause: NoticeCause,
}

/// The fate of the account of somebody who has the name of a user without an account, and is not in the roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NamesakeFate {
    /// The plan takes the access away.
    #[default]
    LosesAccess,
    /// It is left alone, and lets its holder in.
    KeepsAccess,
    /// It is left alone, and its invitation can be accepted.
    KeepsInvitation,
    /// It is left alone, and lets its holder in, although the roster gives no access to the person of this name.
    OutlastsAccess,
}

/// A fact that the reader should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeCause {
    /// A field differs, and the member's own value is kept.
    Kept {
        /// The field.
        field: Field,
        /// The workspace's value.
        workspace: Value,
        /// The roster's value.
        roster: Value,
        /// The reason why it is not written.
        why: Keep,
    },
    /// The user is already blocked for another reason (AR-26).
    BlockReasonKept {
        /// The present reason.
        reason: BlockReason,
    },
    /// A former address of the user has an account of its own.
    FormerlyAnother {
        /// The former address.
        former: Email,
        /// That account.
        id: RemoteId,
    },
    /// Another account has the user's address in `emails`, and is known by another one.
    AddressOfAnother {
        /// The account.
        id: RemoteId,
        /// Its own address.
        login: Email,
    },
    /// The list of users is incomplete (rule 7 of the core).
    PartialRead {
        /// The reason why the list cannot be trusted.
        why: PartialCause,
    },
    /// Nothing shows whether the list of users is complete (rule 7 of the core).
    ListUnproven {
        /// The reason for the doubt.
        why: PartialCause,
    },
    /// An active account has no address, so no roster can name it: it is neither compared nor changed.
    NoAddress {
        /// Its login, or its id if it has none.
        login: String,
    },
    /// The invitation lacks details, so it works only for somebody who already has a login (AR-3). Whether that is so is unknown.
    InvitationNeedsLogin {
        /// The details that are missing.
        fields: Box<[Field]>,
    },
    /// A value is allowed but unusual.
    Unusual(Box<Violation>),
    /// The address looks like that of another user of the roster.
    LooksLike {
        /// The other address.
        other: Email,
    },
    /// An account that is not in the roster has the name of the user whom the plan adds, or who should have no access and has no account, and no
    /// other phone number.
    PerhapsTheSame {
        /// The account's address.
        other: Email,
        /// Says whether both have a phone number, which is the same.
        phone: bool,
        /// The fate of the account.
        #[serde(default)]
        fate: NamesakeFate,
    },
    /// An account that is not in the roster has a phone number of such a user, and a name that has a part in common, or none.
    SharesPhone {
        /// The account's address.
        other: Email,
        /// The fate of the account.
        fate: NamesakeFate,
    },
    /// An attribute that repeats the login or the name has another value.
    NotRepeated {
        /// The attribute.
        attribute: Repeating,
        /// The value that the server has.
        value: String,
    },
    /// After the plan there are too few administrators, and no guard stops it.
    FewAdministrators {
        /// The number of administrators.
        left: usize,
        /// The number that the roster requires.
        at_least: usize,
        /// The people who would become one by accepting an invitation.
        invited: Box<[Email]>,
        /// Of how many others with access a list does not show whether they are one.
        #[serde(default)]
        unknown: usize,
    },
    /// The server does not say whose token this is, so no guard sees whether the plan takes access from its owner.
    OwnerUnknown,
    /// The server has no schema, so nobody knows before a run what it refuses; what it refused in earlier runs is not kept.
    NoSchema {
        /// The fields that the plan sets and no account there has.
        unseen: Box<[Field]>,
    },
    /// The workspace has this beginning of the field's value, or the same without accents: the server may alter what it gets, at each run.
    PerhapsAltered(Field, String),
    /// The platform's definition does not say who is an administrator, so no guard counts them.
    NobodyCountsAdministrators,
    /// By the list and what people have attested since then, nobody is an administrator anymore; with those who were by the list.
    NobodyAdministers(Box<[Email]>),
    /// The address of somebody new was that of another account before.
    AddressWas(Box<FormerHolder>),
    /// The roster's files do not fit together, and nothing that is written depends on it.
    Roster(RosterOddity),
    /// The acting admin will have no phone number, so nobody can confirm a block (AR-19).
    CannotConfirmBlocks,
    /// The user is blocked in the workspace, and the roster says nothing about it.
    LeftBlocked,
    /// A change is not written, since the workspace is only observed.
    Differs {
        /// The action of the change.
        action: Action,
        /// The reason.
        reason: Reason,
        /// The step with its values; absent in plans of earlier versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Box<Step>>,
    },
    /// The account is not in the roster.
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
    /// The user should be inactive and has no account.
    InactiveWithoutAccount,
    /// The user should be blocked and has no account.
    BlockedWithoutAccount,
    /// The user should have no access, the list of users lacks them, and it is not complete.
    NotInIncompleteList,
    /// The user should be blocked, the list of users lacks them, and it is not complete.
    BlockedNotInIncompleteList {
        /// The reason why they should be blocked.
        reason: BlockReason,
    },
    /// The roster does not list the account, an earlier list showed it with access, and the present one, which is not complete, lacks it.
    UnlistedNotInIncompleteList {
        /// The login in that list.
        login: LoginName,
        /// The time at which that list was taken.
        taken: Moment,
    },
    /// The user should have no access, an incomplete list lacks them, and somebody attests that they have none.
    LookedFor(HandState),
    /// The list of users does not show whether the user is active.
    StatusNotShown,
    /// The list of users shows these fields of others, and not of this account.
    CellsNotShown {
        /// The fields.
        fields: Box<[Field]>,
    },
    /// The account is blocked and inactive, and stays blocked until the block is lifted.
    InactiveWhileBlocked,
    /// The user never accepted an invitation, and is not invited while blocked.
    NotInvitedWhileBlocked,
    /// The user should have a passcode, and none is made while they are blocked (AR-11).
    NoPasscodeWhileBlocked,
}

/// Something about a workspace's files that may be a mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RosterOddity {
    /// The workspace does not use this start file, which names it.
    UnusedStart {
        /// The file.
        file: String,
    },
    /// The workspace does not use this list of users, which names it.
    UnusedList {
        /// The file.
        file: String,
    },
    /// The workspace has no users yet.
    NoUsers,
    /// A file looks like one of the roster, and its name does not end in `.yaml`, or a part of its path begins with a dot.
    NotRead {
        /// The file.
        file: String,
    },
    /// A member changed their address, and the roster has the old one; both mean the same account.
    AddressChanged {
        /// The address in the roster.
        old: Email,
        /// The present one.
        new: Email,
    },
    /// A folder has a state of its own, so it is another roster.
    OtherRoster {
        /// The folder.
        folder: String,
    },
}

/// The reason why a difference is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// The member confirmed the value.
    MemberConfirmed,
    /// The field can only be set before the first login.
    BeforeFirstLogin,
    /// The login existed before the invitation (AR-3).
    LoginExisted,
    /// The workspace keeps values in a form of its own: it has every one of the field in small letters, or in capitals, or differs in blanks only.
    OwnForm,
}

/// A notice is of one of these kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Something may be wrong.
    Warning,
    /// The workspace has something that the roster does not mention.
    Silent,
    /// Nothing needed to be done, for this reason.
    Nothing,
}

impl NoticeCause {
    /// Returns its kind.
    #[must_use]
    pub const fn kind(&self) -> NoticeKind {
        match self {
            Self::Kept { .. }
            | Self::BlockReasonKept { .. }
            | Self::FormerlyAnother { .. }
            | Self::AddressOfAnother { .. }
            | Self::PartialRead { .. }
            | Self::ListUnproven { .. }
            | Self::NoAddress { .. }
            | Self::InvitationNeedsLogin { .. }
            | Self::Unusual(_)
            | Self::LooksLike { .. }
            | Self::PerhapsTheSame { .. }
            | Self::SharesPhone { .. }
            | Self::NotRepeated { .. }
            | Self::FewAdministrators { .. }
            | Self::NotInIncompleteList
            | Self::BlockedNotInIncompleteList { .. }
            | Self::UnlistedNotInIncompleteList { .. }
            | Self::LookedFor(_)
            | Self::StatusNotShown
            | Self::CellsNotShown { .. }
            | Self::OwnerUnknown
            | Self::NoSchema { .. }
            | Self::PerhapsAltered(..)
            | Self::NobodyCountsAdministrators
            | Self::NobodyAdministers(_)
            | Self::AddressWas(_)
            | Self::Roster(_)
            | Self::CannotConfirmBlocks => NoticeKind::Warning,
            Self::LeftBlocked
            | Self::Differs { .. }
            | Self::NotListed
            | Self::NotManaged { .. }
            | Self::ClinicNotListed { .. }
            | Self::RoleNotListed { .. } => NoticeKind::Silent,
            Self::InactiveWithoutAccount
            | Self::BlockedWithoutAccount
            | Self::InactiveWhileBlocked
            | Self::NotInvitedWhileBlocked
            | Self::NoPasscodeWhileBlocked => NoticeKind::Nothing,
        }
    }
}
