//! People who look like one person under two names or addresses. They are shown with the reason, and never merged.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Alike, AlikeWhy, BareName, Field, OnPayroll, ReviewedPerson, StaffName};

use super::Reviewed;
use super::access::RosterUsers;
use super::forms::may_be_one;
use super::spelling;

/// A phone number that more people have is the practice's own, and says nothing.
const MOST_OF_ONE_PHONE: usize = 2;

/// More people with a part of a name in common have a common name, which says nothing.
const MOST_OF_ONE_PART: usize = 4;

/// Of more first names with one last name, too many begin alike.
const MOST_OF_ONE_LAST_NAME: usize = 60;

/// Finds people who may be one person.
pub(super) fn alike(people: &[ReviewedPerson], workspaces: &[Reviewed<'_>], lists: &[RosterUsers<'_>]) -> Vec<Alike> {
    let is_any_open = people.iter().any(is_open);
    let InCommon { names, others, phones, addresses } = InCommon::collect(people, workspaces, is_any_open);
    let person = |at: &usize| people.get(*at);
    let several = |group: &BTreeSet<usize>, why: &AlikeWhy| {
        let people: Vec<&ReviewedPerson> = group.iter().filter_map(person).collect();
        let may_be_back = why.is_one_name() && may_have_come_back(&people);
        group.len() > 1 && !are_known_as_several(&people, may_be_back, workspaces, lists)
    };
    let made = |why: AlikeWhy, group: &BTreeSet<usize>| Alike { why, people: group.iter().copied().collect() };
    let of_one_name = names.values().filter(|group| several(group, &AlikeWhy::Name));
    let mut found: Vec<Alike> = of_one_name.map(|group| made(AlikeWhy::Name, group)).collect();
    let with_name = |(name, group): (&BareName, &BTreeSet<usize>)| names.get(name).map_or_else(|| group.clone(), |own| own | group);
    // The same people are shown once, with the first reason that is found.
    let mut add = |groups: Vec<(AlikeWhy, BTreeSet<usize>)>| {
        let mut with: BTreeMap<usize, Vec<&[usize]>> = BTreeMap::new();
        for alike in &found {
            alike.people.iter().for_each(|one| with.entry(*one).or_default().push(&alike.people));
        }
        let is_new = |group: &&BTreeSet<usize>| {
            let all_in = |shown: &&&[usize]| group.iter().all(|one| shown.contains(one));
            group.first().and_then(|one| with.get(one)).is_none_or(|shown| !shown.iter().any(|shown| all_in(&shown)))
        };
        let new = groups.iter().filter(|(why, group)| several(group, why)).filter(|(_, group)| is_new(&group));
        let new: Vec<Alike> = new.map(|(why, group)| made(why.clone(), group)).collect();
        found.extend(new);
    };
    let of = |why: AlikeWhy, groups: BTreeSet<BTreeSet<usize>>| groups.into_iter().map(|group| (why.clone(), group)).collect();
    let are_few = |group: &BTreeSet<usize>| group.len() <= MOST_OF_ONE_PART && has_open_end(group, people);
    // Like an equal name, one that is written otherwise needs no other reason.
    add(of(AlikeWhy::Spelling, spelling::plain(&names, MOST_OF_ONE_PART)));
    add(of(AlikeWhy::OtherName, others.iter().map(with_name).collect()));
    // Below, likeness alone is not enough: where nobody is open, nobody needs to look.
    if is_any_open {
        add(of(AlikeWhy::PartOfName, parts(&names).into_values().filter(are_few).collect()));
        add(of(AlikeWhy::FormOfName, forms(&names, people).filter(are_few).collect()));
        let have_open = |group: &BTreeSet<usize>| has_open_end(group, people);
        add(of(AlikeWhy::Spelling, spelling::one_letter(&names, &have_open).into_iter().filter(are_few).collect()));
        let by_address = named_by_address(&names, addresses).filter(|(_, group)| are_few(group));
        add(by_address.map(|(address, group)| (AlikeWhy::NameInAddress(address.to_owned()), group)).collect());
    }
    add(of(AlikeWhy::Phone, of_one_phone(phones)));
    found
}

/// The people, by what they can have in common.
#[derive(Default)]
struct InCommon<'a> {
    names: BTreeMap<BareName, BTreeSet<usize>>,
    /// Names that the payroll has besides: those that people go by, and earlier last names.
    others: BTreeMap<BareName, BTreeSet<usize>>,
    /// Phone numbers, each with the person.
    phones: Vec<(&'a str, usize)>,
    /// Addresses of accounts, each with the person and the last name; none if nobody is open.
    addresses: BTreeSet<(&'a str, usize, &'a str)>,
}

impl<'a> InCommon<'a> {
    fn collect(people: &'a [ReviewedPerson], workspaces: &[Reviewed<'a>], is_any_open: bool) -> Self {
        let mut found = Self::default();
        for (at, person) in people.iter().enumerate().filter(|(_, person)| person.service.is_none()) {
            for account in &person.accounts {
                let Some(Reviewed { actual, .. }) = workspaces.get(account.workspace).copied() else { continue };
                let Some(account) = actual.accounts.get(account.account) else { continue };
                if let (Some(first), Some(last)) = (account.fields.text(Field::FirstName), account.fields.text(Field::LastName)) {
                    found.names.entry(BareName::new(first, last)).or_default().insert(at);
                    let is_asked = is_any_open && account.email.user_name().is_none();
                    found.addresses.extend(is_asked.then(|| (account.email.as_str(), at, last)));
                }
                found.phones.extend(account.fields.items(Field::Phones).into_iter().map(|phone| (phone, at)));
            }
            for StaffName { first, last, whole: _, other_first, other_last } in person.staff.iter().map(|row| &row.name) {
                let (Some(first), Some(last)) = (first.as_deref(), last.as_deref()) else { continue };
                found.names.entry(BareName::new(first, last)).or_default().insert(at);
                for first in [Some(first), other_first.as_deref()].into_iter().flatten() {
                    for last in [Some(last), other_last.as_deref()].into_iter().flatten() {
                        found.others.entry(BareName::new(first, last)).or_default().insert(at);
                    }
                }
            }
        }
        found
    }
}

/// Groups people by their phone numbers, as far as these say something.
fn of_one_phone(mut phones: Vec<(&str, usize)>) -> BTreeSet<BTreeSet<usize>> {
    phones.sort_unstable();
    phones.dedup();
    let groups = phones.chunk_by(|(one, _), (other, _)| one == other);
    groups.filter(|same| (2..=MOST_OF_ONE_PHONE).contains(&same.len())).map(|same| same.iter().map(|(_, at)| *at).collect()).collect()
}

/// Groups people with those whose names their addresses have: `theo.reed@` of Tom Reed.
fn named_by_address<'a>(
    names: &BTreeMap<BareName, BTreeSet<usize>>,
    addresses: BTreeSet<(&'a str, usize, &'a str)>,
) -> impl Iterator<Item = (&'a str, BTreeSet<usize>)> {
    addresses.into_iter().filter_map(|(address, person, own_last)| {
        let local = address.split(['@', '+']).next().unwrap_or_default();
        let words: Vec<&str> = local.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 1).collect();
        let said = match words.as_slice() {
            [first] => vec![BareName::new(first, own_last)],
            [first, .., last] => vec![BareName::new(first, last), BareName::new(last, first)],
            [] => Vec::new(),
        };
        let others = said.iter().find_map(|said| names.get(said)).filter(|others| !others.contains(&person))?;
        Some((address, others.iter().copied().chain([person]).collect()))
    })
}

/// Groups people by their first name and each part of their last name.
fn parts(names: &BTreeMap<BareName, BTreeSet<usize>>) -> BTreeMap<BareName, BTreeSet<usize>> {
    let mut parts: BTreeMap<BareName, BTreeSet<usize>> = BTreeMap::new();
    for (name, of_name) in names {
        for piece in pieces(name.last()) {
            parts.entry(BareName::new(name.first(), piece)).or_default().extend(of_name);
        }
    }
    parts
}

/// The parts of a last name that are long enough to say something.
fn pieces(last: &str) -> impl Iterator<Item = &str> {
    last.split([' ', '-']).filter(|piece| piece.chars().count() > 2)
}

/// Groups people with the same last name, or a part of it, whose first names may be forms of one.
fn forms(names: &BTreeMap<BareName, BTreeSet<usize>>, people: &[ReviewedPerson]) -> impl Iterator<Item = BTreeSet<usize>> {
    let mut by_last: BTreeMap<&str, Vec<(&str, &BTreeSet<usize>)>> = BTreeMap::new();
    for (name, group) in names {
        let (first, last) = (name.first(), name.last());
        by_last.entry(last).or_default().push((first, group));
        for piece in pieces(last).filter(|piece| *piece != last) {
            by_last.entry(piece).or_default().push((first, group));
        }
    }
    let has_open = |own: &[(&str, &BTreeSet<usize>)]| own.iter().any(|(_, group)| has_open_end(group, people));
    let mut found = Vec::new();
    for own in by_last.values().filter(|own| own.len() <= MOST_OF_ONE_LAST_NAME && has_open(own)) {
        for (at, (first, group)) in own.iter().enumerate() {
            let later = own.iter().skip(at + 1).filter(|(other, _)| may_be_one(first, other));
            found.extend(later.map(|(_, other)| *group | *other));
        }
    }
    found.into_iter()
}

/// Returns whether one of them is open: a common name alone is not enough.
fn has_open_end(group: &BTreeSet<usize>, people: &[ReviewedPerson]) -> bool {
    group.iter().filter_map(|at| people.get(*at)).any(is_open)
}

/// Returns whether somebody is only on the payroll, or has an account and is not on it.
fn is_open(person: &ReviewedPerson) -> bool {
    person.accounts.is_empty() || person.on_payroll.is_some_and(OnPayroll::is_open)
}

/// Returns whether a payroll may have one person twice, since somebody who left came back: some have left, others have not, and not all have
/// an employee number.
fn may_have_come_back(group: &[&ReviewedPerson]) -> bool {
    let is_some = |state: OnPayroll| group.iter().any(|person| person.on_payroll == Some(state));
    let are_numbered = group.iter().flat_map(|person| &person.staff).all(|row| row.number.is_some());
    is_some(OnPayroll::Left) && is_some(OnPayroll::Yes) && !are_numbered
}

/// Returns whether everybody of a group is known to be somebody else: each has their own row of the payroll, unless one of them may have come
/// back, or the roster lists them side by side in one workspace.
fn are_known_as_several(group: &[&ReviewedPerson], may_be_back: bool, workspaces: &[Reviewed<'_>], lists: &[RosterUsers<'_>]) -> bool {
    if !may_be_back && group.iter().all(|person| !person.staff.is_empty()) {
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
