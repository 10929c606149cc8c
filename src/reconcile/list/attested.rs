//! What people attest about each person, and the workspace as it is if that is true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Account, Action, Actual, Attestation, Block, BlockReason, BlockSet, Desired, Email, Employee, Field, Fields, Fingerprint, Invitation,
    InvitationState, LoginName, RemoteId, Row, Snapshot, Standing, State, StepKind, Tab, UserList, Value,
};
use crate::platform::{self, Catalog};

use super::logins::Logins;

/// What people attest about one person: the latest attestation of each value.
#[derive(Default)]
pub(super) struct Facts<'a> {
    pub(super) fields: BTreeMap<Field, (Value, &'a Attestation)>,
    pub(super) status: Option<(Standing, &'a Attestation)>,
    pub(super) blocked: Option<(BlockSet, &'a Attestation)>,
    pub(super) passcode: Option<&'a Attestation>,
}

impl<'a> Facts<'a> {
    /// Collects what people attest, by the login that the list has.
    pub(super) fn collect(snapshot: &'a Snapshot, logins: &Logins<'_>) -> BTreeMap<String, Self> {
        let mut in_order: Vec<&Attestation> = snapshot.attested.iter().collect();
        in_order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let mut people: BTreeMap<String, Self> = BTreeMap::new();
        for one in in_order {
            let facts = people.entry(logins.present(&one.user).to_owned()).or_default();
            facts.fields.extend(one.set.fields.iter().map(|(field, value)| (field, (value.to_value(), one))));
            facts.status = one.set.status.map(|status| (status, one)).or(facts.status.take());
            facts.blocked = one.set.blocked.map(|blocked| (blocked, one)).or(facts.blocked.take());
            facts.passcode = one.set.passcode.then_some(one).or(facts.passcode);
        }
        people
    }
}

/// A value that an attestation can be about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Field(Field),
    Status,
    Blocked,
    Passcode,
}

/// Whether the list can show a value at all.
pub(super) fn can_show(list: &UserList, what: What) -> bool {
    let shows = &list.snapshot.shows;
    match what {
        What::Field(field) => field == Field::Email || shows.fields.contains(&field),
        What::Status => shows.status,
        What::Blocked => shows.blocked,
        What::Passcode => false,
    }
}

/// Whether an attestation counts: it is later than the list, or the list does not show what it says.
pub(super) fn counts(list: &UserList, row: Option<&Row>, what: What, one: &Attestation) -> bool {
    let Some(row) = row else {
        // Somebody whom an incomplete list lacks may be there.
        let is_away = what == What::Status && one.set.status == Some(Standing::Inactive);
        let is_sure = if is_away { list.shows_all_access } else { list.is_complete };
        // Each tab that could show them has its own time.
        let oldest = list.snapshot.tabs.values().map(|tab| tab.taken).min();
        return !is_sure || oldest.is_none_or(|taken| taken < one.at);
    };
    let is_shown = match what {
        What::Field(field) => field == Field::Email || row.fields.get(field).is_some(),
        What::Status => row.status.is_some(),
        What::Blocked => row.blocked.is_some(),
        What::Passcode => false,
    };
    // A tab of blocked users says who is blocked.
    let blocked = list.snapshot.tabs.get(&Tab::Blocked).filter(|_| what == What::Blocked);
    let tab = blocked.or_else(|| list.snapshot.tab_of(row).map(|(_, tab)| tab));
    !is_shown || tab.is_none_or(|tab| tab.taken < one.at)
}

/// Returns the workspace with everything that counts.
pub(super) fn overlay(desired: &Desired, actual: &Actual, list: &UserList, facts: &BTreeMap<String, Facts<'_>>) -> Actual {
    let catalog = platform::by_id(&desired.platform).catalog();
    let mut after = actual.clone();
    let mut rows: BTreeMap<LoginName, Row> = list.snapshot.accounts.clone();
    for (login, facts) in facts {
        let Ok(name) = LoginName::parse(login) else { continue };
        let row = list.snapshot.accounts.get(&name);
        let found = after.accounts.iter().position(|account| account.id.0 == *login);
        let present = found.and_then(|at| after.accounts.get(at)).cloned();
        let Some(before) = present.or_else(|| added(list, &name, facts)) else { continue };
        let mut known = row.cloned().unwrap_or_default();
        let account = with_facts(before, list, row, &mut known, facts, catalog, desired);
        // Where nobody can be inactive, an account that was taken away is gone.
        if known.status == Some(Standing::Inactive) && !catalog.states.inactive {
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
fn added(list: &UserList, login: &LoginName, facts: &Facts<'_>) -> Option<Account> {
    let (status, one) = facts.status?;
    let email = match login {
        LoginName::Address(email) => email.clone(),
        LoginName::UserName(name) => Email::of_user_name(name),
    };
    let is_there = status != Standing::Inactive && counts(list, None, What::Status, one);
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
    list: &UserList,
    row: Option<&Row>,
    known: &mut Row,
    facts: &Facts<'_>,
    catalog: &Catalog,
    desired: &Desired,
) -> Account {
    for (field, (value, _)) in facts.fields.iter().filter(|(field, (_, one))| counts(list, row, What::Field(**field), one)) {
        if *field == Field::Email {
            account.email = value.as_text().and_then(|text| Email::parse(text).ok()).unwrap_or(account.email);
        } else {
            account.fields.set(*field, value.clone());
            known.fields.set(*field, value.clone());
        }
    }
    if let Some((status, _)) = facts.status.filter(|(_, one)| counts(list, row, What::Status, one)) {
        let is_invited = status == Standing::Pending && catalog.states.pending;
        // Where nobody is invited, a user who was created is active.
        let status = if status == Standing::Pending && !is_invited { Standing::Active } else { status };
        known.status = Some(status);
        account.state.inactive = status == Standing::Inactive;
        account.state.accepted = (account.state.accepted && status == Standing::Inactive) || (!account.state.inactive && !is_invited);
        account.state.invitation = is_invited.then_some(Invitation { state: InvitationState::Open, sent_at: 0, expires_at: 0 });
    }
    if let Some((blocked, _)) = facts.blocked.filter(|(_, one)| counts(list, row, What::Blocked, one)) {
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
    account.has_passcode |= facts.passcode.is_some_and(|one| counts(list, row, What::Passcode, one));
    let gives = |role: &str| -> Option<Arc<BTreeSet<String>>> {
        let built_in = catalog.roles.get(role).map(|role| &role.privileges);
        Some(Arc::new(built_in.or_else(|| desired.roles.get(role).map(|role| &role.privileges))?.clone()))
    };
    account.role_privileges = account.fields.text(Field::Role).and_then(gives);
    platform::with_rights(account, catalog, &gives)
}
