//! Members who changed their own address (AR-13): where the roster has the old one, it means the same account.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, Actual, Desired, DesiredUser, Email, RosterOddity, Value, WholeName};

/// Reads a roster as if it named members by their present addresses, where accounts say that they had the roster's before. An account
/// that has an address now counts more than one that had it, and so does a user of the roster who has the new address.
pub fn follow(desired: &mut Desired, actual: &Actual) {
    let new_of = new_addresses(actual);
    if new_of.is_empty() {
        return;
    }
    let mut found = Vec::new();
    for (old, account) in &new_of {
        let is_theirs = desired.users.get(old).is_some_and(|user| match &user.id {
            Some(id) => *id == account.id,
            None => !has_anothers_name(user, account),
        });
        if is_theirs
            && !desired.users.contains_key(&account.email)
            && let Some(mut user) = desired.users.remove(old)
        {
            user.email = account.email.clone();
            if !user.formerly.contains(old) {
                user.formerly.push(old.clone());
            }
            desired.users.insert(account.email.clone(), user);
            found.push(RosterOddity::AddressChanged { old: old.clone(), new: account.email.clone() });
        }
    }
    let present = |address: &Email| new_of.get(address).map(|account| account.email.clone());
    if let Some(new) = desired.main_admin.as_ref().and_then(present) {
        desired.main_admin = Some(new);
    }
    for user in desired.users.values_mut() {
        if let Some(new) = user.service_owner.as_ref().and_then(present) {
            user.service_owner = Some(new);
        }
        let naming: Vec<_> =
            user.fields.iter().filter_map(|(field, value)| Some((field, present(&Email::parse(value.as_text()?).ok()?)?))).collect();
        for (field, new) in naming {
            user.fields.set(field, Value::Text(new.as_str().to_owned()));
        }
    }
    desired.oddities.extend(found);
}

/// Returns whether an account has the name of somebody else: then its former address is another person's now. A member may have changed both
/// names with the address, so the name that the account was invited under counts as much as the present one.
fn has_anothers_name(user: &DesiredUser, account: &Account) -> bool {
    let names = WholeName::of_fields(&user.fields).zip(WholeName::of_fields(&account.fields));
    names.is_some_and(|(wanted, held)| held.is_anothers(&wanted) && !was_invited_as(account, &wanted))
}

/// Returns whether an account was invited under a name that has a word of this one.
fn was_invited_as(account: &Account, wanted: &WholeName) -> bool {
    account.invited_name.as_deref().is_some_and(|(first, last)| !WholeName::new(first, last).is_anothers(wanted))
}

/// The account that has another address now, by each address that nobody has anymore and only that account had.
fn new_addresses(actual: &Actual) -> BTreeMap<Email, &Account> {
    let mut all: BTreeMap<Email, Vec<&Account>> = BTreeMap::new();
    for account in &actual.accounts {
        for old in &account.former {
            all.entry(old.clone()).or_default().push(account);
        }
    }
    if all.is_empty() {
        return BTreeMap::new();
    }
    let present: BTreeSet<&Email> = actual.accounts.iter().map(|account| &account.email).collect();
    let mut one_each = BTreeMap::new();
    for (old, accounts) in all {
        if let ([account], false) = (accounts.as_slice(), present.contains(&old)) {
            one_each.insert(old, *account);
        }
    }
    one_each
}

/// Names users by their present addresses, where they are named by one that no account and no user of the roster has anymore.
#[must_use]
pub fn followed(users: &BTreeSet<Email>, desired: &Desired, actual: &Actual) -> BTreeSet<Email> {
    let new_of = new_addresses(actual);
    let present = |email: &Email| match new_of.get(email) {
        Some(account) if !desired.users.contains_key(email) => account.email.clone(),
        Some(_) | None => email.clone(),
    };
    users.iter().map(present).collect()
}
