//! Joins accounts and rows of the payroll to people: by address, by what the roster says, and by the columns of the payroll.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, Actual, Alike, AlikeWhy, LoginName, NAME, Staff, StaffRow, StaffUserName};

use super::access::RosterUsers;
use super::compare::{NameWords, is_same_name};
use super::namesakes::Namesakes;
use super::products::Products;
use super::{PersonGroup, Reviewed};

/// Everybody, with what belongs to them.
#[derive(Default)]
pub(super) struct Identities {
    pub(super) groups: Vec<PersonGroup>,
    /// Addresses and user names that several people have, with the nodes that have them.
    shared: BTreeMap<String, Vec<usize>>,
    /// The group of each node.
    group_of: Vec<usize>,
    /// The rows of the payroll that share the address of an account: one of these people has the account.
    shared_rows: BTreeMap<(usize, usize), Vec<usize>>,
    /// The rows of the payroll of which one is about an account by its user name and its name.
    fitting_rows: BTreeMap<(usize, usize), Vec<usize>>,
    /// User names of accounts whose names fit several people, with the nodes of all of them.
    several: BTreeMap<String, Vec<usize>>,
    /// Addresses of one person under names that have nothing in common, with the nodes that have them.
    different: BTreeMap<String, Vec<usize>>,
}

/// The value that two nodes must have in common to be one person. User names are each product's own: only the payroll joins them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum JoinKey<'a> {
    Address(&'a str),
    /// In lower case, since people write it either way, with the workspace that has it.
    UserName(String, usize),
    /// Two rows with one user name of one product.
    RowUserName(String, Option<&'a str>),
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
    pub(super) fn find(workspaces: &[Reviewed<'_>], lists: &[RosterUsers<'_>], staff: Option<&Staff>) -> Self {
        let rows: &[StaffRow] = staff.map_or(&[], |staff| &staff.rows);
        let mut products = Products::new(workspaces);
        let mut accounts: Vec<((usize, usize), &Account)> = Vec::new();
        let mut keys: Vec<(JoinKey<'_>, usize)> = Vec::new();
        for (place, (reviewed, listed)) in workspaces.iter().zip(lists).enumerate() {
            for (at, account) in reviewed.actual.accounts.iter().enumerate() {
                let node = accounts.len();
                accounts.push(((place, at), account));
                let has_user_name = is_user_name(account, reviewed.actual);
                let user = listed.user(account);
                if let Some(service) = user.filter(|user| user.service_owner.is_some()) {
                    keys.push((JoinKey::Service(service.email.as_str()), node));
                    continue;
                }
                if account.email.user_name().is_none() {
                    keys.push((JoinKey::Address(account.email.as_str()), node));
                }
                if has_user_name {
                    products.add(&account.id.0.to_lowercase(), place);
                    keys.push((JoinKey::UserName(account.id.0.to_lowercase(), place), node));
                }
                if let Some(user) = user {
                    let addresses = user.addresses();
                    keys.extend(addresses.filter(|own| **own != account.email).map(|own| (JoinKey::Address(own.as_str()), node)));
                }
            }
        }
        keys.extend(beside_user_names(workspaces, &accounts, rows));
        let first_row = accounts.len();
        for (at, row) in rows.iter().enumerate() {
            keys.extend(row.emails.iter().map(|email| (JoinKey::Address(email.as_str()), first_row + at)));
            for StaffUserName { name, product } in &row.user_names {
                let (name, product) = (name.to_lowercase(), product.as_deref());
                keys.extend(products.places(&name, product).map(|place| (JoinKey::UserName(name.clone(), place), first_row + at)));
                keys.push((JoinKey::RowUserName(name, product), first_row + at));
            }
            let employee = row.number.as_deref().zip(row.name.shown());
            keys.extend(employee.map(|(number, name)| (JoinKey::Employee(number, name.to_lowercase()), first_row + at)));
        }
        keys.sort_unstable();
        keys.dedup();
        let mut joining =
            JoinedNodes { accounts: &accounts, rows, sets: Sets((0..first_row + rows.len()).collect()), found: Self::default() };
        let mut user_names: Vec<(&str, usize, Vec<usize>)> = Vec::new();
        for same in keys.chunk_by(|(one, _), (other, _)| one == other) {
            let nodes: Vec<usize> = same.iter().map(|(_, node)| *node).collect();
            match same.first() {
                Some((JoinKey::UserName(text, place), _)) => user_names.push((text.as_str(), *place, nodes)),
                Some((JoinKey::RowUserName(_, _), _)) if joining.names(&nodes).len() > 1 => {}
                Some((JoinKey::RowUserName(_, _), _)) => joining.all(&nodes),
                Some((JoinKey::Address(text) | JoinKey::Service(text) | JoinKey::Employee(text, _), _)) => joining.by_address(text, &nodes),
                None => {}
            }
        }
        // A name fits somebody else only if neither an address nor their own user name says whose account that is.
        user_names.retain(|(text, _, nodes)| !joining.by_user_name_and_name(text, nodes));
        let namesakes = Namesakes::new(&accounts, rows, (0..first_row + rows.len()).map(|node| joining.sets.root(node)).collect());
        for (text, place, nodes) in &user_names {
            let is_of_product = |row: &StaffRow| products.is_of_product(row, text, *place);
            joining.by_user_name(text, nodes, &namesakes, &is_of_product);
        }
        joining.given_to_others(&keys, &namesakes);
        let JoinedNodes { mut sets, found, .. } = joining;
        let (groups, group_of) = collect(&accounts, rows.len(), &mut sets);
        Self { groups, group_of, ..found }
    }

    /// Returns the rows of the payroll of which one is about an account: they share its address.
    pub(super) fn shared_rows(&self, account: (usize, usize)) -> &[usize] {
        self.shared_rows.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Returns the rows of the payroll of which one is about an account: its user name and its name fit these people.
    pub(super) fn fitting_rows(&self, account: (usize, usize)) -> &[usize] {
        self.fitting_rows.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Lists the people who share an address, those whom the name of an account fits, and those who have one under different names. `place` gives the position of each group.
    pub(super) fn shared(&self, place: &[usize]) -> Vec<Alike> {
        let people = |nodes: &[usize]| -> Vec<usize> {
            let places = nodes.iter().filter_map(|node| place.get(*self.group_of.get(*node)?).copied());
            places.collect::<BTreeSet<_>>().into_iter().collect()
        };
        let all = self.shared.iter().map(|(text, nodes)| Alike { why: AlikeWhy::SharedAddress(text.clone()), people: people(nodes) });
        let different =
            self.different.iter().map(|(text, nodes)| Alike { why: AlikeWhy::DifferentNames(text.clone()), people: people(nodes) });
        let several = self.several.iter().map(|(text, nodes)| Alike { why: AlikeWhy::SeveralFit(text.clone()), people: people(nodes) });
        all.chain(several).filter(|alike| alike.people.len() > 1).chain(different).collect()
    }
}

/// The nodes while they are joined.
struct JoinedNodes<'a> {
    accounts: &'a [((usize, usize), &'a Account)],
    rows: &'a [StaffRow],
    sets: Sets,
    /// The identities found so far.
    found: Identities,
}

impl JoinedNodes<'_> {
    /// Joins those who have an address, unless it identifies none of them.
    fn by_address(&mut self, text: &str, nodes: &[usize]) {
        let has_two_accounts = has_two_in_one_workspace(nodes, self.accounts);
        if !has_two_accounts && self.names(nodes).len() < 2 {
            if self.have_different_names(nodes) {
                self.found.different.insert(text.to_owned(), nodes.to_vec());
            }
            return self.all(nodes);
        }
        self.share(text, nodes);
        let rows = self.rows_of(nodes);
        for (place, account) in nodes.iter().filter(|_| !has_two_accounts).filter_map(|node| self.accounts.get(*node)) {
            // A row with the account's own name says more than the rows of others.
            let named = self.of_name(account, &rows, "");
            self.found.shared_rows.entry(*place).or_default().extend(if named.is_empty() { &rows } else { &named });
        }
    }

    /// Joins the accounts and the rows of one user name if all of them have the same whole name; returns whether they are joined.
    fn by_user_name_and_name(&mut self, text: &str, nodes: &[usize]) -> bool {
        let rows = self.rows_of(nodes);
        let is_whole = |row: &StaffRow| !NameWords::of_row(row).has_initials_alone();
        let is_one =
            |account: &Account| rows.iter().filter_map(|at| self.rows.get(*at)).all(|row| is_whole(row) && is_same_name(account, row));
        let accounts = || nodes.iter().filter_map(|node| self.accounts.get(*node)).map(|(_, account)| *account);
        let are_one = !rows.is_empty() && !text.is_empty() && self.names(nodes).len() < 2 && accounts().all(is_one);
        if are_one {
            self.all(nodes);
        }
        are_one
    }

    /// Joins an account and the rows with its user name whose names can be those of one person: many people can have one user name, each in
    /// another product. Joins nothing if the name of the account fits somebody else on the payroll, too, unless the payroll says that the user
    /// name is the one in this product.
    fn by_user_name(&mut self, text: &str, nodes: &[usize], namesakes: &Namesakes<'_>, is_of_product: &dyn Fn(&StaffRow) -> bool) {
        let rows = self.rows_of(nodes);
        if rows.is_empty() {
            return;
        }
        for node in nodes {
            let Some((place, account)) = self.accounts.get(*node) else { continue };
            let first_row = self.accounts.len();
            let own = self.of_name(account, &rows, text);
            // The row that also has the address of the account is the one.
            let settled: Vec<usize> = own.iter().copied().filter(|row| namesakes.is_joined(*node, *row)).collect();
            let is_settled = !settled.is_empty();
            let own = if is_settled { settled } else { own };
            let joined: Vec<usize> = own.iter().map(|row| first_row + row).chain([*node]).collect();
            let is_sure = is_settled || own.iter().filter_map(|at| self.rows.get(*at)).all(is_of_product);
            let others = if is_sure { Vec::new() } else { namesakes.others(*node, account, &own) };
            if own.is_empty() {
                self.share(text, nodes);
            } else if namesakes.is_of_another(*node, &own) {
                self.share(text, &joined);
            } else if !others.is_empty() {
                let all = joined.iter().copied().chain(others.iter().map(|row| first_row + row));
                self.found.several.entry(text.to_owned()).or_default().extend(all);
                self.found.fitting_rows.entry(*place).or_default().extend(own.iter().chain(&others));
            } else if self.names(&joined).len() < 2 {
                self.all(&joined);
            } else {
                self.share(text, &joined);
                self.found.fitting_rows.entry(*place).or_default().extend(&own);
            }
        }
    }

    /// Finds the addresses of people whose account has the name of somebody else on the payroll: the address may have been given to another
    /// person of the family.
    fn given_to_others(&mut self, keys: &[(JoinKey<'_>, usize)], namesakes: &Namesakes<'_>) {
        for same in keys.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((JoinKey::Address(text), _)) = same.first() else { continue };
            let nodes: Vec<usize> = same.iter().map(|(_, node)| *node).collect();
            let rows = self.rows_of(&nodes);
            if rows.is_empty() || self.found.shared.contains_key(*text) {
                continue;
            }
            let is_of_other =
                |(_, account): &((usize, usize), &Account)| self.of_name(account, &rows, "").is_empty() && namesakes.has_same_name(account);
            if nodes.iter().filter_map(|node| self.accounts.get(*node)).any(is_of_other) {
                self.found.different.insert((*text).to_owned(), nodes);
            }
        }
    }

    /// Returns the rows that have exactly the name of an account; without one, those whose name can be that of the same person.
    fn of_name(&self, account: &Account, rows: &[usize], user_name: &str) -> Vec<usize> {
        let all = || rows.iter().copied();
        let exact: Vec<usize> = all().filter(|at| self.rows.get(*at).is_some_and(|row| is_same_name(account, row))).collect();
        if !exact.is_empty() {
            return exact;
        }
        let own = NameWords::of_account(account);
        all().filter(|at| self.rows.get(*at).is_some_and(|row| own.may_be_of(&NameWords::of_row(row), user_name))).collect()
    }

    /// Notes that several people have an address or a user name.
    fn share(&mut self, text: &str, nodes: &[usize]) {
        self.found.shared.entry(text.to_owned()).or_default().extend(nodes);
    }

    /// Joins all of some nodes.
    fn all(&mut self, nodes: &[usize]) {
        for pair in nodes.windows(2) {
            if let [one, other] = pair {
                self.sets.join(*one, *other);
            }
        }
    }

    /// Returns the rows among some nodes.
    fn rows_of(&self, nodes: &[usize]) -> Vec<usize> {
        nodes.iter().filter_map(|node| node.checked_sub(self.accounts.len())).collect()
    }

    /// Returns the names of the rows among some nodes.
    fn names(&self, nodes: &[usize]) -> BTreeSet<String> {
        self.rows_of(nodes).into_iter().filter_map(|at| Some(self.rows.get(at)?.name.shown()?.to_lowercase())).collect()
    }

    /// Returns whether two of those who have an address have names with nothing in common.
    fn have_different_names(&self, nodes: &[usize]) -> bool {
        if nodes.len() < 2 {
            return false;
        }
        let name = |account: &Account| NAME.map(|field| account.fields.text(field).map(str::to_owned));
        // An address can be in very many workspaces, mostly under one name.
        let accounts = nodes.iter().filter_map(|node| self.accounts.get(*node)).map(|(_, account)| *account);
        let of_accounts: BTreeMap<[Option<String>; 2], &Account> = accounts.map(|account| (name(account), account)).collect();
        let rows = self.rows_of(nodes).into_iter().filter_map(|at| self.rows.get(at)).map(NameWords::of_row);
        let mut names = of_accounts.into_values().map(NameWords::of_account).chain(rows).filter(|name| !name.is_empty());
        names.next().is_some_and(|first| names.any(|other| first.is_different(&other)))
    }
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

/// Lists the addresses beside the user names of accounts, each where somebody else has it whose name agrees: the address alone says of nobody
/// who they are.
fn beside_user_names<'a>(
    workspaces: &[Reviewed<'a>],
    accounts: &[((usize, usize), &'a Account)],
    rows: &'a [StaffRow],
) -> Vec<(JoinKey<'a>, usize)> {
    let beside = |place: usize, account: &'a Account| {
        let list = workspaces.get(place)?.actual.list.as_deref().filter(|_| !account.id.0.contains('@'))?;
        list.snapshot.accounts.get(&LoginName::parse(&account.id.0).ok()?)?.address()
    };
    let with_address: Vec<(usize, &str, &Account)> = (accounts.iter().enumerate())
        .filter_map(|(node, ((place, _), account))| Some((node, beside(*place, account)?, *account)))
        .filter(|(_, address, account)| account.email.as_str() != *address)
        .collect();
    if with_address.is_empty() {
        return Vec::new();
    }
    let mut holders: BTreeMap<&str, Vec<(Option<usize>, NameWords)>> = BTreeMap::new();
    for row in rows {
        for email in &row.emails {
            holders.entry(email.as_str()).or_default().push((None, NameWords::of_row(row)));
        }
    }
    for (node, (_, account)) in accounts.iter().enumerate().filter(|(_, (_, account))| account.email.user_name().is_none()) {
        holders.entry(account.email.as_str()).or_default().push((Some(node), NameWords::of_account(account)));
    }
    for (node, address, account) in &with_address {
        holders.entry(address).or_default().push((Some(*node), NameWords::of_account(account)));
    }
    let agrees = |(node, address, account): &(usize, &str, &Account)| {
        let own = NameWords::of_account(account);
        let others = holders.get(address).into_iter().flatten().filter(|(other, _)| *other != Some(*node));
        others.into_iter().any(|(_, words)| !own.is_empty() && !words.is_empty() && own.may_be_of(words, &account.id.0))
    };
    with_address.iter().filter(|one| agrees(one)).map(|(node, address, _)| (JoinKey::Address(address), *node)).collect()
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
