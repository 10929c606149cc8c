//! Fetches bearer tokens, and tells a token with something around it from a wrong one.

use std::path::Path;

use anyhow::Context as _;

use super::secrets;
use crate::model::{Secret, SecretRef};

/// Fetches a token: a single word, without anything around it.
///
/// # Errors
/// Fails if the secret cannot be fetched, or is more than a token. The error never contains the value.
pub(in crate::cli) fn fetch(reference: &SecretRef, roster: &Path) -> anyhow::Result<Secret> {
    let token = secrets::fetch(reference, roster)?;
    match fault(token.expose()) {
        None => Ok(token),
        Some(fault) => Err(anyhow::anyhow!("{fault}")).context("the token cannot be used"),
    }
}

/// Says what is around a token, and what to do; `None` if nothing is.
fn fault(text: &str) -> Option<&'static str> {
    if text.chars().all(|c| c.is_whitespace() || c.is_control()) {
        Some("it is empty: give the token")
    } else if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        Some("it begins with `Bearer `, which rosterctl adds itself: give the token alone")
    } else if text.contains(['\r', '\n']) {
        Some("it contains a line break: give the token alone, on one line")
    } else if ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote)) {
        Some("it is in quotes, which would be sent with it: give the token alone")
    } else if text.chars().any(|c| !c.is_ascii_graphic()) {
        Some("it contains a space, a letter with an accent, or a character that nobody can see: copy it again")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_with_something_around_it_is_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let fetched = |content: &[u8]| {
            std::fs::write(directory.path().join("token"), content).unwrap();
            let found = fetch(&SecretRef::File("token".into()), directory.path());
            found.map(|token| token.expose().to_owned()).map_err(|why| format!("{why:#}"))
        };
        assert_eq!(fetched(b"rc_word\r\n"), Ok("rc_word".to_owned()));
        let faults: [(&[u8], &str); 11] = [
            (b" \r\n", "is empty"),
            ("rc_w\u{f6}rd".as_bytes(), "an accent"),
            (b"\xef\xbb\xbfrc_word\n", "byte-order mark"),
            (b"\xff\xfer\0c\0", "byte-order mark"),
            (b"Bearer rc_word\n", "`Bearer `"),
            (b"bearer rc_word", "`Bearer `"),
            (b"\"rc_word\"\n", "in quotes"),
            (b"'rc_word'", "in quotes"),
            (b"rc_word\n\n", "line break"),
            (b"rc_word \n", "a space"),
            ("rc_\u{200b}word".as_bytes(), "nobody can see"),
        ];
        for (content, said) in faults {
            let why = fetched(content).unwrap_err();
            assert!(why.contains(said) && !why.contains("rc_"), "{why}");
        }
    }
}
