//! Whether who comes back fits the platform's rules as they are by then, so that the server's no is foreseen (rule 6 of the core).

use crate::model::{Account, Action, DesiredUser, Email, Field, Manage, Status};
use crate::platform::{Candidate, Surroundings};

use super::draft::{Because, Draft, user};

/// Refuses the return of an account that YAML does not mend; whether it did.
///
/// YAML alone was checked when it was read; this is about what the workspace holds besides, such as a medical director who has left
/// since (AR-9).
pub(super) fn refused(draft: &mut Draft<'_>, wanted: &DesiredUser, account: &Account) -> bool {
    let mut fields = account.fields.clone();
    let own = draft.changes.iter().rev().take_while(|w| w.change.id.as_ref() == Some(&account.id));
    for change in own.flat_map(|w| &w.change.fields) {
        fields.set(change.field, change.after.clone());
    }
    let candidate = Candidate { email: &account.email, fields: &fields, active: true, main_admin: account.main_admin };
    let action = if account.state.accepted { Action::Activate } else { Action::Invite };
    let found = draft.rules.violations(&candidate, &After(draft));
    for violation in &found {
        let key = draft.catalog().yaml_key(violation.field);
        let because = Because::new(format!("`{key}` in the workspace: {}", violation.message), violation.hint.clone());
        draft.refuse(user(&wanted.email), action.as_str(), violation.code, because.required_by(violation.requirement));
    }
    !found.is_empty()
}

/// The workspace as it will be after the plan.
struct After<'d, 'a>(&'d Draft<'a>);

impl Surroundings for After<'_, '_> {
    fn has_clinic(&self, key: &str) -> bool {
        self.0.desired.clinics.contains_key(key) || self.0.actual.clinics.contains_key(key)
    }

    fn has_role(&self, key: &str) -> bool {
        self.0.roles_after.contains_key(key)
    }

    fn colleague(&self, email: &str) -> Option<(String, bool)> {
        let email = Email::parse(email).ok()?;
        let held = self.0.actual.accounts.iter().find(|a| a.email == email);
        let role_held = held.and_then(|a| a.fields.text(Field::Role));
        match self.0.desired.users.get(&email) {
            Some(listed) => {
                let role = listed.fields.text(Field::Role).or(role_held)?;
                Some((role.to_owned(), listed.status == Status::Active))
            }
            None => Some((role_held?.to_owned(), !held?.state.inactive && self.0.desired.manage != Manage::Exact)),
        }
    }

    fn clinic_keys(&self) -> Vec<String> {
        self.0.desired.clinics.keys().cloned().collect()
    }

    fn role_keys(&self) -> Vec<String> {
        self.0.roles_after.keys().cloned().collect()
    }
}
