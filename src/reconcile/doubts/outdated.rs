//! Says what still repeats an old login or name, at every plan while it is so: nothing else compares it.

use std::collections::BTreeMap;

use crate::model::{
    Account, AccountKey, Actual, DesiredUser, Email, Field, FieldChange, NAME, NoticeCause, OtherAddresses, Outdated, RefusalCause,
    RemoteId, Repeating,
};

use crate::reconcile::draft::{PlanDraft, user};

/// The values that repeat something old, by account.
pub(in crate::reconcile) struct Repetitions<'a> {
    by_account: BTreeMap<&'a RemoteId, Vec<&'a Outdated>>,
    /// The other addresses of accounts.
    others: &'a OtherAddresses,
    /// Says whether most accounts have their login in `emails`; where they do not, nobody expects it there.
    expects_login: bool,
}

impl<'a> Repetitions<'a> {
    pub(in crate::reconcile) fn new(actual: &'a Actual) -> Self {
        let mut by_account: BTreeMap<&RemoteId, Vec<&Outdated>> = BTreeMap::new();
        for outdated in &actual.outdated {
            by_account.entry(&outdated.account).or_default().push(outdated);
        }
        let others = actual.outdated.iter().filter(|outdated| outdated.attribute.repeats_login()).count();
        Self { by_account, others: &actual.other_addresses, expects_login: others.saturating_mul(2) <= actual.accounts.len() }
    }

    /// Says what an account repeats that is old, unless the plan renames it.
    pub(in crate::reconcile) fn compare(&self, draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) {
        let found = self.by_account.get(&account.id).map(Vec::as_slice).unwrap_or_default();
        let former = self.former_address(wanted, account);
        if account.state.inactive || found.is_empty() && former.is_none() {
            return;
        }
        let is_name = |edit: &FieldChange| NAME.contains(&edit.field) || edit.field == Field::Email;
        let own = draft.changes.iter().rev().take_while(|proposed| proposed.step.change.account() == Some(AccountKey::Known(&account.id)));
        if own.flat_map(|proposed| proposed.step.change.fields()).any(is_name) {
            return;
        }
        if let Some(former) = former {
            let cause = RefusalCause::StillOutdated { attribute: Repeating::Emails, value: former.to_string() };
            draft.refuse(user(&wanted.email), cause);
        }
        for outdated in found {
            match said(wanted, account, outdated, self.expects_login) {
                Some(OutdatedFinding::Refused(cause)) => draft.refuse(user(&wanted.email), cause),
                Some(OutdatedFinding::Warned(cause)) => draft.notice(user(&wanted.email), cause),
                None => {}
            }
        }
    }
}

impl Repetitions<'_> {
    /// The former address that an account still has beside its present one: who has it may get mail that is meant for the account.
    fn former_address<'w>(&self, wanted: &'w DesiredUser, account: &Account) -> Option<&'w Email> {
        let has = |former: &&Email| self.others.get(*former).is_some_and(|accounts| accounts.contains(&account.id));
        let found = self.by_account.get(&account.id);
        let is_said = found.is_some_and(|found| found.iter().any(|outdated| outdated.attribute.repeats_login()));
        wanted.formerly.iter().find(has).filter(|_| wanted.email == account.email && !is_said)
    }
}

enum OutdatedFinding {
    Refused(RefusalCause),
    Warned(NoticeCause),
}

fn said(wanted: &DesiredUser, account: &Account, outdated: &Outdated, expects_login: bool) -> Option<OutdatedFinding> {
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
        return Some(OutdatedFinding::Refused(RefusalCause::StillOutdated { attribute: *attribute, value: former.clone() }));
    }
    let is_said = !attribute.repeats_login() || expects_login;
    is_said.then(|| OutdatedFinding::Warned(NoticeCause::NotRepeated { attribute: *attribute, value: values.join(", ") }))
}
