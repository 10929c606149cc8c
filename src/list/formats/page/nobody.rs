//! Pages without a table that say that there is nobody, and texts that make it doubtful.

use crate::list::table::Table;
use crate::list::tables::nobody::{is_loading, says_narrowed, says_that_nobody};

use super::headings::is_heading;
use super::tree::{Child, Element};
use super::{LONGEST_COUNT, cell, is_small};

/// The most texts of a page that are kept that make it doubtful that nobody is listed.
const MOST: usize = 50;

/// Makes the table of a page that says in place of one that there is nobody; `None` if it does not, or if it shows an address.
pub(super) fn table(root: Element<'_>, is_away: &dyn Fn(Element<'_>) -> bool) -> Option<Table> {
    let (mut heading, mut found): (Option<String>, Option<Table>) = (None, None);
    for element in shown(root, is_away) {
        if own_text(element).contains('@') && !is_in_frame(element) {
            return None;
        }
        if !is_small(element) {
            continue;
        }
        let text = cell::text(element);
        if text.len() > LONGEST_COUNT {
            continue;
        }
        if is_heading(element) {
            heading = Some(text.clone());
        }
        // What surrounds it has other texts, too.
        if found.is_none() && !own_text(element).trim().is_empty() && says_that_nobody(&text, false) {
            found = Some(Table { nobody: Some(text), heading: heading.clone(), ..Table::default() });
        }
    }
    found.map(|table| Table { doubts: doubts(root, is_away).into(), ..table })
}

/// Lists the texts that make it doubtful that nobody is listed: a search or filter is on, or the page is still loading.
pub(super) fn doubts(root: Element<'_>, is_away: &dyn Fn(Element<'_>) -> bool) -> Vec<String> {
    let all = shown(root, is_away);
    let is_busy = |element: &Element<'_>| element.attribute("aria-busy") == Some("true") || element.role() == "progressbar";
    let busy = all.iter().any(is_busy).then(|| "Loading".to_owned());
    let texts =
        all.iter().filter(|element| !own_text(**element).trim().is_empty() && is_small(**element)).map(|element| cell::text(*element));
    let doubtful = texts.filter(|text| text.len() <= LONGEST_COUNT && (is_loading(text) || says_narrowed(text)));
    busy.into_iter().chain(doubtful.take(MOST)).collect()
}

/// Lists the elements that people see.
fn shown<'t>(root: Element<'t>, is_away: &dyn Fn(Element<'t>) -> bool) -> Vec<Element<'t>> {
    let is_silent = |element: Element<'t>| matches!(element.tag(), "script" | "style" | "template" | "noscript" | "head" | "svg");
    let enter = |element: Element<'t>| !is_silent(element) && !is_away(element) && !element.is_hidden();
    root.descendants(&enter).into_iter().filter(|element| enter(*element)).collect()
}

/// The text directly inside of an element.
fn own_text(element: Element<'_>) -> String {
    let texts = element.children().filter_map(|child| match child {
        Child::Text(text) => Some(text),
        Child::Element(_) => None,
    });
    texts.collect()
}

/// Returns whether an element is in the frame of a page, which can have the address of the person who is signed in.
fn is_in_frame(element: Element<'_>) -> bool {
    let mut above = Some(element);
    while let Some(next) = above {
        if matches!(next.tag(), "header" | "nav" | "footer") || matches!(next.role(), "banner" | "navigation" | "contentinfo") {
            return true;
        }
        above = next.parent();
    }
    false
}
