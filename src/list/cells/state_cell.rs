//! Reads one cell of a column that says who is active or blocked.

use super::boxes::{has_ticks_only, is_unsure};
use crate::list::days::{Days, Unclear, is_placeholder};
use crate::list::found::About;
use crate::list::general::{PENDING, is_cross, is_dash, is_negative, names_access, state_under, yes_or_no};
use crate::list::header::Column;
use crate::list::meaning::{Sense, UNTIL};
use crate::list::problem::{Cause, WordKind};
use crate::list::table::{Cell, TableRow};
use crate::list::words::{Kept, StateWord, UNKNOWN, Words, squash};
use crate::model::{Field, Standing};

/// The state of one row, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::list) struct RowState {
    pub(in crate::list) status: Option<Standing>,
    pub(in crate::list) blocked: Option<bool>,
    /// Says whether the invitation has expired.
    pub(in crate::list) is_expired: bool,
    /// Says whether a word means that nobody can know it.
    pub(in crate::list) is_unknown: bool,
}

/// The cell of a column in a row; `None` if nobody knows what is in it.
pub(in crate::list) fn cell<'r>(column: &Column, row: &'r TableRow) -> Option<&'r Cell> {
    row.cells.get(column.at).or(row.ends_blank.then_some(&BLANK))
}

/// A cell that is not stored because nothing is in it.
static BLANK: Cell = Cell { text: String::new(), marks: Vec::new(), ticked: None, whole: None, lost: None };

/// The meaning of a blank cell of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Blank {
    Unknown,
    No,
}

/// The meaning of a cell of a column of states.
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
    /// Returns whether the cell has a word or a sign of its column.
    pub(in crate::list) const fn is_understood(&self) -> bool {
        match self {
            Self::NotUnderstood => false,
            Self::Word(_) | Self::Flag(_) | Self::NotOut | Self::Ended | Self::NotEnded | Self::Nothing => true,
        }
    }

    /// Returns whether the cell says nothing.
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
    // Nobody knows what is in it: it is not blank.
    if cell.lost.is_some() && cell.text.is_empty() && cell.ticked.is_none() {
        return Read::Nothing;
    }
    // "Active" that is struck through is what somebody was.
    if cell.is_struck() && !cell.text.is_empty() && !crate::list::general::is_negative(&cell.text) {
        return Read::Nothing;
    }
    if let Some(word) = cell.icons().find_map(|name| words.own_state_in(&column.header, name)).filter(|_| cell.text.is_empty()) {
        return Read::Word(word);
    }
    match column.meaning.sense {
        PENDING => match self::yes(cell, blank) {
            Ok(Some(true)) => Read::Word(StateWord::Is(Standing::Pending)),
            Ok(Some(false) | None) => Read::Nothing,
            Err(()) => state_of(&cell.text, words).map_or(Read::NotUnderstood, Read::Word),
        },
        Sense::Date => since(&cell.text, days, words.as_of),
        // "Deactivated" can be followed by yes or no, or by the day.
        Sense::Inverted(_) if (days.read(&cell.text).is_ok() && yes_or_no(&cell.text).is_none()) || is_placeholder(&cell.text) => {
            since(&cell.text, days, words.as_of)
        }
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
                None if column.is_shared && is_of_role_alone(&cell.text, words) => Read::Flag(Standing::Active),
                // A cross can mean that somebody has access, or that nobody of this name has anymore.
                None if is_cross(&cell.text) && !names_access(&column.header) => Read::NotUnderstood,
                None if column.meaning.sense == Sense::Words => explained(column, self::yes(cell, blank), words),
                None => flag(Standing::Active, Standing::Inactive),
            }
        }
    }
}

/// Returns whether a text is a role, and says nothing of a state beside it, as "Front Desk (disabled)" does.
fn is_of_role_alone(text: &str, words: &Words<'_>) -> bool {
    let is_name = words.value(Kept::Field(Field::Role), text).is_none();
    words.role(text).is_ok_and(|role| role.is_some()) && (is_name || !(is_negative(text) || squash(text).contains("revok")))
}

/// Returns what a column that names a way of being inactive says: somebody who is active there can still be inactive in another way.
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
            (None, Some(StateWord::Is(Standing::Pending) | StateWord::Expired | StateWord::Blocked | StateWord::Unknown) | None) => {
                Read::NotUnderstood
            }
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
        || is_placeholder(text)
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
        let is_time = rest.iter().any(|word| is_number(word) || ["ago", "today", "yesterday"].contains(word))
            && !rest.iter().any(|word| is_of_something_else(word));
        let word = first.join(" ");
        let known = is_time.then(|| words.state(word.trim_end_matches([',', ':', '(', '-']))).flatten()?;
        with_time(known, rest, words)
    })
}

/// Returns whether a word is a number, a day or a time: "2FA" is none.
fn is_number(word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase()).collect();
    word.contains(|c: char| c.is_ascii_digit())
        && ["", "st", "nd", "rd", "th", "t", "tz", "am", "pm", "d", "h", "w", "m", "y", "mo"].contains(&letters.as_str())
}

/// Words of what is not the account.
const OTHERS: &str = "2fa mfa factor sms notification notifications email emails mail phone password sync calendar booking bookings \
    newsletter reminders messages license licence subscription";

/// Returns whether a word is about something else than an account.
pub(in crate::list) fn is_of_something_else(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    !word.is_empty() && OTHERS.split(' ').any(|other| other == word)
}

/// Returns whether words say how long something has lasted: "for 30 days", "90+ days". With "ago" they say when it began.
fn is_duration(words: &[String]) -> bool {
    const UNITS: &str = "second seconds minute minutes min hour hours hr hrs h day days d week weeks w month months mo year years y";
    let ends_with_unit = |word: &String| {
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '+');
        UNITS.split(' ').any(|unit| unit == letters)
    };
    words.iter().any(ends_with_unit) && !words.iter().any(|word| word == "ago")
}

/// Words after a state and before a day by which the day decides, and not the state alone, besides those that say until when.
const TERMS: [&str; 8] = ["from", "effective", "starting", "expires", "term", "end", "leaves", "jusqu"];

/// A state with what follows it: `None` if a day says that it is over, or still to come, or may be.
fn with_time(known: StateWord, rest: &[&str], words: &Words<'_>) -> Option<StateWord> {
    let plain: Vec<String> = rest.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    if known == StateWord::Is(Standing::Pending) && plain.iter().any(|word| word == "expired") {
        return Some(StateWord::Expired);
    }
    // Somebody who has done nothing for 30 days can still sign in.
    if known == StateWord::Is(Standing::Inactive) && is_duration(&plain) {
        return None;
    }
    if plain.iter().any(|word| TERMS.contains(&word.as_str()) || UNTIL.contains(&word.as_str())) || plain.join(" ").contains("last day") {
        return None;
    }
    let today = words.as_of.unwrap_or(jiff::civil::Date::MAX);
    let days = Days::new(rest.iter().copied(), today);
    let is_to_come = plain.iter().any(|word| match days.read(word) {
        Ok(day) => days.is_to_come(day),
        Err(Unclear::TwoDays(_, _)) => true,
        Err(Unclear::NotADay) => false,
    });
    (!is_to_come).then_some(known)
}

/// Reads whether somebody is blocked: first by what the workspace or the catalog says that the word means.
pub(in crate::list) fn own_yes(cell: &Cell, blank: Blank, words: &Words<'_>) -> Result<Option<bool>, ()> {
    let by_icon = || cell.icons().find_map(|name| words.value(Kept::Blocked, name)).filter(|_| cell.text.is_empty());
    match words.value(Kept::Blocked, &cell.text).or_else(by_icon) {
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

/// Says what blank cells of a column mean; `None` if the column says nothing that can be relied on.
pub(in crate::list) fn blank(column: &Column, cells: &[&Cell], notes: &mut Vec<About>, unknown: &mut Vec<String>) -> Option<Blank> {
    if is_unsure(cells) {
        notes.push(About::EqualBoxes { header: column.header.clone() });
        return None;
    }
    // A column of the same name has the state of the country.
    // "ON" is Ontario there.
    let is_region = |cell: &&Cell| cell.text.chars().count() == 2 && cell.text.chars().all(|c| c.is_ascii_uppercase());
    let mut texts = cells.iter().filter(|cell| !cell.text.is_empty()).peekable();
    if squash(&column.header) == "state" && texts.peek().is_some() && texts.all(is_region) {
        unknown.push(column.header.clone());
        return None;
    }
    Some(if has_ticks_only(cells) { Blank::No } else { Blank::Unknown })
}

/// Says which word of a column is not understood.
pub(in crate::list) fn not_understood(kept: Kept, column: &Column, cell: &Cell, words: &Words<'_>) -> Cause {
    let near =
        (kept == Kept::Status).then(|| crate::list::general::near_state(&cell.text, words.catalog.states)).flatten().map(str::to_owned);
    let by_box = || cell.ticked.map(|ticked| if ticked { "Yes" } else { "No" }.to_owned());
    let word = Some(cell.text.clone()).filter(|text| !text.is_empty()).or_else(by_box).unwrap_or_else(|| "No".to_owned());
    let kind = match (crate::list::general::is_action(&word), yes_or_no(&word)) {
        (true, _) => WordKind::Action,
        (false, Some(_)) if kept == Kept::Status => WordKind::YesOrNo,
        (false, _) => WordKind::Plain,
    };
    Cause::UnknownWord { column: kept, header: column.header.clone(), word, near, kind }
}

/// Returns a text without a word of a mark, which does not belong to the other words; `None` if it does not have it.
pub(in crate::list) fn without_word(text: &str, mark: &str) -> Option<String> {
    if mark.is_empty() {
        return None;
    }
    let is_edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "()[]·|,;:-<>\u{fe0f}".contains(c));
    let lower = text.to_lowercase();
    // Lower case can have other lengths.
    let found = lower.match_indices(mark).find(|(at, _)| {
        is_edge(lower.get(..*at).and_then(|before| before.chars().next_back()))
            && is_edge(lower.get(at + mark.len()..).and_then(|after| after.chars().next()))
    });
    let (at, _) = found.filter(|_| lower.len() == text.len())?;
    let (before, after) = (text.get(..at)?, text.get(at + mark.len()..)?);
    let (before, after) = (before.trim_end_matches(['(', '[', ' ', '-', ',']), after.trim_start_matches([')', ']', '\u{fe0f}']));
    Some(format!("{before}{after}").trim().to_owned())
}
