//! Tells a written `null` from a line that nobody finished: only the first one clears a field.

use super::tree::NodeRef;
use crate::yaml::problem::Problem;

/// The most characters of a comment that a hint repeats.
const SHOWN: usize = 40;

/// Describes a value that YAML reads as `null` although nobody wrote `null`; `None` if somebody did.
pub(in crate::yaml) fn unfinished(value: NodeRef<'_>, key: &str) -> Option<Problem> {
    match value.text() {
        "null" => None,
        "" => Some(match swallowed(value, key) {
            Some((text, effect)) => {
                Problem::new(format!("`{key}` has no value: {effect}"), format!("put the value in quotes: `{key}: \"{text}\"`"))
            }
            None => Problem::new(
                format!("`{key}` has no value"),
                "write the value after the colon; to clear the field, write `null`; to leave it as it is, remove the key",
            ),
        }),
        "~" => Some(Problem::new("`~` is not a value", "write `null` to clear the field")),
        word => Some(Problem::new(
            format!("without quotes, `{word}` means no value"),
            format!("write `{key}: \"{word}\"` if that is the text, or `{key}: null` to clear the field"),
        )),
    }
}

/// Finds a text that YAML does not read as the value of a key, although it looks like one, and why: `color: #aa3355`.
fn swallowed<'t>(value: NodeRef<'t>, key: &str) -> Option<(&'t str, &'static str)> {
    // The key is the node before its value.
    let key = value.index().checked_sub(1).map(|index| value.sibling(index)).filter(|node| node.text() == key)?;
    let rest = key.rest_of_line().trim_start().strip_prefix(':')?.trim();
    let (text, effect) = if rest.starts_with('&') {
        (rest.split([',', ']', '}']).next().unwrap_or(rest).trim(), "`&` begins an anchor")
    } else {
        let is_value = rest.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace() && c != '#'));
        (rest, is_value.then_some("`#` begins a comment")?)
    };
    (text.chars().count() <= SHOWN && !text.contains(['"', '\\'])).then_some((text, effect))
}
