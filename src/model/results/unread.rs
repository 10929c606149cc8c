//! The workspaces that a run leaves out: they were not read, or their saved plan is not applied.

use serde::{Deserialize, Serialize};

use crate::model::{Digest, NoLongerPlanned, NotReady, PlatformId, ServerId, Subject};

/// A workspace that a run leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Its name.
    pub workspace: String,
    /// The reason.
    pub why: UnreadCause,
}

/// The reason why a run leaves a workspace out. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnreadCause {
    /// It could not be read.
    NotRead(NotReady),
    /// Reading it ended unexpectedly.
    ReadingBroke,
    /// It is not in the saved plan, since it could not be read when the plan was made.
    NotInPlan(Box<UnreadCause>),
    /// It was read, and a saved plan of it is not applied.
    Withheld(Withheld),
    /// An earlier version wrote the reason into a plan as a text.
    Earlier {
        /// The text.
        said: String,
    },
}

/// The reason why nothing of a saved plan is applied to a workspace that was read. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Withheld {
    /// The roster only observes the workspace since the plan was made.
    OnlyObserved,
    /// The workspace did not exist when the plan was made, and the roster asks for another plan for it now.
    OtherStart,
    /// The plan does not fit the workspace, or is too old.
    Stale(Stale),
    /// The plan would do what a plan made now would not.
    NoLongerPlanned {
        /// The effect that it would have.
        what: NoLongerPlanned,
        /// The person or thing that it is about.
        subject: Subject,
        /// The platform, which has names for fields.
        platform: PlatformId,
    },
}

/// The reason why a saved plan is not applied at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stale {
    /// It was made for another server or workspace.
    Elsewhere {
        /// The server or workspace of the plan.
        planned: ServerId,
        /// The present one.
        found: ServerId,
    },
    /// It was made for another platform.
    OtherPlatform {
        /// The platform of the plan.
        planned: PlatformId,
        /// The platform of the roster.
        found: PlatformId,
    },
    /// Its content was changed after it was made.
    Tampered {
        /// The digest of the content.
        computed: Digest,
        /// The digest in the file.
        stated: Digest,
    },
    /// It is too old.
    TooOld {
        /// Its age, in milliseconds.
        age: u64,
        /// The limit, in milliseconds.
        limit: u64,
    },
    /// It is dated ahead of the server's clock, so its age is unknown.
    FromTheFuture {
        /// The time that it is ahead, in milliseconds.
        ahead: u64,
    },
}

impl UnreadCause {
    /// Returns the platform whose names for fields a sentence about it needs.
    #[must_use]
    pub const fn platform(&self) -> Option<&PlatformId> {
        match self {
            Self::Withheld(Withheld::NoLongerPlanned { platform, .. }) => Some(platform),
            Self::Withheld(Withheld::OnlyObserved | Withheld::OtherStart | Withheld::Stale(_))
            | Self::NotRead(_)
            | Self::ReadingBroke
            | Self::Earlier { .. } => None,
            Self::NotInPlan(why) => why.platform(),
        }
    }

    /// Returns whether the workspace was read, and a saved plan of it is not applied.
    #[must_use]
    pub const fn is_withheld(&self) -> bool {
        match self {
            Self::Withheld(_) => true,
            Self::NotRead(_) | Self::ReadingBroke | Self::NotInPlan(_) | Self::Earlier { .. } => false,
        }
    }
}
