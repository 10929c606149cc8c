//! Values as YAML text that every reader understands alike: what YAML 1.1 takes for something else than text is put in quotes.

use std::fmt::Write as _;

use super::value::Value;
use super::visible::is_invisible;

/// Words that YAML 1.1 reads as a boolean or as null, in upper or lower case.
const RESERVED: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Returns a text as a scalar on one line, without quotes only if every reader of YAML 1.1 and 1.2 takes it for this text.
#[must_use]
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A value on one line.
#[must_use]
pub fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Flag(on) => on.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => scalar(text),
        Value::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// A value as a document: maps one entry a line, lists of scalars on one line. A key of more than 1,024 characters cannot be read back.
#[must_use]
pub fn document(value: &Value) -> String {
    match value {
        Value::Map(entries) if !entries.is_empty() => entries.iter().map(|(key, value)| entry(key, value, 0)).collect(),
        Value::List(items) if items.iter().any(Value::is_container) => item_lines(items, 0),
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => format!("{}\n", flow(value)),
    }
}

/// An entry of a block map, indented by so many spaces.
pub(super) fn entry(key: &str, value: &Value, indent: usize) -> String {
    let mut text = format!("{:indent$}{}:", "", scalar(key));
    let inner = indent + 2;
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            text.push('\n');
            text.extend(entries.iter().map(|(key, value)| entry(key, value, inner)));
        }
        Value::List(items) if items.iter().any(Value::is_container) => {
            text.push('\n');
            text.push_str(&item_lines(items, inner));
        }
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            text.push(' ');
            text.push_str(&flow(value));
            text.push('\n');
        }
    }
    text
}

/// The items of a block list, one a line.
fn item_lines(items: &[Value], indent: usize) -> String {
    let lines: Vec<String> = items.iter().map(|item| format!("{:indent$}- {}\n", "", flow(item))).collect();
    lines.concat()
}

/// Returns whether a text is the same without quotes for every reader: it begins with a letter, has no character that means anything in YAML, and is
/// not a reserved word. So numbers, dates and times (`12:30` is a number to YAML 1.1) are always quoted.
fn is_plain(text: &str) -> bool {
    let is_harmless = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '@' | '+' | '&' | '\'' | '(' | ')');
    text.starts_with(char::is_alphabetic)
        && !text.ends_with([' ', '-'])
        && text.chars().all(is_harmless)
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Returns a text in double quotes, with escapes for characters that are invisible or not allowed.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if is_invisible(c) || is_not_allowed(c) => {
                let number = u32::from(c);
                // Writing to a string cannot fail.
                let _ = if number > 0xffff { write!(out, "\\U{number:08X}") } else { write!(out, "\\u{number:04X}") };
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns whether a character may not be in a YAML file, or is a space that people take for another.
fn is_not_allowed(c: char) -> bool {
    u32::from(c) & 0xfffe == 0xfffe || (c.is_whitespace() && c != ' ')
}

#[cfg(test)]
mod tests;
