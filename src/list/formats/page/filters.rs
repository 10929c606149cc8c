//! The filters that narrowed down the people of a page: searches, choices and boxes beside its tables.

use std::collections::BTreeMap;

use super::cell;
use super::grid::is_table;
use super::tree::Element;
use crate::list::words::squash;

/// Words in the name of a field in which somebody searches.
const SEARCHES: [&str; 6] = ["search", "filter", "find", "query", "recherche", "filtr"];
/// First words of a choice that narrows nothing down.
const ALL: [&str; 8] = ["all", "any", "every", "everyone", "everything", "tous", "toutes", "tout"];
/// Words of a box that narrows the list down.
const ONLY: [&str; 3] = ["only", "seulement", "uniquement"];

/// Lists what is searched for or chosen outside of the tables of a page.
pub(super) fn find(root: Element<'_>) -> Vec<String> {
    let enter = |element: Element<'_>| !is_table(element) && !element.is_hidden();
    let all = root.descendants(&enter);
    all.into_iter()
        .filter(|element| enter(*element))
        .filter_map(|element| searched(element).or_else(|| chosen(element)).or_else(|| ticked(element)))
        .collect()
}

/// Lists what lines of a page say that the list was narrowed down to: "Results for ana", "Filtered by: Provider".
pub(super) fn said(root: Element<'_>) -> Vec<String> {
    let enter = |element: Element<'_>| !is_table(element) && !element.is_hidden();
    let small = root.descendants(&enter).into_iter().filter(|element| enter(*element) && super::is_small(*element));
    let texts = small.map(cell::text).filter(|text| text.len() <= super::LONGEST_COUNT);
    texts.filter_map(|text| crate::list::total::filter(&text).map(str::to_owned)).chain(of_columns(root)).take(MOST).collect()
}

/// Lists what marks a column of a grid as filtered: the classes and labels of the libraries that many pages have.
fn of_columns(root: Element<'_>) -> Vec<String> {
    const CLASSES: [&[&str]; 3] =
        [&["ag-header-cell-filtered"], &["ant-table-filter-trigger", "active"], &["k-grid-header-menu", "k-active"]];
    let mark = |element: Element<'_>| {
        let classes: Vec<&str> = element.attribute("class").unwrap_or_default().split_whitespace().collect();
        let by_class = CLASSES.iter().find(|all| all.iter().all(|class| classes.contains(class))).map(|all| all.concat());
        let labels = ["aria-label", "title"].into_iter().filter_map(|name| element.attribute(name));
        let counted = |label: &'_ str| -> Option<String> {
            let has_number = label.starts_with(|c: char| c.is_ascii_digit());
            crate::list::total::filter(label).filter(|_| has_number).map(str::to_owned)
        };
        by_class.or_else(|| labels.into_iter().find_map(counted))
    };
    root.descendants(&|element| !element.is_hidden()).into_iter().filter(|element| !element.is_hidden()).filter_map(mark).collect()
}

/// Returns whether a page has a button that loads more users, or one to the next page that can be pressed.
pub(super) fn has_more(root: Element<'_>) -> bool {
    let enter = |element: Element<'_>| !is_table(element) && !element.is_hidden();
    let is_more = |element: &Element<'_>| {
        if !(cell::is_control(*element) || element.tag() == "a") {
            return false;
        }
        let text = cell::text(*element).to_lowercase();
        let nouns = ["users", "members", "people", "results", "rows"];
        let loads =
            text == "load more" || nouns.iter().any(|noun| text == format!("load more {noun}") || text == format!("show more {noun}"));
        loads || (is_next(*element, &text) && !is_disabled(*element))
    };
    root.descendants(&enter).into_iter().filter(|element| enter(*element) && super::is_small(*element)).any(|element| is_more(&element))
}

/// Returns whether a button or link leads to the next page of a list.
fn is_next(element: Element<'_>, text: &str) -> bool {
    const WORDS: [&str; 6] = ["next", "nextpage", "gotonextpage", "gotothenextpage", "suivant", "pagesuivante"];
    let label = || ["aria-label", "title"].into_iter().filter_map(|name| element.attribute(name)).map(squash);
    WORDS.contains(&squash(text).as_str()) || label().any(|label| WORDS.contains(&label.as_str()))
}

/// Returns whether a button cannot be pressed: it, or what it is in, says so.
fn is_disabled(element: Element<'_>) -> bool {
    let says = |element: Element<'_>| {
        let classes = element.attribute("class").unwrap_or_default().to_lowercase();
        element.attribute("disabled").is_some()
            || element.is_disabled()
            || classes.split_whitespace().any(|class| class.ends_with("disabled"))
    };
    says(element) || element.parent().is_some_and(|parent| super::is_small(parent) && says(parent))
}

/// Returns how many pages a list has, by the numbers of the links to them.
pub(super) fn pages(root: Element<'_>) -> Option<u64> {
    let enter = |element: Element<'_>| !is_table(element) && !element.is_hidden();
    let is_of_pages = |element: &Element<'_>| {
        let names = ["class", "aria-label", "id"].into_iter().filter_map(|name| element.attribute(name)).map(str::to_lowercase);
        names.into_iter().any(|name| name.contains("paginat") || name.contains("pager"))
    };
    let number = |element: Element<'_>| -> Option<u64> {
        let is_link = matches!(element.tag(), "a" | "button" | "li" | "span") && super::is_small(element);
        Some(element).filter(|_| is_link).and_then(|element| cell::text(element).parse().ok()).filter(|number| *number < 10_000)
    };
    let found = root.descendants(&enter).into_iter().filter(is_of_pages).take(20);
    // The sizes of pages are beside them: pages begin with the first one, or are in a row.
    let last = |of: Element<'_>| {
        let numbers: std::collections::BTreeSet<u64> = of.descendants(&enter).into_iter().take(1_000).filter_map(number).collect();
        let is_in_row = numbers.contains(&1) || numbers.iter().zip(numbers.iter().skip(1)).any(|(one, next)| one + 1 == *next);
        numbers.last().copied().filter(|last| *last > 1 && is_in_row)
    };
    found.filter_map(last).max()
}

/// The text of a field in which somebody searches.
fn searched(element: Element<'_>) -> Option<String> {
    if element.tag() != "input" {
        if clears(element) {
            return Some(cell::text(element));
        }
        let label = element.attribute("aria-label").or_else(|| element.attribute("title"))?.to_lowercase();
        let counts = label.split(|c: char| !c.is_alphanumeric()).any(|word| word.parse::<u32>().is_ok_and(|count| count > 0));
        return (label.starts_with("remove filter") || (label.starts_with("filter") && counts)).then_some(label);
    }
    let kind = element.attribute("type").unwrap_or("text");
    let says = ["name", "id", "class", "placeholder", "aria-label"].into_iter().filter_map(|name| element.attribute(name));
    let is_named = says.into_iter().any(|text| text == "q" || SEARCHES.iter().any(|word| text.to_lowercase().contains(word)));
    let is_field = kind == "search" || element.role() == "searchbox" || (kind == "text" && is_named);
    element.attribute("value").map(str::trim).filter(|value| is_field && !value.is_empty()).map(str::to_owned)
}

/// Returns whether a button or link takes filters away: pages show it while there are some.
fn clears(element: Element<'_>) -> bool {
    const WORDS: [&str; 14] = [
        "clearall",
        "clearfilter",
        "clearfilters",
        "clearallfilters",
        "clearthefilters",
        "resetfilter",
        "resetfilters",
        "resetallfilters",
        "removefilter",
        "removefilters",
        "removeallfilters",
        "clearsearch",
        "resetsearch",
        "effacerlesfiltres",
    ];
    let is_button = matches!(element.tag(), "button" | "a") || matches!(element.role(), "button" | "link");
    let text = || crate::platform::without_accents(&squash(&cell::text(element)));
    is_button && super::is_small(element) && WORDS.contains(&text().as_str()) && !is_disabled(element)
}

/// The choice of a list whose first entry is everything.
fn chosen(element: Element<'_>) -> Option<String> {
    let options: Vec<Element<'_>> = Some(element)
        .filter(|element| element.tag() == "select")?
        .descendants(&|_| true)
        .into_iter()
        .filter(|inner| inner.tag() == "option")
        .collect();
    let first = cell::text(*options.first()?).to_lowercase();
    let is_all = first.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).is_some_and(|word| ALL.contains(&word));
    let own = options.iter().skip(1).find(|option| option.attribute("selected").is_some()).map(|option| cell::text(*option))?;
    // A number is the size of a page.
    (is_all && own.contains(char::is_alphabetic)).then_some(own)
}

/// The text of a ticked box that leaves some people out.
fn ticked(element: Element<'_>) -> Option<String> {
    let label = Some(element).filter(|element| element.tag() == "label" && super::is_small(*element)).map(cell::text)?;
    let is_only = label.to_lowercase().split_whitespace().any(|word| ONLY.contains(&word));
    let is_ticked = element.descendants(&|_| true).iter().any(|inner| inner.tag() == "input" && inner.attribute("checked").is_some());
    (is_only && is_ticked).then_some(label)
}

/// Lists what is chosen on a page outside of its tables: whether it narrows the list down, the words of the workspace tell.
pub(super) fn choices(root: Element<'_>) -> Vec<String> {
    // A choice in a form for new people says nothing about the list.
    let is_form = |element: Element<'_>| {
        matches!(element.tag(), "dialog" | "form")
            || element.role() == "dialog"
            || element.has_class(&["modal", "dialog", "drawer", "offcanvas"])
    };
    let enter = |element: Element<'_>| !is_table(element) && !element.is_hidden() && !is_form(element);
    let all = root.descendants(&enter);
    let labels: BTreeMap<&str, String> = all
        .iter()
        .filter(|element| element.tag() == "label")
        .filter_map(|label| Some((label.attribute("for")?, cell::text(*label))))
        .collect();
    let shown = all.into_iter().filter(|element| enter(*element) && super::is_small(*element));
    let texts = shown.filter(|element| is_choice(*element)).map(|element| {
        let place = place(element, &labels);
        let text = match element.tag() {
            "select" => selected(element, place.is_some()),
            // What takes a chip away is not part of its text.
            _ => Some(cell::text_besides_controls(element)).filter(|text| !text.is_empty()).unwrap_or_else(|| cell::text(element)),
        };
        match place {
            Some(place) if !text.is_empty() => format!("{place}: {text}"),
            Some(_) | None => text,
        }
    });
    texts.filter(|text| !text.is_empty() && text.len() <= super::LONGEST_COUNT).take(MOST).collect()
}

/// The most choices of a page that are looked at.
const MOST: usize = 200;

/// Returns whether an element shows one choice of several.
pub(super) fn is_choice(element: Element<'_>) -> bool {
    let is_pressed = element.attribute("aria-pressed") == Some("true") || element.attribute("aria-checked") == Some("true");
    let is_button = element.tag() == "button" || matches!(element.role(), "button" | "radio" | "menuitemradio");
    let is_link = matches!(element.tag(), "a" | "li" | "button");
    element.tag() == "select"
        || element.role() == "combobox"
        || (is_button && is_pressed)
        || (is_link && element.has_class(&["active", "selected", "is-active", "current", "is-selected"]))
        || is_value_of_choice(element)
        || (cell::is_badge(element) && can_be_removed(element))
}

/// Returns whether an element shows what was chosen in a list of choices that a script makes.
pub(super) fn is_value_of_choice(element: Element<'_>) -> bool {
    const ENDS: [&str; 12] = [
        "singlevalue",
        "single-value",
        "select-selection-item",
        "select-value-text",
        "select2-selection__rendered",
        "multiselect__single",
        "vs__selected",
        "v-select__selection-text",
        "p-dropdown-label",
        "p-select-label",
        "filter-option-inner-inner",
        "chosen-single",
    ];
    let classes = element.attribute("class").unwrap_or_default().to_lowercase();
    element.tag() == "mat-select" || classes.split_whitespace().any(|class| ENDS.iter().any(|end| class.ends_with(end)))
}

/// Words in the name of a choice of places.
const PLACES: [&str; 8] = ["clinic", "location", "center", "centre", "site", "office", "clinique", "emplacement"];

/// The word for places in the name or the label of a choice.
fn place(element: Element<'_>, labels: &BTreeMap<&str, String>) -> Option<&'static str> {
    if element.tag() != "select" && element.role() != "combobox" {
        return None;
    }
    let own = ["aria-label", "name", "id", "title"].into_iter().filter_map(|name| element.attribute(name));
    let by_id = element.attribute("id").and_then(|id| labels.get(id)).map(String::as_str);
    let around = element.parent().filter(|parent| parent.tag() == "label").map(cell::text_besides_controls);
    let says = own.chain(by_id).chain(around.as_deref()).map(str::to_lowercase).collect::<Vec<_>>();
    // "Site language" is not a choice of a place.
    if says.iter().any(|text| ["lang", "locale", "theme", "langue"].iter().any(|word| text.contains(word))) {
        return None;
    }
    PLACES.into_iter().find(|place| says.iter().any(|text| text.split(|c: char| !c.is_alphabetic()).any(|word| word.starts_with(place))))
}

/// The chosen entry of a list; where nobody chose, the first one is, unless it only asks for a choice.
fn selected(element: Element<'_>, or_first: bool) -> String {
    let options = || element.descendants(&|_| true).into_iter().filter(|inner| inner.tag() == "option");
    let asks = |option: &Element<'_>| {
        let text = cell::text(*option).to_lowercase();
        let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default().to_owned();
        option.attribute("value") == Some("") || ["select", "choose", "pick", "please", "choisir", "choisissez"].contains(&first.as_str())
    };
    let chosen = options().find(|option| option.attribute("selected").is_some());
    let first = || options().next().filter(|_| or_first);
    chosen.or_else(first).filter(|option| !or_first || !asks(option)).map(cell::text).unwrap_or_default()
}

/// Returns whether a chip can be taken away, as those of filters can.
pub(super) fn can_be_removed(chip: Element<'_>) -> bool {
    let says = |inner: &Element<'_>| {
        let words = ["data-testid", "class", "aria-label", "title"].into_iter().filter_map(|name| inner.attribute(name));
        words.into_iter().any(|text| {
            let text = text.to_lowercase();
            ["cancel", "close", "remove", "delete", "clear", "dismiss"].iter().any(|word| text.contains(word))
        })
    };
    chip.descendants(&|_| true).iter().any(says) || cell::text(chip).ends_with(['×', '✕', '✖'])
}

/// Parts of the address of a page that say what its list was narrowed down to.
const NARROWING: [&str; 15] = [
    "q",
    "search",
    "query",
    "filter",
    "filters",
    "status",
    "clinic",
    "clinics",
    "location",
    "locations",
    "role",
    "site",
    "office",
    "center",
    "letter",
];

/// The address from which a page was saved: browsers keep it in a comment.
pub(super) fn address(page: &str) -> Option<&str> {
    let head = page.char_indices().nth(4_096).map_or(page, |(at, _)| page.get(..at).unwrap_or(page));
    let (_, from) = head.split_once("saved from url=")?;
    let from = from.split_whitespace().next()?;
    // The number of its letters comes first.
    Some(from.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(from, |(_, address)| address))
}

/// The names and values in an address.
pub(super) fn pairs(address: &str) -> Vec<(String, String)> {
    let Some((_, query)) = address.split_once('?') else { return Vec::new() };
    let query = query.split('#').next().unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let decoded = |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().trim().to_owned();
    pairs.map(|(name, value)| (decoded(name), decoded(value).to_lowercase())).collect()
}

/// Lists what the list was narrowed down to by the address from which a page was saved.
pub(super) fn of_address(page: &str) -> Vec<String> {
    let narrowing = address(page).map(pairs).unwrap_or_default().into_iter().filter(|(name, value)| {
        let name = name.to_lowercase();
        let is_narrowing = name.split(|c: char| !c.is_alphanumeric()).any(|word| NARROWING.contains(&word));
        is_narrowing && !value.is_empty() && !ALL.contains(&value.as_str())
    });
    narrowing.map(|(_, value)| value).collect()
}
