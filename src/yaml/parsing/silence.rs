//! Tells a written `null` from a line that nobody finished: only the first one clears a field.

use super::core_type::CoreType;
use super::tree::NodeRef;
use crate::yaml::problem::Problem;

/// The most characters of a comment that a hint repeats.
const SHOWN: usize = 40;

/// Describes a value that YAML reads as `null` although nobody wrote `null`; `None` if somebody did.
pub(in crate::yaml) fn unfinished(value: NodeRef<'_>, key: &str, is_required: bool) -> Option<Problem> {
    let cleared = |hint: &'static str| if is_required { "write the value" } else { hint };
    match value.text() {
        "null" => None,
        "" => Some(match swallowed(value, key).filter(can_be_repeated) {
            Some((text, effect)) => {
                Problem::new(format!("`{key}` has no value: {effect}"), format!("put the value in quotes: `{key}: \"{text}\"`"))
            }
            None => Problem::new(
                format!("`{key}` has no value"),
                if is_required {
                    "write the value after the colon"
                } else {
                    "write the value after the colon; to clear the field, write `null`; to leave it as it is, remove the key"
                },
            ),
        }),
        "~" => Some(Problem::new("`~` is not a value", cleared("write `null` to clear the field"))),
        word => Some(Problem::new(
            format!("without quotes, `{word}` means no value"),
            if is_required {
                format!("write `{key}: \"{word}\"` if that is the text")
            } else {
                format!("write `{key}: \"{word}\"` if that is the text, or `{key}: null` to clear the field")
            },
        )),
    }
}

/// Returns whether a value is `null`, or nothing at all: no text was meant that YAML does not read.
pub(in crate::yaml) fn is_silent(value: NodeRef<'_>) -> bool {
    let key = value.index().checked_sub(1).map(|index| value.sibling(index).text()).unwrap_or_default();
    value.is_null() && (!value.text().is_empty() || swallowed(value, key).is_none())
}

/// Describes a value that YAML does not read as a text where one must be; `None` if it is one, or if there is nothing at all.
pub(in crate::yaml) fn no_text(value: NodeRef<'_>, key: Option<&str>) -> Option<Problem> {
    let word = value.text();
    let pair = |text: &str| key.filter(|key| is_of(value, key)).map_or_else(|| format!("\"{text}\""), |key| format!("{key}: \"{text}\""));
    let meaning = match value.core_type() {
        CoreType::Text => return None,
        CoreType::Null if word.is_empty() => {
            let key = key?;
            let (text, effect) = swallowed(value, key).filter(can_be_repeated)?;
            return Some(Problem::new(format!("`{key}` has no value: {effect}"), format!("put the value in quotes: `{}`", pair(text))));
        }
        CoreType::Null => "means no value",
        CoreType::Flag(_) => "is a yes or no, not a text",
        CoreType::Number => "is a number, not a text",
    };
    Some(Problem::new(format!("without quotes, `{word}` {meaning}"), format!("write `{}` if that is the text", pair(word))))
}

/// Returns whether a node is the value of a key, and not one of several in a list. The key is the node before its value.
fn is_of(value: NodeRef<'_>, key: &str) -> bool {
    value.index().checked_sub(1).is_some_and(|index| value.sibling(index).is_scalar() && value.sibling(index).text() == key)
}

/// Returns whether a hint can repeat a text in double quotes.
fn can_be_repeated((text, _): &(&str, &'static str)) -> bool {
    text.chars().count() <= SHOWN && !text.contains(['"', '\\'])
}

/// Finds a text that YAML does not read as the value of a key, although it looks like one, and why: `color: #aa3355`.
fn swallowed<'t>(value: NodeRef<'t>, key: &str) -> Option<(&'t str, &'static str)> {
    let rest =
        value.sibling(value.index().checked_sub(1).filter(|_| is_of(value, key))?).rest_of_line().trim_start().strip_prefix(':')?.trim();
    let sign = rest.chars().next().unwrap_or(' ');
    let (text, effect) = if matches!(sign, '&' | '!') {
        let effect = if sign == '&' { "`&` begins an anchor" } else { "`!` begins a tag" };
        (rest.split([',', ']', '}']).next().unwrap_or(rest).trim(), effect)
    } else {
        let is_value = rest.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace() && c != '#'));
        (rest, is_value.then_some("`#` begins a comment")?)
    };
    Some((text, effect))
}
