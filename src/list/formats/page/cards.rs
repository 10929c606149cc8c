//! Users on cards: elements side by side, each with one address. Such a page has no headers.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::general::names_state;
use crate::list::table::{Cell, Table, TableRow};
use crate::model::Email;

use super::headings::is_heading;
use super::tree::{Child, Element};
use super::{LONGEST_COUNT, cell, is_small};

/// The content of the elements inside an element.
#[derive(Clone, PartialEq, Eq)]
enum Inside {
    One(Email),
    Several,
}

/// Makes tables of the cards of a page, one for each heading of a state: one row for each card, with everything on it in the cell of the name. None
/// if no two cards are side by side; the other ones are of the same kind as those.
pub(super) fn tables<'t>(root: Element<'t>, is_away: &dyn Fn(Element<'t>) -> bool) -> Vec<Table> {
    let mut inside: BTreeMap<usize, Inside> = BTreeMap::new();
    let mut own: Vec<(Element<'t>, Email)> = Vec::new();
    let is_shown = |element: Element<'t>| !is_away(element) && !element.is_hidden();
    for element in root.descendants(&is_shown).into_iter().filter(|element| is_shown(*element)) {
        let Some(email) = address(element) else { continue };
        own.push((element, email.clone()));
        let mut above = Some(element);
        while let Some(next) = above {
            let known = inside.entry(next.id).or_insert_with(|| Inside::One(email.clone()));
            if *known == Inside::Several {
                break;
            }
            if *known != Inside::One(email.clone()) {
                *known = Inside::Several;
            }
            above = next.parent();
        }
    }
    let mut cards: BTreeMap<usize, BTreeMap<usize, Element<'t>>> = BTreeMap::new();
    for (element, email) in own {
        let mut card = element;
        while let Some(parent) = card.parent().filter(|parent| inside.get(&parent.id) == Some(&Inside::One(email.clone()))) {
            card = parent;
        }
        let parent = card.parent().map_or(0, |parent| parent.id);
        cards.entry(parent).or_default().insert(card.id, card);
    }
    let kind = |card: &Element<'_>| (card.tag().to_owned(), card.attribute("class").map(str::to_owned));
    let groups: Vec<BTreeMap<usize, Element<'t>>> = cards.into_values().collect();
    let Some(most) = groups.iter().max_by_key(|cards| cards.len()).filter(|cards| cards.len() > 1) else { return Vec::new() };
    let kinds: BTreeSet<_> = most.values().map(kind).collect();
    let is_of_frame = |element: Element<'_>| matches!(element.tag(), "footer" | "nav" | "aside" | "header");
    // The only card of a group cannot be distinguished from what it is in.
    let alike = |card: &Element<'t>| -> Option<Element<'t>> {
        let mut own = std::iter::once(*card).chain(card.descendants(&|_| true));
        let is_one =
            |inner: &Element<'_>| if let Some(Inside::One(_)) = inside.get(&inner.id) { kinds.contains(&kind(inner)) } else { false };
        // A paragraph with an address is not a card, and neither is anything in the frame of the page.
        let is_clear = |inner: &Element<'_>| inner.tag() == "li" || inner.attribute("class").is_some_and(|class| !class.trim().is_empty());
        let is_framed = |inner: &Element<'_>| std::iter::successors(Some(*inner), |inner| inner.parent()).any(is_of_frame);
        own.find(is_one).filter(|inner| is_clear(inner) && !is_framed(inner))
    };
    let first = most.keys().next().copied();
    let others = groups.iter().filter(|cards| cards.keys().next().copied() != first).flat_map(BTreeMap::values).filter_map(alike);
    let all: BTreeMap<usize, Element<'t>> = others.chain(most.values().copied()).map(|card| (card.id, card)).collect();
    let is_on_card =
        |element: Element<'t>| std::iter::successors(Some(element), |inner| inner.parent()).any(|above| all.contains_key(&above.id));
    // A name on a card can be a heading, too.
    let is_above = |element: &Element<'t>| is_shown(*element) && is_heading(*element) && is_small(*element) && !is_on_card(*element);
    let headings = root.descendants(&is_shown).into_iter().filter(is_above).map(|heading| (heading.id, cell::text(heading)));
    let headings: Vec<(usize, String)> = headings.filter(|(_, text)| text.len() <= LONGEST_COUNT && names_state(text)).collect();
    let mut tables: BTreeMap<usize, Table> = BTreeMap::new();
    for (number, card) in (2..).zip(all.values()) {
        let before = headings.partition_point(|(id, _)| *id < card.id);
        let table = tables.entry(before).or_insert_with(|| {
            let heading = before.checked_sub(1).and_then(|at| headings.get(at)).map(|(_, text)| text.clone());
            let header = TableRow { number: 1, cells: ["Name", "Email"].map(Cell::plain).into(), ends_blank: true };
            Table { rows: vec![header], heading, is_loose: true, ..Table::default() }
        });
        table.rows.push(TableRow { number, cells: vec![cell::cell(*card)], ends_blank: true });
    }
    tables.into_values().collect()
}

/// The address that an element itself has, as a link or as its text.
fn address(element: Element<'_>) -> Option<Email> {
    let link = element.attribute("href").and_then(|href| href.strip_prefix("mailto:"));
    let texts = element.children().filter_map(|child| match child {
        Child::Text(text) => Some(text),
        Child::Element(_) => None,
    });
    let parse = |text: &str| Email::parse(text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ','))).ok();
    link.and_then(parse).or_else(|| texts.flat_map(str::split_whitespace).find_map(parse))
}
