//! Whose the accounts of a list are that people open with a user name: the roster's `id` says it, or the names of a row together with the address
//! beside it. An address alone says nothing: many offices give one to everybody.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Desired, DesiredUser, Email, Field, Fields, LoginName, Row, Snapshot};

use super::{text_form, without_accents};

/// Finds the owners of accounts by user name. A user without an `id` that the list has is the owner of the only row with their names and one of
/// their addresses.
#[must_use]
pub fn owners<'a>(desired: &'a Desired, snapshot: &'a Snapshot) -> BTreeMap<&'a str, &'a DesiredUser> {
    let rows = || snapshot.accounts.iter().filter_map(|(login, row)| Some((login.user_name()?, row)));
    if rows().next().is_none() {
        return BTreeMap::new();
    }
    let ids = by_id(desired);
    let mut owners: BTreeMap<&str, &DesiredUser> = rows().filter_map(|(name, _)| Some((name, *ids.get(name)?))).collect();
    let mut beside: BTreeMap<&str, Vec<(&str, &Row)>> = BTreeMap::new();
    for (name, row) in rows().filter(|(name, _)| !ids.contains_key(name)) {
        if let Some(address) = row.address() {
            beside.entry(address).or_default().push((name, row));
        }
    }
    let found: BTreeSet<&Email> = owners.values().map(|user| &user.email).collect();
    let mut others: Vec<(&str, &DesiredUser)> = Vec::new();
    for user in desired.users.values().filter(|user| !found.contains(&user.email)) {
        let Some(own) = whole_name(&user.fields) else { continue };
        if snapshot.accounts.contains_key(&LoginName::Address(user.email.clone())) {
            continue;
        }
        let rows = addresses(user).filter_map(|email| beside.get(email.as_str())).flatten();
        let mut named = rows.filter(|(_, row)| whole_name(&row.fields).as_ref() == Some(&own));
        if let (Some((name, _)), None) = (named.next(), named.next()) {
            others.push((*name, user));
        }
    }
    owners.extend(others);
    owners
}

/// Lists the addresses of the users whom somebody means by a login: by an address that one, by a user name those of whom it is one. People write
/// user names in any case, unless that makes a difference.
#[must_use]
pub fn meant<'a>(login: &LoginName, workspaces: impl Iterator<Item = &'a Desired>) -> BTreeSet<Email> {
    let Some(name) = login.user_name() else { return BTreeSet::from([login.to_email()]) };
    let mut known: BTreeMap<&str, BTreeSet<Email>> = BTreeMap::new();
    for desired in workspaces {
        if !desired.connection.is_by_hand() {
            continue;
        }
        let mut users: BTreeMap<&str, &DesiredUser> = by_id(desired);
        let mut logins: BTreeSet<&str> = users.keys().copied().collect();
        if let Some(snapshot) = desired.connection.list() {
            users.extend(owners(desired, snapshot));
            let said = snapshot.attested.iter().map(|one| &one.user);
            logins.extend(snapshot.accounts.keys().chain(snapshot.earlier.keys()).chain(said).filter_map(LoginName::user_name));
        }
        for own in logins {
            let email = users.get(own).map_or_else(|| Email::of_user_name(own), |user| user.email.clone());
            known.entry(own).or_default().insert(email);
        }
    }
    if let Some(exact) = known.remove(name) {
        return exact;
    }
    let same = known.into_iter().filter(|(own, _)| own.to_lowercase() == name.to_lowercase()).flat_map(|(_, users)| users);
    let found: BTreeSet<Email> = same.collect();
    if found.is_empty() { BTreeSet::from([login.to_email()]) } else { found }
}

fn by_id(desired: &Desired) -> BTreeMap<&str, &DesiredUser> {
    desired.users.values().filter_map(|user| Some((user.id.as_ref()?.0.as_str(), user))).collect()
}

/// Returns first and last name in one text, without accents and case; `None` if a part of it is unknown.
#[must_use]
pub fn whole_name(fields: &Fields) -> Option<String> {
    let [first, last] = [Field::FirstName, Field::LastName].map(|field| fields.text(field));
    Some(text_form(&without_accents(&format!("{} {}", first?, last?))).to_lowercase())
}

fn addresses(user: &DesiredUser) -> impl Iterator<Item = &Email> {
    std::iter::once(&user.email).chain(&user.formerly)
}
