//! The sentences about why something in the roster cannot be done, and what to do instead.

use std::collections::BTreeSet;

use crate::model::{Email, Field, KnownBy, RefusalCause, RefusalTopic, RemoteId, Ungranted, Value};
use crate::platform::sentences::hand_over;
use crate::platform::{Catalog, sentences, source_of};
use crate::report::clean::{clean, distinguished};
use crate::report::words;
use crate::yaml::write::scalar;

use super::immutable::immutable;
use super::ungranted::ungranted as ungranted_words;

/// Says why something cannot be done, and what to do instead.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one arm for each cause, side by side")]
pub fn refusal(cause: &RefusalCause, catalog: &Catalog) -> (String, String) {
    let (why, remedy): (String, &str) = match cause {
        RefusalCause::NoPracticeExtension => (
            "the server does not support the practice extension, so it cannot store roles, clinics or blocks".to_owned(),
            "check the URL; for a plain SCIM server write `platform: generic`",
        ),
        RefusalCause::OtherMainAdmin { workspace, roster } => {
            return (
                format!("the workspace's main admin is {workspace}, the roster says {roster}"),
                format!(
                    "if the role was handed over, write `main_admin: {workspace}`; if it was not, hand it over in the workspace first, or, in a \
                     workspace of rosterctl's own, with `{}`",
                    hand_over(roster.as_str())
                ),
            );
        }
        RefusalCause::NoClinicResources => {
            ("the server has no clinic resources".to_owned(), "take the clinic out of the roster, or create it in the workspace")
        }
        RefusalCause::NoRoleResources => {
            ("the server has no role resources".to_owned(), "take the role out of the roster, or create it in the workspace")
        }
        RefusalCause::NoEmployeeResources => ("the server has no employee records".to_owned(), "take `employees` out of the roster"),
        RefusalCause::EmployeeNameRepeats { first, last } => {
            (format!("several employee records are named {first} {last}"), "add `id` to say which")
        }
        RefusalCause::AccountInUse { holder, is_main_admin } => {
            return (
                format!("an inactive employee cannot have a working account, and {holder} has one"),
                if *is_main_admin {
                    "leave the record active: the main admin cannot be inactive. Transfer the main admin in the workspace first".to_owned()
                } else {
                    format!("write `status: inactive` for {holder}, or leave the record active")
                },
            );
        }
        RefusalCause::NoEmployeeWithKey { key } => {
            (format!("no employee record has the id `{key}`"), "add it under `employees`, or correct the id")
        }
        RefusalCause::NoEmployeeNamed { first, last } => (
            format!("no employee record is named {first} {last}"),
            "write `employee: external` for someone from outside, or add the record under `employees`",
        ),
        RefusalCause::EmployeeNamedOtherwise { key, first, last } => {
            let key = scalar(key);
            return (
                format!("the record `{key}` of this login is named {first} {last} in `employees`"),
                format!(
                    "write the same name for the user and in `employees`, there with `id: {key}`; if the user is another person, add a record for them to `employees`"
                ),
            );
        }
        RefusalCause::SeveralEmployeesNamed { count, keys, first, last } => {
            let which: Vec<String> = keys.iter().map(|key| format!("`employee: {}`", scalar(key))).collect();
            let which = if which.is_empty() {
                "`employee: ID`".to_owned()
            } else {
                words::few(&which.iter().map(String::as_str).collect::<Vec<_>>(), 5)
            };
            return (format!("{count} employee records are named {first} {last}"), format!("say which one this person has: {which}"));
        }
        RefusalCause::EmployeeOfAnother { key, holder } => (
            format!("the employee record of this name, `{key}`, belongs to {holder}, who has another name"),
            "write `employee: ID` to say which record, or add one with an id of its own under `employees`",
        ),
        RefusalCause::InactiveEmployee { key } => (
            format!("employee record `{key}` is inactive, and an inactive employee cannot have a working account"),
            "write `active: true` for it under `employees`, or `status: inactive` for the user",
        ),
        RefusalCause::NotGiven { giver, field: Some(Field::Email), ungranted } => {
            let (said, _) = not_given(giver, ungranted, catalog);
            let why = format!("a new address hands over everything that the account has now: {said}");
            (why, "use a token of somebody who has it, or plan again when the account no longer has it")
        }
        RefusalCause::NotGiven { giver, field: Some(_) | None, ungranted } => not_given(giver, ungranted, catalog),
        RefusalCause::RoleNotMade { role } => {
            (format!("the role `{role}` is not created, see above"), "use a token of somebody who can create it")
        }
        RefusalCause::MainAdminsField { field } => main_admins(&format!("change their own `{}`", catalog.yaml_key(*field))),
        RefusalCause::MainAdminsPasscode => main_admins("give themselves a passcode"),
        RefusalCause::MainAdminsRecord => main_admins("change their own employee record"),
        RefusalCause::CannotBlock { giver, action: _, privilege } => cannot_block(giver, privilege),
        RefusalCause::NobodyConfirms { giver, shares } => nobody_confirms(giver, *shares),
        RefusalCause::NobodyActs => (
            "a block must be confirmed with a phone number of the acting admin, and the server does not say whose token this is".to_owned(),
            "use a token that belongs to a named admin, or write `status: inactive`; inactivating is possible without it",
        ),
        RefusalCause::NotOnServer { field, users } => (
            format!(
                "the server's schema says that it does not store `{}`, or shows it never or only on request, and the roster gives it to {}",
                catalog.yaml_key(*field),
                words::count(*users, "user", "users")
            ),
            "take it out of the roster, or manage it in the workspace",
        ),
        RefusalCause::OneOnServer { field } => (
            format!("the server stores one value of `{}`, and the roster gives several", catalog.yaml_key(*field)),
            "keep one in the roster",
        ),
        RefusalCause::RequiredByServer { attribute, field: Some(field), users: _ } => {
            let key = catalog.yaml_key(*field);
            return (
                format!("the server requires `{attribute}` of every user, and the roster gives no `{key}`"),
                format!("add `{key}` to this user"),
            );
        }
        RefusalCause::RequiredByServer { attribute, field: None, users } => (
            format!(
                "the server requires `{attribute}` of every new user, which a roster does not have: {} not created",
                words::count(*users, "account is", "accounts are")
            ),
            "create the account in the workspace; from then on it is managed here",
        ),
        RefusalCause::StateNotOnServer { active, inactive } => (state_not_on_server(active, inactive), "change it in the workspace"),
        RefusalCause::NoAddress { login } => (
            format!("the active account `{login}` has no e-mail address, so no roster can name it: it is not inactivated"),
            "give it an address, or end it in the workspace",
        ),
        RefusalCause::StillOutdated { attribute, value } => (
            format!("the login was changed, and `{}` in the workspace still has {value}", attribute.as_str()),
            "change it in the workspace",
        ),
        RefusalCause::Immutable { field, workspace, roster, why } => {
            let (reason, remedy) = immutable(why, *field, catalog);
            let [workspace, roster] = both_in_quotes(workspace, roster);
            let wants = roster.map_or_else(|| "the roster gives no value".to_owned(), |value| format!("the roster says {value}"));
            let has = workspace.unwrap_or_else(|| "none".to_owned());
            (format!("{wants}, the workspace has {has}: {reason}"), remedy)
        }
        RefusalCause::Breaks { violation, action: _, waits_for } => {
            let (key, message) = (catalog.yaml_key(violation.field), sentences::message(violation, catalog));
            if let Some(colleague) = waits_for {
                let remedy =
                    format!("nothing here: once the address of {colleague} has changed (see its refusal), the next plan writes `{key}`");
                return (format!("`{key}`: {message}"), remedy);
            }
            return (format!("`{key}` in the workspace: {message}"), sentences::hint_in_workspace(violation, catalog));
        }
        RefusalCause::PerhapsTheirs { id, login, leaves } => return perhaps_theirs(id, login, *leaves),
        RefusalCause::DuplicateAccount { ids, former } => {
            let named: Vec<String> = match former.as_ref() {
                [] => ids.iter().map(ToString::to_string).collect(),
                former => former.iter().zip(ids).map(|(email, id)| format!("{} ({id})", words::login(email))).collect(),
            };
            let named = words::few(&named.iter().map(String::as_str).collect::<Vec<_>>(), 5);
            let (have, remedy) = if former.is_empty() {
                ("accounts in the workspace have this address", "pin the right one with `id`, or merge them in the workspace")
            } else {
                (
                    "accounts have the addresses under `formerly`",
                    "keep the address of the right one under `formerly`, and give the other its own entry",
                )
            };
            (format!("{} {have}: {named}", ids.len()), remedy)
        }
        RefusalCause::IdWithoutAddress { id } => (
            format!(
                "the server knows this by the id `{}`, which cannot be part of an address, so nothing can be written to it",
                clean(&id.0)
            ),
            "ask the operator of the server for another id, or make the change there by hand",
        ),
        RefusalCause::ClaimedTwice { id } => (
            format!("account {id} already belongs to another entry of this roster"),
            "keep one of the two entries: `id` or `formerly` points both at the same account",
        ),
        RefusalCause::AddressTaken { id, other, email, login, leaves } => {
            let account = login.as_ref().map_or_else(|| id.to_string(), |login| format!("{id} ({})", words::login(login)));
            let own = login
                .as_ref()
                .filter(|_| *leaves)
                .map(|login| format!("to end the access of {login}, give that address its own entry; else "));
            return (
                format!(
                    "the entry means account {account}, by its id, its names or a former address, but {email} is the login of account {other}"
                ),
                format!(
                    "{}correct `id` or `formerly`, and give the other account its own entry; if this person takes over the address, free it there first",
                    own.unwrap_or_default()
                ),
            );
        }
        RefusalCause::IdGone { id, other: None } => (
            format!("there is no account {id} in the workspace; nobody is invited in its place"),
            "correct the `id` if it is mistyped; if this person is new, or should be invited again, remove the `id` line; otherwise, find out what happened to the account",
        ),
        RefusalCause::IdGone { id, other: Some(other) } => {
            let differs_in_case_only = id.0.to_lowercase() == other.0.to_lowercase();
            let (why, else_do) = if differs_in_case_only {
                (format!("there is no account {id} in the workspace, but there is {other}"), "correct the `id`, or remove that line")
            } else {
                (
                    format!("there is no account {id} in the workspace, and account {other} has this address"),
                    "correct its address in the workspace",
                )
            };
            return (why, format!("if it is the account of this person, write `id: {}`; if it is not, {else_do}", scalar(&other.0)));
        }
        RefusalCause::NotInIncompleteList { login, known_by } => (
            format!("the list lacks {}, and is not complete: an account that must be there is not created anew", clean(login.as_str())),
            match known_by {
                KnownBy::Id => "take a new list that has everybody; if the account is gone, remove the `id` line",
                KnownBy::MainAdmin => "take a new list that has everybody; if somebody else is the main admin by now, correct `main_admin`",
                KnownBy::Attestation => {
                    "somebody ticked that the access of this account has ended: take a new list that has the inactive users, too, and the next \
                     plan gives the access back"
                }
            },
        ),
        RefusalCause::AccountOfAnother { first, last, in_use } => {
            let name = clean(&format!("{first} {last}"));
            return (
                if *in_use {
                    format!("the account with this address belongs to {name}, who has confirmed the name: it is not this person's")
                } else {
                    format!("the inactive account with this address belongs to {name}, and nobody activates it for somebody else")
                },
                format!("give the new person an address of their own; if it is the same person, write the names {name} in the roster"),
            );
        }
        RefusalCause::LacksForNew { violation } => {
            return (format!("a new account needs this: {}", sentences::message(violation, catalog)), sentences::hint(violation, catalog));
        }
        RefusalCause::ListIsStale { action: _ } => (
            "this takes an administrator away, and the list that shows them is too old".to_owned(),
            "take a new list with `rosterctl snapshot`, and plan again",
        ),
        RefusalCause::PasscodeStays => (
            "a passcode can be replaced, but not removed".to_owned(),
            "take `passcode` out of the roster, or replace it with `passcode: { renew: DAY }`; to close the app to this user, inactivate or \
             block them",
        ),
        RefusalCause::PasscodeAgeUnknown => (
            "the server does not say when it made this passcode, so it may be old enough or not".to_owned(),
            "bring the server up to date, or write `passcode: true`",
        ),
        RefusalCause::NotOffered { action } => (
            format!("the server does not support `{}`", action.as_str()),
            "do it by hand in the workspace, or use a server that supports it",
        ),
    };
    (why, remedy.to_owned())
}

fn perhaps_theirs(id: &RemoteId, login: &Email, leaves: bool) -> (String, String) {
    let said = format!("account {id} ({login}) has this address in `emails`, and nobody in the roster has {login}");
    if leaves {
        (format!("{said}: if it is theirs, they keep access"), format!("if it is theirs, add {login} with `status: inactive`"))
    } else {
        let why = format!("{said}: it seems to be theirs, so nobody is invited");
        (why, format!("if it is theirs, write {login} here, or add `formerly: [{login}]`; if not, correct `emails` in the workspace"))
    }
}

/// Names all who keep their access: nothing else says so.
fn state_not_on_server(active: &BTreeSet<Email>, inactive: &BTreeSet<Email>) -> String {
    let people = |all: &BTreeSet<Email>, state: &str| {
        let number = words::count(all.len(), "user stays", "users stay");
        (!all.is_empty()).then(|| format!("{number} {state}: {}", words::plain_list(all.iter().map(Email::as_str))))
    };
    let all = [people(active, "active although they should not be"), people(inactive, "inactive although they should be active")];
    format!("the server lets nobody change who is active. {}", all.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn not_given(giver: &Email, ungranted: &Ungranted, catalog: &Catalog) -> (String, &'static str) {
    let (said, source) = (ungranted_words(ungranted), source_of(ungranted, catalog));
    let source = source.map(|source| format!(" ({source})")).unwrap_or_default();
    let remedy = match ungranted {
        Ungranted::Privileges(_) | Ungranted::Role(_) | Ungranted::RoleChange(_) => {
            "use a token of somebody who has it, or take it out of the roster"
        }
        Ungranted::ToOneself(_) => "use another administrator's token",
    };
    (format!("{said}{source}, and this token belongs to {giver}"), remedy)
}

fn cannot_block(giver: &Email, privilege: &str) -> (String, &'static str) {
    (
        format!("blocking and unblocking require the privilege `{privilege}`, and {giver}, the owner of this token, lacks it"),
        "use a token of somebody who has it; inactivating is possible without it",
    )
}

fn main_admins(act: &str) -> (String, &'static str) {
    (format!("only the main admin can {act}"), "use a token of the main admin")
}

fn nobody_confirms(giver: &Email, shares: bool) -> (String, &'static str) {
    let has = if shares { "has no number besides those of users who will be blocked" } else { "has none" };
    (
        format!("a block must be confirmed with a phone number of the acting admin, and {giver} {has}"),
        "add a number to that admin's `phones` and apply that first; inactivating is possible without it",
    )
}

/// Names the refused part: a field's YAML key, an action's name, or another word of the roster.
#[must_use]
pub fn topic(topic: RefusalTopic, catalog: &Catalog) -> &str {
    match topic {
        RefusalTopic::Field(field) => catalog.yaml_key(field),
        RefusalTopic::Action(action) => action.as_str(),
        RefusalTopic::Word(word) => word,
    }
}

/// Returns the values of a workspace and its roster in backticks, unless they are empty. Two that look the same are shown so that they differ.
pub(super) fn both_in_quotes(workspace: &Value, roster: &Value) -> [Option<String>; 2] {
    let apart = workspace.as_text().zip(roster.as_text()).and_then(|(workspace, roster)| distinguished(workspace, roster));
    match apart {
        Some(apart) => apart.map(|said| Some(format!("`{said}`"))),
        None => [workspace, roster].map(in_quotes),
    }
}

/// Returns a value in backticks, unless it is empty.
fn in_quotes(value: &Value) -> Option<String> {
    words::in_sentence(value).map(|said| format!("`{said}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_values_that_look_the_same_are_shown_so_that_they_differ() {
        let text = |text: &str| Value::Text(text.to_owned());
        let shown = |workspace: &Value, roster: &Value| both_in_quotes(workspace, roster).map(Option::unwrap_or_default);
        assert_eq!(shown(&text("Mary\u{a0}Ann"), &text("Mary Ann")), ["`Mary[U+00A0]Ann`", "`Mary Ann`"]);
        assert_eq!(shown(&text("Mary"), &Value::Unset), ["`Mary`", ""]);
    }
}
