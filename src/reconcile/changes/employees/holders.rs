//! Whose login an employee record belongs to (PBN-2).

use crate::model::{Account, Desired, DesiredUser, Email, Field, NAME, PersonName};

use super::register::Record;
use crate::reconcile::changes::draft::PlanDraft;

/// The name of an account.
pub(super) fn name_of(account: &Account) -> PersonName {
    let [first, last] = NAME.map(|field| account.fields.text(field).unwrap_or_default());
    PersonName::new(first, last)
}

/// Finds the login in use that the record belongs to, if that is somebody of another name (PBN-2).
pub(super) fn anothers(draft: &PlanDraft<'_>, wanted: &DesiredUser, key: &str) -> Option<Email> {
    holder_with_another_name(draft, wanted, key, |account| !account.state.inactive)
}

/// Finds the login, also of somebody who has left, whose name a record has that the roster names by its id, if that is not the user's name.
pub(super) fn holder_of_named(draft: &PlanDraft<'_>, wanted: &DesiredUser, record: &Record) -> Option<Email> {
    let [first, last] = NAME.map(|field| wanted.fields.text(field).unwrap_or_default());
    let own = PersonName::new(&record.first, &record.last);
    if own == PersonName::new(first, last) {
        return None;
    }
    holder_with_another_name(draft, wanted, &record.key, |account| !account.state.inactive || name_of(account) == own)
}

/// Finds a login on a record that belongs to somebody of another name.
fn holder_with_another_name(draft: &PlanDraft<'_>, wanted: &DesiredUser, key: &str, counts: impl Fn(&Account) -> bool) -> Option<Email> {
    let [first, last] = NAME.map(|field| wanted.fields.text(field).unwrap_or_default());
    let has_another_name = |account: &Account| {
        let listed = listed(draft.desired, account);
        if let Some(other) = listed.and_then(|user| user.employee.key())
            && other != key
        {
            return false;
        }
        let part =
            |field: Field| listed.and_then(|user| user.fields.text(field)).or_else(|| account.fields.text(field)).unwrap_or_default();
        PersonName::new(part(Field::FirstName), part(Field::LastName)) != PersonName::new(first, last)
    };
    let mut holders = draft.on_record(key).filter(|account| counts(account));
    holders.find(|account| has_another_name(account)).map(|account| account.email.clone())
}

/// Finds the user of the roster who has an account.
pub(super) fn listed<'a>(desired: &'a Desired, account: &Account) -> Option<&'a DesiredUser> {
    let by_address = desired.users.get(&account.email);
    by_address.or_else(|| desired.users.values().find(|u| u.id.as_ref() == Some(&account.id) || u.formerly.contains(&account.email)))
}
