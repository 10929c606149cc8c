//! Lists with a column for each clinic or role, and a tick for each person who has it.

use std::collections::BTreeSet;

use crate::model::{Field, Kind, Value};

use super::header::{Column, Header};
use super::table::{Cell, TableRow};
use crate::list::cells::boxes::{has_ticks_only, is_unsure};
use crate::list::general::yes_or_no;
use crate::list::problem::Cause;
use crate::list::values::{CellSays, ClinicNames};
use crate::list::words::{Kept, Words, exact};

/// The columns that are named for the clinics or roles of the workspace.
#[derive(Debug, Default)]
pub(in crate::list) struct Matrix {
    fields: Vec<TickColumns>,
}

/// The columns of one field.
#[derive(Debug)]
struct TickColumns {
    field: Field,
    /// The place of each column, with its key and its header.
    columns: Vec<(usize, String, String)>,
    /// Says whether a blank cell means no.
    is_blank_no: bool,
}

impl Matrix {
    /// Finds the columns, if the list has none of its own for the field and every cell is a tick or blank.
    pub(in crate::list) fn find(header: &Header, rows: &[&TableRow], words: &Words<'_>, clinics: &ClinicNames) -> Self {
        let here: BTreeSet<Kept> = Kept::all(words.catalog).collect();
        let roles = |text: &str| {
            let is_role = |(key, name): (&str, &str)| exact(key) == exact(text) || exact(name) == exact(text);
            let is_named = words.role_names().any(is_role) || words.value(Kept::Field(Field::Role), text).is_some();
            is_named.then(|| words.role(text).ok().flatten()).flatten()
        };
        let of_clinic = |text: &str| clinics.get(&exact(text)).cloned().flatten();
        let find = |field: Field, key: &dyn Fn(&str) -> Option<String>| {
            if header.column(Kept::Field(field)).is_some() || !here.contains(&Kept::Field(field)) {
                return None;
            }
            let columns = header.others.iter().filter_map(|(at, text)| Some((*at, key(text)?, text.clone())));
            let mut columns: Vec<(usize, String, String)> = columns.collect();
            // Beside columns of other roles, one that could be a switch is that of a role.
            let switches = header.columns.iter().filter(|column| field == Field::Role && is_switch(column) && !columns.is_empty());
            columns
                .extend(switches.filter_map(|column| Some((column.at, key(&column.header)?, column.header.clone()))).collect::<Vec<_>>());
            columns.sort();
            let cells: Vec<&Cell> = rows.iter().flat_map(|row| columns.iter().filter_map(|(at, ..)| row.cells.get(*at))).collect();
            let is_tick = |cell: &&Cell| cell.lost.is_none() && (cell.text.is_empty() || yes_or_no(&cell.text).is_some());
            let says_something = cells.iter().any(|cell| tick(cell).is_some());
            let is_usable = says_something && cells.iter().all(is_tick) && !is_unsure(&cells);
            is_usable.then(|| TickColumns { field, columns, is_blank_no: has_ticks_only(&cells) })
        };
        let fields = [find(Field::Clinics, &of_clinic), find(Field::Role, &roles)];
        Self { fields: fields.into_iter().flatten().collect() }
    }

    /// Returns whether a column is one of them.
    pub(in crate::list) fn takes(&self, column: &Column) -> bool {
        self.fields.iter().any(|ticks| ticks.columns.iter().any(|(at, ..)| *at == column.at))
    }

    /// The fields that it shows.
    pub(in crate::list) fn fields(&self) -> impl Iterator<Item = Field> {
        self.fields.iter().map(|ticks| ticks.field)
    }

    /// Returns whether a column with this header is one of them.
    pub(in crate::list) fn has(&self, header: &str) -> bool {
        self.fields.iter().any(|ticks| ticks.columns.iter().any(|(.., text)| text == header))
    }

    /// Reads a row: each field with the header of its first column.
    ///
    /// # Errors
    /// If somebody has several roles.
    pub(in crate::list) fn row(&self, row: &TableRow) -> Vec<(Field, &str, Result<CellSays, Cause>)> {
        let read = |ticks: &TickColumns| {
            let mut has: Vec<(&str, &str)> = Vec::new();
            for (at, key, header) in &ticks.columns {
                let cell = row.cells.get(*at).filter(|cell| !cell.is_blank());
                match cell.map(tick) {
                    Some(Some(true)) => has.push((key, header)),
                    Some(Some(false)) => {}
                    None if ticks.is_blank_no => {}
                    // Nobody knows what an icon or an empty box says.
                    Some(None) | None => return Ok(CellSays::Unknown),
                }
            }
            match (ticks.field == Field::Role, has.as_slice()) {
                (true, [(key, _)]) => Ok(CellSays::Value(Value::Text((*key).to_owned()))),
                (true, []) => Ok(CellSays::Value(Value::Unset)),
                (true, [(_, one), (_, other), ..]) => Err(Cause::Contradiction { headers: ((*one).to_owned(), (*other).to_owned()) }),
                (false, keys) => Ok(CellSays::Value(Value::Set(keys.iter().map(|(key, _)| (*key).to_owned()).collect()))),
            }
        };
        self.fields.iter().filter_map(|ticks| Some((ticks.field, ticks.columns.first()?.2.as_str(), read(ticks)))).collect()
    }
}

/// Returns whether a column says yes or no to something, and the workspace has not named it.
fn is_switch(column: &Column) -> bool {
    let kind = if let Kept::Field(field) = column.meaning.kept { Some(field.definition().kind) } else { None };
    kind == Some(Kind::Flag) && column.meaning.rank > 0
}

fn tick(cell: &Cell) -> Option<bool> {
    if cell.text.is_empty() {
        return cell.ticked.or_else(|| cell.marks.iter().find_map(|mark| yes_or_no(mark)));
    }
    yes_or_no(&cell.text)
}
