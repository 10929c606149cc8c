//! Compares a value that somebody attests with the list: the one place that decides whether the list is newer, and what it shows.

use crate::model::{
    Action, Attestation, BlockSet, Email, Field, LoginName, Moment, Row, Standing, StepKind, StepValue, Tab, UserList, ValueRef,
};

/// What the list says about a value that somebody attests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::reconcile) enum Verdict {
    /// It is older, or it does not show the value: the attestation counts.
    Silent,
    /// It is newer, and shows the same.
    Same,
    /// It is newer, and shows otherwise.
    Otherwise {
        /// When it was taken.
        taken: Moment,
    },
    /// It is newer, and proves neither: the person has no account any more, or the value came about without this step.
    Gone,
}

/// Judges one value of an attestation. `login` is the person's present one.
///
/// A list of the same second is not newer: a person who ticks a step has the list before them.
pub(in crate::reconcile) fn verdict(list: &UserList, login: &str, value: StepValue, one: &Attestation) -> Verdict {
    // No list of users shows employee records (PBN-3).
    if one.change == StepKind::Done(Action::CreateEmployee) {
        return Verdict::Silent;
    }
    let row = LoginName::parse(login).ok().and_then(|name| list.snapshot.accounts.get(&name));
    let (taken, shown) = match row {
        Some(row) => (covered_by(list, row, value), shown(row, login, value, one)),
        // Each tab that could show them has its own time.
        None => (list.snapshot.tabs.values().map(|tab| tab.taken).min(), absent(list, value, one)),
    };
    let newer = taken.filter(|taken| one.at < *taken);
    if one.contradicted.contains(&value) {
        // The step was not done: a list that shows less changes nothing about that, and one that shows the value shows another's work.
        return match (&shown, newer) {
            (Shown::Same | Shown::NoAccount, Some(_)) => Verdict::Gone,
            (Shown::Same | Shown::NoAccount | Shown::Nothing | Shown::Otherwise, taken) => {
                Verdict::Otherwise { taken: taken.or_else(|| list.snapshot.taken()).unwrap_or(one.at) }
            }
        };
    }
    let Some(taken) = newer else { return Verdict::Silent };
    match shown {
        Shown::Nothing => Verdict::Silent,
        Shown::Same => Verdict::Same,
        Shown::Otherwise => Verdict::Otherwise { taken },
        Shown::NoAccount => Verdict::Gone,
    }
}

/// Whether the next list can show a value of an attestation that counts: this one has such a column.
pub(super) fn waits(list: &UserList, value: StepValue, one: &Attestation) -> bool {
    let shows = &list.snapshot.shows;
    let can_show = match value {
        StepValue::Field(field) => field == Field::Email || shows.fields.contains(&field),
        StepValue::Status => shows.status,
        StepValue::Blocked => shows.blocked,
        StepValue::Passcode => false,
    };
    can_show && one.change != StepKind::Done(Action::CreateEmployee)
}

/// What the list shows, whatever its age.
enum Shown {
    Nothing,
    Same,
    Otherwise,
    NoAccount,
}

impl Shown {
    const fn of(is_same: bool) -> Self {
        if is_same { Self::Same } else { Self::Otherwise }
    }
}

/// When the tab was taken that shows a value of somebody. A tab of blocked users says who is blocked.
fn covered_by(list: &UserList, row: &Row, value: StepValue) -> Option<Moment> {
    let blocked = list.snapshot.tabs.get(&Tab::Blocked).filter(|_| value == StepValue::Blocked);
    blocked.or_else(|| list.snapshot.tab_of(row).map(|(_, tab)| tab)).map(|tab| tab.taken)
}

fn shown(row: &Row, login: &str, value: StepValue, one: &Attestation) -> Shown {
    let set = &one.set;
    let compared = match value {
        StepValue::Field(field) => {
            let said = set.fields.get(field).unwrap_or(ValueRef::Unset);
            // The login is the address, unless the product has user names.
            let login = (field == Field::Email && Email::parse(login).is_ok()).then_some(ValueRef::Text(login));
            row.fields.get(field).or(login).map(|shown| shown.is_same(said, field))
        }
        // An invitation may have been accepted since.
        StepValue::Status => {
            row.status.map(|shown| set.status == Some(shown) || (set.status, shown) == (Some(Standing::Pending), Standing::Active))
        }
        StepValue::Blocked => row.blocked.map(|shown| set.blocked.map(|blocked| blocked != BlockSet::Lifted) == Some(shown)),
        StepValue::Passcode => None,
    };
    compared.map_or(Shown::Nothing, Shown::of)
}

/// What the list shows of somebody whom it lacks. An incomplete one shows nothing.
fn absent(list: &UserList, value: StepValue, one: &Attestation) -> Shown {
    match value {
        StepValue::Status if one.set.status == Some(Standing::Inactive) => {
            if list.shows_all_access {
                Shown::Same
            } else {
                Shown::Nothing
            }
        }
        StepValue::Status if list.is_complete => Shown::Otherwise,
        StepValue::Field(_) | StepValue::Blocked | StepValue::Passcode if list.is_complete => Shown::NoAccount,
        StepValue::Field(_) | StepValue::Status | StepValue::Blocked | StepValue::Passcode => Shown::Nothing,
    }
}
