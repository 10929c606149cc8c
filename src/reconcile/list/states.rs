//! How far each step of a plan is, and what the list says about each attestation.

use std::collections::BTreeMap;

use crate::model::{
    Action, Actual, Attestation, AttestedStep, BlockSet, ByHand, Change, Desired, Email, Field, Fields, HandState, HandStep, LoginName,
    Proof, Row, Standing, Step, StepId, StepKind, StepValues, Tick, UserList, Value,
};
use crate::platform;

use super::attested::{Facts, What, can_show, counts};
use super::logins::Logins;
use super::questions::Questions;

/// Describes the list of users, and how far each step is; `None` without a list.
pub(in crate::reconcile) fn by_hand(steps: &[Step], questions: Questions, desired: &Desired, actual: &Actual) -> Option<ByHand> {
    let list = actual.list.as_deref()?;
    let catalog = platform::by_id(&desired.platform).catalog();
    let logins = Logins::new(desired, actual);
    let facts = Facts::collect(&list.snapshot, &logins);
    let shows = &list.snapshot.shows;
    let context = Context { workspace: &desired.workspace, list, logins, facts };
    let steps: Vec<HandStep> = steps.iter().map(|step| context.step(&step.change)).collect();
    let attested = list.snapshot.attested.iter().map(|one| context.attested(one, &steps)).collect();
    Some(ByHand {
        read_at: list.read_at,
        tabs: list.tabs.clone(),
        is_complete: list.is_complete,
        not_shown: catalog
            .known_fields()
            .map(|(field, _)| field)
            .filter(|field| !shows.fields.contains(field) && *field != Field::Email)
            .collect(),
        shows_status: shows.status,
        shows_blocked: shows.blocked || !catalog.states.blocked,
        steps,
        attested,
        questions: questions.0,
        clinics: desired.clinics.iter().map(|(key, clinic)| (key.clone(), clinic.name.clone())).collect(),
        roles: desired.roles.iter().map(|(key, role)| (key.clone(), role.name.clone())).collect(),
    })
}

struct Context<'a> {
    workspace: &'a str,
    list: &'a UserList,
    logins: Logins<'a>,
    facts: BTreeMap<String, Facts<'a>>,
}

/// What an attestation says about one value of a step.
struct Ticked<'a> {
    what: What,
    /// Somebody attests it, and it counts.
    counted: Option<&'a Attestation>,
    /// Somebody attests it, and a newer list shows otherwise.
    contradicted: Option<&'a Attestation>,
}

impl<'a> Context<'a> {
    fn row(&self, login: &str) -> Option<&'a Row> {
        self.list.snapshot.accounts.get(&LoginName::parse(login).ok()?)
    }

    fn step(&self, change: &Change) -> HandStep {
        let user = login_of(change);
        let values = StepValues::left_by(change).unwrap_or_default();
        let kind = StepKind::Done(change.action());
        if change.action() == Action::CreateEmployee {
            return HandStep {
                id: StepId::new(self.workspace, &user, kind, &values),
                state: self.record(&user),
                user,
                attested_fields: Vec::new(),
            };
        }
        // Of a new account, what is left to set is a step of its own.
        let is_new = change.target().is_none() && change.action() == Action::Invite;
        let judged = if is_new { StepValues { status: values.status, ..StepValues::default() } } else { values.clone() };
        let ticked = self.ticked(self.logins.present(&user), &judged);
        let latest = |of: fn(&Ticked<'a>) -> Option<&'a Attestation>| ticked.iter().filter_map(of).max_by_key(|one| one.at);
        let tick = |one: &Attestation| Tick { by: one.by.clone(), at: one.at };
        let is_done = !ticked.is_empty() && ticked.iter().all(|one| one.counted.is_some());
        let state = match (latest(|one| one.counted), latest(|one| one.contradicted)) {
            (Some(one), _) if is_done => {
                let is_overdue = self.list.read_at.saturating_sub(one.at.millis()) > self.list.stale_after;
                let shows = ticked.iter().any(|value| can_show(self.list, value.what));
                if shows { HandState::Waits { tick: tick(one), is_overdue } } else { HandState::Attested(tick(one)) }
            }
            (_, Some(one)) => HandState::Contradicted(tick(one)),
            (_, None) => HandState::Left,
        };
        let attested_fields: Vec<Field> = if change.action() == Action::Update && state.is_left() {
            ticked.iter().filter(|one| one.counted.is_some()).filter_map(|one| one.what.field()).collect()
        } else {
            Vec::new()
        };
        let left: Fields = (values.fields.iter())
            .filter(|(field, _)| !attested_fields.contains(field))
            .map(|(field, value)| (field, value.to_value()))
            .collect();
        let id = StepId::new(self.workspace, &user, kind, &StepValues { fields: left, ..values });
        HandStep { id, user, state, attested_fields }
    }

    /// How far a new employee record is: no list of users shows it.
    fn record(&self, key: &LoginName) -> HandState {
        let is_record = |one: &&Attestation| one.user == *key && one.change == StepKind::Done(Action::CreateEmployee);
        let latest = self.list.snapshot.attested.iter().filter(is_record).max_by_key(|one| one.at);
        latest.map_or(HandState::Left, |one| HandState::Attested(Tick { by: one.by.clone(), at: one.at }))
    }

    /// Compares every value of a step with what people attest.
    fn ticked(&self, login: &str, values: &StepValues) -> Vec<Ticked<'a>> {
        let (row, nothing) = (self.row(login), Facts::default());
        let facts = self.facts.get(login).unwrap_or(&nothing);
        let judge = |what: What, one: Option<&'a Attestation>| {
            let counts = one.is_some_and(|one| counts(self.list, row, what, one));
            Ticked { what, counted: one.filter(|_| counts), contradicted: one.filter(|_| !counts) }
        };
        let StepValues { fields, status, blocked, passcode } = values;
        let fields = fields.iter().map(|(field, value)| {
            let is_same = |held: &Value| value == *held || (value.is_off(field) && held.is_off(field));
            judge(What::Field(field), facts.fields.get(&field).filter(|(held, _)| is_same(held)).map(|(_, one)| *one))
        });
        let status = status.map(|status| {
            let is_same = |held: Standing| held == status || (status, held) == (Standing::Pending, Standing::Active);
            judge(What::Status, facts.status.filter(|(held, _)| is_same(*held)).map(|(_, one)| one))
        });
        let blocked = blocked.map(|blocked| {
            let is_same = |held: BlockSet| (held == BlockSet::Lifted) == (blocked == BlockSet::Lifted);
            judge(What::Blocked, facts.blocked.filter(|(held, _)| is_same(*held)).map(|(_, one)| one))
        });
        let passcode = passcode.then(|| judge(What::Passcode, facts.passcode));
        fields.chain(status).chain(blocked).chain(passcode).collect()
    }

    /// Says what the list shows of an attestation.
    fn attested(&self, one: &Attestation, steps: &[HandStep]) -> AttestedStep {
        let login = self.logins.present(&one.user);
        let tick = Tick { by: one.by.clone(), at: one.at };
        let is_contradicted =
            steps.iter().any(|step| step.state == HandState::Contradicted(tick.clone()) && self.logins.present(&step.user) == login);
        let proof = self.ticked(login, &one.set).into_iter().map(|value| match (value.counted, value.contradicted) {
            (Some(latest), _) if latest == one => {
                if can_show(self.list, value.what) {
                    Proof::Waits
                } else {
                    Proof::CannotShow
                }
            }
            (None, Some(latest)) if latest == one && is_contradicted => Proof::Contradicted,
            (None, Some(latest)) if latest == one && self.is_shown(login, value.what, one) => Proof::Proved,
            (_, _) => Proof::Superseded,
        });
        let proof = proof.max().unwrap_or(Proof::Superseded);
        AttestedStep { id: one.id.clone(), user: one.user.clone(), change: one.change, tick, proof }
    }

    /// Whether the list shows what an attestation says.
    fn is_shown(&self, login: &str, what: What, one: &Attestation) -> bool {
        let Some(row) = self.row(login) else { return what == What::Status && one.set.status == Some(Standing::Inactive) };
        match what {
            What::Field(field) if field == Field::Email => one.set.fields.text(field) == Some(login),
            What::Field(field) => match (row.fields.get(field), one.set.fields.get(field)) {
                (Some(shown), Some(said)) => shown.is_same(said, field),
                (None, _) | (Some(_), None) => false,
            },
            What::Status => {
                row.status == one.set.status || (row.status, one.set.status) == (Some(Standing::Active), Some(Standing::Pending))
            }
            What::Blocked => row.blocked == one.set.blocked.map(|blocked| blocked != BlockSet::Lifted),
            What::Passcode => false,
        }
    }
}

impl What {
    const fn field(self) -> Option<Field> {
        match self {
            Self::Field(field) => Some(field),
            Self::Status | Self::Blocked | Self::Passcode => None,
        }
    }
}

/// The login of the person whom a change is about; the key of an employee record.
fn login_of(change: &Change) -> LoginName {
    let by_key = |key: &str| LoginName::UserName(key.to_owned());
    match change {
        Change::CreateAccount(new) => LoginName::Address(new.email.clone()),
        Change::Complete { email, followup: _ } => LoginName::Address(email.clone()),
        Change::Account { email, target, change: _ } => {
            LoginName::parse(&target.id.0).unwrap_or_else(|_| LoginName::Address(Email::clone(email)))
        }
        Change::CreateEmployee { key, .. } | Change::CreateClinic { key, .. } | Change::CreateRole { key, .. } => by_key(key),
        Change::UpdateEmployee(update) => by_key(&update.key),
        Change::UpdateClinic(update) => by_key(&update.key),
        Change::UpdateRole(update) => by_key(&update.key),
        Change::SetCodeWord => by_key("code-word"),
    }
}
