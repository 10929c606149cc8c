//! Rows that name the role or the clinic of the people below them, as reports group people: each person gets it in a column of its own. And rows
//! that go on with the person above.

use crate::model::{Field, Kind, NAME};

use super::header::{Column, Header};
use super::table::{Cell, Lost, Table, TableRow};
use crate::list::words::{Headers, Kept, Words, squash};

/// Makes a column of the rows that name roles or clinics; the table itself if it has none.
pub(in crate::list) fn as_column(mut table: Table, words: &Words<'_>, headers: &Headers) -> Table {
    let Some(header) = Header::find(&table, headers).filter(|_| !table.is_page) else { return table };
    for field in [Field::Role, Field::Clinics] {
        let name = |row: &TableRow| -> Option<String> {
            let mut texts = row.texts();
            let text = texts.next().filter(|text| texts.next().is_none() && !text.contains('@'))?;
            named(field, text, words)
        };
        let body = table.rows.iter().skip(header.body);
        if !body.clone().any(|row| name(row).is_some()) || body.clone().all(|row| row.is_blank() || row.texts().count() == 1) {
            continue;
        }
        let own = header.column(Kept::Field(field)).map(|column| column.at);
        let has_column = own.is_some();
        // In a column of their own, such rows name the clinic of the people below only if these have none there.
        let is_own = |row: &TableRow| own.and_then(|at| row.cells.get(at)).is_some_and(|cell| !cell.is_blank());
        let people = || table.rows.iter().skip(header.body).filter(|row| row.texts().count() > 1);
        if people().any(is_own) && table.rows.iter().skip(header.body).any(|row| name(row).is_some() && is_own(row)) {
            continue;
        }
        let fills = people().count() > 0 && !people().any(is_own);
        let (at, title) = (header.cells, header.body.saturating_sub(header.lines));
        let mut group: Option<String> = None;
        let mut rows = Vec::with_capacity(table.rows.len());
        for (number, mut row) in table.rows.drain(..).enumerate() {
            let is_body = number >= header.body;
            if let Some(text) = name(&row).filter(|_| is_body) {
                // In pasted text, it can be the next line of the last cell.
                let may_be_more = row.cells.len() == 1 && !fills && own.is_some_and(|at| at + 1 == header.cells);
                let above = rows.last_mut().filter(|_| may_be_more).and_then(|above: &mut TableRow| above.cells.last_mut());
                if let Some(cell) = above.filter(|cell| !cell.is_blank()) {
                    cell.lost = Some(Lost::More);
                }
                group = Some(text);
                continue;
            }
            let text = if is_body { group.clone() } else { (number == title).then(|| field.key().to_owned()) };
            if let (Some(place), Some(text)) = (own.filter(|_| fills && is_body).and_then(|at| row.cells.get_mut(at)), &text) {
                *place = Cell::plain(text);
            }
            if let Some(text) = text.filter(|_| !has_column && !row.is_blank()) {
                row.cells.resize(at.max(row.cells.len()), Cell::default());
                row.cells.push(Cell::plain(&text));
            }
            rows.push(row);
        }
        table.rows = rows;
        // One of both is enough: nobody groups people twice.
        return table;
    }
    table
}

/// The role or the clinic that a text names, also in the plural.
fn named(field: Field, text: &str, words: &Words<'_>) -> Option<String> {
    if field == Field::Role {
        let known = |text: &str| matches!(words.role(text), Ok(Some(_))).then(|| text.to_owned());
        let one = text.strip_suffix('s').unwrap_or(text);
        return known(text).or_else(|| known(one)).filter(|_| !words.catalog.open_roles);
    }
    let word = squash(text);
    let is_clinic = words.clinics.iter().any(|(key, name)| squash(key) == word || squash(name) == word);
    is_clinic.then(|| text.to_owned())
}

/// Gives rows without a login that have only more clinics or other sets of the person above that person's login and other values: reports
/// print these once, and cells that were merged are blank once a list is saved as text.
pub(in crate::list) fn continued(mut table: Table, headers: &Headers) -> Table {
    let Some(header) = Header::find(&table, headers) else { return table };
    let is_who = |kept: Kept| [Kept::Email, Kept::Login, Kept::Name].contains(&kept) || NAME.map(Kept::Field).contains(&kept);
    let is_set =
        |kept: Kept| if let Kept::Field(field) = kept { [Kind::Set, Kind::List].contains(&field.definition().kind) } else { false };
    let cell = |row: &TableRow, column: &Column| row.cells.get(column.at).filter(|cell| !cell.is_blank()).cloned();
    let mut above: Option<TableRow> = None;
    for row in table.rows.iter_mut().skip(header.body).filter(|row| !row.is_blank()) {
        let has_who = header.columns.iter().any(|column| is_who(column.meaning.kept) && cell(row, column).is_some());
        let Some(last) = above.as_ref().filter(|_| !has_who) else {
            above = has_who.then(|| row.clone());
            continue;
        };
        let has_more = |column: &Column| cell(row, column).is_some() && cell(last, column).is_some();
        let is_more = header.columns.iter().any(|column| is_set(column.meaning.kept) && has_more(column));
        let agrees = |column: &Column| {
            let own = cell(row, column);
            if is_set(column.meaning.kept) { own.is_none() || has_more(column) } else { own.is_none() || own == cell(last, column) }
        };
        if !is_more || !header.columns.iter().all(agrees) {
            continue;
        }
        for column in &header.columns {
            let Some(mut value) = cell(last, column).filter(|_| cell(row, column).is_none()) else { continue };
            value.merge();
            row.cells.resize(row.cells.len().max(column.at + 1), Cell::default());
            if let Some(place) = row.cells.get_mut(column.at) {
                *place = value;
            }
        }
    }
    table
}
