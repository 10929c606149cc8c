//! Says what still repeats an old login or name, at every plan while it is so: nothing else compares it.

use std::collections::BTreeMap;

use crate::model::{
    Account, AccountKey, Actual, DesiredUser, Field, FieldChange, NAME, NoticeCause, Outdated, RefusalCause, RemoteId, Repeating,
};

use crate::reconcile::draft::{PlanDraft, user};

/// What repeats something old, by account.
pub(in crate::reconcile) struct Repetitions<'a> {
    by_account: BTreeMap<&'a RemoteId, Vec<&'a Outdated>>,
    /// Whether most accounts have their login in `emails`; where they do not, nobody expects it there.
    expects_login: bool,
}

impl<'a> Repetitions<'a> {
    pub(in crate::reconcile) fn of(actual: &'a Actual) -> Self {
        let mut by_account: BTreeMap<&RemoteId, Vec<&Outdated>> = BTreeMap::new();
        for outdated in &actual.outdated {
            by_account.entry(&outdated.account).or_default().push(outdated);
        }
        let others = actual.outdated.iter().filter(|outdated| outdated.attribute.repeats_login()).count();
        Self { by_account, expects_login: others.saturating_mul(2) <= actual.accounts.len() }
    }

    /// Says what an account repeats that is old, unless the plan renames it.
    pub(in crate::reconcile) fn compare(&self, draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) {
        let Some(found) = self.by_account.get(&account.id).filter(|_| !account.state.inactive) else { return };
        let is_name = |edit: &FieldChange| NAME.contains(&edit.field) || edit.field == Field::Email;
        let own = draft.changes.iter().rev().take_while(|proposed| proposed.step.change.account() == Some(AccountKey::Known(&account.id)));
        if own.flat_map(|proposed| proposed.step.change.fields()).any(is_name) {
            return;
        }
        for outdated in found {
            match said(wanted, account, outdated, self.expects_login) {
                Some(Said::Refused(cause)) => draft.refuse(user(&wanted.email), cause),
                Some(Said::Warned(cause)) => draft.notice(user(&wanted.email), cause),
                None => {}
            }
        }
    }
}

enum Said {
    Refused(RefusalCause),
    Warned(NoticeCause),
}

fn said(wanted: &DesiredUser, account: &Account, outdated: &Outdated, expects_login: bool) -> Option<Said> {
    let Outdated { account: _, attribute, values } = outdated;
    let is_managed = match attribute {
        Repeating::Emails => wanted.email == account.email,
        Repeating::FormattedName | Repeating::DisplayName => NAME.iter().any(|field| wanted.fields.get(*field).is_some()),
    };
    if !is_managed {
        return None;
    }
    let is_former = |value: &&String| wanted.formerly.iter().any(|old| old.as_str().eq_ignore_ascii_case(value));
    if let Some(former) = values.iter().find(is_former).filter(|_| attribute.repeats_login()) {
        return Some(Said::Refused(RefusalCause::StillOutdated { attribute: *attribute, value: former.clone() }));
    }
    let is_said = !attribute.repeats_login() || expects_login;
    is_said.then(|| Said::Warned(NoticeCause::NotRepeated { attribute: *attribute, value: values.join(", ") }))
}
