//! Renders an outline as Markdown for a pull request: nothing in it can become markup, a link, or a mention of a person.

use std::fmt::Write as _;

use super::outline::{Entry, Line, Outline, Section};
use super::text::legend;

/// Renders an outline under a heading.
pub(super) fn render(outline: &Outline, heading: &str) -> String {
    let mut out = format!("## {heading}\n\n");
    let (last, rest) = outline.summary.split_last().map_or((None, &[][..]), |(last, rest)| (Some(last), rest));
    for line in rest {
        let _ = writeln!(out, "{}\n", escape(line));
    }
    if !outline.counts.is_empty() {
        let _ = writeln!(out, "| workspace | {} |\n|---|{}", outline.columns.join(" | "), "--:|".repeat(outline.columns.len()));
        for (name, counts) in &outline.counts {
            let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
            let _ = writeln!(out, "| {} | {} |", escape(name), counts.join(" | "));
        }
        out.push('\n');
    }
    for part in &outline.parts {
        let _ = writeln!(out, "### {}\n\n{}\n", escape(&part.title), escape(&part.lead));
        for section in &part.sections {
            section_into(&mut out, section);
        }
    }
    let marks = legend(outline);
    if !marks.is_empty() {
        let _ = writeln!(out, "<sub>{}</sub>\n", escape(&marks));
    }
    if let Some(last) = last {
        let _ = writeln!(out, "{}", escape(last));
    }
    out
}

fn section_into(out: &mut String, section: &Section) {
    if section.folds {
        let _ = writeln!(out, "<details><summary>{}</summary>\n", escape(&section.heading));
    } else {
        let _ = writeln!(out, "#### {}\n", escape(&section.heading));
    }
    for entry in &section.entries {
        entry_into(out, entry);
    }
    out.push_str(if section.folds { "\n</details>\n\n" } else { "\n" });
}

fn entry_into(out: &mut String, entry: &Entry) {
    let _ = writeln!(out, "- `{}` **{}**", entry.mark.sign(), escape(&entry.title));
    let mut indent = "  ";
    for line in &entry.lines {
        match line {
            Line::Head(text) => {
                let _ = writeln!(out, "  - {}", escape(text));
                indent = "    ";
            }
            Line::Text(text) => {
                let _ = writeln!(out, "{indent}- {}", escape(text));
            }
            Line::Pair(label, text) => {
                let _ = writeln!(out, "{indent}- {}: {}", escape(label), escape(text));
            }
            Line::Diff(label, lines) => {
                let lines: Vec<String> = lines.iter().map(|(sign, text)| format!("{sign}{text}")).collect();
                let _ = writeln!(out, "{indent}- {}:\n", escape(label));
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

/// Escapes every character that Markdown would interpret; an address stays readable, and a bare `@name` mentions nobody.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' if !previous.is_ascii_alphanumeric() => escaped.push_str("@<!-- -->"),
            '#' => escaped.push_str("#<!-- -->"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            ':' if ends_in_scheme(&escaped) => escaped.push_str(":<!-- -->"),
            c => escaped.push(c),
        }
        previous = c;
    }
    escaped
}

/// Returns whether a text ends in the name of a scheme that would become a link.
fn ends_in_scheme(text: &str) -> bool {
    let bytes = text.as_bytes();
    [&b"http"[..], b"https", b"ftp"]
        .iter()
        .any(|scheme| bytes.len() >= scheme.len() && bytes[bytes.len() - scheme.len()..].eq_ignore_ascii_case(scheme))
}
