//! Joins accounts and rows of the payroll to people: by address, by what the roster says, and by the columns of the payroll.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, Actual, Alike, AlikeWhy, Field, LoginName, Staff, StaffName, StaffRow};
use crate::platform::without_accents;

use super::access::Listed;
use super::forms::may_be_one;
use super::{PersonGroup, Reviewed};

/// Everybody, with what belongs to them.
pub(super) struct Identities {
    pub(super) groups: Vec<PersonGroup>,
    /// Addresses and user names that several people have, with the nodes that have them.
    shared: BTreeMap<String, Vec<usize>>,
    /// The group of each node.
    group_of: Vec<usize>,
    /// The rows of the payroll that share the address of an account: one of these people has the account.
    shared_rows: BTreeMap<(usize, usize), Vec<usize>>,
}

/// What two nodes must have in common to be one person. User names are each product's own: only the payroll joins them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Address(&'a str),
    /// In lower case, since people write it either way.
    UserName(String),
    /// The address of a service account, which is not a person's even if a person has the same one elsewhere.
    Service(&'a str),
    /// The number and the name of an employee: numbers can begin anew in each company.
    Employee(&'a str, String),
}

/// Sets of nodes that are joined (a disjoint-set forest).
struct Sets(Vec<usize>);

impl Sets {
    fn root(&mut self, node: usize) -> usize {
        let mut at = node;
        while let Some(up) = self.0.get(at).copied().filter(|up| *up != at) {
            let above = self.0.get(up).copied().unwrap_or(up);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = above;
            }
            at = above;
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        // The smaller number is the root, so that the order of joining does not matter.
        if let Some(slot) = self.0.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }
}

impl Identities {
    /// Finds everybody.
    pub(super) fn find(workspaces: &[Reviewed<'_>], lists: &[Listed<'_>], staff: Option<&Staff>) -> Self {
        let rows: &[StaffRow] = staff.map_or(&[], |staff| &staff.rows);
        let mut accounts: Vec<((usize, usize), &Account)> = Vec::new();
        let mut keys: Vec<(Key<'_>, usize)> = Vec::new();
        for (place, (reviewed, listed)) in workspaces.iter().zip(lists).enumerate() {
            for (at, account) in reviewed.actual.accounts.iter().enumerate() {
                let node = accounts.len();
                accounts.push(((place, at), account));
                let has_user_name = is_user_name(account, reviewed.actual);
                let user = listed.user(account);
                if let Some(service) = user.filter(|user| user.service_owner.is_some()) {
                    keys.push((Key::Service(service.email.as_str()), node));
                    continue;
                }
                if account.email.user_name().is_none() {
                    keys.push((Key::Address(account.email.as_str()), node));
                }
                if has_user_name {
                    keys.push((Key::UserName(account.id.0.to_lowercase()), node));
                }
                if let Some(user) = user {
                    let addresses = std::iter::once(&user.email).chain(&user.formerly);
                    keys.extend(addresses.filter(|own| **own != account.email).map(|own| (Key::Address(own.as_str()), node)));
                }
            }
        }
        let first_row = accounts.len();
        for (at, row) in rows.iter().enumerate() {
            keys.extend(row.emails.iter().map(|email| (Key::Address(email.as_str()), first_row + at)));
            keys.extend(row.user_names.iter().map(|name| (Key::UserName(name.to_lowercase()), first_row + at)));
            let employee = row.number.as_deref().zip(row.name.shown());
            keys.extend(employee.map(|(number, name)| (Key::Employee(number, name.to_lowercase()), first_row + at)));
        }
        keys.sort_unstable();
        keys.dedup();
        let mut sets = Sets((0..first_row + rows.len()).collect());
        let mut shared: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut shared_rows: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for same in keys.chunk_by(|(one, _), (other, _)| one == other) {
            let nodes: Vec<usize> = same.iter().map(|(_, node)| *node).collect();
            let Some((key, _)) = same.first() else { continue };
            let (text, by_user_name) = match key {
                Key::UserName(text) => (text.as_str(), true),
                Key::Address(text) | Key::Service(text) | Key::Employee(text, _) => (*text, false),
            };
            let of_rows: Vec<usize> = nodes.iter().filter_map(|node| node.checked_sub(first_row)).collect();
            let names: BTreeSet<String> = of_rows.iter().filter_map(|at| Some(rows.get(*at)?.name.shown()?.to_lowercase())).collect();
            let has_two_accounts = !by_user_name && has_two_in_one_workspace(&nodes, &accounts);
            let nodes = if by_user_name { self::without_strangers(nodes, &accounts, rows, text, &mut shared) } else { nodes };
            if has_two_accounts || names.len() > 1 {
                shared.insert(text.to_owned(), nodes.clone());
                for (place, account) in nodes.iter().filter(|_| !has_two_accounts).filter_map(|node| accounts.get(*node)) {
                    // A row with the account's own name says more than the rows of others.
                    let named: Vec<usize> =
                        of_rows.iter().copied().filter(|at| rows.get(*at).is_some_and(|row| is_same_name(account, row))).collect();
                    shared_rows.entry(*place).or_default().extend(if named.is_empty() { &of_rows } else { &named });
                }
            } else if !by_user_name || !of_rows.is_empty() {
                for pair in nodes.windows(2) {
                    if let [one, other] = pair {
                        sets.join(*one, *other);
                    }
                }
            }
        }
        let (groups, group_of) = collect(&accounts, rows.len(), &mut sets);
        Self { groups, shared, group_of, shared_rows }
    }

    /// Returns the rows of the payroll of which one is about an account: they share its address.
    pub(super) fn shared_rows(&self, account: (usize, usize)) -> &[usize] {
        self.shared_rows.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Lists the people who share an address. `place` gives the position of each group.
    pub(super) fn shared(&self, place: &[usize]) -> Vec<Alike> {
        let people = |nodes: &[usize]| -> Vec<usize> {
            let places = nodes.iter().filter_map(|node| place.get(*self.group_of.get(*node)?).copied());
            places.collect::<BTreeSet<_>>().into_iter().collect()
        };
        let all = self.shared.iter().map(|(text, nodes)| Alike { why: AlikeWhy::SharedAddress(text.clone()), people: people(nodes) });
        all.filter(|alike| alike.people.len() > 1).collect()
    }
}

/// Takes out accounts of other people who have the same user name in their product, and notes that the name identifies nobody of them.
fn without_strangers(
    nodes: Vec<usize>,
    accounts: &[((usize, usize), &Account)],
    rows: &[StaffRow],
    text: &str,
    shared: &mut BTreeMap<String, Vec<usize>>,
) -> Vec<usize> {
    let row_of = |node: usize| node.checked_sub(accounts.len()).and_then(|at| rows.get(at));
    let named: Vec<&StaffRow> = nodes.iter().filter_map(|node| row_of(*node)).collect();
    let is_stranger = |node: &usize| {
        accounts.get(*node).is_some_and(|(_, account)| !named.is_empty() && named.iter().all(|row| is_other_name(account, row)))
    };
    let (strangers, own): (Vec<usize>, Vec<usize>) = nodes.iter().partition(|node| is_stranger(node));
    if !strangers.is_empty() {
        shared.insert(text.to_owned(), nodes);
    }
    own
}

/// Returns whether an account has exactly the name of a row.
fn is_same_name(account: &Account, row: &StaffRow) -> bool {
    let StaffName { first, last, whole, other_first: _, other_last: _ } = &row.name;
    let of_account = words(&[Field::FirstName, Field::LastName].map(|field| account.fields.text(field)));
    !of_account.is_empty() && of_account == words(&[first, last, whole].map(|name| name.as_deref()))
}

/// Returns whether the name of an account has nothing in common with that of a row.
fn is_other_name(account: &Account, row: &StaffRow) -> bool {
    let StaffName { first, last, whole, other_first, other_last } = &row.name;
    let text = |field| account.fields.text(field);
    let of_account = words(&[text(Field::FirstName), text(Field::LastName)]);
    let of_row = words(&[first, last, whole, other_first, other_last].map(|name| name.as_deref()));
    let firsts = words(&[first.as_deref(), other_first.as_deref()]);
    let is_form = |one: &String| firsts.iter().any(|other| may_be_one(one, other));
    let has_form = words(&[text(Field::FirstName)]).iter().any(is_form);
    !of_account.is_empty() && !of_row.is_empty() && of_account.is_disjoint(&of_row) && !has_form
}

/// The words of names, in lower case without accents.
fn words(names: &[Option<&str>]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for name in names.iter().flatten() {
        let plain = without_accents(name).to_lowercase();
        words.extend(plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned));
    }
    words
}

/// Collects what belongs to each person; also returns the person of each node.
fn collect(accounts: &[((usize, usize), &Account)], rows: usize, sets: &mut Sets) -> (Vec<PersonGroup>, Vec<usize>) {
    let first_row = accounts.len();
    let mut number: BTreeMap<usize, usize> = BTreeMap::new();
    let mut groups: Vec<PersonGroup> = Vec::new();
    let mut group_of = Vec::with_capacity(first_row + rows);
    for node in 0..first_row + rows {
        let at = *number.entry(sets.root(node)).or_insert(groups.len());
        if at == groups.len() {
            groups.push(PersonGroup::default());
        }
        group_of.push(at);
        let Some(group) = groups.get_mut(at) else { continue };
        match accounts.get(node) {
            Some((place, _)) => group.accounts.push(*place),
            None => group.rows.push(node - first_row),
        }
    }
    (groups, group_of)
}

/// Returns whether two of these accounts are in one workspace.
fn has_two_in_one_workspace(nodes: &[usize], accounts: &[((usize, usize), &Account)]) -> bool {
    let mut workspaces: Vec<usize> = nodes.iter().filter_map(|node| accounts.get(*node).map(|((workspace, _), _)| *workspace)).collect();
    workspaces.sort_unstable();
    workspaces.windows(2).any(|pair| pair.first() == pair.last())
}

/// Returns whether the login of an account is a user name.
fn is_user_name(account: &Account, actual: &Actual) -> bool {
    let is_login = |text: &str| match LoginName::parse(text) {
        Ok(LoginName::UserName(_)) => true,
        Ok(LoginName::Address(_)) | Err(_) => false,
    };
    actual.list.is_some() && is_login(&account.id.0)
}

/// Lists the logins of an account: its address, and its user name where the product has them.
pub(super) fn logins(account: &Account, actual: &Actual) -> Vec<String> {
    let address = account.email.user_name().is_none().then(|| account.email.to_string());
    let name = is_user_name(account, actual).then(|| account.id.0.clone());
    address.into_iter().chain(name).collect()
}
