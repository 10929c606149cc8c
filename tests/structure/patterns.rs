//! Reads the `match` expressions and `matches!` calls of a source file, as far as a check of patterns needs them.

use crate::source::Source;

/// A word or sign of the source, with its line.
#[derive(Clone, Copy)]
pub(crate) struct Token<'a> {
    pub(crate) line: usize,
    pub(crate) text: &'a str,
}

/// The patterns of one `match` or `matches!`: each without its guard, and whether it has one.
pub(crate) struct Match<'t> {
    pub(crate) line: usize,
    pub(crate) is_macro: bool,
    pub(crate) arms: Vec<Arm<'t>>,
}

/// One arm's pattern.
pub(crate) struct Arm<'t> {
    pub(crate) pattern: &'t [Token<'t>],
    pub(crate) is_guarded: bool,
}

/// Splits the code of a file into tokens; comments, strings and items for tests are left out.
pub(crate) fn tokens(source: &Source) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut inside: Option<String> = None;
    for (line, text) in source.code() {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(end) = &inside {
                let Some(after) = past_end(rest, end) else { break };
                rest = after;
                inside = None;
                found.push(Token { line, text: "\"\"" });
                continue;
            }
            if rest.starts_with("//") {
                break;
            }
            if let Some((begin, end)) = string_begin(rest) {
                rest = &rest[begin..];
                inside = Some(end);
                continue;
            }
            let length = token_length(rest, first);
            if !first.is_whitespace() {
                found.push(Token { line, text: &rest[..length] });
            }
            rest = &rest[length..];
        }
    }
    found
}

/// The length of a string's opening and what closes it, where a string begins.
fn string_begin(text: &str) -> Option<(usize, String)> {
    let at = text.strip_prefix('b').unwrap_or(text);
    let skipped = text.len() - at.len();
    if at.starts_with('"') {
        return Some((skipped + 1, "\"".to_owned()));
    }
    let raw = at.strip_prefix('r')?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    raw[hashes..].starts_with('"').then(|| (skipped + 1 + hashes + 1, format!("\"{}", "#".repeat(hashes))))
}

/// Returns what follows a string's end on this line.
fn past_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    if end.len() > 1 {
        return text.find(end).map(|at| &text[at + end.len()..]);
    }
    let mut escaped = false;
    let at = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some(&text[at + 1..])
}

fn token_length(text: &str, first: char) -> usize {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    if word(first) {
        return text.find(|c| !word(c)).unwrap_or(text.len());
    }
    if first == '\'' {
        return quoted_length(text);
    }
    for sign in ["=>", "::", "..="] {
        if text.starts_with(sign) {
            return sign.len();
        }
    }
    if text.starts_with("..") { 2 } else { first.len_utf8() }
}

/// The length of a character or of a lifetime.
fn quoted_length(text: &str) -> usize {
    let inner = &text[1..];
    if let Some(escape) = inner.strip_prefix('\\') {
        let skip = escape.chars().next().map_or(0, char::len_utf8);
        return escape[skip..].find('\'').map_or(text.len(), |at| 2 + skip + at + 1);
    }
    let first = inner.chars().next().map_or(0, char::len_utf8);
    if inner[first..].starts_with('\'') {
        return 1 + first + 1;
    }
    1 + inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inner.len())
}

/// Every `match` and `matches!`, nested ones on their own as well.
pub(crate) fn matches<'t>(tokens: &'t [Token<'t>]) -> Vec<Match<'t>> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = |n: usize| tokens.get(at + n).map_or("", |t| t.text);
        if token.text == "match" {
            let Some(scrutinee) = split(&tokens[at + 1..], "{").first().copied() else { continue };
            found.push(Match { line: token.line, is_macro: false, arms: arms(group(tokens, at + 1 + scrutinee.len())) });
        } else if token.text == "matches" && next(1) == "!" && next(2) == "(" {
            let inside = group(tokens, at + 2);
            let pattern =
                split(inside, ",").split_first().map(|(value, _)| &inside[(value.len() + 1).min(inside.len())..]).unwrap_or_default();
            found.push(Match { line: token.line, is_macro: true, arms: vec![arm(pattern)] });
        }
    }
    found
}

/// Counts a bracket.
fn count(depth: &mut i32, text: &str) {
    match text {
        "(" | "[" | "{" => *depth += 1,
        ")" | "]" | "}" => *depth -= 1,
        _ => {}
    }
}

/// The tokens between the bracket at `open` and the one that closes it.
pub(crate) fn group<'t>(tokens: &'t [Token<'t>], open: usize) -> &'t [Token<'t>] {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        count(&mut depth, token.text);
        if depth == 0 {
            return &tokens[open + 1..at];
        }
    }
    &tokens[open + 1..]
}

/// Splits at a sign outside of brackets.
pub(crate) fn split<'t>(tokens: &'t [Token<'t>], sign: &str) -> Vec<&'t [Token<'t>]> {
    let mut depth = 0;
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        if depth == 0 && token.text == sign {
            parts.push(&tokens[from..at]);
            from = at + 1;
        }
        count(&mut depth, token.text);
    }
    if from < tokens.len() {
        parts.push(&tokens[from..]);
    }
    parts
}

fn arms<'t>(mut rest: &'t [Token<'t>]) -> Vec<Arm<'t>> {
    let mut found = Vec::new();
    loop {
        while rest.first().is_some_and(|t| t.text == "#") {
            rest = &rest[(1 + group(rest, 1).len() + 2).min(rest.len())..];
        }
        let Some(pattern) = split(rest, "=>").first().copied().filter(|pattern| pattern.len() < rest.len()) else { return found };
        found.push(arm(pattern));
        rest = &rest[pattern.len() + 1..];
        let body = if rest.first().is_some_and(|t| t.text == "{") {
            group(rest, 0).len() + 2
        } else {
            split(rest, ",").first().map_or(0, |body| body.len())
        };
        rest = &rest[body.min(rest.len())..];
        if rest.first().is_some_and(|t| t.text == ",") {
            rest = &rest[1..];
        }
    }
}

fn arm<'t>(pattern: &'t [Token<'t>]) -> Arm<'t> {
    let parts = split(pattern, "if");
    Arm { pattern: parts.first().copied().unwrap_or_default(), is_guarded: parts.len() > 1 }
}
