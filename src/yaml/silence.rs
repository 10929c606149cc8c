//! Tells a written `null` from a line that nobody finished: only the first one clears a field.

use super::problem::Problem;
use super::tree::NodeRef;

/// The most characters of a comment that a hint repeats.
const SHOWN: usize = 40;

/// Describes a value that YAML reads as `null` although nobody wrote `null`; `None` if somebody did.
pub(super) fn unfinished(value: NodeRef<'_>, key: &str) -> Option<Problem> {
    match value.text() {
        "null" => None,
        "" => Some(match comment(value, key) {
            Some(comment) => Problem::new(
                format!("`{key}` has no value: `#` begins a comment"),
                format!("put the value in quotes: `{key}: \"{comment}\"`"),
            ),
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

/// Finds a comment that looks like the value of a key: `color: #aa3355`.
fn comment<'t>(value: NodeRef<'t>, key: &str) -> Option<&'t str> {
    // The key is the node before its value.
    let key = value.index().checked_sub(1).map(|index| value.sibling(index)).filter(|node| node.text() == key)?;
    let comment = key.rest_of_line().trim_start().strip_prefix(':')?.trim();
    let is_value = comment.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace() && c != '#'));
    (is_value && comment.chars().count() <= SHOWN && !comment.contains(['"', '\\'])).then_some(comment)
}
