//! Reports as one HTML file that works without a network: on a phone, by keyboard, on paper, and without JavaScript.
//!
//! The page allows only its own style and script, by their hashes; nothing in a text can become markup.

mod escape;
mod parts;
mod step;

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

pub(super) use self::escape::escape;
pub(super) use self::parts::sections;
use super::outline::Outline;
use super::runbook::{RunbookStep, Turn, json, runbook};
use super::{PlanView, plan};
use crate::model::WorkspacePlan;
use crate::report::outline::Part;
use crate::report::runbook::StepData;

const STYLE: &str = include_str!("style.css");
/// The style of pages with tables.
const TABLE_STYLE: &str = concat!(include_str!("style.css"), include_str!("table.css"));
const SCRIPT: &str = include_str!("script.js");

/// Renders a plan, with a box to tick for each step.
pub(super) fn plan_page(view: &PlanView<'_>) -> String {
    let outline = plan::outline(view);
    let mut body = String::new();
    let mut steps: Vec<StepData> = Vec::new();
    for workspace in &view.plan.workspaces {
        let runbook = runbook(workspace, view.people).steps;
        workspace_part(&mut body, workspace, &runbook, view);
        steps.extend(runbook.into_iter().map(|step| step.data));
    }
    for unread in outline.parts.iter().skip(view.plan.workspaces.len()) {
        parts::part(&mut body, unread);
    }
    let names: Vec<&str> = view.plan.workspaces.iter().map(|workspace| workspace.plan.workspace.as_str()).collect();
    let title = if names.is_empty() { "Runbook".to_owned() } else { format!("Runbook: {}", super::words::few(&names, 3)) };
    page(&title, &outline.summary, &body, Some(&steps))
}

/// Renders an outline without steps.
pub(super) fn outline_page(outline: &Outline, heading: &str) -> String {
    let mut body = String::new();
    for part in &outline.parts {
        parts::part(&mut body, part);
    }
    page(heading, &outline.summary, &body, None)
}

/// Makes a page without a script: its content is HTML already.
pub(super) fn static_page(title: &str, lead: &[String], body: &str) -> String {
    page_of(TABLE_STYLE, title, (lead, None), body, None)
}

fn workspace_part(body: &mut String, workspace: &WorkspacePlan, steps: &[RunbookStep], view: &PlanView<'_>) {
    let opening = plan::opening(workspace, view.people);
    let _ = writeln!(body, "<h2>{}</h2>\n<p class=\"lead\">{}</p>", escape(&opening.title), parts::marked(&opening.lead));
    parts::sections(body, &opening);
    let mut rest = steps;
    while let Some(first) = rest.first() {
        let is_same = |step: &RunbookStep| step.turn == first.turn && (!first.turn.is_usual() || step.subject == first.subject);
        let number = rest.iter().take_while(|step| is_same(step)).count();
        let (now, later) = rest.split_at(number.max(1));
        let (heading, tone) = match first.turn {
            Turn::First => (format!("Do these first, and check them carefully ({number})"), "alarm"),
            Turn::Usual => (first.person.clone(), "plain-steps"),
            Turn::Last => (format!("Do these last, when everything above is done ({number})"), "caution"),
        };
        let _ = writeln!(body, "<section class=\"{tone}\">\n<h3>{}</h3>", escape(&heading));
        for one in now {
            step::step(body, one);
        }
        body.push_str("</section>\n");
        rest = later;
    }
    let mut others = Part { title: String::new(), lead: String::new(), sections: Vec::new() };
    plan::closing(&mut others, workspace, view.people);
    parts::sections(body, &others);
}

/// The bar above the steps, which needs the script.
const BAR: &str = "<header class=\"top script\"><div>\n<p class=\"count\" id=\"count\"></p>\n\
     <progress id=\"bar\" value=\"0\" max=\"1\" aria-labelledby=\"count\"></progress>\n\
     <button type=\"button\" id=\"hide\" aria-pressed=\"false\">Hide done steps</button>\n\
     <button type=\"button\" id=\"download\" class=\"main\">Download the ticks</button>\n\
     <p id=\"status\" role=\"status\"></p>\n</div></header>\n";

fn page(title: &str, summary: &[String], body: &str, steps: Option<&[StepData]>) -> String {
    let (last, first) = summary.split_last().map_or((None, &[][..]), |(last, first)| (Some(last), first));
    page_of(STYLE, title, (first, last), body, steps)
}

/// Makes a page with lines above its content, and one below it.
fn page_of(style: &str, title: &str, lines: (&[String], Option<&String>), body: &str, steps: Option<&[StepData]>) -> String {
    let (first, last) = lines;
    let steps = steps.filter(|steps| !steps.is_empty());
    let mut out = String::with_capacity(body.len() + style.len() + SCRIPT.len() + 4096);
    let script = if steps.is_some() { format!("script-src '{}'", hash(SCRIPT)) } else { "script-src 'none'".to_owned() };
    let policy = format!("default-src 'none'; style-src '{}'; {script}; base-uri 'none'; form-action 'none'", hash(style));
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>{style}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">Skip to the content</a>\n",
        escape(title)
    );
    if steps.is_some() {
        out.push_str(BAR);
    }
    let _ = writeln!(out, "<main id=\"content\">\n<h1>{}</h1>", escape(title));
    for line in first {
        let _ = writeln!(out, "<p class=\"plain\">{}</p>", parts::marked(line));
    }
    if let Some(steps) = steps {
        how_to_record(&mut out, steps);
    }
    out.push_str(body);
    if let Some(line) = last {
        let _ = writeln!(out, "<p class=\"digest\">{}</p>", escape(line));
    }
    out.push_str("</main>\n");
    if let Some(steps) = steps {
        let _ = writeln!(out, "<script type=\"application/json\" id=\"steps\">{}</script>\n<script>{SCRIPT}</script>", json(&steps));
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// Says how ticks are recorded: from the file that the script downloads, or by the ids of the steps, on paper and without the script.
fn how_to_record(out: &mut String, steps: &[StepData]) {
    const TICK: &str = "Tick a box when its step is done.";
    let _ =
        writeln!(out, "<p class=\"plain script\">{TICK} Then download the ticks, and give the file to <code>rosterctl attest</code>.</p>");
    let Some(first) = steps.iter().find(|step| step.user.is_some()) else { return };
    let _ = writeln!(
        out,
        "<p class=\"plain by-id\">{TICK} Then record the steps by their ids, such as <code>rosterctl attest {} --done {}</code>.</p>",
        escape(&first.workspace),
        first.id
    );
}

/// Returns the hash by which a page allows its own style or script.
fn hash(text: &str) -> String {
    format!("sha256-{}", data_encoding::BASE64.encode(&Sha256::digest(text.as_bytes())))
}
