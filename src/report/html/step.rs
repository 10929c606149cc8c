//! One step of a runbook as HTML.

use std::fmt::Write as _;

use super::escape::escape;
use crate::report::runbook::{LabeledValue, Phrase, RunbookStep, StepQuestion, WORKED};

/// Writes a step: its box, what to do, the values, and how to see that it worked.
pub(super) fn step(out: &mut String, step: &RunbookStep) {
    let id = &step.data.id.0;
    let risk = if step.is_risky { " risk" } else { "" };
    let workspace = escape(&step.data.workspace);
    let anchor = format!("{workspace}-{id}");
    let not_done = step.not_done_at.map(|at| format!(" data-not-done=\"{at}\"")).unwrap_or_default();
    let _ = writeln!(
        out,
        "<article class=\"step{risk}\" id=\"step-{anchor}\">\n<div class=\"head\">\n\
         <input type=\"checkbox\" id=\"box-{anchor}\" data-step=\"{id}\" data-workspace=\"{workspace}\"{not_done} autocomplete=\"off\">\n\
         <h4><label for=\"box-{anchor}\"><span class=\"who\">{}</span> {}</label></h4>\n<code class=\"id\">{id}</code>\n</div>\n<div class=\"body\">",
        escape(&step.person),
        escape(&capitalized(&step.change)),
    );
    if step.is_risky {
        out.push_str("<p class=\"risk-tag\">Check carefully</p>\n");
    }
    if let Some(why) = &step.why {
        let _ = writeln!(out, "<p class=\"why\">{}</p>", escape(why));
    }
    for first in &step.first {
        let _ = writeln!(out, "<p class=\"ask-first\"><span class=\"tag\">Ask first:</span> {}</p>", phrase(first));
    }
    if !step.after.is_empty() {
        let links: Vec<String> = step.after.iter().map(|id| format!("<a href=\"#step-{workspace}-{id}\"><code>{id}</code></a>")).collect();
        let _ = writeln!(out, "<p><span class=\"tag\">Only after:</span> {}</p>", links.join(", "));
    }
    if !step.path.is_empty() {
        let path = elements("li", step.path.iter().map(|piece| escape(&piece.text())));
        let _ = writeln!(out, "<ol class=\"path\" aria-label=\"Go to\">{path}</ol>");
    }
    if !step.instructions.is_empty() {
        let all = elements("li", step.instructions.iter().map(phrase));
        let _ = writeln!(out, "<ol class=\"do\">{all}</ol>");
    }
    if !step.values.is_empty() {
        out.push_str("<dl class=\"values\">\n");
        for value in &step.values {
            self::value(out, value);
        }
        out.push_str("</dl>\n");
    }
    for asked in &step.questions {
        question(out, asked);
    }
    for doubt in &step.doubts {
        let _ = writeln!(out, "<p class=\"doubt\"><span class=\"tag\">Not certain:</span> {}</p>", phrase(doubt));
    }
    for bill in &step.bill {
        let _ = writeln!(out, "<p><span class=\"tag\">Bill:</span> {}</p>", phrase(bill));
    }
    if let Some(check) = &step.check {
        let _ = writeln!(out, "<p class=\"check\"><span class=\"tag\">{WORKED}</span> {}</p>", phrase(check));
    }
    out.push_str("</div>\n</article>\n");
}

fn value(out: &mut String, value: &LabeledValue) {
    let LabeledValue { label, text, typed, was } = value;
    let label = escape(label);
    let was = was.as_ref().map(|was| format!("<span class=\"was\">{}</span>", escape(was))).unwrap_or_default();
    let copy = typed.as_ref().map(|typed| {
        format!(
            "<dd><button type=\"button\" class=\"script\" data-copy=\"{}\" aria-label=\"Copy {label}\">Copy</button></dd>",
            escape(typed)
        )
    });
    let _ =
        writeln!(out, "<div><dt>{label}</dt><dd><span class=\"value\">{}</span>{was}</dd>{}</div>", escape(text), copy.unwrap_or_default());
}

fn question(out: &mut String, question: &StepQuestion) {
    let _ = writeln!(out, "<div class=\"question\">\n<p><span class=\"tag\">It asks:</span> {}</p>", phrase(&question.says));
    if !question.buttons.is_empty() {
        let buttons = elements("span", question.buttons.iter().map(|button| escape(button)));
        let _ = writeln!(out, "<p class=\"keys\">Its buttons: {buttons}</p>");
    }
    let _ = writeln!(out, "<p>{}</p>\n</div>", phrase(&question.answer));
}

/// Puts each of several texts, which are HTML, into an element of its own.
fn elements(name: &str, texts: impl Iterator<Item = String>) -> String {
    texts.fold(String::new(), |all, text| all + "<" + name + ">" + &text + "</" + name + ">")
}

fn phrase(phrase: &Phrase) -> String {
    let pieces = phrase.pieces().iter();
    pieces.map(|piece| if piece.is_shown { format!("<strong>{}</strong>", escape(&piece.text)) } else { escape(&piece.text) }).collect()
}

fn capitalized(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
