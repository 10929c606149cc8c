//! Names that a server has in one text, and fields that it does not have.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::{Account, Capabilities, Field, Fields, Value};
use crate::scim::Node;

/// In what form the users seen so far have their names.
#[derive(Debug, Default)]
pub(in crate::directory::scim) struct NamesSeen {
    parts: AtomicBool,
    one_text: AtomicBool,
}

impl NamesSeen {
    /// Returns whether every name so far was one text.
    pub(in crate::directory::scim) fn are_one_text(&self) -> bool {
        self.one_text.load(Ordering::Relaxed) && !self.parts.load(Ordering::Relaxed)
    }

    /// Splits a name that is one text, and leaves out what the server's schema lacks, since unknown is not empty (rule 10 of the core).
    pub(in crate::directory::scim) fn adjust(&self, user: &impl Node, mut account: Account, known: &Capabilities) -> Account {
        if !known.lacking.is_empty() {
            let held = account.fields.iter().filter(|(field, _)| !known.lacking.contains(field));
            account.fields = held.map(|(field, value)| (field, value.to_value())).collect::<Fields>();
        }
        let part = |part: &str| user.member("name").and_then(|name| name.member(part)).and_then(Node::text).filter(|text| !text.is_empty());
        if part("givenName").is_some() || part("familyName").is_some() {
            self.parts.store(true, Ordering::Relaxed);
        } else if let Some(full) = part("formatted") {
            self.one_text.store(true, Ordering::Relaxed);
            let (first, last) = split(full);
            for (field, text) in [(Field::FirstName, first), (Field::LastName, last)] {
                if account.fields.get(field).is_some() && !text.is_empty() {
                    account.fields.set(field, Value::Text(text.to_owned()));
                }
            }
        }
        account
    }
}

/// Splits a name before its last word; only the two together mean anything.
pub(in crate::directory::scim) fn split(full: &str) -> (&str, &str) {
    full.trim().rsplit_once(char::is_whitespace).map_or((full.trim(), ""), |(first, last)| (first.trim_end(), last))
}
