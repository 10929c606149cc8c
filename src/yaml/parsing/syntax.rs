//! Describes text that is not YAML: where the mistake really is, and what to type instead.

use super::quotes;
use super::slip;
use crate::yaml::finding::Finding;
use crate::yaml::text::{Span, small};

/// The advice on what to do about anchors and aliases.
pub(super) const IN_FULL: &str = "write the values out in full";

/// The most characters of a text that a hint repeats.
const SHOWN: usize = 40;

/// Said of a bracket that is not closed.
const CLOSE: &str = "close the bracket, and check that the entries are separated by commas";

/// Describes what the parser found; `bracket` is the innermost one that is open.
pub(in crate::yaml) fn syntax(text: &str, span: Span, info: &str, bracket: Option<Span>) -> Finding {
    if let Some(span) = quotes::near(text, span, info.contains("quot")) {
        return Finding::new("syntax", span, format!("not valid YAML: {}", quotes::MESSAGE)).hint(quotes::HINT).syntax();
    }
    if let Some((span, hint)) = unquoted(text, span, info, bracket) {
        return Finding::new("syntax", span, format!("not valid YAML: {info}")).hint(hint).syntax();
    }
    if bracket.is_none()
        && (info.contains("mapping values") || info.contains("simple key"))
        && let Some(slip) = slip::near(text, span)
    {
        return Finding::new("syntax", slip.span, format!("not valid YAML: {}", slip.message)).hint(slip.hint).syntax();
    }
    let is_at_the_end = text.chars().skip(span.start as usize).all(char::is_whitespace);
    let (span, also) = match bracket {
        Some(bracket) if is_at_the_end => (bracket, None),
        _ if info.contains("tab") || info.contains("valid YAML whitespace") => (tab(text, span).unwrap_or(span), bracket),
        _ => (span, bracket),
    };
    let hint = match info {
        i if i.contains("tab") => "indent with spaces",
        i if i.contains("valid YAML whitespace") && tab(text, span).is_some() => "put a space after the colon, not a tab",
        i if i.contains("byte order mark") => "remove the invisible character U+FEFF: the file from which this text came began with it",
        _ if is_second_comma(text, span) => "remove one of the commas",
        _ if bracket.is_some() && is_at(text, span, &[':']) => {
            "put a comma between the entries; put the text in quotes if it contains `: `"
        }
        i if i.contains("escape") || i.contains("hexadecimal") => {
            "in double quotes, `\\` begins an escape: write `\\\\` for it, or use single quotes"
        }
        i if i.contains("trailing content") => "put all of the text in one pair of quotes",
        i if i.contains("quot") => "close the quotes",
        _ if bracket.is_some() => CLOSE,
        i if i.contains("simple key") => "a key needs a colon and a space after it; check the line above, too",
        i if i.contains("mapping values") => "put the text in quotes if it contains `: `; line a key up with the keys around it",
        i if i.contains("block sequence") => "put the text in quotes if it begins with `- `; begin a list on the next line",
        i if i.contains("indent") => "line it up with the lines around it",
        i if i.contains("flow") || i.contains("',' or") => CLOSE,
        i if i.contains("unknown anchor") => IN_FULL,
        _ => "check the quotes, brackets and indentation, here and in the line above",
    };
    let finding = Finding::new("syntax", span, format!("not valid YAML: {info}")).hint(hint).syntax();
    match also {
        Some(bracket) if hint == CLOSE => finding.also(bracket, "this bracket is not closed"),
        Some(_) | None => finding,
    }
}

/// Finds a value without quotes that begins with a sign of YAML's own, with the advice to put it in quotes.
fn unquoted(text: &str, span: Span, info: &str, bracket: Option<Span>) -> Option<(Span, String)> {
    let start = span.start as usize;
    let (at, effect) = if info.contains("unexpected character") {
        let sign = text.chars().nth(start).filter(|c| matches!(c, '@' | '`' | '%'))?;
        let sign = if sign == '`' { "a backtick".to_owned() } else { format!("`{sign}`") };
        (start, format!("a text cannot begin with {sign} without them"))
    } else if info.contains("unknown anchor") {
        text.chars().nth(start).filter(|c| *c == '*')?;
        (start, "without them, `*` refers to an anchor".to_owned())
    } else if info.contains("anchor or alias") || info.contains("expected comment or line break") {
        let sign = text.chars().nth(start).filter(|c| matches!(c, '&' | '*' | '|' | '>'))?;
        let effect = match sign {
            '&' => "begins an anchor",
            '*' => "refers to an anchor",
            _ => "begins a text on the next line",
        };
        (start, format!("without them, `{sign}` {effect}"))
    } else if let Some(found) = indicator(text, start) {
        found
    } else {
        (comment(text, start, bracket)?, "without them, `#` begins a comment".to_owned())
    };
    let word: String = text.chars().skip(at).take_while(|c| !matches!(c, ',' | ']' | '}' | '"' | '\\' | '`') && !c.is_control()).collect();
    let example = Some(word.trim()).filter(|word| !word.is_empty() && !word.contains(": ") && word.chars().count() <= SHOWN);
    let example = example.map_or_else(String::new, |word| format!(", such as `\"{word}\"`"));
    Some((Span { start: small(at), end: small(at + 1) }, format!("put the text in quotes{example}: {effect}")))
}

/// Finds a sign with which no text can begin, directly behind the colon of its key.
fn indicator(text: &str, start: usize) -> Option<(usize, String)> {
    let line_before: String = text.chars().take(start).collect();
    let is_value = line_before.trim_end_matches([' ', '\t']).ends_with(':') && line_before.ends_with([' ', '\t']);
    let mut here = text.chars().skip(start);
    let (sign, next) = (here.next()?, here.next().unwrap_or(' '));
    let shown = match sign {
        ',' => ",",
        '-' if next == ' ' => "- ",
        '?' if next == ' ' => "? ",
        ':' if next == ' ' => ": ",
        _ => return None,
    };
    is_value.then(|| (start, format!("a text cannot begin with `{shown}` without them")))
}

/// Returns whether one of these signs is at a place.
fn is_at(text: &str, span: Span, signs: &[char]) -> bool {
    text.chars().nth(span.start as usize).is_some_and(|c| signs.contains(&c))
}

/// Returns whether a comma has no value before it.
fn is_second_comma(text: &str, span: Span) -> bool {
    let before: String = text.chars().take(span.start as usize).collect();
    is_at(text, span, &[',']) && before.trim_end().ends_with([',', '[', '{'])
}

/// Finds a `#` that begins a comment where a value should be, behind an open bracket in the same line.
fn comment(text: &str, start: usize, bracket: Option<Span>) -> Option<usize> {
    let from = bracket.map_or_else(|| start.saturating_sub(1), |bracket| bracket.start as usize);
    let line = || text.chars().skip(from).take_while(|c| *c != '\n');
    let next = line().skip(1).chain([' ']);
    let mut before = ' ';
    for (at, (c, next)) in line().zip(next).enumerate() {
        if c == '#' && !next.is_whitespace() && (before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':')) {
            return Some(from + at);
        }
        before = c;
    }
    None
}

/// Finds the tab that the parser complains about: just before the place it names, or the next one, which ended a scalar.
fn tab(text: &str, span: Span) -> Option<Span> {
    let start = span.start as usize;
    let before = start.checked_sub(1).filter(|before| text.chars().nth(*before) == Some('\t'));
    let after = || text.chars().skip(start).position(|c| c == '\t').map(|more| start + more);
    let at = before.or_else(after)?;
    Some(Span { start: small(at), end: small(at + 1) })
}
