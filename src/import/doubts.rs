//! Finds what a person must decide about accounts: mailboxes that are shared, names that are missing or those of several people, and pairs
//! that may be one person.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Actual, Desired, DesiredUser, Email, Field, Fields, ImportQuestion, Likeness, LoginName, NAME, RemoteId, Row, is_desk_login,
    is_perhaps_a_desks, name_words, names_nobody,
};
use crate::platform::Catalog;

/// The separators of the names of several people.
const BETWEEN: [&str; 6] = ["&", "/", ";", " and ", " or ", " + "];

/// Lists the questions about each account, by id.
pub(super) fn find(state: &Actual, workspace: &str, catalog: &Catalog) -> BTreeMap<RemoteId, Vec<ImportQuestion>> {
    // An account that is named for the practice or a clinic is nobody's own.
    let names = state.clinics.values().map(|clinic| clinic.name.to_lowercase()).chain([workspace.to_owned()]);
    let places: BTreeSet<String> = names.flat_map(|name| name_words(&name)).collect();
    let mut found: BTreeMap<RemoteId, Vec<ImportQuestion>> = BTreeMap::new();
    let mut by_name: BTreeMap<String, &Account> = BTreeMap::new();
    let mut by_address: BTreeMap<String, &Account> = BTreeMap::new();
    let mut accounts: Vec<&Account> = state.accounts.iter().collect();
    accounts.sort_by(|a, b| (&a.email, &a.id).cmp(&(&b.email, &b.id)));
    for account in accounts {
        let name = full_name(account);
        let words = name_words(&name);
        let local = local_part(&account.email);
        let mut ask = |decision| found.entry(account.id.clone()).or_default().push(decision);
        if let Some(name) = account.email.user_name() {
            let row = state.list.as_deref().and_then(|list| list.snapshot.accounts.get(&LoginName::parse(&account.id.0).ok()?));
            ask(match row.and_then(Row::address) {
                Some(address) => ImportQuestion::SharedAddress { name: name.into_owned(), address: address.to_owned() },
                None => ImportQuestion::OnlyUserName { name: name.into_owned() },
            });
        }
        if is_perhaps_a_desks(&words, local, &places) {
            ask(ImportQuestion::SharedMailbox);
        } else if words.is_empty() && shows_names(state, account, catalog) {
            ask(ImportQuestion::NoName);
        } else if BETWEEN.iter().any(|between| name.contains(between)) {
            ask(ImportQuestion::SeveralPeople);
        }
        if names_nobody(&words, &places) {
            continue;
        }
        // Two employee records are two people, whatever their names.
        let record = |account: &Account| account.fields.text(Field::Employee).map(str::to_owned);
        let is_other = |first: &&Account| record(first).zip(record(account)).is_some_and(|(one, other)| one != other);
        let same_name = by_name.get(&words.join(" ")).copied().filter(|first| !is_other(first));
        let same_address = local.filter(|local| !is_desk_login(local)).map(bare).and_then(|bare| by_address.get(&bare).copied());
        let other = |account: &Account, same| ImportQuestion::PerhapsOnePerson { other: account.email.clone(), same };
        if let Some(first) = same_name {
            ask(other(first, Likeness::Name));
        } else if let Some(first) = same_address.filter(|first| shares_a_name(first, &words)) {
            ask(other(first, Likeness::Address));
        }
        by_name.entry(words.join(" ")).or_insert(account);
        if let Some(local) = local.filter(|local| !is_desk_login(local)) {
            by_address.entry(bare(local)).or_insert(account);
        }
    }
    found
}

/// First and last name of an account in one text.
fn full_name(account: &Account) -> String {
    name_in(&account.fields)
}

fn name_in(fields: &Fields) -> String {
    NAME.into_iter().filter_map(|field: Field| fields.text(field)).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The users of the roster who should have an account and have none, by the words of their names.
pub(super) fn without_account<'d>(desired: &'d Desired, state: &Actual) -> BTreeMap<Vec<String>, &'d Email> {
    let ids: BTreeSet<&RemoteId> = state.accounts.iter().map(|account| &account.id).collect();
    let emails: BTreeSet<&Email> = state.accounts.iter().map(|account| &account.email).collect();
    let has_account = |user: &DesiredUser| {
        let is_pinned = user.id.as_ref().is_some_and(|id| ids.contains(id));
        is_pinned || emails.contains(&user.email) || user.formerly.iter().any(|email| emails.contains(email))
    };
    let lacking = desired.users.values().filter(|user| user.status.is_active() && !has_account(user));
    lacking.map(|user| (name_words(&name_in(&user.fields)), &user.email)).filter(|(words, _)| words.len() > 1).collect()
}

/// The words of the name of an account.
pub(super) fn account_words(account: &Account) -> Vec<String> {
    name_words(&full_name(account))
}

/// Returns whether the workspace shows the names of an account: one that it does not show is unknown, not missing. A list that shows those of others
/// has one here, too, that nobody could take apart; some products show none of people who were only invited.
fn shows_names(state: &Actual, account: &Account, catalog: &Catalog) -> bool {
    let is_invited = account.state.standing().is_pending();
    let is_listed = |field| !is_invited && state.list.as_deref().is_some_and(|list| list.snapshot.shows.fields.contains(&field));
    NAME.into_iter().all(|field| catalog.field(field).is_none() || account.fields.get(field).is_some() || is_listed(field))
}

fn local_part(email: &Email) -> Option<&str> {
    email.as_str().rsplit_once('@').map(|(local, _)| local)
}

/// The part before the @ without dots and what follows a plus sign: such addresses often reach the same person.
fn bare(local: &str) -> String {
    local.split('+').next().unwrap_or(local).replace('.', "")
}

/// Returns whether an account has one of the words of a name, or no name.
fn shares_a_name(account: &Account, words: &[String]) -> bool {
    let own = account_words(account);
    own.is_empty() || own.iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reaches_the_same_person_with_and_without_dots() {
        assert_eq!(bare("ana.ruiz+downtown"), "anaruiz");
    }
}
