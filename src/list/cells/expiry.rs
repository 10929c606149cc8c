//! Columns that say until when an invitation can be accepted: an expired one must be sent again, however the product calls the person.

use std::collections::BTreeSet;

use super::days::{Days, Unclear};
use crate::list::found::{About, Person};
use crate::list::general::yes_or_no;
use crate::list::header::{Column, Header};
use crate::list::meaning::StateWord;
use crate::list::problem::Cause;
use crate::list::state_cell::state_of;
use crate::list::table::TableRow;
use crate::list::words::{Words, squash};
use crate::model::Standing;

/// The columns of a list that say whether invitations have expired.
pub(in crate::list) struct Expiry<'h> {
    columns: Vec<(usize, &'h str, Days)>,
}

/// The state that a row gives its invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum InvitationCell {
    /// It can no longer be accepted.
    Expired,
    /// Nothing says that it has expired.
    Open,
    /// The day can be two days, of which one is over.
    Unclear,
}

/// Parts of headers about the end of something.
const ENDS: [&str; 8] = ["expir", "validuntil", "validthrough", "validto", "validtill", "validthru", "invitationstatus", "invitestatus"];
/// Parts of headers about the end of something else.
const OTHERS: [&str; 18] = [
    "pass",
    "licen",
    "contract",
    "card",
    "cert",
    "trial",
    "access",
    "account",
    "member",
    "subscription",
    "plan",
    "dea",
    "npi",
    "insur",
    "token",
    "session",
    "consent",
    "credential",
];

impl<'h> Expiry<'h> {
    /// Finds these columns among those that nothing else is read from.
    pub(in crate::list) fn new(header: &'h Header, rows: &[&TableRow], words: &Words<'_>) -> Self {
        let today = words.as_of.unwrap_or(jiff::civil::Date::MAX);
        let is_of_invitations = |text: &str| {
            let word = squash(text);
            ENDS.iter().any(|part| word.contains(part)) && !OTHERS.iter().any(|part| word.contains(part))
        };
        let columns = header.others.iter().filter(|(_, text)| is_of_invitations(text)).map(|(at, text)| {
            let texts = rows.iter().filter_map(|row| row.cells.get(*at)).map(|cell| cell.text.as_str());
            (*at, text.as_str(), Days::new(texts, today))
        });
        Self { columns: columns.collect() }
    }

    /// Lists their headers.
    pub(in crate::list) fn headers(&self) -> impl Iterator<Item = String> {
        self.columns.iter().map(|(_, header, _)| (*header).to_owned())
    }

    /// Returns whether a column is one of them.
    pub(in crate::list) fn has(&self, header: &str) -> bool {
        self.columns.iter().any(|(_, known, _)| *known == header)
    }

    /// Finds the column that says of a row that its invitation has not been accepted, with what it says.
    fn waiting(&self, row: &TableRow, words: &Words<'_>) -> Option<(&'h str, StateWord)> {
        let mut columns = self.columns.iter().filter(|(_, header, _)| squash(header).contains("status"));
        columns.find_map(|(at, header, _)| {
            let word = state_of(&row.cells.get(*at)?.text, words)?;
            let waits = word == StateWord::Expired || word.standing().is_some_and(Standing::is_pending);
            waits.then_some((*header, word))
        })
    }

    /// Corrects the state of somebody whose invitation has not been accepted: whom only a tab, or a yes, calls active. `by_word` is the column
    /// whose word says so.
    ///
    /// # Errors
    /// Fails if a word contradicts it, unless the workspace names that column.
    pub(in crate::list) fn correct(
        &self,
        person: &mut Person,
        row: &TableRow,
        by_word: Option<&Column>,
        words: &Words<'_>,
    ) -> Result<(), Cause> {
        let Some((header, word)) = self.waiting(row, words).filter(|_| person.status.is_some_and(Standing::is_active)) else {
            return Ok(());
        };
        match by_word {
            Some(column) if column.meaning.rank == 0 => Ok(()),
            Some(column) => Err(Cause::Contradiction { headers: (column.header.clone(), header.to_owned()) }),
            None => {
                (person.status, person.is_expired) = (word.standing(), word == StateWord::Expired);
                Ok(())
            }
        }
    }

    /// Names the days that are over of people who are active: nobody knows what has ended.
    pub(in crate::list) fn of_active(&self, active: &BTreeSet<u64>, rows: &[&TableRow], words: &Words<'_>) -> Vec<About> {
        let is_over = |text: &str, days: &Days| words.as_of.is_some_and(|today| days.read(text).is_ok_and(|day| day < today));
        let of_column = |(at, header, days): &(usize, &str, Days)| {
            let cells = rows.iter().filter_map(|row| Some((row.number, row.cells.get(*at)?.text.as_str())));
            let over: Vec<(u64, &str)> = cells.filter(|(row, text)| active.contains(row) && is_over(text, days)).collect();
            let (_, word) = over.first()?;
            let (header, word) = ((*header).to_owned(), (*word).to_owned());
            Some(About::StateNotRead { header, word, rows: over.iter().map(|(row, _)| *row).collect() })
        };
        // Of somebody who has accepted it, an invitation can be over.
        let is_of_invitation = |header: &str| ["invit", "link", "status"].iter().any(|part| squash(header).contains(part));
        self.columns.iter().filter(|(_, header, _)| !is_of_invitation(header)).filter_map(of_column).collect()
    }

    /// Says whether the invitation of a row has expired.
    pub(in crate::list) fn read(&self, row: &TableRow, words: &Words<'_>) -> InvitationCell {
        let said = self.columns.iter().filter_map(|(at, header, days)| {
            let text = row.cells.get(*at)?.text.as_str();
            let is_said = squash(header).contains("expired") && yes_or_no(text) == Some(true);
            if is_said || state_of(text, words) == Some(StateWord::Expired) || days.is_ago(text) {
                return Some(InvitationCell::Expired);
            }
            match (days.read(text), words.as_of) {
                (Ok(day), Some(today)) if day < today => Some(InvitationCell::Expired),
                (Err(Unclear::TwoDays(_, _)), _) => Some(InvitationCell::Unclear),
                (Ok(_) | Err(Unclear::NotADay), _) => None,
            }
        });
        let all: Vec<InvitationCell> = said.collect();
        [InvitationCell::Expired, InvitationCell::Unclear].into_iter().find(|one| all.contains(one)).unwrap_or(InvitationCell::Open)
    }
}
