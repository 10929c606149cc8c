//! The question whether a file that was given as one tab shows people of other states, too: by what is chosen on its page.

use std::collections::BTreeSet;

use super::sections::{by_lines, unclear};
use super::table::{Shown, Table, TableRow};
use crate::list::general;
use crate::list::meaning::Kept;
use crate::list::problem::Cause;
use crate::list::words::{Words, squash};
use crate::model::{Field, Standing, Tab};

/// The meaning of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Of(Tab),
    Everybody,
}

/// Words in the names of choices that are about something else.
const OTHERS: [&str; 25] = [
    "2fa",
    "mfa",
    "factor",
    "auth",
    "bill",
    "sms",
    "notif",
    "role",
    "clinic",
    "location",
    "lang",
    "type",
    "size",
    "page",
    "length",
    "sort",
    "order",
    "site",
    "office",
    "department",
    "group",
    "theme",
    "zone",
    "plan",
    "licen",
];
/// Words in the names of choices and boxes that are about states.
const STATES: [&str; 9] = ["status", "statut", "state", "show", "view", "display", "filter", "include", "etat"];
/// First words of a choice that leaves nobody out.
const ALL: [&str; 10] = ["all", "any", "every", "everyone", "everybody", "both", "tous", "toutes", "tout", "alle"];
/// Words that such a choice can have besides.
const NOUNS: [&str; 16] = [
    "status",
    "statuses",
    "state",
    "states",
    "users",
    "user",
    "members",
    "people",
    "accounts",
    "employees",
    "staff",
    "teammates",
    "the",
    "of",
    "them",
    "statuts",
];
/// Words of a box that hides people.
const HIDES: [&str; 4] = ["hide", "exclude", "without", "masquer"];
/// Words of a box that shows more people.
const SHOWS: [&str; 9] = ["show", "include", "includes", "including", "with", "display", "view", "afficher", "inclure"];

/// Returns why the people of a table cannot all be of the tab that was given; `None` if nothing says so. `named` are the tabs that its file is
/// said to be of.
pub(in crate::list) fn of_others(given: Tab, named: &BTreeSet<Tab>, (file, table): (&str, &Table), words: &Words<'_>) -> Option<Cause> {
    let other = |by: &str, shown: Option<Tab>| Some(Cause::OtherStates { given, shown, by: by.to_owned() });
    if let Some(text) = table.shown.iter().find_map(|shown| boxed(shown, given, words)) {
        return other(text, None);
    }
    let said: Vec<(Says, &str)> = table.shown.iter().filter_map(|shown| says(shown, words)).chain(lines(table, words)).collect();
    let is_named = named.contains(&given) || said.iter().any(|(says, _)| *says == Says::Of(given));
    if is_named {
        return None;
    }
    if let Some((tab, line)) = by_lines(table, words).filter(|(tab, _)| *tab != given) {
        return other(line, Some(tab));
    }
    if let Some(heading) = unclear(given, table, words) {
        return other(heading, None);
    }
    // A choice of everybody says less than one of a state.
    match said.iter().find(|(says, _)| *says != Says::Everybody).or(said.first()) {
        Some((Says::Of(tab), text)) => return other(text, Some(*tab)),
        Some((Says::Everybody, text)) => return other(text, None),
        None => {}
    }
    if !named.is_empty() {
        return None;
    }
    let hints = table.shown.iter().filter_map(|shown| if let Shown::Hint(text) = shown { Some(text.as_str()) } else { None });
    let hinted: Vec<(Tab, &str)> = hints.filter_map(|text| Some((words.heading(text)?, text))).collect();
    if let Some((tab, text)) = hinted.first() {
        return if hinted.iter().all(|(tab, _)| *tab != given) { other(text, Some(*tab)) } else { None };
    }
    // People name files after their tabs, and can give the one for the other.
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let by_name: Vec<Tab> = split(name).iter().filter_map(|word| words.heading(word)).collect();
    let shown = by_name.first().copied().filter(|_| !by_name.contains(&given))?;
    other(name, Some(shown))
}

/// Returns why the people below a heading cannot all be of the tab that was given, however many a person counted.
pub(in crate::list) fn by_heading(given: Tab, table: &Table, words: &Words<'_>) -> Option<Cause> {
    let by = unclear(given, table, words)?.to_owned();
    Some(Cause::OtherStates { given, shown: None, by })
}

/// Returns whether a page that was given as one of everybody hides people of some states.
pub(in crate::list) fn hides_some(table: &Table, words: &Words<'_>) -> bool {
    let is_hidden = |shown: &Shown| match shown {
        Shown::Box { text, ticked } => {
            let all = split(text);
            let has = |known: &[&str]| all.iter().any(|word| known.contains(&word.as_str()));
            let is_of_state =
                all.iter().any(|word| words.heading(word).is_some_and(|tab| !tab.standing().is_some_and(Standing::is_active)))
                    || has(&["hidden"]);
            is_of_state && if has(&HIDES) { *ticked } else { has(&SHOWS) && !ticked }
        }
        Shown::Chosen { .. } => says(shown, words).is_some_and(|(says, _)| says != Says::Everybody),
        Shown::Line(_) | Shown::Hint(_) => false,
    };
    table.shown.iter().any(is_hidden)
}

/// The lines of a text that is not a page: "Status: Inactive".
fn lines<'t>(table: &'t Table, words: &Words<'_>) -> Vec<(Says, &'t str)> {
    if table.is_page {
        return Vec::new();
    }
    let first = table.rows.iter().take(5).filter_map(|row: &TableRow| {
        let mut texts = row.texts();
        texts.next().filter(|_| texts.next().is_none())
    });
    table.around.iter().map(String::as_str).chain(first).filter_map(|line| Some((of_line(line, words)?, line))).collect()
}

/// Reads "Status: Inactive".
fn of_line(line: &str, words: &Words<'_>) -> Option<Says> {
    let (name, own) = line.split_once(':')?;
    let name = squash(name);
    let is_of_state = general::meaning(&name, false).is_some_and(|meaning| meaning.kept == Kept::Status)
        || ["show", "showing", "view", "viewing", "filter", "filteredby", "filters", "userstatus", "display", "displaying", "tab"]
            .contains(&name.as_str());
    is_of_state.then(|| of_text(own.trim(), words)).flatten()
}

fn of_text(text: &str, words: &Words<'_>) -> Option<Says> {
    words.heading(text).map(Says::Of).or_else(|| is_everybody(text, words).then_some(Says::Everybody))
}

/// Returns whether a choice leaves nobody out: "All", "All statuses", "Active and inactive".
fn is_everybody(text: &str, words: &Words<'_>) -> bool {
    let all: Vec<String> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let is_all = all.first().is_some_and(|first| ALL.contains(&first.as_str()));
    let states: BTreeSet<Tab> = all.iter().filter_map(|word| words.heading(word)).collect();
    let has_nouns_only = all.iter().skip(1).all(|word| NOUNS.contains(&word.as_str()));
    (is_all && has_nouns_only) || states.len() > 1
}

/// Returns what a choice says; `None` if it is about something else.
fn says<'t>(shown: &'t Shown, words: &Words<'_>) -> Option<(Says, &'t str)> {
    match shown {
        // "Status: Active" can be about the person who is signed in.
        Shown::Line(line) => Some((of_line(line, words).filter(|says| *says != Says::Of(Tab::Active))?, line)),
        Shown::Chosen { text, others, name, is_sure } => {
            let name = name.to_lowercase();
            if OTHERS.iter().any(|word| name.contains(word)) && !name.contains("status") {
                return None;
            }
            let own = of_line(text, words).or_else(|| of_text(text, words));
            let is_of_state = STATES.iter().any(|word| name.contains(word)) || text.contains(':');
            let has_states = others
                .iter()
                .filter_map(|other| words.heading(other))
                .any(|tab| tab.standing().is_some_and(|standing| !standing.is_pending()));
            // The first entry of a list can be its name: "Status".
            let is_name = !is_sure && NOUNS.contains(&squash(text).as_str());
            let is_of_people = is_of_state || (is_plain(text) && (has_states || others.is_empty()));
            let counts = match own {
                Some(Says::Everybody) => is_of_state || has_states,
                Some(Says::Of(_)) => *is_sure && is_of_people,
                None => is_name && has_states,
            };
            counts.then(|| (own.unwrap_or(Says::Everybody), text.as_str()))
        }
        Shown::Box { .. } | Shown::Hint(_) => None,
    }
}

/// Returns whether a word is about people: settings are enabled or accepted, too.
fn is_plain(text: &str) -> bool {
    let first = split(text).into_iter().next().unwrap_or_default();
    !["enabled", "disabled", "accepted", "approved", "confirmed", "member", "registered", "removed", "provisioned", "guest"]
        .contains(&first.as_str())
}

/// Returns the text of a box by which a page shows people of another state than the one that was given, too.
fn boxed<'t>(shown: &'t Shown, given: Tab, words: &Words<'_>) -> Option<&'t str> {
    let Shown::Box { text, ticked } = shown else { return None };
    let all: Vec<String> = split(text);
    let has = |known: &[&str]| all.iter().any(|word| known.contains(&word.as_str()));
    if has(&["only", "seulement", "uniquement"]) {
        return None;
    }
    let is_hidden_user = has(&["hidden"]) && has(&SHOWS);
    let states: BTreeSet<Tab> = all.iter().filter_map(|word| words.heading(word)).chain(is_hidden_user.then_some(Tab::Inactive)).collect();
    let is_of_others = states.iter().any(|tab| *tab != given) && !states.contains(&given);
    let shows_more = if has(&SHOWS) { *ticked } else { has(&HIDES) && !ticked };
    (is_of_others && shows_more).then_some(text.as_str())
}

/// The words of a text, also of one such as `includeInactive`.
fn split(text: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut was_small = false;
    for c in text.chars() {
        if c.is_uppercase() && was_small {
            spaced.push(' ');
        }
        was_small = c.is_lowercase();
        spaced.extend(c.to_lowercase());
    }
    spaced.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns the tab of people of whom a column says that none of them is of the tab that was given; `None` if some are, or nobody knows.
pub(in crate::list) fn instead(given: Tab, states: impl Iterator<Item = Option<Standing>>) -> Option<Tab> {
    let shown = states.map(|state| state.map(Tab::showing)).collect::<Option<Vec<Tab>>>()?;
    let is_of_states = given.standing().is_some();
    shown.first().copied().filter(|_| is_of_states && !shown.contains(&given))
}

/// Returns whether a choice on the page leaves out the people of other clinics: one of several of which some are known, or a word of their
/// names.
pub(in crate::list) fn is_of_one_clinic(table: &Table, words: &Words<'_>) -> bool {
    let known: BTreeSet<String> = words.clinics.iter().flat_map(|(key, name)| [squash(key), squash(name)]).collect();
    let own: BTreeSet<String> = words.clinics.values().flat_map(|name| split(name)).filter(|word| is_own_word(word)).collect();
    let is_narrow = |shown: &Shown| match shown {
        Shown::Chosen { text, others, name: _, is_sure: _ } => {
            let all = split(text);
            let is_all = all.is_empty() || is_everybody(text, words) || all.iter().any(|word| ALL.contains(&word.as_str()));
            let asks =
                all.first().is_some_and(|first| ["select", "choose", "pick", "please", "choisir", "choisissez"].contains(&first.as_str()));
            let is_beside_clinics = others.iter().any(|other| known.contains(&squash(other)));
            let is_named = others.is_empty() && all.len() <= 5 && all.iter().any(|word| own.contains(word));
            !is_all && !asks && (is_beside_clinics || is_named)
        }
        Shown::Box { .. } | Shown::Line(_) | Shown::Hint(_) => false,
    };
    words.clinics.len() > 1 && table.shown.iter().any(is_narrow)
}

/// Returns whether a line says that the list leaves people out: "Showing users in Glow Downtown", "Role is Provider".
pub(in crate::list) fn narrows(line: &str, tab: Option<Tab>, words: &Words<'_>) -> bool {
    const FIRST: [&str; 10] =
        ["showing", "viewing", "displaying", "only", "filtered", "results", "users", "members", "people", "employees"];
    const LONGEST: usize = 80;
    let lower = line.to_lowercase();
    if line.len() > LONGEST || lower.len() != line.len() {
        return false;
    }
    let rest = |sign: &str| lower.find(sign).and_then(|at| Some((line.get(..at)?, line.get(at + sign.len()..)?.trim())));
    let is_named = |name: &str| name.chars().count() > 1 && words.narrows_down(name, tab);
    let is_column = |key: &str| {
        let kept = general::meaning(&squash(key), false).map(|meaning| meaning.kept);
        kept.is_some_and(|kept| [Field::Role, Field::Clinics].map(Kept::Field).contains(&kept))
    };
    // "3 users in Glow Downtown".
    let first = split(line).into_iter().find(|word| !word.bytes().all(|b| b.is_ascii_digit()));
    let is_of_people = first.is_some_and(|first| FIRST.contains(&first.as_str()));
    let is_chosen = line.split_once(':').is_some_and(|(key, name)| {
        let key = squash(key);
        let key = ["selected", "current", "viewing"].iter().fold(key.as_str(), |key, word| key.strip_prefix(word).unwrap_or(key));
        (key.is_empty() || is_column(key)) && is_named(name.trim())
    });
    let by_place = || [" in ", " at ", " for ", " by ", " from "].iter().filter_map(|sign| rest(sign)).any(|(_, name)| is_named(name));
    let by_column = || [" is ", " equals ", " = "].iter().filter_map(|sign| rest(sign)).any(|(key, name)| is_column(key) && is_named(name));
    is_chosen || (is_of_people && by_place()) || by_column()
}

/// Returns whether a word of a clinic's name says more than that it is one.
fn is_own_word(word: &str) -> bool {
    const PLAIN: [&str; 16] = [
        "clinic", "clinics", "center", "centre", "medspa", "office", "location", "dental", "health", "medical", "care", "wellness",
        "practice", "skin", "family", "street",
    ];
    word.len() > 3 && !PLAIN.contains(&word)
}

/// Returns whether some of the people are of another state than the tab: then the page itself tells who is.
pub(in crate::list) fn tells_apart(given: Tab, mut states: impl Iterator<Item = Option<Standing>>) -> bool {
    states.any(|state| state.is_some_and(|state| Tab::showing(state) != given))
}
