//! Reads workbooks of Excel and of office suites that write ODS. Every part is unpacked within limits before its XML is looked at, and formulas are never run.

mod links;
mod looks;
mod ods;
mod parts;
mod places;
mod xlsx;
mod xml;

use crate::list::limits;
use crate::list::problem::Cause;
use crate::list::table::{Cell, Meter, Table, TableRow, Tables};

use parts::Parts;

/// Reads the sheets of a workbook.
pub(in crate::list) fn tables(bytes: &[u8], meter: &mut Meter) -> Result<Tables, Cause> {
    let mut parts = Parts::open(bytes, &meter.unpacked)?;
    match parts.named("workbook.xml") {
        Some(workbook) => xlsx::tables(&mut parts, &workbook, meter),
        None if parts.has("content.xml") => ods::tables(&mut parts, meter),
        None => Err(Cause::Unreadable(crate::list::problem::Foreign::Archive)),
    }
}

/// Adds a row without the blanks at its end; rows with nothing in them are left out.
fn add(table: &mut Table, number: u64, mut cells: Vec<Cell>, meter: &mut Meter) -> Result<(), Cause> {
    while cells.last().is_some_and(Cell::is_blank) {
        cells.pop();
    }
    if !cells.is_empty() {
        let row = TableRow { number, cells, ends_blank: true };
        meter.row(&row)?;
        table.rows.push(row);
    }
    Ok(())
}

/// The name of a sheet, as far as anybody reads it.
fn title(name: Option<String>) -> Option<String> {
    name.map(|name| if name.len() > LONGEST_TITLE { name.chars().take(LONGEST_TITLE).collect() } else { name })
}

/// The characters of a sheet's name: office suites allow few.
const LONGEST_TITLE: usize = 200;

/// Makes a cell of a text.
fn text_cell(text: &str) -> Cell {
    let mut cell = Cell::plain(text);
    cell.lost = super::csv::lost(&cell.text);
    cell
}

/// Gives the rows of merged cells their value: each is a column, its first row and its last one, by their numbers.
fn spread_all(table: &mut Table, merged: Vec<(usize, u64, u64)>) {
    let mut left = limits::CELLS;
    for (column, first, last) in merged {
        left = left.saturating_sub(spread(table, column, first, last, left));
    }
}

/// Gives each of some rows, but at most so many, the value that is in the first of them, as a page does with a cell that spans rows. Returns
/// how many rows were looked at.
fn spread(table: &mut Table, column: usize, first: u64, last: u64, most: usize) -> usize {
    let from = table.rows.partition_point(|row| row.number < first);
    let above = table.rows.get(from).filter(|row| row.number == first);
    let Some(value) = above.and_then(|row| row.cells.get(column)).filter(|cell| !cell.is_blank()).cloned() else { return 1 };
    let mut count = 1;
    for row in table.rows.iter_mut().skip(from + 1).take(most).take_while(|row| row.number <= last) {
        count += 1;
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::default());
        }
        if let Some(cell) = row.cells.get_mut(column).filter(|cell| cell.is_blank()) {
            *cell = value.clone();
            cell.merge();
        }
    }
    count
}
