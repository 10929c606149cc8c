//! Finds what repeats an old login or name in the users of a server that stores such attributes just as they are written.

use crate::model::{Account, Email, Field, Outdated, Repeating};
use crate::scim::{Node, map};

/// Lists what repeats something else than the login, or half of the name.
pub(in crate::directory::scim) fn found(user: &impl Node, account: &Account) -> Vec<Outdated> {
    let mut found = Vec::new();
    let mut add = |attribute, values| found.push(Outdated { account: account.id.clone(), attribute, values });
    let addresses: Vec<&str> = user.member("emails").into_iter().flat_map(map::elements).filter_map(address).collect();
    if !addresses.is_empty() && !addresses.iter().any(|address| is_same(address, &account.email)) {
        add(Repeating::Emails, addresses.into_iter().map(str::to_owned).collect());
    }
    let name = user.member("name");
    let has_parts = ["givenName", "familyName"].iter().all(|part| name.and_then(|name| name.member(part)).is_some());
    let parts = (account.fields.text(Field::FirstName), account.fields.text(Field::LastName));
    if let (true, (Some(first), Some(last))) = (has_parts, parts) {
        let formatted = name.and_then(|name| name.member("formatted")).and_then(Node::text);
        let display = user.member("displayName").and_then(Node::text);
        for (attribute, text) in [(Repeating::FormattedName, formatted), (Repeating::DisplayName, display)] {
            if let Some(text) = text.filter(|text| is_half(text, first, last)) {
                add(attribute, vec![text.to_owned()]);
            }
        }
    }
    found
}

/// Returns whether an address is the login in any of the forms in which servers write one.
fn is_same(address: &str, login: &Email) -> bool {
    let address = address.trim();
    let bare = address.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto")).map_or(address, |(_, bare)| bare);
    bare.eq_ignore_ascii_case(login.as_str()) || Email::parse(bare).is_ok_and(|email| email == *login)
}

fn address<J: Node>(element: &J) -> Option<&str> {
    element.text().or_else(|| element.member("value")?.text())
}

/// Returns whether a text is a name with the first or the last name of a person and another word in the place of the other: most likely an old name.
fn is_half(text: &str, first: &str, last: &str) -> bool {
    let (first, last) = (words(first), words(last));
    let turned = text.split_once(',').map(|(last, first)| format!("{first} {last}"));
    let text = words(turned.as_deref().unwrap_or(text));
    // Short words and those with a dot are initials and titles.
    let (begins, ends) = (text.starts_with(&first), text.ends_with(&last));
    let left = |rest: &[String]| (1..=2).contains(&rest.len());
    !first.is_empty()
        && !last.is_empty()
        && begins != ends
        && if begins {
            left(text.get(first.len()..).unwrap_or_default())
        } else {
            left(text.get(..text.len() - last.len()).unwrap_or_default())
        }
}

/// The words of a name in lower case, without initials and titles.
fn words(text: &str) -> Vec<String> {
    let all = text.split_whitespace().map(str::to_lowercase);
    all.filter(|word| word.chars().count() > 2 && !word.ends_with('.') && word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\''))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_half;

    #[test]
    fn half_a_name_is_an_old_name_and_everything_else_is_not() {
        for text in ["Ana Ruiz", "Ruiz, Ana", "Ana M. Ruiz", "ana ruiz", "Ana Ruiz-Lopez", "Maria Married", "Dr. Ana Ruiz MD"] {
            assert!(is_half(text, "Ana", "Married"), "{text}");
        }
        for text in
            ["Ana Married", "Married, Ana", "Dr. Ana M. Married, MD", "Ana", "Annie", "Doctor A", "Nurse Ana", "Ana (Front)", "ana.r", ""]
        {
            assert!(!is_half(text, "Ana", "Married"), "{text}");
        }
        assert!(!is_half("Maria Ana Ruiz", "Maria Ana", "Ruiz"));
    }
}
