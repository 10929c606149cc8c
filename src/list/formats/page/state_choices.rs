//! The choices by which a page says whose states its rows are, such as "Active", "Inactive" and "All", and boxes such as "Show inactive".

use std::collections::BTreeMap;

use crate::list::table::Shown;

use super::filters::{address, can_be_removed, is_choice, is_value_of_choice, pairs};
use super::grid::is_table;
use super::tree::{Child, Element};
use super::{LONGEST_COUNT, cell, is_small};

/// The most choices of a page that are looked at.
const MOST: usize = 200;
/// The longest text of a choice, in bytes.
const LONGEST: usize = 60;

/// Lists what a page says of it; `page` is its text, which has the address from which it was saved.
pub(super) fn find(root: Element<'_>, page: &str) -> Vec<Shown> {
    let is_frame =
        |element: Element<'_>| matches!(element.tag(), "script" | "style" | "template" | "noscript" | "svg" | "aside" | "footer");
    let enter = |element: Element<'_>| !is_table(element) && !element.is_hidden() && !is_frame(element) && !is_entry(element);
    let all: Vec<Element<'_>> = root.descendants(&enter).into_iter().filter(|element| enter(*element)).collect();
    let names = FieldLabels::new(&all);
    let choices = all.iter().filter_map(|element| choice(*element, &all, &names).or_else(|| ticked(*element, &names)));
    let choices = choices.take(MOST);
    let hints = all.iter().filter(|element| element.tag() == "title").flat_map(|title| {
        let text = cell::text(*title);
        let parts: Vec<Shown> = text.split(['-', '|', '–', '—', '·']).map(|part| Shown::Hint(part.trim().to_owned())).collect();
        parts
    });
    choices.chain(hints).chain(of_address(page)).collect()
}

/// Returns whether somebody enters a new person here, or what is chosen has nothing to do with the list.
fn is_entry(element: Element<'_>) -> bool {
    if matches!(element.tag(), "dialog") || element.role() == "dialog" || element.has_class(&["modal", "dialog", "drawer", "offcanvas"]) {
        return true;
    }
    if element.tag() != "form" {
        return false;
    }
    let inside = element.descendants(&|_| true);
    let is_field = |inner: &Element<'_>| {
        inner.tag() == "textarea" || (inner.tag() == "input" && matches!(inner.attribute("type"), Some("email" | "password" | "tel")))
    };
    inside.iter().any(is_field) && !inside.iter().any(|inner| is_table(*inner))
}

/// The names that labels give to fields.
struct FieldLabels<'t> {
    by_field: BTreeMap<&'t str, String>,
    by_id: BTreeMap<&'t str, Element<'t>>,
}

impl<'t> FieldLabels<'t> {
    fn new(all: &[Element<'t>]) -> Self {
        let labels = all.iter().filter(|element| element.tag() == "label");
        Self {
            by_field: labels.filter_map(|label| Some((label.attribute("for")?, cell::text_besides_controls(*label)))).collect(),
            by_id: all.iter().filter_map(|element| Some((element.attribute("id")?, *element))).collect(),
        }
    }

    /// The name of a field or a choice: by what a screen reader says, its label, and the text around it.
    fn name(&self, element: Element<'t>) -> String {
        let own = ["aria-label", "name", "id", "title"].into_iter().filter_map(|name| element.attribute(name)).map(str::to_owned);
        let by_label = element.attribute("id").and_then(|id| self.by_field.get(id)).cloned();
        let by_id = element.attribute("aria-labelledby").and_then(|id| self.by_id.get(id)).map(|label| cell::text(*label));
        let around = element.parent().filter(|parent| is_small(*parent)).map(cell::text_besides_controls);
        own.chain(by_label).chain(by_id).chain(around).filter(|text| text.len() <= LONGEST).collect::<Vec<_>>().join(" ")
    }

    /// The text beside a box.
    fn beside(&self, element: Element<'t>) -> Option<String> {
        let label = element.attribute("aria-label").map(str::to_owned);
        let by_label = || element.attribute("id").and_then(|id| self.by_field.get(id)).cloned();
        let by_id = || element.attribute("aria-labelledby").and_then(|id| self.by_id.get(id)).map(|label| cell::text(*label));
        let own = || Some(cell::text(element)).filter(|text| !text.is_empty());
        let around = || {
            let above = std::iter::successors(element.parent(), |parent| parent.parent()).take(2);
            above.filter(|parent| is_small(*parent)).map(cell::text).find(|text| !text.is_empty())
        };
        label.or_else(by_label).or_else(by_id).or_else(own).or_else(around).filter(|text| text.len() <= LONGEST)
    }
}

/// Reads one choice of several.
fn choice<'t>(element: Element<'t>, all: &[Element<'t>], names: &FieldLabels<'t>) -> Option<Shown> {
    if element.tag() == "select" {
        return of_options(element, names);
    }
    if element.tag() == "input" {
        return of_radio(element, all, names);
    }
    if !is_small(element) {
        return None;
    }
    let text = || Some(cell::text(element)).filter(|text| !text.is_empty() && text.len() <= LONGEST_COUNT);
    if is_value_of_choice(element) {
        let above = std::iter::successors(Some(element), |inner| inner.parent()).take(4);
        let name = above.map(|element| names.name(element)).collect::<Vec<_>>().join(" ");
        return Some(Shown::Chosen { text: text()?, others: Vec::new(), name, is_sure: true });
    }
    if is_trail(element) {
        let last = text()?.rsplit(['/', '›', '>', '»', '→', '|']).next().unwrap_or_default().trim().to_owned();
        return Some(Shown::Chosen { text: last, others: Vec::new(), name: String::new(), is_sure: true });
    }
    if let Some(others) = beside_links(element) {
        return text().map(|text| Shown::Chosen { text, others, name: String::new(), is_sure: true });
    }
    let is_menu = element.attribute("aria-haspopup").is_some() && cell::is_control(element);
    if element.role() == "combobox" || is_menu {
        return Some(Shown::Chosen { text: text()?, others: Vec::new(), name: names.name(element), is_sure: true });
    }
    let is_tab = element.role() == "tab" && element.attribute("aria-selected") == Some("true");
    let is_current = matches!(element.attribute("aria-current"), Some("page" | "true"));
    if is_tab || is_current || is_choice(element) {
        let chip = cell::is_badge(element) && can_be_removed(element);
        let text = text()?.trim_end_matches(['×', '✕', '✖', ' ']).to_owned();
        let others = if chip { Vec::new() } else { others(element) };
        return Some(Shown::Chosen { text, others, name: String::new(), is_sure: true });
    }
    // "Showing inactive users", and not "Showing 1 to 25".
    let sentence = text().filter(|text| text.len() <= LONGEST && !text.contains(|c: char| c.is_ascii_digit()));
    let of_sentence = sentence.as_deref().and_then(|text| {
        let (verb, rest) = text.split_once(' ')?;
        let is_all = rest.to_lowercase().starts_with("all");
        (!is_all && matches!(verb, "Showing" | "Viewing" | "Displaying")).then(|| Shown::Line(format!("{verb}: {rest}")))
    });
    if of_sentence.is_some() {
        return of_sentence;
    }
    // "Status: Inactive" beside the list.
    let own = element.children().filter_map(|child| match child {
        Child::Text(text) => Some(text),
        Child::Element(_) => None,
    });
    let is_of_frame = std::iter::successors(Some(element), |inner| inner.parent()).any(|above| matches!(above.tag(), "nav" | "header"));
    (own.collect::<String>().contains(':') && !is_of_frame).then(text).flatten().filter(|text| text.len() <= LONGEST).map(Shown::Line)
}

/// Returns whether an element has the path to a page, whose last part is the page itself.
fn is_trail(element: Element<'_>) -> bool {
    let is_named = |text: &str| text.to_lowercase().contains("breadcrumb");
    let has_name = |element: Element<'_>| ["class", "aria-label"].into_iter().filter_map(|name| element.attribute(name)).any(is_named);
    has_name(element) && !std::iter::successors(element.parent(), |inner| inner.parent()).take(4).any(has_name)
}

/// Returns the texts of the links beside a text that is not a link, as where the chosen one of several lists is bold: "Active | **Inactive**".
fn beside_links(element: Element<'_>) -> Option<Vec<String>> {
    let is_link = |element: &Element<'_>| element.tag() == "a" || element.descendants(&|_| true).iter().any(|inner| inner.tag() == "a");
    let is_text = matches!(element.tag(), "b" | "strong" | "span" | "em" | "u" | "li" | "div" | "td");
    if !is_text || element.elements().next().is_some() || !crate::list::general::names_state(&cell::text(element)) {
        return None;
    }
    let mut own = element;
    for _ in 0..3 {
        let beside: Vec<Element<'_>> = own.parent()?.elements().filter(|other| other.id != own.id && is_small(*other)).take(MOST).collect();
        let with_text: Vec<&Element<'_>> = beside.iter().filter(|other| !cell::text(**other).is_empty()).collect();
        if !with_text.is_empty() {
            let texts = || with_text.iter().map(|other| cell::text(**other)).collect();
            return with_text.iter().all(|other| is_link(other)).then(texts);
        }
        own = own.parent()?;
    }
    None
}

/// Reads a list of choices; where nobody chose, its first entry is chosen.
fn of_options<'t>(element: Element<'t>, names: &FieldLabels<'t>) -> Option<Shown> {
    let options: Vec<Element<'t>> = element.descendants(&|_| true).into_iter().filter(|inner| inner.tag() == "option").collect();
    let by_attribute = options.iter().position(|option| option.attribute("selected").is_some());
    let at = by_attribute.unwrap_or(0);
    let texts: Vec<String> = options.iter().map(|option| cell::text(*option)).collect();
    let text = texts.get(at)?.clone();
    let others = texts.into_iter().enumerate().filter(|(other, _)| *other != at).map(|(_, text)| text).take(MOST).collect();
    Some(Shown::Chosen { text, others, name: names.name(element), is_sure: by_attribute.is_some() })
}

/// Reads the chosen one of several buttons of which one can be chosen.
fn of_radio<'t>(element: Element<'t>, all: &[Element<'t>], names: &FieldLabels<'t>) -> Option<Shown> {
    let is_radio = |one: &Element<'t>| one.tag() == "input" && one.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("radio"));
    if !is_radio(&element) || element.attribute("checked").is_none() {
        return None;
    }
    let group = element.attribute("name");
    let beside = all.iter().filter(|one| is_radio(one) && one.id != element.id && one.attribute("name") == group).take(MOST);
    let others = beside.filter_map(|one| names.beside(*one)).collect();
    Some(Shown::Chosen { text: names.beside(element)?, others, name: group.unwrap_or_default().to_owned(), is_sure: true })
}

/// Reads a box or switch outside of tables.
fn ticked<'t>(element: Element<'t>, names: &FieldLabels<'t>) -> Option<Shown> {
    let is_box = element.tag() == "input" && element.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"));
    let is_switch =
        matches!(element.role(), "switch" | "checkbox") || (element.tag() == "button" && element.attribute("aria-pressed").is_some());
    if !(is_box || is_switch) {
        return None;
    }
    let aria = element.attribute("aria-checked").or_else(|| element.attribute("aria-pressed"));
    let ticked = element.attribute("checked").is_some() || aria == Some("true");
    Some(Shown::Box { text: names.beside(element)?, ticked })
}

/// The texts of the choices beside one: of the elements beside it, or of those beside the one that it is in.
fn others(element: Element<'_>) -> Vec<String> {
    let mut own = element;
    for _ in 0..3 {
        let Some(parent) = own.parent() else { break };
        let beside: Vec<Element<'_>> = parent.elements().filter(|other| other.id != own.id && is_small(*other)).take(MOST).collect();
        if !beside.is_empty() {
            return beside.into_iter().map(cell::text).filter(|text| !text.is_empty() && text.len() <= LONGEST).collect();
        }
        own = parent;
    }
    Vec::new()
}

/// Reads the address from which a page was saved.
fn of_address(page: &str) -> Vec<Shown> {
    let Some(address) = address(page) else { return Vec::new() };
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let mut found = vec![Shown::Hint(last)];
    for (name, value) in pairs(address) {
        if matches!(name.as_str(), "status" | "state" | "show" | "view" | "tab" | "userstatus" | "user_status") {
            found.push(Shown::Chosen { text: value, others: Vec::new(), name: "status".to_owned(), is_sure: true });
        } else if let "true" | "1" | "yes" | "on" = value.as_str() {
            found.push(Shown::Box { text: name.replace(['_', '-'], " "), ticked: true });
        }
    }
    found
}
