//! Secrets in what a server sends back: they are taken out before anybody reads it, since errors are shown and kept.

use bytes::Bytes;
use serde_json::Value;

/// A shorter secret could be a part of any other text.
const SHORTEST: usize = 4;

/// Replaces a secret.
const HIDDEN: &str = "[secret]";

/// Of a token of [`LONG`] bytes or more, so many of the first or the last ones are replaced, too: the rest was cut off.
const PART: usize = 8;
const LONG: usize = 16;

/// Replaces a token in the answer of a server, also where its beginning or its end was cut off.
pub(super) fn hide_token(text: Bytes, token: &str) -> Bytes {
    replace(text, token, if token.len() < LONG { token.len() } else { PART })
}

/// Replaces a secret in the answer of a server, also in capitals, and as JSON, HTML and addresses write it.
fn hide(text: Bytes, secret: &str) -> Bytes {
    replace(text, secret, secret.len())
}

/// Replaces a secret of which at least so many bytes at its beginning or its end are there.
fn replace(text: Bytes, secret: &str, least: usize) -> Bytes {
    if secret.len() < SHORTEST {
        return text;
    }
    let secret = secret.as_bytes();
    let (mut kept, mut copied, mut at) = (Vec::new(), 0, 0);
    while at < text.len() {
        let Some(end) = part_at(&text, at, secret, least) else {
            at += 1;
            continue;
        };
        kept.extend_from_slice(&text[copied..at]);
        kept.extend_from_slice(HIDDEN.as_bytes());
        (copied, at) = (end, end);
    }
    if copied == 0 {
        return text;
    }
    kept.extend_from_slice(&text[copied..]);
    kept.into()
}

/// Returns where the part of a secret ends that begins at a place of a text: its first bytes, or its last ones.
fn part_at(text: &[u8], at: usize, secret: &[u8], least: usize) -> Option<usize> {
    let (count, end) = written(text, at, secret);
    if count >= least {
        return Some(end);
    }
    let lasts = (1..=secret.len() - least).map(|from| &secret[from..]);
    lasts.map(|last| (last.len(), written(text, at, last))).find(|(length, (count, _))| count == length).map(|(_, (_, end))| end)
}

/// Returns how many bytes of a secret are written at a place of a text, and where they end.
fn written(text: &[u8], start: usize, secret: &[u8]) -> (usize, usize) {
    let mut at = start;
    for (count, byte) in secret.iter().enumerate() {
        let Some(length) = text.get(at..).and_then(|rest| form_of(rest, *byte)) else { return (count, at) };
        at += length;
    }
    (secret.len(), at)
}

/// The length of the form in which a text begins with a byte.
fn form_of(text: &[u8], byte: u8) -> Option<usize> {
    // A backslash, `%` and `&` can begin the form of themselves.
    let escaped = match text.first()? {
        b'%' => text.get(1..3).filter(|digits| means(number(digits, 16), byte)).map(|_| 3),
        b'&' => entity(text, byte),
        b'\\' => match text.get(1)? {
            b'u' => text.get(2..6).filter(|digits| means(number(digits, 16), byte)).map(|_| 6),
            next => (*next == byte && [b'"', b'\\', b'/'].contains(&byte)).then_some(2),
        },
        first => return (is_same(*first, byte) || (*first == b'+' && byte == b' ')).then_some(1),
    };
    escaped.or_else(|| (text.first() == Some(&byte)).then_some(1))
}

/// Returns whether two bytes are one letter: a server may write a secret in capitals.
const fn is_same(one: u8, other: u8) -> bool {
    one.eq_ignore_ascii_case(&other)
}

fn means(number: Option<u32>, byte: u8) -> bool {
    number.and_then(|number| u8::try_from(number).ok()).is_some_and(|number| is_same(number, byte))
}

/// The length of the HTML entity with which a text begins, if it means a byte.
fn entity(text: &[u8], byte: u8) -> Option<usize> {
    let end = text.iter().take(10).position(|c| *c == b';')?;
    let name = &text[1..end];
    let number = match name.to_ascii_lowercase().as_slice() {
        b"amp" => Some(u32::from(b'&')),
        b"quot" => Some(u32::from(b'"')),
        b"apos" => Some(u32::from(b'\'')),
        b"lt" => Some(u32::from(b'<')),
        b"gt" => Some(u32::from(b'>')),
        [b'#', b'x', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => None,
    };
    means(number, byte).then_some(end + 1)
}

fn number(digits: &[u8], base: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, base).ok()
}

/// The members of requests that are secrets.
const SENT: [&str; 3] = ["password", "codeWord", "confirmPhone"];

/// Replaces the secrets of a request in its answer.
pub(super) fn hide_sent(text: Bytes, request: &Value) -> Bytes {
    SENT.iter().filter_map(|name| request.get(name)?.as_str()).fold(text, hide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_in_every_form_and_everything_else_stays() {
        let hidden = |text: &str, secret: &str| String::from_utf8(hide(Bytes::copy_from_slice(text.as_bytes()), secret).to_vec()).unwrap();
        assert_eq!(hidden("Bearer tok-1/2 tok-1/2, tok-1", "tok-1/2"), "Bearer [secret] [secret], tok-1");
        assert_eq!(hidden(r#"{"detail":"tok-1\/2 \"a\""}"#, "tok-1/2"), r#"{"detail":"[secret] \"a\""}"#);
        assert_eq!(hidden(r#"{"detail":"no a\"b\\c"}"#, "a\"b\\c"), r#"{"detail":"no [secret]"}"#);
        assert_eq!(hidden("a token", "t"), "a token", "what is in every text hides nothing");
        assert_eq!(hidden("nothing", "tok-1"), "nothing");
        assert_eq!(hidden("a%2Bb%2fc%22d&quot;e&#43;", "a+b/c\"d\"e+"), "[secret]");
        assert_eq!(hidden("100%25 of 50% & &amp; a", "50% & & a"), "100%25 of [secret]");
        assert_eq!(hidden("tok-SECRET-12...", "tok-SECRET-123+/a==\""), "tok-SECRET-12...", "only a token is known by its start");
        let token =
            |text: &str| String::from_utf8(hide_token(Bytes::copy_from_slice(text.as_bytes()), "tok-SECRET-123+/a==\"").to_vec()).unwrap();
        assert_eq!(token("url tok-SECRET-123%2B/a%3D%3D%22, tok-SECRET-123+/a==&quot;"), "url [secret], [secret]");
        assert_eq!(token("tok-SECRET-12... tok-SECR, tok-SEC"), "[secret]... [secret], tok-SEC");
        assert_eq!(token("TOK-SECRET-123%2b%2fA%3d%3D%22 tok-secret-123+/a==\"!"), "[secret] [secret]!");
        assert_eq!(token("TOK-SECRET-123+/A==&QUOT; tok-SECR...123+/a==&#34; (23+/a==\")"), "[secret] [secret]...[secret] ([secret])");
        assert_eq!(token("3+/a==\" SECRET-12"), "3+/a==\" SECRET-12", "seven bytes, and a part of neither end, could be anything");
        let request =
            serde_json::json!({ "userName": "ann", "password": "first-one", "codeWord": "willow", "confirmPhone": "+16025550100" });
        let said = hide_sent(Bytes::from_static(b"ann: first-one is too weak, so is willow, +16025550100"), &request);
        assert_eq!(said, "ann: [secret] is too weak, so is [secret], [secret]");
    }
}
