//! The question whether marks at names tell the people of a payroll who have left from the others.

use crate::list::name_marks::unmarked;
use crate::list::table::{Table, TableRow};

use super::columns::StaffColumns;

/// Returns whether a name in a row has a mark.
pub(super) fn is_marked(row: &TableRow, columns: &StaffColumns) -> bool {
    columns.cells(row).any(|(column, _, cell)| column.is_name() && unmarked(&cell.text).is_some())
}

/// Returns whether marks tell some people from the others: what most names have is another remark.
pub(super) fn are_used(table: &Table, columns: &StaffColumns) -> bool {
    let (marked, others) =
        columns.rows(table).fold(
            (0_usize, 0_usize),
            |(marked, others), row| {
                if is_marked(row, columns) { (marked + 1, others) } else { (marked, others + 1) }
            },
        );
    marked > 0 && (marked <= others || marked == 1)
}
