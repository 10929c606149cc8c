//! The content of a workspace's own list of users at a time, and what people attest that they did since.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{BLOCKED, Field, Fields, LoginName, Moment, Standing, StepId, StepKind, StepValue, StepValues, with_all};

/// The users that a workspace showed, and what people attest about them. Unknown is not empty (rule 10 of the core).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The workspace.
    pub workspace: String,
    /// The files it was read from: their SHA-256, 64 lower-case hex digits, by name.
    pub from: BTreeMap<String, String>,
    /// The lists that were given, by the tab of the page that they came from.
    pub tabs: BTreeMap<Tab, TabRead>,
    /// The facts that the lists show; everything else is unknown.
    pub shows: Shows,
    /// The users by login.
    pub accounts: BTreeMap<LoginName, Row>,
    /// The rows of earlier lists of users who may have access, and of whom this one does not say whether they have, by login.
    pub earlier: BTreeMap<LoginName, Earlier>,
    /// The attestations of people, by user, then time; no two are equal.
    pub attested: BTreeSet<Attestation>,
}

with_all! {
    /// This is a tab of a page with users, or the one list of all of them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Tab {
        /// One list has every user, with the state in a column.
        All,
        /// The list has the active users.
        Active,
        /// The list has the inactive users.
        Inactive,
        /// The list has the users who have not accepted their invitation.
        Pending,
        /// The list has the blocked users.
        Blocked,
    }
}

impl Tab {
    /// Returns the tab's name in YAML.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Active => Standing::Active.as_str(),
            Self::Inactive => Standing::Inactive.as_str(),
            Self::Pending => Standing::Pending.as_str(),
            Self::Blocked => BLOCKED,
        }
    }

    /// Finds the tab with this name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.as_str() == word)
    }

    /// Returns whether it has everybody, whatever their state.
    #[must_use]
    pub const fn has_everybody(self) -> bool {
        match self {
            Self::All => true,
            Self::Active | Self::Inactive | Self::Pending | Self::Blocked => false,
        }
    }

    /// Returns whether it has the active users.
    #[must_use]
    pub const fn has_active(self) -> bool {
        match self {
            Self::All | Self::Active => true,
            Self::Inactive | Self::Pending | Self::Blocked => false,
        }
    }

    /// Returns whether it has the inactive users, and nobody else.
    #[must_use]
    pub const fn is_of_inactive(self) -> bool {
        match self {
            Self::Inactive => true,
            Self::All | Self::Active | Self::Pending | Self::Blocked => false,
        }
    }

    /// Returns whether it has the users who have not accepted their invitation.
    #[must_use]
    pub const fn is_of_pending(self) -> bool {
        match self {
            Self::Pending => true,
            Self::All | Self::Active | Self::Inactive | Self::Blocked => false,
        }
    }

    /// Returns whether it has the blocked users, whatever their standing.
    #[must_use]
    pub const fn is_of_blocked(self) -> bool {
        match self {
            Self::Blocked => true,
            Self::All | Self::Active | Self::Inactive | Self::Pending => false,
        }
    }

    /// Returns the standing of everybody in it; `None` where people of every standing are in it.
    #[must_use]
    pub const fn standing(self) -> Option<Standing> {
        match self {
            Self::Active => Some(Standing::Active),
            Self::Inactive => Some(Standing::Inactive),
            Self::Pending => Some(Standing::Pending),
            Self::All | Self::Blocked => None,
        }
    }

    /// Returns the tab that has the users of a standing.
    #[must_use]
    pub const fn showing(standing: Standing) -> Self {
        match standing {
            Standing::Active => Self::Active,
            Standing::Inactive => Self::Inactive,
            Standing::Pending => Self::Pending,
        }
    }
}

/// The way in which one tab was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabRead {
    /// The number of users that the page shows; `None` if nobody says that the tab is complete.
    pub total: Option<u64>,
    /// The time at which it was taken from the page.
    pub taken: Moment,
    /// Says whether a search or filter was on.
    pub filtered: bool,
}

/// The kinds of facts that the lists of a snapshot show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shows {
    /// The fields.
    pub fields: BTreeSet<Field>,
    /// Says whether they show who is active, inactive and pending.
    pub status: bool,
    /// Says whether they show who is blocked.
    pub blocked: bool,
}

/// The facts that the lists show of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The fields that are shown; `Unset` is an empty cell, an absent field is unknown.
    pub fields: Fields,
    /// Active, inactive or pending; `None` if unknown.
    pub status: Option<Standing>,
    /// Says whether the user is blocked; `None` if unknown.
    pub blocked: Option<bool>,
    /// Says whether the user is pending, and the list shows that the invitation has expired.
    pub is_expired: bool,
}

/// The row of the last list that said whether somebody has access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Their names, role and state.
    pub row: Row,
    /// The time at which the tab was taken that showed them.
    pub taken: Moment,
}

impl Row {
    /// Returns the address that the list has beside a user name. It is compared, and says of nobody who they are: many offices give the same one
    /// to everybody.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.fields.text(Field::Email)
    }
}

/// One person says that they did a step in the workspace, or that they looked and the roster is right.
///
/// Ordered by user, then time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attestation {
    /// The user it is about.
    pub user: LoginName,
    /// The time at which it was done.
    pub at: Moment,
    /// The step; it follows from workspace, user, kind and values.
    pub id: StepId,
    /// The kind of step.
    pub change: StepKind,
    /// The values that are true since then; never a secret.
    pub set: StepValues,
    /// The person who did it.
    pub by: String,
    /// At least 12 hex digits of the digest of the plan that had the step.
    pub plan: String,
    /// The note of the person.
    pub note: Option<String>,
    /// The values that a list has shown since: if a later one shows others, somebody has changed them again.
    pub proved: BTreeSet<StepValue>,
    /// The values of which a list has shown others since, before any list showed these: the step was not done.
    pub contradicted: BTreeSet<StepValue>,
    /// The values that are nobody's concern anymore: those of the contradicted ones of which a later list shows what the roster wants by
    /// then, and those that no later list can prove.
    pub settled: BTreeSet<StepValue>,
}

impl Attestation {
    /// Returns whether both say the same; what lists have shown of them since does not count.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self { user, at, id, change, set, by, plan, note, proved: _, contradicted: _, settled: _ } = self;
        (user, at, id, change) == (&other.user, &other.at, &other.id, &other.change)
            && (set, by, plan, note) == (&other.set, &other.by, &other.plan, &other.note)
    }
}

impl Snapshot {
    /// Returns when the newest tab was taken; `None` if there are no tabs.
    #[must_use]
    pub fn taken(&self) -> Option<Moment> {
        self.tabs.values().map(|tab| tab.taken).max()
    }

    /// Returns whether every tab was taken after a moment.
    #[must_use]
    pub fn is_newer_than(&self, at: Moment) -> bool {
        self.tabs.values().all(|tab| at < tab.taken)
    }

    /// Returns the tab that shows a user: that of the standing, of the block, or the list of everybody.
    #[must_use]
    pub fn tab_of(&self, row: &Row) -> Option<(Tab, &TabRead)> {
        let by_status = row.status.map(Tab::showing);
        let by_block = (row.blocked == Some(true)).then_some(Tab::Blocked);
        let tabs = by_status.into_iter().chain(by_block).chain(Tab::ALL);
        tabs.into_iter().find_map(|tab| Some((tab, self.tabs.get(&tab)?)))
    }
}
