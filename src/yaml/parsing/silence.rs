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
                "write the value after the colon; a field that may be empty is cleared with `null`, and without the key it stays as it is",
            ),
        }),
        "~" => Some(Problem::new("`~` is not a value", "write `null` to clear the field")),
        word => Some(Problem::new(
            format!("without quotes, `{word}` means no value"),
            format!("write `{key}: \"{word}\"` if that is the text, or `{key}: null` to clear the field"),
        )),
    }
}

/// Describes a value that YAML reads as `null` where a text must be; `None` if there is nothing at all.
pub(in crate::yaml) fn no_text(value: NodeRef<'_>, key: Option<&str>) -> Option<Problem> {
    let pair = |text: &str| key.map_or_else(|| format!("\"{text}\""), |key| format!("{key}: \"{text}\""));
    match value.text() {
        "" => {
            let key = key?;
            let (text, effect) = swallowed(value, key)?;
            Some(Problem::new(format!("`{key}` has no value: {effect}"), format!("put the value in quotes: `{}`", pair(text))))
        }
        word => {
            Some(Problem::new(format!("without quotes, `{word}` means no value"), format!("write `{}` if that is the text", pair(word))))
        }
    }
}

/// Finds a text that YAML does not read as the value of a key, although it looks like one, and why: `color: #aa3355`.
fn swallowed<'t>(value: NodeRef<'t>, key: &str) -> Option<(&'t str, &'static str)> {
    // The key is the node before its value.
    let key = value.index().checked_sub(1).map(|index| value.sibling(index)).filter(|node| node.text() == key)?;
    let rest = key.rest_of_line().trim_start().strip_prefix(':')?.trim();
    let sign = rest.chars().next().unwrap_or(' ');
    let (text, effect) = if matches!(sign, '&' | '!') {
        let effect = if sign == '&' { "`&` begins an anchor" } else { "`!` begins a tag" };
        (rest.split([',', ']', '}']).next().unwrap_or(rest).trim(), effect)
    } else {
        let is_value = rest.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace() && c != '#'));
        (rest, is_value.then_some("`#` begins a comment")?)
    };
    (text.chars().count() <= SHOWN && !text.contains(['"', '\\'])).then_some((text, effect))
}
