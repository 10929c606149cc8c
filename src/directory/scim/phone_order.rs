//! Phone numbers in the order of the roster, where the order in which a server sends them says nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::Transport;
use crate::directory::scim::ScimDirectory;
use crate::model::{Account, Desired, Email, Field, Fields, Value};
use crate::platform::Catalog;
use crate::scim::Node;
use crate::scim::map::{elements, is_entity_tag, own_fingerprint};

/// The phone numbers of the people in a roster, the cell phone first, by their addresses and former ones.
pub(in crate::directory::scim) type RosterPhones = BTreeMap<Email, Vec<String>>;

/// Reads the numbers of a roster in the form in which plans compare them.
pub(in crate::directory::scim) fn of_roster(desired: &Desired, catalog: &Catalog) -> RosterPhones {
    let mut found = RosterPhones::new();
    for user in desired.users.values() {
        let mut fields = Fields::from_iter([(Field::Phones, user.fields.value(Field::Phones))]);
        catalog.normalize(&mut fields);
        let phones: Vec<String> = fields.items(Field::Phones).into_iter().map(str::to_owned).collect();
        if !phones.is_empty() {
            user.formerly.iter().chain([&user.email]).for_each(|email| drop(found.insert(email.clone(), phones.clone())));
        }
    }
    found
}

impl<T: Transport> ScimDirectory<T> {
    /// Gives the numbers of a user the order of the roster if they are the same ones. Only the mark of a cell phone says which number is the
    /// first one; many servers keep no order, and some keep no mark.
    pub(in crate::directory::scim) fn order_phones(&self, user: &impl Node, account: &mut Account) {
        let Some(wanted) = self.roster_phones.get(&account.email).filter(|_| self.is_foreign()) else { return };
        let held = account.fields.items(Field::Phones).into_iter();
        let held: Vec<&str> =
            held.map(|held| wanted.iter().find(|wanted| is_same_number(held, wanted)).map_or(held, String::as_str)).collect();
        let is_same_set =
            held.len() == wanted.len() && held.iter().copied().collect::<BTreeSet<_>>() == wanted.iter().map(String::as_str).collect();
        let is_first = held.first().copied() == wanted.first().map(String::as_str);
        if !is_same_set || (has_cell(user) && !is_first) {
            return;
        }
        account.fields.set(Field::Phones, Value::List(wanted.clone()));
        if !is_entity_tag(&account.fingerprint) {
            account.fingerprint = own_fingerprint(account);
        }
    }
}

/// Returns whether a number as a server has it is one of the roster. One without `+` may lack the country code, or begin with what is dialed in place
/// of it; both belong to one person.
pub(in crate::directory::scim) fn is_same_number(held: &str, wanted: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if held == wanted {
        return true;
    }
    if held.trim_start().starts_with('+') || held.contains(char::is_alphabetic) {
        return false;
    }
    let (held, wanted) = (digits(held), digits(wanted));
    let held = held.trim_start_matches('0');
    held.len() >= SHORTEST && wanted.strip_suffix(held).is_some_and(|code| code.len() <= LONGEST_CODE)
}

/// A national number has at least so many digits, and a country code at most so many (ITU-T E.164).
const SHORTEST: usize = 7;
const LONGEST_CODE: usize = 3;

/// Returns whether a server says which number is the cell phone.
fn has_cell<J: Node>(user: &J) -> bool {
    let is_marked = |element: &J| {
        let is_primary = element.member("primary").is_some_and(|flag| flag.flag() == Some(true) || flag.text() == Some("true"));
        is_primary || element.member("type").and_then(Node::text).is_some_and(|kind| kind.eq_ignore_ascii_case("mobile"))
    };
    user.member("phoneNumbers").into_iter().flat_map(elements).any(is_marked)
}

#[cfg(test)]
mod tests {
    use super::is_same_number;

    #[test]
    fn a_number_without_its_country_code_is_the_same_persons() {
        for held in ["16025550101", "(602) 555-0101", "602.555.0101", "0016025550101", "+16025550101"] {
            assert!(is_same_number(held, "+16025550101"), "{held}");
        }
        for held in ["602-555-0102", "555", "5550101 ext 2", "+6025550101", ""] {
            assert!(!is_same_number(held, "+16025550101"), "{held}");
        }
        assert!(is_same_number("020 7946 0018", "+442079460018"));
    }
}
