//! The comments that an import writes: why an account is not among the users, and what a person must decide.

use crate::model::{ImportQuestion, InvitationState, LeftOut, Likeness, NotImported, RecordToPlan};
use crate::platform::Catalog;
use crate::report::{clean, words};

/// The beginning of every comment that asks a person to decide something.
pub const DECIDE: &str = "decide: ";

/// Says which account is not imported and why, in one line.
#[must_use]
pub fn not_imported(one: &NotImported, catalog: &Catalog) -> String {
    let NotImported { who, id, why } = one;
    let id = id.as_ref().filter(|id| id.0 != *who).map(|id| format!(" (id {id})")).unwrap_or_default();
    clean(&format!("{who}{id}: {}", left_out(why, catalog)))
}

fn left_out(why: &LeftOut, catalog: &Catalog) -> String {
    match why {
        LeftOut::NoAddress => "the workspace shows no valid e-mail address, so nobody can know whose account it is".to_owned(),
        LeftOut::SameAddress { other } => {
            format!("account {other} has the same address; give each account its own address")
        }
        LeftOut::InvitationOver { state, until } => {
            let over = match (state, until) {
                (Some(InvitationState::Expired), Some(until)) => format!("the invitation expired on {until}"),
                (Some(InvitationState::Expired), None) => "the invitation expired".to_owned(),
                (Some(InvitationState::Open | InvitationState::Killed | InvitationState::Accepted) | None, _) => {
                    "the invitation was never accepted and is no longer valid".to_owned()
                }
            };
            format!("{over}; add this person under `users` to send a new one, or leave it as it is")
        }
        LeftOut::StateUnknown => {
            "the list does not show whether this account is active, and an entry without `status` says so: look, and add this person under `users`"
                .to_owned()
        }
        LeftOut::Mistake { message, hint } => {
            let hint = hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("a roster cannot say this: {message}{hint}")
        }
        LeftOut::WouldChange { action, fields } => {
            let keys: Vec<String> = fields.iter().map(|field| format!("`{}`", catalog.yaml_key(*field))).collect();
            if keys.is_empty() || !action.updates() {
                format!("the first plan would change this account: {}", action.as_str())
            } else {
                format!("the first plan would change {} of this account", keys.join(", "))
            }
        }
        LeftOut::PerhapsListed { user } => format!(
            "{user} has the same name in the roster, and no account. A changed address? Then write `formerly: [ADDRESS]` there, with the address \
             of this account. Two people? Then list this account under `users`"
        ),
        LeftOut::Refused(cause) => {
            let (why, remedy) = super::refusal(cause, catalog);
            format!("{why}; {remedy}")
        }
    }
}

/// Says how many accounts are not imported, above the list of them.
#[must_use]
pub fn not_imported_heading(count: usize) -> String {
    match count {
        1 => "1 account is in the workspace and not in this roster, and stays as it is:".to_owned(),
        _ => format!("{count} accounts are in the workspace and not in this roster, and stay as they are:"),
    }
}

/// Asks a person to decide something about a user, in one line.
#[must_use]
pub fn decision(decision: &ImportQuestion) -> String {
    let asked = match decision {
        ImportQuestion::SharedMailbox => {
            "this looks like a shared mailbox. If several people sign in with it, give each of them an account of their own; if it is a \
             device's or a program's, write who answers for it: `service: { owner: ADDRESS }`"
                .to_owned()
        }
        ImportQuestion::NoName => "the workspace shows no first and last name. Find out whose account this is".to_owned(),
        ImportQuestion::SeveralPeople => {
            "the name looks like those of several people. If they share this account, give each of them one of their own".to_owned()
        }
        ImportQuestion::PerhapsOnePerson { other, same } => {
            let same = match same {
                Likeness::Name => "has the same name",
                Likeness::Address => "has almost the same address",
            };
            let other = words::login(other);
            format!("{other} {same}. If both are one person, write `status: inactive` for the account that is not needed")
        }
        ImportQuestion::OnlyUserName { name } => format!(
            "the workspace shows no address for the user name {name}. Write the person's own address in place of this one; the `id` stays"
        ),
        ImportQuestion::SharedAddress { name, address } => format!(
            "the list has {address} beside the user name {name}, and that address is somebody else's, too. Write the person's own address in \
             place of this one; the `id` stays"
        ),
        ImportQuestion::ColleagueMissing { key } => format!(
            "`{key}` names a colleague who is not an active user of this roster. It is left out, and stays as it is in the workspace"
        ),
        ImportQuestion::StateUnknown => {
            "the list does not show whether this account is active, and an entry without `status` says so. If the person has left, write \
             `status: inactive`"
                .to_owned()
        }
        ImportQuestion::BlockReasonUnknown => {
            "this account is blocked, and the workspace does not say why. The block stays as it is until `blocked` gives a reason"
                .to_owned()
        }
        ImportQuestion::WouldLoseAccess => {
            "the roster lists everybody who should have access (`manage: exact`) and did not list this account, so a plan would have \
             taken its access away. If this person has left, remove this entry again"
                .to_owned()
        }
    };
    clean(&format!("{DECIDE}{asked}"))
}

/// Says which change of a record the first plan makes, in one line.
#[must_use]
pub fn record_to_plan(one: &RecordToPlan) -> String {
    let RecordToPlan { action, key, known_as } = one;
    let change = format!("{} {key}", action.as_str().replace('-', " "));
    clean(&match known_as {
        Some(other) => format!("{change}: the workspace has this name under the key `{other}`; use that key in the file"),
        None => format!("{change}: the file says something else than the workspace"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RemoteId;
    use crate::platform::named;

    #[test]
    fn an_account_is_named_by_login_and_id_and_nothing_in_a_line_can_end_it() {
        let catalog = named("aesthetic-record").unwrap().catalog();
        let until = Some(jiff::civil::date(2026, 11, 20));
        let why = LeftOut::InvitationOver { state: Some(InvitationState::Expired), until };
        let one = NotImported { who: "kim@glow.example".to_owned(), id: Some(RemoteId("7".to_owned())), why };
        assert_eq!(
            not_imported(&one, catalog),
            "kim@glow.example (id 7): the invitation expired on 2026-11-20; add this person under `users` to send a new one, or leave it as it is"
        );
        let one = NotImported { who: "a\nusers: {}".to_owned(), id: None, why: LeftOut::NoAddress };
        assert!(!not_imported(&one, catalog).contains('\n'));
        let asked = decision(&ImportQuestion::OnlyUserName { name: "x\ry".to_owned() });
        assert!(asked.starts_with("decide: ") && !asked.contains('\r'));
    }
}
