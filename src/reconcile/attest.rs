//! The question whether what somebody says that they did can be recorded: compared with the list of users and with what is attested already.

use crate::model::{AttestRefusal, Attestation, Desired, Field, JudgedList, MINUTE, Moment, Row, Snapshot, StepValues};

use super::list::{AttestedFacts, Judge, Verdict};

/// The outcome of an attestation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgment {
    /// It is recorded.
    New,
    /// The same is recorded already, and nothing in between says otherwise.
    Known,
    /// It cannot be recorded.
    Refused(AttestRefusal),
}

/// The time that the clock of a device may be off on which somebody ticks (milliseconds).
const CLOCK_OFF: i64 = 10 * MINUTE;

/// Returns when something was done, by a clock that may be a little off: not before the plan that has the step, nor in the future. `at` is what
/// that clock said, `planned_at` when the plan was made, `now` the time of this machine, all in epoch milliseconds.
#[must_use]
pub fn done_at(at: i64, planned_at: i64, now: i64) -> i64 {
    // Attestations have whole seconds.
    let first = planned_at - planned_at.rem_euclid(1000);
    if at < first && at.saturating_add(CLOCK_OFF) >= first {
        first
    } else if at > now && at.saturating_sub(CLOCK_OFF) <= now {
        now
    } else {
        at
    }
}

/// Judges an attestation. `planned_at` is when the plan was made, `now` the time of this machine, both in epoch milliseconds.
#[must_use]
pub fn judge(desired: &Desired, list: &JudgedList, one: &Attestation, planned_at: i64, now: i64) -> Judgment {
    // The same file can be taken in twice.
    if list.snapshot.attested.iter().any(|known| (&known.user, &known.id, known.at, &known.by) == (&one.user, &one.id, one.at, &one.by)) {
        return Judgment::Known;
    }
    // Attestations have whole seconds.
    if one.at.millis() < planned_at - planned_at.rem_euclid(1000) {
        return Judgment::Refused(AttestRefusal::BeforePlan);
    }
    if one.at.millis() > now {
        return Judgment::Refused(AttestRefusal::InFuture);
    }
    let compared = Judge::new(desired, list);
    if let Some(taken) = contradicted(&compared, one) {
        return Judgment::Refused(AttestRefusal::Contradicted { taken });
    }
    // The steps of one plan have their order.
    let is_of_plan = |other: &Attestation| one.plan.starts_with(&other.plan) || other.plan.starts_with(&one.plan);
    let is_own = |other: &Attestation| compared.present(&other.user) == compared.present(&one.user);
    let is_beside = |other: &&Attestation| other.at == one.at && !is_of_plan(other) && is_own(other) && undoes(&other.set, &one.set);
    if let Some(other) = list.snapshot.attested.iter().find(is_beside) {
        return Judgment::Refused(AttestRefusal::SameMoment { other: other.id.clone() });
    }
    if is_known(list, &compared, one) { Judgment::Known } else { Judgment::New }
}

/// Returns a list with the attestations that it proves marked as such, for the lists after it: somebody may change the values again. `last` is
/// the list before it.
#[must_use]
pub fn with_proofs(desired: &Desired, list: JudgedList, last: Option<&Snapshot>) -> Snapshot {
    let judge = Judge::new(desired, &list);
    let facts = AttestedFacts::collect(&list.snapshot, &judge.logins);
    let marked = |one: &Attestation| {
        let login = judge.present(&one.user);
        let mut marked = one.clone();
        for value in one.set.each() {
            if last.is_some_and(|last| judge.shows_renewal(login, value, one, last)) {
                marked.proved.insert(value);
            }
            match judge.verdict(login, value, one) {
                Verdict::Same => drop(marked.proved.insert(value)),
                // What somebody attests later may be why the list shows otherwise.
                Verdict::Otherwise { .. } if one.contradicted.contains(&value) => {
                    if judge.is_settled(login, value, one) {
                        marked.settled.insert(value);
                    }
                }
                Verdict::Otherwise { .. }
                    if !one.proved.contains(&value) && facts.get(login).is_some_and(|own| own.is_unchanged_since(value, one)) =>
                {
                    marked.contradicted.insert(value);
                }
                Verdict::Unclear if judge.is_past_proof(login, value, one) => drop(marked.settled.insert(value)),
                Verdict::Otherwise { .. } | Verdict::Silent | Verdict::Gone | Verdict::Unclear | Verdict::Members => {}
            }
        }
        marked
    };
    let attested = list.snapshot.attested.iter().map(marked).collect();
    Snapshot { attested, ..list.snapshot }
}

/// Returns when the list was taken that is newer than an attestation and shows otherwise.
fn contradicted(judge: &Judge<'_>, one: &Attestation) -> Option<Moment> {
    let login = judge.present(&one.user);
    one.set.each().into_iter().find_map(|value| match judge.verdict(login, value, one) {
        Verdict::Otherwise { taken } => Some(taken),
        Verdict::Silent | Verdict::Same | Verdict::Gone | Verdict::Unclear | Verdict::Members => None,
    })
}

/// Returns whether the same is recorded, and neither another attestation nor a list says otherwise since.
fn is_known(list: &JudgedList, judge: &Judge<'_>, one: &Attestation) -> bool {
    let is_own = |other: &Attestation| judge.present(&other.user) == judge.present(&one.user);
    let same = |known: &&Attestation| is_own(known) && known.change == one.change && known.set == one.set;
    let Some(last) = list.snapshot.attested.iter().filter(same).max_by_key(|known| known.at) else { return false };
    if one.at <= last.at {
        return true;
    }
    let is_between = |at: Moment| last.at < at && at <= one.at;
    let is_undone = list.snapshot.attested.iter().any(|other| is_own(other) && is_between(other.at) && undoes(&other.set, &one.set));
    !is_undone && !contradicted(judge, last).is_some_and(is_between)
}

/// Returns whether later values replace some of the earlier ones by others.
fn undoes(later: &StepValues, earlier: &StepValues) -> bool {
    let differs = |field: Field| {
        let (new, old) = (later.fields.get(field), earlier.fields.get(field));
        new.zip(old).is_some_and(|(new, old)| !new.is_same(old, field))
    };
    earlier.fields.iter().any(|(field, _)| differs(field))
        || later.status.zip(earlier.status).is_some_and(|(new, old)| new != old)
        || later.blocked.zip(earlier.blocked).is_some_and(|(new, old)| new != old)
}

/// Returns the fields of a user that the list does not show, out of some; `Err` has the first that it shows.
///
/// # Errors
/// If the list shows one of them.
pub fn not_shown(snapshot: &Snapshot, row: &Row, fields: &[Field]) -> Result<(), Field> {
    let is_shown = |field: &&Field| snapshot.shows.fields.contains(field) && row.fields.get(**field).is_some();
    fields.iter().find(is_shown).map_or(Ok(()), |field| Err(*field))
}

#[cfg(test)]
mod tests {
    use super::{CLOCK_OFF, done_at};

    #[test]
    fn a_clock_that_is_a_little_off_is_set_right() {
        let (planned, now) = (1_000_000_400, 1_010_000_000);
        for (at, expected) in [
            (planned - CLOCK_OFF - 400, planned - 400),
            (planned - CLOCK_OFF - 401, planned - CLOCK_OFF - 401),
            (planned - 400, planned - 400),
            (planned + 1, planned + 1),
            (now + 1, now),
            (now + CLOCK_OFF, now),
            (now + CLOCK_OFF + 1, now + CLOCK_OFF + 1),
        ] {
            assert_eq!(done_at(at, planned, now), expected, "{at}");
        }
    }
}
