//! Renders an outline as Markdown for a pull request: nothing in it can become markup, a link, or a mention of a person.

mod escape;
mod fit;
mod runbook;

use std::fmt::Write as _;

pub(super) use self::escape::escape;
use self::escape::item;
use self::fit::{Content, PartText, SectionText};
use super::outline::{Entry, Line, Outline, Part, Section, Tone};
use super::text::legend;

pub(super) use self::runbook::render as render_runbook;

/// The most characters that GitHub accepts in a comment. Ours are counted in bytes, of which there are at least as many.
const LONGEST: usize = 65_536;

/// Said if something was left out.
const CUT: &str =
    "**Not everything is shown here**, because a comment cannot be longer. Use the format `text` or `json` to see the rest.\n\n";

/// Renders an outline under a heading. Lines that do not fit into a comment are counted.
pub(super) fn render(outline: &Outline, heading: &str) -> String {
    let marks = legend(outline);
    let legend = if marks.is_empty() { String::new() } else { format!("<sub>{}</sub>\n\n", escape(&marks)) };
    let (last, first) = outline.summary.split_last().map_or((None, &[][..]), |(last, first)| (Some(last), first));
    let last = last.map(|line| format!("{}\n", escape(line))).unwrap_or_default();
    let rows: Vec<String> = (outline.counts.iter())
        .map(|(name, counts)| {
            let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
            format!("| {} | {} |\n", escape(name), counts.join(" | "))
        })
        .collect();
    let columns = format!("| workspace | {} |\n|---|{}\n", outline.columns.join(" | "), "--:|".repeat(outline.columns.len()));
    let content = Content {
        heading: format!("## {heading}\n\n"),
        summary: first.iter().map(|line| format!("{}\n\n", escape(line))).collect(),
        columns: if rows.is_empty() { String::new() } else { columns },
        rows,
        parts: outline.parts.iter().map(part).collect(),
        end: format!("{legend}{last}"),
        cut: CUT,
    };
    content.fit(LONGEST)
}

/// A table that closes a report.
pub(super) struct ClosingTable {
    /// Its heading.
    pub heading: &'static str,
    /// Its head.
    pub columns: String,
    /// Its lines.
    pub rows: Vec<String>,
}

/// Renders an outline under a heading, without the titles of its parts, and a table below it. Lines that do not fit into a comment are counted.
pub(super) fn render_with_table(outline: &Outline, heading: &str, table: ClosingTable) -> String {
    let own = |part: &Part| PartText { open: format!("{}\n\n", escape(&part.lead)), sections: part.sections.iter().map(section).collect() };
    let mut parts: Vec<PartText> = outline.parts.iter().map(own).collect();
    let ClosingTable { heading: above, columns, rows } = table;
    let open = format!("#### {above}\n\n{columns}");
    let closing = SectionText { tone: Tone::Plain, heading: above.to_owned(), open, entries: rows, close: "" };
    if let Some(part) = parts.last_mut() {
        part.sections.push(closing);
    }
    let heading = format!("## {heading}\n\n");
    let (summary, columns, rows, end) = (Vec::new(), String::new(), Vec::new(), String::new());
    Content { heading, summary, columns, rows, parts, end, cut: CUT }.fit(LONGEST)
}

fn part(part: &Part) -> PartText {
    PartText {
        open: format!("### {}\n\n{}\n\n", escape(&part.title), escape(&part.lead)),
        sections: part.sections.iter().map(section).collect(),
    }
}

fn section(section: &Section) -> SectionText {
    let heading = escape(&section.heading);
    SectionText {
        tone: section.tone,
        heading: heading.clone(),
        open: if section.folds { format!("<details><summary>{heading}</summary>\n\n") } else { format!("#### {heading}\n\n") },
        entries: section.entries.iter().map(entry).collect(),
        close: if section.folds { "\n</details>\n\n" } else { "\n" },
    }
}

fn entry(entry: &Entry) -> String {
    let mut out = String::new();
    entry_into(&mut out, entry);
    out
}

fn entry_into(out: &mut String, entry: &Entry) {
    let _ = writeln!(out, "- `{}` **{}**", entry.mark.sign(), escape(&entry.title));
    let mut indent = "  ";
    for line in &entry.lines {
        match line {
            Line::Head(text) => {
                let _ = writeln!(out, "  - {}", item(text));
                indent = "    ";
            }
            Line::Text(text) => {
                let _ = writeln!(out, "{indent}- {}", item(text));
            }
            Line::Pair(label, text) => {
                let _ = writeln!(out, "{indent}- {}: {}", item(label), escape(text));
            }
            Line::Diff(label, lines) => {
                let lines: Vec<String> = lines.iter().map(|(sign, text)| format!("{sign}{text}")).collect();
                let _ = writeln!(out, "{indent}- {}:\n", item(label));
                fenced(out, &format!("{indent}  "), "diff", &lines);
            }
            Line::Paste(lines) => {
                out.push('\n');
                fenced(out, &format!("{indent}  "), "yaml", lines);
            }
        }
    }
}

/// Returns a fence longer than any run of backticks in the lines.
fn fenced(out: &mut String, indent: &str, language: &str, lines: &[String]) {
    let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{indent}{fence}{language}");
    for line in lines {
        let _ = writeln!(out, "{indent}{line}");
    }
    let _ = writeln!(out, "{indent}{fence}\n");
}
