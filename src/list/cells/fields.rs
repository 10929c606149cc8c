//! The columns of fields, and what a row has in each of them.

use std::borrow::Cow;

use super::boxes::{has_ticks_only, is_unsure};
use super::name_marks::{is_garbled, must_have_name};
use super::names;
use super::state_cell::cell;
use super::state_cell::state_of;
use super::values::{CellSays, ClinicNames, clinic_names, said};
use crate::list::found::{About, Draft, Person};
use crate::list::general::is_dash;
use crate::list::header::{Column, FURTHER, Header};
use crate::list::problem::Problems;
use crate::list::table::{Cell, TableRow};
use crate::list::tables::matrix::Matrix;
use crate::list::tables::seen::UnkeptCells;
use crate::list::words::{Kept, StateWord, Words};
use crate::model::{Field, NAME, Value};

/// The way in which a column of a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Plain,
    /// Blank cells say no.
    Ticks,
}

/// The columns of fields.
pub(in crate::list) struct FieldColumns<'h> {
    own: Vec<(Field, &'h Column, Use)>,
    pub(in crate::list) matrix: Matrix,
    pub(in crate::list) clinics: ClinicNames,
}

impl<'h> FieldColumns<'h> {
    pub(in crate::list) fn new(header: &'h Header, rows: &[&TableRow], words: &Words<'_>, notes: &mut Vec<About>) -> Self {
        let clinics = clinic_names(words);
        let matrix = Matrix::find(header, rows, words, &clinics);
        let mut own = fields(header, rows, words, notes);
        own.retain(|(_, column, _)| !matrix.takes(column));
        Self { own, matrix, clinics }
    }

    /// The fields that they show.
    pub(in crate::list) fn fields(&self) -> impl Iterator<Item = Field> {
        self.own.iter().map(|(field, _, _)| *field).chain(self.matrix.fields())
    }

    /// Adds what they say of a row.
    pub(in crate::list) fn add(
        &self,
        draft: &mut Draft,
        row: &TableRow,
        is_nameless: bool,
        words: &Words<'_>,
        seen: &mut UnkeptCells,
        (file, problems): (&str, &mut Problems),
    ) {
        let has_name = is_nameless && must_have_name(draft.person.status, words);
        let own = self.own.iter().filter_map(|(field, column, used)| {
            let said = of_column((*field, column, *used), row, (words, &self.clinics))?;
            let is_missing = has_name && NAME.contains(field) && said == CellSays::Value(Value::Unset);
            // One column can say the role and the state.
            let key = || Kept::Field(*field).key(words.catalog);
            let header = if column.is_shared { format!("{} ({})", column.header, key()).into() } else { Cow::from(&column.header) };
            Some((*field, header, Ok(if is_missing { CellSays::Unknown } else { said })))
        });
        let of_matrix = self.matrix.row(row).into_iter().map(|(field, header, said)| (field, Cow::from(header), said));
        for (field, header, value) in own.chain(of_matrix) {
            match value {
                Ok(said) => {
                    let Draft { person, unknown, row, .. } = draft;
                    seen.add((person, unknown), (field, header.as_ref()), said, (file, *row, problems));
                }
                Err(cause) => problems.push(file, Some(row.number), cause),
            }
        }
    }
}

/// The columns of fields that can be relied on.
fn fields<'h>(header: &'h Header, rows: &[&TableRow], words: &Words<'_>, notes: &mut Vec<About>) -> Vec<(Field, &'h Column, Use)> {
    let mut found = Vec::new();
    for column in &header.columns {
        let Kept::Field(field) = column.meaning.kept else { continue };
        let cells: Vec<&Cell> = rows.iter().filter_map(|row| cell(column, row)).collect();
        if is_unsure(&cells) {
            notes.push(About::EqualBoxes { header: column.header.clone() });
            continue;
        }
        // What everybody must have, and nobody has, the list does not show.
        let is_name = field == Field::FirstName || field == Field::LastName;
        let is_further = column.meaning.rank == FURTHER;
        let is_required = is_name || !is_further && words.catalog.field(field).is_some_and(|rule| rule.required);
        let is_blank = |cell: &&Cell| is_dash(&cell.text) && cell.ticked.is_none() && cell.lost.is_none() && cell.whole.is_none();
        if is_required && cells.len() > 1 && cells.iter().all(is_blank) {
            notes.push(About::BlankColumn { header: column.header.clone() });
            continue;
        }
        let is_flag = field.definition().kind == crate::model::Kind::Flag;
        found.push((field, column, if is_flag && has_ticks_only(&cells) { Use::Ticks } else { Use::Plain }));
    }
    found
}

/// Reads the cell of a field's column in a row; `None` if nobody knows what is in it.
fn of_column(
    (field, column, used): (Field, &Column, Use),
    row: &TableRow,
    (words, clinics): (&Words<'_>, &ClinicNames),
) -> Option<CellSays> {
    let cell = cell(column, row)?;
    let says_no = used == Use::Ticks && cell.is_blank();
    // In a column of roles and states, a state is not a role.
    let is_state = column.is_shared && words.state(&cell.text).is_some() && words.role(&cell.text).is_err();
    // A text without its letters is not that of the product.
    if is_garbled(&cell.text) {
        return Some(CellSays::Unknown);
    }
    Some(match (says_no, is_state) {
        (true, _) => CellSays::Value(Value::Flag(false)),
        (false, true) => CellSays::Unknown,
        (false, false) => match part_of_name(field, cell, words) {
            Some(name) => CellSays::Value(Value::Text(name)),
            None => said(field, cell, words, clinics),
        },
    })
}

/// A first or last name without the words of a state beside it; `None` if there are none.
fn part_of_name(field: Field, cell: &Cell, words: &Words<'_>) -> Option<String> {
    let is_name = field == Field::FirstName || field == Field::LastName;
    let is_state = |text: &str| state_of(text, words).is_some_and(|state| state != StateWord::Unknown);
    names::part(&cell.text, &is_state).filter(|_| is_name).map(|(name, _)| name)
}

/// Takes a role from the words beside the name, if there is no column for it.
pub(in crate::list) fn role_of_badges(person: &mut Person, header: &Header, badges: &[String], words: &Words<'_>, clinics: &ClinicNames) {
    if header.column(Kept::Field(Field::Role)).is_some() || words.catalog.open_roles {
        return;
    }
    for badge in badges {
        if let CellSays::Value(value @ Value::Text(_)) = said(Field::Role, &Cell::plain(badge), words, clinics) {
            person.fields.entry(Field::Role).or_insert(value);
        }
    }
}
