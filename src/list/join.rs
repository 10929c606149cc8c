//! Makes one person of all rows with the same login, wherever they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, LoginName, Value};

use super::found::Person;
use super::problem::{Cause, Problems};
use super::rows::Draft;
use super::values::with;
use super::words::Kept;

/// A person so far, with the places of their rows.
struct Joined {
    person: Person,
    first: (String, u64),
    unknown: BTreeSet<Field>,
    is_state_unknown: bool,
}

/// Joins rows by login. Rows that contradict each other are problems.
pub(super) fn join(drafts: Vec<(String, Draft)>, problems: &mut Problems) -> BTreeMap<LoginName, Person> {
    let mut people: BTreeMap<LoginName, Joined> = BTreeMap::new();
    for (file, draft) in drafts {
        let place = (file, draft.row);
        match people.get_mut(&draft.login) {
            None => {
                people.insert(
                    draft.login,
                    Joined { person: draft.person, first: place, unknown: draft.unknown, is_state_unknown: draft.is_state_unknown },
                );
            }
            Some(known) => {
                if let Some(differs) = known.add(draft.person, draft.unknown, draft.is_state_unknown) {
                    let login = draft.login.to_string();
                    problems.push(&place.0, Some(place.1), Cause::Rows { login, other: known.first.clone(), differs });
                }
            }
        }
    }
    people.into_iter().map(|(login, joined)| (login, joined.person)).collect()
}

impl Joined {
    /// Adds what another row says; returns what contradicts.
    fn add(&mut self, other: Person, unknown: BTreeSet<Field>, is_state_unknown: bool) -> Option<Kept> {
        let mut differs = None;
        self.unknown.extend(unknown);
        for (field, value) in other.fields {
            let known = self.person.fields.get(&field);
            if known.is_some_and(|known| contradicts(known, &value)) {
                differs = Some(Kept::Field(field));
            }
            let value = with(known, value);
            self.person.fields.insert(field, value);
        }
        // More exists than one of the rows shows.
        self.person.fields.retain(|field, _| !self.unknown.contains(field));
        if let (Some(one), Some(two)) = (self.person.status, other.status)
            && one != two
        {
            differs = Some(Kept::Status);
        }
        if let (Some(one), Some(two)) = (self.person.blocked, other.blocked)
            && one != two
        {
            differs = Some(Kept::Blocked);
        }
        self.is_state_unknown |= is_state_unknown;
        self.person.status = self.person.status.or(other.status).filter(|_| !self.is_state_unknown);
        self.person.blocked = self.person.blocked.or(other.blocked);
        self.person.name = self.person.name.take().or(other.name);
        differs
    }
}

/// Returns whether two rows cannot both be right; a blank cell beside a value says nothing.
fn contradicts(one: &Value, two: &Value) -> bool {
    let is_several = |value: &Value| match value {
        Value::Set(_) | Value::List(_) => true,
        Value::Unset | Value::Text(_) | Value::Flag(_) | Value::Number(_) | Value::Changes(_) => false,
    };
    let both_grow = is_several(one) && is_several(two);
    one != two && !one.is_empty() && !two.is_empty() && !both_grow
}
