//! The columns of fields, and what a row has in each of them.

use super::boxes::{has_ticks_only, is_unsure};
use super::names;
use super::state::cell;
use super::state_cell::state_of;
use super::values::{ClinicNames, Said, said};
use crate::list::found::About;
use crate::list::general::is_dash;
use crate::list::header::{Column, FURTHER, Header};
use crate::list::table::{Cell, Row};
use crate::list::words::{Kept, StateWord, Words};
use crate::model::{Field, Value};

/// How a column of a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Use {
    Plain,
    /// Blank cells say no.
    Ticks,
}

/// The columns of fields that can be relied on.
pub(in crate::list) fn fields<'h>(
    header: &'h Header,
    rows: &[&Row],
    words: &Words<'_>,
    notes: &mut Vec<About>,
) -> Vec<(Field, &'h Column, Use)> {
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
pub(in crate::list) fn of_column(
    (field, column, used): (Field, &Column, Use),
    row: &Row,
    (words, clinics): (&Words<'_>, &ClinicNames),
) -> Option<Said> {
    let cell = cell(column, row)?;
    let says_no = used == Use::Ticks && cell.is_blank();
    // In a column of roles and states, a state is not a role.
    let is_state = column.is_shared && words.state(&cell.text).is_some() && words.role(&cell.text).is_err();
    Some(match (says_no, is_state) {
        (true, _) => Said::Value(Value::Flag(false)),
        (false, true) => Said::Unknown,
        (false, false) => match part_of_name(field, cell, words) {
            Some(name) => Said::Value(Value::Text(name)),
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
