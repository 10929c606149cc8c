//! Secrets in what a server sends back: they are taken out before anybody reads it, since errors are shown and kept.

use bytes::Bytes;
use serde_json::Value;

/// A shorter secret could be a part of any other text.
const SHORTEST: usize = 4;

/// Replaces a secret.
const HIDDEN: &str = "[secret]";

/// Replaces a secret in the answer of a server, also as JSON writes it.
pub(super) fn hide(text: Bytes, secret: &str) -> Bytes {
    if secret.len() < SHORTEST {
        return text;
    }
    let quoted = Value::from(secret).to_string();
    let quoted = quoted.trim_matches('"');
    let forms = [secret.to_owned(), quoted.to_owned(), quoted.replace('/', "\\/")];
    let is_in = |form: &String| text.windows(form.len()).any(|part| part == form.as_bytes());
    if !forms.iter().any(is_in) {
        return text;
    }
    let said = String::from_utf8_lossy(&text).into_owned();
    forms.iter().fold(said, |said, form| said.replace(form.as_str(), HIDDEN)).into()
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
        let request =
            serde_json::json!({ "userName": "ann", "password": "first-one", "codeWord": "willow", "confirmPhone": "+16025550100" });
        let said = hide_sent(Bytes::from_static(b"ann: first-one is too weak, so is willow, +16025550100"), &request);
        assert_eq!(said, "ann: [secret] is too weak, so is [secret], [secret]");
    }
}
