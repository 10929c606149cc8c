//! Words of a state where no column of states is: beside a login or a name, in a column without a header, and on icons. A known word there says the
//! state. Any other text that speaks of one makes it unknown: somebody who is blocked or has left must not look as if they had access.

use std::collections::BTreeSet;

use super::names::{NameCell, has_stop_sign};
use super::state_cell::{RowState, cell, is_of_something_else, state_of};
use crate::list::general::begins_with_verb;
use crate::list::header::{Column, Header};
use crate::list::table::{Cell, TableRow};
use crate::list::words::{Kept, StateWord, Words, exact};
use crate::model::{Email, Field, Standing, Tab};
use crate::platform::MarkedState;

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 120;

/// The beginning of a mark that is the title, the label or the data of a row.
const OF_ROW: &str = "~row:";

/// The hint that a text may give about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hint {
    Blocked,
    Gone,
    Invited,
}

/// A text that speaks of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StateText {
    hint: Hint,
    text: String,
    /// The state that it gives for sure.
    known: Option<StateWord>,
    is_icon: bool,
}

/// The places where such texts can be in the rows of a table.
pub(in crate::list) struct Stray<'h> {
    email: Option<&'h Column>,
    /// First and last name.
    parts: Vec<&'h Column>,
    /// The places of columns without a header.
    bare: Vec<usize>,
    /// The marks that all rows have: they tell nobody apart.
    common: BTreeSet<String>,
    is_alone: bool,
}

/// A text that nobody has explained, and whether it is that of an icon.
pub(in crate::list) type StrayText = (String, bool);

impl<'h> Stray<'h> {
    /// Looks at all rows of a table.
    pub(in crate::list) fn new(header: &'h Header, rows: &[&TableRow]) -> Self {
        let parts = [Kept::Field(Field::FirstName), Kept::Field(Field::LastName)];
        let marks = |row: &TableRow| row.cells.iter().flat_map(|cell| cell.marks.iter().cloned()).collect::<BTreeSet<String>>();
        let mut common = rows.first().map(|row| marks(row)).unwrap_or_default();
        for row in rows.iter().skip(1) {
            if common.is_empty() {
                break;
            }
            let own: BTreeSet<&str> = row.cells.iter().flat_map(|cell| cell.marks.iter().map(String::as_str)).collect();
            common.retain(|mark| own.contains(mark.as_str()));
        }
        Self {
            email: header.column(Kept::Email),
            parts: parts.into_iter().filter_map(|kept| header.column(kept)).collect(),
            bare: (0..header.cells).filter(|at| header.is_bare(*at)).collect(),
            common,
            is_alone: rows.len() < 2,
        }
    }

    /// Returns whether a class is one that all rows have.
    pub(in crate::list) fn is_common(&self, class: &str) -> bool {
        self.common.contains(&format!("~{class}"))
    }

    /// Changes the state of a row by such texts, and returns those that nobody has explained.
    pub(in crate::list) fn change(
        &self,
        state: &mut RowState,
        (row, name): (&TableRow, &NameCell),
        (has_column, has_blocked_column): (bool, bool),
        words: &Words<'_>,
    ) -> Vec<StrayText> {
        let mut unclear = Vec::new();
        for StateText { hint, text, known, is_icon } in self.find(row, name, words) {
            let was = *state;
            match hint {
                Hint::Blocked if words.catalog.states.blocked && !has_blocked_column && state.blocked != Some(true) => {
                    state.blocked = (known == Some(StateWord::Blocked)).then_some(true);
                    if known.is_none() {
                        unclear.push((text, is_icon));
                    }
                    continue;
                }
                Hint::Blocked if words.catalog.states.blocked || has_column || state.status.is_some_and(Standing::is_inactive) => continue,
                Hint::Gone if has_column || state.status.is_some_and(Standing::is_inactive) => continue,
                Hint::Invited if has_column || !state.status.is_some_and(Standing::is_active) => continue,
                Hint::Blocked | Hint::Gone | Hint::Invited => {}
            }
            let said = known.and_then(StateWord::standing);
            *state = RowState {
                status: said,
                is_expired: known == Some(StateWord::Expired),
                is_unknown: was.is_unknown || said.is_none(),
                blocked: was.blocked,
            };
            if said.is_none() {
                unclear.push((text, is_icon));
            }
        }
        // Nobody knows what a lock beside somebody means.
        if state.blocked == Some(false)
            && !has_blocked_column
            && let Some(sign) = self.icons(row, words).find(|mark| is_sign(mark))
        {
            state.blocked = None;
            unclear.push((sign.trim_start_matches('.').to_owned(), true));
        }
        unclear
    }

    /// Lists the texts of a row that speak of a state.
    fn find(&self, row: &TableRow, name: &NameCell, words: &Words<'_>) -> Vec<StateText> {
        let mut texts: Vec<String> = self.email.and_then(|column| cell(column, row)).map(beside_address).unwrap_or_default();
        // Those that are understood have been read.
        texts.extend(name.badges.iter().filter(|badge| state_of(badge, words).is_none()).cloned());
        texts.extend(in_parentheses(&name.name).filter(|text| !is_of_leaver(text)));
        let bare = self.bare.iter().filter_map(|at| row.cells.get(*at)).filter(|cell| cell.ticked.is_none());
        texts.extend(bare.flat_map(|cell| cell.text.split(['\n', '·', '|'])).map(str::to_owned));
        let mut found: Vec<StateText> = texts.iter().filter_map(|text| one(text, false, words)).collect();
        let parts =
            self.parts.iter().filter_map(|column| cell(column, row)).map(|cell| cell.text.as_str()).filter(|_| name.badges.is_empty());
        let marked = parts.chain([name.name.as_str()]).filter(|text| is_marked_name(text));
        found.extend(marked.map(|text| {
            let known = words.value(Kept::Status, text).and_then(|_| words.state(text));
            StateText { hint: Hint::Gone, text: text.replace('\n', " "), known, is_icon: false }
        }));
        let left = in_parentheses(&name.name).filter(|text| is_of_leaver(text));
        found.extend(left.map(|text| StateText {
            hint: Hint::Gone,
            known: words.value(Kept::Status, &text).and_then(|_| words.state(&text)),
            text,
            is_icon: false,
        }));
        let (files, icons): (Vec<&str>, Vec<&str>) = self.icons(row, words).partition(|mark| mark.starts_with('.'));
        found.extend(icons.iter().filter_map(|mark| one(mark, true, words)));
        // The alternative text of a picture is that of the person on it: "Kim Park (deactivated)".
        found.extend(icons.iter().flat_map(|mark| in_parentheses(mark)).filter_map(|text| one(&text, true, words)));
        let of_person = files.iter().filter(|mark| is_person_gone(mark)).map(|mark| mark.trim_start_matches('.').to_owned());
        found.extend(of_person.map(|text| StateText { hint: Hint::Gone, text, known: None, is_icon: true }));
        found
    }

    /// Lists the texts and classes of a row's icons that nobody has explained.
    fn icons<'r>(&self, row: &'r TableRow, words: &Words<'_>) -> impl Iterator<Item = &'r str> {
        let known: BTreeSet<String> = MarkedState::ALL.into_iter().flat_map(|state| words.marks(state).0).collect();
        let is_shared = |mark: &String| !self.is_alone && self.common.contains(mark);
        let marks = row.cells.iter().flat_map(|cell| &cell.marks).filter(|mark| !is_shared(mark));
        let marks =
            marks.filter(|mark| !mark.starts_with('~') || mark.starts_with(OF_ROW)).map(|mark| mark.strip_prefix(OF_ROW).unwrap_or(mark));
        let is_open = |mark: &&str| !known.contains(&exact(mark)) && !known.contains(&exact(mark.trim_start_matches('.')));
        let parts = marks.filter(is_open).flat_map(|mark| mark.split([',', ';']).map(str::trim));
        // Each cell has the marks of its row.
        parts.collect::<BTreeSet<&str>>().into_iter()
    }
}

/// The texts beside the address of a cell.
fn beside_address(cell: &Cell) -> Vec<String> {
    let pieces = cell.text.split(['\n', '<', '>', '(', ')', '[', ']', ';', '|', '·']);
    let rest = pieces.map(|piece| {
        let is_other = |word: &&str| Email::parse(word.trim_start_matches("mailto:")).is_err();
        piece.split_whitespace().filter(is_other).collect::<Vec<_>>().join(" ")
    });
    rest.map(|text| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).filter(|text| !text.is_empty()).collect()
}

/// The texts in the parentheses and brackets of a name.
fn in_parentheses(name: &str) -> impl Iterator<Item = String> {
    name.split(['(', '[']).skip(1).filter_map(|rest| rest.split([')', ']']).next()).map(|text| text.trim().to_owned())
}

/// Returns whether practices write a text in parentheses behind the name of somebody who has left.
fn is_of_leaver(text: &str) -> bool {
    is_in("left gone quit old ex x fired former retired resigned moved", &text.to_lowercase())
}

/// Returns whether the name of a picture or the class of an icon is that of a person without access: `user-inactive.png`.
fn is_person_gone(mark: &str) -> bool {
    let parts: Vec<String> = mark.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let has = |list: &str| parts.iter().any(|part| is_in(list, part));
    has("user person account member profile avatar status state")
        && has("inactive deactivated disabled archived terminated blocked suspended")
}

/// Reads a text.
fn one(text: &str, is_icon: bool, words: &Words<'_>) -> Option<StateText> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST || begins_with_verb(text) {
        return None;
    }
    let own = after_label(text);
    let known = state_of(own, words).filter(|known| *known != StateWord::Unknown);
    let hint = match known {
        Some(StateWord::Is(Standing::Active)) => return None,
        Some(StateWord::Is(Standing::Inactive)) => Hint::Gone,
        Some(StateWord::Is(Standing::Pending) | StateWord::Expired) => Hint::Invited,
        Some(StateWord::Blocked) => Hint::Blocked,
        Some(StateWord::Unknown) | None if !is_icon && has_stop_sign(text) => Hint::Gone,
        Some(StateWord::Unknown) | None => hint(text)?,
    };
    // What an icon means, the workspace says under `marks`.
    Some(StateText { hint, text: text.to_owned(), known: known.filter(|_| !is_icon || hint == Hint::Blocked), is_icon })
}

/// The text without the words before it that say what it is about: "Status: Inactive".
fn after_label(text: &str) -> &str {
    let label =
        text.split_once(':').filter(|(label, _)| matches!(label.trim().to_lowercase().as_str(), "status" | "state" | "account status"));
    label.map_or(text, |(_, own)| own.trim())
}

const BLOCKED: &str = "blocked suspended banned locked frozen";
const GONE: &str = "inactive deactivated disabled deleted archived terminated termed removed revoked former offboarded closed \
    departed resigned retired unavailable";
const INVITED: &str = "pending invited invitation invite unconfirmed unaccepted";

/// Phrases of people without access.
const PHRASES: [&str; 12] = [
    "no longer",
    "no access",
    "not active",
    "do not use",
    "old account",
    "old login",
    "left the",
    "has left",
    "without access",
    "cannot sign in",
    "cannot log in",
    "not employed",
];

/// Phrases of people who have not accepted.
const NOT_YET: [&str; 3] = ["not accepted", "not confirmed", "not activated"];

/// Words that tie a word of a state to the account.
const ABOUT: &str = "account login access user member status state person this is was been has invitation invite employee currently \
    now temporarily permanently";

fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// Returns what a text that is not understood may say of somebody.
fn hint(text: &str) -> Option<Hint> {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let joined = words.join(" ");
    if words.iter().any(|word| is_of_something_else(word)) {
        return None;
    }
    let is_tied = words.iter().any(|word| is_in(ABOUT, word));
    let has = |list: &str| words.iter().position(|word| is_in(list, word)).is_some_and(|at| at == 0 || is_tied);
    if has(BLOCKED) {
        Some(Hint::Blocked)
    } else if has(GONE) || PHRASES.iter().any(|phrase| joined.contains(phrase)) {
        Some(Hint::Gone)
    } else if has(INVITED) || NOT_YET.iter().any(|phrase| joined.contains(phrase)) {
        Some(Hint::Invited)
    } else {
        None
    }
}

/// Returns the tab of the people of whom a heading or a sentence above them speaks, whether its words are known or not.
pub(in crate::list) fn speaks_of(text: &str) -> Option<Tab> {
    hint(text).map(|hint| match hint {
        Hint::Blocked => Tab::Blocked,
        Hint::Gone => Tab::Inactive,
        Hint::Invited => Tab::Pending,
    })
}

/// Returns whether a part of a text, such as that of a role, speaks of somebody without access: "Front Desk (disabled)".
pub(in crate::list) fn speaks_of_no_access(text: &str) -> bool {
    let parts = text.split(['\n', '(', ')', '[', ']', '-', '–', '—', '·', '|', ',']).map(str::trim);
    parts.filter_map(hint).any(|hint| match hint {
        Hint::Blocked | Hint::Gone => true,
        Hint::Invited => false,
    })
}

/// Returns whether a text says a state for sure.
pub(in crate::list) fn is_understood(text: &str, words: &Words<'_>) -> bool {
    one(text, true, words).is_some_and(|found| found.known.is_some())
}

/// Returns whether a short text is nothing but words for somebody without access: "Retired", "disabled-user".
pub(in crate::list) fn is_gone_word(text: &str) -> bool {
    const OPEN: &str = "closed unavailable";
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let is_gone = |word: &String| (is_in(GONE, word) && !is_in(OPEN, word)) || is_in(BLOCKED, word);
    words.iter().any(is_gone) && words.iter().all(|word| is_gone(word) || is_in(ABOUT, word))
}

/// Returns whether a name has a word that practices write before or behind the names of people who have left: "INACTIVE Kim Park",
/// "Kim Park - TERMED".
pub(in crate::list) fn is_marked_name(name: &str) -> bool {
    const WORDS: &str = "inactive deactivated disabled terminated termed suspended blocked archived deleted offboarded dnu donotuse";
    let words: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    // A family can be called Old.
    let is_old = name.split_whitespace().any(|word| word == "OLD") && name.contains(char::is_lowercase);
    has_stop_sign(name)
        || is_old
        || words.len() > 1 && (words.iter().any(|word| is_in(WORDS, word)) || words.join(" ").contains("do not use"))
}

/// Returns whether the name of an icon is that of a sign for people who are kept out: a lock, a bar, a cross.
pub(in crate::list) fn is_sign(mark: &str) -> bool {
    const SIGNS: &str = "lock locked padlock ban banned block blocked cancel slash forbidden prohibited suspended disturb";
    const OFF: &str = "off times minus xmark remove";
    const PEOPLE: &str = "user person account people accounts";
    let mut parts: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in mark.chars().take(LONGEST) {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| c.is_alphanumeric()) {
            part.extend(c.to_lowercase());
        }
        before = c;
    }
    let has = |list: &str| parts.iter().any(|part| is_in(list, part));
    has(SIGNS) || (has(OFF) && has(PEOPLE)) || mark.contains(['🔒', '⛔', '🚫'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_speak_of_a_state_or_of_something_else() {
        for (text, expected) in [
            ("Blocked by Olivia on Nov 2", Some(Hint::Blocked)),
            ("Account blocked", Some(Hint::Blocked)),
            ("This user has been suspended", Some(Hint::Blocked)),
            ("Login disabled", Some(Hint::Gone)),
            ("Access revoked", Some(Hint::Gone)),
            ("Left the practice", Some(Hint::Gone)),
            ("This account is inactive", Some(Hint::Gone)),
            ("old account", Some(Hint::Gone)),
            ("Invitation was not accepted", Some(Hint::Invited)),
            ("2FA disabled", None),
            ("Email not confirmed", None),
            ("Front Desk", None),
            ("Left-handed", None),
            ("Owner", None),
            ("Archives clerk", None),
        ] {
            assert_eq!(hint(text), expected, "{text}");
        }
    }

    #[test]
    fn signs_of_people_who_are_kept_out_are_known_by_their_names() {
        for sign in ["fa-lock", "icon-cancel", "LockIcon", "user-slash", "person_off", "bi-ban-fill", "⛔"] {
            assert!(is_sign(sign), "{sign}");
        }
        for other in ["fa-clock", "unlock", "star", "user", "chevron-left"] {
            assert!(!is_sign(other), "{other}");
        }
    }
}
