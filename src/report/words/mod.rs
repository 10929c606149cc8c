//! Puts values, amounts and counts into words.

pub(in crate::report) mod clean;
pub(in crate::report) mod people;

pub(in crate::report) use crate::model::count;
use crate::model::{
    Action, BLOCKED, Change, DAY, Email, Field, HOUR, MINUTE, Plan, PlatformId, Reason, Status, Step, StepKind, StepValue, SubjectRef,
    Value, joined,
};
use crate::platform::{self, Catalog, PrivilegeOrigin};

use super::People;
use super::clean::clean;

/// The text for no value.
pub(in crate::report) const NOTHING: &str = "(none)";

/// Returns a value in words, safe to show.
pub(in crate::report) fn value(value: &Value) -> String {
    plain(value, '−').map_or_else(|| NOTHING.to_owned(), |said| clean(&said))
}

/// Returns a value inside a sentence; `None` if it is empty.
pub(in crate::report) fn in_sentence(value: &Value) -> Option<String> {
    plain(value, '-')
}

fn plain(value: &Value, minus: char) -> Option<String> {
    let said = match value {
        Value::Unset => String::new(),
        Value::Text(text) => text.clone(),
        Value::Flag(on) => if *on { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::List(entries) => entries.join(", "),
        Value::Set(entries) => entries.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
        Value::Changes(changes) => {
            let granted = changes.grant.iter().map(|name| format!("+{name}"));
            granted.chain(changes.revoke.iter().map(|name| format!("{minus}{name}"))).collect::<Vec<_>>().join(", ")
        }
    };
    (!said.is_empty()).then_some(said)
}

/// Lists the first of several words, and says how many more there are.
#[must_use]
pub fn few<W: AsRef<str>>(all: &[W], shown: usize) -> String {
    let first = all.iter().take(shown).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(shown) {
        0 => first,
        left => format!("{first} and {}", more(left)),
    }
}

/// Says how many more there are than are shown.
#[must_use]
pub fn more(left: usize) -> String {
    format!("{left} more")
}

/// Says how long a span of time is (milliseconds), rounded up to whole minutes, hours or days.
#[must_use]
pub fn span(millis: i64) -> String {
    let (unit, name) = match millis {
        days if (days > 0 && days % DAY == 0) || days > 2 * DAY => (DAY, "day"),
        hours if (hours > 0 && hours % HOUR == 0) || hours > 2 * HOUR => (HOUR, "hour"),
        _ => (MINUTE, "minute"),
    };
    let article = if unit == HOUR { "an" } else { "a" };
    match millis.saturating_add(unit - 1).div_euclid(unit).max(1) {
        1 => format!("{article} {name}"),
        count => format!("{count} {name}s"),
    }
}

/// Joins words with commas.
pub(in crate::report) fn plain_list<'a>(entries: impl Iterator<Item = &'a str>) -> String {
    entries.collect::<Vec<_>>().join(", ")
}

/// Joins entries with commas.
pub(in crate::report) fn list<'a, T: AsRef<str> + 'a>(entries: impl IntoIterator<Item = &'a T>) -> String {
    let entries: Vec<String> = entries.into_iter().map(|e| clean(e.as_ref())).collect();
    if entries.is_empty() { NOTHING.to_owned() } else { entries.join(", ") }
}

/// Says where a privilege comes from. `role` is the role of the person, as its readers know it.
#[must_use]
pub fn privilege_origin(origin: PrivilegeOrigin, role: Option<&str>, catalog: &Catalog) -> String {
    match (origin, role) {
        (PrivilegeOrigin::Role, Some(role)) => format!("from the role {role}"),
        (PrivilegeOrigin::Role, None) => "from the role".to_owned(),
        (PrivilegeOrigin::Person, Some(_) | None) => "granted to this person".to_owned(),
        (PrivilegeOrigin::Switch(field), Some(_) | None) => format!("from {}", catalog.label(field).unwrap_or_else(|| field.key())),
        (PrivilegeOrigin::MainAdmin, Some(_) | None) => "as main admin".to_owned(),
    }
}

/// Returns the label of a field: its YAML key on the platform, as words, without the group. A platform that the roster defines has labels of
/// its own, which are shown as they are written.
pub(in crate::report) fn label(platform: &PlatformId, field: Field) -> String {
    let catalog = platform::by_id(platform).catalog();
    if let Some(own) = catalog.label(field).filter(|_| catalog.is_own) {
        return clean(own);
    }
    let key = catalog.yaml_key(field);
    spaced(key.split_once('.').map_or(key, |(_, rest)| rest))
}

/// Returns a key as words.
pub(in crate::report) fn spaced(key: &str) -> String {
    clean(&key.replace(['.', '_'], " "))
}

/// Returns an action as words.
pub(in crate::report) fn action(action: Action) -> String {
    action.as_str().replace('-', " ")
}

/// Returns an action as words, on a platform: where nobody can be inactive, users who leave are removed; where nobody is invited, users are
/// created.
pub(in crate::report) fn action_on(action: Action, catalog: &Catalog) -> String {
    let other = match action {
        Action::Inactivate => (!catalog.states.inactive).then_some("remove"),
        Action::Invite => (catalog.is_own && !catalog.states.pending).then_some("create"),
        Action::CreateClinic
        | Action::UpdateClinic
        | Action::CreateRole
        | Action::UpdateRole
        | Action::CreateEmployee
        | Action::UpdateEmployee
        | Action::ResendInvitation
        | Action::WithdrawInvitation
        | Action::Update
        | Action::Activate
        | Action::Block
        | Action::Unblock
        | Action::GeneratePasscode
        | Action::SetCodeWord => None,
    };
    other.map_or_else(|| self::action(action), str::to_owned)
}

/// Returns what a change does as words, on a platform: with a first password, an account is created, and nobody is invited.
pub(in crate::report) fn action_for(action: Action, reason: &Reason, catalog: &Catalog) -> String {
    if reason.is_active_at_once() { "create".to_owned() } else { action_on(action, catalog) }
}

/// Returns what a step does as words, on a platform.
pub(in crate::report) fn action_of(step: &Step, catalog: &Catalog) -> String {
    action_for(step.change.action(), &step.reason, catalog)
}

/// Returns what a step does, and to what, one or several of them: `invite`, `user`, `users`.
pub(in crate::report) fn counted(step: &Step, catalog: &Catalog) -> (String, &'static str, &'static str) {
    let (verb, one, many) = match step.change.action() {
        Action::CreateClinic => ("create", "clinic", "clinics"),
        Action::UpdateClinic => ("update", "clinic", "clinics"),
        Action::CreateRole => ("create", "role", "roles"),
        Action::UpdateRole => ("update", "role", "roles"),
        Action::CreateEmployee => ("create", "employee record", "employee records"),
        Action::UpdateEmployee => ("update", "employee record", "employee records"),
        Action::ResendInvitation => ("resend", "invitation", "invitations"),
        Action::WithdrawInvitation => ("withdraw", "invitation", "invitations"),
        Action::GeneratePasscode => ("generate", "passcode", "passcodes"),
        Action::SetCodeWord => ("set", "code word", "code words"),
        Action::Invite | Action::Update | Action::Inactivate | Action::Activate | Action::Block | Action::Unblock => {
            return (action_of(step, catalog), "user", "users");
        }
    };
    (verb.to_owned(), one, many)
}

/// Returns what a person attests as words, on a platform.
pub(in crate::report) fn step_on(step: StepKind, catalog: &Catalog) -> String {
    match step {
        StepKind::Done(action) => action_on(action, catalog),
        StepKind::Seen => "look".to_owned(),
    }
}

/// Returns the key of a value that a step leaves, as documents have it.
pub(in crate::report) fn step_value(value: StepValue, catalog: &Catalog) -> &str {
    let word = || StepValue::WORDS.into_iter().find(|(one, _)| *one == value).map_or("", |(_, word)| word);
    value.field().map_or_else(word, |field| catalog.yaml_key(field))
}

/// Returns the user name of the account that a change of a listed user is about, if the address does not say it.
pub(in crate::report) fn user_name<'c>(change: &'c Change, plan: &Plan) -> Option<&'c str> {
    let email = change.subject().user().filter(|_| plan.by_hand.is_some())?;
    let id = change.account()?.id()?;
    (!id.0.contains('@') && email.user_name().as_deref() != Some(id.0.as_str())).then_some(id.0.as_str())
}

/// Names a person or thing: a person with name and address if the name is known.
pub(in crate::report) fn subject(subject: SubjectRef<'_>, workspace: &str, people: &People) -> String {
    match subject {
        SubjectRef::Workspace => "the workspace".to_owned(),
        SubjectRef::Clinic(key) => format!("clinic {}", clean(key)),
        SubjectRef::Role(key) => format!("role {}", clean(key)),
        SubjectRef::Employee(key) => format!("employee record {}", clean(key)),
        SubjectRef::User(email) => match people.name(workspace, email) {
            Some(name) => format!("{} <{}>", clean(name), login(email)),
            None => login(email),
        },
    }
}

/// Returns the address of somebody, or the user name where the workspace shows no address.
pub(in crate::report) fn login(email: &Email) -> String {
    email.user_name().map_or_else(|| email.to_string(), |name| clean(&name))
}

/// Returns US cents as dollars: `38.00 USD`.
pub(in crate::report) fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let whole = cents.unsigned_abs();
    format!("{sign}{}.{:02} USD", whole / 100, whole % 100)
}

/// Returns US cents as a difference: `+38.00 USD`.
pub(in crate::report) fn difference(cents: i64) -> String {
    if cents > 0 { format!("+{}", dollars(cents)) } else { dollars(cents) }
}

/// The roster's words about somebody who should be inactive.
pub(in crate::report) const SAYS_INACTIVE: &str = joined!("the roster says ", Status::Inactive.as_str());
/// The roster's words about somebody who should be blocked.
pub(in crate::report) const SAYS_BLOCKED: &str = joined!("the roster says ", BLOCKED);

/// Returns what the operating system says of a failure, without its number, which says nothing to people.
#[must_use]
pub fn of_system(why: &std::io::Error) -> String {
    without_number(&why.to_string())
}

/// Returns a text without the numbers of the operating system's errors in it.
#[must_use]
pub fn without_number(text: &str) -> String {
    const BEFORE: &str = " (os error ";
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once(BEFORE) {
        let number = after.split_once(')').filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
        plain.push_str(before);
        if number.is_none() {
            plain.push_str(BEFORE);
        }
        rest = number.map_or(after, |(_, after)| after);
    }
    plain + rest
}

/// Says how many users already match.
pub(in crate::report) fn matching(number: usize) -> String {
    format!("{} already {}", count(number, "user", "users"), if number == 1 { "matches" } else { "match" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_system_is_said_without_its_number() {
        assert_eq!(of_system(&std::fs::read("no-such-file").unwrap_err()), "No such file or directory");
        assert_eq!(without_number("a: b (os error 13): c (os error 2)"), "a: b: c");
        assert_eq!(without_number("a (os error of x) (os error 2"), "a (os error of x) (os error 2");
    }

    #[test]
    fn amounts_keep_their_sign_and_two_places() {
        assert_eq!(dollars(22_800), "228.00 USD");
        assert_eq!(dollars(-5), "-0.05 USD");
        assert_eq!(difference(3_800), "+38.00 USD");
        assert_eq!(difference(i64::MIN), "-92233720368547758.08 USD");
    }

    #[test]
    fn a_span_is_rounded_up_to_what_people_count_in() {
        let said = [1, MINUTE, 10 * MINUTE, 14 * MINUTE - 1, 90 * MINUTE, HOUR, 3 * HOUR - 1, 24 * HOUR, 2 * DAY + 1, 7 * DAY].map(span);
        assert_eq!(
            said,
            ["a minute", "a minute", "10 minutes", "14 minutes", "90 minutes", "an hour", "3 hours", "a day", "3 days", "7 days"]
        );
    }
}
