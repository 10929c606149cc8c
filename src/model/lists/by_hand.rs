//! The part of a plan for a workspace without an interface that is about its list of users, and about the steps that people do by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{Attestation, Email, Field, LoginName, Moment, RemoteId, StepId, StepKind, StepValue, Tab, Value};

/// The list of users that a plan was made from, and what is known about its steps. The digest does not cover it, so ticking a step changes
/// no approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each says what another part of the list shows, and all combinations exist")]
pub struct ByHand {
    /// The time at which the plan was made, epoch milliseconds of this machine's clock: the age of the list is counted from then.
    pub read_at: i64,
    /// The tabs that were given.
    pub tabs: Vec<TabState>,
    /// Says whether somebody whom the list lacks is known to have no account: every tab in which they could be is complete.
    pub is_complete: bool,
    /// The fields that the platform has and the list does not show.
    pub not_shown: Vec<Field>,
    /// Says whether the list shows who is active.
    pub shows_status: bool,
    /// Says whether the list shows who is blocked, on platforms that block people.
    pub shows_blocked: bool,
    /// Says whether people sign in with user names: the list has one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_user_names: bool,
    /// One entry for each change, in the order of the plan.
    pub steps: Vec<HandStep>,
    /// One entry for each attestation, by user, then time.
    pub attested: Vec<AttestedStep>,
    /// Rows that may belong to users whom the list lacks: a person must say.
    pub questions: Vec<AddressQuestion>,
    /// The names that the product shows for the clinics of the roster, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clinics: BTreeMap<String, String>,
    /// The names that the product shows for the roles of the roster, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, String>,
}

/// One tab of a list of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TabState {
    /// The tab.
    pub tab: Tab,
    /// The time at which it was taken from the page.
    pub taken: Moment,
    /// The number of its rows.
    pub rows: usize,
    /// The number of users that the page gives; `None` if nobody says.
    pub total: Option<u64>,
    /// Says whether a search or filter was on.
    pub filtered: bool,
    /// Says whether it is too old to show that somebody is absent, or has a time that is still to come, so that nobody knows its age.
    pub is_stale: bool,
}

impl TabState {
    /// Returns whether the tab has everybody it should have.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let Self { tab: _, taken: _, rows, total, filtered, is_stale } = self;
        !filtered && !is_stale && total.is_some_and(|total| u64::try_from(*rows) == Ok(total))
    }
}

/// A change of the plan as a step that a person does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HandStep {
    /// The id of the whole step: it stays the same when a part of it is done.
    pub id: StepId,
    /// The login of the person that it is about, as the list has it; the key of an employee record.
    pub user: LoginName,
    /// Says how far it is.
    pub state: HandState,
    /// The fields of an update that somebody attests already; the others are left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attested_fields: Vec<Field>,
    /// Says whether the person is invited and has not accepted yet, as far as anybody knows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_pending: bool,
    /// Says whether the list shows the person without a name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_nameless: bool,
    /// The person who did it before: a list has shown it since, and a later one shows that somebody has changed it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<Tick>,
}

/// The person who attests something, and when it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tick {
    /// The person.
    pub by: String,
    /// The time.
    pub at: Moment,
    /// Says whether the person only looked, and found that the roster is right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_look: bool,
}

impl Tick {
    /// Returns who attests something, and when it was done.
    #[must_use]
    pub fn from_attestation(one: &Attestation) -> Self {
        Self { by: one.by.clone(), at: one.at, is_look: one.change.is_look() }
    }
}

/// Says how far a step is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HandState {
    /// Nobody has done it.
    Left,
    /// Somebody attests it, and a newer list shows that it is not so: it is left.
    Contradicted(Tick),
    /// Somebody attests it, and the next list can show it.
    Waits {
        /// The attestation.
        tick: Tick,
        /// Says whether a new list is overdue.
        is_overdue: bool,
    },
    /// Somebody attests it, and the list cannot show it.
    Attested(Tick),
    /// Somebody attests it, and a list has shown it; the present one is older.
    Proved(Tick),
}

impl HandState {
    /// Returns whether a person must still do the step.
    #[must_use]
    pub const fn is_left(&self) -> bool {
        match self {
            Self::Left | Self::Contradicted(_) => true,
            Self::Waits { .. } | Self::Attested(_) | Self::Proved(_) => false,
        }
    }

    /// Returns whether the next list must show it.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        match self {
            Self::Waits { .. } => true,
            Self::Left | Self::Contradicted(_) | Self::Attested(_) | Self::Proved(_) => false,
        }
    }

    /// Returns who attests it although a newer list shows otherwise.
    #[must_use]
    pub const fn contradicted(&self) -> Option<&Tick> {
        match self {
            Self::Contradicted(tick) => Some(tick),
            Self::Left | Self::Waits { .. } | Self::Attested(_) | Self::Proved(_) => None,
        }
    }

    /// Returns who attests it; `None` if nobody does.
    #[must_use]
    pub const fn tick(&self) -> Option<&Tick> {
        match self {
            Self::Left => None,
            Self::Contradicted(tick) | Self::Waits { tick, .. } | Self::Attested(tick) | Self::Proved(tick) => Some(tick),
        }
    }
}

/// An attestation, compared with the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AttestedStep {
    /// The id of the step.
    pub id: StepId,
    /// The user it is about.
    pub user: LoginName,
    /// The login that the list has for them by now, if it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<LoginName>,
    /// The kind of step.
    pub change: StepKind,
    /// The person who attests it, and when it was done.
    pub tick: Tick,
    /// The proof that the list gives of it.
    pub proof: Proof,
    /// The values that the list cannot show, where it proves the others of the step.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_shown: BTreeSet<StepValue>,
    /// The values that a newer list shows in place of those that are attested.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<ShownOtherwise>,
    /// Says whether a list that shows it should be there by now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_overdue: bool,
}

/// A value that a list shows in place of one that somebody attests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ShownOtherwise {
    /// The value that it is about.
    pub value: StepValue,
    /// The attested one.
    pub said: Value,
    /// The one in the list; `None` if the list does not have the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Value>,
}

/// The proof that a list gives of an attestation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// A later attestation, or the workspace itself, has changed it since.
    Superseded,
    /// A newer list shows it.
    Proved,
    /// The list cannot show it.
    CannotShow,
    /// The next list can show it.
    Waits,
    /// A list showed otherwise; since then it was done again, or it came about without this step.
    Disproved,
    /// A newer list shows otherwise.
    Contradicted,
}

impl Proof {
    /// Returns whether a list has shown it.
    #[must_use]
    pub const fn is_proved(self) -> bool {
        match self {
            Self::Proved => true,
            Self::Superseded | Self::CannotShow | Self::Waits | Self::Disproved | Self::Contradicted => false,
        }
    }

    /// Returns whether the next list must show it.
    #[must_use]
    pub const fn is_waiting(self) -> bool {
        match self {
            Self::Waits => true,
            Self::Superseded | Self::Proved | Self::CannotShow | Self::Disproved | Self::Contradicted => false,
        }
    }

    /// Returns whether a list shows otherwise, and the roster still wants what is attested.
    #[must_use]
    pub const fn is_contradicted(self) -> bool {
        match self {
            Self::Contradicted => true,
            Self::Superseded | Self::Proved | Self::CannotShow | Self::Waits | Self::Disproved => false,
        }
    }

    /// Returns whether what is attested is still so, as far as anybody knows.
    #[must_use]
    pub const fn is_still_so(self) -> bool {
        match self {
            Self::Proved | Self::CannotShow | Self::Waits => true,
            Self::Superseded | Self::Disproved | Self::Contradicted => false,
        }
    }

    /// Returns whether no list says or will say otherwise.
    #[must_use]
    pub const fn is_undisputed(self) -> bool {
        match self {
            Self::Superseded | Self::Proved | Self::CannotShow => true,
            Self::Waits | Self::Disproved | Self::Contradicted => false,
        }
    }
}

/// A row whose address the roster does not know, with the names of a user whom the list lacks, or nearly so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AddressQuestion {
    /// The user's address in the roster.
    pub user: Email,
    /// The address of the row.
    pub other: Email,
    /// The login of the row, as the list has it.
    pub id: RemoteId,
    /// Says whether the row has the same names; if not, and they are not alike, it has the user's address beside a user name.
    #[serde(default)]
    pub has_same_names: bool,
    /// The name of the row, if one of both names has a word, such as a middle name, that the other lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like_name: Option<String>,
    /// Says whether the account of the row still has access although an exact roster does not list it.
    pub keeps_access: bool,
    /// Says whether the row is an invitation, whose address nobody can change in the product.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_invitation: bool,
}

impl ByHand {
    /// Lists the attestations with a proof that no step of the plan is about.
    pub fn apart(&self, proof: Proof) -> impl Iterator<Item = &AttestedStep> {
        let is_of_step = move |one: &AttestedStep| {
            let login = one.present.as_ref().unwrap_or(&one.user);
            // The rest of a step can be right where another part of it, as ticked, is not.
            let tick =
                |step: &HandStep| if proof.is_contradicted() { step.state.contradicted().cloned() } else { step.state.tick().cloned() };
            self.steps.iter().any(|step| step.user == *login && tick(step).as_ref() == Some(&one.tick))
        };
        self.attested.iter().filter(move |one| one.proof == proof && !is_of_step(one))
    }

    /// Returns whether a list shows otherwise than somebody attests, and the roster still wants what they attest.
    #[must_use]
    pub fn is_anything_contradicted(&self) -> bool {
        self.attested.iter().any(|one| one.proof.is_contradicted())
    }

    /// Returns whether a person must do or answer something.
    #[must_use]
    pub fn is_anything_left(&self) -> bool {
        !self.questions.is_empty() || self.steps.iter().any(|step| step.state.is_left())
    }
}
