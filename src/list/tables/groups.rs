//! Rows that name the role or the clinic of the people below them, as reports group people: each person gets it in a column of its own.

use crate::model::Field;

use super::header::Header;
use super::table::{Cell, Row, Table};
use crate::list::words::{Headers, Kept, Words, squash};

/// Makes a column of the rows that name roles or clinics; the table itself if it has none.
pub(in crate::list) fn as_column(mut table: Table, words: &Words<'_>, headers: &Headers) -> Table {
    let Some(header) = Header::find(&table, headers).filter(|_| !table.is_page) else { return table };
    for field in [Field::Role, Field::Clinics] {
        let name = |row: &Row| -> Option<String> {
            let mut texts = row.texts();
            let text = texts.next().filter(|text| texts.next().is_none() && !text.contains('@'))?;
            named(field, text, words)
        };
        let body = table.rows.iter().skip(header.body);
        if !body.clone().any(|row| name(row).is_some()) || body.clone().all(|row| row.is_blank() || row.texts().count() == 1) {
            continue;
        }
        let has_column = header.column(Kept::Field(field)).is_some();
        let (at, title) = (header.cells, header.body.saturating_sub(header.lines));
        let mut group: Option<String> = None;
        let mut rows = Vec::with_capacity(table.rows.len());
        for (number, mut row) in table.rows.drain(..).enumerate() {
            let is_body = number >= header.body;
            if let Some(text) = name(&row).filter(|_| is_body) {
                group = Some(text);
                continue;
            }
            let own = if is_body { group.clone() } else { (number == title).then(|| field.key().to_owned()) };
            if let Some(text) = own.filter(|_| !has_column && !row.is_blank()) {
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
