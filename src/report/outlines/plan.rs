//! Describes a plan as an outline: risks first, then the other changes by person, then notes.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Action, Email, Manage, Notice, NoticeKind, Plan, Step, SubjectRef, WorkspacePlan};
use crate::platform;

use super::entries::{add_refused, add_tasks, by_subject, plain_mark};
use super::outline::{Entry, EntrySign, Line, Outline, Part, Tone};
use crate::report::clean::clean;
use crate::report::words::{self, count, matching};
use crate::report::{People, PlanView, bill, by_hand, guard, one_person, sentences};

/// The most workspaces that one sentence of the summary names.
const MOST_NAMES: usize = 50;

/// Describes a plan completely.
pub(in crate::report) fn outline(page: &PlanView<'_>) -> Outline {
    let mut outline =
        Outline { columns: ["adds", "changes", "takes away", "refused", "unchanged"].map(str::to_owned).to_vec(), ..Outline::default() };
    for workspace in &page.plan.workspaces {
        outline.parts.push(part(workspace, page.people));
        outline.counts.push((clean(&workspace.plan.workspace), counts(&workspace.plan)));
    }
    for unread in page.unread {
        outline.parts.push(Part {
            title: clean(&unread.workspace),
            lead: "Nothing is planned for this workspace.".to_owned(),
            sections: Vec::new(),
        });
        if let Some(part) = outline.parts.last_mut() {
            let entry = Entry { mark: EntrySign::Risk, title: clean(&sentences::unread(&unread.why)), lines: Vec::new() };
            part.section(if unread.why.is_withheld() { "Not applied" } else { "Could not be read" }, Tone::Alarm, false, vec![entry]);
        }
    }
    outline.summary = summary(page);
    outline
}

fn part(workspace: &WorkspacePlan, people: &People) -> Part {
    let plan = &workspace.plan;
    let mut part = opening(workspace, people);
    let (risky, rest): (Vec<&Step>, Vec<&Step>) = by_hand::to_make(plan).into_iter().partition(|step| step.risky);
    part.section(format!("Look at these first ({})", risky.len()), Tone::Alarm, false, by_subject(&risky, plan, people));
    let heading = if risky.is_empty() { format!("Changes ({})", rest.len()) } else { format!("Other changes ({})", rest.len()) };
    part.section(heading, Tone::Plain, rest.len() > 20, by_subject(&rest, plan, people));
    closing(&mut part, workspace, people);
    part
}

/// Returns what comes before the changes: the title, the lead, and the guards that stopped the plan.
pub(in crate::report) fn opening(workspace: &WorkspacePlan, people: &People) -> Part {
    let plan = &workspace.plan;
    let mut part = Part {
        title: format!("{} ({})", clean(&plan.workspace), clean(&platform::by_id(&plan.platform).catalog().name)),
        lead: lead(workspace),
        sections: Vec::new(),
    };
    by_hand::first(&mut part, plan, people);
    let changed = grouped(plan, people, EntrySign::Risk, |notice| notice.cause.is_address_changed());
    part.section(format!("Look at these first: members with another address ({})", changed.len()), Tone::Alarm, false, changed);
    let stops = guard::entries(&workspace.stops, plan, &workspace.digest);
    part.section("Stopped: nothing will be written to this workspace", Tone::Alarm, false, stops);
    let pairs = one_person::entries(plan, people);
    part.section(format!("Perhaps one person ({})", pairs.len()), Tone::Alarm, false, pairs);
    part
}

/// Adds what comes after the changes.
pub(in crate::report) fn closing(part: &mut Part, workspace: &WorkspacePlan, people: &People) {
    let plan = &workspace.plan;
    by_hand::attested(part, plan, people);
    add_refused(part, plan, people);
    part.section("The bill", Tone::Plain, false, bill::entries(&plan.bill));
    add_tasks(part, plan, people);
    let waived: Vec<Entry> = (workspace.waived.iter())
        .map(|(guard, reason)| Entry {
            mark: EntrySign::Risk,
            title: format!("guard {}", guard.code()),
            lines: vec![Line::Pair("reason".to_owned(), clean(reason))],
        })
        .collect();
    part.section("Guards lifted by a waiver", Tone::Caution, false, waived);
    let unwritten: Vec<&Step> = plan.notices.iter().filter_map(|notice| notice.cause.unwritten()).collect();
    let heading = format!("Differs from the roster, and is not written: `manage: observe` ({})", unwritten.len());
    part.section(heading, Tone::Plain, unwritten.len() > 20, by_subject(&unwritten, plan, people));
    for (kind, heading, tone, is_folded) in [
        (NoticeKind::Warning, "Warnings", Tone::Caution, false),
        (NoticeKind::Silent, "In the workspace, but not in the roster (left alone)", Tone::Plain, true),
        (NoticeKind::Nothing, "Nothing to do", Tone::Plain, true),
    ] {
        let entries = notices(plan, kind, people);
        let heading = if entries.is_empty() { heading.to_owned() } else { format!("{heading} ({})", entries.len()) };
        part.section(heading, tone, is_folded, entries);
    }
}

/// Returns whether an apply creates the workspace: no guard stops it, and something may be written.
fn creates(workspace: &WorkspacePlan) -> bool {
    workspace.plan.creates_workspace() && workspace.stops.is_empty() && !workspace.plan.manage.only_observes()
}

fn lead(workspace: &WorkspacePlan) -> String {
    let plan = &workspace.plan;
    let changes = match (plan.by_hand.as_deref(), plan.changes.len(), workspace.stops.is_empty()) {
        (Some(by_hand), _, is_approved) => sentences::user_list::lead(by_hand, plan, is_approved),
        (None, 0, _) if plan.differing() > 0 => format!("{} from the roster; {}.", differences(plan.differing()), matching(plan.unchanged)),
        (None, 0, _) => {
            let kept_out = sentences::kept_out(&plan.kept_out).map(|said| format!(" {said}")).unwrap_or_default();
            if plan.may_hide_others() {
                format!(
                    "No changes are known, but the list of users is not complete: others may have access. {}.{kept_out}",
                    matching(plan.unchanged)
                )
            } else {
                format!("No changes. {}.{kept_out}", matching(plan.unchanged))
            }
        }
        (None, number, true) => format!("{} to make; {}.", count(number, "change", "changes"), matching(plan.unchanged)),
        (None, number, false) => format!("{} planned, but a guard stopped the run: none will be made.", count(number, "change", "changes")),
    };
    if !plan.only.is_empty() {
        return format!("Only {} included in this run; other differences are left for another. {changes}", few(&plan.only));
    }
    let unlisted = match plan.manage {
        Manage::Exact if !platform::by_id(&plan.platform).catalog().states.inactive => {
            "Users who are not in the roster will be removed (`manage: exact`)."
        }
        Manage::Exact => "Users who are not in the roster will be inactivated (`manage: exact`).",
        Manage::Additive => "Users who are not in the roster are left alone (`manage: additive`).",
        Manage::Observe => "Nothing is ever written here (`manage: observe`).",
    };
    format!("{changes} {unlisted}")
}

/// Lists some addresses with their verb: `a@x.example is`.
pub(in crate::report) fn few(users: &BTreeSet<Email>) -> String {
    let shown: Vec<String> = users.iter().map(words::login).collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    format!("{} {}", words::few(&shown, 3), if users.len() == 1 { "is" } else { "are" })
}

fn notices(plan: &Plan, kind: NoticeKind, people: &People) -> Vec<Entry> {
    let side_by_side: BTreeSet<Option<&Email>> =
        (plan.perhaps_one_person().iter()).filter_map(|pair| Some(plan.changes.get(pair.joins)?.change.subject().user())).collect();
    let is_new = |notice: &Notice| side_by_side.contains(&notice.subject.borrow().user());
    let is_beside = |notice: &Notice| notice.cause.perhaps_the_same().is_some() && is_new(notice);
    let is_shown = |notice: &Notice| is_beside(notice) || notice.cause.unwritten().is_some() || notice.cause.is_address_changed();
    grouped(plan, people, EntrySign::Note, |notice| notice.cause.kind() == kind && !is_shown(notice))
}

/// Returns some notices, by what they are about.
fn grouped(plan: &Plan, people: &People, mark: EntrySign, is_one: impl Fn(&Notice) -> bool) -> Vec<Entry> {
    let mut grouped: BTreeMap<SubjectRef<'_>, Vec<Line>> = BTreeMap::new();
    let catalog = platform::by_id(&plan.platform).catalog();
    for notice in plan.notices.iter().filter(|notice| is_one(notice)) {
        grouped.entry(notice.subject.borrow()).or_default().push(Line::Text(clean(&sentences::notice(&notice.cause, catalog))));
    }
    (grouped.into_iter()).map(|(subject, lines)| Entry { mark, title: words::subject(subject, &plan.workspace, people), lines }).collect()
}

fn counts(plan: &Plan) -> Vec<usize> {
    let of = |mark: EntrySign| plan.changes.iter().filter(|step| plain_mark(step.change.action()) == mark).count();
    vec![of(EntrySign::Adds), of(EntrySign::Changes), of(EntrySign::TakesAway), plan.refusals.len(), plan.unchanged]
}

/// Counts the changes by what each platform calls them, in the order of the actions: `invite 2 users`.
fn numbers(page: &PlanView<'_>) -> Vec<String> {
    let mut numbers: Vec<((String, &str, &str), usize)> = Vec::new();
    for action in Action::ALL {
        for workspace in &page.plan.workspaces {
            let catalog = platform::by_id(&workspace.plan.platform).catalog();
            for step in workspace.plan.changes.iter().filter(|step| step.change.action() == action) {
                let counted = words::counted(step, catalog);
                match numbers.iter_mut().find(|(known, _)| *known == counted) {
                    Some((_, number)) => *number += 1,
                    None => numbers.push((counted, 1)),
                }
            }
        }
    }
    numbers.into_iter().map(|((verb, one, many), number)| format!("{verb} {}", count(number, one, many))).collect()
}

/// Lists workspaces; of very many, the first ones.
fn names(workspaces: &[String]) -> String {
    words::few(&workspaces.iter().map(String::as_str).collect::<Vec<_>>(), MOST_NAMES)
}

/// Counts what differs in workspaces that are only observed.
fn differences(number: usize) -> String {
    count(number, "difference", "differences")
}

fn summary(page: &PlanView<'_>) -> Vec<String> {
    let counted = page.plan.summary();
    let numbers = numbers(page);
    let mut said: Vec<String> = (!numbers.is_empty()).then(|| numbers.join(", ")).into_iter().collect();
    let differing: usize = page.plan.workspaces.iter().map(|workspace| workspace.plan.differing()).sum();
    if differing > 0 {
        said.push(format!("{} that `manage: observe` leaves alone", differences(differing)));
    }
    if counted.refused > 0 {
        said.push(count(counted.refused, "refusal", "refusals"));
    }
    let questions: usize =
        page.plan.workspaces.iter().filter_map(|w| w.plan.by_hand.as_deref()).map(|by_hand| by_hand.questions.len()).sum();
    if questions > 0 {
        said.push(count(questions, "question to answer", "questions to answer"));
    }
    let unread = page.unread.len();
    let partial: Vec<String> = page.plan.workspaces.iter().filter(|w| w.plan.may_hide_others()).map(|w| clean(&w.plan.workspace)).collect();
    let first = if !said.is_empty() {
        format!("Summary: {}. {}.", said.join("; "), matching(counted.unchanged))
    } else if page.plan.workspaces.is_empty() && unread > 0 && page.unread.iter().all(|unread| unread.why.is_withheld()) {
        "The saved plan is not applied.".to_owned()
    } else if page.plan.workspaces.is_empty() && unread > 0 {
        "No workspace could be read, so nobody knows whether there is anything to change.".to_owned()
    } else if !partial.is_empty() {
        format!(
            "No changes are known, but others may have access, since the list of users is not complete in: {}. {}.",
            names(&partial),
            matching(counted.unchanged)
        )
    } else if unread > 0 {
        format!("No changes in the workspaces that were read. {}.", matching(counted.unchanged))
    } else {
        format!("No changes. {}.", matching(counted.unchanged))
    };
    let mut lines = vec![first];
    let new: Vec<String> = page.plan.workspaces.iter().filter(|w| creates(w)).map(|w| clean(&w.plan.workspace)).collect();
    if !new.is_empty() {
        let (exist, them) = if new.len() == 1 { ("does", "it") } else { ("do", "them") };
        lines.push(format!("{} {exist} not exist yet: `rosterctl apply` creates {them}.", names(&new)));
    }
    let stopped: Vec<String> = page.plan.workspaces.iter().filter(|w| !w.stops.is_empty()).map(|w| clean(&w.plan.workspace)).collect();
    if !stopped.is_empty() {
        lines.push(format!("Stopped by a guard: {}.", names(&stopped)));
    }
    for (is_withheld, what) in [(false, "Nothing planned for"), (true, "Not applied to")] {
        let named: Vec<String> =
            page.unread.iter().filter(|unread| unread.why.is_withheld() == is_withheld).map(|u| clean(&u.workspace)).collect();
        if !named.is_empty() {
            lines.push(format!("{what}: {}.", names(&named)));
        }
    }
    if !page.plan.workspaces.is_empty() {
        lines.push(format!("Digest: {}", clean(&page.plan.digest.0)));
    }
    lines
}
