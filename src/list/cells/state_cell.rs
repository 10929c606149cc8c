//! Reads one cell of a column that says who is active or blocked.

use crate::list::days::{Days, Unclear};
use crate::list::general::{is_cross, is_dash, names_access, state_under, yes_or_no};
use crate::list::header::Column;
use crate::list::meaning::Sense;
use crate::list::table::Cell;
use crate::list::words::{Kept, StateWord, UNKNOWN, Words};
use crate::model::Standing;

/// What a blank cell of a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Blank {
    Unknown,
    No,
}

/// What a cell of a column of states says.
pub(in crate::list) enum Read {
    Word(StateWord),
    Flag(Standing),
    /// A column that names a way of being inactive says that this is not so.
    NotOut,
    /// The account has ended on a day.
    Ended,
    /// There is no such day, or it is still to come.
    NotEnded,
    Nothing,
    NotUnderstood,
}

impl Read {
    /// Whether the cell says nothing.
    pub(in crate::list) const fn is_nothing(&self) -> bool {
        match self {
            Self::Nothing | Self::NotEnded => true,
            Self::Word(_) | Self::Flag(_) | Self::NotOut | Self::Ended | Self::NotUnderstood => false,
        }
    }
}

/// Reads a cell of a column of states.
pub(in crate::list) fn read(column: &Column, cell: &Cell, (blank, days): (Blank, Days), words: &Words<'_>) -> Read {
    let flag = |yes: Standing, no: Standing| match self::yes(cell, blank) {
        Ok(Some(true)) => Read::Flag(yes),
        Ok(Some(false)) => Read::Flag(no),
        Ok(None) => Read::Nothing,
        Err(()) => Read::NotUnderstood,
    };
    // "Active" that is struck through is what somebody was.
    if cell.is_struck() && !cell.text.is_empty() && !crate::list::general::is_negative(&cell.text) {
        return Read::Nothing;
    }
    match column.meaning.sense {
        Sense::Date => since(&cell.text, days, words.as_of),
        // "Deactivated" can be followed by yes or no, or by the day.
        Sense::Inverted(_) if days.read(&cell.text).is_ok() && yes_or_no(&cell.text).is_none() => since(&cell.text, days, words.as_of),
        Sense::Inverted(_) if cell.is_blank() && blank == Blank::Unknown => Read::NotEnded,
        // A box "Active" under `Inactive` can mean either.
        Sense::Inverted(_) if cell.ticked.is_some() && !cell.text.is_empty() => Read::NotUnderstood,
        Sense::Inverted(standing) => match (words.own_state_in(&column.header, &cell.text), state_under(&column.header, &cell.text)) {
            (Some(word), _) | (None, Ok(Some(word))) => not_out(Read::Word(word)),
            (None, Err(())) => Read::NotUnderstood,
            (None, Ok(None)) => not_out(flag(standing, Standing::Active)),
        },
        Sense::Words | Sense::Plain => {
            // The text beside a box or on a switch names it, and does not say how it is set.
            let text = if cell.ticked.is_some() && cell.text.is_empty() {
                None
            } else if cell.text.is_empty() {
                cell.marks.iter().find(|mark| state_of(mark, words).is_some())
            } else {
                Some(&cell.text)
            };
            let known = |text: &String| match yes_or_no(text) {
                Some(_) => words.state_in(&column.header, text),
                None => state_of(text, words),
            };
            match text.and_then(known) {
                // "Unknown" and "n/a" are words of this column, too.
                Some(word) => Read::Word(word),
                // Somebody whose role is in the column of states can use it.
                None if crate::list::general::is_null(&cell.text) => Read::Word(StateWord::Unknown),
                None if column.is_shared && matches!(words.role(&cell.text), Ok(Some(_))) => Read::Flag(Standing::Active),
                // A cross can mean that somebody has access, or that nobody of this name has any more.
                None if is_cross(&cell.text) && !names_access(&column.header) => Read::NotUnderstood,
                None if column.meaning.sense == Sense::Words => explained(column, self::yes(cell, blank), words),
                None => flag(Standing::Active, Standing::Inactive),
            }
        }
    }
}

/// What a column that names a way of being inactive says: somebody who is active there can still be inactive in another way.
fn not_out(read: Read) -> Read {
    match read {
        Read::Word(StateWord::Is(Standing::Active)) | Read::Flag(Standing::Active) => Read::NotOut,
        Read::Word(
            StateWord::Is(Standing::Inactive | Standing::Pending) | StateWord::Expired | StateWord::Blocked | StateWord::Unknown,
        )
        | Read::Flag(Standing::Inactive | Standing::Pending)
        | Read::NotOut
        | Read::Ended
        | Read::NotEnded
        | Read::Nothing
        | Read::NotUnderstood => read,
    }
}

/// Reads a yes or no of which only the workspace or the catalog can say what it means; if it says it of one of both, the other is the opposite.
fn explained(column: &Column, yes: Result<Option<bool>, ()>, words: &Words<'_>) -> Read {
    let of = |yes: bool| words.own_state_in(&column.header, if yes { "yes" } else { "no" });
    match yes {
        Err(()) => Read::NotUnderstood,
        Ok(None) => Read::Nothing,
        Ok(Some(yes)) => match (of(yes), of(!yes)) {
            (Some(word), _) => Read::Word(word),
            (None, Some(StateWord::Is(Standing::Active))) => Read::Flag(Standing::Inactive),
            (None, Some(StateWord::Is(Standing::Inactive))) => Read::Flag(Standing::Active),
            (None, _) => Read::NotUnderstood,
        },
    }
}

/// Reads since when somebody is inactive. A day that is still to come has not ended anything, nor has a blank or a word for "never".
fn since(text: &str, days: Days, as_of: Option<jiff::civil::Date>) -> Read {
    let word = text.trim().to_lowercase();
    if word == "unknown" {
        return Read::Nothing;
    }
    if is_dash(text)
        || ["null", "none", "nil", "never", "no", "false"].contains(&word.as_str())
        || word.chars().all(|c| "0-/:. tz".contains(c))
    {
        return Read::NotEnded;
    }
    match days.read(text) {
        Ok(day) if as_of.is_some_and(|today| day > today) => Read::NotEnded,
        Ok(_) => Read::Ended,
        // One of both days may be to come.
        Err(Unclear::TwoDays(_, _)) => Read::Nothing,
        Err(Unclear::NotADay) => Read::NotUnderstood,
    }
}

/// Returns what a text says, also where a time follows: "Invited 3 days ago".
pub(in crate::list) fn state_of(text: &str, words: &Words<'_>) -> Option<StateWord> {
    if let Some(known) = words.state(text) {
        return Some(known);
    }
    let all: Vec<&str> = text.split_whitespace().collect();
    (1..=3).rev().filter(|count| *count < all.len()).find_map(|count| {
        let (first, rest) = all.split_at_checked(count)?;
        let is_time = rest.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()) || ["ago", "today", "yesterday"].contains(word));
        let word = first.join(" ");
        let known = is_time.then(|| words.state(word.trim_end_matches([',', ':', '(', '-']))).flatten()?;
        with_time(known, rest, words)
    })
}

/// Words after a state and before a day by which the day decides, and not the state alone.
const TERMS: [&str; 13] =
    ["until", "till", "thru", "through", "from", "effective", "starting", "expires", "term", "ends", "end", "leaves", "jusqu"];

/// A state with what follows it: `None` if a day says that it is over, or still to come, or may be.
fn with_time(known: StateWord, rest: &[&str], words: &Words<'_>) -> Option<StateWord> {
    let plain: Vec<String> = rest.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    if known == StateWord::Is(Standing::Pending) && plain.iter().any(|word| word == "expired") {
        return Some(StateWord::Expired);
    }
    if plain.iter().any(|word| TERMS.contains(&word.as_str())) || plain.join(" ").contains("last day") {
        return None;
    }
    let today = words.as_of.unwrap_or(jiff::civil::Date::MAX);
    let days = Days::of(rest.iter().copied(), today);
    let is_to_come = plain.iter().any(|word| match days.read(word) {
        Ok(day) => days.is_to_come(day),
        Err(Unclear::TwoDays(_, _)) => true,
        Err(Unclear::NotADay) => false,
    });
    (!is_to_come).then_some(known)
}

/// Reads whether somebody is blocked: first by what the workspace or the catalog says that the word means.
pub(in crate::list) fn own_yes(cell: &Cell, blank: Blank, words: &Words<'_>) -> Result<Option<bool>, ()> {
    match words.value(Kept::Blocked, &cell.text) {
        Some(UNKNOWN) => Ok(None),
        Some(meaning) => yes_or_no(meaning).map(Some).ok_or(()),
        // A login that is enabled is not blocked, and a block can be enabled.
        None if ["enabled", "disabled"].contains(&cell.text.trim().to_lowercase().as_str()) => Err(()),
        None => yes(cell, blank),
    }
}

/// Reads a yes or no: a word, a box, or an icon.
fn yes(cell: &Cell, blank: Blank) -> Result<Option<bool>, ()> {
    if cell.text.is_empty() {
        let known = cell.ticked.or_else(|| cell.marks.iter().find_map(|mark| yes_or_no(mark)));
        return Ok(known.or((blank == Blank::No && cell.is_blank()).then_some(false)));
    }
    match yes_or_no(&cell.text) {
        Some(yes) => Ok(Some(yes)),
        None if is_dash(&cell.text) => Ok(None),
        None => Err(()),
    }
}
