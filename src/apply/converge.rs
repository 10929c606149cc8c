//! The proof at the end: read again, compare again.

use crate::directory::failpoint::{self, Point};
use crate::directory::{DirectoryError, Reader};
use crate::model::{Actual, Change, Completeness, Plan, Refusal, Subject, WorkspaceReceipt};

/// Reads the workspace again and compares it with what is wanted: converged only when it was read in full, nothing is left to change,
/// and nothing is refused that the approved plan did not show.
///
/// `diff` is the comparison that made the plan, over the same users.
///
/// # Errors
/// When the workspace can not be read; the receipt then says so and is not converged.
pub async fn converge(
    receipt: &mut WorkspaceReceipt,
    directory: &impl Reader,
    diff: impl FnOnce(&Actual) -> Plan,
) -> Result<Plan, DirectoryError> {
    let fresh = match directory.read().await {
        Ok(fresh) => fresh,
        Err(error) => {
            receipt.converged = false;
            receipt.left = vec![format!("not known: the workspace could not be read again: {error}")];
            return Err(error);
        }
    };
    let plan = diff(&fresh);
    judge(receipt, &fresh, &plan);
    failpoint::hit(Point::Exit);
    Ok(plan)
}

/// Says on the receipt how a workspace stands, by a reading and the plan that was made from it.
pub fn judge(receipt: &mut WorkspaceReceipt, fresh: &Actual, plan: &Plan) {
    receipt.left = plan.changes.iter().map(in_words).collect();
    let known =
        |new: &Refusal| receipt.plan.refusals.iter().any(|r| (&r.subject, &r.wanted, &r.code) == (&new.subject, &new.wanted, &new.code));
    let refused = plan.refusals.iter().filter(|r| !known(r)).map(|r| format!("refused, {}: {}: {}", named(&r.subject), r.reason, r.remedy));
    let refused: Vec<String> = refused.collect();
    receipt.left.extend(refused);
    if let Completeness::Partial { why } = &fresh.completeness {
        receipt.left.push(format!("not known: the workspace could not be read in full ({why}): run it again"));
    }
    receipt.converged = receipt.left.is_empty() && plan.differing() == 0;
}

fn in_words(change: &Change) -> String {
    format!("{} {}: {}", change.action.as_str(), named(&change.subject), change.reason)
}

fn named(subject: &Subject) -> String {
    match subject {
        Subject::Workspace => "workspace".to_owned(),
        Subject::Clinic(key) | Subject::Role(key) | Subject::Employee(key) => format!("`{key}`"),
        Subject::User(email) => email.to_string(),
    }
}
