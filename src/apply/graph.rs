//! Which changes of a stage can begin.

use std::collections::{BTreeMap, VecDeque};

use crate::model::{Plan, Stage, SubjectRef};

/// The changes of one stage with what they wait for.
pub(super) struct Graph {
    /// Changes that can begin, in the plan's order.
    pub(super) ready: VecDeque<usize>,
    /// How many unfinished changes of this stage each one waits for.
    waiting: BTreeMap<usize, usize>,
    /// Who waits for a change.
    followers: BTreeMap<usize, Vec<usize>>,
}

impl Graph {
    /// A change waits for what it names and for the previous change of the same subject.
    pub(super) fn of(plan: &Plan, stage: Stage) -> Self {
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

    /// Lets those begin who waited for this one only.
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

    /// Those that can never begin, since they wait for each other.
    pub(super) fn stuck(&self) -> Vec<usize> {
        self.waiting.keys().copied().collect()
    }
}
