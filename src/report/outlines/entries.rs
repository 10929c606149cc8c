//! The entries of plans and receipts about steps, refusals and tasks.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Action, Plan, Refusal, RemoteId, Step, SubjectRef};
use crate::platform;

use super::outline::{Entry, EntrySign, Line, Part, Tone};
use crate::report::clean::clean;
use crate::report::{People, difference, sentences, words};

/// Adds what the plan refuses to a report.
pub(in crate::report) fn add_refused(part: &mut Part, plan: &Plan, people: &People) {
    part.section(format!("Refused ({})", plan.refusals.len()), Tone::Caution, false, refused(plan, people));
}

/// Adds what a person must do to a report.
pub(in crate::report) fn add_tasks(part: &mut Part, plan: &Plan, people: &People) {
    part.section(format!("For a person to do ({})", plan.tasks.len()), Tone::Caution, false, tasks(plan, people));
}

/// Returns one entry for each person or thing, with its changes in the order of the plan.
pub(in crate::report) fn by_subject(steps: &[&Step], plan: &Plan, people: &People) -> Vec<Entry> {
    let mut grouped: BTreeMap<SubjectRef<'_>, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        grouped.entry(step.change.subject()).or_default().push(step);
    }
    (grouped.into_iter())
        .map(|(subject, steps)| Entry {
            mark: steps.first().map_or(EntrySign::Note, |step| mark(step)),
            title: words::subject(subject, &plan.workspace, people),
            lines: lines_of_all(&steps, plan),
        })
        .collect()
}

/// Returns the lines of all steps of one person or thing; of several accounts with one address, each step says whose it is.
fn lines_of_all(steps: &[&Step], plan: &Plan) -> Vec<Line> {
    let ids: BTreeSet<&RemoteId> = steps.iter().filter_map(|step| step.change.target()).map(|target| &target.id).collect();
    let several = ids.len() > 1;
    let lines = steps.iter().flat_map(|step| {
        let mut lines = lines_of(step, plan);
        if several
            && let Some(target) = step.change.target()
            && let Some(head) = lines.first_mut().and_then(Line::head_mut)
        {
            *head = format!("{head} (account {})", clean(&target.id.0));
        }
        lines
    });
    lines.collect()
}

/// Returns the action with its values before and after.
pub(in crate::report) fn lines_of(step: &Step, plan: &Plan) -> Vec<Line> {
    let hand = plan.by_hand.as_deref().and_then(|by_hand| {
        let position = plan.changes.iter().position(|own| std::ptr::eq(own, step))?;
        by_hand.steps.get(position)
    });
    let differences = difference::lines(&step.change, hand.map_or(&[], |hand| hand.attested_fields.as_slice()), &plan.platform);
    let catalog = platform::by_id(&plan.platform).catalog();
    let is_shown = !differences.is_empty() && step.reason.is_shown_by_fields();
    let head = if is_shown { words::action_of(step, catalog) } else { headline(step, plan) };
    // Two accounts can have one address.
    let user_name = words::user_name(&step.change, plan).map(|name| format!(" (user name {})", clean(name))).unwrap_or_default();
    let mut lines = vec![Line::Head(format!("{head}{user_name}"))];
    lines.extend(differences);
    lines
}

/// Returns the action and its reason.
pub(in crate::report) fn headline(step: &Step, plan: &Plan) -> String {
    let catalog = platform::by_id(&plan.platform).catalog();
    let action = words::action_of(step, catalog);
    let by_hand = plan.by_hand.is_some().then(|| sentences::passcode_by_hand(&step.reason)).flatten();
    format!("{action}: {}", by_hand.unwrap_or_else(|| clean(&sentences::reason(&step.reason, catalog))))
}

fn mark(step: &Step) -> EntrySign {
    if step.risky { EntrySign::Risk } else { plain_mark(step.change.action()) }
}

/// Returns the sign of an action: added, changed or removed.
pub(in crate::report) fn plain_mark(action: Action) -> EntrySign {
    match action.access() {
        Some(false) => EntrySign::TakesAway,
        Some(true) => EntrySign::Adds,
        None if action.adds_supporting_record() => EntrySign::Adds,
        None => EntrySign::Changes,
    }
}

/// Returns one entry for each refusal.
fn refused(plan: &Plan, people: &People) -> Vec<Entry> {
    let catalog = platform::by_id(&plan.platform).catalog();
    (plan.refusals.iter())
        .map(|Refusal { subject, cause }| {
            let (reason, remedy) = sentences::refusal(cause, catalog);
            let why = match cause.requirement().and_then(|source| catalog.requirement(source)) {
                Some(requirement) => format!("{} ({})", clean(&reason), clean(requirement)),
                None => clean(&reason),
            };
            let wanted = words::spaced(sentences::topic(cause.topic(), catalog));
            Entry {
                mark: EntrySign::Refused,
                title: format!("{}: {wanted}", words::subject(subject.borrow(), &plan.workspace, people)),
                lines: vec![Line::Pair("why".to_owned(), why), Line::Pair("what to do".to_owned(), clean(&remedy))],
            }
        })
        .collect()
}

/// Returns one entry for each task of a person.
fn tasks(plan: &Plan, people: &People) -> Vec<Entry> {
    let catalog = platform::by_id(&plan.platform).catalog();
    (plan.tasks.iter())
        .map(|task| Entry {
            mark: EntrySign::Note,
            title: words::subject(SubjectRef::User(&task.user), &plan.workspace, people),
            lines: vec![Line::Text(sentences::task(task.what, catalog).to_owned())],
        })
        .collect()
}
