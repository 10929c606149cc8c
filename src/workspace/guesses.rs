//! Guesses: how many wrong answers the workspace takes before it stops comparing.

use std::collections::BTreeSet;

use super::Refusal;
use crate::model::MINUTE;

/// The number of wrong phone numbers that an admin can type within [`PHONES_WITHIN`] (AR-19). The number is a check against slips, not a secret.
const WRONG_PHONES: usize = 5;
/// The time over which wrong phone numbers are counted, in milliseconds.
pub const PHONES_WITHIN: i64 = 15 * MINUTE;
/// The number of different wrong code words that a workspace compares in a day (PBN-5).
const WRONG_WORDS: usize = 5;

/// Refuses to compare another phone number. `wrong` has the times of the wrong ones in the last [`PHONES_WITHIN`], oldest first.
///
/// # Errors
/// There were too many.
pub fn may_try_phone(wrong: &[i64], now: i64) -> Result<(), Refusal> {
    let oldest = wrong.len().checked_sub(WRONG_PHONES).and_then(|at| wrong.get(at));
    match oldest {
        Some(at) => Err(Refusal::TooManyPhones { wait: at.saturating_add(PHONES_WITHIN).saturating_sub(now).max(1) }),
        None => Ok(()),
    }
}

/// The result of a compared code word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// It is the one that is set.
    Matches,
    /// It is another one, which was compared today already.
    Differs,
    /// It is another one, to be counted.
    DiffersAnew,
}

/// Compares a code word. `wrong` has the wrong ones of today, each once; `mark` represents the word among them. `wait` is the time until
/// tomorrow, in milliseconds.
///
/// # Errors
/// There were too many wrong ones today: then the right one is refused, too.
pub fn compare_word(matches: bool, mark: &str, wrong: &BTreeSet<String>, wait: i64) -> Result<Compared, Refusal> {
    if wrong.len() >= WRONG_WORDS {
        return Err(Refusal::TooManyWords { wait });
    }
    Ok(match (matches, wrong.contains(mark)) {
        (true, true | false) => Compared::Matches,
        (false, true) => Compared::Differs,
        (false, false) => Compared::DiffersAnew,
    })
}
