//! The work that an import leaves to people: accounts that it does not write, and questions about those that it writes.

use crate::model::{Action, Email, Field, InvitationState, RefusalCause, RemoteId};

/// An account that an import does not write among the users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotImported {
    /// The login, or the id if the workspace shows none.
    pub who: String,
    /// The account's id, where the workspace has ids of its own.
    pub id: Option<RemoteId>,
    /// The reason.
    pub why: LeftOut,
}

/// The reason why an import does not write an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The workspace shows no address.
    NoAddress,
    /// Another account has the same address.
    SameAddress {
        /// The id of the other account.
        other: RemoteId,
    },
    /// The invitation was not accepted and is no longer valid.
    InvitationOver {
        /// The state that became of it; `None` if the workspace does not say.
        state: Option<InvitationState>,
        /// The last day of its link, in the workspace's time zone; `None` if it did not expire.
        until: Option<jiff::civil::Date>,
    },
    /// The list does not show whether it is active, which an entry of a roster says.
    StateUnknown,
    /// A roster cannot say it.
    Mistake {
        /// The mistake in words.
        message: String,
        /// The advice on what to do.
        hint: Option<String>,
    },
    /// The first plan would change the account.
    WouldChange {
        /// The change.
        action: Action,
        /// The fields that it changes.
        fields: Vec<Field>,
    },
    /// The first plan would refuse something.
    Refused(RefusalCause),
    /// A user of the roster has the same name and no account: it may be the same person under a new address.
    PerhapsListed {
        /// The user's address in the roster.
        user: Email,
    },
}

impl LeftOut {
    /// Returns whether a roster cannot say it.
    #[must_use]
    pub const fn is_mistake(&self) -> bool {
        match self {
            Self::Mistake { .. } => true,
            Self::NoAddress
            | Self::SameAddress { .. }
            | Self::InvitationOver { .. }
            | Self::StateUnknown
            | Self::WouldChange { .. }
            | Self::Refused(_)
            | Self::PerhapsListed { .. } => false,
        }
    }
}

/// A question about a user whom an import writes, which a person must answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImportQuestion {
    /// The address looks like a mailbox that several people use.
    SharedMailbox,
    /// The workspace shows no name.
    NoName,
    /// The name looks like those of several people.
    SeveralPeople,
    /// Another account looks like the same person's.
    PerhapsOnePerson {
        /// The address of the other account.
        other: Email,
        /// The likeness of both.
        same: Likeness,
    },
    /// The login is a user name, and the workspace shows no address beside it.
    OnlyUserName {
        /// The user name.
        name: String,
    },
    /// The login is a user name, and the address beside it is not this person's alone.
    SharedAddress {
        /// The user name.
        name: String,
        /// The address that the list has beside it.
        address: String,
    },
    /// Some settings are not written: they name a colleague who is not an active user of the roster.
    ColleagueMissing {
        /// The key of the settings.
        key: String,
    },
    /// The list does not show whether it is active, which the entry says.
    StateUnknown,
    /// The account is blocked, and nobody says why.
    BlockReasonUnknown,
    /// The roster lists everybody who should have access, and did not list this account.
    WouldLoseAccess,
}

/// A change of a clinic, role or employee record that the first plan makes, since the file has another one than the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordToPlan {
    /// The change.
    pub action: Action,
    /// The record's key.
    pub key: String,
    /// The key under which the workspace has a record of the same name.
    pub known_as: Option<String>,
}

/// The likeness of two accounts that may belong to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The name.
    Name,
    /// The part of the address before the @, apart from dots and what follows a plus sign.
    Address,
}
