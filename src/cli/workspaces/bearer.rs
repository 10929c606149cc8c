//! Fetches bearer tokens, and tells a token with something around it from a wrong one.

use std::path::Path;

use super::secrets;
use crate::model::{Secret, SecretError, SecretRef, TokenFault};

/// Fetches a token: a single word, without anything around it.
///
/// # Errors
/// Fails if the secret cannot be fetched, or is more than a token. The error never contains the value.
pub(in crate::cli) fn fetch(reference: &SecretRef, roster: &Path) -> Result<Secret, SecretError> {
    let token = secrets::fetch(reference, roster)?;
    match fault(token.expose()) {
        None => Ok(token),
        Some(fault) => Err(SecretError::Token(fault)),
    }
}

/// Finds what is around a token; `None` if nothing is.
fn fault(text: &str) -> Option<TokenFault> {
    if text.chars().all(|c| c.is_whitespace() || c.is_control()) {
        Some(TokenFault::Empty)
    } else if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        Some(TokenFault::Bearer)
    } else if is_named(text) {
        Some(TokenFault::Named)
    } else if text.contains(['\r', '\n']) {
        Some(TokenFault::LineBreak)
    } else if ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote)) {
        Some(TokenFault::Quoted)
    } else {
        text.chars().any(|c| !c.is_ascii_graphic()).then_some(TokenFault::OddCharacter)
    }
}

/// Returns whether a token is written as a line of a file of variables, or of a request: `GLOW_TOKEN=…`, `Authorization: …`.
fn is_named(text: &str) -> bool {
    let line = text.strip_prefix("export ").unwrap_or(text);
    let is_variable = |name: &str| name.contains('_') && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_header = |name: &str| name.trim().eq_ignore_ascii_case("authorization");
    // Signs at the end of a token are padding.
    line.split_once('=').is_some_and(|(name, rest)| is_variable(name) && !rest.trim_start_matches('=').is_empty())
        || line.split_once(':').is_some_and(|(name, _)| is_header(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sentences::secret_error;

    #[test]
    fn a_token_with_something_around_it_is_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let fetched = |content: &[u8]| {
            std::fs::write(directory.path().join("token"), content).unwrap();
            let found = fetch(&SecretRef::File("token".into()), directory.path());
            found.map(|token| token.expose().to_owned()).map_err(|why| secret_error(&why))
        };
        assert_eq!(fetched(b"rc_word\r\n"), Ok("rc_word".to_owned()));
        for whole in ["QUJD_RA==", "rc_WORD=x", "ABC=x"] {
            assert_eq!(fetched(whole.as_bytes()), Ok(whole.to_owned()));
        }
        let faults: [(&[u8], &str); 14] = [
            (b"GLOW_TOKEN=rc_word\n", "the name of a variable"),
            (b"export GLOW_TOKEN=rc_word", "the name of a variable"),
            (b"Authorization: Bearer rc_word", "the name of a variable"),
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
