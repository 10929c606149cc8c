//! Tables that a page has in pieces: side by side, as where columns stay in view, and in groups of people under a row of their own.

use crate::list::table::{Table, TableRow};

use super::grid::GridRows;

/// Makes the tables of one: a part for each group of people, the first with the header. Each says whether it has one.
pub(super) fn groups(found: GridRows) -> Vec<(Table, bool)> {
    let GridRows { rows, has_header, is_filtered, groups } = found;
    let table = |rows: Vec<TableRow>, group: Option<&String>| Table {
        rows,
        is_loose: true,
        is_filtered,
        group: group.cloned(),
        ..Table::default()
    };
    let mut parts: Vec<(Table, bool)> = Vec::new();
    let mut ends = groups.iter().map(|(at, _)| *at).skip(1).chain([rows.len()]);
    let mut rest = rows.into_iter();
    let mut taken = 0;
    // The people above the first group belong to none; the header is that of all.
    if let Some((first, _)) = groups.first().filter(|(first, _)| *first > 1) {
        taken = *first;
        parts.push((table(rest.by_ref().take(taken).collect(), None), has_header));
    }
    for group in groups.iter().map(|(_, text)| Some(text)).chain(groups.is_empty().then_some(None)) {
        let end = ends.next().unwrap_or(usize::MAX);
        let own: Vec<TableRow> = rest.by_ref().take(end.saturating_sub(taken)).collect();
        taken += own.len();
        match parts.last_mut() {
            // Two rows with one text have one group.
            Some((last, _)) if last.group.as_ref() == group => last.rows.extend(own),
            Some(_) if own.is_empty() => {}
            Some(_) | None => parts.push((table(own, group), has_header && parts.is_empty())),
        }
    }
    parts
}

/// Joins tables that are side by side: some headers, one beside the other, and below them as many tables of as many rows.
pub(super) fn beside(tables: &[(Table, bool)]) -> Vec<(Table, bool)> {
    let is_header = |(table, has_header): &(Table, bool)| *has_header && filled(table).count() == 1;
    let mut done: Vec<(Table, bool)> = Vec::new();
    let mut rest = tables;
    while let Some(first) = rest.first() {
        let most = rest.iter().take_while(|table| is_header(table)).count();
        let found = (2..=most).rev().find_map(|count| {
            let (headers, below) = rest.split_at_checked(count)?;
            let (bodies, after) = below.split_at_checked(count)?;
            Some((side_by_side(headers, bodies)?, after))
        });
        if let Some((table, after)) = found {
            done.push((table, true));
            rest = after;
        } else {
            done.push(first.clone());
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    done
}

fn filled(table: &Table) -> impl Iterator<Item = &TableRow> {
    table.rows.iter().filter(|row| !row.is_blank())
}

fn width(table: &Table) -> usize {
    table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
}

/// The table that headers and bodies make together; `None` if they do not belong together.
fn side_by_side(headers: &[(Table, bool)], bodies: &[(Table, bool)]) -> Option<Table> {
    let (first, _) = bodies.first()?;
    let fits = |((head, _), (body, has_header)): (&(Table, bool), &(Table, bool))| {
        !has_header && width(head) == width(body) && body.rows.len() == first.rows.len()
    };
    if first.rows.is_empty() || !headers.iter().zip(bodies).all(fits) {
        return None;
    }
    let head = TableRow {
        number: 1,
        cells: headers.iter().filter_map(|(head, _)| filled(head).next()).flat_map(|row| row.cells.clone()).collect(),
        ..TableRow::default()
    };
    let body = first.rows.iter().enumerate().map(|(at, row)| {
        let cells = bodies.iter().flat_map(|(body, _)| {
            let mut cells = body.rows.get(at).map(|row| row.cells.clone()).unwrap_or_default();
            cells.resize_with(width(body), Default::default);
            cells
        });
        TableRow { number: row.number + 1, cells: cells.collect(), ..TableRow::default() }
    });
    let rows = std::iter::once(head).chain(body).collect();
    let is_filtered = bodies.iter().any(|(body, _)| body.is_filtered);
    let Table { heading, labels, lines, .. } = first.clone_without_rows();
    Some(Table { rows, is_filtered, is_loose: true, heading, labels, lines, ..Table::default() })
}
