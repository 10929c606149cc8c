//! Finds the parts of any text that are secrets by their form, wherever they are: what a URL has before its `@` and behind its `?`, a password
//! before a host and port, and the secrets that this program itself makes.

use std::borrow::Cow;
use std::ops::Range;

use super::text::{Span, small};
use crate::model::OwnSecret;

/// The `@` behind a password with a blank is looked for in this number of characters.
const NEAR: usize = 200;

/// The least characters behind the prefix of one of our secrets that make it one, rather than its description.
const LEAST_SECRET: usize = 16;

/// Returns a text with `…` in the place of each part that is a secret by its form.
#[must_use]
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    if !may_have(text) {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for part in secret_parts(&chars) {
        out.extend(chars.get(from..part.start as usize).unwrap_or_default());
        out.push('…');
        from = part.end as usize;
    }
    out.extend(chars.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// Returns whether a text may have such a part: most have none, and nothing more is done for them.
pub(super) fn may_have(text: &str) -> bool {
    text.contains("//") || text.contains("\\/\\/") || text.contains('@') || OwnSecret::is_in(text)
}

/// Returns the parts of a text that are secrets by their form, in order.
pub(super) fn secret_parts(chars: &[char]) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut hide = |part: Range<usize>| {
        if !part.is_empty() {
            parts.push(Span { start: small(part.start), end: small(part.end) });
        }
    };
    let (mut at, mut word, mut colon) = (0, 0, None);
    while let Some(c) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        if let Some(end) = ["://", ":\\/\\/"].into_iter().find(|sign| begins(rest, sign)).map(str::len) {
            at = of_url(chars, at + end, &mut hide);
            (word, colon) = (at, None);
            continue;
        }
        if let Some(length) = own_secret(chars, at) {
            hide(at + PREFIX..at + length);
            at += length;
            continue;
        }
        match *c {
            '@' if is_host_and_port(chars.get(at + 1..).unwrap_or_default()) => hide(colon.map_or(word, |colon: usize| colon + 1)..at),
            ':' if colon.is_none() => colon = Some(at),
            c if c.is_whitespace() || c.is_control() => (word, colon) = (at + 1, None),
            _ if word == at && OPENINGS.contains(*c) => word = at + 1,
            _ => {}
        }
        at += 1;
    }
    parts
}

/// These may be before a word.
const OPENINGS: &str = "\"'`“‘([{<,-";

/// The length of the prefix of one of our secrets.
const PREFIX: usize = OwnSecret::Token.prefix().len();

/// Returns whether characters begin with a text.
fn begins(chars: &[char], text: &str) -> bool {
    let mut rest = chars.iter();
    text.chars().all(|c| rest.next() == Some(&c))
}

/// Returns the length of the secret of ours that begins at a character.
fn own_secret(chars: &[char], at: usize) -> Option<usize> {
    let rest = chars.get(at..).unwrap_or_default();
    OwnSecret::ALL.iter().find(|kind| begins(rest, kind.prefix()))?;
    let length = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).count();
    (length >= PREFIX + LEAST_SECRET).then_some(length)
}

/// Hides what is secret in a URL, from behind its scheme; returns where it ends.
fn of_url(chars: &[char], from: usize, hide: &mut impl FnMut(Range<usize>)) -> usize {
    let mut end = end_of(chars, from, from);
    let run = chars.get(from..end).unwrap_or_default();
    let mut behind = from;
    let (sign, query) = (run.iter().rposition(|c| *c == '@'), run.iter().position(|c| matches!(c, '?' | '#')));
    if let Some(sign) = sign {
        // An `@` behind a question mark can be the first sign of a secret.
        let rest = run.get(sign + 1..).unwrap_or_default();
        let is_over = query.is_none_or(|query| sign < query) || is_host_and_port(rest);
        hide(from..from + if is_over { sign } else { run.len() - closing(run) });
        behind = if is_over { from + sign + 1 } else { end };
    } else if let Some(password) = password_begins(run) {
        let line = chars.get(end..).unwrap_or_default().iter().take(NEAR).take_while(|c| **c != '\n');
        let sign = line.enumerate().find(|(_, c)| **c == '@').map(|(at, _)| end + at);
        let begin = if sign.is_some() { from } else { from + password };
        hide(begin..sign.unwrap_or(end));
        behind = sign.map_or(end, |sign| sign + 1);
        end = end_of(chars, behind, from);
    } else if run.ends_with(&['…']) && !run.contains(&'/') {
        // The text was cut, perhaps before the `@`.
        hide(from..end);
    }
    let rest = chars.get(behind..end).unwrap_or_default();
    if let Some(query) = rest.iter().position(|c| matches!(c, '?' | '#')) {
        let rest = chars.get(behind + query + 1..end).unwrap_or_default();
        hide(behind + query + 1..end - closing(rest));
    }
    end
}

/// Returns how many characters at the end of a URL close what is around it.
fn closing(run: &[char]) -> usize {
    run.iter().rev().take_while(|c| matches!(c, '}' | ']' | ')' | ',' | '"' | '\'' | '`')).count()
}

/// Returns where a URL ends, looked for from a character on: at a blank, or at a quote with which no secret in it begins.
fn end_of(chars: &[char], at: usize, begin: usize) -> usize {
    let mut end = at;
    while let Some(c) = chars.get(end) {
        let begins_secret = end == begin || matches!(end.checked_sub(1).and_then(|before| chars.get(before)), Some('?' | '#' | '='));
        let is_quote = matches!(c, '"' | '\'' | '`' | '<' | '>' | '”' | '’');
        if c.is_whitespace() || c.is_control() || (is_quote && !begins_secret) {
            break;
        }
        end += 1;
    }
    end
}

/// Returns where a password begins in an authority whose `@` is missing: behind a colon that no port follows.
fn password_begins(run: &[char]) -> Option<usize> {
    let host = if run.first() == Some(&'[') { run.iter().position(|c| *c == ']')? } else { 0 };
    let colon = host + run.get(host..)?.iter().position(|c| matches!(c, ':' | '/' | '?' | '#'))?;
    if run.get(colon) != Some(&':') {
        return None;
    }
    let rest = run.get(colon + 1..).unwrap_or_default();
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let is_port =
        digits > 0 && rest.get(digits).is_none_or(|c| matches!(c, '/' | '?' | '#' | ',' | '}' | ']' | ')' | '\\' | ':' | '.' | ';'));
    (!is_port).then_some(colon + 1)
}

/// Returns whether a host and a port follow.
fn is_host_and_port(chars: &[char]) -> bool {
    let host = chars.iter().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')).count();
    host > 0 && chars.get(host) == Some(&':') && chars.get(host + 1).is_some_and(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_queries_of_urls_are_hidden_and_the_rest_is_shown() {
        for (text, shown) in [
            ("`https://ada:pw@x.example/scim` is wrong", "`https://…@x.example/scim` is wrong"),
            ("smtps://a:p@w:/?#@h:587", "smtps://…@h:587"),
            ("https://token@x.example", "https://…@x.example"),
            ("https://x.example/scim?token=a&b=c", "https://x.example/scim?…"),
            ("{url: https://ada:pw@x?t=1}, b", "{url: https://…@x?…}, b"),
            ("\"https:\\/\\/ada:pw@x\"", "\"https:\\/\\/…@x\""),
            ("https://ada:p w@x.example/a", "https://…@x.example/a"),
            ("https://ada:\"pw\"@x.example/a", "https://…@x.example/a"),
            ("https://ada:hun…` and more", "https://ada:…` and more"),
            ("`https://long-tok…`", "`https://…`"),
            ("?t=\"pw\" https://h?t=\"pw\" b", "?t=\"pw\" https://h?…\" b"),
            ("`accounts:pw@smtp.x.example:587`", "`accounts:…@smtp.x.example:587`"),
            ("\"https://\"tok@x.example/a\"", "\"https://…@x.example/a\""),
            ("'https://x.example/a#'tok'", "'https://x.example/a#…'"),
            ("pw@smtp.x.example:587", "…@smtp.x.example:587"),
            ("x rctl_5XxwcqH-a_b-c5d6e7f8 y", "x rctl_… y"),
        ] {
            assert_eq!(without_secrets(text), shown, "{text}");
        }
        for open in [
            "https://x.example:8080/scim/v2",
            "http://[::1]:8/a, http://localhost:80.",
            "write `https://`; `http://` is allowed",
            "{ url: https://h, main_admin: ada@x.example }",
            "{\"url\":\"https://h\",\"main_admin\":\"ada@x.example\"}",
            "`sms: { url: https://…, token: { env: NAME } }`",
            "ada@x.example: 5, mailto:ada@x.example",
            "the prefix `rctl_` and rset_x",
        ] {
            assert_eq!(without_secrets(open), open);
        }
    }
}
