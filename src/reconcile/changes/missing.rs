//! Decides what becomes of a user without an account.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Change, DesiredBlock, DesiredUser, Email, Field, FieldChange, Followup, FormerHolder, HandState, KnownBy, LoginName, NAME, NewAccount,
    NoticeCause, Reason, RefusalCause, Stage, Status, Step, Task, TaskKind, Value, WantedPasscode, WholeName,
};

use super::draft::{PlanDraft, step, user};
use super::fields::{needs, normalized};
use super::fits;
use super::records::link;
use super::room;
use crate::reconcile::{list, required, rights, warnings};

/// Handles a user without an account.
pub(in crate::reconcile) fn compare(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, looked_for: &BTreeMap<&LoginName, HandState>) {
    let addresses = wanted.addresses().map(Email::as_str);
    let logins: Vec<LoginName> =
        wanted.id.iter().map(|id| id.0.as_str()).chain(addresses).filter_map(|login| LoginName::parse(login).ok()).collect();
    let has_moved = list::moved_between_tabs(draft.actual, &logins);
    let is_unclear = draft.actual.list.as_deref().is_some_and(|list| !list.is_complete || has_moved);
    let may_have_access = draft.actual.list.as_deref().is_some_and(|list| !list.shows_all_access || has_moved);
    let looked = logins.iter().find_map(|login| looked_for.get(login));
    let nothing = match (wanted.status, &wanted.blocked) {
        (Status::Inactive, _) | (Status::Active, Some(DesiredBlock::Blocked { .. }))
            if let (true, Some(state)) = (may_have_access, looked) =>
        {
            Some(NoticeCause::LookedFor(state.clone()))
        }
        (Status::Inactive, _) if may_have_access => Some(NoticeCause::NotInIncompleteList),
        (Status::Active, Some(DesiredBlock::Blocked { reason, .. })) if may_have_access => {
            Some(NoticeCause::BlockedNotInIncompleteList { reason: *reason })
        }
        (Status::Inactive, _) => Some(NoticeCause::InactiveWithoutAccount),
        (Status::Active, Some(DesiredBlock::Blocked { .. })) => Some(NoticeCause::BlockedWithoutAccount),
        (Status::Active, Some(DesiredBlock::Unblocked) | None) => None,
    };
    if let Some(cause) = nothing {
        draft.notice(user(&wanted.email), cause);
        return;
    }
    let ended = logins.iter().find(|login| looked_for.contains_key(login) && draft.catalog().states.inactive);
    if let Some((login, known_by)) = lacking_of_incomplete_list(draft, wanted, (ended, has_moved)) {
        draft.refuse(user(&wanted.email), RefusalCause::NotInIncompleteList { login, known_by });
        return;
    }
    let mut fields = normalized(draft, wanted);
    if draft.catalog().employees && !is_found_by_hand(draft, wanted) {
        let Some(key) = link(draft, wanted) else { return };
        fields.set(Field::Employee, Value::Text(key));
    }
    if fits::refuses_new(draft, wanted, &fields)
        || rights::refuses_new(draft, wanted, &fields)
        || required::refuses_new(draft, wanted, &fields)
    {
        return;
    }
    let reason = match (&wanted.initial_password, is_unclear) {
        (_, true) => Reason::NotInList,
        (Some(_), false) => Reason::NoAccountTemporaryPassword,
        (None, false) => Reason::NoAccount,
    };
    let lacking = &draft.actual.capabilities.lacking;
    let (lacking, fields): (Vec<_>, Vec<_>) =
        fields.iter().filter(|(_, value)| !value.is_empty()).partition(|(field, _)| lacking.contains(field));
    for (field, _) in lacking {
        draft.not_on_server(field);
    }
    let (fields, unstorable): (Vec<_>, Vec<_>) = (fields.into_iter())
        .map(|(field, value)| (field, value, required::unstorable(&draft.actual.capabilities, field, &value.to_value())))
        .partition(|(_, _, cause)| cause.is_none());
    for cause in unstorable.into_iter().filter_map(|(_, _, cause)| cause) {
        draft.refuse(user(&wanted.email), cause);
    }
    let mut fields: Vec<FieldChange> = fields
        .into_iter()
        .map(|(field, value, _)| FieldChange { field, before: Value::Unset, after: value.to_value(), unknown: false })
        .collect();
    fits::keep_fitting_new(draft, wanted, &mut fields);
    if wanted.initial_password.is_none() {
        warnings::invitation(draft, wanted, None);
    }
    let mut needed = needs(&fields);
    needed.extend(room::awaited(draft, &fields));
    let new = NewAccount { email: wanted.email.clone(), fields, with_password: wanted.initial_password.is_some() };
    let risky = say_whose_address_it_was(draft, wanted);
    draft.push(Step { risky, ..step(Change::CreateAccount(new), Stage::Access, reason) }, needed);
    hand_over(draft, wanted);
    if wanted.passcode.is_some_and(WantedPasscode::is_set) {
        let passcode = Change::Complete { email: wanted.email.clone(), followup: Followup::GeneratePasscode };
        draft.push(step(passcode, Stage::Access, Reason::PasscodeWanted), BTreeSet::new());
    }
}

/// Says which account had the address of somebody new; returns whether it has their name, too, so that one person may get two accounts.
fn say_whose_address_it_was(draft: &mut PlanDraft<'_>, wanted: &DesiredUser) -> bool {
    let mut is_risk = false;
    for account in draft.had(&wanted.email).collect::<Vec<_>>() {
        let names = WholeName::of_fields(&wanted.fields).zip(WholeName::of_fields(&account.fields));
        let is_namesake = names.is_some_and(|(wanted, held)| !held.is_anothers(&wanted));
        let name = NAME.iter().filter_map(|field| account.fields.text(*field)).collect::<Vec<_>>().join(" ");
        let holder = FormerHolder { login: account.email.clone(), name, is_namesake };
        draft.notice(user(&wanted.email), NoticeCause::AddressWas(Box::new(holder)));
        is_risk |= is_namesake;
    }
    is_risk
}

/// People hand over the code word themselves, never by e-mail (PBN-5).
pub(in crate::reconcile) fn hand_over(draft: &mut PlanDraft<'_>, wanted: &DesiredUser) {
    if draft.catalog().code_word.is_some() {
        draft.tasks.push(Task { user: wanted.email.clone(), what: TaskKind::HandOverCodeWord });
    }
}

/// The login of somebody who has an account although an incomplete list lacks it: the main admin, a user with an `id`, or one whose access
/// has ended as somebody attests, also where that was between the times of two tabs, so that neither needs to show them.
fn lacking_of_incomplete_list(
    draft: &PlanDraft<'_>,
    wanted: &DesiredUser,
    (ended, has_moved): (Option<&LoginName>, bool),
) -> Option<(LoginName, KnownBy)> {
    let is_unclear = draft.actual.list.as_deref().is_some_and(|list| !list.is_complete);
    let is_main_admin = draft.desired.main_admin.as_ref() == Some(&wanted.email);
    let pinned = wanted.id.as_ref().and_then(|id| LoginName::parse(&id.0).ok()).map(|login| (login, KnownBy::Id));
    let main_admin = || is_main_admin.then(|| (LoginName::Address(wanted.email.clone()), KnownBy::MainAdmin));
    let known = pinned.or_else(main_admin).filter(|_| is_unclear);
    known.or_else(|| ended.filter(|_| is_unclear || has_moved).map(|login| (login.clone(), KnownBy::Attestation)))
}

/// Returns whether a person finds the employee record by name: a list of users shows no records (PBN-2).
fn is_found_by_hand(draft: &PlanDraft<'_>, wanted: &DesiredUser) -> bool {
    let [first, last] = NAME.map(|field| wanted.fields.text(field).unwrap_or_default());
    draft.actual.list.is_some() && wanted.employee.is_by_name() && draft.register.named(first, last).is_empty()
}
