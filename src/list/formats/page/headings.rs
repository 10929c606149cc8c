//! Keeps the heading that is above a table: one in a box of its own is about something else.

use std::collections::BTreeMap;

use crate::list::tables::nobody::says_that_nobody;

use super::tree::Element;
use super::{LONGEST_COUNT, cell, is_small};

/// The headings that were passed on the way through a page.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// The last one of each box, with the one before it.
    last: BTreeMap<Option<usize>, (Option<String>, Option<String>)>,
}

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
        } else if let Some((last, before)) = self.last.get_mut(&place)
            && last.is_some()
            && is_leaf(element)
            && says_none(&cell::text(element))
        {
            // Nobody is under this heading: the table below belongs to another one.
            *last = before.take();
        }
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
