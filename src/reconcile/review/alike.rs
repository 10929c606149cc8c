//! People who look like one person under two names or addresses. They are shown with the reason, and never merged.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Alike, AlikeWhy, Field, OnPayroll, ReviewedPerson, StaffName};
use crate::reconcile::register::{self, Name};

use super::Reviewed;
use super::access::Listed;

/// A phone number that more people have is the practice's own, and says nothing.
const MOST_OF_ONE_PHONE: usize = 2;

/// Finds people who may be one person.
pub(super) fn alike(people: &[ReviewedPerson], workspaces: &[Reviewed<'_>], lists: &[Listed<'_>]) -> Vec<Alike> {
    let mut names: BTreeMap<Name, BTreeSet<usize>> = BTreeMap::new();
    let mut parts: BTreeMap<Name, BTreeSet<usize>> = BTreeMap::new();
    let mut phones: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate().filter(|(_, person)| person.service.is_none()) {
        for account in &person.accounts {
            let found = workspaces.get(account.workspace).and_then(|workspace| workspace.actual.accounts.get(account.account));
            let Some(account) = found else { continue };
            if let (Some(first), Some(last)) = (account.fields.text(Field::FirstName), account.fields.text(Field::LastName)) {
                names.entry(register::name(first, last)).or_default().insert(at);
            }
            for phone in account.fields.items(Field::Phones) {
                phones.entry(phone).or_default().insert(at);
            }
        }
        for name in person.staff.iter().filter_map(|row| of_staff(&row.name)) {
            names.entry(name).or_default().insert(at);
        }
    }
    for ((first, last), of_name) in &names {
        let pieces = last.split([' ', '-']).filter(|piece| piece.chars().count() > 2);
        for piece in pieces {
            parts.entry((first.clone(), piece.to_owned())).or_default().extend(of_name);
        }
    }
    let person = |at: &usize| people.get(*at);
    let are_two = |group: &BTreeSet<usize>| are_known_as_several(&group.iter().filter_map(person).collect::<Vec<_>>(), workspaces, lists);
    let several = |group: &BTreeSet<usize>| group.len() > 1 && !are_two(group);
    let made = |why: AlikeWhy, group: &BTreeSet<usize>| Alike { why, people: group.iter().copied().collect() };
    let mut found: Vec<Alike> = names.values().filter(|group| several(group)).map(|group| made(AlikeWhy::Name, group)).collect();
    let named: BTreeSet<(usize, usize)> = found.iter().flat_map(|alike| pairs(&alike.people)).collect();
    let is_new = |group: &BTreeSet<usize>| !pairs(&group.iter().copied().collect::<Vec<_>>()).any(|pair| named.contains(&pair));
    let by_part: BTreeSet<&BTreeSet<usize>> =
        parts.values().filter(|group| group.len() == 2 && several(group) && is_new(group) && has_open_end(group, people)).collect();
    let by_phone: BTreeSet<&BTreeSet<usize>> =
        phones.values().filter(|group| group.len() <= MOST_OF_ONE_PHONE && several(group) && is_new(group)).collect();
    found.extend(by_part.into_iter().map(|group| made(AlikeWhy::PartOfName, group)));
    found.extend(by_phone.into_iter().map(|group| made(AlikeWhy::Phone, group)));
    found
}

/// Lists the neighbors of sorted positions.
fn pairs(people: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    people.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
}

fn of_staff(name: &StaffName) -> Option<Name> {
    Some(register::name(name.first.as_deref()?, name.last.as_deref()?))
}

/// Returns whether one of them is only on the payroll, or has an account and is not on it: a common name alone is not enough.
fn has_open_end(group: &BTreeSet<usize>, people: &[ReviewedPerson]) -> bool {
    let is_open = |person: &ReviewedPerson| person.accounts.is_empty() || person.on_payroll == Some(OnPayroll::No);
    group.iter().filter_map(|at| people.get(*at)).any(is_open)
}

/// Returns whether everybody of a group is known to be somebody else: each has their own row of the payroll, or the roster lists them
/// side by side in one workspace.
fn are_known_as_several(group: &[&ReviewedPerson], workspaces: &[Reviewed<'_>], lists: &[Listed<'_>]) -> bool {
    if group.iter().all(|person| !person.staff.is_empty()) {
        return true;
    }
    let listed_in = |person: &ReviewedPerson| -> BTreeSet<usize> {
        let is_listed = |workspace: usize, account: usize| {
            let found = workspaces.get(workspace).and_then(|reviewed| reviewed.actual.accounts.get(account));
            found.zip(lists.get(workspace)).is_some_and(|(account, listed)| listed.user(account).is_some())
        };
        person.accounts.iter().filter(|one| is_listed(one.workspace, one.account)).map(|one| one.workspace).collect()
    };
    let mut common: Option<BTreeSet<usize>> = None;
    for own in group.iter().map(|person| listed_in(person)) {
        common = Some(common.map_or_else(|| own.clone(), |common| common.intersection(&own).copied().collect()));
    }
    common.is_some_and(|common| !common.is_empty())
}
