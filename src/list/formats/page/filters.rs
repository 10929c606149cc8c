//! What the people of a page were narrowed down to: searches, choices and boxes beside its tables.

use super::cell;
use super::grid::is_table;
use super::tree::Element;

/// Words in the name of a field in which somebody searches.
const SEARCHES: [&str; 6] = ["search", "filter", "find", "query", "recherche", "filtr"];
/// First words of a choice that narrows nothing down.
const ALL: [&str; 8] = ["all", "any", "every", "everyone", "everything", "tous", "toutes", "tout"];
/// Words of a box that narrows the list down.
const ONLY: [&str; 3] = ["only", "seulement", "uniquement"];

/// Lists what is searched for or chosen outside of the tables of a page.
pub(super) fn of(root: Element<'_>) -> Vec<String> {
    let enter = |element: Element<'_>| !is_table(element) && !element.is_hidden();
    let all = root.descendants(&enter);
    all.into_iter()
        .filter(|element| enter(*element))
        .filter_map(|element| searched(element).or_else(|| chosen(element)).or_else(|| ticked(element)))
        .collect()
}

/// The text of a field in which somebody searches.
fn searched(element: Element<'_>) -> Option<String> {
    if element.tag() != "input" {
        let label = element.attribute("aria-label").or_else(|| element.attribute("title"))?.to_lowercase();
        return label.starts_with("remove filter").then_some(label);
    }
    let kind = element.attribute("type").unwrap_or("text");
    let says = ["name", "id", "class", "placeholder", "aria-label"].into_iter().filter_map(|name| element.attribute(name));
    let is_named = says.into_iter().any(|text| SEARCHES.iter().any(|word| text.to_lowercase().contains(word)));
    let is_field = kind == "search" || element.role() == "searchbox" || (kind == "text" && is_named);
    element.attribute("value").map(str::trim).filter(|value| is_field && !value.is_empty()).map(str::to_owned)
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
