//! Checks whether an account obeys the platform's rules with the values that the roster leaves, so that the plan shows what the server
//! would refuse (rule 6 of the core).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{
    Account, AccountKey, Action, DesiredBlock, DesiredUser, Email, Field, FieldChange, Fields, Fingerprint, RefusalCause, RemoteId, State,
    Status, Value, Violation,
};
use crate::platform::{Candidate, Catalog, Surroundings, check, is_same, lack};

use super::draft::{Need, PlanDraft, Proposed, user};
use crate::reconcile::list;

/// Refuses to activate an account that would still break a rule, and returns whether it did.
///
/// The roster alone was checked when it was read; this is about the account's other values, such as a medical director who has left
/// since (AR-9).
pub(in crate::reconcile) fn refused(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, account: &Account) -> bool {
    let action = if account.state.accepted { Action::Activate } else { Action::Invite };
    let mut found = violations(draft, account, &own(draft, account), true);
    if found.is_empty() || !draft.left.is_empty() {
        // A colleague who is active, or new, is there before the others return.
        let is_away = |email: &Email| draft.account(email).is_some_and(|held| held.state.inactive);
        let waits_for = |email: &Email| colleague(draft, email).filter(is_away);
        // That people wait for each other says more than that the other one is away.
        let circle: Vec<Violation> = draft.platform.cannot_return(&account.email, &waits_for).into_iter().collect();
        found = if circle.is_empty() { found } else { circle };
    }
    if found.is_empty()
        && let Some(key) = inactive_record(draft, account)
    {
        draft.refuse(user(&wanted.email), RefusalCause::InactiveEmployee { key });
        return true;
    }
    refuse(draft, wanted, action, found)
}

/// Takes the update of an account that stays inactive out of the plan if the server would refuse it, and returns why it would.
///
/// Such an account is judged as a whole, so nothing of the update is written.
pub(in crate::reconcile) fn withdraw_unfit(draft: &mut PlanDraft<'_>, account: &Account) -> Vec<Violation> {
    let changes = own(draft, account);
    let mut found = violations(draft, account, &changes, false);
    BrokenBefore::in_account(draft, account, false).leave_out(&changes, &mut found, draft.catalog());
    if !found.is_empty() {
        draft.changes.retain(|proposed| !is_about(proposed, account) || !proposed.step.change.action().updates());
    }
    found
}

fn is_about(proposed: &Proposed, account: &Account) -> bool {
    proposed.step.change.account() == Some(AccountKey::Known(&account.id))
}

/// The fields that the plan changes of an account so far.
fn own(draft: &PlanDraft<'_>, account: &Account) -> Vec<FieldChange> {
    let own = draft.changes.iter().rev().take_while(|proposed| is_about(proposed, account));
    own.flat_map(|proposed| proposed.step.change.fields()).cloned().collect()
}

/// Returns the employee record that the account will belong to, if it is inactive (PBN-8).
fn inactive_record(draft: &PlanDraft<'_>, account: &Account) -> Option<String> {
    let fields = after(account, &own(draft, account));
    let record = draft.register.with_key(fields.text(Field::Employee)?)?;
    (!record.active).then(|| record.key.clone())
}

/// Finds the colleague whom a user will depend on.
fn colleague(draft: &PlanDraft<'_>, email: &Email) -> Option<Email> {
    let (listed, held) = (draft.desired.users.get(email), draft.account(email));
    let after = |field| {
        let wanted = listed.and_then(|user| user.fields.get(field));
        wanted.or_else(|| held.and_then(|account| account.fields.get(field)))
    };
    Email::parse(draft.platform.relies_on(&after)?).ok()
}

/// Lists the users who must be active before a user returns.
pub(in crate::reconcile) fn relies_on(draft: &PlanDraft<'_>, account: &Account) -> BTreeSet<Need> {
    colleague(draft, &account.email).map(|email| Need::Colleague(email.as_str().to_owned())).into_iter().collect()
}

/// Removes from an update what would break a rule together with the values that the roster leaves, and refuses only that (rule 3 of
/// the core). A rule that was broken before is not an obstacle.
pub(in crate::reconcile) fn keep_fitting(
    draft: &mut PlanDraft<'_>,
    wanted: &DesiredUser,
    account: &Account,
    changes: &mut Vec<FieldChange>,
) {
    let unfit = take_out(draft, account, changes);
    refuse(draft, wanted, Action::Update, unfit);
}

/// Removes from a new account what would break a rule together with what the roster leaves out, and refuses only that.
pub(in crate::reconcile) fn keep_fitting_new(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, changes: &mut Vec<FieldChange>) {
    // A new user has nothing besides what the roster gives: here a field that it does not mention is empty.
    let blank = Account {
        id: RemoteId(String::new()),
        email: wanted.email.clone(),
        fingerprint: Fingerprint(String::new()),
        state: State::default(),
        fields: draft.catalog().known_fields().map(|(field, _)| (field, Value::Unset)).collect(),
        privileges: Arc::default(),
        role_privileges: None,
        has_passcode: false,
        passcode_made: None,
        main_admin: false,
        invited_name: None,
        former: Vec::new(),
    };
    let unfit = take_out(draft, &blank, changes);
    refuse(draft, wanted, Action::Update, unfit);
}

/// Refuses a new user of a list who lacks a value that every new account needs, and returns whether it did. Whether somebody is to be invited
/// depends on the list, so this is not a mistake of the roster (rule 3 of the core).
pub(in crate::reconcile) fn refuses_new(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, fields: &Fields) -> bool {
    if draft.actual.list.is_none() {
        return false;
    }
    let main_admin = draft.desired.main_admin.as_ref() == Some(&wanted.email);
    let candidate = Candidate { email: &wanted.email, fields, active: true, main_admin };
    let found = check(draft.platform, &candidate, &After(draft)).into_iter();
    let found: Vec<Violation> = found.filter(|violation| lack(violation, draft.catalog()).is_value()).collect();
    let is_refused = !found.is_empty();
    for violation in found {
        draft.refuse(user(&wanted.email), RefusalCause::LacksForNew { violation: Box::new(violation) });
    }
    is_refused
}

/// Removes the changes of an active account that break a rule, and returns the rules.
fn take_out(draft: &PlanDraft<'_>, account: &Account, changes: &mut Vec<FieldChange>) -> Vec<Violation> {
    let (mut old, mut unfit, mut taken) = (None, Vec::new(), BTreeSet::new());
    while !changes.is_empty() {
        let mut found = violations(draft, account, changes, true);
        if found.is_empty() {
            break;
        }
        old.get_or_insert_with(|| BrokenBefore::in_account(draft, account, true)).leave_out(changes, &mut found, draft.catalog());
        let Some(broken) = found.into_iter().next() else { break };
        // The lack of a value that was taken out has its refusal already.
        let is_said = taken.contains(&broken.field);
        match culprit(draft, account, changes, &broken) {
            Some(at) => {
                let gone = changes.remove(at);
                changes.retain(|change| change.field.switch() != Some(gone.field));
                taken.insert(gone.field);
            }
            None => changes.clear(),
        }
        if !is_said {
            unfit.push(broken);
        }
    }
    unfit
}

/// The rules that an account breaks with the values that it has, which are not an obstacle to a change.
struct BrokenBefore {
    /// In the workspace as it is: the server judges the value that a change replaces by this.
    now: Vec<Violation>,
    /// In the workspace as it will be, where colleagues have left.
    later: Vec<Violation>,
}

impl BrokenBefore {
    fn in_account(draft: &PlanDraft<'_>, account: &Account, active: bool) -> Self {
        let now = violations_among(draft, account, &[], active, &Present(draft));
        Self { now, later: violations(draft, account, &[], active) }
    }

    /// Leaves out of what changes break what was broken before.
    fn leave_out(&self, changes: &[FieldChange], found: &mut Vec<Violation>, catalog: &Catalog) {
        found.retain(|new| {
            let is_replaced = changes.iter().any(|change| change.field == new.field);
            let old = if is_replaced { &self.now } else { &self.later };
            !old.iter().any(|old| is_same(old, new, catalog))
        });
    }
}

/// Finds the change that breaks the rule: that of the field itself, or else the first one without which the rule is kept.
fn culprit(draft: &PlanDraft<'_>, account: &Account, changes: &[FieldChange], broken: &Violation) -> Option<usize> {
    let own = changes.iter().position(|change| change.field == broken.field);
    own.or_else(|| {
        (0..changes.len()).find(|at| {
            let others: Vec<FieldChange> = changes.iter().enumerate().filter(|(i, _)| i != at).map(|(_, c)| c.clone()).collect();
            !violations(draft, account, &others, true).iter().any(|left| is_same(left, broken, draft.catalog()))
        })
    })
}

/// Lists what is wrong with an account after these changes, if it is active or stays inactive.
fn violations(draft: &PlanDraft<'_>, account: &Account, changes: &[FieldChange], active: bool) -> Vec<Violation> {
    violations_among(draft, account, changes, active, &After(draft))
}

fn violations_among(
    draft: &PlanDraft<'_>,
    account: &Account,
    changes: &[FieldChange],
    active: bool,
    around: &dyn Surroundings,
) -> Vec<Violation> {
    let fields = after(account, changes);
    let candidate = Candidate { email: &account.email, fields: &fields, active, main_admin: account.main_admin };
    let mut found = draft.platform.violations(&candidate, around);
    // What the list of users does not show may be there.
    found.retain(|violation| draft.actual.list.is_none() || list::knows(account, changes, violation.field));
    found
}

/// Returns the fields of an account after these changes.
fn after(account: &Account, changes: &[FieldChange]) -> Fields {
    let mut fields = account.fields.clone();
    for change in changes {
        fields.set(change.field, change.after.clone());
    }
    fields
}

/// Refuses an action for each violation; returns whether there is one.
pub(in crate::reconcile) fn refuse(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, action: Action, found: Vec<Violation>) -> bool {
    let any = !found.is_empty();
    for violation in found {
        let waits_for = renamed_colleague(draft, wanted, violation.field);
        draft.refuse(user(&wanted.email), RefusalCause::Breaks { action, violation: Box::new(violation), waits_for });
    }
    any
}

/// The colleague whom a field names by an address that no account has yet, and who has an account under another one.
fn renamed_colleague(draft: &PlanDraft<'_>, wanted: &DesiredUser, field: Field) -> Option<Email> {
    let named = Email::parse(wanted.fields.text(field).filter(|_| field.definition().names.is_colleague())?).ok()?;
    let colleague = draft.desired.users.get(&named).filter(|_| draft.account(&named).is_none())?;
    let is_theirs = |account: &Account| colleague.id.as_ref() == Some(&account.id) || colleague.formerly.contains(&account.email);
    draft.actual.accounts.iter().any(is_theirs).then_some(named)
}

/// The workspace as it will be after the plan.
pub(super) struct After<'d, 'a>(pub(super) &'d PlanDraft<'a>);

impl Surroundings for After<'_, '_> {
    fn has_clinic(&self, key: &str) -> bool {
        self.0.desired.clinics.contains_key(key) || self.0.actual.clinics.contains_key(key)
    }

    fn has_role(&self, key: &str) -> bool {
        self.0.roles_after.contains_key(key)
    }

    fn colleague(&self, email: &str) -> Option<(String, bool)> {
        let email = Email::parse(email).ok()?;
        if let Some(standing) = self.0.left.get(&email) {
            return standing.clone();
        }
        let held = self.0.account(&email);
        let role_held = held.and_then(|a| a.fields.text(Field::Role));
        match (whose(self.0, &email, held), held) {
            (Some(listed), Some(held)) => {
                let role = listed.fields.text(Field::Role).or(role_held)?;
                Some((role.to_owned(), listed.status.is_active() && !stays_away(held, listed.blocked.as_ref())))
            }
            // Nobody can name a user who gets no account.
            (Some(listed), None) => Some((listed.fields.text(Field::Role).filter(|_| is_new(listed))?.to_owned(), true)),
            (None, _) => {
                let stays = !self.0.desired.manage.removes_unlisted();
                Some((role_held?.to_owned(), !held?.state.inactive && stays))
            }
        }
    }

    fn clinic_keys(&self) -> Vec<String> {
        self.0.desired.clinics.keys().cloned().collect()
    }

    fn role_keys(&self) -> Vec<String> {
        self.0.roles_after.keys().cloned().collect()
    }
}

/// The workspace as it is, as far as people are concerned.
struct Present<'d, 'a>(&'d PlanDraft<'a>);

impl Surroundings for Present<'_, '_> {
    fn has_clinic(&self, key: &str) -> bool {
        After(self.0).has_clinic(key)
    }

    fn has_role(&self, key: &str) -> bool {
        After(self.0).has_role(key)
    }

    fn colleague(&self, email: &str) -> Option<(String, bool)> {
        let held = self.0.account(&Email::parse(email).ok()?)?;
        Some((held.fields.text(Field::Role)?.to_owned(), !held.state.inactive))
    }

    fn clinic_keys(&self) -> Vec<String> {
        After(self.0).clinic_keys()
    }

    fn role_keys(&self) -> Vec<String> {
        After(self.0).role_keys()
    }
}

/// Finds the user of the roster to whom an address, or the account at it, belongs: by the address, or by the account's id or former address.
fn whose<'a>(draft: &PlanDraft<'a>, email: &Email, held: Option<&Account>) -> Option<&'a DesiredUser> {
    let points_at = |user: &DesiredUser, account: &Account| user.id.as_ref() == Some(&account.id) || user.formerly.contains(&account.email);
    let users = &draft.desired.users;
    users.get(email).or_else(|| held.and_then(|account| users.values().find(|user| points_at(user, account))))
}

/// Returns whether a user without an account gets one.
const fn is_new(listed: &DesiredUser) -> bool {
    match (listed.status, &listed.blocked) {
        (Status::Active, Some(DesiredBlock::Unblocked) | None) => true,
        (Status::Active, Some(DesiredBlock::Blocked { .. })) | (Status::Inactive, _) => false,
    }
}

/// Returns whether an inactive account stays inactive because of a block, although the roster wants it active.
const fn stays_away(held: &Account, wanted: Option<&DesiredBlock>) -> bool {
    let State { accepted, inactive, block, invitation: _ } = &held.state;
    match wanted {
        Some(DesiredBlock::Blocked { .. }) => *inactive,
        Some(DesiredBlock::Unblocked) => false,
        None => *inactive && !*accepted && block.is_some(),
    }
}
