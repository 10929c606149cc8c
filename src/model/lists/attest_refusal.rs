//! The reasons for which nobody records what somebody says that they did.

use crate::model::{Moment, StepId};

/// The reason why an attestation is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttestRefusal {
    /// It is earlier than the plan that has the step.
    BeforePlan,
    /// It is in the future.
    InFuture,
    /// Another tick of the same second says otherwise about the same value: nobody knows which came last.
    SameMoment {
        /// The other step.
        other: StepId,
    },
    /// A newer list shows otherwise.
    Contradicted {
        /// The time at which that list was taken.
        taken: Moment,
    },
}
