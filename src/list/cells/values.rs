//! Reads the cells of the columns that are kept: roles, clinics, phone numbers, switches, texts and sets.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Kind, Names, NormalForm, Value};
use crate::platform::phone_in;

use super::clinics;
use crate::list::general::{is_dash, is_null, yes_or_no};
use crate::list::spelling::{is_same_word, slip_of};
use crate::list::table::{Cell, Lost};
use crate::list::words::{Kept, NONE, UNKNOWN, Words, exact};

/// The meaning of a cell for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::list) enum CellSays {
    /// This value; `Unset` is an empty cell.
    Value(Value),
    /// Nothing that anybody knows.
    Unknown,
    /// The number in it is damaged.
    Damaged,
    /// It names several roles, and an account has one.
    SeveralRoles,
    /// These words are not understood.
    Words(Vec<Unknown>),
}

/// A word that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::list) struct Unknown {
    pub(in crate::list) word: String,
    /// The key of the roster that is nearest to it.
    pub(in crate::list) near: Option<String>,
}

/// The clinics of a workspace by the names that a list can have for them.
pub(in crate::list) type ClinicNames = BTreeMap<String, Option<String>>;

/// Lists the names that clinics have.
pub(in crate::list) fn clinic_names(words: &Words<'_>) -> ClinicNames {
    let mut names: ClinicNames = BTreeMap::new();
    for (key, name) in words.clinics {
        names.insert(exact(key), Some(key.clone()));
        names.insert(exact(name), Some(key.clone()));
    }
    let key = Kept::Field(Field::Clinics).key(words.catalog);
    for listed in [&words.catalog.list, words.own] {
        for (word, value) in listed.values.get(key).into_iter().flatten() {
            names.insert(exact(word), (value != UNKNOWN).then(|| value.clone()));
        }
    }
    names
}

/// Reads a cell of a field's column.
pub(in crate::list) fn said(field: Field, cell: &Cell, words: &Words<'_>, clinics: &ClinicNames) -> CellSays {
    let definition = field.definition();
    let text = cell.whole.as_deref().filter(|_| cell.lost == Some(Lost::Cut)).unwrap_or(&cell.text);
    match cell.lost {
        Some(Lost::More | Lost::Formula) => return CellSays::Unknown,
        Some(Lost::Cut) if cell.whole.is_none() => return CellSays::Unknown,
        Some(Lost::Digits) if definition.form == NormalForm::Phones => return CellSays::Damaged,
        Some(Lost::Cut | Lost::Digits) | None => {}
    }
    if definition.kind == Kind::Flag {
        return flag(field, cell, text, words);
    }
    // The text beside a box that is not ticked is not chosen.
    if cell.ticked == Some(false) {
        return CellSays::Unknown;
    }
    if text.is_empty() {
        // A picture or box without text says something, but nobody knows what.
        return if cell.is_blank() { CellSays::Value(Value::Unset) } else { CellSays::Unknown };
    }
    if words.value(Kept::Field(field), text) == Some(UNKNOWN) || (is_dash(text) && definition.names != Names::Role) {
        return if matches!(text, "-" | "–" | "—" | "--") { CellSays::Value(Value::Unset) } else { CellSays::Unknown };
    }
    match definition.names {
        Names::Role => role(text, words),
        Names::Clinic => clinic(text, words, clinics, definition.kind == Kind::Set),
        Names::Nothing | Names::Employee | Names::Colleague => match (definition.form, definition.kind) {
            (NormalForm::Phones, _) => phones(text, words),
            (NormalForm::Plain | NormalForm::Lines | NormalForm::Color | NormalForm::Address, Kind::Set) => set(field, text, words),
            (
                NormalForm::Plain | NormalForm::Lines | NormalForm::Color | NormalForm::Address,
                Kind::Text | Kind::TextOrNo | Kind::Flag | Kind::Number | Kind::List | Kind::Changes,
            ) => {
                if allowed(field, words).is_empty() {
                    plain(field, text, words)
                } else {
                    choice(field, text, words)
                }
            }
        },
    }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn flag(field: Field, cell: &Cell, text: &str, words: &Words<'_>) -> CellSays {
    if let Some(ticked) = cell.ticked.filter(|_| text.is_empty()) {
        return CellSays::Value(Value::Flag(ticked));
    }
    let mark = cell.marks.iter().find_map(|mark| yes_or_no(mark)).filter(|_| text.is_empty());
    let by_icon = || cell.icons().find_map(|name| words.value(Kept::Field(field), name)).filter(|_| text.is_empty());
    let own = words.value(Kept::Field(field), text).or_else(by_icon);
    if own == Some(UNKNOWN) {
        return CellSays::Unknown;
    }
    match mark.or_else(|| yes_or_no(own.unwrap_or(text))) {
        Some(on) => CellSays::Value(Value::Flag(on)),
        None if is_dash(text) => CellSays::Unknown,
        None => CellSays::Words(vec![Unknown { word: text.to_owned(), near: None }]),
    }
}

fn role(lines: &str, words: &Words<'_>) -> CellSays {
    let text = one_line(lines);
    match words.role(&text) {
        Ok(Some(key)) => CellSays::Value(Value::Text(key)),
        Ok(None) => CellSays::Unknown,
        Err(()) if is_dash(&text) || is_null(&text) => CellSays::Unknown,
        Err(()) if let Some(said) = several_roles(lines, words) => said,
        Err(()) => {
            let listed = words.words_of(Kept::Field(Field::Role));
            let names: Vec<&str> = words.role_names().flat_map(|(key, name)| [key, name]).chain(listed).collect();
            let near = slip_of(&text, &names).and_then(|near| words.role(near).ok().flatten());
            CellSays::Words(vec![Unknown { word: text, near }])
        }
    }
}

/// Reads a cell that has nothing but known roles and what separates them; `None` if it has anything else.
fn several_roles(text: &str, words: &Words<'_>) -> Option<CellSays> {
    let separators = ['\n', ';', ',', '|', '/', '+', '&'];
    let separator = separators.into_iter().find(|separator| text.contains(*separator))?;
    // "Provider+" is not one of several.
    if separator == '+' && text.split('+').any(|part| part.trim().is_empty()) {
        return None;
    }
    let known = |part: &str| words.role(part.trim()).ok().flatten();
    let roles: Option<BTreeSet<String>> = text.split(separator).filter(|part| !part.trim().is_empty()).map(known).collect();
    let mut roles = roles?.into_iter();
    let first = roles.next()?;
    Some(if roles.next().is_none() { CellSays::Value(Value::Text(first)) } else { CellSays::SeveralRoles })
}

fn clinic(text: &str, words: &Words<'_>, names: &ClinicNames, is_set: bool) -> CellSays {
    let unknown = |word: String| {
        let all: Vec<&String> = names.keys().collect();
        let near = slip_of(&exact(&word), &all).and_then(|near| names.get(near).cloned().flatten());
        Unknown { word, near }
    };
    match clinics::keys(text, names) {
        Err(_) if is_null(text) => CellSays::Unknown,
        Err(parts) => CellSays::Words(parts.into_iter().map(unknown).collect()),
        Ok(keys) if keys.iter().any(Option::is_none) => CellSays::Unknown,
        Ok(keys) if is_set => CellSays::Value(Value::Set(keys.into_iter().flatten().collect())),
        Ok(keys) => match keys.as_slice() {
            [Some(key)] => CellSays::Value(Value::Text(key.clone())),
            _ => CellSays::Words(vec![unknown(one_line(text))]),
        },
    }
    .checked(words)
}

impl CellSays {
    /// A workspace without clinics in the roster has names for none: what the list says is unknown rather than wrong.
    fn checked(self, words: &Words<'_>) -> Self {
        match self {
            Self::Words(_) if !words.catalog.clinics => Self::Unknown,
            other @ (Self::Value(_) | Self::Unknown | Self::Damaged | Self::SeveralRoles | Self::Words(_)) => other,
        }
    }
}

fn phones(text: &str, words: &Words<'_>) -> CellSays {
    let mut found = Vec::new();
    for part in text.split(['\n', ';', ',', '|', '/']).map(str::trim).filter(|part| !part.is_empty()) {
        let (label, number) = part.rsplit_once(':').map_or(("", part), |(label, number)| (label, number.trim()));
        // "Phone 2:" is a label; a number that is followed by another label is not.
        if label.chars().filter(char::is_ascii_digit).count() > 2 {
            return CellSays::Damaged;
        }
        match phone_in(words.country, without_kind(number)) {
            Some(phone) => {
                if !found.contains(&phone) {
                    found.push(phone);
                }
            }
            None => return CellSays::Damaged,
        }
    }
    CellSays::Value(Value::List(found))
}

/// A number without the kind of phone that follows it, such as "(mobile)".
fn without_kind(number: &str) -> &str {
    let kind = number.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    kind.filter(|(_, kind)| kind.chars().all(char::is_alphabetic)).map_or(number, |(number, _)| number.trim())
}

fn plain(field: Field, text: &str, words: &Words<'_>) -> CellSays {
    let text = one_line(text);
    let own = words.value(Kept::Field(field), &text).map(str::to_owned);
    // Somebody can be called "None", but not "NaN" or "NULL".
    match own {
        None if matches!(text.as_str(), "NaN" | "NULL") => CellSays::Unknown,
        own => CellSays::Value(Value::Text(own.unwrap_or(text))),
    }
}

/// The only words that a field can have; all are allowed if there are none.
fn allowed<'w>(field: Field, words: &Words<'w>) -> &'w [String] {
    words.catalog.field(field).map_or(&[], |rule| rule.allowed.as_slice())
}

fn choice(field: Field, text: &str, words: &Words<'_>) -> CellSays {
    let text = one_line(text);
    let word = words.value(Kept::Field(field), &text).unwrap_or(&text);
    let allowed = allowed(field, words);
    if word == NONE && !allowed.iter().any(|known| known == NONE) {
        return CellSays::Value(Value::Unset);
    }
    match allowed.iter().find(|known| is_same_word(known, word)) {
        Some(known) => CellSays::Value(Value::Text(known.clone())),
        None => CellSays::Words(vec![Unknown { near: slip_of(&text, allowed).map(str::to_owned), word: text }]),
    }
}

fn set(field: Field, text: &str, words: &Words<'_>) -> CellSays {
    let allowed = allowed(field, words);
    let (mut found, mut unknown) = (BTreeSet::new(), Vec::new());
    let is_allowed = |one: &str| allowed.iter().any(|known| is_same_word(known, one));
    let whole = text.split(['\n', ';', ',', '|']).map(str::trim).filter(|part| !part.is_empty());
    // Some products put `+` between words; then no word has one.
    let may_have_sign = allowed.is_empty() || allowed.iter().any(|word| word.contains('+'));
    let is_joined = |part: &str| {
        let is_word = is_allowed(part) || words.value(Kept::Field(field), part).is_some();
        let are_words = || part.split('+').all(|one| !one.trim().is_empty());
        !is_word && part.contains('+') && (part.split('+').any(|one| is_allowed(one.trim())) || !may_have_sign && are_words())
    };
    let parts = whole.flat_map(|part| if is_joined(part) { part.split('+').map(str::trim).collect() } else { vec![part] });
    for part in parts.filter(|part| !part.is_empty()) {
        let own = words.value(Kept::Field(field), part);
        if own == Some(UNKNOWN) {
            return CellSays::Unknown;
        }
        let word = own.unwrap_or(part);
        if own == Some(NONE) && !allowed.iter().any(|known| known == NONE) {
            continue;
        }
        match allowed.iter().find(|known| is_same_word(known, word)) {
            Some(known) => drop(found.insert(known.clone())),
            None if allowed.is_empty() => drop(found.insert(word.to_owned())),
            None => unknown.push(Unknown { word: part.to_owned(), near: slip_of(part, allowed).map(str::to_owned) }),
        }
    }
    if unknown.is_empty() && found.is_empty() {
        CellSays::Value(Value::Unset)
    } else if unknown.is_empty() {
        CellSays::Value(Value::Set(found))
    } else {
        CellSays::Words(unknown)
    }
}

/// Adds a value to what is known: sets and lists grow, a blank cell adds nothing.
pub(in crate::list) fn with(known: Option<&Value>, value: Value) -> Value {
    if let (Some(Value::Set(known)), Value::Set(more)) = (known, &value) {
        return Value::Set(known.union(more).cloned().collect());
    }
    if let (Some(Value::List(known)), Value::List(more)) = (known, &value) {
        let new = more.iter().filter(|entry| !known.contains(entry));
        return Value::List(known.iter().chain(new).cloned().collect());
    }
    known.filter(|known| !known.is_empty()).cloned().unwrap_or(value)
}
