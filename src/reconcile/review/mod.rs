//! The access of people everywhere: joins accounts to people, and judges which access should not be.

mod access;
mod alike;
mod by_name;
mod compare;
mod forms;
mod identity;
mod namesakes;
mod owners;
mod products;
mod spelling;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{
    Access, Account, Actual, ByHand, Desired, NAME, OnPayroll, OwnerState, Review, ReviewedAccount, ReviewedPerson, ServiceOwner, Staff,
    StaffName, StaffRow, WrongAccess,
};

use access::RosterUsers;
use by_name::PayrollNames;
use identity::Identities;

/// A workspace that was read, as it is with what people attest since.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed<'a> {
    /// The roster's side.
    pub desired: &'a Desired,
    /// The workspace's side.
    pub actual: &'a Actual,
    /// The same without what people attest.
    pub shown: &'a Actual,
    /// The verdict of its list of users on what people attest; `None` for a server.
    pub by_hand: Option<&'a ByHand>,
}

/// The payroll, and the day on which it is compared.
#[derive(Clone, Copy, Debug)]
pub struct Payroll<'a> {
    /// Its rows.
    pub staff: &'a Staff,
    /// The present day.
    pub today: Date,
}

/// Reviews workspaces. Two accounts are one person's only if address, roster or payroll says so.
#[must_use]
pub fn review(workspaces: &[Reviewed<'_>], payroll: Option<Payroll<'_>>) -> Review {
    let lists: Vec<RosterUsers<'_>> = workspaces.iter().map(|workspace| RosterUsers::new(*workspace)).collect();
    let identities = Identities::find(workspaces, &lists, payroll.map(|payroll| payroll.staff));
    let by_name = PayrollNames::collect(&identities.groups, workspaces, payroll);
    let mut people: Vec<ReviewedPerson> =
        identities.groups.iter().map(|group| person(group, &identities, workspaces, &lists, (payroll, &by_name))).collect();
    owners::find(&mut people, workspaces);
    let mut order: Vec<usize> = (0..people.len()).collect();
    let key = |at: &usize| people.get(*at).map(|person| (person.name.is_none(), &person.name, &person.logins, rest(person)));
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut place: Vec<usize> = vec![0; people.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(*old) {
            *slot = new;
        }
    }
    let mut alike = identities.shared(&place);
    let mut unsorted: Vec<Option<ReviewedPerson>> = people.into_iter().map(Some).collect();
    let people: Vec<ReviewedPerson> = order.into_iter().filter_map(|old| unsorted.get_mut(old)?.take()).collect();
    alike.extend(alike::alike(&people, workspaces, &lists));
    alike.sort();
    alike.dedup();
    Review { people, alike }
}

/// Orders people of whom neither name nor login differs: by what the payroll says of them, and last by their place in it.
fn rest(person: &ReviewedPerson) -> Vec<StaffRowKey<'_>> {
    person.staff.iter().map(|row| (row.number.as_deref(), &row.name, row.end, row.is_terminated || row.is_struck, row.row)).collect()
}

/// The number, the name, the last day, whether the status says that the person has left, and the row.
type StaffRowKey<'a> = (Option<&'a str>, &'a StaffName, Option<Date>, bool, u64);

/// The people and rows that belong together.
#[derive(Clone, Debug, Default)]
struct PersonGroup {
    /// Positions of workspace and account.
    accounts: Vec<(usize, usize)>,
    /// Positions of rows of the payroll.
    rows: Vec<usize>,
}

fn person(
    group: &PersonGroup,
    identities: &Identities,
    workspaces: &[Reviewed<'_>],
    lists: &[RosterUsers<'_>],
    (payroll, by_name): (Option<Payroll<'_>>, &PayrollNames<'_>),
) -> ReviewedPerson {
    let staff: Vec<_> =
        (payroll.iter()).flat_map(|payroll| group.rows.iter().filter_map(|row| payroll.staff.rows.get(*row)).cloned()).collect();
    let found = |(workspace, at): &(usize, usize)| -> Option<(Reviewed<'_>, &Account, &RosterUsers<'_>)> {
        let reviewed = *workspaces.get(*workspace)?;
        Some((reviewed, reviewed.actual.accounts.get(*at)?, lists.get(*workspace)?))
    };
    let service: Option<ServiceOwner> = (group.accounts.iter().filter_map(found))
        .find_map(|(_, account, listed)| listed.user(account)?.service_owner.clone())
        .map(|owner| ServiceOwner { owner, state: OwnerState::Missing });
    let on_payroll = payroll.map(|payroll| {
        let of_rows = |rows: Vec<&usize>| have_left(rows.into_iter().filter_map(|row| payroll.staff.rows.get(*row)), payroll.today);
        let own = have_left(staff.iter(), payroll.today);
        let fitting = of_rows(group.accounts.iter().flat_map(|at| identities.fitting_rows(*at)).collect());
        let shared = of_rows(group.accounts.iter().flat_map(|at| identities.shared_rows(*at)).collect());
        match (own, fitting, shared) {
            (Leavers::All, _, _) | (Leavers::NoRows, Leavers::All, _) | (Leavers::NoRows, Leavers::NoRows, Leavers::All) => OnPayroll::Left,
            (Leavers::Some | Leavers::Nobody, _, _)
            | (Leavers::NoRows, Leavers::Nobody, _)
            | (Leavers::NoRows, Leavers::NoRows, Leavers::Nobody) => OnPayroll::Yes,
            (Leavers::NoRows, Leavers::NoRows, Leavers::Some) => OnPayroll::Shared,
            (Leavers::NoRows, Leavers::NoRows, Leavers::NoRows) if by_name.has(group, workspaces, payroll) => OnPayroll::ByName,
            // The account of somebody who left may be that of somebody else: it counts.
            (Leavers::NoRows, Leavers::Some, _) | (Leavers::NoRows, Leavers::NoRows, Leavers::NoRows) => OnPayroll::No,
        }
    });
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut logins: BTreeSet<String> = BTreeSet::new();
    let mut accounts: Vec<ReviewedAccount> = Vec::new();
    for (workspace, at) in &group.accounts {
        let Some((reviewed, account, listed)) = found(&(*workspace, *at)) else { continue };
        let access = access::access(account, reviewed.actual);
        let against = || {
            let of_payroll = match on_payroll {
                Some(OnPayroll::No) => Some(WrongAccess::NotOnPayroll),
                Some(OnPayroll::Left) => Some(WrongAccess::Left),
                Some(OnPayroll::Yes | OnPayroll::Shared | OnPayroll::ByName) => {
                    by_name.is_of_leaver(account, &staff).then_some(WrongAccess::NameOfLeaver)
                }
                None => None,
            };
            let mut against = access::against_roster(account, reviewed, listed);
            against.extend(of_payroll.filter(|_| service.is_none()));
            against.sort();
            against
        };
        let (wrong, unproved) = match access {
            Access::Yes | Access::Unknown => (against(), Vec::new()),
            Access::No if access::is_shown_to_have_none(account, reviewed) => (Vec::new(), Vec::new()),
            Access::No => (Vec::new(), against()),
        };
        logins.extend(identity::logins(account, reviewed.actual));
        add_name(&mut names, name_of(account));
        accounts.push(ReviewedAccount { workspace: *workspace, account: *at, access, wrong, unproved });
    }
    for row in &staff {
        logins.extend(row.emails.iter().map(ToString::to_string).chain(row.user_names.iter().map(|own| own.name.clone())));
        add_name(&mut names, row.name.shown());
    }
    // The payroll's name is the one that an auditor knows; of several, the longest says most.
    let of_payroll: BTreeSet<String> = staff.iter().filter_map(|row| Some(row.name.shown()?.to_lowercase())).collect();
    let longest =
        |names: &mut dyn Iterator<Item = &String>| names.max_by_key(|name| (name.chars().count(), std::cmp::Reverse(*name))).cloned();
    let key = longest(&mut of_payroll.iter()).or_else(|| longest(&mut names.keys()));
    let name = key.and_then(|key| names.remove(&key));
    let other_names = names.into_values().collect();
    ReviewedPerson { name, other_names, logins: logins.into_iter().collect(), accounts, staff, on_payroll, service }
}

/// Says which of some rows of the payroll say that people have left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leavers {
    /// There are no rows.
    NoRows,
    /// No row does.
    Nobody,
    /// Some do, and others do not.
    Some,
    /// All do.
    All,
}

fn have_left<'r>(rows: impl Iterator<Item = &'r StaffRow>, today: Date) -> Leavers {
    let left: BTreeSet<bool> = rows.map(|row| row.has_left(today)).collect();
    match (left.contains(&true), left.contains(&false)) {
        (false, false) => Leavers::NoRows,
        (false, true) => Leavers::Nobody,
        (true, true) => Leavers::Some,
        (true, false) => Leavers::All,
    }
}

/// Adds a name under its form in lower case; which spelling is kept does not depend on the order.
fn add_name(names: &mut BTreeMap<String, String>, name: Option<String>) {
    let Some(name) = name else { return };
    let known = names.entry(name.to_lowercase()).or_insert_with(|| name.clone());
    if name > *known {
        *known = name;
    }
}

fn name_of(account: &Account) -> Option<String> {
    let parts = NAME.map(|field| account.fields.text(field)).into_iter().flatten();
    let name = parts.collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}
