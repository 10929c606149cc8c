//! Values that a foreign server keeps in a form of its own: a difference in form alone would be a change in every plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Actual, Field, ValueRef, differs_in_blanks, differs_in_form};

/// So many accounts show how a server writes a field.
const SHOWING: usize = 3;

/// The fields of which every value in the workspace is in small letters, or every one in capitals.
pub(in crate::reconcile) type OneCase = BTreeSet<Field>;

/// Finds the fields of which all values are in one case.
pub(in crate::reconcile) fn one_case(actual: &Actual) -> OneCase {
    let mut seen: BTreeMap<Field, (usize, BTreeSet<&str>, bool, bool)> = BTreeMap::new();
    for (field, value) in actual.accounts.iter().flat_map(|account| account.fields.iter()) {
        if let ValueRef::Text(text) = value
            && text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
        {
            let (count, values, small, large) = seen.entry(field).or_insert_with(|| (0, BTreeSet::new(), true, true));
            *count += 1;
            if values.len() < 2 {
                values.insert(text);
            }
            *small &= !text.chars().any(char::is_uppercase);
            *large &= !text.chars().any(char::is_lowercase);
        }
    }
    let is_one =
        |(count, values, small, large): &(usize, BTreeSet<&str>, bool, bool)| *count >= SHOWING && values.len() > 1 && (*small || *large);
    seen.into_iter().filter(|(_, seen)| is_one(seen)).map(|(field, _)| field).collect()
}

/// Whether a server would keep its own form of a value that differs in form alone.
pub(in crate::reconcile) fn is_own_form(field: Field, held: ValueRef<'_>, wanted: ValueRef<'_>, one_case: impl FnOnce() -> bool) -> bool {
    let (ValueRef::Text(held), ValueRef::Text(wanted)) = (held, wanted) else { return false };
    field.definition().describes && (differs_in_blanks(held, wanted) || differs_in_form(held, wanted) && one_case())
}
