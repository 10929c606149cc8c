//! Columns that say until when an invitation can be accepted: an expired one must be sent again, however the product calls the person.

use super::days::{Days, Unclear};
use crate::list::general::yes_or_no;
use crate::list::header::Header;
use crate::list::meaning::StateWord;
use crate::list::state_cell::state_of;
use crate::list::table::Row;
use crate::list::words::{Words, squash};

/// The columns of a list that say whether invitations have expired.
pub(in crate::list) struct Expiry<'h> {
    columns: Vec<(usize, &'h str, Days)>,
}

/// What a row says of its invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Invitation {
    /// It can no longer be accepted.
    Expired,
    /// Nothing says that it has expired.
    Open,
    /// The day can be two days, of which one is over.
    Unclear,
}

/// Parts of headers about the end of something.
const ENDS: [&str; 5] = ["expir", "validuntil", "validthrough", "invitationstatus", "invitestatus"];
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
    pub(in crate::list) fn new(header: &'h Header, rows: &[&Row], words: &Words<'_>) -> Self {
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

    /// Returns whether a column is one of them.
    pub(in crate::list) fn has(&self, header: &str) -> bool {
        self.columns.iter().any(|(_, known, _)| *known == header)
    }

    /// Says whether the invitation of a row has expired.
    pub(in crate::list) fn read(&self, row: &Row, words: &Words<'_>) -> Invitation {
        let said = self.columns.iter().filter_map(|(at, header, days)| {
            let text = row.cells.get(*at)?.text.as_str();
            let is_said = squash(header).contains("expired") && yes_or_no(text) == Some(true);
            if is_said || state_of(text, words) == Some(StateWord::Expired) {
                return Some(Invitation::Expired);
            }
            match (days.read(text), words.as_of) {
                (Ok(day), Some(today)) if day < today => Some(Invitation::Expired),
                (Err(Unclear::TwoDays(_, _)), _) => Some(Invitation::Unclear),
                (Ok(_) | Err(Unclear::NotADay), _) => None,
            }
        });
        let all: Vec<Invitation> = said.collect();
        [Invitation::Expired, Invitation::Unclear].into_iter().find(|one| all.contains(one)).unwrap_or(Invitation::Open)
    }
}
