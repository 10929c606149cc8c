//! Reads the workspace again after a run, and compares it again.

use std::time::Duration;

use super::Options;
use crate::directory::failpoint::{self, Point};
use crate::directory::{DirectoryError, Reader, is_done};
use crate::model::{
    Account, Actual, Change, CodeWordCheck, Completeness, Email, Left, OpOutcome, PartialCause, Plan, Refusal, RefusalTopic,
    WorkspaceReceipt,
};
use crate::platform::{self, Catalog};

/// The number of times that a list is asked for again that does not show what this run has made; the waits double.
const LAGS: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// Reads the workspace again and compares it with the roster. It has converged only if it was read completely, nothing is left to
/// change, and nothing is refused that the approved plan did not show. The lists of some servers lag behind what is written, so a list
/// that does not show what this run has made is asked for again.
///
/// `diff` is the comparison that made the plan, over the same users.
///
/// # Errors
/// If the workspace cannot be read; the receipt then says so and is not converged.
pub async fn converge(
    receipt: &mut WorkspaceReceipt,
    directory: &impl Reader,
    options: &Options,
    diff: impl Fn(&Actual) -> Plan,
) -> Result<Plan, DirectoryError> {
    let mut tried = 0;
    let (fresh, plan) = loop {
        let fresh = match directory.read().await {
            Ok(fresh) => fresh,
            Err(error) => {
                receipt.converged = false;
                receipt.left = vec![Left::NotRead(error.cause())];
                return Err(error);
            }
        };
        let fresh = believe_code_word(receipt, fresh);
        let plan = diff(&fresh);
        if tried == LAGS || fresh.capabilities.practice_extension || !lacks_what_was_made(receipt, &plan) {
            break (fresh, plan);
        }
        (options.sleep)(FIRST_WAIT.saturating_mul(2_u32.saturating_pow(tried))).await;
        tried += 1;
    };
    let mut fresh = fresh;
    if !fresh.capabilities.practice_extension {
        believe(receipt, &fresh);
        // Somebody whom the run has created, and whom the list lacks for good, proves that the list is not complete.
        if let (Some(email), None) = (created_unlisted(receipt, &fresh), fresh.completeness.partial()) {
            fresh.completeness = Completeness::Partial { why: PartialCause::Lacks { email } };
        }
    }
    judge(receipt, &fresh, &plan);
    failpoint::hit(Point::Exit);
    Ok(plan)
}

/// Counts a code word as the roster's that the run has set and the server no longer compares.
fn believe_code_word(receipt: &WorkspaceReceipt, fresh: Actual) -> Actual {
    let mut made = receipt.records.iter().filter(|record| record.outcome.is_made());
    let is_set = made.any(|record| receipt.plan.changes.get(record.change).is_some_and(|step| step.change.action().sets_code_word()));
    let code_word_matches = match fresh.code_word_matches {
        Some(CodeWordCheck::NotCompared) if is_set => Some(CodeWordCheck::Matches),
        known @ (Some(CodeWordCheck::Matches | CodeWordCheck::Differs | CodeWordCheck::NotCompared | CodeWordCheck::NotFetched) | None) => {
            known
        }
    };
    Actual { code_word_matches, ..fresh }
}

/// Returns whether a plan has a change again that the run has made, as the server showed then.
fn lacks_what_was_made(receipt: &WorkspaceReceipt, plan: &Plan) -> bool {
    let kind = |change: &Change| (change.subject().to_subject(), change.action());
    let made = receipt.records.iter().filter(|record| match record.outcome {
        OpOutcome::Done { .. } => true,
        OpOutcome::Partly { .. }
        | OpOutcome::AlreadyDone
        | OpOutcome::Handoff(_)
        | OpOutcome::Failed(_)
        | OpOutcome::Drifted(_)
        | OpOutcome::NotTried(_) => false,
    });
    let made: Vec<_> = made.filter_map(|record| Some(kind(&receipt.plan.changes.get(record.change)?.change))).collect();
    plan.changes.iter().any(|step| made.contains(&kind(&step.change)))
}

/// Somebody whom the run has created and whom the list lacks.
fn created_unlisted(receipt: &WorkspaceReceipt, fresh: &Actual) -> Option<Email> {
    let made = receipt.records.iter().filter(|record| record.outcome.is_made());
    let mut created = made.filter_map(|record| Some(&receipt.plan.changes.get(record.change)?.change.new_account()?.email));
    created.find(|email| !fresh.accounts.iter().any(|account| account.email == **email)).cloned()
}

/// Counts changes as made that failed, and that the workspace shows all the same: a server may show late what it has stored.
fn believe(receipt: &mut WorkspaceReceipt, fresh: &Actual) {
    let platform = platform::by_id(&receipt.plan.platform);
    for record in &mut receipt.records {
        let Some(change) = receipt.plan.changes.get(record.change).map(|step| &step.change) else { continue };
        let may_be_made = match &record.outcome {
            OpOutcome::Failed(_) => true,
            // Attributes that repeat a name are in no account, so only the write itself knows of them.
            OpOutcome::Partly { rest, .. } => {
                let keys: Vec<&str> = change.fields().iter().map(|edit| platform.catalog().yaml_key(edit.field)).collect();
                rest.stayed.is_empty() && rest.still_there.is_empty() && rest.not_stored.iter().all(|key| keys.contains(&key.as_str()))
            }
            OpOutcome::Done { .. } | OpOutcome::AlreadyDone | OpOutcome::Handoff(_) | OpOutcome::Drifted(_) | OpOutcome::NotTried(_) => {
                false
            }
        };
        let is_theirs = |account: &&Account| match change.target() {
            Some(target) => account.id == target.id,
            None => change.subject().user() == Some(&account.email),
        };
        if may_be_made
            && let Some(account) = fresh.accounts.iter().find(is_theirs)
            && is_done(change, account, platform)
        {
            record.outcome = OpOutcome::Done { id: account.id.clone() };
        }
    }
}

/// Returns what a refusal is about, and its code.
fn kind<'r>(refusal: &'r Refusal, catalog: &Catalog) -> (RefusalTopic, &'r str) {
    (refusal.cause.topic(), platform::refusal_code(&refusal.cause, catalog))
}

/// Writes the state of a workspace on the receipt, from a second read and the plan that was made from it.
pub fn judge(receipt: &mut WorkspaceReceipt, fresh: &Actual, plan: &Plan) {
    let catalog = platform::by_id(&plan.platform).catalog();
    let is_known = |new: &Refusal| {
        let old = receipt.plan.refusals.iter();
        old.filter(|old| old.subject == new.subject).any(|old| kind(old, catalog) == kind(new, catalog))
    };
    let changes = plan.changes.iter().map(|step| Left::Change {
        subject: step.change.subject().to_subject(),
        action: step.change.action(),
        reason: step.reason.clone(),
    });
    let refusals = plan.refusals.iter().filter(|refusal| !is_known(refusal)).cloned().map(Left::Refused);
    let mut left: Vec<Left> = changes.chain(refusals).collect();
    if let Some(why) = fresh.completeness.partial() {
        left.push(Left::PartialRead { why: why.clone() });
    }
    // What repeats a name is in no plan, so only the record knows that it was not stored.
    let is_stored = receipt.records.iter().all(|record| record.outcome.is_stored_in_full());
    receipt.converged = left.is_empty() && plan.differing() == 0 && is_stored;
    receipt.left = left;
}
