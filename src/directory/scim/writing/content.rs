//! Tells whether a refusal is about what was sent: an attribute that can be left out, or something that is missing.

use std::collections::BTreeSet;

use crate::directory::scim::client::Reply;
use crate::scim::ScimType;

/// The attributes of a new user that are left out at first, and written afterward.
pub(in crate::directory::scim) type LeftOutAttributes = BTreeSet<String>;

/// After so many failures of all attributes together, fewer are tried: a server may fail at one of them.
pub(super) const FAILURES_OF_ALL: u32 = 2;

/// Those of the attributes that a refusal names: a hint that saves requests, and proves nothing.
pub(in crate::directory::scim) fn named_in(refusal: &Reply, attributes: &LeftOutAttributes) -> LeftOutAttributes {
    let detail = refusal.error().detail.to_lowercase();
    let words: BTreeSet<&str> = detail.split(|c: char| !c.is_alphanumeric()).collect();
    attributes.iter().filter(|name| words.contains(name.to_lowercase().as_str())).cloned().collect()
}

/// Returns whether a server that refused a user with a status for the whole request names attributes that can be left out. A login that is taken
/// stays refused, whatever else is named.
pub(in crate::directory::scim) fn is_about_attributes(answer: &Reply, named: &LeftOutAttributes) -> bool {
    let says_login = || {
        let detail = answer.error().detail.to_lowercase();
        ["username", "user name", "login", "email", "e-mail"].iter().any(|word| detail.contains(word))
    };
    match answer.status.as_u16() {
        403 | 404 | 405 | 413 => !named.is_empty(),
        409 => !named.is_empty() && !says_login(),
        _ => false,
    }
}

/// Returns whether a server refused a user for something that is in it or is missing from it.
pub(in crate::directory::scim) fn is_about_content(answer: &Reply) -> bool {
    match answer.status.as_u16() {
        422 | 501 => answer.error().scim_type != Some(ScimType::Uniqueness),
        400 => match answer.error().scim_type {
            None
            | Some(ScimType::Mutability | ScimType::InvalidSyntax | ScimType::InvalidPath | ScimType::NoTarget | ScimType::InvalidValue) => {
                true
            }
            Some(
                ScimType::InvalidFilter
                | ScimType::TooMany
                | ScimType::Uniqueness
                | ScimType::InvalidVers
                | ScimType::Sensitive
                | ScimType::InvalidCursor
                | ScimType::ExpiredCursor
                | ScimType::InvalidCount,
            ) => false,
        },
        _ => false,
    }
}
