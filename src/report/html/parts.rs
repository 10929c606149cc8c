//! The text of an outline, as HTML.

use std::fmt::Write as _;

use super::escape::escape;
use crate::report::outline::{Entry, Line, Part, Section, Tone};

/// Writes the part of a workspace.
pub(super) fn part(out: &mut String, part: &Part) {
    let _ = writeln!(out, "<h2>{}</h2>\n<p class=\"lead\">{}</p>", escape(&part.title), marked(&part.lead));
    sections(out, part);
}

/// Writes the sections of a part.
pub(in crate::report) fn sections(out: &mut String, part: &Part) {
    for section in &part.sections {
        one(out, section);
    }
}

fn one(out: &mut String, section: &Section) {
    let class = match section.tone {
        Tone::Alarm => "alarm",
        Tone::Caution => "caution",
        Tone::Plain | Tone::Good => "quiet",
    };
    let heading = escape(&section.heading);
    if section.folds {
        let _ = writeln!(out, "<details class=\"{class}\"><summary>{heading}</summary>");
    } else {
        let _ = writeln!(out, "<section class=\"{class}\">\n<h3>{heading}</h3>");
    }
    for entry in &section.entries {
        self::entry(out, entry);
    }
    out.push_str(if section.folds { "</details>\n" } else { "</section>\n" });
}

fn entry(out: &mut String, entry: &Entry) {
    let _ = writeln!(out, "<div class=\"entry\">\n<p><code>{}</code> <strong>{}</strong></p>", entry.mark.sign(), escape(&entry.title));
    if !entry.lines.is_empty() {
        out.push_str("<ul>\n");
        for line in &entry.lines {
            out.push_str("<li>");
            self::line(out, line);
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</div>\n");
}

fn line(out: &mut String, line: &Line) {
    match line {
        Line::Head(text) => {
            let _ = write!(out, "<strong>{}</strong>", marked(text));
        }
        Line::Text(text) => out.push_str(&marked(text)),
        Line::Pair(label, text) => {
            let _ = write!(out, "{}: {}", escape(label), marked(text));
        }
        Line::Diff(label, lines) => {
            let lines: Vec<String> = lines.iter().map(|(sign, text)| format!("{sign}{text}")).collect();
            let _ = write!(out, "{}:<pre>{}</pre>", escape(label), escape(&lines.join("\n")));
        }
        Line::Paste(lines) => {
            let _ = write!(out, "<pre>{}</pre>", escape(&lines.join("\n")));
        }
    }
}

/// Shows what is between backticks as code.
pub(super) fn marked(text: &str) -> String {
    if text.matches('`').count() % 2 == 1 {
        return escape(text);
    }
    let pieces = text.split('`').enumerate();
    pieces.map(|(at, piece)| if at % 2 == 1 { format!("<code>{}</code>", escape(piece)) } else { escape(piece) }).collect()
}
