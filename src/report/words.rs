//! How values, amounts and counts are put into words.

use crate::model::{Action, Field, PlatformId, Subject, Value};
use crate::platform;

use super::People;
use super::clean::clean;

/// What stands for no value.
pub(super) const NOTHING: &str = "(none)";

/// A value in words, safe to show.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Unset => NOTHING.to_owned(),
        Value::Text(text) if text.is_empty() => NOTHING.to_owned(),
        Value::Text(text) => clean(text),
        Value::Flag(on) => if *on { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::List(entries) => list(entries),
        Value::Set(entries) => list(entries),
        Value::Changes(changes) => {
            let parts: Vec<String> = changes
                .grant
                .iter()
                .map(|g| format!("+{}", clean(g)))
                .chain(changes.revoke.iter().map(|r| format!("−{}", clean(r))))
                .collect();
            if parts.is_empty() { NOTHING.to_owned() } else { parts.join(", ") }
        }
    }
}

/// Entries with commas between them.
pub(super) fn list<'a, T: AsRef<str> + 'a>(entries: impl IntoIterator<Item = &'a T>) -> String {
    let entries: Vec<String> = entries.into_iter().map(|e| clean(e.as_ref())).collect();
    if entries.is_empty() { NOTHING.to_owned() } else { entries.join(", ") }
}

/// The label of a field: its YAML key on the platform, as words, without the group it stands in.
pub(super) fn label(platform: &PlatformId, field: Field) -> String {
    let key = platform::of(platform).catalog().yaml_key(field);
    spaced(key.split_once('.').map_or(key, |(_, rest)| rest))
}

/// A key as words.
pub(super) fn spaced(key: &str) -> String {
    clean(&key.replace(['.', '_'], " "))
}

/// An action as words.
pub(super) fn action(action: Action) -> String {
    action.as_str().replace('-', " ")
}

/// Whom or what something is about: a person with name and address where the name is known.
pub(super) fn subject(subject: &Subject, workspace: &str, people: &People) -> String {
    match subject {
        Subject::Workspace => "the workspace".to_owned(),
        Subject::Clinic(key) => format!("clinic {}", clean(key)),
        Subject::Role(key) => format!("role {}", clean(key)),
        Subject::Employee(key) => format!("employee record {}", clean(key)),
        Subject::User(email) => match people.name(workspace, email) {
            Some(name) => format!("{} <{email}>", clean(name)),
            None => email.to_string(),
        },
    }
}

/// US cents as dollars: `38.00 USD`.
pub(super) fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let whole = cents.unsigned_abs();
    format!("{sign}{}.{:02} USD", whole / 100, whole % 100)
}

/// US cents as a difference: `+38.00 USD`.
pub(super) fn difference(cents: i64) -> String {
    if cents > 0 { format!("+{}", dollars(cents)) } else { dollars(cents) }
}

/// `1 seat`, `2 seats`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_sign_and_two_places() {
        assert_eq!(dollars(22_800), "228.00 USD");
        assert_eq!(dollars(-5), "-0.05 USD");
        assert_eq!(difference(3_800), "+38.00 USD");
        assert_eq!(difference(i64::MIN), "-92233720368547758.08 USD");
    }
}
