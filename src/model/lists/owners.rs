//! Finds the owner of each account that people open with a user name. The roster's `id` names the account, or a row of the list has the user's names
//! and one of their addresses. An address alone does not say who somebody is: many practices give the same one to everybody.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Desired, DesiredUser, Email, Fields, LoginName, NAME, Row, Snapshot, SpokenName, WholeName};

/// Finds the owners of accounts by user name. A user without an `id` that the list has is the owner of the only row with their names and one of
/// their addresses.
#[must_use]
pub fn by_user_name<'a>(desired: &'a Desired, snapshot: &'a Snapshot) -> BTreeMap<&'a str, &'a DesiredUser> {
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
        let Some(own) = WholeName::of_fields(&user.fields) else { continue };
        if snapshot.accounts.contains_key(&LoginName::Address(user.email.clone())) {
            continue;
        }
        let rows = user.addresses().filter_map(|email| beside.get(email.as_str())).flatten();
        let mut named = rows.filter(|(_, row)| WholeName::of_fields(&row.fields).as_ref() == Some(&own));
        if let (Some((name, _)), None) = (named.next(), named.next()) {
            others.push((*name, user));
        }
    }
    owners.extend(others);
    owners
}

/// Lists the users whom somebody means by a login, by their addresses. An address means itself. A user name means every user who signs in with it.
/// Capitals do not matter, unless two user names differ in nothing else.
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
            users.extend(by_user_name(desired, snapshot));
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

/// Returns whether a row that nobody claims may be a user's: it has the same names, or the user's address beside a user name and a name that does not
/// contradict that.
#[must_use]
pub fn may_be(wanted: &DesiredUser, fields: &Fields, beside: Option<&str>) -> bool {
    let own = SpokenName::of_fields(&wanted.fields);
    if own.is_some() && SpokenName::of_fields(fields) == own {
        return true;
    }
    let has_address = beside.is_some_and(|beside| wanted.addresses().any(|one| one.as_str() == beside));
    let name = |fields: &Fields| {
        let [first, last] = NAME.map(|field| fields.text(field).unwrap_or_default());
        WholeName::new(first, last)
    };
    has_address && !name(&wanted.fields).is_anothers(&name(fields))
}
