//! Values that a foreign server keeps in a form of its own: a difference in form alone would be a change in every plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Actual, Change, Email, Field, FieldChange, NoticeCause, ValueRef, differs_in_blanks, differs_in_form};
use crate::platform::without_accents;

/// So many accounts show how a server writes a field.
const SHOWING: usize = 3;

/// The fields of which every value in the workspace is in small letters, or every one in capitals.
pub(in crate::reconcile) type OneCase = BTreeSet<Field>;

/// Finds the fields of which all values are in one case.
pub(in crate::reconcile) fn one_case(actual: &Actual) -> OneCase {
    let mut seen: BTreeMap<Field, (usize, BTreeSet<&str>, bool, bool)> = BTreeMap::new();
    for (field, value) in actual.accounts.iter().flat_map(|account| account.fields.iter()) {
        if let Some(text) = value.as_text()
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

/// Lists the changes that a foreign server may have undone before: it has the beginning of the new value, and nothing longer of anybody, or
/// the new value without accents, and nobody's with them. Nothing is kept between runs, so nobody knows.
pub(in crate::reconcile) fn perhaps_altered<'p>(actual: &Actual, changes: impl Iterator<Item = &'p Change>) -> Vec<(Email, NoticeCause)> {
    if actual.list.is_some() || actual.capabilities.practice_extension || actual.server.is_embedded() {
        return Vec::new();
    }
    let edits = changes.filter_map(|change| Some((change.subject().user()?, change.fields())));
    let altered = |(email, edit): (&Email, &FieldChange)| {
        let (held, wanted) = (edit.before.as_text()?, edit.after.as_text()?);
        let is_altered = edit.field.definition().describes && is_altered(actual, edit.field, held, wanted);
        is_altered.then(|| (email.clone(), NoticeCause::PerhapsAltered(edit.field, held.to_owned())))
    };
    edits.flat_map(|(email, edits)| edits.iter().map(move |edit| (email, edit))).filter_map(altered).collect()
}

fn is_altered(actual: &Actual, field: Field, held: &str, wanted: &str) -> bool {
    let is_cut = !held.is_empty() && wanted != held && wanted.starts_with(held);
    let is_bare = wanted != held && without_accents(wanted) == held;
    if !is_cut && !is_bare {
        return false;
    }
    let longest = held.chars().count();
    let texts: Vec<&str> = actual.accounts.iter().filter_map(|account| account.fields.text(field)).collect();
    let is_like_it = |text: &&str| if is_cut { text.chars().count() <= longest } else { without_accents(text) == **text };
    texts.len() >= SHOWING && texts.iter().all(is_like_it)
}

/// Returns whether a server would keep its own form of a value that differs in form alone.
pub(in crate::reconcile) fn is_own_form(
    actual: &Actual,
    field: Field,
    held: ValueRef<'_>,
    wanted: ValueRef<'_>,
    one_case: impl FnOnce() -> bool,
) -> bool {
    let (Some(held), Some(wanted)) = (held.as_text(), wanted.as_text()) else { return false };
    if !field.definition().describes || !differs_in_form(held, wanted) {
        return false;
    }
    if held.to_lowercase() == wanted.to_lowercase() {
        return one_case();
    }
    // A server that makes one blank of several has nobody's value with several.
    let texts = || actual.accounts.iter().filter_map(|account| account.fields.text(field));
    (differs_in_blanks(held, wanted) || one_case()) && texts().all(has_single_blanks)
}

fn has_single_blanks(text: &str) -> bool {
    text.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace))
}
