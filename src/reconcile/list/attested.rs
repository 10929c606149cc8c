//! The attestations of people about each person, and the workspace as it is if they are true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::transition::{Terms, new_account, still_blocked, transition};
use crate::model::{
    Account, AccountChange, Action, Actual, Attestation, Block, BlockReason, BlockSet, DesiredUser, Email, Employee, Field, FieldChange,
    Fingerprint, LoginName, NewAccount, RemoteId, Row, Snapshot, Standing, StepValue, Value, ValueRef,
};
use crate::platform::{self, Catalog};

use super::logins::Logins;
use super::verdict::Judge;

/// The attestations of people about one person: the latest one of each value.
#[derive(Default)]
pub(in crate::reconcile) struct AttestedFacts<'a> {
    pub(super) fields: BTreeMap<Field, (Value, &'a Attestation)>,
    pub(super) status: Option<(Standing, &'a Attestation)>,
    pub(super) blocked: Option<(BlockSet, &'a Attestation)>,
    pub(super) passcode: Option<&'a Attestation>,
    /// The account was made.
    created: Option<&'a Attestation>,
    /// The first attestation of each value after which nobody attests another one.
    since: BTreeMap<StepValue, &'a Attestation>,
}

impl<'a> AttestedFacts<'a> {
    /// Collects what people attest, by the login that the list has.
    pub(in crate::reconcile) fn collect(snapshot: &'a Snapshot, logins: &Logins<'_>) -> BTreeMap<String, Self> {
        let mut in_order: Vec<&Attestation> = snapshot.attested.iter().collect();
        in_order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let mut people: BTreeMap<String, Self> = BTreeMap::new();
        for one in in_order {
            let facts = people.entry(logins.present(&one.user).to_owned()).or_default();
            for value in one.set.each() {
                if !facts.says_the_same(value, one) {
                    facts.since.insert(value, one);
                }
            }
            facts.fields.extend(one.set.fields.iter().map(|(field, value)| (field, (value.to_value(), one))));
            facts.status = one.set.status.map(|status| (status, one)).or(facts.status.take());
            facts.blocked = one.set.blocked.map(|blocked| (blocked, one)).or(facts.blocked.take());
            facts.passcode = one.set.passcode.then_some(one).or(facts.passcode);
            facts.created = (one.change.made().is_some_and(Action::invites)).then_some(one).or(facts.created);
        }
        people
    }

    /// Returns whether the latest attestation of a value so far says the same.
    fn says_the_same(&self, value: StepValue, one: &Attestation) -> bool {
        match value {
            StepValue::Field(field) => {
                let held = self.fields.get(&field).and_then(|(_, latest)| latest.set.fields.get(field));
                held.zip(one.set.fields.get(field)).is_some_and(|(held, said)| held.is_same(said, field))
            }
            StepValue::Status => self.status.map(|(held, _)| held) == one.set.status,
            StepValue::Blocked => self.blocked.map(|(held, _)| held) == one.set.blocked,
            // Another passcode replaces the first.
            StepValue::Passcode => false,
        }
    }

    /// Returns whether nobody attests another value after an attestation: it is the latest, or those after it say the same.
    pub(in crate::reconcile) fn is_unchanged_since(&self, value: StepValue, one: &Attestation) -> bool {
        self.since.get(&value).is_some_and(|first| (first.at, &first.id) <= (one.at, &one.id))
    }

    /// Returns whether somebody attests a block, or its end, after an invitation was sent again: the block ended that link.
    pub(super) fn ends_link(&self, sent: &Attestation) -> bool {
        sent.change.made().is_some_and(Action::renews_invitation) && self.blocked.is_some_and(|(_, one)| sent.at < one.at)
    }

    /// Returns the attestation from which the value of a field is known. The form of a new account was left blank where nothing is wanted.
    pub(super) fn of_field(&self, field: Field, wanted: ValueRef<'_>) -> Option<&'a Attestation> {
        match self.fields.get(&field) {
            Some((held, one)) => (wanted == *held || (wanted.is_off(field) && held.is_off(field))).then_some(*one),
            None => self.created.filter(|_| wanted.is_off(field)),
        }
    }
}

/// Says whether an attestation of a value counts.
type IsCounted<'c> = &'c dyn Fn(StepValue, &Attestation) -> bool;

/// Returns the workspace with everything that counts. Where nobody can be inactive, an account that was taken away is gone, unless
/// `keeps_removed` says that it stays as an inactive one.
pub(super) fn overlay(judge: &Judge<'_>, actual: &Actual, keeps_removed: bool) -> Actual {
    let (desired, list, facts) = (judge.desired, judge.list, AttestedFacts::collect(&judge.list.snapshot, &judge.logins));
    let catalog = platform::by_id(&desired.platform).catalog();
    let gives = |role: &str| -> Option<Arc<BTreeSet<String>>> {
        let built_in = catalog.roles.get(role).map(|role| &role.privileges);
        Some(Arc::new(built_in.or_else(|| desired.roles.get(role).map(|role| &role.privileges))?.clone()))
    };
    // The list does not say when an invitation was sent, or until when it is valid.
    let terms = Terms { invitations: catalog.states.pending, now: 0, invitation_lives: 0, role_gives: &gives };
    let mut after = actual.clone();
    let mut rows: BTreeMap<LoginName, Row> = list.snapshot.accounts.clone();
    let wanted: BTreeMap<&str, &DesiredUser> = (desired.users.values())
        .flat_map(|user| user.id.iter().map(|id| id.0.as_str()).chain([user.email.as_str()]).map(move |login| (login, user)))
        .collect();
    for (login, facts) in &facts {
        let Ok(name) = LoginName::parse(login) else { continue };
        let found = after.accounts.iter().position(|account| account.id.0 == *login);
        let present = found.and_then(|at| after.accounts.get(at)).cloned();
        let Some(before) = present.or_else(|| added(judge, &name, facts, &terms, keeps_removed)) else { continue };
        let mut known = list.snapshot.accounts.get(&name).cloned().unwrap_or_default();
        let counts = |value, one: &Attestation| judge.verdict(login, value, one).lets_count();
        let mut account = with_facts(before, &counts, &mut known, facts, catalog, &terms);
        let blank = wanted.get(login.as_str()).into_iter().flat_map(|user| user.fields.iter());
        for (field, value) in blank.filter(|(field, value)| facts.of_field(*field, *value).is_some()) {
            if known.fields.get(field).is_none() {
                account.fields.set(field, value.to_value());
                known.fields.set(field, value.to_value());
            }
        }
        if known.status.is_some_and(Standing::is_inactive) && !catalog.states.inactive && !keeps_removed {
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
    for one in list.snapshot.attested.iter().filter(|one| one.change.added_record()) {
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

/// An account that somebody attests to have made, and that the list does not have yet; with `keeps_removed`, also one that somebody attests to
/// have taken away, and of which neither the roster nor an earlier list says anything.
fn added(judge: &Judge<'_>, login: &LoginName, facts: &AttestedFacts<'_>, terms: &Terms<'_>, keeps_removed: bool) -> Option<Account> {
    let (status, one) = facts.status?;
    let owner = judge.logins.user(login.as_str()).filter(|_| login.user_name().is_some());
    let email = owner.map_or_else(|| login.to_email(), |user| user.email.clone());
    let is_nobodys = judge.logins.user(login.as_str()).is_none() && !judge.list.snapshot.earlier.contains_key(login);
    let is_there =
        (!status.is_inactive() || keeps_removed && is_nobodys) && judge.verdict(login.as_str(), StepValue::Status, one).lets_count();
    let id = RemoteId(login.as_str().to_owned());
    is_there.then(|| new_account(&new(email, status), id, Fingerprint(String::new()), terms))
}

/// A new account of this standing, with nothing in it.
const fn new(email: Email, standing: Standing) -> NewAccount {
    let with_password = match standing {
        Standing::Pending => false,
        Standing::Active | Standing::Inactive => true,
    };
    NewAccount { email, fields: Vec::new(), with_password }
}

/// Folds the states that people attest into an account, in the order in which they came about.
fn with_states(account: Account, counts: IsCounted<'_>, known: &mut Row, facts: &AttestedFacts<'_>, terms: &Terms<'_>) -> Account {
    let status = facts.status.filter(|(_, one)| counts(StepValue::Status, one));
    let blocked = facts.blocked.filter(|(_, one)| counts(StepValue::Blocked, one));
    let with_status = |account: Account| match status {
        Some((standing, _)) => in_standing(account, standing, terms),
        None => account,
    };
    let with_block = |account: Account| match blocked {
        Some((BlockSet::For(reason), _)) => changed(account, &AccountChange::Block(Block { reason, note: None }), terms),
        Some((BlockSet::Lifted, _)) => changed(account, &AccountChange::Unblock, terms),
        None => account,
    };
    // A list without blocks does not say whether there was one.
    let shows_blocks = known.blocked.is_some();
    known.is_expired &= status.is_none();
    known.status = status.map(|(standing, _)| of_product(standing, terms)).or(known.status);
    known.blocked = blocked.map(|(set, _)| set.blocks()).or(known.blocked);
    let is_block_first = status.zip(blocked).is_some_and(|((_, status), (_, blocked))| blocked.at <= status.at);
    let account = if is_block_first { with_status(with_block(account)) } else { with_block(with_status(account)) };
    let account = if shows_blocks { with_ended_invitation(account, facts, terms) } else { account };
    with_reason(account, facts, terms)
}

/// The account without the invitation that its block ended: after somebody lifted the block, nobody has sent another one.
fn with_ended_invitation(account: Account, facts: &AttestedFacts<'_>, terms: &Terms<'_>) -> Account {
    let Some((_, lifted)) = facts.blocked.filter(|(set, _)| !set.blocks()) else { return account };
    let is_sent_since = facts.status.is_some_and(|(standing, sent)| standing.is_pending() && lifted.at <= sent.at);
    if is_sent_since || account.state.block.is_some() {
        return account;
    }
    let block = Block { reason: BlockReason::Other, note: None };
    changed(changed(account, &AccountChange::Block(block), terms), &AccountChange::Unblock, terms)
}

/// The account with the reason of its block that somebody attests: a list shows none.
fn with_reason(account: Account, facts: &AttestedFacts<'_>, terms: &Terms<'_>) -> Account {
    let is_unexplained = account.state.block.as_ref().is_some_and(|block| block.reason.is_in_note());
    match facts.blocked {
        Some((BlockSet::For(reason), _)) if is_unexplained => changed(account, &AccountChange::Block(Block { reason, note: None }), terms),
        Some((BlockSet::For(_) | BlockSet::Lifted, _)) | None => account,
    }
}

/// The standing in the product: where nobody is invited, a user who was created is active.
fn of_product(standing: Standing, terms: &Terms<'_>) -> Standing {
    standing.in_product(terms.invitations)
}

/// The account in the standing that somebody attests: by the change that leads there from what the list shows, or as one that was made
/// anew where none does, or where somebody is invited, since the link is a new one.
fn in_standing(account: Account, standing: Standing, terms: &Terms<'_>) -> Account {
    let change = match of_product(standing, terms) {
        Standing::Inactive => Some(AccountChange::Inactivate),
        Standing::Active => Some(AccountChange::Activate),
        Standing::Pending => None,
    };
    let after = change.and_then(|change| transition(&account, &change, terms).ok());
    after.filter(|after| after.state.standing() == of_product(standing, terms)).unwrap_or_else(|| {
        let anew = new_account(&new(account.email.clone(), standing), account.id.clone(), account.fingerprint.clone(), terms);
        Account { state: still_blocked(anew.state, &account.state), ..account }
    })
}

/// The account after a change, or as it was if the change is impossible.
fn changed(account: Account, change: &AccountChange, terms: &Terms<'_>) -> Account {
    transition(&account, change, terms).unwrap_or(account)
}

fn with_facts(
    mut account: Account,
    counts: IsCounted<'_>,
    known: &mut Row,
    facts: &AttestedFacts<'_>,
    catalog: &Catalog,
    terms: &Terms<'_>,
) -> Account {
    let counted = facts.fields.iter().filter(|(field, (_, one))| counts(StepValue::Field(**field), one));
    let change = |(field, (value, _)): (&Field, &(Value, &Attestation))| FieldChange {
        field: *field,
        before: Value::Unset,
        after: value.clone(),
        unknown: true,
    };
    let mut fields: Vec<FieldChange> = counted.map(change).collect();
    // Beside a user name, the address is a value that the list shows, and not the login.
    let is_login = |change: &FieldChange| change.field == Field::Email && account.id.0.contains('@');
    for change in fields.iter().filter(|change| !is_login(change)) {
        known.fields.set(change.field, change.after.clone());
    }
    fields.retain(|change| change.field != Field::Email || is_login(change));
    account = changed(account, &AccountChange::Update { fields, effective: None }, terms);
    account = with_states(account, counts, known, facts, terms);
    if facts.passcode.is_some_and(|one| counts(StepValue::Passcode, one)) {
        account = changed(account, &AccountChange::GeneratePasscode, terms);
    }
    account.role_privileges = account.fields.text(Field::Role).and_then(terms.role_gives);
    platform::with_rights(account, catalog, terms.role_gives)
}
