//! The digest that an approval is tied to (rule 2 of the core).

use sha2::{Digest as _, Sha256};

use crate::model::{Action, Change, Digest, Plan, Step};

/// Computes the SHA-256 over everything that decides what is written: server, workspace, platform, limits of the guards, and the changes in
/// their order, each with its stage, what it depends on, and the id, address and version that it was planned for.
///
/// It does not cover YAML layout, the clock, wording and other accounts, so they invalidate nothing: the same plan made again has the same digest.
#[must_use]
pub fn digest(plan: &Plan) -> Digest {
    let mut hash = Sha256::new();
    feed(&mut hash, "rosterctl plan 3");
    feed(&mut hash, &plan.server.to_string());
    feed(&mut hash, &plan.workspace);
    feed(&mut hash, plan.platform.word());
    feed(&mut hash, &json(&plan.guards));
    for Step { change, reason: _, stage, risky: _, after } in &plan.changes {
        feed(&mut hash, &json(&(stage, after)));
        feed(&mut hash, &essence(change));
    }
    Digest(hex(hash))
}

/// Computes the digest over several workspaces, in the given order; for one workspace it is that one's own.
#[must_use]
pub fn roster_digest(digests: &[Digest]) -> Digest {
    if let [one] = digests {
        return one.clone();
    }
    let mut hash = Sha256::new();
    feed(&mut hash, "rosterctl roster 1");
    for digest in digests {
        feed(&mut hash, &digest.0);
    }
    Digest(hex(hash))
}

/// Returns what a change writes. Effective privileges are not written: they follow from it, and from what others do to the role.
fn essence(change: &Change) -> String {
    match change.to_account() {
        Some((email, target, to_account)) if to_account.action() == Action::Update => json(&("update", email, target, to_account.fields())),
        Some(_) | None => json(change),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Adds the length first, so that two texts cannot be confused with one.
fn feed(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text.as_bytes());
}

fn hex(hash: Sha256) -> String {
    data_encoding::HEXLOWER.encode(&hash.finalize())
}
