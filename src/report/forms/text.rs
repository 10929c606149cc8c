//! An outline as text for a terminal: wrapped at its width, colored only on request.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::report::grid::Width;
use crate::report::outline::{Entry, EntrySign, Line, Outline, Tone};

/// The maximum width of a column of labels.
const LABEL: usize = 32;

/// Renders an outline.
pub(in crate::report) fn render(outline: &Outline, color: bool, width: Width) -> String {
    let mut sheet = ColoredText { text: String::new(), color, width };
    for part in &outline.parts {
        sheet.line(Style::new().bold(), &part.title);
        sheet.wrapped(Style::new(), "  ", "  ", &part.lead);
        for section in &part.sections {
            sheet.blank();
            sheet.line(style(section.tone).bold(), &format!("  {}", section.heading));
            for entry in &section.entries {
                sheet.entry(entry, section.tone);
            }
        }
        sheet.blank();
    }
    let marks = legend(outline);
    if !marks.is_empty() {
        sheet.wrapped(Style::new().dimmed(), "", "        ", &format!("Legend: {marks}"));
    }
    for line in &outline.summary {
        sheet.wrapped(Style::new().bold(), "", "  ", line);
    }
    sheet.text
}

/// Explains the signs that are used, each once: two marks can have the same sign.
pub(in crate::report) fn legend(outline: &Outline) -> String {
    let used: Vec<EntrySign> = outline.parts.iter().flat_map(|p| &p.sections).flat_map(|s| &s.entries).map(|e| e.mark).collect();
    let mut explained: Vec<(char, String)> = Vec::new();
    for mark in EntrySign::ALL.into_iter().filter(|mark| used.contains(mark)) {
        match explained.iter_mut().find(|(sign, _)| *sign == mark.sign()) {
            Some((_, meaning)) => *meaning = format!("{meaning} or {}", mark.meaning()),
            None => explained.push((mark.sign(), mark.meaning().to_owned())),
        }
    }
    explained.into_iter().map(|(sign, meaning)| format!("{sign} {meaning}")).collect::<Vec<_>>().join(", ")
}

struct ColoredText {
    text: String,
    color: bool,
    width: Width,
}

impl ColoredText {
    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, style: Style, line: &str) {
        let line = line.trim_end();
        if self.color && style != Style::new() {
            let _ = writeln!(self.text, "{style}{line}{style:#}");
        } else {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn wrapped(&mut self, style: Style, first: &str, hanging: &str, text: &str) {
        for line in wrap(first, hanging, text, self.width) {
            self.line(style, &line);
        }
    }

    fn entry(&mut self, entry: &Entry, tone: Tone) {
        let tone = if tone.is_plain() && entry.mark.is_added() { Tone::Good } else { tone };
        self.wrapped(style(tone), &format!("  {} ", entry.mark.sign()), "      ", &entry.title);
        let widest = entry.lines.iter().filter_map(Line::label).map(|label| label.chars().count()).max();
        let width = widest.unwrap_or_default().min(LABEL);
        for line in &entry.lines {
            match line {
                Line::Head(text) => self.wrapped(Style::new(), "      ", "        ", text),
                Line::Text(text) => self.wrapped(Style::new(), "      ", "      ", text),
                Line::Pair(label, text) => {
                    let hanging = " ".repeat(8 + width + 2);
                    let gap = " ".repeat(width.saturating_sub(label.chars().count()));
                    self.wrapped(Style::new(), &format!("        {label}{gap}  "), &hanging, text);
                }
                Line::Diff(label, lines) => {
                    self.line(Style::new(), &format!("        {label}"));
                    for (sign, text) in lines {
                        let style = match sign {
                            '-' => style(Tone::Alarm),
                            '+' => style(Tone::Good),
                            _ => Style::new(),
                        };
                        self.wrapped(style, &format!("          {sign} "), "            ", text);
                    }
                }
                Line::Paste(lines) => {
                    for line in lines {
                        self.line(Style::new(), &format!("          {line}"));
                    }
                }
            }
        }
    }
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Alarm => AnsiColor::Red.on_default(),
        Tone::Caution => AnsiColor::Yellow.on_default(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Plain => Style::new(),
    }
}

/// Breaks at spaces; a word longer than the line gets a line of its own.
fn wrap(first: &str, hanging: &str, text: &str, width: Width) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut columns = first.chars().count();
    let mut fresh = true;
    for word in text.split(' ') {
        let length = word.chars().count();
        if !fresh && columns + 1 + length > width.columns() {
            lines.push(std::mem::replace(&mut line, hanging.to_owned()));
            columns = hanging.chars().count();
            fresh = true;
        }
        if !fresh {
            line.push(' ');
            columns += 1;
        }
        line.push_str(word);
        columns += length;
        fresh = false;
    }
    lines.push(line);
    lines
}
