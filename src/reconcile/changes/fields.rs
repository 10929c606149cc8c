//! Compares fields: what differs, what can be written, what is refused, and what the roster does not mention.

use std::collections::BTreeSet;

use crate::model::{
    Account, Actual, DesiredUser, Effective, Field, FieldChange, Fields, Immutable, Keep, NAME, Names, NoticeCause, Reason, RefusalCause,
    Value, ValueRef, WholeName,
};
use crate::platform::{Answer, Catalog};
use crate::workspace::gives_up_role;

use super::draft::{Need, PlanDraft, user};
use super::fits;
use super::rights;
use crate::reconcile::{list, required};

/// The differences between a user and their account that can be written.
pub(in crate::reconcile) struct Differences {
    pub(in crate::reconcile) fields: Vec<FieldChange>,
    pub(in crate::reconcile) effective: Option<Effective>,
    pub(in crate::reconcile) needs: BTreeSet<Need>,
    /// The reason.
    pub(in crate::reconcile) reason: Reason,
}

impl Differences {
    /// Returns whether the account can do or see less afterward.
    pub(in crate::reconcile) fn takes_away(&self, catalog: &Catalog, account: &Account) -> bool {
        let mut roles = self.fields.iter().filter(|c| c.field == Field::Role && !account.main_admin);
        roles.any(|c| gives_up_role(catalog, c.before.as_text(), c.after.as_text()))
            || self.effective.as_ref().is_some_and(|e| !e.lost().is_empty())
            || self.fields.iter().filter(|c| c.field == Field::Clinics).any(|c| match c.before.as_set() {
                Some(before) => c.after.as_set().map_or(c.after == Value::Unset, |after| !before.is_subset(after)),
                None => false,
            })
    }
}

/// Returns the roster's fields in the platform's stored form; the caller has resolved the employee link.
pub(in crate::reconcile) fn normalized(draft: &PlanDraft<'_>, wanted: &DesiredUser) -> Fields {
    let mut fields = wanted.fields.clone();
    draft.platform.catalog().normalize(&mut fields);
    fields
}

/// The result of one quick look at a user and their account, which is enough for most people.
#[derive(Clone, Copy)]
pub(in crate::reconcile) struct QuickComparison {
    /// Says whether the account has every value of the roster exactly; then the values are in the stored form, too.
    pub(in crate::reconcile) all_same: bool,
    /// Says whether the account has something that the roster does not mention.
    unmanaged: bool,
}

impl QuickComparison {
    /// Compares both in one pass.
    pub(in crate::reconcile) fn at(actual: &Actual, catalog: &Catalog, wanted: &DesiredUser, account: &Account) -> Self {
        let mut quick = Self { all_same: other_address(actual, wanted, account).is_none(), unmanaged: false };
        for (field, want, held) in wanted.fields.unlike(&account.fields) {
            match (want, held) {
                (Some(want), Some(held)) => quick.all_same &= held.is_same(want, field),
                (Some(_), None) => quick.all_same = false,
                (None, held) => quick.unmanaged |= held.is_some_and(|held| is_unmanaged(catalog, field, held)),
            }
        }
        quick
    }
}

/// The address that an account shows, if the roster has another one. A user name for which nobody knows an address has none to compare.
pub(in crate::reconcile) fn other_address<'a>(actual: &'a Actual, wanted: &DesiredUser, account: &'a Account) -> Option<&'a str> {
    let shown = list::shown_address(actual, account);
    (shown != wanted.email.as_str() && (wanted.email.user_name().is_none() || account.email != wanted.email)).then_some(shown)
}

/// The names of an account, if these and the user's are names of two people.
pub(in crate::reconcile) fn names_of_two<'a>(wanted: &DesiredUser, account: &'a Account) -> Option<(&'a str, &'a str)> {
    let pair = |field: Field| Some((wanted.fields.text(field)?, account.fields.text(field)?));
    let [Some((first, old_first)), Some((last, old_last))] = NAME.map(pair) else { return None };
    WholeName::are_of_two_people([old_first, old_last], [first, last]).then_some((old_first, old_last))
}

/// Returns whether changes give an account another name in all its parts.
pub(in crate::reconcile) fn hands_over(changes: &[FieldChange]) -> bool {
    let edit = |field: Field| {
        let edit = changes.iter().find(|edit| edit.field == field)?;
        edit.before.as_text().zip(edit.after.as_text())
    };
    let [Some((old_first, first)), Some((old_last, last))] = NAME.map(edit) else { return false };
    WholeName::are_of_two_people([old_first, old_last], [first, last])
}

/// Returns whether a value that the roster does not mention is managed by the admin, and not empty.
fn is_unmanaged(catalog: &Catalog, field: Field, held: ValueRef<'_>) -> bool {
    !held.is_off(field)
        && ![Field::Email, Field::Employee, Field::DefaultClinic].contains(&field)
        && catalog.field(field).is_some_and(|rule| rule.by.is_admins())
}

/// Compares a user with their account. Refusals and warnings are added to the draft; each affects only its own field.
///
/// What the quick look found is not compared again.
pub(in crate::reconcile) fn differences(
    draft: &mut PlanDraft<'_>,
    wanted: &DesiredUser,
    account: &Account,
    fields: &Fields,
    quick: QuickComparison,
) -> Differences {
    let mut found = if quick.all_same { Vec::new() } else { differing(draft, wanted, account, fields) };
    implied(draft, account, fields, &mut found);
    reapplied_role(draft, account, fields, &mut found);
    if quick.unmanaged || !quick.all_same {
        silent(draft, wanted, account, fields, &found);
    }
    // One field can need another one that is taken out.
    let mut left = usize::MAX;
    while found.len() < left {
        left = found.len();
        // A user who returns is judged as a whole: nobody gets in with half of the required values.
        if !account.state.standing().is_inactive() {
            fits::keep_fitting(draft, wanted, account, &mut found);
        }
        rights::keep_permitted(draft, wanted, account, &mut found);
    }
    if found.is_empty() {
        return Differences {
            fields: found,
            effective: None,
            needs: BTreeSet::new(),
            reason: Reason::FieldsDiffer { fields: Box::default(), role_again: false },
        };
    }
    found.sort_by_key(|c| c.field);
    let effective = effect(draft, account, &found);
    let needs = needs(&found);
    let reason = reason(&found);
    Differences { fields: found, effective, needs, reason }
}

/// Returns the fields that differ and can be written; the others are refused, or reported as warnings.
fn differing(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account, fields: &Fields) -> Vec<FieldChange> {
    let mut found = Vec::new();
    if let Some(shown) = other_address(draft.actual, wanted, account) {
        let value = Value::Text(wanted.email.as_str().to_owned());
        if let Some(change) = ask(draft, wanted, account, Field::Email, Value::Text(shown.to_owned()), &value) {
            found.push(change);
        }
    }
    let one_name = draft.actual.capabilities.one_name;
    for (field, value) in fields.iter() {
        match account.fields.get(field) {
            Some(before) if before.is_same(value, field) => {}
            // The parts of a name that the server has as one text cannot be compared.
            Some(_) if one_name && NAME.contains(&field) && account.fields.is_same_name(fields) => {}
            Some(before) if draft.keeps_form(field, before, value) => {
                let (workspace, roster, why) = (before.to_value(), value.to_value(), Keep::OwnForm);
                draft.notice(user(&wanted.email), NoticeCause::Kept { field, workspace, roster, why });
            }
            Some(before) => {
                found.extend(ask(draft, wanted, account, field, before.to_value(), &value.to_value()));
            }
            None if draft.actual.list.is_some() => found.extend(not_shown(draft, account, field, &value.to_value())),
            None if value.is_off(field) => {}
            None => draft.not_on_server(field),
        }
    }
    found
}

/// A wanted value that the list of users does not show: a person must look. A field that an admin cannot change is left alone.
fn not_shown(draft: &PlanDraft<'_>, account: &Account, field: Field, value: &Value) -> Option<FieldChange> {
    match draft.platform.answer_by_hand(account, field, value) {
        Answer::Write => Some(FieldChange { field, before: Value::Unset, after: value.clone(), unknown: true }),
        Answer::Refuse(_) | Answer::Keep(_) => None,
    }
}

/// Asks the platform whether a difference can be written.
fn ask(
    draft: &mut PlanDraft<'_>,
    wanted: &DesiredUser,
    account: &Account,
    field: Field,
    before: Value,
    value: &Value,
) -> Option<FieldChange> {
    let subject = user(&wanted.email);
    if draft.actual.capabilities.fixed.contains(&field) {
        let why = Immutable::Server;
        draft.refuse(subject, RefusalCause::Immutable { field, workspace: before, roster: value.clone(), why });
        return None;
    }
    if let Some(cause) = required::unstorable(&draft.actual.capabilities, field, value) {
        draft.refuse(subject, cause);
        return None;
    }
    let answer = match &draft.actual.list {
        Some(_) => draft.platform.answer_by_hand(account, field, value),
        None => draft.platform.answer(account, field, value),
    };
    match answer {
        Answer::Write => return Some(FieldChange { field, before, after: value.clone(), unknown: false }),
        Answer::Refuse(why) => draft.refuse(subject, RefusalCause::Immutable { field, workspace: before, roster: value.clone(), why }),
        Answer::Keep(why) => draft.notice(subject, NoticeCause::Kept { field, workspace: before, roster: value.clone(), why }),
    }
    None
}

/// Adds what follows from another change: settings are cleared with their switch, a default clinic with its clinic.
fn implied(draft: &PlanDraft<'_>, account: &Account, fields: &Fields, found: &mut Vec<FieldChange>) {
    let off: Vec<Field> = found.iter().filter(|c| c.after.is_off(c.field)).map(|c| c.field).collect();
    if !off.is_empty() {
        for (field, before) in account.fields.iter() {
            let goes = field.switch().is_some_and(|switch| off.contains(&switch));
            if goes && !before.is_off(field) && !found.iter().any(|c| c.field == field) {
                found.push(FieldChange { field, before: before.to_value(), after: Value::Unset, unknown: false });
            }
        }
    }
    let joined = found.iter().find(|c| c.field == Field::Clinics);
    if let (Some(Value::Set(clinics)), None) = (joined.map(|c| &c.after), fields.get(Field::DefaultClinic))
        && draft.catalog().field(Field::DefaultClinic).is_some()
        && let Some(default) = account.fields.text(Field::DefaultClinic)
        && !clinics.contains(default)
    {
        let after = match (clinics.first(), clinics.len()) {
            (Some(only), 1) => Value::Text(only.clone()),
            _ => Value::Unset,
        };
        found.push(FieldChange { field: Field::DefaultClinic, before: Value::Text(default.to_owned()), after, unknown: false });
    }
}

/// Compares the privileges that the role gave with those it gives now: a difference is a change, never "converged".
fn reapplied_role(draft: &PlanDraft<'_>, account: &Account, fields: &Fields, found: &mut Vec<FieldChange>) {
    if draft.catalog().roles_reach.is_all_holders() || found.iter().any(|c| c.field == Field::Role) {
        return;
    }
    let (Some(role), Some(held)) = (fields.text(Field::Role), &account.role_privileges) else { return };
    if draft.gives_otherwise(role, held) {
        let value = Value::Text(role.to_owned());
        found.push(FieldChange { field: Field::Role, before: value.clone(), after: value, unknown: false });
    }
}

/// Returns the effective privileges before and after, if they change.
fn effect(draft: &PlanDraft<'_>, account: &Account, found: &[FieldChange]) -> Option<Effective> {
    let after = rights::privileges_after(draft, account, found)?;
    // No guard relies on somebody whose state a list does not show, but their role gives them nothing new.
    let listed = draft.actual.list.as_ref().and_then(|_| rights::privileges_after(draft, account, &[]));
    let before = listed.unwrap_or_else(|| (*account.privileges).clone());
    (after != before).then_some(Effective { before, after })
}

/// Lists the names that a set of field changes depends on.
pub(in crate::reconcile) fn needs(found: &[FieldChange]) -> BTreeSet<Need> {
    let mut needs = BTreeSet::new();
    for change in found {
        let need = match change.field.definition().names {
            Names::Clinic => Need::Clinic,
            Names::Role => Need::Role,
            Names::Employee => Need::Employee,
            Names::Colleague => Need::Colleague,
            Names::Nothing => continue,
        };
        needs.extend(change.after.texts().into_iter().cloned().map(need));
    }
    needs
}

fn reason(found: &[FieldChange]) -> Reason {
    if found.iter().any(|change| change.unknown) {
        let fields = found.iter().filter(|change| change.unknown || change.before != change.after);
        return Reason::ListDiffers { fields: fields.map(|change| (change.field, !change.unknown)).collect() };
    }
    let role_again = found.iter().any(|c| c.field == Field::Role && c.before == c.after);
    let fields = found.iter().filter(|c| c.before != c.after).map(|c| c.field).collect();
    Reason::FieldsDiffer { fields, role_again }
}

/// Reports what the workspace has and the roster does not mention (rule 8 of the core).
fn silent(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account, fields: &Fields, found: &[FieldChange]) {
    let catalog = draft.catalog();
    let unmanaged: Box<[(Field, Value)]> = account
        .fields
        .iter()
        .filter(|(field, value)| {
            fields.get(*field).is_none() && !found.iter().any(|c| c.field == *field) && is_unmanaged(catalog, *field, *value)
        })
        .map(|(field, value)| (field, value.to_value()))
        .collect();
    if !unmanaged.is_empty() {
        draft.notice(user(&wanted.email), NoticeCause::NotManaged { fields: unmanaged });
    }
}
