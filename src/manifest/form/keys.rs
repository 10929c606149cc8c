//! The keys of the documents: which ones hold secrets, and what to say about keys that a map does not have.

use super::leaving::{self, Here, SaidAccess};
use crate::model::{BLOCKED, BlockReason, Field, GROUPS, Guards, Kind, Status, StepValue, scim_address};
use crate::platform::is_key;
use crate::yaml::{KeyAdvice, NodeRef, Problem, SecretPlace, SecretWords, UnknownKey, is_seen, nearest, suggest, unknown_key};

/// Keys that hold secrets, or would.
pub(in crate::manifest) const SECRETS: SecretWords = SecretWords {
    keys: &["token", "code_word", "initial_password", "passcode", "password", "secret"],
    others: &[
        "api_key",
        "apikey",
        "access_key",
        "private_key",
        "auth",
        "authorization",
        "bearer",
        "credential",
        "credentials",
        "passphrase",
        "passwd",
        "pwd",
        "pin",
    ],
    // Keys of a list of users and of a runbook.
    harmless: &["taken", "set-code-word", "generate-passcode"],
    places: &[("env", SecretPlace::Variable), ("file", SecretPlace::Text), ("command", SecretPlace::Texts), ("renew", SecretPlace::Time)],
    allowed: &["allowed"],
};

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
            (None, _) if is_list_of_leavers(key) => {
                let hint = format!("write `{}` for each of these users, under `users`", leaving::inactive(Here::new(&["status"])));
                return Some(("unknown-key", unknown_key(key.word, hint)));
            }
            _ => return None,
        };
        Some(("next-release", Problem::new(next_release(what), "remove it for now")))
    }

    fn value_of(&self, key: Option<&str>, value: NodeRef<'_>) -> Option<String> {
        match (key?, value.text()) {
            ("connection", _) if !value.is_scalar() => None,
            ("connection", "scim") => {
                let address = scim_address("https://SERVER", "WORKSPACE");
                Some(format!("write `connection: {{ scim: {{ url: \"{address}\", token: {{ env: NAME }} }} }}`"))
            }
            ("connection", "snapshot") => Some("write `connection: { snapshot: snapshots/WORKSPACE.yaml }`".to_owned()),
            ("guards", _) => {
                let count = Guards::USUAL.removals_count;
                Some(format!("write the limits, such as `guards: {{ removals: {{ count: {count} }} }}`; nothing turns the guards off"))
            }
            ("removals", count) => {
                let count = count.parse().unwrap_or(Guards::USUAL.removals_count);
                Some(format!(
                    "write how many people may lose access in one plan, as `removals: {{ count: {count} }}`; nothing turns the guard off"
                ))
            }
            ("administrators", least) => {
                let least = least.parse().unwrap_or(Guards::USUAL.administrators_at_least);
                Some(format!("write how many administrators must stay, as `administrators: {{ at_least: {least} }}`"))
            }
            ("connection", _) => Some("write `connection: { embedded: {} }`, or use `scim` or `snapshot` there".to_owned()),
            ("clinics", _) => {
                let first = value.children().next().map(NodeRef::text).filter(|key| is_key(key)).unwrap_or("downtown");
                let name = first.get(..1).map(str::to_uppercase).unwrap_or_default() + first.get(1..).unwrap_or_default();
                Some(format!("write one clinic per line, such as `{first}: {{ name: {name} }}`, or `{{}}` if there are none"))
            }
            _ => None,
        }
    }
}

/// Returns whether a key of a document lists people who no longer have access.
fn is_list_of_leavers(key: UnknownKey<'_>) -> bool {
    let lists = !key.value.is_scalar() && nearest(key.word, key.known).is_none();
    lists && leaving::access(key.word, key.value).is_some_and(SaidAccess::is_taken)
}

/// The keys of a clinic or a role, which has a name.
pub(in crate::manifest) struct NamedKeys;

impl KeyAdvice for NamedKeys {
    fn advise(&self, _: UnknownKey<'_>) -> Option<(&'static str, Problem)> {
        None
    }

    fn value_of(&self, key: Option<&str>, value: NodeRef<'_>) -> Option<String> {
        let name = if value.is_scalar() && is_seen(value.text()) { value.text() } else { "NAME" };
        key.is_none().then(|| format!("write `{{ name: {name} }}`"))
    }
}

/// The keys of an employee record.
pub(in crate::manifest) struct EmployeeKeys;

impl KeyAdvice for EmployeeKeys {
    fn advise(&self, key: UnknownKey<'_>) -> Option<(&'static str, Problem)> {
        let leaves = leaving::access(key.word, key.value).is_some_and(SaidAccess::is_taken);
        let hint = "write `active: false` in the record; to take the person's access away, write `status: inactive` for the user, too";
        leaves.then(|| ("unknown-key", unknown_key(key.word, hint.to_owned())))
    }
}

/// The keys that a user can have on a platform, and those that need a value.
pub(in crate::manifest) struct UserKeys<'k>(pub(in crate::manifest) &'k [&'static str], pub(in crate::manifest) &'k [&'static str]);

impl UserKeys<'_> {
    fn here(&self) -> Here {
        Here::new(self.0)
    }

    /// Says what to do about a key that a user does not have.
    fn suggest(&self, key: UnknownKey<'_>) -> String {
        let known = self.keys(None, key.known);
        let near = nearest(key.word, known).filter(|near| ![StepValue::STATUS, "state", BLOCKED].contains(near));
        match (near, leaving::access(key.word, key.value)) {
            (None, Some(access)) if is_empty(key.value) && access.is_taken() => {
                return format!("to take this person's access away, write `{}`; otherwise, remove it", leaving::inactive(self.here()));
            }
            (None, Some(access)) => return access.advice(self.here()),
            (Some(near), Some(access)) if access.is_taken() && (near != "formerly" || key.value.is_scalar()) => {
                return access.advice(self.here());
            }
            (None | Some(_), None | Some(_)) => {}
        }
        let says_left = key.value.is_scalar() && leaving::says_ended(key.value);
        let otherwise = if near.is_none() && says_left {
            format!("to take this person's access away, write `{}`; otherwise, ", leaving::inactive(self.here()))
        } else if near.is_none() && key.is_bare {
            format!("if `{}` belongs to the text before it, put that text in quotes; otherwise, ", key.word)
        } else {
            String::new()
        };
        match key.word.to_lowercase().replace(['-', ' ', '_'], "").as_str() {
            "email" | "mail" | "emailaddress" | "address" => {
                "the address is the key of the entry; if it has changed, make the new one the key, and add `formerly: [OLD ADDRESS]`"
                    .to_owned()
            }
            "name" | "fullname" if known.contains(&"first_name") => "write `first_name` and `last_name`".to_owned(),
            _ => suggest_user_key(key.word, known, &otherwise),
        }
    }
}

/// Returns whether a value is `{}` or `[]`, which says nothing about a person.
fn is_empty(value: NodeRef<'_>) -> bool {
    !value.is_scalar() && value.children().next().is_none() && value.entries().next().is_none()
}

/// Returns whether a text is nearly the word of a reason for a block.
fn is_misspelled_reason(text: &str) -> bool {
    BlockReason::parse(text).is_none() && nearest(text, &BlockReason::ALL.map(BlockReason::as_str)).is_some()
}

impl KeyAdvice for UserKeys<'_> {
    fn advise(&self, key: UnknownKey<'_>) -> Option<(&'static str, Problem)> {
        let hint = match key.parent {
            None => self.suggest(key),
            Some(parent) if parent == "service" || is_switch(parent) => {
                let access = leaving::access(key.word, key.value).filter(|access| access.is_taken())?;
                format!("that is said beside `{parent}:`, not in it: {}", access.advice(self.here()))
            }
            Some(_) => return None,
        };
        Some(("unknown-key", unknown_key(key.word, hint)))
    }

    fn is_required(&self, key: &str) -> bool {
        self.1.contains(&key)
    }

    fn keys<'k>(&'k self, parent: Option<&str>, known: &'k [&'static str]) -> &'k [&'static str] {
        if parent.is_none() && !self.0.is_empty() { self.0 } else { known }
    }

    fn value_of(&self, key: Option<&str>, value: NodeRef<'_>) -> Option<String> {
        let here = self.here();
        match key {
            None => Some(format!(
                "write the user's keys, such as `first_name:`; to take this person's access away, keep them and add `{}`",
                leaving::inactive(here)
            )),
            Some(StepValue::STATUS) => standing(value, here),
            Some("state") if !here.is_start() => standing(value, here),
            // A misspelled reason, alone: the words of the front end name the nearest one.
            Some(BLOCKED) if is_misspelled_reason(value.text()) => None,
            Some(BLOCKED) => Some(SaidAccess::Blocked.advice(here)),
            Some("formerly") => Some(format!(
                "write earlier addresses as `formerly: [OLD ADDRESS]`; to take this person's access away, write `{}`",
                leaving::inactive(here)
            )),
            Some(key) if is_switch(key) && leaving::access_in(value.text()).is_some_and(SaidAccess::is_taken) => {
                Some(format!("write `{key}: false`; to take this person's access away, write `{}`", leaving::inactive(here)))
            }
            Some("reason") => {
                let reasons: Vec<&str> = BlockReason::ALL.iter().map(|reason| reason.as_str()).collect();
                let has_left = leaving::access_in(value.text()).is_some_and(SaidAccess::is_taken);
                has_left
                    .then(|| format!("choose one of: {}; if this person has left, write `{}`", reasons.join(", "), leaving::inactive(here)))
            }
            Some("service") => {
                Some("write `service: { owner: name@practice.example }`, with the person who answers for the account".to_owned())
            }
            Some(key) => is_text_or_no(key).then(|| "write the address, or `false`".to_owned()),
        }
    }
}

/// Says what to write as a person's `status`, or as the `state` of an account; `None` if a known word is near.
fn standing(value: NodeRef<'_>, here: Here) -> Option<String> {
    let near = nearest(value.text(), &[Status::Active, Status::Inactive].map(Status::as_str)).and_then(Status::parse);
    let otherwise = || Some(format!("to take this person's access away, write `{}`; otherwise, remove it", leaving::inactive(here)));
    if !value.is_scalar() || value.is_null() {
        return otherwise();
    }
    match (leaving::access_in(value.text()), near) {
        (Some(access), Some(near)) if access.status() == Some(near) => None,
        (None, Some(_)) => None,
        (Some(access), _) => Some(access.advice(here)),
        (None, None) => otherwise(),
    }
}

/// Returns whether a key switches something on by its settings, and off by `false`.
fn is_switch(key: &str) -> bool {
    GROUPS.iter().any(|group| group.key == Some(key)) && crate::manifest::said::field(key).is_some()
}

/// Returns whether the last part of a field's key is this one, and `false` is a value of the field beside texts.
fn is_text_or_no(key: &str) -> bool {
    let fields = Field::ALL.into_iter().filter(|field| field.definition().kind == Kind::TextOrNo);
    fields.map(Field::key).any(|whole| whole.rsplit('.').next() == Some(key))
}

/// Says what to do about a key that a user cannot have at this level. `otherwise` comes before the list of keys.
fn suggest_user_key(word: &str, known: &[&str], otherwise: &str) -> String {
    let deeper = Field::ALL.into_iter().map(Field::key).find(|key| key.rsplit_once('.').is_some_and(|(_, last)| last == word));
    match deeper.and_then(|key| key.rsplit_once('.')) {
        Some((above, _)) if known.contains(&above.split('.').next().unwrap_or_default()) => {
            format!("it belongs under {}", above.split('.').map(|part| format!("`{part}:`")).collect::<Vec<_>>().join(" "))
        }
        _ => format!("{otherwise}{}", suggest(word, known)),
    }
}
