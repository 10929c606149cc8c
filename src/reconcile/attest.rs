//! Whether what somebody says that they did can be recorded: compared with the list of users and with what is attested already.

use crate::model::{Attestation, Field, Moment, Row, Snapshot, Standing, StepValues, UserList};

/// What becomes of an attestation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgment {
    /// It is recorded.
    New,
    /// The same is recorded already, and nothing in between says otherwise.
    Known,
    /// It cannot be recorded.
    Refused(AttestRefusal),
}

/// Why an attestation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestRefusal {
    /// It is earlier than the plan that has the step.
    BeforePlan,
    /// It is in the future.
    InFuture,
    /// A newer list shows otherwise.
    Contradicted {
        /// When that list was taken.
        taken: Moment,
    },
}

/// Judges an attestation. `planned_at` is when the plan was made, `now` the time of this machine, both in epoch milliseconds.
#[must_use]
pub fn judge(list: &UserList, one: &Attestation, planned_at: i64, now: i64) -> Judgment {
    // Attestations have whole seconds.
    if one.at.millis() < planned_at - planned_at.rem_euclid(1000) {
        return Judgment::Refused(AttestRefusal::BeforePlan);
    }
    if one.at.millis() > now {
        return Judgment::Refused(AttestRefusal::InFuture);
    }
    let snapshot = &list.snapshot;
    let row = snapshot.accounts.get(&one.user);
    if let Some(taken) = newer_list(snapshot, row, one.at)
        && shows_otherwise(list, row, &one.set)
    {
        return Judgment::Refused(AttestRefusal::Contradicted { taken });
    }
    if is_known(list, row, one) { Judgment::Known } else { Judgment::New }
}

/// Returns when the list that covers somebody was taken, if that is later than a moment.
fn newer_list(snapshot: &Snapshot, row: Option<&Row>, at: Moment) -> Option<Moment> {
    let taken = match row {
        Some(row) => snapshot.tab_of(row).map(|(_, tab)| tab.taken),
        None => snapshot.tabs.values().map(|tab| tab.taken).min(),
    };
    taken.filter(|taken| at < *taken)
}

/// Whether the list shows something other than these values. What it does not show says nothing.
fn shows_otherwise(list: &UserList, row: Option<&Row>, set: &StepValues) -> bool {
    let StepValues { fields, status, blocked, passcode: _ } = set;
    let Some(row) = row else {
        // Somebody whom a complete list lacks has no access.
        return list.is_complete && !(*status == Some(Standing::Inactive) || (fields.is_empty() && status.is_none()));
    };
    let field_differs = |(field, value): (Field, crate::model::ValueRef<'_>)| {
        field != Field::Email && row.fields.get(field).is_some_and(|shown| !shown.is_same(value, field))
    };
    let status_differs = status.zip(row.status).is_some_and(|(said, shown)| {
        // An invitation may have been accepted since.
        let has_accepted = said == Standing::Pending && shown == Standing::Active;
        said != shown && !has_accepted
    });
    let block_differs = blocked.zip(row.blocked).is_some_and(|(said, shown)| (said != crate::model::BlockSet::Lifted) != shown);
    fields.iter().any(field_differs) || status_differs || block_differs
}

/// Whether the same is recorded, and neither another attestation nor a list says otherwise since.
fn is_known(list: &UserList, row: Option<&Row>, one: &Attestation) -> bool {
    let own = |known: &&Attestation| known.user == one.user && known.change == one.change && known.set == one.set;
    let Some(last) = list.snapshot.attested.iter().filter(own).max_by_key(|known| known.at) else { return false };
    if one.at <= last.at {
        return true;
    }
    let is_between = |at: Moment| last.at < at && at <= one.at;
    let is_undone =
        list.snapshot.attested.iter().any(|other| other.user == one.user && is_between(other.at) && undoes(&other.set, &one.set));
    let is_contradicted = newer_list(&list.snapshot, row, last.at).is_some_and(is_between) && shows_otherwise(list, row, &one.set);
    !is_undone && !is_contradicted
}

/// Whether later values replace some of the earlier ones by others.
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
    use std::collections::{BTreeMap, BTreeSet};

    use crate::model::{Action, Fields, LoginName, Shows, StepId, StepKind, Tab, TabRead, Value};

    use super::*;

    fn at(text: &str) -> Moment {
        format!("2026-11-27T{text}:00+00:00").parse().unwrap()
    }

    fn kim() -> LoginName {
        LoginName::parse("kim@glow.example").unwrap()
    }

    fn inactivated(time: &str) -> Attestation {
        let set = StepValues { status: Some(Standing::Inactive), ..StepValues::default() };
        attestation(time, Action::Inactivate, set)
    }

    fn attestation(time: &str, action: Action, set: StepValues) -> Attestation {
        let change = StepKind::Done(action);
        let id = StepId::new("glow", &kim(), change, &set);
        Attestation { user: kim(), at: at(time), id, change, set, by: "olivia".to_owned(), plan: "7".repeat(12), note: None }
    }

    fn role(role: &str) -> Fields {
        Fields::from_iter([(Field::Role, Value::Text(role.to_owned()))])
    }

    /// A list of 12:00 on which Kim has a status and is at the front desk.
    fn list(status: Standing, attested: &[Attestation]) -> UserList {
        let tab = TabRead { total: Some(1), taken: at("12:00"), filtered: false };
        let row = Row { fields: role("front-desk"), status: Some(status), blocked: None };
        let snapshot = Snapshot {
            workspace: "glow".to_owned(),
            from: BTreeMap::new(),
            tabs: BTreeMap::from([(Tab::All, tab)]),
            shows: Shows { fields: BTreeSet::from([Field::Role]), status: true, blocked: false },
            accounts: BTreeMap::from([(kim(), row)]),
            attested: attested.iter().cloned().collect(),
        };
        UserList::new(snapshot, at("18:00").millis(), i64::MAX, &|_| true)
    }

    fn judged(list: &UserList, one: &Attestation) -> Judgment {
        judge(list, one, at("08:00").millis() + 400, at("18:00").millis())
    }

    #[test]
    fn a_tick_before_the_plan_or_in_the_future_is_refused() {
        let list = list(Standing::Active, &[]);
        let early = Attestation { at: "2026-11-27T07:59:59+00:00".parse().unwrap(), ..inactivated("13:00") };
        assert_eq!(judged(&list, &early), Judgment::Refused(AttestRefusal::BeforePlan));
        assert_eq!(judged(&list, &inactivated("18:01")), Judgment::Refused(AttestRefusal::InFuture));
        assert_eq!(judged(&list, &inactivated("18:00")), Judgment::New);
    }

    #[test]
    fn a_tick_older_than_the_list_is_recorded_only_if_the_list_does_not_show_otherwise() {
        let taken = at("12:00");
        assert_eq!(judged(&list(Standing::Active, &[]), &inactivated("09:00")), Judgment::Refused(AttestRefusal::Contradicted { taken }));
        assert_eq!(judged(&list(Standing::Inactive, &[]), &inactivated("09:00")), Judgment::New, "it is proved");
        let set = |fields| StepValues { fields, ..StepValues::default() };
        let updated = attestation("09:00", Action::Update, set(role("provider")));
        assert_eq!(judged(&list(Standing::Active, &[]), &updated), Judgment::Refused(AttestRefusal::Contradicted { taken }));
        let unseen = Fields::from_iter([(Field::DefaultClinic, Value::Text("uptown".to_owned()))]);
        assert_eq!(judged(&list(Standing::Active, &[]), &attestation("09:00", Action::Update, set(unseen))), Judgment::New);
        let invited = attestation("09:00", Action::Invite, StepValues { status: Some(Standing::Pending), ..StepValues::default() });
        assert_eq!(judged(&list(Standing::Active, &[]), &invited), Judgment::New, "it was accepted since");
    }

    #[test]
    fn the_same_step_is_recorded_once_unless_something_in_between_says_otherwise() {
        let known = list(Standing::Active, &[inactivated("13:00")]);
        assert_eq!(judged(&known, &inactivated("13:00")), Judgment::Known);
        assert_eq!(judged(&known, &inactivated("14:00")), Judgment::Known);
        let back = attestation("13:30", Action::Activate, StepValues { status: Some(Standing::Active), ..StepValues::default() });
        assert_eq!(judged(&list(Standing::Active, &[inactivated("13:00"), back]), &inactivated("14:00")), Judgment::New);
        assert_eq!(
            judged(&list(Standing::Active, &[inactivated("09:00")]), &inactivated("14:00")),
            Judgment::New,
            "the list shows otherwise"
        );
        assert_eq!(judged(&list(Standing::Inactive, &[inactivated("09:00")]), &inactivated("14:00")), Judgment::Known, "the list shows it");
    }

    #[test]
    fn what_the_list_shows_is_not_attested_by_looking() {
        let list = list(Standing::Active, &[]);
        let row = &list.snapshot.accounts[&kim()];
        assert_eq!(not_shown(&list.snapshot, row, &[Field::DefaultClinic]), Ok(()));
        assert_eq!(not_shown(&list.snapshot, row, &[Field::DefaultClinic, Field::Role]), Err(Field::Role));
        assert_eq!(not_shown(&list.snapshot, &Row::default(), &[Field::Role]), Ok(()), "a cell that is not known");
    }
}
