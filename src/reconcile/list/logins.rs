//! The logins by which one person is known: attestations follow a changed address.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Desired, LoginName, Snapshot};

/// Every name of every user of the roster, with the one that the list has.
pub(in crate::reconcile) struct Logins<'a> {
    by_name: BTreeMap<&'a str, &'a str>,
}

impl<'a> Logins<'a> {
    pub(in crate::reconcile) fn new(desired: &'a Desired, snapshot: &'a Snapshot) -> Self {
        let mut by_name = BTreeMap::new();
        let listed: BTreeSet<&str> = snapshot.accounts.keys().map(LoginName::as_str).collect();
        for user in desired.users.values() {
            let pinned = user.id.iter().map(|id| id.0.as_str());
            let addresses = std::iter::once(&user.email).chain(&user.formerly).map(crate::model::Email::as_str);
            let names: Vec<&str> = pinned.chain(addresses).collect();
            let own = names.iter().find_map(|name| listed.get(name).copied()).unwrap_or(user.email.as_str());
            by_name.extend(names.into_iter().map(|name| (name, own)));
        }
        Self { by_name }
    }

    /// The login that the list has for a person, or else the roster's address.
    pub(in crate::reconcile) fn present<'l>(&'l self, login: &'l LoginName) -> &'l str {
        self.by_name.get(login.as_str()).copied().unwrap_or_else(|| login.as_str())
    }
}
