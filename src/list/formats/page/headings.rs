//! Keeps what is said of a table: by the heading and the lines above it, and by its label. A heading in a box of its own is about something else.

use std::collections::BTreeMap;

use crate::list::tables::nobody::says_that_nobody;

use super::grid::is_table;
use super::tree::{Child, Element};
use super::{LONGEST_COUNT, cell, is_small};

/// The headings that were passed on the way through a page.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// The last one of each box, with the one before it.
    last: BTreeMap<Option<usize>, (Option<String>, Option<String>)>,
    /// The short lines since the last heading or table, each with its place.
    lines: Vec<(BoxAndTable, String)>,
}

/// The box and the table in which an element is.
type BoxAndTable = (Option<usize>, Option<usize>);

/// The number of lines above a table that are kept.
const MOST_LINES: usize = 12;

/// The most labels elsewhere on a page that are looked at: a hostile page has very many.
const MOST_LABELS: usize = 100_000;

/// The longest line that can say of whom a table is, in bytes.
const LONGEST_LINE: usize = 80;

impl Headings {
    /// Passes an element that is not a table.
    pub(super) fn pass(&mut self, element: Element<'_>) {
        if element.is_hidden() || !is_small(element) {
            return;
        }
        let place = box_of(element);
        if is_heading(element) {
            let before = self.last.get(&place).and_then(|(last, _)| last.clone());
            let text = Some(cell::text(element)).filter(|text| text.len() <= LONGEST_COUNT);
            self.last.insert(place, (text, before));
            self.lines.clear();
            return;
        }
        self.line(element);
        if let Some((last, before)) = self.last.get_mut(&place)
            && last.is_some()
            && is_leaf(element)
            && says_none(&cell::text(element))
        {
            // Nobody is under this heading: the table below belongs to another one.
            *last = before.take();
        }
    }

    /// Keeps a line of text, unless it is one that can be pressed or chosen.
    fn line(&mut self, element: Element<'_>) {
        let is_line = matches!(
            element.tag(),
            "p" | "div" | "span" | "strong" | "b" | "em" | "i" | "small" | "label" | "li" | "dt" | "center" | "font"
        );
        let is_apart =
            |inner: &Element<'_>| cell::is_control(*inner) || matches!(inner.tag(), "a" | "summary" | "footer") || inner.role() == "tab";
        if !is_line
            || cell::is_badge(element)
            || std::iter::successors(Some(element), |inner| inner.parent()).any(|above| is_apart(&above) || above.tag() == "nav")
            || element.descendants(&|_| true).iter().any(is_apart)
        {
            return;
        }
        // A page has white space between its lines, too.
        if length(element) > 25 * LONGEST_LINE {
            return;
        }
        let text = cell::text(element);
        if text.is_empty() || text.len() > LONGEST_LINE || self.lines.iter().any(|(_, known)| *known == text) {
            return;
        }
        if self.lines.len() >= MOST_LINES {
            self.lines.remove(0);
        }
        self.lines.push(((box_of(element), table_of(element)), text));
    }

    /// Takes the lines right above a table.
    pub(super) fn lines(&mut self, table: Element<'_>) -> Vec<String> {
        let own: BoxAndTable = (box_of(table), table_of(table));
        std::mem::take(&mut self.lines).into_iter().filter(|(place, _)| *place == own).map(|(_, text)| text).collect()
    }

    /// Returns the heading above a table: of its own box, or else of the page.
    pub(super) fn above(&self, table: Element<'_>) -> Option<&String> {
        let of = |place: Option<usize>| self.last.get(&place).and_then(|(last, _)| last.as_ref());
        of(box_of(table)).or_else(|| of(None))
    }
}

/// Returns whether an element is a heading of what follows.
pub(super) fn is_heading(element: Element<'_>) -> bool {
    const CLASSES: [&str; 8] = [
        "card-header",
        "card-title",
        "panel-heading",
        "panel-title",
        "section-header",
        "section-heading",
        "section-title",
        "accordion-header",
    ];
    matches!(element.tag(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "legend" | "summary")
        || element.role() == "heading"
        || element.has_class(&CLASSES)
}

/// Returns whether an element has no elements inside.
fn is_leaf(element: Element<'_>) -> bool {
    element.elements().next().is_none()
}

/// Returns whether a text says that there is nothing under a heading.
fn says_none(text: &str) -> bool {
    let word = text.trim().trim_end_matches('.').to_lowercase();
    word.len() <= LONGEST_COUNT && (["none", "0", "none yet", "–", "—"].contains(&word.as_str()) || says_that_nobody(text, true))
}

/// Returns the box beside the list in which an element is: the menu, a dialog, or something that only has to do with the list.
fn box_of(element: Element<'_>) -> Option<usize> {
    let mut above = Some(element);
    while let Some(next) = above {
        let is_box = matches!(next.tag(), "aside" | "nav" | "dialog")
            || matches!(next.role(), "complementary" | "navigation" | "dialog" | "alertdialog");
        if is_box {
            return Some(next.id);
        }
        above = next.parent();
    }
    None
}

/// Returns the table in which an element is.
fn table_of(element: Element<'_>) -> Option<usize> {
    std::iter::successors(element.parent(), |inner| inner.parent()).find(|above| is_table(*above)).map(|above| above.id)
}

/// Lists what a screen reader says of a table and of the panels in which it is, the nearest first.
pub(super) fn labels(table: Element<'_>) -> Vec<String> {
    let above = std::iter::successors(Some(table), |inner| inner.parent()).take_while(|above| above.tag() != "body");
    above.filter_map(|element| element.attribute("aria-label")).filter(|text| text.len() <= LONGEST_LINE).map(str::to_owned).collect()
}

/// Lists the labels that texts elsewhere on the page give to elements: each element with the name of the attribute and the text. The header of a
/// column, and the label of a field, say what something is about, and not what it says.
pub(super) fn labels_elsewhere(root: Element<'_>) -> Vec<(usize, &'static str, String)> {
    let all = root.descendants(&|_| true);
    let by_id: BTreeMap<&str, Element<'_>> = all.iter().filter_map(|element| Some((element.attribute("id")?, *element))).collect();
    let is_header = |element: Element<'_>| {
        let above = std::iter::successors(Some(element), |inner| inner.parent());
        above.take(8).any(|above| matches!(above.tag(), "th" | "thead" | "label") || above.role() == "columnheader")
    };
    let mut texts: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let mut found = Vec::new();
    for element in &all {
        for (by, name) in [("aria-labelledby", "aria-label"), ("aria-describedby", "aria-description")] {
            let Some(ids) = element.attribute(by).filter(|_| element.attribute(name).is_none() && found.len() < MOST_LABELS) else {
                continue;
            };
            let mut label: Vec<&str> = Vec::new();
            for id in ids.split_whitespace().take(4) {
                // Many elements can have the same label.
                let read = || {
                    let other = by_id.get(id).filter(|other| is_small(**other) && !is_header(**other))?;
                    Some(cell::text(*other)).filter(|text| !text.is_empty() && text.len() <= LONGEST_COUNT)
                };
                texts.entry(id).or_insert_with(read);
            }
            label.extend(ids.split_whitespace().filter_map(|id| texts.get(id)?.as_deref()));
            if !label.is_empty() {
                found.push((element.id, name, label.join(" ")));
            }
        }
    }
    found
}

/// Returns how long the texts in a small element are, in bytes.
fn length(element: Element<'_>) -> usize {
    let of_child = |child: Child<'_>| match child {
        Child::Text(text) => text.len(),
        Child::Element(inner) => length(inner),
    };
    element.children().map(of_child).sum()
}
