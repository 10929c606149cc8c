//! Columns that mean the same as a column that counts: where both say different things of somebody, nobody knows which of them is right.

use std::collections::BTreeMap;

use crate::list::found::{About, Draft};
use crate::list::header::{Column, Header};
use crate::list::state_cell::{Blank, own_yes};
use crate::list::table::TableRow;
use crate::list::values::{CellSays, ClinicNames, said};
use crate::list::words::{Kept, Words};
use crate::model::{Field, Kind, Value};

/// The columns that are not read because another one means the same.
#[derive(Debug)]
pub(in crate::list) struct Rivals<'h> {
    /// Each with the column that counts.
    pairs: Vec<(&'h Column, &'h Column)>,
    /// The rows of which both say different things.
    found: BTreeMap<(&'h str, &'h str), Vec<u64>>,
}

impl<'h> Rivals<'h> {
    pub(in crate::list) fn new(header: &'h Header) -> Self {
        let pair = |rival: &'h Column| {
            let own = header.column(rival.meaning.kept)?;
            // Somebody named the one and not the other.
            let is_chosen = own.meaning.rank == 0 && rival.meaning.rank > 0;
            (is_compared(rival.meaning.kept) && !is_chosen && !own.is_shared).then_some((own, rival))
        };
        Self { pairs: header.rivals.iter().filter_map(pair).collect(), found: BTreeMap::new() }
    }

    /// Takes the values out of a person of which both columns say different things.
    pub(in crate::list) fn compare(&mut self, draft: &mut Draft, row: &TableRow, (words, clinics): (&Words<'_>, &ClinicNames)) {
        for (own, rival) in &self.pairs {
            let Some(cell) = row.cells.get(rival.at) else { continue };
            let differs = match rival.meaning.kept {
                Kept::Field(field) => match (said(field, cell, words, clinics), draft.person.fields.get(&field)) {
                    (CellSays::Value(value), Some(known)) => value != Value::Unset && *known != Value::Unset && value != *known,
                    (CellSays::Value(_) | CellSays::Damaged | CellSays::Unknown | CellSays::SeveralRoles | CellSays::Words(_), _) => false,
                },
                Kept::Blocked => {
                    let is_blocked = own_yes(cell, Blank::Unknown, words).ok().flatten();
                    draft.person.blocked.zip(is_blocked).is_some_and(|(known, other)| known != other)
                }
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
