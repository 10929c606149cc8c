//! Reads workbooks of Excel and of office suites that write ODS. Every part is unpacked within limits before its XML is looked at, and formulas are never run.

mod ods;
mod parts;
mod xlsx;
mod xml;

use crate::list::problem::Cause;
use crate::list::table::{Cell, Meter, Row, Table, Tables};

use parts::Parts;

/// Reads the sheets of a workbook.
pub(in crate::list) fn tables(bytes: &[u8], meter: &mut Meter) -> Result<Tables, Cause> {
    let mut parts = Parts::open(bytes)?;
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
        let row = Row { number, cells, ends_blank: true };
        meter.row(&row)?;
        table.rows.push(row);
    }
    Ok(())
}

/// Makes a cell of a text.
fn text_cell(text: &str) -> Cell {
    let mut cell = Cell::plain(text);
    cell.lost = super::csv::lost(&cell.text);
    cell
}
