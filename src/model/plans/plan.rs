//! The changes of a workspace, what is refused, and what the reader should know.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{
    Action, Bill, ByHand, Digest, Email, Guard, Guards, HandState, KeptOut, Manage, Notice, PlatformId, Refusal, ServerId, Step, Stop,
    Subject,
};

/// The plan of one workspace. `reconcile::diff` makes it, and decides everything in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Plan {
    /// The workspace.
    pub workspace: String,
    /// Its platform.
    pub platform: PlatformId,
    /// The server it was made for.
    pub server: ServerId,
    /// The server's time of the read, epoch milliseconds.
    pub as_of: i64,
    /// Says what happens to accounts that are not in the roster.
    pub manage: Manage,
    /// The limits under which it was made.
    pub guards: Guards,
    /// The changes, in the order in which they are made.
    pub changes: Vec<Step>,
    /// The parts of the roster that cannot be carried out.
    pub refusals: Vec<Refusal>,
    /// The notices that the reader should know.
    pub notices: Vec<Notice>,
    /// The tasks that a person must do.
    pub tasks: Vec<Task>,
    /// The change of the bill.
    pub bill: Bill,
    /// The number of users of the roster that already match.
    pub unchanged: usize,
    /// Those of them who cannot sign in, by address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_out: Vec<KeptOut>,
    /// The list of users and how far each step is, if people make the changes: the workspace has no interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Box<ByHand>>,
    /// The users it was narrowed to; empty if it is about everybody.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub only: BTreeSet<Email>,
}

/// Two changes that may be about one person with a new address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerhapsOnePerson {
    /// The position of the change that takes access away.
    pub leaves: usize,
    /// The position of the change that makes the new account.
    pub joins: usize,
    /// Says whether both have a phone number, which is the same, too.
    pub phone: bool,
}

impl Plan {
    /// Lists the pairs of changes that may be about one person, in the order of the new addresses.
    #[must_use]
    pub fn perhaps_one_person(&self) -> Vec<PerhapsOnePerson> {
        let place = |wanted: &Email, takes_away: bool| {
            let fits = |action: Action| if takes_away { action.makes_inactive() } else { action.invites() };
            self.changes.iter().position(|step| step.change.subject().user() == Some(wanted) && fits(step.change.action()))
        };
        let pairs = self.notices.iter().filter_map(|notice| {
            let (other, phone) = notice.cause.perhaps_the_same()?;
            let email = notice.subject.borrow().user()?;
            Some(PerhapsOnePerson { leaves: place(other, true)?, joins: place(email, false)?, phone })
        });
        pairs.collect()
    }

    /// Returns how many differences are only listed, since the workspace is only observed.
    #[must_use]
    pub fn differing(&self) -> usize {
        self.notices.iter().filter(|notice| notice.cause.is_difference()).count()
    }
}

/// A plan that may not be applied, with the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// The plan.
    pub plan: Plan,
    /// Its digest, which a waiver must name.
    pub digest: Digest,
    /// The guards that stopped it; never empty.
    pub stops: Vec<Stop>,
}

/// The plan of one workspace with the answers of the guards, as it is saved and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WorkspacePlan {
    /// The plan.
    #[serde(flatten)]
    pub plan: Plan,
    /// Its digest.
    pub digest: Digest,
    /// The guards that stopped it; empty if it may be applied.
    pub stops: Vec<Stop>,
    /// Guards that were lifted, with the waiver's reason.
    pub waived: BTreeMap<Guard, String>,
}

/// The plans of all workspaces of a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterPlan {
    /// The version of its saved and published form.
    pub format: u32,
    /// The digest over all workspaces; with one workspace, that one's digest.
    pub digest: Digest,
    /// By workspace name.
    pub workspaces: Vec<WorkspacePlan>,
}

/// Counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Counts by action, every action present.
    pub actions: BTreeMap<Action, usize>,
    /// Refusals.
    pub refused: usize,
    /// Users of the roster that already match.
    pub unchanged: usize,
}

impl Plan {
    /// Returns whether the plan writes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

impl RosterPlan {
    /// The version of the saved and published form that this program writes.
    pub const FORMAT: u32 = 2;

    /// Returns the users the plan is about; empty if it is about everybody.
    #[must_use]
    pub fn only(&self) -> BTreeSet<Email> {
        self.workspaces.iter().flat_map(|workspace| &workspace.plan.only).cloned().collect()
    }

    /// Returns the counts of all workspaces together.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { actions: Action::ALL.into_iter().map(|a| (a, 0)).collect(), ..Summary::default() };
        for workspace in &self.workspaces {
            for step in &workspace.plan.changes {
                *summary.actions.entry(step.change.action()).or_default() += 1;
            }
            summary.refused += workspace.plan.refusals.len();
            summary.unchanged += workspace.plan.unchanged;
        }
        summary
    }
}

impl Plan {
    /// Returns how many users should have no access, and may have an account that an incomplete list does not show: a person must look for them.
    #[must_use]
    pub fn to_look_for(&self) -> usize {
        self.notices.iter().filter(|notice| notice.cause.asks_to_look()).count()
    }

    /// Returns whether the next list must show something that people attest.
    #[must_use]
    pub fn is_anything_waiting(&self) -> bool {
        let mut attested = self.by_hand.iter().flat_map(|by_hand| &by_hand.attested);
        self.attested_states().any(HandState::is_waiting) || attested.any(|one| one.proof.is_waiting())
    }

    /// Returns whether a new list is overdue.
    #[must_use]
    pub fn is_list_overdue(&self) -> bool {
        let mut attested = self.by_hand.iter().flat_map(|by_hand| &by_hand.attested);
        attested.any(|one| one.is_overdue)
            || self.attested_states().any(|state| match state {
                HandState::Waits { is_overdue, .. } => *is_overdue,
                HandState::Left | HandState::Contradicted(_) | HandState::Attested(_) | HandState::Proved(_) => false,
            })
    }

    /// Lists how far it is known of people who should have no access, and whom the list lacks, that they have none: somebody looked for them.
    pub fn looked_for(&self) -> impl Iterator<Item = &HandState> {
        self.notices.iter().filter_map(|notice| notice.cause.looked_for())
    }

    /// Lists how far the steps are, and the people whom somebody looked for.
    fn attested_states(&self) -> impl Iterator<Item = &HandState> {
        let steps = self.by_hand.iter().flat_map(|by_hand| &by_hand.steps).map(|step| &step.state);
        steps.chain(self.looked_for())
    }

    /// Returns whether something of a workspace without an interface was refused, or cannot be said from its list: then it is not as the roster says,
    /// although no step is left.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        self.by_hand.is_some() && (!self.refusals.is_empty() || self.to_look_for() > 0)
    }

    /// Returns whether everybody who is not in the roster should leave, and the list of users is known to lack some: nobody knows who else has
    /// access.
    #[must_use]
    pub fn may_hide_others(&self) -> bool {
        let is_partial = |notice: &Notice| notice.cause.is_partial_read() && notice.subject == Subject::Workspace;
        self.manage.removes_unlisted() && self.only.is_empty() && self.notices.iter().any(is_partial)
    }

    /// Returns whether the workspace does not exist yet, so that the first apply creates it.
    #[must_use]
    pub fn creates_workspace(&self) -> bool {
        match &self.server {
            ServerId::Embedded { store, .. } => store.is_none(),
            ServerId::Scim { .. } | ServerId::Snapshot { .. } => false,
        }
    }

    /// Returns whether something is pending: a change, a list of users that may hide somebody who should leave, or on a workspace without an
    /// interface a step that is left or a list that is overdue.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        let Some(by_hand) = self.by_hand.as_deref() else { return !self.is_empty() || self.may_hide_others() };
        by_hand.is_anything_left()
            || by_hand.is_anything_contradicted()
            || self.is_list_overdue()
            || self.to_look_for() > 0
            || self.refusals.iter().any(|refusal| refusal.cause.is_for_next_list())
    }
}

/// A task that only a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Task {
    /// The person concerned.
    pub user: Email,
    /// The task.
    pub what: TaskKind,
}

/// A kind of task for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// Hand over the practice's code word (PBN-5).
    HandOverCodeWord,
}
