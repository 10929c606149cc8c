//! Turns the changes of a plan into steps.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{
    Action, Change, Field, FieldChange, Fingerprint, HandStep, LoginName, Notice, Plan, RemoteId, Stage, Step, StepId, StepKind,
    StepValues, SubjectRef, Target, Value, WorkspacePlan,
};
use crate::platform::runbook::{ClickPath, EMAIL, NAME};
use crate::platform::{self, Catalog};
use crate::report::clean::clean;
use crate::report::difference::{OtherDifference, attributes};
use crate::report::{People, sentences, words};

use super::bill;
use super::data::{StepData, other_id};
use super::order::Placed;
use super::phrase::{Filling, Phrase};
use super::values::Named;
use super::{LabeledValue, RunbookStep, StepQuestion, Turn};
use crate::report::boxes::{self, click_path};

/// Makes the steps of a plan, in its order.
pub(super) fn steps(workspace: &WorkspacePlan, people: &People) -> Vec<Placed> {
    let plan = &workspace.plan;
    let mut steps: Vec<Placed> = Vec::with_capacity(plan.changes.len());
    let mut ids: BTreeMap<usize, Vec<StepId>> = BTreeMap::new();
    for (position, change) in plan.changes.iter().enumerate() {
        let hand = plan.by_hand.as_deref().and_then(|by_hand| by_hand.steps.get(position));
        // Nobody does again what somebody attests.
        if hand.is_some_and(|hand| !hand.state.is_left()) {
            continue;
        }
        let maker = Maker::new(workspace, people, change, hand);
        let after: Vec<StepId> = change.after.iter().filter_map(|first| ids.get(first)).flatten().cloned().collect();
        for step in maker.steps() {
            ids.entry(position).or_default().push(step.data.id.clone());
            let step = RunbookStep { after: after.clone(), ..step };
            steps.push(Placed { step, position, after: change.after.iter().copied().filter(|first| *first != position).collect() });
        }
    }
    let looked_for = looked_for(plan);
    for (position, step) in (plan.changes.len()..).zip(&looked_for) {
        let maker = Maker::new(workspace, people, step, None);
        steps.extend(maker.steps().into_iter().map(|step| Placed { step, position, after: Vec::new() }));
    }
    steps
}

/// Makes the steps of people who should have no access, and whom an incomplete list lacks: they may have an account.
fn looked_for(plan: &Plan) -> Vec<Step> {
    let step = |notice: &Notice| {
        let (change, reason) = notice.cause.change_if_found()?;
        let email = notice.subject.borrow().user()?.clone();
        let id = notice.cause.login().map_or_else(|| email.to_string(), |login| login.as_str().to_owned());
        let target = Target { id: RemoteId(id), fingerprint: Fingerprint(String::new()) };
        let change = Change::Account { email, target, change };
        Some(Step { change, reason, stage: Stage::Risk, risky: true, after: Vec::new() })
    };
    plan.notices.iter().filter_map(step).collect()
}

/// Makes the steps of one change.
struct Maker<'a> {
    workspace: &'a WorkspacePlan,
    catalog: &'a Catalog,
    named: Named<'a>,
    step: &'a Step,
    hand: Option<&'a HandStep>,
    person: String,
    name: String,
    email: String,
}

impl<'a> Maker<'a> {
    fn new(workspace: &'a WorkspacePlan, people: &'a People, step: &'a Step, hand: Option<&'a HandStep>) -> Self {
        let plan = &workspace.plan;
        let catalog = platform::by_id(&plan.platform).catalog();
        let subject = step.change.subject();
        let (name, email) = match subject {
            SubjectRef::User(email) => {
                let login = email.user_name().map_or_else(|| email.to_string(), Cow::into_owned);
                (people.name(&plan.workspace, email).map_or_else(|| login.clone(), str::to_owned), login)
            }
            SubjectRef::Employee(key) => (record_name(&step.change).unwrap_or_else(|| key.to_owned()), key.to_owned()),
            SubjectRef::Clinic(key) | SubjectRef::Role(key) => (key.to_owned(), key.to_owned()),
            SubjectRef::Workspace => (plan.workspace.clone(), plan.workspace.clone()),
        };
        // The product shows no name.
        let name = if hand.is_some_and(|hand| hand.is_nameless) { email.clone() } else { name };
        let mut person = words::subject(subject, &plan.workspace, people);
        if let Some(user_name) = words::user_name(&step.change, plan) {
            person = format!("{person}, user name {}", clean(user_name));
        }
        let named = Named { catalog, workspace: &plan.workspace, people, by_hand: plan.by_hand.as_deref() };
        Self { workspace, catalog, named, step, hand, person, name, email }
    }

    /// One step; or, for an update, one for each part of the product where its fields are.
    fn steps(&self) -> Vec<RunbookStep> {
        let action = self.step.change.action();
        let click_path = click_path(self.catalog, action);
        if !action.updates() {
            return vec![self.whole(click_path, &boxes::left(&self.step.change, self.hand))];
        }
        boxes::of_update(&self.step.change, self.hand, click_path).into_iter().map(|(part, changes)| self.part(part, &changes)).collect()
    }

    /// Makes one step of all that the change sets; fields that are elsewhere in the product bring their instructions with them.
    fn whole(&self, click_path: &ClickPath, fields: &[&FieldChange]) -> RunbookStep {
        let mut step = self.begin(click_path, self.set(), &self.step.change.fields().iter().collect::<Vec<_>>());
        step.values = self.values(click_path, fields);
        let elsewhere = if self.step.change.action().invites() { self.catalog.click_path(Action::Update) } else { None };
        let mut added: Vec<&ClickPath> = Vec::new();
        for change in fields {
            let own = click_path.parts.iter().find(|part| part.has(change.field));
            // What the form itself has is not done again elsewhere.
            let elsewhere = elsewhere.filter(|_| !click_path.order.iter().any(|key| key == change.field.key()));
            let Some(part) = own.or_else(|| elsewhere?.parts.iter().find(|part| part.has(change.field))) else { continue };
            if !added.iter().any(|known| std::ptr::eq(*known, part)) {
                added.push(part);
                let own: Vec<&FieldChange> = fields.iter().copied().filter(|change| part.has(change.field)).collect();
                self.add(&mut step, part, &own);
            }
        }
        step
    }

    /// Makes the step of the fields that are in one part of the product.
    fn part(&self, click_path: &ClickPath, changes: &[&FieldChange]) -> RunbookStep {
        let mut step = self.begin(click_path, StepValues::of_fields(changes.iter().copied()), changes);
        if let Some(path) = self.list_of_person().and_then(|list| found(list, &click_path.path)) {
            step.path = path.iter().map(|piece| self.phrase(piece)).collect();
        }
        step.values = self.values(click_path, changes);
        step.doubts.extend(self.doubts_of_revoking(click_path, changes));
        step
    }

    /// Says what a part of the product leaves uncertain if one of its changes takes something away.
    fn doubts_of_revoking(&self, part: &ClickPath, changes: &[&FieldChange]) -> Option<Phrase> {
        let revokes = |change: &&FieldChange| {
            let is_emptied = change.field == Field::PrivilegeChanges && change.after.is_empty();
            let takes_back = change.after.as_changes().is_some_and(|changes| !changes.revoke.is_empty());
            is_emptied || takes_back
        };
        part.uncertain_if_revoked.as_ref().filter(|_| changes.iter().any(revokes)).map(|text| self.phrase(text))
    }

    fn begin(&self, click_path: &ClickPath, set: StepValues, fields: &[&FieldChange]) -> RunbookStep {
        let plan = &self.workspace.plan;
        let change = &self.step.change;
        let is_made_at_once = self.step.reason.is_active_at_once() && !click_path.first_password.is_empty();
        let instructions = if is_made_at_once { &click_path.first_password } else { &click_path.instructions };
        let phrases = |texts: &[String]| texts.iter().map(|text| self.phrase(text)).collect::<Vec<_>>();
        // Only the definition of a product that we do not know says when somebody needs no seat.
        let has_own_words = self.catalog.is_own && click_path.bill.is_some();
        let seats = bill::seats((change, fields), plan, self.catalog, has_own_words).map(|said| Phrase::plain(&said));
        let mut instructions = phrases(instructions);
        if self.must_look(plan) {
            let then = if change.action().invites() {
                "only if nobody is there, go on"
            } else {
                "if nobody is there, nothing is to do, and this step is done"
            };
            let first =
                format!("Look for {} ({}) first, since the list is not complete and lacks this person: {then}.", self.name, self.email);
            instructions.insert(0, Phrase::plain(&first));
        }
        if change.action().invites() && plan.by_hand.as_deref().is_some_and(|by_hand| by_hand.has_user_names) {
            let then = format!("Write the user name of {} into the roster as `id:`, so that the next list finds this person.", self.email);
            instructions.push(Phrase::plain(&then));
        }
        RunbookStep {
            data: self.data(set),
            subject: change.subject().to_subject(),
            person: self.person.clone(),
            change: words::action_of(self.step, self.catalog),
            why: self.why(),
            turn: turn(self.step),
            is_risky: self.step.risky,
            after: Vec::new(),
            not_done_at: self.not_done_at(),
            path: phrases(&click_path.path),
            first: phrases(&click_path.first),
            instructions,
            values: Vec::new(),
            questions: click_path.asks.iter().map(|question| self.asked(question)).collect(),
            bill: seats.into_iter().chain(click_path.bill.iter().map(|text| self.phrase(text))).collect(),
            check: click_path.check.as_ref().filter(|_| !is_made_at_once).map(|text| self.phrase(text)),
            doubts: click_path.uncertain.iter().map(|text| self.phrase(text)).collect(),
        }
    }

    /// Returns when a list showed that the step was not done, if it shows what the step sets.
    fn not_done_at(&self) -> Option<i64> {
        let by_hand = self.workspace.plan.by_hand.as_deref()?;
        let hand = self.hand?;
        let change = &self.step.change;
        let is_shown = match change.action() {
            Action::Update => change.fields().iter().any(|change| !change.unknown),
            Action::Block | Action::Unblock => by_hand.shows_blocked,
            Action::Invite | Action::ResendInvitation | Action::WithdrawInvitation | Action::Inactivate | Action::Activate => {
                by_hand.shows_status
            }
            Action::CreateClinic
            | Action::UpdateClinic
            | Action::CreateRole
            | Action::UpdateRole
            | Action::CreateEmployee
            | Action::UpdateEmployee
            | Action::GeneratePasscode
            | Action::SetCodeWord => false,
        };
        // Each tab has its own time, and the person can be on any.
        let taken = by_hand.tabs.iter().map(|tab| tab.taken.millis()).min().filter(|_| is_shown);
        let contradicted = hand.state.contradicted().map(|tick| tick.at.millis());
        taken.max(contradicted)
    }

    /// The click path through the list on which the person is, if that is not the one of active users.
    fn list_of_person(&self) -> Option<&'a ClickPath> {
        let is_pending = self.hand.is_some_and(|hand| hand.is_pending);
        let of_pending = || is_pending.then(|| self.catalog.click_path(Action::ResendInvitation)).flatten();
        if self.is_inactive() { self.catalog.click_path(Action::Activate) } else { of_pending() }
    }

    /// Returns whether the person is still inactive when the step is done: what is activated is made right before, unless somebody attests that they
    /// are active already.
    fn is_inactive(&self) -> bool {
        let plan = &self.workspace.plan;
        let is_activation = |change: &Change| change.action().sets_active() == Some(true) && change.subject() == self.step.change.subject();
        let is_left = |position: usize| {
            let hand = plan.by_hand.as_deref().and_then(|by_hand| by_hand.steps.get(position));
            hand.is_none_or(|hand| hand.state.is_left())
        };
        let position = plan.changes.iter().position(|step| is_activation(&step.change));
        position.is_some_and(|position| is_left(position) && !self.step.after.contains(&position))
    }

    /// Returns whether nobody knows that the person has no account.
    fn must_look(&self, plan: &Plan) -> bool {
        let is_listed = self.hand.is_some();
        self.step.reason.asks_to_look() || (plan.by_hand.is_some() && !is_listed)
    }

    /// Adds the instructions of another part of the product to a step.
    fn add(&self, step: &mut RunbookStep, part: &ClickPath, changes: &[&FieldChange]) {
        if !part.path.is_empty() {
            // Invited people are listed elsewhere than active ones.
            let is_invited = self.step.change.action().invites() && !self.step.reason.is_active_at_once();
            let invited = is_invited.then(|| self.catalog.click_path(Action::ResendInvitation)).flatten();
            let path = invited.and_then(|list| found(list, &part.path)).unwrap_or_else(|| part.path.clone());
            let path: Vec<String> = path.iter().map(|piece| self.phrase(piece).text()).collect();
            step.instructions.push(Phrase::plain(&format!("Then go to {}:", path.join(" › "))));
        }
        step.instructions.extend(part.instructions.iter().map(|text| self.phrase(text)));
        step.questions.extend(part.asks.iter().map(|question| self.asked(question)));
        step.first.extend(part.first.iter().map(|text| self.phrase(text)));
        step.doubts.extend(part.uncertain.iter().map(|text| self.phrase(text)));
        step.doubts.extend(self.doubts_of_revoking(part, changes));
    }

    fn asked(&self, question: &platform::runbook::Question) -> StepQuestion {
        StepQuestion {
            says: self.phrase(&question.says),
            answer: self.phrase(&question.answer),
            buttons: question.buttons.iter().map(|button| clean(button)).collect(),
        }
    }

    fn values(&self, click_path: &ClickPath, changes: &[&FieldChange]) -> Vec<LabeledValue> {
        let change = &self.step.change;
        let mut all: Vec<(&str, Vec<LabeledValue>)> = Vec::new();
        if change.action().invites() {
            let label = clean(&self.catalog.email_label);
            all.push(("email", vec![LabeledValue { label, text: clean(&self.email), typed: Some(self.email.clone()), was: None }]));
        }
        all.extend(changes.iter().map(|change| (change.field.key(), self.named.entries(change))));
        let place = |key: &str| click_path.order.iter().position(|own| own == key).unwrap_or(usize::MAX);
        all.sort_by_key(|(key, _)| place(key));
        let records = attributes(change).into_iter().filter(|_| change.subject().user().is_none());
        all.into_iter().flat_map(|(_, values)| values).chain(records.map(|attribute| self.record(&attribute))).collect()
    }

    /// A value of a clinic, a role or an employee record.
    fn record(&self, attribute: &OtherDifference) -> LabeledValue {
        let said = |value: &Value| {
            let names = value.as_set().map(|names| names.iter().map(|name| self.named.privilege(name)).collect::<Vec<_>>().join(", "));
            names.unwrap_or_else(|| words::value(value))
        };
        let mut label = words::spaced(attribute.key);
        if let Some(first) = label.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let was = (!attribute.before.is_empty()).then(|| format!("was {}", said(&attribute.before)));
        LabeledValue { label, text: said(&attribute.after), typed: attribute.after.as_text().map(str::to_owned), was }
    }

    fn why(&self) -> Option<String> {
        let reason = &self.step.reason;
        // When it is shown, the instructions say.
        if let Some(asked) = sentences::passcode_asked(reason) {
            return Some(asked);
        }
        if self.step.change.action().updates() && reason.is_shown_by_fields() {
            return None;
        }
        let said = clean(&sentences::reason(reason, self.catalog));
        let note = self.step.change.to_account().and_then(|(.., change)| change.block()?.note.clone());
        let note = note.map(|note| format!(" ({})", words::value(&Value::Text(note)))).unwrap_or_default();
        Some(format!("{said}{note}"))
    }

    /// The values that the whole step leaves.
    fn set(&self) -> StepValues {
        StepValues::left_by(&self.step.change).unwrap_or_default().in_product(self.catalog.states.pending)
    }

    fn data(&self, set: StepValues) -> StepData {
        let (plan, change) = (&self.workspace.plan, &self.step.change);
        let address = change.subject().user().map(|email| LoginName::Address(email.clone()));
        let user = StepValues::left_by(change).and_then(|_| self.hand.map(|hand| hand.user.clone()).or(address));
        let id = match &user {
            Some(user) => StepId::new(&plan.workspace, user, StepKind::Done(change.action()), &set),
            None => other_id(&plan.workspace, change),
        };
        // A list may be older than the plan, and no step of it was done before.
        let as_of = plan.by_hand.as_deref().map_or(plan.as_of, |by_hand| by_hand.read_at);
        let (workspace, plan) = (plan.workspace.clone(), self.workspace.digest.clone());
        StepData { id, workspace, user, change: change.action(), set, plan, as_of }
    }

    fn phrase(&self, text: &str) -> Phrase {
        Phrase::new(text, Filling { name: &self.name, email: &self.email })
    }
}

fn turn(step: &Step) -> Turn {
    match step.stage {
        Stage::HandOver | Stage::OwnAccount => Turn::Last,
        Stage::Risk => Turn::First,
        Stage::Supporting | Stage::Access if step.risky => Turn::First,
        Stage::Supporting | Stage::Access => Turn::Usual,
    }
}

/// The way to a form of somebody who is on the list that another click path goes through: to that list, then from the person to the form.
/// `None` if one of the paths does not go through a list of people.
fn found(list: &ClickPath, form: &[String]) -> Option<Vec<String>> {
    let of_person = |path: &[String]| path.iter().position(|piece| piece.contains(NAME) || piece.contains(EMAIL));
    let to_person = list.path.get(..=of_person(&list.path)?)?;
    let from_person = form.get(of_person(form)? + 1..)?;
    Some(to_person.iter().chain(from_person).cloned().collect())
}

fn record_name(change: &Change) -> Option<String> {
    let values = change.record_values();
    let parts: Vec<&str> = [values.first_name, values.last_name].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
