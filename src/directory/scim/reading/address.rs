//! The one of several addresses that identifies a user whose login is a name and not an address: the one that the roster has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use crate::directory::Transport;
use crate::directory::scim::{ScimDirectory, phone_order};
use crate::model::{Account, Desired, Email, Field, OtherAddresses, RemoteId};
use crate::scim::Node;
use crate::scim::map::{elements, is_entity_tag, own_fingerprint};

/// The last names of the people in a roster by their addresses.
pub(in crate::directory::scim) type LastNames = BTreeMap<Email, String>;

/// The addresses by which users without an address as login are known in the roster, by their ids.
pub(in crate::directory::scim) type AddressesById = BTreeMap<RemoteId, Email>;

impl<T: Transport> ScimDirectory<T> {
    /// Prefers the addresses of a roster where a user has several, and its order of phone numbers where the server's says nothing.
    #[must_use]
    pub fn for_roster(mut self, desired: &Desired) -> Self {
        let last = |fields: &crate::model::Fields| fields.text(Field::LastName).unwrap_or_default().to_lowercase();
        self.roster = desired.users.values().map(|user| (user.email.clone(), last(&user.fields))).collect();
        self.roster_phones = phone_order::of_roster(desired, self.platform.catalog());
        self
    }

    /// Lists a user's other addresses that the roster has for somebody with the same last name, if it has none for the first one.
    pub(in crate::directory::scim) fn other_addresses(&self, user: &impl Node, account: &Account) -> Vec<Email> {
        let login = user.member("userName").and_then(Node::text).unwrap_or_default();
        if self.roster.is_empty() || Email::parse(login.trim()).is_ok() || self.roster.contains_key(&account.email) {
            return Vec::new();
        }
        let name = account.fields.text(Field::LastName).unwrap_or_default().to_lowercase();
        let fits = |address: &Email| !name.is_empty() && self.roster.get(address) == Some(&name);
        addresses(user).into_iter().filter(fits).collect()
    }

    /// Chooses an address for each user who has one that nobody else has.
    pub(in crate::directory::scim) fn choose_addresses(&self, accounts: &mut [Account], others: &BTreeMap<RemoteId, Vec<Email>>) {
        if others.is_empty() {
            self.chosen.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return;
        }
        let mut holders: BTreeMap<&Email, usize> = BTreeMap::new();
        for address in accounts.iter().map(|account| &account.email).chain(others.values().flatten()) {
            *holders.entry(address).or_default() += 1;
        }
        let only = |address: &&Email| holders.get(*address) == Some(&1);
        let chosen: AddressesById = others.iter().filter_map(|(id, all)| Some((id.clone(), all.iter().find(only)?.clone()))).collect();
        drop(holders);
        for account in accounts {
            if let Some(address) = chosen.get(&account.id) {
                identify(account, address);
            }
        }
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = chosen;
    }

    /// Gives a user the address that was chosen for them, as long as they have it.
    pub(in crate::directory::scim) fn keep_chosen(&self, user: &impl Node, account: &mut Account) {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).get(&account.id).cloned();
        if let Some(address) = chosen.filter(|address| addresses(user).contains(address)) {
            identify(account, &address);
        }
    }
}

fn identify(account: &mut Account, address: &Email) {
    account.email.clone_from(address);
    if !is_entity_tag(&account.fingerprint) {
        account.fingerprint = own_fingerprint(account);
    }
}

/// All addresses of a user, if there is another one than `known`.
pub(in crate::directory::scim) fn several(user: &impl Node, known: &Email) -> Vec<Email> {
    let is_known = |text: &str| bare(text).eq_ignore_ascii_case(known.as_str());
    // Nearly always there is one, and it is the login.
    if user.member("emails").into_iter().flat_map(elements).filter_map(written).all(is_known) {
        return Vec::new();
    }
    addresses(user).into_iter().collect()
}

/// Adds the addresses of an account besides the one by which it is known.
pub(in crate::directory::scim) fn add_others(all: &mut OtherAddresses, account: &Account, addresses: Vec<Email>) {
    for address in addresses.into_iter().filter(|address| *address != account.email) {
        all.entry(address).or_default().insert(account.id.clone());
    }
}

pub(in crate::directory::scim) fn addresses(user: &impl Node) -> BTreeSet<Email> {
    let all = user.member("emails").into_iter().flat_map(elements);
    all.filter_map(|element| Email::parse(bare(written(element)?)).ok()).collect()
}

fn written<J: Node>(element: &J) -> Option<&str> {
    element.text().or_else(|| element.member("value")?.text())
}

/// An address without `mailto:`, with which some servers write it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto")).map_or(text, |(_, bare)| bare)
}
