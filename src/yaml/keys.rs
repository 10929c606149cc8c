//! The words of the documents: what to suggest for a mistyped one, and which hold secrets.

use crate::model::Field;

use super::near::nearest;

/// The name of the type of a user's entry.
pub(crate) const USER: &str = "UserEntry";

/// Stands before a message about a value that must not be shown.
pub(crate) const HIDE: char = '\u{1}';

/// What to do about a secret in clear.
pub(crate) const SECRET_HINT: &str = "say where it is to be had: `{ env: NAME }`, `{ file: path }` or `{ command: [op, read, …] }`; and change it, git keeps what was committed";

/// What to do about a passcode in clear.
pub(crate) const PASSCODE_HINT: &str =
    "write `passcode: true`: one is generated and shown once; and change it, git keeps what was committed";

/// Whether a type of this name says whether there is a secret, and must not hold one.
pub(crate) fn is_passcode(type_name: &str) -> bool {
    type_name == "Passcode"
}

/// Whether a word only means to be `true` or `false`.
pub(crate) fn is_yes_or_no(word: &str) -> bool {
    ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&word.to_lowercase().as_str())
}

/// Keys that hold secrets, or would: the value of what may be one of them is never shown.
pub(crate) const SECRETS: [&str; 6] = ["token", "code_word", "initial_password", "passcode", "password", "secret"];

/// Whether an unknown key may be meant for one that holds a secret.
pub(crate) fn may_be_secret(word: &str) -> bool {
    // A word this short is near to none of them, and a hostile file may have very many.
    if word.len() < 3 {
        return false;
    }
    let word = word.to_lowercase().replace(['-', ' '], "_");
    SECRETS.iter().any(|key| word.contains(key)) || nearest(&word, &SECRETS).is_some()
}

/// Whether a type of this name refers to a secret.
pub(crate) fn is_secret(type_name: &str) -> bool {
    type_name == "SecretEntry"
}

/// The other name of a key that platforms call differently.
pub(crate) fn twin(key: &str) -> Option<&'static str> {
    Some(match key {
        "role" => "type",
        "type" => "role",
        "privileges" => "permissions",
        "permissions" => "privileges",
        _ => return None,
    })
}

/// Words in a sentence.
pub(crate) fn list<S: AsRef<str>>(words: &[S]) -> String {
    let shown: Vec<String> = words.iter().map(|w| format!("`{}`", w.as_ref())).collect();
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

/// Names in a sentence: all of them.
pub(crate) fn all(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "nobody".to_owned(),
    }
}

/// What to do about a key that a user can not have at this level.
pub(crate) fn suggest_user_key(word: &str, known: &[&str]) -> String {
    let deeper = Field::ALL.into_iter().map(Field::key).find(|key| key.rsplit_once('.').is_some_and(|(_, last)| last == word));
    match deeper.and_then(|key| key.rsplit_once('.')) {
        Some((above, _)) if known.contains(&above.split('.').next().unwrap_or_default()) => {
            format!("it stands under {}", above.split('.').map(|part| format!("`{part}:`")).collect::<Vec<_>>().join(" "))
        }
        _ => suggest(word, known),
    }
}

/// The nearest known word, or all of them.
pub(crate) fn suggest<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "none is known here".to_owned(),
        None => format!("known are: {}", known.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")),
    }
}

/// What this version does not read yet, although a later one will.
pub(crate) fn next_release(type_name: &str, key: &str) -> Option<String> {
    let what = match (type_name, key) {
        ("GuardsEntry", "coverage") => "guards.coverage",
        ("WorkspaceEntry" | "Document", "people") => "people",
        ("Document", "coverage") => "coverage",
        _ => return None,
    };
    Some(format!("this version does not read `{what}` yet"))
}
