//! Makes one person of all rows with the same login, wherever they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, LoginName, NAME, Standing, Value};

use super::found::{Draft, Person};
use super::problem::{Cause, Problems};
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
    fn add(&mut self, mut other: Person, unknown: BTreeSet<Field>, is_state_unknown: bool) -> Option<Kept> {
        let mut differs = None;
        self.unknown.extend(unknown);
        self.join_names(&mut other);
        for (field, value) in other.fields {
            let known = self.person.fields.get(&field);
            if let (Some(Value::List(one)), Value::List(two)) = (known, &value)
                && one != two
                && !one.is_empty()
                && !two.is_empty()
            {
                self.person.unordered.insert(field);
            }
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
        self.person.is_expired = (self.person.is_expired || other.is_expired) && self.person.status.is_some_and(Standing::is_pending);
        self.person.blocked = self.person.blocked.or(other.blocked);
        self.person.name = self.person.name.take().or(other.name);
        differs
    }
}

impl Joined {
    /// Keeps the better spelling of one whole name: split by the list itself, with small letters, or with accents.
    fn join_names(&mut self, other: &mut Person) {
        let whole = |person: &Person| {
            let part = |field| person.fields.get(&field).and_then(Value::as_text).map(str::to_owned);
            Some(format!("{} {}", part(Field::FirstName)?, part(Field::LastName)?))
        };
        let (Some(own), Some(new)) = (whole(&self.person), whole(other)) else { return };
        let part = |person: &Person| NAME.map(|field| person.fields.get(&field).cloned());
        if own == new && part(&self.person) == part(other) && self.person.name.is_some() == other.name.is_some() {
            return;
        }
        let folded = |text: &str| crate::platform::without_accents(&text.to_lowercase());
        if folded(&own) != folded(&new) {
            return;
        }
        // Compared one after the other: an earlier difference says more.
        let worth = |person: &Person, whole: &str| {
            let has_accents = crate::platform::without_accents(whole) != whole;
            // With columns of their own, or a comma, the list itself says which is the last name.
            let split = person.name.as_ref().map_or(2, |name| u8::from(name.contains(',')));
            (split, whole.contains(char::is_lowercase), has_accents, std::cmp::Reverse(whole.to_owned()))
        };
        let last = |person: &Person| person.fields.get(&Field::LastName).and_then(Value::as_text).map(str::to_owned);
        let is_better = (worth(other, &new), last(other)) > (worth(&self.person, &own), last(&self.person));
        let (from, to) = if is_better { (&*other, &mut self.person) } else { (&self.person, &mut *other) };
        let names = NAME.map(|field| (field, from.fields.get(&field).cloned()));
        let name = from.name.clone();
        to.fields.extend(names.into_iter().filter_map(|(field, value)| Some((field, value?))));
        to.name = name;
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
