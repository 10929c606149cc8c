//! Reads the workspace again after a run, and compares it again.

use crate::directory::failpoint::{self, Point};
use crate::directory::{DirectoryError, Reader};
use crate::model::{Actual, Completeness, Left, Plan, Refusal, WorkspaceReceipt};

/// Reads the workspace again and compares it with the roster. It has converged only if it was read completely, nothing is left to
/// change, and nothing is refused that the approved plan did not show.
///
/// `diff` is the comparison that made the plan, over the same users.
///
/// # Errors
/// If the workspace cannot be read; the receipt then says so and is not converged.
pub async fn converge(
    receipt: &mut WorkspaceReceipt,
    directory: &impl Reader,
    diff: impl FnOnce(&Actual) -> Plan,
) -> Result<Plan, DirectoryError> {
    let fresh = match directory.read().await {
        Ok(fresh) => fresh,
        Err(error) => {
            receipt.converged = false;
            receipt.left = vec![Left::NotRead { detail: error.to_string() }];
            return Err(error);
        }
    };
    let plan = diff(&fresh);
    judge(receipt, &fresh, &plan);
    failpoint::hit(Point::Exit);
    Ok(plan)
}

/// Writes the state of a workspace on the receipt, from a second read and the plan that was made from it.
pub fn judge(receipt: &mut WorkspaceReceipt, fresh: &Actual, plan: &Plan) {
    let is_known = |new: &Refusal| {
        let old = receipt.plan.refusals.iter();
        old.filter(|old| old.subject == new.subject)
            .any(|old| (old.cause.wanted(), old.cause.code()) == (new.cause.wanted(), new.cause.code()))
    };
    let changes = plan.changes.iter().map(|step| Left::Change {
        subject: step.change.subject().to_subject(),
        action: step.change.action(),
        reason: step.reason.clone(),
    });
    let refusals = plan.refusals.iter().filter(|refusal| !is_known(refusal)).cloned().map(Left::Refused);
    let mut left: Vec<Left> = changes.chain(refusals).collect();
    if let Completeness::Partial { why } = &fresh.completeness {
        left.push(Left::PartialRead { why: why.clone() });
    }
    // What repeats a name is in no plan, so only the record knows that it was not stored.
    let is_stored = receipt.records.iter().all(|record| record.outcome.not_stored().is_empty());
    receipt.converged = left.is_empty() && plan.differing() == 0 && is_stored;
    receipt.left = left;
}
