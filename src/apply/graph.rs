//! Decides which changes of a stage can start.

use std::collections::{BTreeMap, VecDeque};

use crate::model::{Plan, Stage, SubjectRef};

/// The changes of one stage, with the changes that each of them waits for.
pub(super) struct Graph {
    /// Changes that can start, in the order of the plan.
    pub(super) ready: VecDeque<usize>,
    /// The number of unfinished changes of this stage that each one waits for.
    waiting: BTreeMap<usize, usize>,
    /// The changes that wait for each one.
    followers: BTreeMap<usize, Vec<usize>>,
}

impl Graph {
    /// Makes each change wait for those it depends on, and for the previous change of the same subject.
    pub(super) fn for_stage(plan: &Plan, stage: Stage) -> Self {
        let here = |position: usize| plan.changes.get(position).is_some_and(|c| c.stage == stage);
        let mut graph = Self { ready: VecDeque::new(), waiting: BTreeMap::new(), followers: BTreeMap::new() };
        let mut latest: BTreeMap<SubjectRef<'_>, usize> = BTreeMap::new();
        for (position, step) in plan.changes.iter().enumerate().filter(|(_, step)| step.stage == stage) {
            let before = latest.insert(step.change.subject(), position);
            let mut count = 0;
            for first in step.after.iter().copied().filter(|p| here(*p)).chain(before) {
                graph.followers.entry(first).or_default().push(position);
                count += 1;
            }
            if count == 0 {
                graph.ready.push_back(position);
            } else {
                graph.waiting.insert(position, count);
            }
        }
        graph
    }

    /// Frees the changes that waited only for this one.
    pub(super) fn finished(&mut self, position: usize) {
        for follower in self.followers.remove(&position).unwrap_or_default() {
            if let Some(count) = self.waiting.get_mut(&follower) {
                *count -= 1;
                if *count == 0 {
                    self.waiting.remove(&follower);
                    self.ready.push_back(follower);
                }
            }
        }
    }

    /// Lists the changes that can never start, since they wait for each other.
    pub(super) fn stuck(&self) -> Vec<usize> {
        self.waiting.keys().copied().collect()
    }
}
