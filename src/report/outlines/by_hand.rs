//! The parts of a plan about a list of users and about steps by hand: sections for people, documents for machines.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{
    AddressQuestion, AttestedStep, BLOCKED, ByHand, DAY, Field, HandState, HandStep, Plan, Proof, Step, StepValue, SubjectRef, Tab,
    TabState, Tick,
};
use crate::platform::{self, Catalog};

use super::entries::by_subject;
use super::outline::{Entry, EntrySign, Line, Part, Tone};
use crate::report::clean::clean;
use crate::report::sentences::user_list;
use crate::report::{People, boxes, words};

/// The list of users that a plan was made from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ListDocument {
    /// Says when its newest tab was taken, with its offset; null if it has no tabs.
    pub taken: Option<String>,
    /// The age of its oldest tab when the plan was made, in whole days.
    pub age_days: i64,
    /// Says whether a tab is too old.
    pub stale: bool,
    /// Says whether somebody whom the list lacks is known to have no account.
    pub complete: bool,
    /// The keys that the list does not show.
    pub not_shown: Vec<String>,
    /// The tabs that were given.
    pub tabs: Vec<TabDocument>,
    /// The steps that a person must do, and the questions to answer.
    pub left: usize,
    /// The steps that somebody attests and the next list can show.
    pub waiting: usize,
    /// The steps that somebody attests and no list can show.
    pub attested: usize,
    /// The attested steps that the list shows as done.
    pub proved: usize,
    /// The attested steps of which a newer list shows otherwise.
    pub contradicted: usize,
    /// Rows that may belong to users whom the list lacks.
    pub questions: Vec<QuestionDocument>,
}

/// This is a tab of a list of users.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TabDocument {
    /// This is the tab.
    pub tab: Tab,
    /// Says when it was taken, with its offset.
    pub taken: String,
    /// This is the number of its rows.
    pub rows: usize,
    /// The number that the page shows; null if nobody says.
    pub total: Option<u64>,
    /// Says whether a filter was on.
    pub filtered: bool,
    /// Says whether it is too old.
    pub stale: bool,
}

impl TabDocument {
    /// Makes the document of a tab.
    pub(in crate::report) fn new(state: &TabState) -> Self {
        let TabState { tab, taken, rows, total, filtered, is_stale } = state;
        Self { tab: *tab, taken: taken.to_string(), rows: *rows, total: *total, filtered: *filtered, stale: *is_stale }
    }
}

/// A row that may belong to a user whom the list lacks.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct QuestionDocument {
    /// This is the user's address in the roster.
    pub user: String,
    /// This is the address of the row.
    pub other: String,
    /// This is the question, in words.
    pub text: String,
}

impl QuestionDocument {
    /// Makes the document of a question.
    pub(in crate::report) fn new(question: &AddressQuestion) -> Self {
        Self { user: question.user.to_string(), other: question.other.to_string(), text: user_list::question(question) }
    }
}

/// Says how far a person is with a change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepDocument {
    /// This is the id of the step, 8 hex digits.
    pub id: String,
    /// Says how far it is.
    pub state: StepWord,
    /// The person who attests it; null if nobody does.
    pub by: Option<String>,
    /// Says when it was done; null if nobody attests it.
    pub at: Option<String>,
    /// The keys of an update that somebody attests already; the others are left.
    pub attested_fields: Vec<String>,
    /// The boxes of a runbook that are left of the step, if they are not one with the id of the step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<StepPartDocument>,
}

/// This is a box of a runbook: a part of a step.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepPartDocument {
    /// This is the id of the box, 8 hex digits.
    pub id: String,
    /// The keys that it is about.
    pub fields: Vec<String>,
}

/// Says how far a step is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepWord {
    /// Nobody has done it.
    Left,
    /// Somebody attests it, and a newer list shows otherwise.
    Contradicted,
    /// Somebody attests it, and the next list can show it.
    Waiting,
    /// Somebody attests it, and the list cannot show it.
    Attested,
    /// Somebody attests it, and a list has shown it; the present one is older.
    Proved,
}

/// Makes the document of a list.
pub(in crate::report) fn list(by_hand: &ByHand, plan: &Plan, catalog: &Catalog) -> ListDocument {
    let oldest = by_hand.tabs.iter().map(|tab| tab.taken).min();
    let count = |is_meant: fn(&HandStep) -> bool| by_hand.steps.iter().filter(|step| is_meant(step)).count();
    let proofs = |proof: Proof| by_hand.attested.iter().filter(|one| one.proof == proof).count();
    let states = [(StepValue::STATUS, by_hand.shows_status), (BLOCKED, by_hand.shows_blocked)];
    let words = by_hand.not_shown.iter().map(|field| catalog.yaml_key(*field));
    ListDocument {
        taken: by_hand.tabs.iter().map(|tab| tab.taken).max().map(|taken| taken.to_string()),
        age_days: oldest.map_or(0, |taken| by_hand.read_at.saturating_sub(taken.millis()).max(0) / DAY),
        stale: by_hand.tabs.iter().any(|tab| tab.is_stale),
        complete: by_hand.is_complete,
        not_shown: words.chain(states.into_iter().filter(|(_, shows)| !shows).map(|(word, _)| word)).map(str::to_owned).collect(),
        tabs: by_hand.tabs.iter().map(TabDocument::new).collect(),
        left: boxes::number(plan) + by_hand.questions.len(),
        waiting: count(|step| step.state.is_waiting()),
        attested: count(|step| !step.state.is_left() && !step.state.is_waiting()),
        proved: proofs(Proof::Proved),
        contradicted: proofs(Proof::Contradicted),
        questions: by_hand.questions.iter().map(QuestionDocument::new).collect(),
    }
}

/// Makes the document of a step.
pub(in crate::report) fn step(plan: &Plan, position: usize, catalog: &Catalog) -> Option<StepDocument> {
    let hand = plan.by_hand.as_deref()?.steps.get(position)?;
    let HandStep { id, user: _, state, attested_fields, is_pending: _, is_nameless: _, undone: _ } = hand;
    let keys = |fields: &[Field]| -> Vec<String> { fields.iter().map(|field| catalog.yaml_key(*field).to_owned()).collect() };
    let mut parts = boxes::parts(plan, plan.changes.get(position)?, hand);
    if let [one] = parts.as_slice()
        && one.id == *id
    {
        parts.clear();
    }
    let word = match state {
        HandState::Left => StepWord::Left,
        HandState::Contradicted(_) => StepWord::Contradicted,
        HandState::Waits { .. } => StepWord::Waiting,
        HandState::Attested(_) => StepWord::Attested,
        HandState::Proved(_) => StepWord::Proved,
    };
    Some(StepDocument {
        id: id.to_string(),
        state: word,
        by: state.tick().map(|tick| tick.by.clone()),
        at: state.tick().map(|tick| tick.at.to_string()),
        attested_fields: keys(attested_fields),
        parts: parts.iter().map(|part| StepPartDocument { id: part.id.to_string(), fields: keys(&part.fields) }).collect(),
    })
}

/// Adds what a person must look at before anything else: contradictions, and rows that may belong to somebody else.
pub(in crate::report) fn first(part: &mut Part, plan: &Plan, people: &People) {
    let Some(by_hand) = plan.by_hand.as_deref() else { return };
    let catalog = platform::by_id(&plan.platform).catalog();
    let of_steps = |of: fn(&HandStep) -> Option<(&Tick, String)>| -> Vec<Entry> {
        let entry = |(step, hand): (&Step, &HandStep)| {
            let (tick, said) = of(hand)?;
            // A tick can be about another kind of step than what is left of it.
            let ticked = by_hand.attested.iter().find(|one| one.user == hand.user && one.tick == *tick);
            let what = ticked.map_or_else(|| words::action_on(step.change.action(), catalog), |one| words::step_on(one.change, catalog));
            let line = Line::Text(format!("{what}: {said}"));
            let title = words::subject(step.change.subject(), &plan.workspace, people);
            Some(Entry { mark: EntrySign::Risk, title, lines: vec![line] })
        };
        plan.changes.iter().zip(&by_hand.steps).filter_map(entry).collect()
    };
    let mut contradicted = of_steps(|hand| hand.state.contradicted().map(|tick| (tick, user_list::contradicted(tick))));
    let rest = by_hand.apart(Proof::Contradicted);
    contradicted.extend(rest.map(|one| apart(one, EntrySign::Risk, &user_list::contradicted(&one.tick), plan, people)));
    part.section(format!("Ticked, but the list shows otherwise ({})", contradicted.len()), Tone::Alarm, false, contradicted);
    let undone = of_steps(|hand| hand.undone.as_ref().map(|tick| (tick, user_list::undone(tick))));
    part.section(format!("Done before, and changed again since ({})", undone.len()), Tone::Alarm, false, undone);
    let questions: Vec<Entry> = (by_hand.questions.iter())
        .map(|question| Entry {
            mark: EntrySign::Risk,
            title: words::subject(SubjectRef::User(&question.user), &plan.workspace, people),
            lines: vec![Line::Text(user_list::question(question))],
        })
        .collect();
    part.section(format!("The same person? ({})", questions.len()), Tone::Alarm, false, questions);
}

/// An attestation that no step of the plan is about.
fn apart(one: &AttestedStep, mark: EntrySign, said: &str, plan: &Plan, people: &People) -> Entry {
    let catalog = platform::by_id(&plan.platform).catalog();
    let lines = vec![Line::Text(format!("{}: {said}", words::step_on(one.change, catalog)))];
    let title = one.user.address().map(|email| words::subject(SubjectRef::User(email), &plan.workspace, people));
    Entry { mark, title: title.unwrap_or_else(|| clean(one.user.as_str())), lines }
}

/// Returns the changes that are to be made: without those that somebody attests.
pub(in crate::report) fn to_make(plan: &Plan) -> Vec<&Step> {
    match plan.by_hand.as_deref() {
        None => plan.changes.iter().collect(),
        Some(by_hand) => plan.changes.iter().zip(&by_hand.steps).filter(|(_, hand)| hand.state.is_left()).map(|(step, _)| step).collect(),
    }
}

/// Adds what a receipt says: the steps that are left, those that somebody attests, and what the list proves.
pub(in crate::report) fn done(part: &mut Part, plan: &Plan, people: &People) {
    first(part, plan, people);
    let left = by_subject(&to_make(plan), plan, people);
    part.section(format!("Left for a person ({})", left.len()), Tone::Caution, false, left);
    attested(part, plan, people);
    let attested = plan.by_hand.iter().flat_map(|by_hand| &by_hand.attested);
    let proved: Vec<Entry> = attested
        .filter(|one| one.proof.is_proved())
        .map(|one| apart(one, EntrySign::Note, &format!("{}; {}", user_list::attested(&one.tick), user_list::PROVED), plan, people))
        .collect();
    let heading = user_list::PROVED.replacen('p', "P", 1);
    part.section(format!("{heading} ({})", proved.len()), Tone::Plain, true, proved);
}

/// Adds the steps that somebody attests.
pub(in crate::report) fn attested(part: &mut Part, plan: &Plan, people: &People) {
    let Some(by_hand) = plan.by_hand.as_deref() else { return };
    let heading = [user_list::WAITS, user_list::CANNOT_SHOW, user_list::PROVED_EARLIER];
    let mut sections = heading.map(|known| (Vec::new(), format!("Attested; {known}")));
    let [waiting, unseen, proved] = &mut sections;
    waiting.1 = format!("Attested, {}", user_list::WAITS);
    for (step, hand) in plan.changes.iter().zip(&by_hand.steps) {
        let Some(tick) = hand.state.tick().filter(|_| !hand.state.is_left()) else { continue };
        let mut entries = by_subject(&[step], plan, people);
        for entry in &mut entries {
            entry.mark = EntrySign::Note;
            entry.lines.push(Line::Text(user_list::attested(tick)));
        }
        match &hand.state {
            HandState::Waits { .. } => waiting.0.extend(entries),
            HandState::Proved(_) => proved.0.extend(entries),
            HandState::Attested(_) | HandState::Left | HandState::Contradicted(_) => unseen.0.extend(entries),
        }
    }
    waiting.0.extend(by_hand.apart(Proof::Waits).map(|one| apart(one, EntrySign::Note, &user_list::attested(&one.tick), plan, people)));
    for (entries, heading) in sections {
        part.section(format!("{heading} ({})", entries.len()), Tone::Plain, true, entries);
    }
}
