//! Finds the rows and cells of tables and of grids that are made of other elements.

use std::collections::BTreeMap;

use crate::list::limits;
use crate::list::table::{Cell, Lost, TableRow};

use super::attributes::is_tooltip;
use super::cell::{cell, states};
use super::tree::Element;

/// Rows that pages have for measuring, for details, and for messages.
const NOT_ROWS: [&str; 6] = ["child", "ant-table-measure-row", "dx-freespace-row", "dx-virtual-row", "detail-row", "dataTables_empty"];

/// The rows of a table, and what else it says about itself.
#[derive(Debug, Default)]
pub(super) struct GridRows {
    pub(super) rows: Vec<TableRow>,
    pub(super) has_header: bool,
    /// Says whether rows with cells are hidden, as a search hides them.
    pub(super) is_filtered: bool,
    /// Rows that span the table and name the people below them, each with the number of rows before it.
    pub(super) groups: Vec<(usize, String)>,
}

/// Returns whether it is a table, or a grid of other elements.
pub(super) fn is_table(element: Element<'_>) -> bool {
    element.tag() == "table" || matches!(element.role(), "grid" | "table" | "treegrid")
}

/// Reads the rows of a table.
pub(super) fn of_table(table: Element<'_>) -> GridRows {
    let mut found = GridRows::default();
    let inside = |element: Element<'_>| !is_cell(element) && element.tag() != "table";
    let mut spans: BTreeMap<usize, (u64, Cell)> = BTreeMap::new();
    let (mut count, mut marks) = (0_usize, 0_usize);
    let rows = table.descendants(&inside).into_iter().filter(|element| element.tag() == "tr");
    for (number, row) in (1..).zip(rows) {
        if row.is_hidden() || row.has_class(&NOT_ROWS) {
            let is_of_somebody = || super::cell::text(row).contains('@');
            found.is_filtered |= !row.has_class(&NOT_ROWS) && (row.is_not_displayed() || is_of_somebody());
            continue;
        }
        let elements: Vec<Element<'_>> = row.elements().filter(|element| matches!(element.tag(), "td" | "th")).collect();
        if let [only] = elements.as_slice()
            && only.number("colspan").is_some_and(|columns| columns > 1)
            && is_group(row, &found)
        {
            found.groups.push((found.rows.len(), super::cell::text(*only)));
            continue;
        }
        // A table inside of a row below somebody has details of that person.
        if let [only] = elements.as_slice()
            && found.rows.len() > 1
            && only.descendants(&|_| true).iter().any(|inner| is_table(*inner))
        {
            continue;
        }
        let is_header = !elements.is_empty() && elements.iter().all(|element| element.tag() == "th");
        let is_in_head = is_header || row.parent().is_some_and(|parent| parent.tag() == "thead");
        if is_in_head && found.has_header && has_fields(row) {
            // Fields below the header narrow the list down.
            found.is_filtered |= row
                .descendants(&|_| true)
                .iter()
                .any(|field| field.tag() == "input" && field.attribute("value").is_some_and(|value| !value.trim().is_empty()));
            continue;
        }
        found.has_header |= is_header;
        let mut cells = Vec::new();
        for element in elements {
            fill(&mut spans, &mut cells);
            let mut own = cell(element);
            if element.tag() == "th" {
                without_order(element, &mut own);
            }
            row_classes(row, &mut own);
            let columns = element.number("colspan").unwrap_or(1).clamp(1, 100);
            let rows = element.number("rowspan").unwrap_or(1).clamp(1, 1_000);
            for at in 0..columns {
                let value = if at == 0 { own.clone() } else { Cell::default() };
                if rows > 1 {
                    // A value that spans rows of people is that of each; one of the header belongs to its first row.
                    let mut below = if is_header { Cell::default() } else { value.clone() };
                    if !below.is_blank() {
                        below.merge();
                    }
                    spans.insert(cells.len(), (rows - 1, below));
                }
                cells.push(value);
            }
            if cells.len() > limits::COLUMNS {
                break;
            }
        }
        fill(&mut spans, &mut cells);
        count += cells.len();
        // What comes after it would be refused anyway.
        let row = TableRow { number, cells, ends_blank: false };
        marks += row.marks();
        let is_too_much = row.cells.len() > limits::COLUMNS || count > limits::CELLS || marks > limits::MARKS;
        found.rows.push(row);
        if is_too_much {
            break;
        }
    }
    if found.has_header {
        without_labels(&mut found.rows);
    }
    found
}

/// Takes the header out of the cells of a column if each of them begins with it, as it does on narrow screens.
fn without_labels(rows: &mut [TableRow]) {
    let Some((head, body)) = rows.split_first_mut() else { return };
    for (at, header) in head.cells.iter().enumerate() {
        let label = header.text.as_str();
        if !label.ends_with(char::is_lowercase) {
            continue;
        }
        let follows = |cell: &Cell| {
            let rest = cell.text.strip_prefix(label).unwrap_or_default();
            rest.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '+' | '(' | '\n'))
        };
        let texts = || body.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.text.is_empty());
        if texts().any(follows) && texts().all(|cell| cell.text == label || follows(cell)) {
            for cell in body.iter_mut().filter_map(|row| row.cells.get_mut(at)).filter(|cell| !cell.text.is_empty()) {
                cell.text = cell.text.strip_prefix(label).unwrap_or_default().trim().to_owned();
            }
        }
    }
}

/// Takes what a header says of the order of rows out of its text, where its label or title is the rest: "Sort by: Email".
fn without_order(header: Element<'_>, cell: &mut Cell) {
    let labels = ["aria-label", "title"].into_iter().filter_map(|name| header.attribute(name)).map(str::trim);
    let lower = cell.text.to_lowercase();
    if let Some(label) =
        labels.into_iter().find(|label| !label.is_empty() && lower.contains("sort") && lower.contains(&label.to_lowercase()))
    {
        label.clone_into(&mut cell.text);
    }
}

/// Returns whether a row has fields for text, or choices.
fn has_fields(row: Element<'_>) -> bool {
    let is_field = |element: &Element<'_>| match element.tag() {
        "input" => !matches!(element.attribute("type"), Some("checkbox" | "radio" | "hidden")),
        tag => matches!(tag, "select" | "textarea"),
    };
    row.descendants(&|_| true).iter().any(is_field)
}

/// Returns whether a row that spans a table names the people below it: the first such row comes before anybody, and people come after it. A
/// row below a person has details of that person.
fn is_group(row: Element<'_>, found: &GridRows) -> bool {
    let is_first = found.groups.is_empty() && found.has_header && found.rows.len() == 1;
    // Below people of the tab can be those of another state.
    let is_state = || found.has_header && found.rows.len() > 1 && crate::list::general::names_state(&super::cell::text(row));
    (is_first || is_state() || !found.groups.is_empty()) && row.following().any(|next| next.elements().count() > 1)
}

/// Adds the cells that reach down from rows above.
fn fill(spans: &mut BTreeMap<usize, (u64, Cell)>, cells: &mut Vec<Cell>) {
    while let Some((left, value)) = spans.remove(&cells.len()) {
        if left > 1 {
            spans.insert(cells.len(), (left - 1, value.clone()));
        }
        cells.push(value);
    }
}

fn row_classes(row: Element<'_>, cell: &mut Cell) {
    if row.is_struck() && !cell.is_blank() {
        cell.strike();
    }
    if row.is_disabled() && !cell.is_blank() {
        cell.disable();
    }
    cell.marks.extend(labels(row).map(|label| format!("~row:{label}")));
    cell.marks.extend(super::styles::color(row).map(|color| format!("~{color}")));
    cell.marks.extend(row.attribute("class").unwrap_or_default().split_whitespace().take(20).map(|class| format!("~{class}")));
}

/// Lists what a row says of somebody in its title, its label and its data.
fn labels(row: Element<'_>) -> impl Iterator<Item = String> {
    let is_label = |name: &str| matches!(name, "title" | "aria-label" | "aria-description") || is_tooltip(name);
    let texts = row.attributes().filter(move |(name, _)| is_label(name)).map(|(_, text)| text.trim().to_owned());
    texts.filter(|text| !text.is_empty()).chain(states(row))
}

fn is_cell(element: Element<'_>) -> bool {
    matches!(element.tag(), "td" | "th") || matches!(element.role(), "gridcell" | "cell" | "columnheader" | "rowheader")
}

/// The place of a row of a grid: the header comes first.
type GridPlace = (bool, u64);

/// Reads the rows of a grid. Pinned columns make several elements of one row, and the order of elements is not that of the screen.
pub(super) fn of_grid(grid: Element<'_>, by_id: &BTreeMap<&str, Element<'_>>) -> GridRows {
    let mut found = GridRows::default();
    let mut columns: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows: BTreeMap<GridPlace, BTreeMap<usize, Cell>> = BTreeMap::new();
    let (mut next, mut inside_row, mut marks): (u64, Option<(usize, GridPlace)>, usize) = (0, None, 0);
    let mut row_of: BTreeMap<usize, Element<'_>> = BTreeMap::new();
    let all = grid.descendants(&|element| !is_cell(element) && !element.is_hidden());
    for row in all.iter().filter(|element| element.role() == "row") {
        let own = row.descendants(&|element| !is_cell(element));
        let owned = row.attribute("aria-owns").into_iter().flat_map(str::split_whitespace).filter_map(|id| by_id.get(id).copied());
        for cell in own.into_iter().chain(owned).filter(|element| is_cell(*element)) {
            row_of.insert(cell.id, *row);
        }
    }
    let mut cells: Vec<Element<'_>> = all.iter().copied().filter(|element| is_cell(*element)).collect();
    let known: Vec<usize> = cells.iter().map(|cell| cell.id).collect();
    let owned = all.iter().filter_map(|element| element.attribute("aria-owns")).flat_map(str::split_whitespace);
    cells.extend(owned.filter_map(|id| by_id.get(id).copied()).filter(|cell| is_cell(*cell) && !known.contains(&cell.id)));
    for element in cells {
        let is_header = element.role() == "columnheader";
        found.has_header |= is_header;
        let row = row_of.get(&element.id).copied();
        let index = [Some(element), row].into_iter().flatten().find_map(|element| {
            let index = |name: &str| element.number(name);
            index("aria-rowindex").or_else(|| index("row-index")).or_else(|| index("data-rowindex"))
        });
        let key = match (is_header, index, row) {
            (true, _, _) => (false, 0),
            (false, Some(index), _) => (true, index),
            (false, None, Some(row)) => match inside_row {
                Some((known, key)) if known == row.id => key,
                _ => {
                    next += 1;
                    let key = (true, next);
                    inside_row = Some((row.id, key));
                    key
                }
            },
            (false, None, None) => continue,
        };
        let cells = rows.entry(key).or_default();
        let at = column(element, is_header, cells.len(), &mut columns);
        let mut own = cell(element);
        if is_header {
            without_order(element, &mut own);
        }
        if let Some(row) = row {
            row_classes(row, &mut own);
        }
        marks += own.marks.len();
        cells.insert(at, own);
        // What comes after it would be refused anyway.
        if marks > limits::MARKS {
            break;
        }
    }
    // A grid keeps only the cells in view: nobody knows what is in the others.
    let gap = Cell { lost: Some(Lost::More), ..Cell::default() };
    for (number, (_, cells)) in (1..).zip(rows) {
        let width = cells.keys().next_back().map_or(0, |last| (last + 1).min(limits::COLUMNS + 1));
        let mut row = TableRow { number, cells: vec![gap.clone(); width], ends_blank: false };
        for (at, cell) in cells {
            if let Some(place) = row.cells.get_mut(at) {
                *place = cell;
            }
        }
        found.rows.push(row);
    }
    without_labels(&mut found.rows);
    found
}

/// The column of a cell: by its number, by the name of its field, or by its place.
fn column(element: Element<'_>, is_header: bool, place: usize, columns: &mut BTreeMap<String, usize>) -> usize {
    let number = element.number("aria-colindex").and_then(|number| number.checked_sub(1)).or_else(|| element.number("data-colindex"));
    if let Some(number) = number.and_then(|number| usize::try_from(number).ok()) {
        return number.min(limits::COLUMNS);
    }
    let field = ["col-id", "data-field"].into_iter().find_map(|name| element.attribute(name));
    match field {
        Some(field) if is_header => *columns.entry(field.to_owned()).or_insert(place),
        Some(field) => {
            let next = columns.len();
            *columns.entry(field.to_owned()).or_insert(next)
        }
        None => place,
    }
}
