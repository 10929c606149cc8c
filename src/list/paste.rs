//! Reads text that somebody copied from a page: cells with line breaks inside, or one cell a line.

use super::csv::lost;
use super::general;
use super::problem::Cause;
use super::table::{Cell, Meter, Row, Table};
use super::words::squash;

/// Reads pasted text; `None` if it is not of that kind.
pub(super) fn table(text: &str, meter: &mut Meter) -> Result<Option<Table>, Cause> {
    let lines: Vec<(u64, &str)> = (1..).zip(text.lines()).collect();
    let rows = if text.contains('\t') && !text.contains('"') { by_tabs(&lines) } else { by_lines(&lines) };
    let Some(rows) = rows else { return Ok(None) };
    let mut table = Table { is_loose: true, ..Table::default() };
    for row in rows {
        meter.row(&row)?;
        if row.cells.len() == 1 {
            table.around.push(row.cells.into_iter().map(|cell| cell.text).collect());
        } else if !row.is_blank() {
            table.rows.push(row);
        }
    }
    Ok(Some(table))
}

fn cell(text: &str) -> Cell {
    let mut cell = Cell::plain(text);
    cell.lost = lost(&cell.text);
    cell
}

/// Returns whether a line of text is a header that many products have.
fn is_word(text: &str) -> bool {
    general::meaning(&squash(text), false).is_some()
}

/// Cells between tabs; a cell with line breaks continues on the next line, until the row has as many tabs as the header.
fn by_tabs(lines: &[(u64, &str)]) -> Option<Vec<Row>> {
    let header = lines.iter().position(|(_, line)| line.split('\t').filter(|cell| is_word(cell)).count() > 1)?;
    let (_, header_line) = lines.get(header)?;
    let width = header_line.matches('\t').count();
    let is_broken = lines.iter().skip(header + 1).any(|(_, line)| !line.trim().is_empty() && line.matches('\t').count() < width);
    if !is_broken {
        // Every line is a row: these are separated values.
        return None;
    }
    let mut rows: Vec<Row> = Vec::new();
    let (mut number, mut part) = (0, String::new());
    for (position, (at, line)) in lines.iter().enumerate() {
        // What stands above the header, such as the name of the tab, is not part of a row.
        if position < header {
            if !line.trim().is_empty() {
                rows.push(Row { number: *at, cells: line.split('\t').map(cell).collect(), ends_blank: false });
            }
            continue;
        }
        let tabs = part.matches('\t').count() + line.matches('\t').count();
        // A line without tabs that counts users is not part of a row.
        if part.is_empty() && super::total::counted([*line]).total.is_some() {
            rows.push(Row { number: *at, cells: vec![cell(line)], ends_blank: false });
            continue;
        }
        if part.is_empty() {
            number = *at;
        } else {
            part.push('\n');
        }
        part.push_str(line);
        if tabs >= width {
            let whole = std::mem::take(&mut part);
            rows.push(Row { number, cells: whole.split('\t').map(cell).collect(), ends_blank: false });
        }
    }
    if !part.trim().is_empty() {
        rows.extend(part.lines().map(|line| Row { number, cells: vec![cell(line)], ends_blank: false }));
    }
    Some(rows)
}

/// One cell a line: the header's words first, then as many lines for each person.
fn by_lines(lines: &[(u64, &str)]) -> Option<Vec<Row>> {
    let filled: Vec<(u64, &str)> = lines.iter().copied().filter(|(_, line)| !line.trim().is_empty()).collect();
    let width_at = |at: usize| filled.iter().skip(at).take_while(|(_, line)| is_word(line)).count();
    let first = (0..filled.len()).find(|at| width_at(*at) > 1)?;
    let width = width_at(first);
    let rest = filled.get(first + width..)?;
    let (people, around): (Vec<_>, Vec<_>) = rest.iter().copied().partition(|(_, line)| super::total::counted([*line]).total.is_none());
    // A missing cell has no line, so only whole blocks can be read.
    if width < 2 || people.len() % width != 0 || people.iter().any(|(_, line)| line.contains(['\t', ';'])) {
        return None;
    }
    let row = |block: &[(u64, &str)]| Row {
        number: block.first().map_or(0, |(number, _)| *number),
        cells: block.iter().map(|(_, line)| cell(line)).collect(),
        ends_blank: false,
    };
    let mut rows: Vec<Row> = filled.get(..first)?.iter().chain(&around).map(|line| row(&[*line])).collect();
    rows.push(row(filled.get(first..first + width)?));
    rows.extend(people.chunks(width).map(row));
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Option<Vec<Vec<String>>> {
        let table = table(text, &mut Meter::default()).unwrap()?;
        Some(table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect()).collect())
    }

    #[test]
    fn cells_with_line_breaks_are_put_together() {
        let pasted = "Team\nName\tRole\tStatus\nAR\nAna Ruiz\nana@glow.example\tProvider\tActive\nKim Park\nkim@glow.example\tFront Desk\tInvited\n1-2 of 2\n";
        let rows = texts(pasted).unwrap();
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert_eq!(rows[0], ["Name", "Role", "Status"], "the title above is not part of it");
        assert_eq!(rows[1], ["AR\nAna Ruiz\nana@glow.example", "Provider", "Active"]);
        assert_eq!(texts(&pasted.replacen("Team\n", "Pending Invites\n\n", 1)).unwrap(), rows);
    }

    #[test]
    fn one_cell_a_line_is_read_in_blocks() {
        let pasted = "Users\nName\nEmail\nRole\n\nAna Ruiz\nana@glow.example\nProvider\nKim Park\nkim@glow.example\nFront Desk\n";
        let rows = texts(pasted).unwrap();
        assert_eq!(rows[1], ["Ana Ruiz", "ana@glow.example", "Provider"]);
        assert_eq!(texts("Name\nEmail\nAna Ruiz\n"), None, "a cell is missing");
    }

    #[test]
    fn separated_values_are_left_to_their_reader() {
        assert_eq!(texts("Name\tEmail\nAna\tana@glow.example\n"), None);
        assert_eq!(texts("Name,Email\nAna,ana@glow.example\n"), None);
    }
}
