//! What was stored against what was sent: a 200 alone proves nothing.

use crate::directory::DirectoryError;
use crate::model::{Account, Action, AttributeChange, Change, Field, Fields, InvitationState, Standing, Value, ValueRef};
use crate::platform::Platform;

/// The keys of what a change set and an account does not have.
pub(super) fn dropped(change: &Change, account: &Account, platform: &Platform) -> Vec<String> {
    let mut wanted: Fields = change.fields.iter().map(|f| (f.field, f.after.clone())).collect();
    platform.catalog().normalize(&mut wanted);
    let mut missing: Vec<String> = wanted
        .iter()
        .filter(|(field, value)| match field {
            Field::Email => *value != ValueRef::Text(account.email.as_str()),
            _ => !account.fields.get(*field).unwrap_or(ValueRef::Unset).is_same(*value, *field),
        })
        .map(|(field, _)| platform.catalog().yaml_key(field).to_owned())
        .collect();
    if !is_in_force(change.action, account) {
        missing.push(change.action.as_str().to_owned());
    }
    missing
}

/// Whether an account is as a change would leave it.
#[must_use]
pub fn is_done(change: &Change, account: &Account, platform: &Platform) -> bool {
    dropped(change, account, platform).is_empty()
}

/// Whether an account stands as it must after an action.
fn is_in_force(action: Action, account: &Account) -> bool {
    let state = &account.state;
    let is_open = || state.accepted || state.invitation.as_ref().is_none_or(|i| i.state == InvitationState::Open);
    match action {
        Action::Inactivate => state.inactive,
        Action::Activate => !state.inactive,
        Action::Invite | Action::ResendInvitation => !state.inactive && is_open(),
        Action::WithdrawInvitation => state.inactive && !state.invitation_is_good(),
        Action::Block => state.block.is_some(),
        Action::Unblock => state.block.is_none(),
        Action::GeneratePasscode => account.has_passcode,
        Action::Update => true,
        Action::CreateClinic
        | Action::UpdateClinic
        | Action::CreateRole
        | Action::UpdateRole
        | Action::CreateEmployee
        | Action::UpdateEmployee
        | Action::SetCodeWord => false,
    }
}

/// Says so where a server answered as if all was stored, and it was not.
pub(super) fn verify(change: &Change, account: &Account, platform: &Platform) -> Result<(), DirectoryError> {
    let what = dropped(change, account, platform);
    if what.is_empty() { Ok(()) } else { Err(DirectoryError::Dropped { what }) }
}

/// Whether an account somebody made is just the one a change would have made.
pub(super) fn is_the_one(change: &Change, account: &Account, platform: &Platform) -> bool {
    let standing = account.state.standing();
    account.state.block.is_none() && standing != Standing::Inactive && dropped(change, account, platform).is_empty()
}

/// The attributes of a clinic, role or employee record that are not as sent.
pub(super) fn lost(sent: &[AttributeChange], stored: impl Fn(&str) -> Option<Value>) -> Vec<String> {
    // A record's switch that is absent is off.
    let is_off = |value: &Value| value.is_empty() || *value == Value::Flag(false);
    sent.iter()
        .filter(|a| stored(&a.name).is_some_and(|now| a.after != now && !(is_off(&a.after) && is_off(&now))))
        .map(|a| a.name.clone())
        .collect()
}
