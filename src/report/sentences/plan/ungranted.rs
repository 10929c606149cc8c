//! The sentences about rights that somebody cannot give.

use std::collections::BTreeSet;

use crate::model::Ungranted;
use crate::report::words;

/// Says which rights somebody cannot give.
#[must_use]
pub fn ungranted(why: &Ungranted) -> String {
    match why {
        Ungranted::Privileges(names) => format!("only somebody who has {} can give it", listed(names)),
        Ungranted::ToOneself(names) => format!("nobody can add to their own privileges; this would add {}", listed(names)),
        Ungranted::Role(role) => format!("only somebody who has the role `{role}` can give it"),
        Ungranted::RoleChange(role) => format!("only somebody who has the role `{role}` can change it"),
    }
}

/// Names in backticks, at most five of them.
fn listed(names: &BTreeSet<String>) -> String {
    words::few(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>(), 5)
}
