//! Columns of check boxes and ticks, and whether they can be relied on.

use crate::list::table::Cell;

/// Returns whether all boxes or fields of a column are equal: a page that was saved has them as they were loaded. So is a column with crosses
/// beside other ticks: a cross may then say no.
pub(in crate::list) fn is_unsure(cells: &[&Cell]) -> bool {
    let boxes: Vec<bool> = cells.iter().filter(|cell| cell.text.is_empty()).filter_map(|cell| cell.ticked).collect();
    let has_equal_boxes = !boxes.is_empty() && boxes.windows(2).all(|two| two.first() == two.last());
    let has = |signs: &[&str]| cells.iter().any(|cell| signs.contains(&cell.text.as_str()));
    let is_as_first = |cell: &&Cell| cells.first().is_some_and(|first| (first.text == cell.text) && cell.lost.is_none());
    let has_equal_fields = cells.len() > 1 && cells.iter().all(|cell| cell.is_field() && is_as_first(cell));
    has_equal_boxes || has_equal_fields || (has(&["x", "X"]) && has(&["✓", "✔", "☑", "✅"]))
}

/// Returns whether a column has ticks and blanks, and nothing else: then a blank says no.
pub(in crate::list) fn has_ticks_only(cells: &[&Cell]) -> bool {
    let is_tick = |cell: &&&Cell| matches!(cell.text.as_str(), "x" | "X" | "✓" | "✔" | "☑" | "✅");
    let written = cells.iter().filter(|cell| !cell.is_blank());
    written.clone().count() > 0 && written.clone().all(|cell| is_tick(&cell))
}
