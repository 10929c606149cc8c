//! The keys of the documents: which ones hold secrets, and what to say about keys that a map does not have.

use crate::model::{BlockReason, Field, Kind};
use crate::yaml::{KeyAdvice, Problem, SecretWords, UnknownKey, suggest, unknown_key};

/// Keys that hold secrets, or would.
pub(in crate::manifest) const SECRETS: SecretWords =
    SecretWords(&["token", "code_word", "initial_password", "passcode", "password", "secret"]);

/// The other name of a key that platforms call differently.
pub(in crate::manifest) fn twin(key: &str) -> Option<&'static str> {
    let (field, is_other) = crate::manifest::said::field(key)?;
    let definition = field.definition();
    definition.also.map(|(other, _)| if is_other { definition.key } else { other })
}

/// Lists all names in a sentence.
pub(in crate::manifest) fn all(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "nobody".to_owned(),
    }
}

/// Says that this version does not support something yet, although a later one will.
pub(in crate::manifest) fn next_release(what: &str) -> String {
    format!("this version does not support `{what}` yet")
}

/// The keys of a workspace's document.
pub(in crate::manifest) struct WorkspaceKeys;

impl KeyAdvice for WorkspaceKeys {
    fn advise(&self, key: UnknownKey<'_>) -> Option<(&'static str, Problem)> {
        let what = match (key.parent, key.word) {
            (None, "people") => "people",
            (Some("guards"), "coverage") => "guards.coverage",
            _ => return None,
        };
        Some(("next-release", Problem::new(next_release(what), "remove it for now")))
    }
}

/// The keys that a user can have on a platform.
pub(in crate::manifest) struct UserKeys<'k>(pub(in crate::manifest) &'k [&'static str]);

impl KeyAdvice for UserKeys<'_> {
    fn advise(&self, key: UnknownKey<'_>) -> Option<(&'static str, Problem)> {
        let known = if self.0.is_empty() { key.known } else { self.0 };
        key.parent.is_none().then(|| ("unknown-key", unknown_key(key.word, suggest_user_key(key.word, known))))
    }

    fn value_of(&self, key: &str) -> Option<String> {
        match key {
            "blocked" => {
                let reasons: Vec<&str> = BlockReason::ALL.iter().map(|reason| reason.as_str()).collect();
                let first = reasons.first().copied().unwrap_or_default();
                Some(format!("write `blocked: {{ reason: {first} }}`; the reasons are {}; `other` requires a `note`", reasons.join(", ")))
            }
            "service" => Some("write `service: { owner: name@practice.example }`, with the person who answers for the account".to_owned()),
            _ => is_text_or_no(key).then(|| "write the address, or `false`".to_owned()),
        }
    }
}

/// Whether the last part of a field's key is this one, and `false` is a value of the field beside texts.
fn is_text_or_no(key: &str) -> bool {
    let fields = Field::ALL.into_iter().filter(|field| field.definition().kind == Kind::TextOrNo);
    fields.map(Field::key).any(|whole| whole.rsplit('.').next() == Some(key))
}

/// Says what to do about a key that a user cannot have at this level.
fn suggest_user_key(word: &str, known: &[&str]) -> String {
    let deeper = Field::ALL.into_iter().map(Field::key).find(|key| key.rsplit_once('.').is_some_and(|(_, last)| last == word));
    match deeper.and_then(|key| key.rsplit_once('.')) {
        Some((above, _)) if known.contains(&above.split('.').next().unwrap_or_default()) => {
            format!("it belongs under {}", above.split('.').map(|part| format!("`{part}:`")).collect::<Vec<_>>().join(" "))
        }
        _ => suggest(word, known),
    }
}
