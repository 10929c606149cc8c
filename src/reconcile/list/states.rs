//! The state of each step of a plan, and what the list says about each attestation.

use std::collections::BTreeMap;

use crate::model::{
    Actual, Attestation, AttestedStep, BlockSet, ByHand, Change, Desired, Email, Field, HandState, HandStep, JudgedList, LoginName, NAME,
    Proof, ShownOtherwise, Standing, Step, StepId, StepKind, StepValue, StepValues, Tab, Tick, Value, ValueRef,
};
use crate::platform;

use super::attested::AttestedFacts;
use super::plan_questions::Questions;
use super::verdict::{Judge, Verdict};

/// Describes the list of users, and how far each step is; `None` without a list.
pub(in crate::reconcile) fn by_hand(steps: &[Step], questions: Questions, desired: &Desired, actual: &Actual) -> Option<ByHand> {
    let list = actual.list.as_deref()?;
    let catalog = platform::by_id(&desired.platform).catalog();
    let shows = &list.snapshot.shows;
    let judge = Judge::new(desired, list);
    let facts = AttestedFacts::collect(&list.snapshot, &judge.logins);
    let context = StepContext { workspace: &desired.workspace, list, judge, facts };
    let steps: Vec<HandStep> = steps.iter().map(|step| context.step(&step.change)).collect();
    let attested = list.snapshot.attested.iter().map(|one| context.attested(one)).collect();
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
        has_user_names: list.snapshot.accounts.keys().any(|login| login.address().is_none()),
        shows_blocked: (shows.blocked && says_who_is_not_blocked(list)) || !catalog.states.blocked,
        steps,
        attested,
        questions: questions.0,
        clinics: desired.clinics.iter().map(|(key, clinic)| (key.clone(), clinic.name.clone())).collect(),
        roles: desired.roles.iter().map(|(key, role)| (key.clone(), role.name.clone())).collect(),
    })
}

/// Returns whether a list says of everybody whether they are blocked, or has no tab of blocked users: one that is not complete only says who is.
fn says_who_is_not_blocked(list: &JudgedList) -> bool {
    !list.snapshot.tabs.contains_key(&Tab::Blocked) || list.snapshot.accounts.values().all(|row| row.blocked.is_some())
}

struct StepContext<'a> {
    workspace: &'a str,
    list: &'a JudgedList,
    judge: Judge<'a>,
    facts: BTreeMap<String, AttestedFacts<'a>>,
}

/// A value of a step, and what is said about it.
struct Ticked<'a> {
    value: StepValue,
    /// The latest attestation of it and what the list says about that; `None` if nobody attests it, or somebody attests another value.
    said: Option<(&'a Attestation, Verdict)>,
}

impl<'a> Ticked<'a> {
    /// The attestation, if it counts.
    fn counted(&self) -> Option<&'a Attestation> {
        self.said.filter(|(_, verdict)| verdict.lets_count()).map(|(one, _)| one)
    }

    /// Returns whether the value is right as far as anybody knows: an attestation of it counts, or the list shows it.
    fn is_right(&self) -> bool {
        self.said.is_some_and(|(_, verdict)| match verdict {
            Verdict::Silent | Verdict::Same | Verdict::Members => true,
            Verdict::Otherwise { .. } | Verdict::Gone | Verdict::Unclear => false,
        })
    }

    /// The attestation, if a newer list shows otherwise and none has ever shown it.
    fn contradicted(&self) -> Option<&'a Attestation> {
        self.otherwise().filter(|one| !one.proved.contains(&self.value))
    }

    /// The attestation, if a newer list shows otherwise and an earlier one has shown it.
    fn undone(&self) -> Option<&'a Attestation> {
        self.otherwise().filter(|one| one.proved.contains(&self.value))
    }

    fn otherwise(&self) -> Option<&'a Attestation> {
        let (one, verdict) = self.said?;
        match verdict {
            Verdict::Otherwise { .. } => Some(one),
            Verdict::Silent | Verdict::Same | Verdict::Gone | Verdict::Unclear | Verdict::Members => None,
        }
    }
}

impl<'a> StepContext<'a> {
    fn step(&self, change: &Change) -> HandStep {
        let user = login_of(change);
        let has_invitations = self.judge.has_invitations();
        let values = StepValues::left_by(change).unwrap_or_default().in_product(has_invitations);
        let kind = StepKind::Done(change.action());
        if change.action().adds_employee() {
            return HandStep {
                id: StepId::new(self.workspace, &user, kind, &values),
                state: self.record(&user),
                user,
                attested_fields: Vec::new(),
                is_pending: false,
                is_nameless: false,
                undone: None,
            };
        }
        // Of a new account, what is left to set is a step of its own.
        let is_new = change.target().is_none() && change.action().invites();
        let judged = if is_new { StepValues { status: values.status, ..StepValues::default() } } else { values.clone() };
        let present = self.judge.present(&user);
        let ticked = self.ticked(present, &judged);
        let latest = |of: fn(&Ticked<'a>) -> Option<&'a Attestation>| ticked.iter().filter_map(of).max_by_key(|one| one.at);
        let is_done = !ticked.is_empty() && ticked.iter().all(Ticked::is_right);
        let state = match (latest(Ticked::counted), latest(Ticked::contradicted)) {
            (Some(one), _) if is_done => {
                let is_overdue = self.is_overdue(one);
                // What a newer list shows already waits for nothing, nor does what another one has shown.
                let mut counted = ticked.iter().filter(|value| value.counted().is_some_and(|one| !one.proved.contains(&value.value)));
                if counted.clone().any(|value| self.judge.waits(present, value.value, one)) {
                    HandState::Waits { tick: Tick::from_attestation(one), is_overdue }
                } else if counted.next().is_some() {
                    HandState::Attested(Tick::from_attestation(one))
                } else {
                    HandState::Proved(Tick::from_attestation(one))
                }
            }
            (_, Some(one)) => HandState::Contradicted(Tick::from_attestation(one)),
            (_, None) => HandState::Left,
        };
        let attested_fields: Vec<Field> = if change.action().updates() && state.is_left() {
            ticked.iter().filter(|one| one.counted().is_some()).filter_map(|one| one.value.field()).collect()
        } else {
            Vec::new()
        };
        let id = StepId::new(self.workspace, &user, kind, &values);
        let undone = latest(Ticked::undone).map(Tick::from_attestation).filter(|_| state.tick().is_none());
        let row = self.judge.row(present);
        let status = self.ticked_status(present).or_else(|| row?.status);
        let is_pending = status.is_some_and(Standing::is_pending);
        let is_nameless = row.is_some_and(|row| NAME.iter().all(|field| row.fields.text(*field).is_none()))
            && NAME.iter().all(|field| self.list.snapshot.shows.fields.contains(field));
        HandStep { id, user, state, attested_fields, is_pending, is_nameless, undone }
    }

    /// The standing that somebody attests of a person, if that counts.
    fn ticked_status(&self, login: &str) -> Option<Standing> {
        let (status, one) = self.facts.get(login)?.status?;
        self.judge.verdict(login, StepValue::Status, one).lets_count().then_some(status)
    }

    /// Returns whether a list that shows an attestation should be there by now, and there has been none since.
    fn is_overdue(&self, one: &Attestation) -> bool {
        self.list.is_overdue(one.at) && !self.list.snapshot.is_newer_than(one.at)
    }

    /// Returns how far a new employee record is: no list of users shows it.
    fn record(&self, key: &LoginName) -> HandState {
        let is_record = |one: &&Attestation| one.user == *key && one.change.added_record();
        let latest = self.list.snapshot.attested.iter().filter(is_record).max_by_key(|one| one.at);
        latest.map_or(HandState::Left, |one| HandState::Attested(Tick::from_attestation(one)))
    }

    /// Compares every value of a step with what people attest.
    fn ticked(&self, login: &str, values: &StepValues) -> Vec<Ticked<'a>> {
        let nothing = AttestedFacts::default();
        let facts = self.facts.get(login).unwrap_or(&nothing);
        let judge = |value: StepValue, one: Option<&'a Attestation>| Ticked {
            value,
            said: one.map(|one| (one, self.judge.verdict(login, value, one))),
        };
        let StepValues { fields, status, blocked, passcode } = values;
        let fields = fields.iter().map(|(field, value)| judge(StepValue::Field(field), facts.of_field(field, value)));
        let status = status.map(|status| {
            let has_invitations = self.judge.has_invitations();
            let is_same = |held: Standing| {
                let is_accepted = status.becomes_by_acceptance(held);
                // An earlier version of this program called every new user invited.
                let is_new = !has_invitations && held.becomes_by_acceptance(status);
                held == status || is_accepted || is_new
            };
            judge(StepValue::Status, facts.status.filter(|(held, one)| is_same(*held) && !facts.ends_link(one)).map(|(_, one)| one))
        });
        let blocked = blocked.map(|blocked| {
            let is_same = |held: BlockSet| held.blocks() == blocked.blocks();
            judge(StepValue::Blocked, facts.blocked.filter(|(held, _)| is_same(*held)).map(|(_, one)| one))
        });
        let passcode = passcode.then(|| judge(StepValue::Passcode, facts.passcode));
        fields.chain(status).chain(blocked).chain(passcode).collect()
    }

    /// Says what the lists show of an attestation: of several values, what weighs most.
    fn attested(&self, one: &Attestation) -> AttestedStep {
        let login = self.judge.present(&one.user);
        let values = self.ticked(login, &one.set);
        let proofs: Vec<(StepValue, Proof)> = (values.iter())
            .filter_map(|value| {
                let own = value.said.filter(|(latest, _)| *latest == one).map(|(_, verdict)| verdict);
                // What the member chose says nothing about the step.
                if own.is_some_and(Verdict::is_members_own) {
                    return None;
                }
                let proof = match own {
                    Some(verdict) => self.proof(login, value.value, one, verdict),
                    None if one.contradicted.contains(&value.value) => Proof::Disproved,
                    None => self.repeated(login, value.value, one),
                };
                Some((value.value, proof))
            })
            .collect();
        let proof = proofs.iter().map(|(_, proof)| *proof).max().unwrap_or(Proof::Superseded);
        let is_proved_in_part = proof.is_undisputed() && proofs.iter().any(|(_, proof)| proof.is_proved());
        // Also where somebody attests the same value again.
        let is_unseen = |value: &&Ticked<'_>| value.counted().is_some_and(|latest| !self.judge.waits(login, value.value, latest));
        let not_shown = values.iter().filter(|_| is_proved_in_part).filter(is_unseen).map(|value| value.value);
        let not_shown = not_shown.filter(|value| !one.proved.contains(value)).collect();
        let is_overdue = proof.is_waiting() && self.is_overdue(one);
        let contradicted = proofs.iter().filter(|(_, proof)| proof.is_contradicted());
        let otherwise = contradicted.map(|(value, _)| self.otherwise(login, *value, one)).collect();
        let tick = Tick::from_attestation(one);
        let present = LoginName::parse(login).ok().filter(|login| *login != one.user);
        AttestedStep {
            id: one.id.clone(),
            user: one.user.clone(),
            present,
            change: one.change,
            tick,
            proof,
            not_shown,
            otherwise,
            is_overdue,
        }
    }

    /// Returns what the list shows in place of a value that somebody attests.
    fn otherwise(&self, login: &str, value: StepValue, one: &Attestation) -> ShownOtherwise {
        let unset = || Value::Unset;
        let status = |status: Standing| Value::Text(status.as_str().to_owned());
        let said = match value {
            StepValue::Field(field) => one.set.fields.get(field).map(ValueRef::to_value),
            StepValue::Status => one.set.status.map(status),
            StepValue::Blocked => one.set.blocked.map(|set| Value::Flag(set.blocks())),
            StepValue::Passcode => None,
        };
        let shown = self.judge.row(login).map(|row| match value {
            StepValue::Field(field) => {
                let address = (field == Field::Email).then(|| Value::Text(login.to_owned()));
                row.fields.get(field).map(ValueRef::to_value).or(address).unwrap_or(Value::Unset)
            }
            StepValue::Status => row.status.map_or_else(unset, status),
            StepValue::Blocked => row.blocked.map_or_else(unset, Value::Flag),
            StepValue::Passcode => Value::Unset,
        });
        ShownOtherwise { value, said: said.unwrap_or(Value::Unset), shown }
    }

    /// Returns what a list shows of a value that somebody attests again later, perhaps another one.
    fn repeated(&self, login: &str, value: StepValue, one: &Attestation) -> Proof {
        let is_same_later = self.facts.get(login).is_some_and(|facts| facts.is_unchanged_since(value, one));
        let was_proved = one.proved.contains(&value);
        match self.judge.verdict(login, value, one) {
            Verdict::Same if is_same_later => Proof::Proved,
            Verdict::Silent | Verdict::Unclear if is_same_later && was_proved => Proof::Proved,
            Verdict::Unclear if is_same_later => Proof::CannotShow,
            Verdict::Otherwise { .. } if is_same_later && !was_proved => Proof::Disproved,
            Verdict::Same | Verdict::Silent | Verdict::Otherwise { .. } | Verdict::Gone | Verdict::Unclear | Verdict::Members => {
                Proof::Superseded
            }
        }
    }

    fn proof(&self, login: &str, value: StepValue, one: &Attestation, verdict: Verdict) -> Proof {
        let was_proved = one.proved.contains(&value);
        match verdict {
            Verdict::Same => Proof::Proved,
            Verdict::Silent | Verdict::Unclear if was_proved => Proof::Proved,
            Verdict::Silent if self.judge.waits(login, value, one) => Proof::Waits,
            Verdict::Silent | Verdict::Unclear => Proof::CannotShow,
            Verdict::Otherwise { .. } if !was_proved => Proof::Contradicted,
            Verdict::Gone if one.contradicted.contains(&value) => Proof::Disproved,
            Verdict::Otherwise { .. } | Verdict::Gone | Verdict::Members => Proof::Superseded,
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
