//! The logins by which one person is known: attestations follow a changed address.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ByLooseName, Desired, DesiredUser, Email, LoginName, LooseName, Row, RowsByPerson, Snapshot, Standing, owners};

/// Every name of every user of the roster, with the one that the list has.
pub(in crate::reconcile) struct Logins<'a> {
    by_name: BTreeMap<&'a str, &'a str>,
    users: BTreeMap<&'a str, &'a DesiredUser>,
    /// The users, and the people of earlier lists, whom the list lacks although it has somebody with their names whom the roster does not
    /// know: a person must say whether that is the same one.
    asked: BTreeSet<&'a str>,
}

impl<'a> Logins<'a> {
    pub(in crate::reconcile) fn new(desired: &'a Desired, snapshot: &'a Snapshot) -> Self {
        let listed: BTreeSet<&str> = snapshot.accounts.keys().map(LoginName::as_str).collect();
        let owned: BTreeMap<&Email, &str> =
            owners::by_user_name(desired, snapshot).into_iter().map(|(name, user)| (&user.email, name)).collect();
        let (mut by_name, mut users, mut lacking) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for user in desired.users.values() {
            let pinned = user.id.iter().map(|id| id.0.as_str());
            let addresses = user.addresses();
            let names: Vec<&str> = pinned.chain(addresses.clone().map(Email::as_str)).collect();
            let found = names.iter().find_map(|name| listed.get(name).copied());
            let found = found.or_else(|| owned.get(&user.email).copied());
            let own = found.unwrap_or(user.email.as_str());
            if found.is_none() {
                lacking.push((user, own));
            }
            // Another name that the list has, too, is a separate account.
            let is_own = |name: &&str| *name == own || !listed.contains(name);
            by_name.extend(names.into_iter().chain(found).filter(is_own).map(|name| (name, own)));
            users.insert(own, user);
        }
        let mut asked = asked(&lacking, snapshot, &by_name);
        asked.extend(of_earlier(snapshot, &by_name));
        let spelled = in_another_case(snapshot, &listed, &by_name);
        by_name.extend(spelled);
        Self { by_name, users, asked }
    }

    /// The login that the list has for a person, or else the roster's address.
    pub(in crate::reconcile) fn present<'l>(&'l self, login: &'l LoginName) -> &'l str {
        self.by_name.get(login.as_str()).copied().unwrap_or_else(|| login.as_str())
    }

    /// The user of the roster with a present login.
    pub(super) fn user(&self, present: &str) -> Option<&'a DesiredUser> {
        self.users.get(present).copied()
    }

    /// Returns whether somebody with a present login may be in the list under another one.
    pub(super) fn is_asked(&self, present: &str) -> bool {
        self.asked.contains(present)
    }
}

/// The users who may be in the list under a login that nobody claims.
fn asked<'a>(lacking: &[(&'a DesiredUser, &'a str)], snapshot: &Snapshot, by_name: &BTreeMap<&str, &str>) -> BTreeSet<&'a str> {
    if lacking.is_empty() {
        return BTreeSet::new();
    }
    let unknown = snapshot.accounts.iter().filter(|(login, _)| !by_name.contains_key(login.as_str()));
    let names = named(unknown.clone().map(|(_, row)| row));
    let mut beside: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for (_, row) in unknown {
        if let Some(address) = row.address() {
            beside.entry(address).or_default().push(row);
        }
    }
    let is_asked = |user: &DesiredUser| {
        let rows = user.addresses().filter_map(|email| beside.get(email.as_str())).flatten();
        let has_row = || rows.into_iter().any(|row| owners::may_be(user, &row.fields, row.address()));
        LooseName::of_fields(&user.fields).is_some_and(|name| names.alike(&name).next().is_some()) || has_row()
    };
    lacking.iter().filter(|(user, _)| is_asked(user)).map(|(_, own)| *own).collect()
}

fn named<'r>(rows: impl Iterator<Item = &'r Row>) -> ByLooseName<()> {
    rows.filter_map(|row| Some((LooseName::of_fields(&row.fields)?, ()))).collect()
}

/// The people of earlier lists who may be in the list under a login that nobody claims, with access.
fn of_earlier<'a>(snapshot: &'a Snapshot, by_name: &BTreeMap<&str, &str>) -> Vec<&'a str> {
    if snapshot.earlier.is_empty() {
        return Vec::new();
    }
    let has_access = |row: &Row| !row.status.is_some_and(Standing::is_inactive);
    let unknown = snapshot.accounts.iter().filter(|(login, row)| !by_name.contains_key(login.as_str()) && has_access(row));
    let unknown = RowsByPerson::new(unknown);
    let lacking = snapshot.earlier.iter().filter(|(login, _)| !snapshot.accounts.contains_key(*login));
    let may_be = lacking.filter(|(login, one)| unknown.perhaps(login, &one.row).is_some());
    may_be.map(|(login, _)| login.as_str()).collect()
}

/// The user names of attestations that the list has in capitals or small letters instead, each with that spelling.
fn in_another_case<'a>(snapshot: &'a Snapshot, listed: &BTreeSet<&str>, by_name: &BTreeMap<&'a str, &'a str>) -> Vec<(&'a str, &'a str)> {
    let present = |name: &'a str| by_name.get(name).copied().unwrap_or(name);
    let all = snapshot.attested.iter().filter(|one| one.user.user_name().is_some()).map(|one| one.user.as_str());
    let lost: BTreeSet<&str> = all.filter(|name| !listed.contains(present(name))).collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let mut spellings: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for login in snapshot.accounts.keys() {
        spellings.entry(login.as_str().to_lowercase()).or_default().push(login.as_str());
    }
    let spelled = lost.into_iter().filter_map(|name| match spellings.get(&name.to_lowercase()).map(Vec::as_slice) {
        Some([only]) => Some((name, *only)),
        Some(_) | None => None,
    });
    spelled.collect()
}
