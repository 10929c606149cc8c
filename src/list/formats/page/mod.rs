//! Reads the tables and grids of a page that was saved from a browser.

mod attributes;
mod boxes;
mod cards;
mod cell;
mod filters;
mod grid;
mod headings;
mod nobody;
mod panels;
mod parts;
mod state_choices;
mod styles;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::list::general;
use crate::list::limits;
use crate::list::problem::{Cause, Limit};
use crate::list::table::{Cell, Meter, Shown, Table};
use crate::list::words::squash;

use grid::is_table;
use headings::Headings;
use tree::{Element, PageTree};

/// The longest text that can say how many users there are, or be a heading, in bytes.
const LONGEST_COUNT: usize = 160;

/// Reads the tables of a page.
pub(in crate::list) fn tables(text: &str, meter: &mut Meter) -> Result<Vec<Table>, Cause> {
    let mut tree = PageTree::parse(text)?;
    let hides = styles::hide(&mut tree);
    for (id, name, text) in headings::labels_elsewhere(tree.root()) {
        tree.add(id, name, &text);
    }
    let read = tables_of(&tree, text, meter);
    // Some pages hide everything until they are ready.
    if hides && read.as_ref().is_err_and(Cause::is_no_table) {
        tree.show_despite_sheets();
        return tables_of(&tree, text, meter);
    }
    read
}

fn tables_of(tree: &PageTree, text: &str, meter: &mut Meter) -> Result<Vec<Table>, Cause> {
    let all = tree.root().descendants(&|_| true);
    let by_id: BTreeMap<&str, Element<'_>> = all.iter().filter_map(|element| Some((element.attribute("id")?, *element))).collect();
    let mut around = around(tree.root());
    around.extend(filters::pages(tree.root()).map(|pages| format!("page 1 of {pages}")));
    let (mut found, mut headings): (Vec<(Table, bool)>, Headings) = (Vec::new(), Headings::default());
    let panels = panels::hidden(&all);
    let is_away = |element: Element<'_>| element.is_off_the_page() || panels.contains(&element.id);
    for element in tree.root().descendants(&|element| !is_away(element) && (element.tag() == "table" || !is_table(element))) {
        if is_away(element) {
            continue;
        }
        if !is_table(element) {
            headings.pass(element);
            continue;
        }
        let said =
            SaidOfTable { heading: headings.above(element).cloned(), labels: headings::labels(element), lines: headings.lines(element) };
        let before = found.len();
        // A grid can be made of tables, one of the header and one of the rows.
        let has_rows =
            element.tag() != "table" && element.descendants(&|_| true).iter().any(|inner| inner.role() == "row" && inner.tag() != "tr");
        let rows = match element.tag() {
            "table" => grid::of_table(element),
            _ if has_rows || cells_without_rows(element) => grid::of_grid(element, &by_id),
            _ => {
                let inner = element.descendants(&|_| true).into_iter().filter(|inner| inner.tag() == "table");
                found.extend(inner.map(grid::of_table).flat_map(parts::groups));
                said.put(found.iter_mut().skip(before));
                continue;
            }
        };
        let mut own = parts::groups(rows);
        // What a table says of itself is of all its parts.
        if let [(table, _)] = own.as_mut_slice() {
            table.counted_rows = element.number("aria-rowcount").filter(|count| *count > 0);
            table.counted_columns = element.number("aria-colcount").filter(|count| *count > 0);
        }
        found.extend(own);
        let caption = element.elements().find(|inner| inner.tag() == "caption").map(cell::text).filter(|text| !text.is_empty());
        SaidOfTable { heading: caption.or(said.heading), ..said }.put(found.iter_mut().skip(before));
    }
    for _ in &found {
        meter.table()?;
    }
    let mut tables = joined(parts::beside(&found));
    // A page can show each user on a card of their own.
    if !tables.iter().any(has_address) {
        tables.extend(cards::tables(tree.root(), &is_away));
    }
    let (chosen, mut filters, choices) = (panels::chosen(&all), filters::find(tree.root()), filters::choices(tree.root()));
    filters.extend(filters::of_address(text).into_iter().chain(filters::said(tree.root())));
    if tables.iter().all(|table| table.rows.is_empty()) {
        if let Some(nobody) = nobody::table(tree.root(), &is_away) {
            let choices = choices.into_iter().chain(chosen.iter().cloned()).collect();
            let shown = state_choices::find(tree.root(), text).into();
            let (around, chosen, filters) = (around.into(), chosen.into(), filters.into());
            return Ok(vec![Table { around, chosen, filters, choices, shown, is_page: true, ..nobody }]);
        }
        let frames = all.iter().filter(|element| matches!(element.tag(), "iframe" | "frame"));
        let names = frames.filter_map(|frame| frame.attribute("src")).filter(|src| !src.contains("://")).map(str::to_owned);
        return Err(Cause::NoTable { frames: names.collect() });
    }
    let shown: Rc<[Shown]> = state_choices::find(tree.root(), text).into();
    let (doubts, has_more) = (nobody::doubts(tree.root(), &is_away), filters::has_more(tree.root()));
    let choices: Rc<[String]> = choices.iter().chain(&chosen).cloned().collect();
    let [around, chosen, doubts, filters]: [Rc<[String]>; 4] = [around, chosen, doubts, filters].map(Into::into);
    let mut marks = 0;
    for table in &mut tables {
        without_labels(table);
        without_names_of_boxes(table);
        table.around = Rc::clone(&around);
        table.chosen = Rc::clone(&chosen);
        table.doubts = Rc::clone(&doubts);
        table.filters = Rc::clone(&filters);
        table.choices = Rc::clone(&choices);
        table.shown = Rc::clone(&shown);
        table.has_more = has_more;
        table.is_page = true;
        for row in &table.rows {
            meter.row(row)?;
            marks += row.marks();
        }
        if marks > limits::MARKS {
            return Err(Cause::TooLarge(Limit::Marks));
        }
    }
    Ok(tables)
}

fn cells_without_rows(element: Element<'_>) -> bool {
    element.tag() != "table" && element.descendants(&|_| true).iter().any(|inner| inner.role() == "gridcell" && inner.tag() != "td")
}

fn has_address(table: &Table) -> bool {
    table.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.text.contains('@') || cell.whole.is_some())
}

/// All that is said of a table.
struct SaidOfTable {
    heading: Option<String>,
    labels: Vec<String>,
    lines: Vec<String>,
}

impl SaidOfTable {
    /// Keeps it for some tables.
    fn put<'t>(&self, tables: impl Iterator<Item = &'t mut (Table, bool)>) {
        for (table, _) in tables {
            (table.heading, table.labels, table.lines) = (self.heading.clone(), self.labels.clone(), self.lines.clone());
        }
    }
}

/// Returns whether something else is said of one table than of another one that is above it.
fn is_apart(last: &Table, table: &Table) -> bool {
    let states =
        |table: &Table| table.labels.iter().chain(&table.lines).filter(|text| general::names_state(text)).cloned().collect::<Vec<_>>();
    let own = states(table);
    (&last.heading, &last.group) != (&table.heading, &table.group) || (!own.is_empty() && own != states(last))
}

/// Returns whether a header has as many columns as the rows below it. It can have a blank one more, above the bar that scrolls them.
fn is_as_wide(header: &Table, body: &Table) -> bool {
    let width = |table: &Table| table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let (all, own) = (width(header), width(body));
    let is_bar = || header.rows.iter().all(|row| row.cells.get(own).is_none_or(Cell::is_blank));
    all == own || (all == own + 1 && own > 0 && is_bar())
}

/// Joins a table that has no header to the one before it, if it has as many columns: a header that stays in view is a table of its own.
fn joined(tables: Vec<(Table, bool)>) -> Vec<Table> {
    let mut done: Vec<Table> = Vec::new();
    for (mut table, has_header) in tables {
        match done.last_mut() {
            // A second list under a heading of its own has the columns of the first.
            Some(last) if !has_header && is_as_wide(last, &table) && is_apart(last, &table) => {
                table.rows.splice(..0, last.rows.first().cloned());
                done.push(table);
            }
            Some(last) if !has_header && is_as_wide(last, &table) && last.rows.iter().filter(|row| !row.is_blank()).count() <= 2 => {
                let before = last.rows.len();
                last.rows.extend(table.rows);
                for (number, row) in (1..).zip(&mut last.rows).skip(before) {
                    row.number = number;
                }
                last.counted_rows = last.counted_rows.max(table.counted_rows);
                last.is_filtered |= table.is_filtered;
            }
            _ => done.push(table),
        }
    }
    done
}

/// Removes the header from the text of cells: pages repeat it there for narrow screens.
fn without_labels(table: &mut Table) {
    let Some((header, rows)) = table.rows.split_first_mut() else { return };
    for row in rows {
        for (cell, header) in row.cells.iter_mut().zip(&header.cells) {
            let rest = cell.text.strip_prefix(header.text.as_str()).filter(|_| !header.text.is_empty());
            if let Some(rest) = rest.and_then(|rest| rest.strip_prefix([':', '\n'])) {
                cell.text = rest.trim().to_owned();
            }
        }
    }
}

/// Removes the text beside a box or on a switch where it names what the box is about, and is the same beside all boxes of a column: what
/// counts is how the box is set.
fn without_names_of_boxes(table: &mut Table) {
    let Some((header, rows)) = table.rows.split_first_mut() else { return };
    for (at, header) in header.cells.iter().enumerate() {
        let mut texts: Vec<String> = Vec::new();
        let ticks: BTreeSet<bool> = rows.iter().filter_map(|row| row.cells.get(at)?.ticked).collect();
        for cell in rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| cell.ticked.is_some()) {
            if !texts.contains(&cell.text) && texts.len() < 3 {
                texts.push(cell.text.clone());
            }
        }
        let [only] = texts.as_slice() else { continue };
        let label = label_of_box(only, &header.text, ticks.len() > 1);
        for cell in rows.iter_mut().filter_map(|row| row.cells.get_mut(at)).filter(|cell| cell.ticked.is_some()) {
            match label {
                Label::OfBox => cell.text.clear(),
                // A ticked box means its label, and another one that the label is not so.
                Label::Negative => {
                    let is_ticked = cell.ticked.take() == Some(true);
                    if !is_ticked {
                        general::opposite(only).unwrap_or_default().clone_into(&mut cell.text);
                    }
                }
                Label::Value => {}
            }
        }
    }
}

/// The meaning of the text beside the boxes of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    /// The subject of the boxes: how they are set says the rest.
    OfBox,
    /// A state in which somebody has no access.
    Negative,
    /// Something else.
    Value,
}

/// Says what the only text beside all boxes of a column is; they differ, or all are equal.
fn label_of_box(text: &str, header: &str, differ: bool) -> Label {
    let word = squash(text);
    if text.is_empty() {
        return Label::Value;
    }
    if word == squash(header) {
        return Label::OfBox;
    }
    let is_header_negative = general::is_negative(header);
    let is_known = general::yes_or_no(text).is_some() || general::state(&word).is_some();
    match (is_known, general::is_negative(text)) {
        (true, true) if !is_header_negative && differ => Label::Negative,
        // All boxes are equal: the page may have them as they were loaded.
        (true, true | false) if !is_header_negative => Label::OfBox,
        // Where boxes differ and the text beside them does not, the boxes say it.
        (false, false) if differ => Label::OfBox,
        (_, _) => Label::Value,
    }
}

/// Short texts with a number outside of tables, such as "Showing 1 to 25 of 43".
fn around(root: Element<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let is_silent = |element: Element<'_>| matches!(element.tag(), "script" | "style" | "template" | "head" | "svg");
    let outside = |element: Element<'_>| !is_table(element) && !is_silent(element) && !cell::is_control(element);
    for element in root.descendants(&outside) {
        if !outside(element) || element.is_hidden() || !is_small(element) {
            continue;
        }
        let text = cell::text_besides_controls(element);
        if text.len() <= LONGEST_COUNT && text.contains(|c: char| c.is_ascii_digit()) && !found.contains(&text) {
            found.push(text);
        }
        if found.len() > 2_000 {
            break;
        }
    }
    found
}

/// Returns whether an element has few others inside.
fn is_small(element: Element<'_>) -> bool {
    let mut waiting: Vec<Element<'_>> = vec![element];
    let mut count = 0;
    while let Some(next) = waiting.pop() {
        count += 1;
        if count > 24 || is_table(next) {
            return false;
        }
        waiting.extend(next.elements());
    }
    true
}
