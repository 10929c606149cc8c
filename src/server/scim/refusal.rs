//! The sentences that tell a caller why the workspace refused.

use crate::model::transition::Impossible;
use crate::model::{Action, BLOCKED, Field, Topic};
use crate::platform::{Answer, Catalog, FIRST_PASSWORD, Naming, sentences, source_of};
use crate::report::sentences::{immutable, kept_because, ungranted};
use crate::report::span;
use crate::scim::{Explanation, ScimError, ScimType, own};
use crate::server::failure::Failure;
use crate::server::scim::wire_names;
use crate::server::workspace::Workspace;
use crate::workspace::{Deed, MainAdmins, RecordFault, Refusal};

/// The refusal as a failure of the request, with whether it leaves a row in the user log.
pub(in crate::server) fn failure(workspace: &Workspace, why: &Refusal) -> Failure {
    let error = words(workspace.catalog(), why);
    match why {
        Refusal::ReadOnlyToken | Refusal::CannotManageUsers { .. } => Failure::Unentitled(error),
        Refusal::CannotBlock { .. }
        | Refusal::Oneself(_)
        | Refusal::MainAdmin(_)
        | Refusal::Ungranted(_)
        | Refusal::MainAdmins(_)
        | Refusal::OwnRights
        | Refusal::OwnRole { .. }
        | Refusal::LastAdmin => Failure::Denied(error),
        Refusal::NotAPhone | Refusal::PhoneOfTarget { .. } | Refusal::PhoneOfAnother { .. } => Failure::WrongPhone(error),
        Refusal::TooManyPhones { wait } | Refusal::TooManyWords { wait } => {
            Failure::TooMany { error, seconds: wait.saturating_add(999).div_euclid(1000) }
        }
        Refusal::State { .. }
        | Refusal::NoNote
        | Refusal::NoPhone
        | Refusal::NotNew
        | Refusal::InvitationBesides
        | Refusal::MembersPassword
        | Refusal::NoFirstPasswords
        | Refusal::FirstPasswordLength
        | Refusal::ActiveRemoved
        | Refusal::OtherAddress
        | Refusal::SeveralRoles
        | Refusal::NoEmployee
        | Refusal::UnknownEmployee
        | Refusal::InactiveEmployee
        | Refusal::WorkingAccount
        | Refusal::Record(_)
        | Refusal::Broken(_)
        | Refusal::NotTheAdmins { .. } => Failure::Refused(error),
    }
}

/// The words for a caller who was let in and lost the right before the write (B2).
pub(in crate::server) fn lost_meanwhile(workspace: &Workspace, why: &Refusal) -> String {
    format!("nothing was done: {}, since a change that came first", words(workspace.catalog(), why).detail)
}

/// The refusal in words.
pub(in crate::server) fn words(catalog: &Catalog, why: &Refusal) -> ScimError {
    let forbidden = |detail: String| ScimError::new(403, Explanation::own(detail));
    let value = |detail: String| ScimError::with_type(ScimType::InvalidValue, Explanation::own(detail));
    let barred = |detail: String, topic: Topic| forbidden(format!("{detail}{}", catalog.cite(topic)));
    let cited = |detail: &str, topic: Topic| value(format!("{detail}{}", catalog.cite(topic)));
    match why {
        Refusal::ReadOnlyToken => forbidden("this token can only read: use a token with write access".to_owned()),
        Refusal::CannotManageUsers { privilege } => forbidden(format!("the owner of this token lacks the privilege `{privilege}`")),
        Refusal::CannotBlock { privilege } => {
            barred(format!("blocking and unblocking require the privilege `{privilege}`"), Topic::Blocking)
        }
        Refusal::Oneself(deed) => {
            let (what, _) = deed_words(*deed);
            barred(format!("you cannot {what} yourself: ask another administrator to do it"), Topic::ProtectedAccounts)
        }
        Refusal::MainAdmin(deed) => {
            let (_, what) = deed_words(*deed);
            barred(format!("the main admin cannot be {what}: hand over the main admin role first"), Topic::ProtectedAccounts)
        }
        Refusal::State { action, why } => state(*action, *why),
        Refusal::NoNote => cited("the reason `other` requires a `note`", Topic::BlockReasons),
        Refusal::NoPhone => cited("`confirmPhone` is missing: confirm the block with your own phone number", Topic::BlockConfirmation),
        Refusal::NotAPhone => {
            barred("`confirmPhone` is not a phone number: write your own, with the country code".to_owned(), Topic::BlockConfirmation)
        }
        Refusal::PhoneOfTarget { digits } => barred(
            format!("the number ending in {digits} belongs to the member you want to block: type your own; nobody was blocked"),
            Topic::BlockConfirmation,
        ),
        Refusal::PhoneOfAnother { digits } => {
            barred(format!("the number ending in {digits} is not yours: type your own; nobody was blocked"), Topic::BlockConfirmation)
        }
        Refusal::TooManyPhones { wait } => ScimError::new(
            429,
            own!(
                "too many wrong phone numbers: nobody was blocked; try again in {}, or inactivate the member, which needs no number{}",
                span(*wait),
                catalog.cite(Topic::BlockConfirmation)
            ),
        ),
        Refusal::TooManyWords { .. } => ScimError::new(
            429,
            own!("too many wrong code words today: this workspace compares none until tomorrow{}", catalog.cite(Topic::CodeWord)),
        ),
        Refusal::NotNew => value("`sendInvitation` is only for new users: use the action `invite` or `resend-invitation`".to_owned()),
        Refusal::InvitationBesides => {
            value("`sendInvitation` cannot be combined with `active: false` or `password`: leave one of them out".to_owned())
        }
        Refusal::MembersPassword => ScimError::with_type(
            ScimType::Mutability,
            own!("only the members themselves can change their password: leave `password` out{}", catalog.cite(Topic::MembersPasswords)),
        ),
        Refusal::NoFirstPasswords => {
            cited("this workspace does not allow first passwords: leave `password` out and send an invitation", Topic::FirstPasswords)
        }
        Refusal::FirstPasswordLength => {
            let (least, most) = (FIRST_PASSWORD.start(), FIRST_PASSWORD.end());
            value(format!("`password` must have {least} to {most} characters"))
        }
        Refusal::ActiveRemoved => value("`active` cannot be removed: set it to true or false (X-3)".to_owned()),
        Refusal::OtherAddress => value("`emails` can contain only the login address (X-1)".to_owned()),
        Refusal::SeveralRoles => value("`roles` can have only one role: use `replace` to change it".to_owned()),
        Refusal::NoEmployee => cited("`employee` is missing: name the employee record that the account belongs to", Topic::EmployeeLink),
        Refusal::UnknownEmployee => {
            cited("`employee` does not match an employee record of this workspace: create the record first", Topic::EmployeeRecords)
        }
        Refusal::InactiveEmployee => {
            cited("an inactive employee cannot have a working account: activate the employee record first", Topic::InactiveEmployees)
        }
        Refusal::WorkingAccount => ScimError::new(
            409,
            own!(
                "an inactive employee cannot have a working account: inactivate the account first{}",
                catalog.cite(Topic::InactiveEmployees)
            ),
        ),
        Refusal::Record(why) => value(record(*why)),
        Refusal::Broken(rule) => {
            let (message, hint) = (sentences::message_for(Naming::Wire, rule, catalog), sentences::hint_for(Naming::Wire, rule, catalog));
            let cited = catalog.cite_number(&rule.requirement);
            let kept = format!("a value breaks a rule of the platform{cited}");
            ScimError::with_type(ScimType::InvalidValue, Explanation::with_kept(format!("{message}; {hint}{cited}"), kept))
        }
        Refusal::NotTheAdmins { field, answer } => not_the_admins(catalog, *field, answer),
        Refusal::Ungranted(why) => {
            forbidden(format!("{}{}", ungranted(why), catalog.cite_number(source_of(why, catalog).unwrap_or_default())))
        }
        Refusal::MainAdmins(what) => forbidden(main_admins(catalog, *what)),
        Refusal::OwnRights => forbidden("you would lose the right to manage users: ask another administrator to do it".to_owned()),
        Refusal::OwnRole { privilege } => {
            forbidden(format!("you would lose the privilege `{privilege}`: ask another administrator to do it"))
        }
        Refusal::LastAdmin => ScimError::new(409, "nobody could manage users afterward: give another user the privilege first"),
    }
}

/// Returns the words for what somebody does, and for what is done to an account then.
const fn deed_words(deed: Deed) -> (&'static str, &'static str) {
    match deed {
        Deed::Block => ("block", BLOCKED),
        Deed::Inactivate => ("inactivate", "inactivated"),
        Deed::Delete => ("delete", "deleted"),
    }
}

/// The refusal of a change that administrators cannot make, in words.
fn not_the_admins(catalog: &Catalog, field: Field, answer: &Answer) -> ScimError {
    let why = match answer {
        Answer::Refuse(why) => {
            let (reason, remedy) = immutable(why, field, catalog);
            format!("{reason}: {remedy}{}", catalog.cite_number(why.requirement().unwrap_or_default()))
        }
        Answer::Keep(why) => kept_because(*why).to_owned(),
        Answer::Write => String::new(),
    };
    ScimError::with_type(ScimType::Mutability, own!("`{}` cannot be changed: {why}", Naming::Wire.of_field(field, catalog)))
}

fn record(why: RecordFault) -> String {
    match why {
        RecordFault::NotAKey(text) => format!(
            "`{}` is not a valid name: use {}; begin and end with a letter or digit",
            wire_names::of_text(text),
            sentences::key_form()
        ),
        RecordFault::Unwritable { text, character } => {
            let (message, remedy) = sentences::unwritable(wire_names::of_text(text), character);
            format!("{message}: {remedy}")
        }
    }
}

fn main_admins(catalog: &Catalog, what: MainAdmins) -> String {
    match what {
        MainAdmins::Field(field) => format!("only the main admin can change their own `{}`", Naming::Wire.of_field(field, catalog)),
        MainAdmins::Passcode => "only the main admin can give themselves a passcode".to_owned(),
        MainAdmins::List(list) => format!("only the main admin can change their own `{}`", wire_names::of_list(list)),
        MainAdmins::Record => "only the main admin can change their own employee record".to_owned(),
        MainAdmins::SecondFactor => "only the main admin can change their own second factor; a set-up link removes it, too".to_owned(),
        MainAdmins::Password => "only the main admin can change their own password".to_owned(),
    }
}

fn state(action: Action, why: Impossible) -> ScimError {
    let conflict = |detail: &'static str| ScimError::new(409, detail);
    match why {
        Impossible::AlreadyAccepted if action.invites() => {
            conflict("this person already accepted an invitation: set `active` to true instead")
        }
        Impossible::AlreadyAccepted => conflict("this person already accepted the invitation"),
        Impossible::AlreadyInvited => conflict("this person is already invited: use `resend-invitation`"),
        Impossible::NotInvited => conflict("this account is inactive and has no invitation: use `invite`"),
        Impossible::NeverAccepted => ScimError::with_type(
            ScimType::InvalidValue,
            "this person has not accepted an invitation yet: use the action `invite` instead of `active`",
        ),
        Impossible::Blocked => conflict("this account is blocked: unblock it first"),
    }
}
