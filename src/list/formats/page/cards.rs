//! Users on cards: elements side by side, each with one address. Such a page has no headers.

use std::collections::BTreeMap;

use crate::list::table::{Cell, Row, Table};
use crate::model::Email;

use super::cell;
use super::tree::{Child, Element};

/// What the elements inside an element have.
#[derive(Clone, PartialEq, Eq)]
enum Inside {
    One(Email),
    Several,
}

/// Makes a table of the cards of a page: one row for each, with everything on it in the cell of the name. `None` if there are fewer than two.
pub(super) fn table(root: Element<'_>, is_away: &dyn Fn(Element<'_>) -> bool) -> Option<Table> {
    let mut inside: BTreeMap<usize, Inside> = BTreeMap::new();
    let mut own: Vec<(Element<'_>, Email)> = Vec::new();
    let is_shown = |element: Element<'_>| !is_away(element) && !element.is_hidden();
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
    let mut cards: BTreeMap<usize, BTreeMap<usize, Element<'_>>> = BTreeMap::new();
    for (element, email) in own {
        let mut card = element;
        while let Some(parent) = card.parent().filter(|parent| inside.get(&parent.id) == Some(&Inside::One(email.clone()))) {
            card = parent;
        }
        let parent = card.parent().map_or(0, |parent| parent.id);
        cards.entry(parent).or_default().insert(card.id, card);
    }
    let most = cards.into_values().max_by_key(BTreeMap::len).filter(|cards| cards.len() > 1)?;
    let header = Row { number: 1, cells: ["Name", "Email"].map(Cell::plain).into(), ends_blank: true };
    let people = (2..).zip(most.values()).map(|(number, card)| Row { number, cells: vec![cell::cell(*card)], ends_blank: true });
    Some(Table { rows: std::iter::once(header).chain(people).collect(), is_loose: true, ..Table::default() })
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
