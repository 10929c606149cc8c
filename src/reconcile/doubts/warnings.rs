//! The things that a reader of the plan should check: unusual values, invitations that may not work, and people who may be the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::transition::is_let_in;
use crate::model::{
    self, Account, Change, DesiredUser, Email, Field, FieldChange, Fields, Manage, NamesakeFate, NewAccount, NoticeCause, RefusalCause,
    RosterOddity, SpokenName, Standing, Subject, WholeName,
};
use crate::platform::{Candidate, Clash};

use crate::reconcile::doubts::forms;
use crate::reconcile::draft::{PlanDraft, user};
use crate::reconcile::matching::Pairs;

/// Adds the warnings about everybody.
pub(in crate::reconcile) fn compare(draft: &mut PlanDraft<'_>, pairs: &Pairs<'_>) {
    for oddity in &draft.desired.oddities {
        let subject = match oddity {
            RosterOddity::AddressChanged { new, .. } => user(new),
            RosterOddity::UnusedStart { .. }
            | RosterOddity::UnusedList { .. }
            | RosterOddity::NoUsers
            | RosterOddity::NotRead { .. }
            | RosterOddity::OtherRoster { .. } => Subject::Workspace,
        };
        draft.notice(subject, NoticeCause::Roster(oddity.clone()));
    }
    for login in draft.actual.without_address.values() {
        let login = login.clone();
        match draft.desired.manage {
            Manage::Exact => draft.refuse(Subject::Workspace, RefusalCause::NoAddress { login }),
            Manage::Additive | Manage::Observe => draft.notice(Subject::Workspace, NoticeCause::NoAddress { login }),
        }
    }
    if draft.catalog().is_own && draft.catalog().manages_users.is_none() {
        draft.notice(Subject::Workspace, NoticeCause::NobodyCountsAdministrators);
    }
    unusual(draft, pairs);
    for (email, other) in model::look_alikes(draft.desired.users.keys()) {
        draft.notice(user(email), NoticeCause::LooksLike { other: other.clone() });
    }
    same_person(draft, pairs);
    let changes = draft.changes.iter().map(|proposed| &proposed.step.change);
    for (email, cause) in forms::perhaps_altered(draft.actual, changes) {
        draft.notice(user(&email), cause);
    }
    unforeseen(draft);
}

/// So many accounts that lack a field suggest that the server does not store it.
const SUGGESTIVE: usize = 3;

/// Warns of what a server without a schema may refuse: that is known only once it was asked, and nothing is kept between runs.
fn unforeseen(draft: &mut PlanDraft<'_>) {
    let actual = draft.actual;
    let set: BTreeSet<Field> = (draft.changes.iter())
        .flat_map(|proposed| proposed.step.change.fields())
        .filter(|edit| !edit.after.is_off(edit.field) && edit.field != Field::Email)
        .map(|edit| edit.field)
        .collect();
    if !actual.capabilities.has_no_schema || draft.changes.is_empty() {
        return;
    }
    let is_unseen =
        |field: &Field| actual.accounts.iter().all(|account| account.fields.get(*field).is_none_or(|value| value.is_off(*field)));
    let unseen = if actual.accounts.len() < SUGGESTIVE { Vec::new() } else { set.into_iter().filter(is_unseen).collect() };
    draft.notice(Subject::Workspace, NoticeCause::NoSchema { unseen: unseen.into() });
}

/// Repeats what validation says of values that are allowed but unusual, where the workspace has nothing better.
fn unusual(draft: &mut PlanDraft<'_>, pairs: &Pairs<'_>) {
    let (desired, platform) = (draft.desired, draft.platform);
    let candidate = |user| candidate(user, desired.main_admin.as_ref());
    for (wanted, account) in &pairs.users {
        let mut found = platform.warnings(&candidate(*wanted));
        if let (Some(account), false) = (account, found.is_empty()) {
            let fields = merged(wanted, account);
            found = platform.warnings(&Candidate { fields: &fields, ..candidate(*wanted) });
        }
        for violation in found {
            draft.notice(user(&wanted.email), NoticeCause::Unusual(Box::new(violation)));
        }
    }
    for Clash { user: email, violation, other: _ } in platform.clashes(&mut desired.users.values().map(candidate)) {
        draft.notice(user(&email), NoticeCause::Unusual(Box::new(violation)));
    }
}

fn candidate<'u>(user: &'u DesiredUser, main_admin: Option<&Email>) -> Candidate<'u> {
    Candidate { email: &user.email, fields: &user.fields, active: user.status.is_active(), main_admin: main_admin == Some(&user.email) }
}

/// The account's fields, with those that the roster manages as it wants them.
fn merged(wanted: &DesiredUser, account: &Account) -> Fields {
    let mut fields: BTreeMap<_, _> = account.fields.iter().collect();
    fields.extend(wanted.fields.iter());
    fields.into_iter().map(|(field, value)| (field, value.to_value())).collect()
}

/// Warns of an invitation that lacks details which only people with a login can do without (AR-3). Nothing is said about who has one.
pub(in crate::reconcile) fn invitation(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: Option<&Account>) {
    if draft.catalog().invitation_details.is_none() {
        return;
    }
    let mut missing = match account {
        Some(account) => draft.catalog().missing_details(&merged(wanted, account)),
        None => draft.catalog().missing_details(&wanted.fields),
    };
    // A detail that the workspace does not show may be there, and one that the plan does not clear stays.
    missing.retain(|field| account.is_none_or(|account| lacks_after(draft, account, *field)));
    if !missing.is_empty() {
        draft.notice(user(&wanted.email), NoticeCause::InvitationNeedsLogin { fields: missing.into() });
    }
}

/// Returns whether an account has no value of a field after the plan; one that the workspace does not show may be there.
fn lacks_after(draft: &PlanDraft<'_>, account: &Account, field: Field) -> bool {
    let is_cleared = |edit: &FieldChange| edit.field == field && edit.after.is_empty();
    let of_account = |change: &Change| change.subject().user() == Some(&account.email) && change.fields().iter().any(is_cleared);
    account.fields.get(field).is_some_and(|held| held.is_empty() || draft.changes.iter().any(|proposed| of_account(&proposed.step.change)))
}

/// Returns what becomes of an account that is not in the roster, if it lets somebody in.
fn fate(draft: &PlanDraft<'_>, account: &Account) -> Option<NamesakeFate> {
    let is_removed = draft.desired.manage.removes_unlisted();
    if account.state.block.is_some() && !is_removed {
        return None;
    }
    match account.state.standing() {
        Standing::Active if is_removed => Some(NamesakeFate::LosesAccess),
        Standing::Active => Some(NamesakeFate::KeepsAccess),
        Standing::Pending => (!is_removed && is_let_in(account)).then_some(NamesakeFate::KeepsInvitation),
        Standing::Inactive => None,
    }
}

/// Warns where a plan adds somebody, and an account that is not in the roster has the same name and no other phone: one person with a new
/// address keeps the account with `formerly`, and an invitation to a wrong address stays open unless it is withdrawn. Somebody who should have no
/// access, and has no account, may have it under another address.
fn same_person(draft: &mut PlanDraft<'_>, pairs: &Pairs<'_>) {
    let new = draft.changes.iter().filter_map(|proposed| proposed.step.change.new_account());
    let new = new.map(|NewAccount { email, fields, .. }| (email.clone(), after(fields), true));
    let leaves = |wanted: &DesiredUser| !wanted.status.is_active() || wanted.is_blocked();
    let gone = pairs.users.iter().filter(|(wanted, account)| account.is_none() && leaves(wanted));
    let sought: Vec<_> = new.chain(gone.map(|(wanted, _)| (wanted.email.clone(), wanted.fields.clone(), false))).collect();
    if sought.is_empty() {
        return;
    }
    let others: Vec<(&Account, NamesakeFate)> =
        pairs.unlisted.iter().filter_map(|account| Some((*account, fate(draft, account)?))).collect();
    let has_phones = draft.catalog().field(Field::Phones).is_some() && !draft.actual.capabilities.lacking.contains(&Field::Phones);
    let mut by_name: BTreeMap<SpokenName, Vec<(&Account, NamesakeFate)>> = BTreeMap::new();
    let mut by_phone: BTreeMap<&str, Vec<(&Account, NamesakeFate)>> = BTreeMap::new();
    for (account, fate) in others {
        if let Some(name) = SpokenName::of_fields(&account.fields) {
            by_name.entry(name).or_default().push((account, fate));
        }
        for phone in account.fields.items(Field::Phones).into_iter().filter(|_| has_phones) {
            by_phone.entry(phone).or_default().push((account, fate));
        }
    }
    let mut found = Vec::new();
    for (email, fields, is_new) in sought {
        let Some(name) = SpokenName::of_fields(&fields) else { continue };
        let fate_of = |fate: NamesakeFate| match fate {
            fate if is_new => Some(fate),
            // The plan ends it anyway.
            NamesakeFate::LosesAccess => None,
            NamesakeFate::KeepsAccess | NamesakeFate::KeepsInvitation | NamesakeFate::OutlastsAccess => Some(NamesakeFate::OutlastsAccess),
        };
        let phones = fields.items(Field::Phones);
        for (account, fate) in by_name.get(&name).into_iter().flatten() {
            let Some(fate) = fate_of(*fate) else { continue };
            let old = account.fields.items(Field::Phones);
            // No phone is not another phone.
            let is_known = has_phones && !old.is_empty() && !phones.is_empty();
            if !is_known || phones.into_iter().any(|phone| old.contains(phone)) {
                found.push((email.clone(), NoticeCause::PerhapsTheSame { other: account.email.clone(), phone: is_known, fate }));
            }
        }
        for (account, fate) in phones.into_iter().filter_map(|phone| by_phone.get(phone)).flatten() {
            let Some(fate) = fate_of(*fate).filter(|_| SpokenName::of_fields(&account.fields).as_ref() != Some(&name)) else { continue };
            let names = WholeName::of_fields(&account.fields).zip(WholeName::of_fields(&fields));
            if names.is_none_or(|(held, wanted)| !held.is_anothers(&wanted)) {
                found.push((email.clone(), NoticeCause::SharesPhone { other: account.email.clone(), fate }));
            }
        }
    }
    for (email, cause) in found {
        draft.notice(user(&email), cause);
    }
}

/// The values that changes set.
fn after(fields: &[FieldChange]) -> Fields {
    fields.iter().map(|change| (change.field, change.after.clone())).collect()
}
