//! Signs that somebody whom a list calls active may have no access: a class such as `is-off`, a login such as `inactive_kim@…`, a box "Active"
//! that is not ticked. Nobody's state changes by them: a note says where to look.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::found::{About, Clue};
use crate::list::header::Header;
use crate::list::table::TableRow;
use crate::list::words::Kept;

/// The most different signs that are named.
const MOST: usize = 20;

/// Finds such signs of the people whose rows are `active`. `is_common` says of a class whether everybody has it.
pub(in crate::list) fn hints(
    (header, has_state_column): (&Header, bool),
    rows: &[&TableRow],
    active: &BTreeSet<u64>,
    is_common: &dyn Fn(&str) -> bool,
) -> Vec<About> {
    let is_who = |kept: Kept| [Kept::Email, Kept::Login, Kept::Name].contains(&kept);
    let is_state = |kept: Kept| [Kept::Status, Kept::Blocked].contains(&kept);
    let mut found: BTreeMap<(Clue, String), Vec<u64>> = BTreeMap::new();
    for row in rows.iter().filter(|row| active.contains(&row.number)) {
        let mut signs: BTreeSet<(Clue, String)> = BTreeSet::new();
        for column in &header.columns {
            let Some(cell) = row.cells.get(column.at) else { continue };
            let kept = column.meaning.kept;
            if [Kept::Email, Kept::Login].contains(&kept) {
                signs.extend(of_login(cell.whole.as_deref().unwrap_or(&cell.text)).map(|word| (Clue::Login, word)));
            }
            if has_state_column {
                continue;
            }
            if is_who(kept) {
                signs.extend(cell.classes().find(|class| is_off(class) && !is_common(class)).map(|class| (Clue::Class, class.to_owned())));
            } else if !is_state(kept) && cell.ticked == Some(false) && names_active(&cell.text) {
                signs.insert((Clue::Box, column.header.clone()));
            }
        }
        for sign in signs {
            if found.len() < MOST || found.contains_key(&sign) {
                found.entry(sign).or_default().push(row.number);
            }
        }
    }
    found.into_iter().map(|((clue, text), rows)| About::MayBeGone { clue, text, rows }).collect()
}

/// Returns whether a class may be that of people without access; those that say so in words make the state unknown.
fn is_off(class: &str) -> bool {
    const WORDS: [&str; 10] = ["off", "gone", "retired", "removed", "offboarded", "departed", "resigned", "quit", "dormant", "expired"];
    const OTHERS: [&str; 4] = ["white", "not", "non", "hover"];
    let class = class.to_lowercase();
    let parts: Vec<&str> = class.split(['-', '_', ':']).collect();
    parts.iter().any(|part| WORDS.contains(part)) && !parts.iter().any(|part| OTHERS.contains(part))
}

/// Returns the word of a login that practices write into those of people who have left.
fn of_login(login: &str) -> Option<String> {
    const PARTS: [&str; 6] = ["inactive", "deactivated", "disabled", "terminated", "deleted", "archived"];
    const WORDS: [&str; 8] = ["termed", "removed", "former", "suspended", "blocked", "offboarded", "dnu", "donotuse"];
    const FIRST: [&str; 4] = ["zz", "zzz", "xx", "xxx"];
    let lower = login.trim().to_lowercase();
    let (local, domain) = lower.split_once('@').unwrap_or((&lower, ""));
    let words = |text: &'_ str| -> Vec<String> {
        let pieces = text.split(|c: char| !c.is_alphanumeric()).map(|piece| piece.trim_matches(|c: char| c.is_ascii_digit()));
        pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
    };
    let own = words(local);
    let part = || PARTS.iter().find(|part| own.iter().any(|word| word.starts_with(**part) || word.ends_with(**part))).copied();
    let word = || WORDS.iter().find(|known| own.iter().any(|word| word == *known)).copied();
    let first = || FIRST.iter().find(|known| own.len() > 1 && own.first().is_some_and(|word| word == *known)).copied();
    let of_domain = || ["invalid"].iter().chain(&PARTS).find(|known| words(domain).iter().any(|word| word == *known)).copied();
    part().or_else(word).or_else(first).or_else(of_domain).map(str::to_owned)
}

/// Returns whether a text has the word for somebody who can sign in.
fn names_active(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| ["active", "enabled"].contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_and_classes_of_people_who_have_left_are_known() {
        for (login, word) in [
            ("inactive_kim@x.example", Some("inactive")),
            ("kim.DISABLED2@x.example", Some("disabled")),
            ("inactivekim", Some("inactive")),
            ("zz.kim@x.example", Some("zz")),
            ("kim@x.example.invalid", Some("invalid")),
            ("kim@disabled.x.example", Some("disabled")),
            ("dnu-kim", Some("dnu")),
            ("kim.park@x.example", None),
            ("lee.old@x.example", None),
            ("zz@x.example", None),
            ("jazz.xx@x.example", None),
            ("interactive@x.example", None),
        ] {
            assert_eq!(of_login(login).as_deref(), word, "{login}");
        }
        for class in ["is-off", "row_gone", "user--retired", "OFF"] {
            assert!(is_off(class), "{class}");
        }
        for class in ["offset-2", "bg-off-white", "not-removed", "row", "official"] {
            assert!(!is_off(class), "{class}");
        }
    }
}
