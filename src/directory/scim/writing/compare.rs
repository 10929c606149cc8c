//! Compares what was stored with what was sent: the status 200 alone proves nothing.

use crate::model::transition::{is_in_force, is_let_in};
use crate::model::{Account, Change, Field, Fields, KeptForm, NAME, ValueRef, differs_in_form};
use crate::platform::Platform;

/// Lists the keys of fields that a change set and the account lacks.
pub(in crate::directory::scim) fn dropped(change: &Change, account: &Account, platform: &Platform) -> Vec<String> {
    let mut wanted: Fields = change.fields().iter().map(|f| (f.field, f.after.clone())).collect();
    platform.catalog().normalize(&mut wanted);
    let mut missing: Vec<String> = wanted
        .iter()
        .filter(|(field, value)| {
            // A server that has the name as one text gives its parts as it likes.
            let is_name = NAME.contains(field);
            !(account.shown(*field).is_same(*value, *field) || is_name && account.fields.is_same_name(&wanted))
        })
        .map(|(field, _)| platform.catalog().yaml_key(field).to_owned())
        .collect();
    if !is_as_left(change, account) {
        missing.push(change.action().as_str().to_owned());
    }
    missing
}

/// Takes the values out of `missing` that the server keeps in a form of its own: in small letters, cut, or spelled in another way. Such a
/// value is neither the new one nor the old one.
pub(in crate::directory::scim) fn kept(
    change: &Change,
    account: &Account,
    missing: &mut Vec<String>,
    platform: &Platform,
) -> Vec<KeptForm> {
    let mut wanted: Fields = change.fields().iter().map(|f| (f.field, f.after.clone())).collect();
    platform.catalog().normalize(&mut wanted);
    let form = |(field, value): (Field, ValueRef<'_>)| {
        let (Some(wanted), Some(held)) = (value.as_text(), account.fields.text(field)) else { return None };
        let key = platform.catalog().yaml_key(field);
        let before = change.fields().iter().find(|edit| edit.field == field).and_then(|edit| edit.before.as_text());
        let is_another = field.definition().describes && before != Some(held);
        let is_kept = (is_another || differs_in_form(wanted, held)) && missing.iter().any(|missing| missing == key);
        is_kept.then(|| KeptForm { key: key.to_owned(), value: held.to_owned() })
    };
    let kept: Vec<KeptForm> = wanted.iter().filter_map(form).collect();
    missing.retain(|missing| kept.iter().all(|kept| kept.key != *missing));
    kept
}

/// Returns whether an account is as a change would leave it.
#[must_use]
pub fn is_done(change: &Change, account: &Account, platform: &Platform) -> bool {
    dropped(change, account, platform).is_empty()
}

/// Returns whether an account is in the state in which a change leaves it.
fn is_as_left(change: &Change, account: &Account) -> bool {
    match change {
        Change::CreateAccount(_) => is_let_in(account),
        Change::Complete { followup, .. } => is_in_force(&followup.to_account_change(), account),
        Change::Account { change, .. } => is_in_force(change, account),
        Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord => false,
    }
}

/// Returns whether an existing account is exactly the one a change would have created.
pub(in crate::directory::scim) fn is_the_one(change: &Change, account: &Account, platform: &Platform) -> bool {
    let standing = account.state.standing();
    account.state.block.is_none() && !standing.is_inactive() && dropped(change, account, platform).is_empty()
}
