//! The order of a runbook: risk first, then person by person, and never a step before one that must be done first.

use std::collections::BTreeMap;

use crate::model::Subject;

use super::{RunbookStep, Turn};

/// A step with its place in the plan; a change of the plan can be several steps.
#[derive(Debug)]
pub(super) struct Placed {
    pub step: RunbookStep,
    /// The position of its change in the plan.
    pub position: usize,
    /// The positions of the changes that must be made first.
    pub after: Vec<usize>,
}

/// Puts the steps, which come in the order of the plan, into the order of a runbook.
pub(super) fn ordered(steps: Vec<Placed>) -> Vec<RunbookStep> {
    let mut left: BTreeMap<usize, usize> = BTreeMap::new();
    let mut by_person: BTreeMap<Subject, Vec<usize>> = BTreeMap::new();
    for (at, placed) in steps.iter().enumerate() {
        *left.entry(placed.position).or_default() += 1;
        by_person.entry(placed.step.subject.clone()).or_default().push(at);
    }
    let mut slots: Vec<Option<Placed>> = steps.into_iter().map(Some).collect();
    let mut done = Vec::with_capacity(slots.len());
    let mut take = |at: usize, last: Turn, turn: Turn, slots: &mut Vec<Option<Placed>>| {
        let is_next = |placed: &Placed| placed.step.turn <= last && placed.after.iter().all(|first| !left.contains_key(first));
        let placed = slots.get_mut(at).and_then(|slot| slot.take_if(|placed| is_next(placed)))?;
        if let Some(number) = left.get_mut(&placed.position) {
            *number -= 1;
            if *number == 0 {
                left.remove(&placed.position);
            }
        }
        let subject = placed.step.subject.clone();
        done.push(RunbookStep { turn, ..placed.step });
        Some(subject)
    };
    for at in 0..slots.len() {
        take(at, Turn::First, Turn::First, &mut slots);
    }
    for at in 0..slots.len() {
        let person = take(at, Turn::Usual, Turn::Usual, &mut slots);
        for other in person.iter().filter_map(|person| by_person.get(person)).flatten() {
            take(*other, Turn::Usual, Turn::Usual, &mut slots);
        }
    }
    for at in 0..slots.len() {
        take(at, Turn::Last, Turn::Last, &mut slots);
    }
    // Steps that wait for each other have no right order: they keep the plan's.
    done.extend(slots.into_iter().flatten().map(|placed| placed.step));
    done
}
