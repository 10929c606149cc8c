//! Collects the cells of a list that are not kept, so that a person hears of them.

use std::collections::{BTreeMap, BTreeSet};

use super::header::{Column, Header};
use super::table::{Cell, Row};
use crate::list::days::{Days, Unclear as UnclearDay};
use crate::list::found::{About, Person};
use crate::list::general::{self, is_dash, yes_or_no};
use crate::list::problem::{Cause, Problems, WordKind};
use crate::list::state_cell::is_of_something_else;
use crate::list::stray::{Unclear, speaks_of_no_access};
use crate::list::values::{Said, with};
use crate::list::words::{Headers, Kept, StateWord, Words, squash};
use crate::model::{Field, Standing, Tab};

/// Collects the cells that are not kept, by header.
#[derive(Debug, Default)]
pub(in crate::list) struct Seen {
    pub(super) without_account: Vec<u64>,
    pub(super) struck: Vec<u64>,
    /// Rows whose names have a mark of people who have left.
    pub(super) marked: Vec<u64>,
    /// Rows of invitations of which nobody knows whether they have expired.
    pub(super) unclear_days: Vec<u64>,
    /// Rows by the class that says that these people have no access.
    pub(super) faded: BTreeMap<String, Vec<u64>>,
    /// Rows of people who have left by a column about their employment, by its header.
    pub(super) employment: BTreeMap<String, Vec<u64>>,
    /// Rows by the text beside somebody that speaks of a state.
    stray: BTreeMap<Unclear, Vec<u64>>,
    several_roles: BTreeMap<String, Vec<u64>>,
    damaged: BTreeMap<String, Vec<u64>>,
    pub(super) unknown: BTreeMap<String, Vec<u64>>,
}

impl Seen {
    /// Adds what a cell says of a field to a person, of whom some fields are unknown.
    pub(in crate::list) fn add(
        &mut self,
        (person, unknown): (&mut Person, &mut BTreeSet<Field>),
        (field, header): (Field, &str),
        said: Said,
        (file, row, problems): (&str, u64, &mut Problems),
    ) {
        let header = header.to_owned();
        match said {
            Said::Value(value) => {
                let value = with(person.fields.get(&field), value);
                person.fields.insert(field, value);
            }
            Said::Damaged => {
                self.damaged.entry(header).or_default().push(row);
                unknown.insert(field);
            }
            Said::Unknown => {
                self.unknown.entry(header).or_default().push(row);
                unknown.insert(field);
            }
            Said::SeveralRoles => {
                self.several_roles.entry(header).or_default().push(row);
                unknown.insert(field);
            }
            Said::Words(words) => {
                for word in words {
                    let column = Kept::Field(field);
                    let (word, near) = (word.word, word.near);
                    let cause = Cause::UnknownWord { column, header: header.clone(), word, near, kind: WordKind::Plain };
                    problems.push(file, Some(row), cause);
                }
            }
        }
        if unknown.contains(&field) {
            person.fields.remove(&field);
        }
    }

    /// Adds a text beside somebody; of very many different ones, the rest are one.
    pub(super) fn add_stray(&mut self, unclear: Unclear, row: u64) {
        let is_new = !self.stray.contains_key(&unclear);
        let key = if is_new && self.stray.len() >= MOST_STRAY { ("…".to_owned(), unclear.1) } else { unclear };
        let rows = self.stray.entry(key).or_default();
        if rows.last() != Some(&row) {
            rows.push(row);
        }
    }

    /// Notes what is not kept.
    pub(super) fn notes(self, notes: &mut Vec<About>) {
        notes.extend((!self.without_account.is_empty()).then_some(About::WithoutAccount { rows: self.without_account }));
        notes.extend((!self.struck.is_empty()).then_some(About::Struck { rows: self.struck }));
        notes.extend((!self.marked.is_empty()).then_some(About::MarkedNames { rows: self.marked }));
        notes.extend((!self.unclear_days.is_empty()).then_some(About::UnclearExpiry { rows: self.unclear_days }));
        notes.extend(self.faded.into_iter().map(|(class, rows)| About::Faded { class, rows }));
        notes.extend(self.employment.into_iter().map(|(header, rows)| About::Employment { header, rows }));
        notes.extend(self.stray.into_iter().map(|((text, is_icon), rows)| About::Stray { text, is_icon, rows }));
        notes.extend(self.several_roles.into_iter().map(|(header, rows)| About::SeveralRoles { header, rows }));
        notes.extend(self.damaged.into_iter().map(|(header, rows)| About::Damaged { header, rows }));
        notes.extend(self.unknown.into_iter().map(|(header, rows)| About::Unknown { header, rows }));
    }
}

/// Notes the people whose cells are merged with those of somebody else above, by header.
pub(in crate::list) fn merged(header: &Header, rows: &[&Row]) -> Vec<About> {
    let is_who = |kept: Kept| [Kept::Email, Kept::Login, Kept::Name].contains(&kept);
    let (who, others): (Vec<_>, Vec<_>) = header.columns.iter().partition(|column| is_who(column.meaning.kept));
    let is_merged = |column: &Column, row: &Row| row.cells.get(column.at).is_some_and(Cell::is_merged);
    // Several rows of one person have one login.
    let apart: Vec<&&Row> = rows.iter().filter(|row| !who.iter().any(|column| is_merged(column, row))).collect();
    let of_column = |column: &Column| {
        let rows: Vec<u64> = apart.iter().filter(|row| is_merged(column, row)).map(|row| row.number).collect();
        (!rows.is_empty()).then(|| About::Merged { header: column.header.clone(), rows })
    };
    others.into_iter().filter_map(of_column).collect()
}

/// Returns whether a header says who may do everything: "Is Admin", "Account Owner".
fn is_of_admins(header: &str) -> bool {
    let word = squash(header);
    let word = ["is", "super", "account"].iter().fold(word.as_str(), |word, first| word.strip_prefix(first).unwrap_or(word));
    word == "owner" || (word.starts_with("admin") && word.len() < 14)
}

/// Finds the columns that are not read and give somebody another role than the column of roles: each header with its rows.
pub(in crate::list) fn other_roles<'h>(
    header: &'h Header,
    rows: &[&Row],
    (words, headers): (&Words<'_>, &Headers),
) -> Vec<(&'h str, BTreeSet<u64>)> {
    let Some(own) = header.column(Kept::Field(Field::Role)) else { return Vec::new() };
    let role = |row: &Row| row.cells.get(own.at).and_then(|cell| words.role(&cell.text).ok().flatten());
    let manages = |key: &str| {
        let privilege = words.catalog.manages_users.as_deref();
        let gives = words.catalog.roles.get(key).is_some_and(|role| privilege.is_some_and(|one| role.privileges.contains(one)));
        gives || ["admin", "owner"].iter().any(|part| squash(key).contains(part))
    };
    let of_column = |(at, text): &'h (usize, String)| {
        let is_admin = is_of_admins(text);
        let is_further = headers.further(text) == Some(Kept::Field(Field::Role));
        let differs = |row: &&&Row| {
            let said = row.cells.get(*at).map_or("", |cell| cell.text.as_str());
            let known = role(row);
            match yes_or_no(said) {
                Some(yes) if is_admin => yes && known.as_deref().is_some_and(|key| !manages(key)),
                Some(_) => false,
                None => is_further && !is_dash(said) && words.role(said).ok().flatten() != known,
            }
        };
        let rows: BTreeSet<u64> = rows.iter().filter(|_| is_admin || is_further).filter(differs).map(|row| row.number).collect();
        (!rows.is_empty()).then_some((text.as_str(), rows))
    };
    header.others.iter().filter_map(of_column).collect()
}

/// How many different texts beside people are named.
const MOST_STRAY: usize = 20;

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

/// Returns whether a yes below a header means that somebody has left.
fn is_of_leavers(header: &str) -> bool {
    let word = squash(header);
    LEFT.iter().any(|part| word.contains(part)) || ["left", "nologin", "noaccess", "gone", "hasleft"].contains(&word.as_str())
}

/// Parts of headers whose yes means that somebody's access has ended.
const ENDED: [&str; 8] = ["revok", "removed", "ended", "cancel", "expired", "blocked", "denied", "disabled"];

/// Headers about who may come in, which can also say how much somebody may do.
const OF_ACCESS: [&str; 2] = ["accesslevel", "membership"];

/// The words of headers about who may come in, of which one must be among the first line's.
const ACCESS: &str = "access login logon signin enabled activated active blocked log sign";
const BESIDE_ACCESS: &str = "in is can may has user users member account accounts system app application portal program software emr ehr allowed \
    permitted granted revoked removed ended denied disabled canceled status state expired to for the of y n yes no";
/// The words of headers about the day on which access ends.
const UNTIL: &str = "until till thru through expires expiry expiration ends end valid date day on to";

/// What a header says about access.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OfAccess {
    /// Whether somebody may come in.
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
    let ends = words.iter().any(|word| is_in("until till thru through expires expiry expiration ends end", word));
    let is_about = |word: &&str| is_in(ACCESS, word) || is_in(BESIDE_ACCESS, word);
    let has = |list: &str| words.iter().any(|word| is_in(list, word));
    if ends && (has(ACCESS) || has("account user")) && words.iter().all(|word| is_about(word) || is_in(UNTIL, word)) {
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
pub(in crate::list) fn without_access(header: &Header, rows: &[&Row], not_kept: Option<&Column>, words: &Words<'_>) -> Vec<About> {
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
    rows: &[&Row],
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
        if is_mixed && (is_pending || text.split_whitespace().any(is_of_something_else)) {
            continue;
        }
        let is_out = |tab: Option<Tab>| tab.and_then(Tab::standing).is_some_and(Standing::is_inactive);
        let is_gone = |text: &str| {
            yes_or_no(text).is_none() && (is_out(says(text)) || is_out(words.heading(text).filter(|_| general::names_state(text))))
        };
        let is_of_active = tab.and_then(Tab::standing).is_some_and(Standing::is_active);
        let others: Vec<(u64, &str)> = cells
            .into_iter()
            .filter(|(_, text)| {
                if is_pending {
                    says(text).and_then(Tab::standing).is_some_and(Standing::is_pending)
                } else if is_mixed {
                    is_of_active && is_gone(text)
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
