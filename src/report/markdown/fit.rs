//! Fits Markdown into the length of a comment: the most important entries first, the others counted.

use std::fmt::Write as _;

use crate::report::outline::Tone;
use crate::report::words::more;

/// The text of a whole report, in its pieces.
#[derive(Debug)]
pub(super) struct Content {
    /// The first line.
    pub heading: String,
    /// The lines above the table.
    pub summary: Vec<String>,
    /// The head of the table of counts; empty if there is no table.
    pub columns: String,
    /// The lines of the table.
    pub rows: Vec<String>,
    /// One part for each workspace.
    pub parts: Vec<PartText>,
    /// The closing part, which is never left out.
    pub end: String,
    /// Said if something was left out.
    pub cut: &'static str,
}

/// The text about one workspace.
#[derive(Debug)]
pub(super) struct PartText {
    /// Its heading and its first sentence.
    pub open: String,
    /// Its sections.
    pub sections: Vec<SectionText>,
}

/// The text of one section.
#[derive(Debug)]
pub(super) struct SectionText {
    /// The attention that it asks for.
    pub tone: Tone,
    /// Its heading.
    pub heading: String,
    /// The beginning, with the heading.
    pub open: String,
    /// One text for each entry.
    pub entries: Vec<String>,
    /// The text that ends the section.
    pub close: &'static str,
}

/// More bytes than a line that counts what was left out has.
const COUNT: usize = 64;

impl Content {
    /// Returns the text, with at most so many bytes.
    pub(super) fn fit(&self, most: usize) -> String {
        let whole = self.write(&Chosen::all(self), false);
        if whole.len() <= most { whole } else { self.write(&Chosen::within(self, most), true) }
    }

    fn write(&self, chosen: &Chosen, is_cut: bool) -> String {
        let mut out = self.heading.clone();
        if is_cut {
            out.push_str(self.cut);
        }
        lines(&mut out, &self.summary, chosen.summary, |left| format!("… and {}\n\n", more(left)));
        out.push_str(&self.columns);
        lines(&mut out, &self.rows, chosen.rows, |left| format!("\n… and {} workspaces\n", more(left)));
        if !self.rows.is_empty() {
            out.push('\n');
        }
        let mut hidden = 0_usize;
        for (part, sections) in self.parts.iter().zip(&chosen.parts) {
            let Some(sections) = sections else {
                hidden += 1;
                continue;
            };
            out.push_str(&part.open);
            for (section, entries) in part.sections.iter().zip(sections) {
                let Some(entries) = entries else {
                    let _ = write!(out, "{}: not shown here\n\n", section.heading);
                    continue;
                };
                out.push_str(&section.open);
                for (entry, _) in section.entries.iter().zip(entries).filter(|(_, is_chosen)| **is_chosen) {
                    out.push_str(entry);
                }
                let left = entries.iter().filter(|is_chosen| !**is_chosen).count();
                if left > 0 {
                    let _ = writeln!(out, "- … and {}", more(left));
                }
                out.push_str(section.close);
            }
        }
        if hidden > 0 {
            let _ = write!(out, "… and {} workspaces\n\n", more(hidden));
        }
        out.push_str(&self.end);
        out
    }
}

fn lines(out: &mut String, lines: &[String], chosen: usize, counted: impl Fn(usize) -> String) {
    out.extend(lines.iter().take(chosen).map(String::as_str));
    if chosen < lines.len() {
        out.push_str(&counted(lines.len() - chosen));
    }
}

/// The entries that are shown, by workspace and section; `None` if none are.
struct Chosen {
    summary: usize,
    rows: usize,
    parts: Vec<Option<Vec<Option<Vec<bool>>>>>,
}

impl Chosen {
    fn all(content: &Content) -> Self {
        let sections = |part: &PartText| part.sections.iter().map(|section| Some(vec![true; section.entries.len()])).collect();
        Self {
            summary: content.summary.len(),
            rows: content.rows.len(),
            parts: content.parts.iter().map(|part| Some(sections(part))).collect(),
        }
    }

    /// Chooses what fits: first what needs a careful look in any workspace, then what does not match, then the rest.
    fn within(content: &Content, most: usize) -> Self {
        let fixed = content.heading.len() + content.cut.len() + content.columns.len() + content.end.len() + 4 * COUNT;
        let mut left = most.saturating_sub(fixed);
        let share = left / 8;
        let summary = leading(&content.summary, share, &mut left);
        let rows = leading(&content.rows, share, &mut left);
        let mut chosen = Self { summary, rows, parts: content.parts.iter().map(|_| None).collect() };
        for tones in [&[Tone::Alarm][..], &[Tone::Caution], &[Tone::Plain, Tone::Good]] {
            for (part, sections) in content.parts.iter().zip(&mut chosen.parts) {
                for (at, section) in part.sections.iter().enumerate().filter(|(_, section)| tones.contains(&section.tone)) {
                    choose(part, at, section, sections, &mut left);
                }
            }
        }
        for (part, sections) in content.parts.iter().zip(&mut chosen.parts) {
            let cost = part.cost();
            if sections.is_none() && cost <= left {
                left -= cost;
                *sections = Some(part.sections.iter().map(|_| None).collect());
            }
        }
        chosen
    }
}

impl PartText {
    /// Returns how many bytes it has at least, with a line for each section that is not shown or not shown whole.
    fn cost(&self) -> usize {
        self.open.len() + self.sections.iter().map(|section| section.heading.len() + COUNT).sum::<usize>()
    }
}

/// Chooses the entries of a section that fit, and counts what opening the section and its part costs.
fn choose(part: &PartText, at: usize, section: &SectionText, sections: &mut Option<Vec<Option<Vec<bool>>>>, left: &mut usize) {
    let opening = if sections.is_none() { part.cost() } else { 0 };
    let mut cost = opening + section.open.len() + section.close.len();
    let mut entries = vec![false; section.entries.len()];
    for (entry, is_chosen) in section.entries.iter().zip(&mut entries) {
        if cost + entry.len() <= *left {
            *left -= cost + entry.len();
            cost = 0;
            *is_chosen = true;
        }
    }
    if entries.contains(&true)
        && let Some(slot) = sections.get_or_insert_with(|| part.sections.iter().map(|_| None).collect()).get_mut(at)
    {
        *slot = Some(entries);
    }
}

/// Returns how many of the first lines fit into a share of the room.
fn leading(lines: &[String], share: usize, left: &mut usize) -> usize {
    let mut used = 0;
    let fitting = lines.iter().take_while(|line| {
        used += line.len();
        used <= share
    });
    let number = fitting.count();
    *left = left.saturating_sub(lines.iter().take(number).map(String::len).sum());
    number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::markdown::CUT;

    fn section() -> impl Strategy<Value = SectionText> {
        let tone = prop::sample::select(vec![Tone::Alarm, Tone::Caution, Tone::Plain, Tone::Good]);
        (tone, prop::collection::vec(1..400_usize, 1..12), 1..60_usize).prop_map(|(tone, sizes, heading)| SectionText {
            tone,
            heading: "h".repeat(heading),
            open: format!("#### {}\n\n", "h".repeat(heading)),
            entries: sizes
                .into_iter()
                .map(|size| format!("{}{}\n", if tone == Tone::Alarm { '!' } else { '+' }, "e".repeat(size)))
                .collect(),
            close: "\n",
        })
    }

    fn content() -> impl Strategy<Value = Content> {
        let part = prop::collection::vec(section(), 0..6).prop_map(|sections| PartText { open: "### part\n\n".to_owned(), sections });
        (prop::collection::vec(part, 1..12), prop::collection::vec(1..300_usize, 0..12)).prop_map(|(parts, sizes)| Content {
            heading: "## heading\n\n".to_owned(),
            summary: sizes.iter().map(|size| "s".repeat(*size)).collect(),
            columns: "| workspace |\n".to_owned(),
            rows: parts.iter().map(|_| "| name | 1 | 2 |\n".to_owned()).collect(),
            parts,
            end: "Digest: 0\n".to_owned(),
            cut: CUT,
        })
    }

    proptest! {
        #[test]
        fn no_text_is_longer_than_it_may_be(content in content(), most in 600..6000_usize) {
            let shown = content.fit(most);
            prop_assert!(shown.len() <= most, "{} of {most} bytes", shown.len());
            prop_assert!(shown.ends_with(&content.end));
            let whole = content.fit(usize::MAX);
            prop_assert_eq!(whole.len() <= most, shown == whole);
            prop_assert_eq!(shown.contains(CUT), shown != whole);
        }
    }

    #[test]
    fn a_risk_of_the_last_workspace_is_shown_before_an_ordinary_change_of_the_first() {
        let section = |tone, entry: &str, number| SectionText {
            tone,
            heading: "heading".to_owned(),
            open: "#### heading\n\n".to_owned(),
            entries: vec![format!("- {entry}\n"); number],
            close: "\n",
        };
        let part = |section| PartText { open: "### part\n\n".to_owned(), sections: vec![section] };
        let content = Content {
            heading: "## plan\n\n".to_owned(),
            summary: Vec::new(),
            columns: String::new(),
            rows: Vec::new(),
            parts: vec![part(section(Tone::Plain, "ordinary", 500)), part(section(Tone::Alarm, "risk", 20))],
            end: "end\n".to_owned(),
            cut: CUT,
        };
        let shown = content.fit(2000);
        let ordinary = shown.matches("- ordinary").count();
        assert_eq!(shown.matches("- risk").count(), 20, "{shown}");
        assert!(ordinary > 10 && shown.contains(&format!("- … and {} more\n", 500 - ordinary)), "{shown}");
    }
}
