//! An account as a workspace holds it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Email, Fields, Fingerprint, RemoteId};

/// One person's account in one workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The server's id.
    pub id: RemoteId,
    /// The login address.
    pub email: Email,
    /// The version that was read.
    pub fingerprint: Fingerprint,
    /// Where the account stands.
    pub state: State,
    /// Its attributes. A field the server did not send is absent.
    pub fields: Fields,
    /// What the account may do in effect, as the server says; empty where it does not say. Most accounts share a few such sets.
    pub privileges: Arc<BTreeSet<String>>,
    /// What the role gave when it was last applied, as the server says; `None` where it does not say.
    pub role_privileges: Option<Arc<BTreeSet<String>>>,
    /// Whether a passcode is set.
    pub has_passcode: bool,
    /// Whether this is the workspace's main admin.
    pub main_admin: bool,
    /// First and last name of the invitation, where the server tells; the member's own profile may differ (AR-3, CHR-4).
    pub invited_name: Option<Box<(String, String)>>,
}

/// What is stored about an account's standing. Pending, active and inactive follow from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Whether an invitation was ever accepted (or none was needed).
    pub accepted: bool,
    /// Whether the account is switched off.
    pub inactive: bool,
    /// The block, where there is one; it lies across the three standings.
    pub block: Option<Block>,
    /// The newest invitation, where there is one.
    pub invitation: Option<Invitation>,
}

/// Exactly one of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Invited, never accepted.
    Pending,
    /// May sign in.
    Active,
    /// Switched off.
    Inactive,
}

impl State {
    /// Which of the three it is.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        match (self.inactive, self.accepted) {
            (true, _) => Standing::Inactive,
            (false, true) => Standing::Active,
            (false, false) => Standing::Pending,
        }
    }

    /// Whether an invitation is open and not expired.
    #[must_use]
    pub fn invitation_is_good(&self) -> bool {
        self.invitation.as_ref().is_some_and(|i| i.state == InvitationState::Open)
    }
}

/// A block (AR-18 to AR-26).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Why.
    pub reason: BlockReason,
    /// In words; needed with `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Why somebody is blocked (AR-26).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockReason {
    /// Their activity is being looked into.
    ActivityReview,
    /// Their appointments go to somebody else.
    ReassignAppointments,
    /// Their schedule is cleared.
    ClearSchedule,
    /// Something else, said in the note.
    Other,
}

impl BlockReason {
    /// All reasons, in the order the platform lists them.
    pub const ALL: [Self; 4] = [Self::ActivityReview, Self::ReassignAppointments, Self::ClearSchedule, Self::Other];

    /// The word of YAML and of the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ActivityReview => "activity-review",
            Self::ReassignAppointments => "reassign-appointments",
            Self::ClearSchedule => "clear-schedule",
            Self::Other => "other",
        }
    }

    /// The reason a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

/// The newest invitation of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What has become of it.
    pub state: InvitationState,
    /// When it was sent, epoch milliseconds of the server's clock.
    pub sent_at: i64,
    /// When its link dies, epoch milliseconds of the server's clock.
    pub expires_at: i64,
}

/// What has become of an invitation, as of the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvitationState {
    /// Its link can still be used.
    Open,
    /// Its time is over.
    Expired,
    /// A block, a withdrawal or a newer one ended it.
    Killed,
    /// It was used.
    Accepted,
}

impl InvitationState {
    /// All states, in the order of their life.
    pub const ALL: [Self; 4] = [Self::Open, Self::Expired, Self::Killed, Self::Accepted];

    /// The word of the wire and of the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::Killed => "killed",
            Self::Accepted => "accepted",
        }
    }

    /// The state that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}
