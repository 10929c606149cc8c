//! The digest that an approval is tied to (rule 2 of the core).

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::model::{Digest, Plan, Step, Unread};

/// Computes the SHA-256 over everything that decides what is written, and what somebody approves with it: server, workspace, platform, limits
/// of the guards, whether nothing is written, the refusals, what people must do themselves, and the changes in their order, each with its reason, its stage, what it depends on, whether it is a risk, the
/// privileges that somebody has afterward, and the id, address and version that it was planned for.
///
/// It does not cover YAML layout, the clock, wording and other accounts, so they invalidate nothing: the same plan made again has the same digest.
#[must_use]
pub fn digest(plan: &Plan) -> Digest {
    let mut hash = Sha256::new();
    feed(&mut hash, "rosterctl plan 4");
    feed(&mut hash, &plan.server.to_string());
    feed(&mut hash, &plan.workspace);
    feed(&mut hash, plan.platform.word());
    feed(&mut hash, &json(&plan.guards));
    for Step { change, reason, stage, risky, after } in &plan.changes {
        feed(&mut hash, &json(&(stage, after, reason, risky)));
        feed(&mut hash, &json(change));
    }
    feed(&mut hash, "refused");
    for refusal in &plan.refusals {
        feed(&mut hash, &json(refusal));
    }
    // Few plans have any; the others keep their digest.
    for task in &plan.tasks {
        feed(&mut hash, &json(&("task", task)));
    }
    // A plan of which nothing is written is another plan; the others keep their digest.
    if plan.manage.only_observes() {
        feed(&mut hash, &json(&plan.manage));
    }
    Digest(hex(hash))
}

/// Computes the digest over several workspaces, in the given order, and those that could not be read, which decide how a run ends; for one
/// workspace alone it is that one's own.
#[must_use]
pub fn roster_digest(digests: &[Digest], unread: &[Unread]) -> Digest {
    if let ([one], []) = (digests, unread) {
        return one.clone();
    }
    let mut hash = Sha256::new();
    feed(&mut hash, "rosterctl roster 1");
    for digest in digests {
        feed(&mut hash, &digest.0);
    }
    let unread: BTreeSet<&str> = unread.iter().map(|one| one.workspace.as_str()).collect();
    for workspace in unread {
        feed(&mut hash, "unread");
        feed(&mut hash, workspace);
    }
    Digest(hex(hash))
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
