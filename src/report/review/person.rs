//! The way in which a review names a person.

use super::document::PersonDocument;
use crate::report::clean::clean;

/// Names a person with one login.
pub(super) fn title(person: &PersonDocument) -> String {
    let login = person.accounts.first().map(|account| &account.user).or(person.logins.first());
    match (&person.name, login) {
        (Some(name), Some(login)) => format!("{} <{}>", clean(name), clean(login)),
        (Some(name), None) => clean(name),
        (None, Some(login)) => clean(login),
        (None, None) => "somebody without a name".to_owned(),
    }
}

/// Returns the other names and logins of a person.
pub(super) fn also(person: &PersonDocument) -> Vec<String> {
    let shown = person.accounts.first().map(|account| &account.user).or(person.logins.first());
    let logins = person.logins.iter().filter(|login| Some(*login) != shown);
    person.other_names.iter().chain(logins).map(|text| clean(text)).collect()
}
