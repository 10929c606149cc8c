//! Panels of tabs that are not chosen: the page's style sheet hides them, and their rows belong to a tab that nobody named.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Element;

/// Class names that hide an element, in the style sheets that many pages have.
const HIDES: [&str; 6] = ["d-none", "hidden", "ng-hide", "hide", "is-hidden", "uk-hidden"];
/// Class names of the chosen one of several panels.
const CHOSEN: [&str; 6] = ["active", "show", "selected", "is-active", "current", "in"];
/// Class names of panels.
const PANEL: [&str; 5] = ["tab-pane", "tabpanel", "tab-panel", "tabs-panel", "tab-content-item"];

/// Returns the panels that are not shown, by their ids in the tree.
pub(super) fn hidden(all: &[Element<'_>]) -> BTreeSet<usize> {
    let chosen = by_tab(all);
    let is_hidden = |panel: &Element<'_>| {
        let own = panel.attribute("id").and_then(|id| chosen.get(id));
        let tab = panel.attribute("aria-labelledby").and_then(|id| chosen.get(id));
        match own.or(tab) {
            Some(is_chosen) => !is_chosen,
            None => panel.attribute("aria-hidden") == Some("true"),
        }
    };
    let panels: Vec<Element<'_>> = all.iter().copied().filter(|element| is_panel(*element)).collect();
    // Where one panel of a page has the class of the chosen one, the others are not chosen.
    let have_class = panels.iter().any(|panel| panel.has_class(&PANEL) && panel.has_class(&CHOSEN));
    let lacks_class = |panel: &Element<'_>| have_class && panel.has_class(&PANEL) && !panel.has_class(&CHOSEN);
    let by_class = all.iter().filter(|element| is_hidden_by_class(**element));
    panels.iter().filter(|panel| is_hidden(panel) || lacks_class(panel)).chain(by_class).map(|element| element.id).collect()
}

/// Class names of tabs.
const TAB: [&str; 6] = ["nav-link", "nav-item", "tab", "tab-link", "tab-item", "tabs-link"];

/// Lists the texts of the tabs that are chosen.
pub(super) fn chosen(all: &[Element<'_>]) -> Vec<String> {
    let is_chosen = |element: &Element<'_>| {
        if let Some(selected) = element.attribute("aria-selected") {
            let is_of_list = matches!(element.role(), "row" | "gridcell" | "cell" | "option" | "treeitem" | "columnheader");
            return selected == "true" && !is_of_list && !matches!(element.tag(), "tr" | "td" | "th" | "option");
        }
        let is_current = matches!(element.attribute("aria-current"), Some("page" | "true"));
        is_current
            || ((element.role() == "tab" || element.has_class(&TAB)) && element.has_class(&CHOSEN))
            || has_class_of_chosen_tab(*element)
    };
    let shown = all.iter().filter(|element| is_chosen(element) && !element.is_hidden());
    shown.map(|element| super::cell::text(*element)).filter(|text| text.len() <= super::LONGEST_COUNT).collect()
}

/// Returns whether the classes of an element say that it is a tab and chosen, as each library of components writes it: `Mui-selected`,
/// `ant-tabs-tab-active`, `v-tab--selected`.
fn has_class_of_chosen_tab(element: Element<'_>) -> bool {
    let classes = || element.attribute("class").unwrap_or_default().split_whitespace().map(str::to_lowercase);
    let parts = |class: &str| class.split(['-', '_']).filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let is_tab = element.role() == "tab"
        || classes().any(|class| parts(&class).iter().any(|part| ["tab", "muitab", "segmented"].contains(&part.as_str())));
    let is_chosen = |class: &str| {
        let parts = parts(class);
        let is_last = parts.last().is_some_and(|last| ["active", "selected", "current"].contains(&last.as_str()));
        is_last && parts.len() > 1 && !parts.iter().any(|part| ["not", "non", "no"].contains(&part.as_str()))
    };
    is_tab && classes().any(|class| is_chosen(&class))
}

fn is_panel(element: Element<'_>) -> bool {
    element.role() == "tabpanel" || element.has_class(&PANEL)
}

/// Returns whether each tab is chosen, by the id of the tab and by the one of its panel.
fn by_tab<'t>(all: &[Element<'t>]) -> BTreeMap<&'t str, bool> {
    let mut chosen = BTreeMap::new();
    for tab in all.iter().filter(|element| element.role() == "tab") {
        let Some(is_chosen) = tab.attribute("aria-selected").map(|selected| selected == "true") else { continue };
        let ids = [tab.attribute("aria-controls"), tab.attribute("id"), tab.attribute("href").and_then(|href| href.strip_prefix('#'))];
        chosen.extend(ids.into_iter().flatten().map(|id| (id, is_chosen)));
    }
    chosen
}

/// Returns whether a class hides it on every screen: others show it again on wide ones.
fn is_hidden_by_class(element: Element<'_>) -> bool {
    let shows_again = |class: &str| {
        let words: Vec<&str> = class.split([':', '-']).collect();
        let ends = ["block", "flex", "table", "grid", "inline", "contents", "visible"];
        words.len() > 1 && words.last().is_some_and(|last| ends.contains(last)) && !class.starts_with("align-")
    };
    element.has_class(&HIDES) && !element.attribute("class").unwrap_or_default().split_whitespace().any(shows_again)
}
