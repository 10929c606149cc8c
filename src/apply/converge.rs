//! The proof at the end: read again, compare again.

use crate::directory::failpoint::{self, Point};
use crate::directory::{DirectoryError, Reader};
use crate::model::{Actual, Change, Plan, Subject, WorkspaceReceipt};

/// Reads the workspace again and compares it with what is wanted: converged only when nothing is left to change.
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
    receipt.left = plan.changes.iter().map(in_words).collect();
    receipt.converged = receipt.left.is_empty();
    failpoint::hit(Point::Exit);
    Ok(plan)
}

fn in_words(change: &Change) -> String {
    let action = change.action.as_str();
    let what = match &change.subject {
        Subject::Workspace => action.to_owned(),
        Subject::Clinic(key) | Subject::Role(key) | Subject::Employee(key) => format!("{action} `{key}`"),
        Subject::User(email) => format!("{action} {email}"),
    };
    format!("{what}: {}", change.reason)
}
