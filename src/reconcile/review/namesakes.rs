//! The people of a payroll whom the name of an account fits: an initial or a short form can be that of several.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, StaffRow};

use super::compare::{NameWords, is_same_name};

/// The rows of a payroll by their names.
pub(super) struct Namesakes<'a> {
    rows: &'a [StaffRow],
    names: Vec<NameWords>,
    by_key: BTreeMap<String, Vec<usize>>,
    /// The person of each node: of the accounts, then of the rows.
    person_of: Vec<usize>,
    /// The workspace of each account.
    workspace_of: Vec<usize>,
    /// The people on the payroll.
    on_payroll: BTreeSet<usize>,
    /// The people who have an account in each workspace.
    with_account: BTreeSet<(usize, usize)>,
}

impl<'a> Namesakes<'a> {
    /// Collects the names. `person_of` has the person of each account and each row, as far as addresses and user names tell.
    pub(super) fn new(accounts: &[((usize, usize), &Account)], rows: &'a [StaffRow], person_of: Vec<usize>) -> Self {
        let names: Vec<NameWords> = rows.iter().map(NameWords::of_row).collect();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            for key in name.keys() {
                by_key.entry(key).or_default().push(at);
            }
        }
        let workspace_of: Vec<usize> = accounts.iter().map(|((workspace, _), _)| *workspace).collect();
        let with_account = person_of.iter().copied().zip(workspace_of.iter().copied()).collect();
        let on_payroll = person_of.iter().skip(accounts.len()).copied().collect();
        Self { rows, names, by_key, person_of, workspace_of, on_payroll, with_account }
    }

    /// Lists the rows of other people whom the name of an account fits, and who have no account in its workspace. `own` are the rows with its
    /// user name. A whole name that the payroll has with the user name fits nobody else.
    pub(super) fn others(&self, node: usize, account: &Account, own: &[usize]) -> Vec<usize> {
        let name = NameWords::of_account(account);
        let is_same = |at: &usize| self.rows.get(*at).is_some_and(|row| is_same_name(account, row));
        if name.is_empty() || own.is_empty() || (own.iter().all(is_same) && !name.has_initials_alone()) {
            return Vec::new();
        }
        let people: BTreeSet<Option<usize>> = own.iter().map(|at| self.person(*at)).collect();
        let workspace = self.workspace_of.get(node).copied();
        let is_elsewhere = |at: &usize| self.person(*at).zip(workspace).is_none_or(|person| !self.with_account.contains(&person));
        let found: BTreeSet<usize> = name.wanted_keys().filter_map(|key| self.by_key.get(&key)).flatten().copied().collect();
        let fits = |at: &usize| self.names.get(*at).is_some_and(|row| name.fits(row));
        found.into_iter().filter(|at| !people.contains(&self.person(*at)) && fits(at) && is_elsewhere(at)).collect()
    }

    /// Returns whether an address says that an account is that of another person on the payroll than `own`, the rows with its user name.
    pub(super) fn is_of_another(&self, node: usize, own: &[usize]) -> bool {
        let person = self.person_of.get(node).copied().filter(|person| self.on_payroll.contains(person));
        person.is_some() && !own.iter().any(|row| self.person(*row) == person)
    }

    /// Returns whether an address says that an account is that of a row's person.
    pub(super) fn is_joined(&self, node: usize, row: usize) -> bool {
        self.person_of.get(node).copied() == self.person(row)
    }

    /// Returns whether a row has exactly the name of an account.
    pub(super) fn has_same_name(&self, account: &Account) -> bool {
        let name = NameWords::of_account(account);
        let found = name.wanted_keys().filter_map(|key| self.by_key.get(&key)).flatten();
        found.filter_map(|at| self.rows.get(*at)).any(|row| is_same_name(account, row))
    }

    fn person(&self, row: usize) -> Option<usize> {
        self.person_of.get(self.workspace_of.len() + row).copied()
    }
}
