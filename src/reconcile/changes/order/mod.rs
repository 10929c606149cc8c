//! Orders a plan: risks first, dependencies before what needs them, and no lock-out at any point (rules 3 and 4 of the core).
//!
//! A change that is allowed only because of another one waits for it, so that a run that leaves the other one undone leaves it undone, too:
//! guards judge the plan as a whole, and nobody asks them again in the middle of a run.

mod circles;
mod follow;
mod hand_over;
mod reliance;
mod role_updates;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::model::{Actual, Stage, Step};
use crate::platform::Platform;

use super::draft::Proposed;
use circles::{can_be_split, closes, in_circles, split, untangle};
use follow::{follow_account, follow_needs, follow_records, room_waits};
use hand_over::{hand_over, keep_own_rights};
use reliance::follow_colleagues;
use role_updates::{follow_losses, lose_first, role_waits};

/// Orders the changes, and says of each which others must be made first.
pub(in crate::reconcile) fn order(proposed: Vec<Proposed>, platform: &Platform, actual: &Actual, at_least: u32) -> Vec<Step> {
    let mut proposed = lose_first(untangle(proposed), platform, actual);
    let mut arranged = arrange(&proposed, platform, actual, at_least);
    let in_circle = if proposed.iter().any(can_be_split) { in_circles(&arranged.edges) } else { BTreeSet::new() };
    if !in_circle.is_empty() {
        // Somebody who takes over waits for a colleague who hands over to them.
        let is_in_it = |(i, one): (usize, Proposed)| if in_circle.contains(&i) && can_be_split(&one) { split(one) } else { vec![one] };
        proposed = proposed.into_iter().enumerate().flat_map(is_in_it).collect();
        arranged = arrange(&proposed, platform, actual, at_least);
    }
    sorted(proposed, &arranged)
}

/// The order of a plan as far as changes depend on each other.
struct Arranged {
    /// The changes for which each change waits.
    edges: Vec<BTreeSet<usize>>,
    stages: Vec<Stage>,
    /// Changes that do not wait for what would let nobody have more than the plan shows, since that waits for them: a reader checks them.
    risky: BTreeSet<usize>,
}

fn arrange(proposed: &[Proposed], platform: &Platform, actual: &Actual, at_least: u32) -> Arranged {
    let mut edges: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); proposed.len()];
    follow_needs(proposed, platform, &mut edges);
    follow_account(proposed, platform, actual, &mut edges);
    follow_records(proposed, actual, &mut edges);
    follow_colleagues(proposed, platform, actual, &mut edges);
    follow_losses(proposed, &mut edges);
    let mut stages: Vec<Stage> = proposed.iter().map(|p| p.step.stage).collect();
    hand_over(proposed, platform, actual, at_least, &mut edges, &mut stages);
    let mut risky = BTreeSet::new();
    for (waits, first) in role_waits(proposed, platform, actual).into_iter().chain(room_waits(proposed)) {
        // A workspace without an administrator is worse than a right that somebody has for a moment, or two logins on one employee record.
        if closes(&edges, waits, first) {
            risky.insert(waits);
        } else if let Some(edge) = edges.get_mut(waits) {
            edge.insert(first);
        }
    }
    keep_own_rights(proposed, platform, actual, &mut stages);
    raise(&edges, &mut stages);
    Arranged { edges, stages, risky }
}

/// Makes sure that nothing is made before what it needs.
fn raise(edges: &[BTreeSet<usize>], stages: &mut [Stage]) {
    loop {
        let mut raised = false;
        for (i, edge) in edges.iter().enumerate() {
            let least = edge.iter().filter_map(|j| stages.get(*j).copied()).max();
            if let (Some(least), Some(stage)) = (least, stages.get_mut(i))
                && *stage < least
            {
                *stage = least;
                raised = true;
            }
        }
        if !raised {
            return;
        }
    }
}

/// Kahn's algorithm; among the ready changes the earliest stage, then the subject, then the order of collecting decides.
fn sorted(proposed: Vec<Proposed>, Arranged { edges, stages, risky }: &Arranged) -> Vec<Step> {
    let mut waiting: Vec<usize> = edges.iter().map(BTreeSet::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); proposed.len()];
    for (i, edge) in edges.iter().enumerate() {
        for j in edge {
            if let Some(list) = followers.get_mut(*j) {
                list.push(i);
            }
        }
    }
    let rank = |i: usize| Reverse((stages.get(i).copied(), proposed.get(i).map(|p| p.step.change.subject()), i));
    let mut ready: BinaryHeap<_> = waiting.iter().enumerate().filter(|(_, n)| **n == 0).map(|(i, _)| rank(i)).collect();
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    while place.len() < proposed.len() {
        let next = ready.pop().map(|Reverse((_, _, i))| i);
        // A remaining circle can only be broken; the guards then check every prefix.
        let in_circle = || (0..proposed.len()).find(|i| !place.contains_key(i) && closes(edges, *i, *i));
        let Some(i) = next.or_else(in_circle) else { break };
        if place.contains_key(&i) {
            continue;
        }
        place.insert(i, place.len());
        for follower in followers.get(i).into_iter().flatten() {
            if let Some(n) = waiting.get_mut(*follower) {
                *n = n.saturating_sub(1);
                if *n == 0 && !place.contains_key(follower) {
                    ready.push(rank(*follower));
                }
            }
        }
    }
    drop(ready);
    let mut out: Vec<(usize, Step)> = proposed
        .into_iter()
        .enumerate()
        .map(|(i, Proposed { step, .. })| {
            let own = place.get(&i).copied().unwrap_or(i);
            let stage = stages.get(i).copied().unwrap_or(step.stage);
            let mut after: Vec<usize> =
                edges.get(i).into_iter().flatten().filter_map(|j| place.get(j).copied()).filter(|p| *p < own).collect();
            after.sort_unstable();
            (own, Step { stage, after, risky: step.risky || risky.contains(&i), ..step })
        })
        .collect();
    out.sort_by_key(|(own, _)| *own);
    out.into_iter().map(|(_, step)| step).collect()
}
