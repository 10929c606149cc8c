//! People whom a payroll has by name alone: its row has no address and no user name, so nobody knows whether an account is theirs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, BareName, Field, StaffRow};

use super::compare::{NameWords, whole_name, whole_names};
use super::{Payroll, PersonGroup, Reviewed};

/// The names of the payroll, and of people with accounts who are not on it by address or user name.
#[derive(Default)]
pub(super) struct PayrollNames<'a> {
    rows: BTreeMap<BareName, Vec<&'a StaffRow>>,
    people: BTreeMap<BareName, usize>,
    /// The whole names of which every row says that the person has left.
    leavers: BTreeSet<BTreeSet<String>>,
}

impl<'a> PayrollNames<'a> {
    /// Collects the names.
    pub(super) fn collect(groups: &[PersonGroup], workspaces: &[Reviewed<'_>], payroll: Option<Payroll<'a>>) -> Self {
        let Some(payroll) = payroll else { return Self::default() };
        let mut names = Self::default();
        for row in &payroll.staff.rows {
            if let (Some(first), Some(last)) = (row.name.first.as_deref(), row.name.last.as_deref()) {
                names.rows.entry(BareName::new(first, last)).or_default().push(row);
            }
        }
        let (left, there): (Vec<_>, Vec<_>) = payroll.staff.rows.iter().partition(|row| row.has_left(payroll.today));
        names.leavers = left.into_iter().flat_map(whole_names).collect();
        for name in there.into_iter().flat_map(whole_names) {
            names.leavers.remove(&name);
        }
        for group in groups.iter().filter(|group| group.rows.is_empty()) {
            for own in own_names(group, workspaces) {
                *names.people.entry(own).or_default() += 1;
            }
        }
        names
    }

    /// Returns whether an account has the whole name of people who have all left, and its address belongs to rows whose name cannot be this
    /// one.
    pub(super) fn is_of_leaver(&self, account: &Account, own: &[StaffRow]) -> bool {
        if self.leavers.is_empty() || !whole_name(account).is_some_and(|name| self.leavers.contains(&name)) {
            return false;
        }
        let words = NameWords::of_account(account);
        !own.iter().any(|row| words.may_be_of(&NameWords::of_row(row), ""))
    }

    /// Returns whether exactly one row has the name of a person, of somebody who has not left and cannot be recognized otherwise, and nobody
    /// else with an account has that name.
    pub(super) fn has(&self, group: &PersonGroup, workspaces: &[Reviewed<'_>], payroll: Payroll<'_>) -> bool {
        own_names(group, workspaces).iter().any(|own| {
            let is_only = |row: &StaffRow| row.emails.is_empty() && row.user_names.is_empty() && !row.has_left(payroll.today);
            let is_one = self.people.get(own) == Some(&1);
            is_one && self.rows.get(own).is_some_and(|rows| are_of_one_employee(rows) && rows.iter().all(|row| is_only(row)))
        })
    }
}

/// Returns whether all rows are those of one employee.
fn are_of_one_employee(rows: &[&StaffRow]) -> bool {
    rows.len() == 1
        || rows.windows(2).all(|two| {
            two.iter().all(|row| row.number.is_some()) && two.first().map(|row| &row.number) == two.last().map(|row| &row.number)
        })
}

/// The names under which a person has accounts.
fn own_names(group: &PersonGroup, workspaces: &[Reviewed<'_>]) -> BTreeSet<BareName> {
    let account = |(workspace, at): &(usize, usize)| -> Option<&Account> { workspaces.get(*workspace)?.actual.accounts.get(*at) };
    let of_account = |account: &Account| Some(BareName::new(account.fields.text(Field::FirstName)?, account.fields.text(Field::LastName)?));
    group.accounts.iter().filter_map(account).filter_map(of_account).collect()
}
