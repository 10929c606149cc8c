//! The things that people say that they did, and why they are not recorded.

use crate::model::{AttestRefusal, Attestation, StepId, Stop};

/// Says why nobody records that somebody did a step, and what to do.
#[must_use]
pub fn attest_refusal(one: &Attestation, why: &AttestRefusal) -> String {
    let step = format!("step {} ({}, {})", one.id, one.user, one.change.as_str());
    match why {
        AttestRefusal::BeforePlan => {
            format!("{step}: its time, {}, is before the plan was made: give the right time with `--at`, or untick it", one.at)
        }
        AttestRefusal::InFuture => format!("{step}: its time, {}, is in the future: give the right time with `--at`", one.at),
        AttestRefusal::SameMoment { other } => {
            format!(
                "{step}: step {other} of the same person, ticked in the same second ({}), says otherwise, and the last one counts: give each file by itself, with its own `--at`",
                one.at
            )
        }
        AttestRefusal::Contradicted { taken } => {
            format!("{step}: ticked at {}, but the list of {taken}, which is newer, shows otherwise: look again, and untick it", one.at)
        }
    }
}

/// Says that nobody should have done a step of a plan, since a guard stopped it.
#[must_use]
pub fn stopped_step(id: &StepId, workspace: &str, stop: &Stop) -> String {
    format!("step {id}: the guard `{}` stopped the plan of `{workspace}`, so nobody should have done it", stop.guard().code())
}

/// Says that nobody should do the steps of a workspace, since a guard stopped its plan.
#[must_use]
pub fn stopped_steps(workspace: &str) -> String {
    format!("{workspace}: a guard stopped the plan: nobody should do its steps")
}
