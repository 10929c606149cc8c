//! Why something the roster wants cannot be done, and what to do instead, in words.

use crate::model::{RefusalCause, Value, Wanted};
use crate::platform::{Catalog, sentences};
use crate::report::words;

/// Why something cannot be done, and what to do instead.
#[must_use]
pub fn refusal(cause: &RefusalCause, catalog: &Catalog) -> (String, String) {
    let (why, remedy): (String, &str) = match cause {
        RefusalCause::NoPracticeExtension => (
            "the server does not carry the practice extension, so roles, clinics and blocks can not be said there".to_owned(),
            "check the URL; for a plain SCIM server write `platform: generic`",
        ),
        RefusalCause::OtherMainAdmin { workspace, roster } => (
            format!("the workspace's main admin is {workspace}, YAML says {roster}"),
            "transfer it in the workspace first, then write the new one here",
        ),
        RefusalCause::NoClinicResources => {
            ("the server has no clinic resources".to_owned(), "take the clinic out of the YAML, or make it in the workspace")
        }
        RefusalCause::NoRoleResources => {
            ("the server has no role resources".to_owned(), "take the role out of the YAML, or make it in the workspace")
        }
        RefusalCause::NoEmployeeResources => ("the server has no employee records".to_owned(), "take `employees` out of the YAML"),
        RefusalCause::EmployeeNameRepeats { first, last } => {
            (format!("several employee records are named {first} {last}"), "say which with `id`")
        }
        RefusalCause::AccountInUse { holder } => {
            return (
                format!("an inactive employee has no working account, and {holder} is one"),
                format!("write `status: inactive` for {holder}, or leave the record active"),
            );
        }
        RefusalCause::NoEmployeeWithKey { key } => {
            (format!("no employee record has the id `{key}`"), "add it under `employees`, or correct the id")
        }
        RefusalCause::NoEmployeeNamed { first, last } => (
            format!("no employee record is named {first} {last}"),
            "write `employee: external` for somebody from outside, or add the record under `employees`",
        ),
        RefusalCause::SeveralEmployeesNamed { count, first, last } => {
            (format!("{count} employee records are named {first} {last}"), "say which with `employee: ID`")
        }
        RefusalCause::InactiveEmployee { key } => (
            format!("employee record `{key}` is inactive, and an inactive employee has no working account"),
            "write `active: true` for it under `employees`, or `status: inactive` for the user",
        ),
        RefusalCause::NotOnServer { field } => {
            (format!("the server does not hold `{}`", catalog.yaml_key(*field)), "take it out of the YAML, or manage it in the workspace")
        }
        RefusalCause::Immutable { field, workspace, roster, why } => {
            let (reason, remedy) = sentences::immutable(why, *field, catalog);
            let wants = in_quotes(roster).map_or_else(|| "no value is wanted".to_owned(), |value| format!("{value} is wanted"));
            let has = in_quotes(workspace).unwrap_or_else(|| "none".to_owned());
            (format!("{wants}, the workspace has {has}: {reason}"), remedy)
        }
        RefusalCause::Breaks { violation, .. } => {
            let (key, message) = (catalog.yaml_key(violation.field), sentences::message(violation, catalog));
            return (format!("`{key}` in the workspace: {message}"), sentences::hint(violation, catalog));
        }
        RefusalCause::DuplicateAccount { ids } => {
            let named: Vec<&str> = ids.iter().map(|id| id.0.as_str()).collect();
            (
                format!("{} accounts of the workspace have this address: {}", ids.len(), words::few(&named, 5)),
                "pin the right one with `id`, or merge them in the workspace",
            )
        }
        RefusalCause::ClaimedTwice { id } => (
            format!("account {id} already belongs to another entry of this roster"),
            "keep one of the two entries; `id` or `formerly` points both at the same account",
        ),
        RefusalCause::AddressTaken { id, other, email } => (
            format!("the entry points at account {id}, but {email} is the login of account {other}"),
            "correct the `id`, or give the other account its own entry",
        ),
        RefusalCause::IdGone { id } => (
            format!("account {id} is gone from the workspace; nobody is invited anew in its place"),
            "find out what became of it; to invite the person anew, take the `id` line out",
        ),
        RefusalCause::PasscodeStays => (
            "a passcode can be replaced, not taken away".to_owned(),
            "take `passcode` out of the YAML; inactivate or block the user to close the app",
        ),
        RefusalCause::NotOffered { action } => {
            (format!("the server does not offer `{}`", action.as_str()), "do it in the workspace by hand, or use a server that offers it")
        }
    };
    (why, remedy.to_owned())
}

/// What was wanted: a field's YAML key, an action's word, or another word of the roster.
#[must_use]
pub fn wanted(wanted: Wanted, catalog: &Catalog) -> &str {
    match wanted {
        Wanted::Field(field) => catalog.yaml_key(field),
        Wanted::Action(action) => action.as_str(),
        Wanted::Word(word) => word,
    }
}

/// A value in backticks, unless it is empty.
pub(super) fn in_quotes(value: &Value) -> Option<String> {
    words::in_sentence(value).map(|said| format!("`{said}`"))
}
