//! Columns that mean the same as a column that counts: where both say different things of somebody, nobody knows which of them is right.

use std::collections::BTreeMap;

use crate::list::found::{About, Draft};
use crate::list::header::{Column, Header};
use crate::list::state_cell::{Blank, cell, own_yes};
use crate::list::table::TableRow;
use crate::list::values::{CellSays, ClinicNames, said};
use crate::list::words::{Kept, Words};
use crate::model::{Field, Kind};

/// The columns that are not read because another one means the same.
#[derive(Debug)]
pub(in crate::list) struct Rivals<'h> {
    /// Each with the column that counts.
    pairs: Vec<(&'h Column, &'h Column)>,
    /// The rows of which both say different things.
    found: BTreeMap<(&'h str, &'h str), Vec<u64>>,
}

impl<'h> Rivals<'h> {
    pub(in crate::list) fn new(header: &'h Header, rows: &[&TableRow], words: &Words<'_>) -> Self {
        let is_filled = |column: &Column| rows.iter().any(|row| cell(column, row).is_some_and(|cell| !cell.is_blank()));
        let pair = |rival: &'h Column| {
            let own = header.column(rival.meaning.kept)?;
            // Somebody named the one and not the other.
            let is_sure = own.meaning.rank == 0 || (own.meaning.rank == 1 && !words.catalog.list.assumed);
            let is_chosen = is_sure && rival.meaning.rank > own.meaning.rank;
            (is_compared(rival.meaning.kept) && !is_chosen && !own.is_shared && is_filled(rival)).then_some((own, rival))
        };
        Self { pairs: header.rivals.iter().filter_map(pair).collect(), found: BTreeMap::new() }
    }

    /// Takes the values out of a person of which both columns say different things.
    pub(in crate::list) fn compare(&mut self, draft: &mut Draft, row: &TableRow, (words, clinics): (&Words<'_>, &ClinicNames)) {
        for (own, rival) in &self.pairs {
            let Some(cell) = cell(rival, row) else { continue };
            let differs = match rival.meaning.kept {
                Kept::Field(field) => draft.person.fields.get(&field).is_some_and(|known| match said(field, cell, words, clinics) {
                    CellSays::Value(value) => value != *known,
                    // A department need not be a place.
                    CellSays::Words(_) => !is_of_department(&rival.header),
                    CellSays::Damaged | CellSays::Unknown | CellSays::SeveralRoles => true,
                }),
                Kept::Blocked => draft.person.blocked.is_some_and(|known| match own_yes(cell, Blank::Unknown, words) {
                    Ok(Some(other)) => known != other,
                    // A day or a tick is written beside those who are blocked.
                    Ok(None) => known || !cell.is_blank(),
                    Err(()) => true,
                }),
                Kept::Email | Kept::Login | Kept::Name | Kept::Status => false,
            };
            if !differs {
                continue;
            }
            match rival.meaning.kept {
                Kept::Field(field) => {
                    draft.person.fields.remove(&field);
                    draft.unknown.insert(field);
                }
                Kept::Blocked => draft.person.blocked = None,
                Kept::Email | Kept::Login | Kept::Name | Kept::Status => {}
            }
            self.found.entry((own.header.as_str(), rival.header.as_str())).or_default().push(row.number);
        }
    }

    /// Names the columns and the rows.
    pub(in crate::list) fn notes(self) -> impl Iterator<Item = About> {
        let keys: BTreeMap<&str, Kept> = self.pairs.iter().map(|(own, _)| (own.header.as_str(), own.meaning.kept)).collect();
        self.found.into_iter().filter_map(move |((own, rival), rows)| {
            let column = *keys.get(own)?;
            Some(About::Rivals { column, headers: [own.to_owned(), rival.to_owned()], rows })
        })
    }
}

/// Returns whether a header is the one of parts of a company.
fn is_of_department(header: &str) -> bool {
    ["department", "orgunitpath"].contains(&crate::list::words::squash(&crate::list::spelling::without_brackets(header)).as_str())
}

/// Returns whether two columns of one meaning must say the same: people have several titles and names.
fn is_compared(kept: Kept) -> bool {
    match kept {
        Kept::Field(field) => {
            let is_flag = field.definition().kind == Kind::Flag;
            is_flag || [Field::Role, Field::Clinics, Field::DefaultClinic].contains(&field)
        }
        Kept::Blocked => true,
        Kept::Email | Kept::Login | Kept::Name | Kept::Status => false,
    }
}
