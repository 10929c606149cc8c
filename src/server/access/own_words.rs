//! The part of the answer to a wrong request that the user log keeps: nothing can be removed from it, so no word of the client is kept.

use std::collections::BTreeSet;

use crate::scim::{Attribute, ResourceTypes, ScimError};

/// Returns a refusal as the user log keeps it. A wrong request (400) keeps the server's own words and the names of attributes; what else
/// the answer repeats may be a secret in the wrong place.
pub(super) fn kept(why: &ScimError, types: &ResourceTypes) -> ScimError {
    if why.status != 400 {
        return why.clone();
    }
    let mut known = BTreeSet::new();
    for schema in types.schemas() {
        names(&schema.attributes, &mut known);
    }
    let detail = own_words(&why.detail, &known).unwrap_or_else(|| "the request is wrong".to_owned());
    ScimError { detail, ..why.clone() }
}

fn names(attributes: &[Attribute], known: &mut BTreeSet<String>) {
    for attribute in attributes {
        known.insert(attribute.name.to_lowercase());
        names(&attribute.sub_attributes, known);
    }
}

/// Returns a sentence in which every quoted word is replaced but the names of attributes; `None` where nobody knows which words are quoted,
/// since a word has a backtick itself.
fn own_words(text: &str, known: &BTreeSet<String>) -> Option<String> {
    let parts: Vec<&str> = text.split('`').collect();
    let is_apart = |part: &str, at: usize| {
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        (at == 0 || !touches(part.chars().next())) && (at + 1 == parts.len() || !touches(part.chars().last()))
    };
    let are_apart = parts.iter().enumerate().step_by(2).all(|(at, part)| is_apart(part, at));
    if parts.len().is_multiple_of(2) || !are_apart {
        return None;
    }
    let is_known = |word: &str| word.split('.').all(|part| known.contains(&part.to_lowercase()));
    let shown: Vec<&str> = parts.iter().enumerate().map(|(at, part)| if at % 2 == 0 || is_known(part) { part } else { "…" }).collect();
    Some(shown.join("`"))
}

#[cfg(test)]
mod tests {
    use super::own_words;

    #[test]
    fn only_the_names_of_attributes_are_kept_of_quoted_words() {
        let known = ["name", "familyname"].map(str::to_owned).into();
        for (said, kept) in [
            ("`pink` is not a color (AR-8)", Some("`…` is not a color (AR-8)")),
            ("`name.familyName` is not `x`", Some("`name.familyName` is not `…`")),
            ("the body is not JSON", Some("the body is not JSON")),
            ("found `hunter`2-4711`", None),
            ("found `hunter`2`4711`", None),
        ] {
            assert_eq!(own_words(said, &known).as_deref(), kept, "{said}");
        }
    }
}
