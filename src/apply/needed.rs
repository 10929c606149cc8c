//! The question whether a change gave later changes what they wait for.

use crate::model::{Change, ChangeFailure, Field, FieldChange, OpOutcome};

/// Returns whether later changes can be made: everything that decides who may do what is in place. A name or a phone number that the server did not
/// take keeps nobody out; a role that it did not take must not come back with the person, nor be counted on when another one is lost.
pub(super) fn is_in_place(change: &Change, outcome: &OpOutcome) -> bool {
    match outcome {
        OpOutcome::Done { .. } | OpOutcome::AlreadyDone => true,
        // A key of no field repeats one, such as the address in `emails`.
        OpOutcome::Partly { rest, .. } => {
            let left = rest.not_stored.iter().chain(rest.still_there.iter().map(|kept| &kept.key));
            left.into_iter().all(|key| Field::from_key(key).is_none_or(|field| field.definition().describes))
        }
        OpOutcome::Failed(ChangeFailure { given_up: None, .. }) => only_updates_descriptions(change),
        OpOutcome::Failed(_) | OpOutcome::Handoff(_) | OpOutcome::Drifted(_) | OpOutcome::NotTried(_) => false,
    }
}

/// Returns whether a change is about nothing but descriptions of somebody who has an account.
fn only_updates_descriptions(change: &Change) -> bool {
    let describes = |edit: &FieldChange| edit.field.definition().describes;
    change.action().updates() && change.effective().is_none() && change.fields().iter().all(describes)
}
