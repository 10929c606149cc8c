//! What people attest about each person, and the workspace as it is if that is true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Account, Action, Actual, Attestation, Block, BlockReason, BlockSet, Desired, DesiredUser, Email, Employee, Field, Fields, Fingerprint,
    Invitation, InvitationState, LoginName, RemoteId, Row, Snapshot, Standing, State, StepKind, StepValue, Value, ValueRef,
};
use crate::platform::{self, Catalog};

use super::logins::Logins;
use super::verdict::{Judge, Verdict};

/// What people attest about one person: the latest attestation of each value.
#[derive(Default)]
pub(in crate::reconcile) struct Facts<'a> {
    pub(super) fields: BTreeMap<Field, (Value, &'a Attestation)>,
    pub(super) status: Option<(Standing, &'a Attestation)>,
    pub(super) blocked: Option<(BlockSet, &'a Attestation)>,
    pub(super) passcode: Option<&'a Attestation>,
    /// The account was made.
    created: Option<&'a Attestation>,
}

impl<'a> Facts<'a> {
    /// Collects what people attest, by the login that the list has.
    pub(in crate::reconcile) fn collect(snapshot: &'a Snapshot, logins: &Logins<'_>) -> BTreeMap<String, Self> {
        let mut in_order: Vec<&Attestation> = snapshot.attested.iter().collect();
        in_order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let mut people: BTreeMap<String, Self> = BTreeMap::new();
        for one in in_order {
            let facts = people.entry(logins.present(&one.user).to_owned()).or_default();
            facts.fields.extend(one.set.fields.iter().map(|(field, value)| (field, (value.to_value(), one))));
            facts.status = one.set.status.map(|status| (status, one)).or(facts.status.take());
            facts.blocked = one.set.blocked.map(|blocked| (blocked, one)).or(facts.blocked.take());
            facts.passcode = one.set.passcode.then_some(one).or(facts.passcode);
            facts.created = (one.change == StepKind::Done(Action::Invite)).then_some(one).or(facts.created);
        }
        people
    }

    /// Whether no later attestation is about a value.
    pub(in crate::reconcile) fn is_latest(&self, value: StepValue, one: &Attestation) -> bool {
        let latest = match value {
            StepValue::Field(field) => self.fields.get(&field).map(|(_, latest)| *latest),
            StepValue::Status => self.status.map(|(_, latest)| latest),
            StepValue::Blocked => self.blocked.map(|(_, latest)| latest),
            StepValue::Passcode => self.passcode,
        };
        latest == Some(one)
    }

    /// Returns the attestation from which the value of a field is known. The form of a new account was left blank where nothing is wanted.
    pub(super) fn of_field(&self, field: Field, wanted: ValueRef<'_>) -> Option<&'a Attestation> {
        match self.fields.get(&field) {
            Some((held, one)) => (wanted == *held || (wanted.is_off(field) && held.is_off(field))).then_some(*one),
            None => self.created.filter(|_| wanted.is_off(field)),
        }
    }
}

/// Returns the workspace with everything that counts. Where nobody can be inactive, an account that was taken away is gone, unless
/// `keeps_removed` says that it stays as an inactive one.
pub(super) fn overlay(judge: &Judge<'_>, actual: &Actual, keeps_removed: bool) -> Actual {
    let (desired, list, facts) = (judge.desired, judge.list, Facts::collect(&judge.list.snapshot, &judge.logins));
    let catalog = platform::by_id(&desired.platform).catalog();
    let mut after = actual.clone();
    let mut rows: BTreeMap<LoginName, Row> = list.snapshot.accounts.clone();
    let wanted: BTreeMap<&str, &DesiredUser> = (desired.users.values())
        .flat_map(|user| user.id.iter().map(|id| id.0.as_str()).chain([user.email.as_str()]).map(move |login| (login, user)))
        .collect();
    for (login, facts) in &facts {
        let Ok(name) = LoginName::parse(login) else { continue };
        let found = after.accounts.iter().position(|account| account.id.0 == *login);
        let present = found.and_then(|at| after.accounts.get(at)).cloned();
        let Some(before) = present.or_else(|| added(judge, &name, facts)) else { continue };
        let mut known = list.snapshot.accounts.get(&name).cloned().unwrap_or_default();
        let counts = |value, one: &Attestation| judge.verdict(login, value, one) == Verdict::Silent;
        let mut account = with_facts(before, &counts, &mut known, facts, catalog, desired);
        let blank = wanted.get(login.as_str()).into_iter().flat_map(|user| user.fields.iter());
        for (field, value) in blank.filter(|(field, value)| facts.of_field(*field, *value).is_some()) {
            if known.fields.get(field).is_none() {
                account.fields.set(field, value.to_value());
                known.fields.set(field, value.to_value());
            }
        }
        if known.status == Some(Standing::Inactive) && !catalog.states.inactive && !keeps_removed {
            rows.remove(&name);
            if let Some(at) = found {
                after.accounts.remove(at);
            }
            continue;
        }
        rows.insert(name, known);
        match found.and_then(|at| after.accounts.get_mut(at)) {
            Some(place) => *place = account,
            None => after.accounts.push(account),
        }
    }
    after.accounts.sort_by(|a, b| a.id.cmp(&b.id));
    for one in list.snapshot.attested.iter().filter(|one| one.change == StepKind::Done(Action::CreateEmployee)) {
        after.employees.extend(record(one).filter(|record| !actual.employees.iter().any(|held| held.key == record.key)));
    }
    if let Some(list) = &mut after.list {
        list.snapshot.accounts = rows;
    }
    after
}

/// The employee record that somebody attests to have added (PBN-3).
fn record(one: &Attestation) -> Option<Employee> {
    let text = |field| one.set.fields.text(field).map(str::to_owned);
    let key = text(Field::Employee)?;
    Some(Employee {
        id: RemoteId(key.clone()),
        fingerprint: Fingerprint(String::new()),
        key,
        first_name: text(Field::FirstName)?,
        last_name: text(Field::LastName)?,
        active: true,
        external: true,
    })
}

/// An account that somebody attests to have made, and that the list does not have yet.
fn added(judge: &Judge<'_>, login: &LoginName, facts: &Facts<'_>) -> Option<Account> {
    let (status, one) = facts.status?;
    let email = match login {
        LoginName::Address(email) => email.clone(),
        LoginName::UserName(name) => Email::of_user_name(name),
    };
    let is_there = status != Standing::Inactive && judge.verdict(login.as_str(), StepValue::Status, one) == Verdict::Silent;
    is_there.then(|| Account {
        id: RemoteId(login.as_str().to_owned()),
        email,
        fingerprint: Fingerprint(String::new()),
        state: State::default(),
        fields: Fields::default(),
        privileges: Arc::default(),
        role_privileges: None,
        has_passcode: false,
        main_admin: false,
        invited_name: None,
    })
}

fn with_facts(
    mut account: Account,
    counts: &dyn Fn(StepValue, &Attestation) -> bool,
    known: &mut Row,
    facts: &Facts<'_>,
    catalog: &Catalog,
    desired: &Desired,
) -> Account {
    for (field, (value, _)) in facts.fields.iter().filter(|(field, (_, one))| counts(StepValue::Field(**field), one)) {
        if *field == Field::Email {
            account.email = value.as_text().and_then(|text| Email::parse(text).ok()).unwrap_or(account.email);
        } else {
            account.fields.set(*field, value.clone());
            known.fields.set(*field, value.clone());
        }
    }
    if let Some((status, _)) = facts.status.filter(|(_, one)| counts(StepValue::Status, one)) {
        let is_invited = status == Standing::Pending && catalog.states.pending;
        // Where nobody is invited, a user who was created is active.
        let status = if status == Standing::Pending && !is_invited { Standing::Active } else { status };
        known.status = Some(status);
        account.state.inactive = status == Standing::Inactive;
        account.state.accepted = (account.state.accepted && status == Standing::Inactive) || (!account.state.inactive && !is_invited);
        account.state.invitation = is_invited.then_some(Invitation { state: InvitationState::Open, sent_at: 0, expires_at: 0 });
    }
    if let Some((blocked, _)) = facts.blocked.filter(|(_, one)| counts(StepValue::Blocked, one)) {
        known.blocked = Some(blocked != BlockSet::Lifted);
        account.state.block = match blocked {
            BlockSet::Lifted => None,
            BlockSet::For(reason) => Some(Block { reason, note: None }),
        };
    } else if let (Some((BlockSet::For(reason), _)), Some(block)) = (facts.blocked, &mut account.state.block)
        && block.reason == BlockReason::Other
    {
        block.reason = reason;
    }
    account.has_passcode |= facts.passcode.is_some_and(|one| counts(StepValue::Passcode, one));
    let gives = |role: &str| -> Option<Arc<BTreeSet<String>>> {
        let built_in = catalog.roles.get(role).map(|role| &role.privileges);
        Some(Arc::new(built_in.or_else(|| desired.roles.get(role).map(|role| &role.privileges))?.clone()))
    };
    account.role_privileges = account.fields.text(Field::Role).and_then(gives);
    platform::with_rights(account, catalog, &gives)
}
