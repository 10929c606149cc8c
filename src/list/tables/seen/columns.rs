//! Columns that are not read, and say of somebody that they have no access, or another state than the tab of the file.

use crate::list::days::{Days, Unclear as UnclearDay};
use crate::list::found::About;
use crate::list::general::{self, yes_or_no};
use crate::list::header::{Column, Header};
use crate::list::meaning::{EXPIRES, UNTIL};
use crate::list::state_cell::is_of_something_else;
use crate::list::stray::{is_gone_word, speaks_of_no_access};
use crate::list::table::TableRow;
use crate::list::words::{Kept, StateWord, Words, squash};
use crate::model::{Field, Standing, Tab};

/// Parts of headers whose yes means that somebody has left.
const LEFT: [&str; 13] = [
    "inactive",
    "deactiv",
    "disabled",
    "terminated",
    "deleted",
    "archived",
    "former",
    "locked",
    "leaver",
    "retired",
    "resigned",
    "departed",
    "donotuse",
];

/// Returns whether a yes below a header, or a day that is over, means that somebody has left.
fn is_of_leavers(header: &str) -> bool {
    const WHOLE: [&str; 7] = ["left", "nologin", "noaccess", "gone", "hasleft", "lefton", "dateleft"];
    let word = squash(header);
    LEFT.iter().any(|part| word.contains(part)) || WHOLE.contains(&word.as_str())
}

/// Returns whether a header is about something else than an account; a license can be that of the account.
fn is_about_others(header: &str) -> bool {
    let is_license = |word: &str| word.to_lowercase().starts_with("licen") || word.eq_ignore_ascii_case("subscription");
    header.split_whitespace().any(|word| is_of_something_else(word) && !is_license(word))
}

/// Returns whether a header says itself that it is about who may come in.
fn is_about_state(header: &str) -> bool {
    let word = squash(header);
    ["status", "state", "lifecycle", "access", "account", "login", "activ", "enabled"].iter().any(|part| word.contains(part))
}

/// Parts of headers whose yes means that somebody's access has ended.
const ENDED: [&str; 8] = ["revok", "removed", "ended", "cancel", "expired", "blocked", "denied", "disabled"];

/// Headers about who may come in, which can also say how much somebody may do.
const OF_ACCESS: [&str; 2] = ["accesslevel", "membership"];

/// The words of headers about who may come in, of which one must be among the first line's.
const ACCESS: &str = "access login logon signin enabled activated active blocked log sign";
const BESIDE_ACCESS: &str = "in is can may has user users member account accounts system app application portal program software emr ehr allowed \
    permitted granted revoked removed ended denied disabled canceled status state expired to for the of y n yes no";
/// The words of headers about the day on which access ends, besides those that say so.
const BESIDE_UNTIL: &str = "valid date day on to";

/// The meaning of a header that is about access.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OfAccess {
    /// Says whether somebody may come in.
    May,
    /// Until when.
    Until,
    Nothing,
}

/// Returns what a header says about access: all its words must be about that, as in "Enabled for login" and unlike "Mobile access".
fn of_access(header: &str) -> OfAccess {
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|known| known == word);
    let text = header.to_lowercase().replace("sign-in", "signin").replace("log-in", "login");
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says_until = |word: &str| UNTIL.contains(&word) || EXPIRES.contains(&word) || word == "end";
    let ends = words.iter().any(|word| says_until(word));
    let is_about = |word: &&str| is_in(ACCESS, word) || is_in(BESIDE_ACCESS, word);
    let has = |list: &str| words.iter().any(|word| is_in(list, word));
    if ends
        && (has(ACCESS) || has("account user"))
        && words.iter().all(|word| is_about(word) || says_until(word) || is_in(BESIDE_UNTIL, word))
    {
        OfAccess::Until
    } else if OF_ACCESS.contains(&squash(header).as_str()) || (has(ACCESS) && words.iter().all(is_about)) {
        OfAccess::May
    } else {
        OfAccess::Nothing
    }
}

/// Words of such columns that keep somebody out.
const KEEPS_OUT: [&str; 14] = [
    "none",
    "noaccess",
    "revoked",
    "denied",
    "ended",
    "closed",
    "nologin",
    "notallowed",
    "disallowed",
    "notgranted",
    "notpermitted",
    "notenabled",
    "forbidden",
    "withdrawn",
];

/// Finds the columns that are not read and say of somebody that they may not come in; and the roles that say it.
pub(in crate::list) fn without_access(header: &Header, rows: &[&TableRow], not_kept: Option<&Column>, words: &Words<'_>) -> Vec<About> {
    let is_state =
        |said: &str| words.state(said).is_some_and(|state| [StateWord::Is(Standing::Inactive), StateWord::Blocked].contains(&state));
    let cells = |at: usize| rows.iter().filter_map(move |row| Some((row.number, row.cells.get(at)?.text.as_str())));
    let note = |header: &str, out: &[(u64, &str)]| {
        let (_, word) = out.first()?;
        let rows = out.iter().map(|(row, _)| *row).collect();
        Some(About::StateNotRead { header: header.to_owned(), word: (*word).to_owned(), rows })
    };
    let may = |(at, text): (usize, &String)| {
        let is_ended = ENDED.iter().any(|part| squash(text).contains(part));
        let is_out = |said: &str| {
            let word = squash(said);
            let is_word = || KEEPS_OUT.contains(&word.as_str()) || word.starts_with("cancel") || is_state(said);
            match word.as_str() {
                "t" | "f" => (word == "t") == is_ended,
                _ => yes_or_no(said).map_or_else(is_word, |yes| yes == is_ended),
            }
        };
        note(text, &cells(at).filter(|(_, said)| is_out(said)).collect::<Vec<_>>())
    };
    let until = |(at, text): (usize, &String)| {
        let days = Days::new(cells(at).map(|(_, said)| said), words.as_of?);
        // A day until which somebody is kept out says nothing for sure about today.
        let is_ended = ENDED.iter().any(|part| squash(text).contains(part));
        let is_over = |said: &str| match days.read(said) {
            Ok(day) => is_ended || words.as_of.is_some_and(|today| day < today),
            Err(UnclearDay::TwoDays(_, _)) => true,
            Err(UnclearDay::NotADay) => false,
        };
        note(text, &cells(at).filter(|(_, said)| is_over(said)).collect::<Vec<_>>())
    };
    let logins = not_kept.map(|column| (column.at, &column.header));
    let columns = header.others.iter().map(|(at, text)| (*at, text)).chain(logins);
    let found = columns.filter_map(|column| match of_access(column.1) {
        OfAccess::May => may(column),
        OfAccess::Until => until(column),
        OfAccess::Nothing => None,
    });
    let of_role = header.column(Kept::Field(Field::Role)).filter(|column| !column.is_shared).and_then(|column| {
        // The name of a role is not a state.
        let is_name =
            |said: &str| words.value(Kept::Field(Field::Role), said).is_none() && words.role(said).is_ok_and(|role| role.is_some());
        let is_out = |said: &str| {
            let is_word = || is_state(said) || ["noaccess", "nologin"].contains(&squash(said).as_str());
            !is_name(said) && (is_word() || speaks_of_no_access(said))
        };
        note(&column.header, &cells(column.at).filter(|(_, said)| is_out(said)).collect::<Vec<_>>())
    });
    found.chain(of_role).collect()
}

/// Finds columns that are not read and say of somebody another state than the tab of the file.
pub(in crate::list) fn states_not_read(
    header: &Header,
    rows: &[&TableRow],
    (tab, has_column): (Option<Tab>, bool),
    words: &Words<'_>,
) -> Vec<About> {
    let mut found = Vec::new();
    for (at, text) in &header.others {
        let is_left = is_of_leavers(text);
        let is_pending = ["pending", "ispending", "invited", "isinvited"].contains(&squash(text).as_str());
        // Somebody who is enabled can be pending, too.
        if has_column && !is_pending {
            continue;
        }
        let cells = rows.iter().filter_map(|row| Some((row.number, row.cells.get(*at)?.text.as_str())));
        let cells: Vec<(u64, &str)> = cells.filter(|(_, text)| !text.is_empty()).collect();
        let says = |text: &str| match yes_or_no(text) {
            Some(yes) if is_pending => Some(if yes { Tab::Pending } else { Tab::Active }),
            Some(yes) => is_left.then_some(if yes { Tab::Inactive } else { Tab::Active }),
            None => match words.state(text)? {
                StateWord::Is(standing) => Some(Tab::showing(standing)),
                StateWord::Expired => Some(Tab::Pending),
                StateWord::Blocked => Some(Tab::Blocked),
                StateWord::Unknown => None,
            },
        };
        // Among other words, one for people without access is one for this person.
        let is_mixed = !cells.iter().all(|(_, text)| says(text).is_some());
        if is_mixed && (is_pending || is_about_others(text)) {
            continue;
        }
        let is_out = |tab: Option<Tab>| tab.and_then(Tab::standing).is_some_and(Standing::is_inactive);
        let days = Days::new(cells.iter().map(|(_, text)| *text), words.as_of.unwrap_or(jiff::civil::Date::MAX));
        let has_ended = |text: &str| is_left && days.read(text).is_ok_and(|day| !days.is_to_come(day));
        let is_gone = |text: &str| {
            let is_word = || is_out(says(text)) || is_out(words.heading(text).filter(|_| general::names_state(text)));
            let has_word = || text.split([',', ';', '|', '\n']).any(is_gone_word);
            has_ended(text) || (yes_or_no(text).is_none() && (is_word() || has_word()))
        };
        let is_of_active = tab.and_then(Tab::standing).is_some_and(Standing::is_active);
        let is_of_gone = is_out(tab) && is_about_state(text);
        let others: Vec<(u64, &str)> = cells
            .into_iter()
            .filter(|(_, text)| {
                if is_pending {
                    says(text).and_then(Tab::standing).is_some_and(Standing::is_pending)
                } else if is_mixed {
                    (is_of_active && is_gone(text))
                        || (is_of_gone && yes_or_no(text).is_none() && says(text).and_then(Tab::standing).is_some_and(Standing::is_active))
                } else {
                    tab.is_some() && says(text) != tab
                }
            })
            .collect();
        if let Some((_, word)) = others.first() {
            let rows = others.iter().map(|(row, _)| *row).collect();
            found.push(About::StateNotRead { header: text.clone(), word: (*word).to_owned(), rows });
        }
    }
    found
}
