//! An account as it is in a workspace.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{DAY, Email, Field, Fields, Fingerprint, RemoteId, Value, ValueRef, with_all};

/// One person's account in one workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Account {
    /// The server's id.
    pub id: RemoteId,
    /// The login address.
    pub email: Email,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// Its stored state, from which its standing follows.
    pub state: State,
    /// Its attributes. A field that the server did not send is absent.
    pub fields: Fields,
    /// The effective privileges that the server reports; empty if it reports none. Most accounts share a few such sets.
    pub privileges: Arc<BTreeSet<String>>,
    /// The privileges that the role gave when it was last applied, as the server reports; `None` if it does not.
    pub role_privileges: Option<Arc<BTreeSet<String>>>,
    /// Says whether a passcode is set.
    pub has_passcode: bool,
    /// The time at which the passcode was made, epoch milliseconds; `None` if there is none, or the server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode_made: Option<i64>,
    /// Says whether this is the workspace's main admin.
    pub main_admin: bool,
    /// First and last name of the invitation, if the server reports them; the member's own profile may differ (AR-3, CHR-4).
    pub invited_name: Option<Box<(String, String)>>,
    /// The addresses that the account had before the member changed them (AR-13), if the server reports them.
    pub former: Vec<Email>,
}

impl Account {
    /// Returns what the account has in a field; the address, too, which is beside the fields.
    #[must_use]
    pub fn shown(&self, field: Field) -> ValueRef<'_> {
        if field == Field::Email { ValueRef::Text(self.email.as_str()) } else { self.fields.get(field).unwrap_or(ValueRef::Unset) }
    }

    /// Returns a copy of what the account has in a field.
    #[must_use]
    pub fn value(&self, field: Field) -> Value {
        self.shown(field).to_value()
    }
}

/// The stored state of an account. Whether it is pending, active or inactive follows from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct State {
    /// Says whether an invitation was ever accepted (or none was needed).
    pub accepted: bool,
    /// Says whether the account is inactivated.
    pub inactive: bool,
    /// The block, if there is one; it is independent of the standing.
    pub block: Option<Block>,
    /// The newest invitation, if there is one.
    pub invitation: Option<Invitation>,
}

/// A user is in one of three states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The member was invited and never accepted.
    Pending,
    /// The member can sign in.
    Active,
    /// The account is inactivated.
    Inactive,
}

/// The word for somebody who is blocked, which is also the key of a block.
pub const BLOCKED: &str = "blocked";

impl Standing {
    /// Returns the word for it, in YAML, in tables and in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }

    /// Returns whether the member can sign in, unless a block prevents it.
    #[must_use]
    pub const fn is_active(self) -> bool {
        match self {
            Self::Active => true,
            Self::Pending | Self::Inactive => false,
        }
    }

    /// Returns whether the member was invited and has not accepted.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        match self {
            Self::Pending => true,
            Self::Active | Self::Inactive => false,
        }
    }

    /// Returns whether the account is switched off: nobody can sign in or accept an invitation.
    #[must_use]
    pub const fn is_inactive(self) -> bool {
        match self {
            Self::Inactive => true,
            Self::Pending | Self::Active => false,
        }
    }

    /// Returns whether a member who was in this standing is in the other one after accepting the invitation.
    #[must_use]
    pub const fn becomes_by_acceptance(self, later: Self) -> bool {
        match (self, later) {
            (Self::Pending, Self::Active) => true,
            (Self::Pending, Self::Pending | Self::Inactive)
            | (Self::Active | Self::Inactive, Self::Pending | Self::Active | Self::Inactive) => false,
        }
    }

    /// Returns the standing as a product has it: where nobody is invited, a user who was created is active.
    #[must_use]
    pub const fn in_product(self, has_invitations: bool) -> Self {
        match self {
            Self::Pending if !has_invitations => Self::Active,
            Self::Pending | Self::Active | Self::Inactive => self,
        }
    }
}

impl State {
    /// Returns which of the three it is.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        match (self.inactive, self.accepted) {
            (true, _) => Standing::Inactive,
            (false, true) => Standing::Active,
            (false, false) => Standing::Pending,
        }
    }

    /// Returns whether an invitation is open and not expired.
    #[must_use]
    pub fn invitation_is_good(&self) -> bool {
        self.invitation.as_ref().is_some_and(|sent| sent.state.is_open())
    }
}

/// A block (AR-18 to AR-26).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Block {
    /// The reason.
    pub reason: BlockReason,
    /// The reason in words; required for `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

with_all! {
    /// An account is blocked for one of these reasons (AR-26).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum BlockReason {
        /// The user's activity is under review.
        ActivityReview,
        /// The user's appointments are given to somebody else.
        ReassignAppointments,
        /// The user's schedule is cleared.
        ClearSchedule,
        /// Another reason is given in the note.
        Other,
    }
}

impl BlockReason {
    /// Returns the reason's name in YAML and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ActivityReview => "activity-review",
            Self::ReassignAppointments => "reassign-appointments",
            Self::ClearSchedule => "clear-schedule",
            Self::Other => "other",
        }
    }

    /// Returns whether only the note says what the reason is.
    #[must_use]
    pub const fn is_in_note(self) -> bool {
        match self {
            Self::Other => true,
            Self::ActivityReview | Self::ReassignAppointments | Self::ClearSchedule => false,
        }
    }

    /// Finds the reason with this name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

/// The time for which an invitation is valid if nothing else is said, in milliseconds.
pub const INVITATION_LIVES: i64 = 7 * DAY;

/// The newest invitation of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Invitation {
    /// Its state.
    pub state: InvitationState,
    /// The time at which it was sent, epoch milliseconds of the server's clock.
    pub sent_at: i64,
    /// The time at which its link expires, epoch milliseconds of the server's clock.
    pub expires_at: i64,
}

with_all! {
    /// The state of an invitation when it was read.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum InvitationState {
        /// Its link can still be used.
        Open,
        /// It has expired.
        Expired,
        /// A block, a withdrawal or a newer invitation ended it.
        Killed,
        /// It was accepted.
        Accepted,
    }
}

impl InvitationState {
    /// Returns the state's name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::Killed => "killed",
            Self::Accepted => "accepted",
        }
    }

    /// Returns whether its link can still be used.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Open => true,
            Self::Expired | Self::Killed | Self::Accepted => false,
        }
    }

    /// Returns whether only time ended it.
    #[must_use]
    pub const fn is_expired(self) -> bool {
        match self {
            Self::Expired => true,
            Self::Open | Self::Killed | Self::Accepted => false,
        }
    }

    /// Returns whether the member accepted it.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        match self {
            Self::Accepted => true,
            Self::Open | Self::Expired | Self::Killed => false,
        }
    }

    /// Finds the state with this name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

with_all! {
    /// This is the state of the mail with an invitation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum DeliveryState {
        /// It is queued to be sent, for the first time or again.
        Queued,
        /// It was handed over to the mail server.
        HandedOver,
        /// It is not sent again: the mail server refused it, or could not be reached for too long.
        Refused,
        /// It may have left, and is not sent again.
        Uncertain,
        /// It was not sent, since its link ended before.
        Dropped,
    }
}

impl DeliveryState {
    /// Returns its word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::HandedOver => "handed-over",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
            Self::Dropped => "dropped",
        }
    }

    /// Finds the state with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// The state of the mail with an invitation, and why it is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its state.
    pub state: DeliveryState,
    /// The reason why the last try failed, in words; `None` if none failed.
    pub failure: Option<String>,
}

impl Delivery {
    /// Makes that of a mail which nobody has tried to send.
    #[must_use]
    pub const fn queued() -> Self {
        Self { state: DeliveryState::Queued, failure: None }
    }
}
