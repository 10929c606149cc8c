//! Runbooks as Markdown: a box to tick for each step, with the data of the step in a comment, for `attest`.

use std::fmt::Write as _;

use super::escape::{code, escape, item};
use super::fit::{Content, PartText, SectionText};
use super::{LONGEST, section};
use crate::model::WorkspacePlan;
use crate::report::outline::{Part, Tone};
use crate::report::runbook::{Phrase, Piece, RunbookStep, Turn, WORKED, runbook};
use crate::report::{PlanView, plan};

/// Said if something was left out.
const CUT: &str = "**Not every step is shown here**, because a comment cannot be longer. Do these, take a new list, and make the runbook again; or use \
     the format `html`, which has all steps.\n\n";

/// Renders the runbooks of a plan.
pub(in crate::report) fn render(page: &PlanView<'_>) -> String {
    let outline = plan::outline(page);
    let (last, first) = outline.summary.split_last().map_or((None, &[][..]), |(last, first)| (Some(last), first));
    let steps =
        "Tick a box when its step is done. Keep each step's id and comment. Then give this file to `rosterctl attest`.\n\n".to_owned();
    let own = outline.parts.iter().skip(page.plan.workspaces.len());
    let parts = page.plan.workspaces.iter().map(|workspace| part(workspace, page)).chain(own.map(super::part)).collect();
    let content = Content {
        heading: "## Runbook\n\n".to_owned(),
        summary: std::iter::once(steps).chain(first.iter().map(|line| format!("{}\n\n", escape(line)))).collect(),
        columns: String::new(),
        rows: Vec::new(),
        parts,
        end: last.map(|line| format!("{}\n", escape(line))).unwrap_or_default(),
        cut: CUT,
    };
    content.fit(LONGEST)
}

fn part(workspace: &WorkspacePlan, page: &PlanView<'_>) -> PartText {
    let opening = plan::opening(workspace, page.people);
    let steps = runbook(workspace, page.people).steps;
    let mut sections: Vec<SectionText> = opening.sections.iter().map(section).collect();
    let mut rest = steps.as_slice();
    while let Some(first) = rest.first() {
        let is_same = |step: &RunbookStep| step.turn == first.turn && (!first.turn.is_usual() || step.subject == first.subject);
        let number = rest.iter().take_while(|step| is_same(step)).count();
        let (now, later) = rest.split_at(number.max(1));
        sections.push(group(now, first));
        rest = later;
    }
    let mut others = Part { title: String::new(), lead: String::new(), sections: Vec::new() };
    plan::closing(&mut others, workspace, page.people);
    sections.extend(others.sections.iter().map(section));
    PartText { open: format!("### {}\n\n{}\n\n", escape(&opening.title), escape(&opening.lead)), sections }
}

/// Makes the section of steps that belong together.
fn group(steps: &[RunbookStep], first: &RunbookStep) -> SectionText {
    let (heading, tone) = match first.turn {
        Turn::First => (format!("Do these first, and check them carefully ({})", steps.len()), Tone::Alarm),
        Turn::Usual => (first.person.clone(), Tone::Plain),
        Turn::Last => (format!("Do these last, when everything above is done ({})", steps.len()), Tone::Caution),
    };
    let heading = escape(&heading);
    SectionText {
        tone,
        heading: heading.clone(),
        open: format!("#### {heading}\n\n"),
        entries: steps.iter().map(entry).collect(),
        close: "\n",
    }
}

fn entry(step: &RunbookStep) -> String {
    let mut out = String::new();
    let risk = if step.is_risky { "! " } else { "" };
    let why = step.why.as_ref().map(|why| format!(" ({})", escape(why))).unwrap_or_default();
    let _ = writeln!(out, "- [ ] {}**{}: {}**{why} `{}`", escape(risk), escape(&step.person), escape(&step.change), step.data.id);
    for first in &step.first {
        let _ = writeln!(out, "  - Ask first: {}", phrase(first));
    }
    if !step.after.is_empty() {
        let ids: Vec<String> = step.after.iter().map(|id| format!("`{id}`")).collect();
        let _ = writeln!(out, "  - Only after: {}", ids.join(", "));
    }
    if !step.path.is_empty() {
        let path: Vec<String> = step.path.iter().map(|piece| format!("**{}**", escape(&piece.text()))).collect();
        let _ = writeln!(out, "  - Go to: {}", path.join(" › "));
    }
    for instruction in &step.instructions {
        let _ = writeln!(out, "  - {}", beginning(instruction));
    }
    for value in &step.values {
        let was = value.was.as_ref().map(|was| format!(" ({})", escape(was))).unwrap_or_default();
        let is_typed = value.typed.as_ref().is_some_and(|typed| *typed == value.text);
        let text = if is_typed { code(&value.text) } else { escape(&value.text) };
        let _ = writeln!(out, "    - {}: {text}{was}", item(&value.label));
    }
    for question in &step.questions {
        let buttons: Vec<String> = question.buttons.iter().map(|button| format!("**{}**", escape(button))).collect();
        let buttons = if buttons.is_empty() { String::new() } else { format!(" Buttons: {}.", buttons.join(" / ")) };
        let _ = writeln!(out, "  - It asks: {}{buttons} {}", phrase(&question.says), phrase(&question.answer));
    }
    for doubt in &step.doubts {
        let _ = writeln!(out, "  - Not certain: {}", phrase(doubt));
    }
    for bill in &step.bill {
        let _ = writeln!(out, "  - Bill: {}", phrase(bill));
    }
    if let Some(check) = &step.check {
        let _ = writeln!(out, "  - {WORKED} {}", phrase(check));
    }
    let _ = writeln!(out, "  {}", step.data.comment());
    out
}

fn phrase(phrase: &Phrase) -> String {
    pieces(phrase.pieces())
}

/// A phrase with which an item of the list begins.
fn beginning(phrase: &Phrase) -> String {
    match phrase.pieces().split_first() {
        Some((own, rest)) if !own.is_shown => item(&own.text) + &pieces(rest),
        Some(_) | None => pieces(phrase.pieces()),
    }
}

fn pieces(pieces: &[Piece]) -> String {
    let piece = |own: &Piece| if own.is_shown { format!("**{}**", escape(&own.text)) } else { escape(&own.text) };
    pieces.iter().map(piece).collect()
}
