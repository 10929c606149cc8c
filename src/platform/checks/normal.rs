//! The stored form of values: both sides are brought to it before they are compared.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use sha2::{Digest as _, Sha256};

use crate::model::{Country, Email, Field, Fields, NormalForm, Texts, Value, ValueRef, text_form, without_accents};

use crate::platform::Catalog;

impl Catalog {
    /// Brings every field to the form the platform stores, so that vendor quirks never reach a comparison; values that have no such form
    /// are left for the checks to report.
    pub fn normalize(&self, fields: &mut Fields) {
        // Most values are in it already, and nothing is copied.
        let others: Vec<(Field, Value)> = fields.iter().filter_map(|(field, value)| Some((field, normal(self, field, value)?))).collect();
        for (field, value) in others {
            fields.set(field, if value.is_empty() { Value::Unset } else { value });
        }
    }
}

/// The most characters of a key.
pub const LONGEST_KEY: usize = 63;

/// Returns whether a text can be the key of a workspace, clinic, role or employee record: lower-case letters, digits and hyphens.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain && (1..=LONGEST_KEY).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

/// Makes a key from a name, or from a key that others made: `Glow Zürich` is `glow-zurich`, and the text itself stays where it can be one. A
/// name without Latin letters and digits is `other`. Names can share a key.
#[must_use]
pub fn key_of(name: &str) -> String {
    if is_key(name) {
        return name.to_owned();
    }
    let plain = without_accents(name).to_lowercase();
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let key: String = words.join("-").chars().take(40).collect();
    let key = key.trim_end_matches('-');
    if key.is_empty() { "other".to_owned() } else { key.to_owned() }
}

/// The stored form of a value; `None` where it is in it.
fn normal(catalog: &Catalog, field: Field, value: ValueRef<'_>) -> Option<Value> {
    if value.is_empty() {
        return (value != ValueRef::Unset).then_some(Value::Unset);
    }
    let form = match value {
        ValueRef::List(phones) => match field.definition().form {
            NormalForm::Phones if are_phones_in_form(phones) => return None,
            NormalForm::Phones => Value::List(phone_list(phones)),
            NormalForm::Plain | NormalForm::Lines | NormalForm::Color | NormalForm::Address => return None,
        },
        ValueRef::Text(text) => match field.definition().form {
            NormalForm::Color => Value::Text(color_form(text)?),
            NormalForm::Address => Value::Text(Email::parse(text).ok()?.into()),
            NormalForm::Plain | NormalForm::Lines | NormalForm::Phones if is_text_form(text) => return None,
            NormalForm::Plain | NormalForm::Lines | NormalForm::Phones => Value::Text(text_form(text)),
        },
        ValueRef::Changes { grant, revoke } if grant.into_iter().chain(revoke).all(|name| is_spelled(catalog, name)) => return None,
        ValueRef::Changes { grant, revoke } => Value::changes(spelled(catalog, grant), spelled(catalog, revoke)),
        ValueRef::Unset | ValueRef::Flag(_) | ValueRef::Number(_) | ValueRef::Set(_) => return None,
    };
    (value != form).then_some(form)
}

/// The hex digits that tell apart two names which would have the same key.
const DIGITS: usize = 8;
/// The most characters of a key made from a name, so that a number fits behind it.
const LONGEST_NAME: usize = 40;

/// Makes a key from a person's name if none is given: `rob-hale`, `jose-nunez`. A name that would lose more than accents keeps apart from
/// others with the digits of a hash: `s-ren-6f0c21d4`.
#[must_use]
pub fn employee_key(first: &str, last: &str) -> String {
    let name = text_form(&format!("{first} {last}")).to_lowercase();
    let plain = without_accents(&name);
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let key: String = words.join("-").chars().take(LONGEST_NAME).collect();
    let key = key.trim_end_matches('-');
    let is_whole = plain.chars().all(|c| c.is_ascii() || !c.is_alphanumeric()) && words.join("-").len() <= LONGEST_NAME;
    match (key, is_whole) {
        ("", true) => "unnamed".to_owned(),
        (key, true) => key.to_owned(),
        (key, false) => {
            let mut hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&name));
            hash.truncate(DIGITS);
            if key.is_empty() { format!("unnamed-{hash}") } else { format!("{key}-{hash}") }
        }
    }
}

/// Makes a key from a person's name that no other record has: `rob-hale`, or `rob-hale-2`.
#[must_use]
pub fn free_employee_key(first: &str, last: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let name = employee_key(first, last);
    let (mut key, mut n) = (name.clone(), 2_u32);
    while is_taken(&key) {
        key = format!("{name}-{n}");
        n += 1;
    }
    key
}

/// Returns whether a text is obviously in its stored form already: most are, and need no copy.
fn is_text_form(text: &str) -> bool {
    let ends = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_whitespace() && *b != 0x0b);
    text.is_ascii() && ends(text.as_bytes().first()) && ends(text.as_bytes().last())
}

/// The number of digits of a phone number, with its country code.
pub(in crate::platform) const PHONE_DIGITS: RangeInclusive<usize> = 8..=15;

/// A phone number in E.164 form: `+`, then digits. Spaces, dots, hyphens and parentheses do not count, and neither does a `(0)`
/// that is dialed only within the country.
#[must_use]
pub fn phone_form(text: &str) -> Option<String> {
    if is_phone_form(text) {
        return Some(text.to_owned());
    }
    let text = text.trim().strip_prefix('+')?;
    // In Italy, the zero is always dialed, so nobody knows what is meant.
    if text.starts_with("39") && text.contains(DOMESTIC_ZERO) {
        return None;
    }
    let mut phone = String::from("+");
    match text.split_once(DOMESTIC_ZERO) {
        Some((before, after)) => add_digits(&mut phone, before).and_then(|()| add_digits(&mut phone, after))?,
        None => add_digits(&mut phone, text)?,
    }
    is_phone_form(&phone).then_some(phone)
}

/// Returns whether a phone number is in E.164 form already.
pub(in crate::platform) fn is_phone_form(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    PHONE_DIGITS.contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Returns whether a list of phone numbers is obviously in its stored form already: most have one or two numbers, and need no copy.
fn are_phones_in_form(phones: Texts<'_>) -> bool {
    let mut phones = phones.into_iter();
    let (first, second) = (phones.next(), phones.next());
    phones.next().is_none() && first != second && [first, second].into_iter().flatten().all(is_phone_form)
}

/// The text that many people write before a number without its country code.
const DOMESTIC_ZERO: &str = "(0)";

/// A phone number in E.164 form, from that or from a number as it is written in the country.
#[must_use]
pub fn phone_in(country: Option<Country>, text: &str) -> Option<String> {
    if text.trim().starts_with('+') {
        return phone_form(text);
    }
    let mut digits = String::new();
    add_digits(&mut digits, text.trim())?;
    phone_form(&country?.international(&digits)?)
}

/// Adds the digits of a part of a phone number, if it has nothing else that counts.
fn add_digits(digits: &mut String, text: &str) -> Option<()> {
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
            _ => return None,
        }
    }
    Some(())
}

/// The first number stays first, since it is the cell phone (AR-1); the order of the rest means nothing.
fn phone_list<'p>(phones: impl IntoIterator<Item = &'p str>) -> Vec<String> {
    let mut normal: Vec<String> = Vec::new();
    for phone in phones {
        let phone = phone_form(phone).unwrap_or_else(|| phone.to_owned());
        if !normal.contains(&phone) {
            normal.push(phone);
        }
    }
    if let Some(rest) = normal.get_mut(1..) {
        rest.sort();
    }
    normal
}

/// A color as `#rrggbb` in lower case, from that or from `#rgb`.
#[must_use]
pub fn color_form(text: &str) -> Option<String> {
    let hex = text.trim().strip_prefix('#')?;
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let hex = hex.to_ascii_lowercase();
    match hex.len() {
        6 => Some(format!("#{hex}")),
        3 => Some(hex.chars().fold(String::from("#"), |mut out, c| {
            out.push(c);
            out.push(c);
            out
        })),
        _ => None,
    }
}

/// Returns whether a privilege is spelled as the platform spells it, or is not known there.
fn is_spelled(catalog: &Catalog, name: &str) -> bool {
    catalog.privilege(name).is_none_or(|spelled| spelled == name)
}

fn spelled<'n>(catalog: &Catalog, names: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
    names.into_iter().map(|name| catalog.privilege(name).unwrap_or(name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_makes_a_key() {
        for (name, key) in [
            ("Glow Downtown", "glow-downtown"),
            ("  Zürich / Île-de-France (2) ", "zurich-ile-de-france-2"),
            ("../../x", "x"),
            ("院長", "other"),
            ("", "other"),
        ] {
            assert_eq!(key_of(name), key);
        }
        let long = key_of(&"ab ".repeat(40));
        assert!(is_key(&long) && long.len() == 40, "{long}");
    }

    #[test]
    fn every_name_of_a_person_makes_a_key_of_its_own() {
        assert_eq!(employee_key("Rob", "Hale"), "rob-hale");
        assert_eq!(employee_key("José", "O'Neil"), "jose-o-neil");
        assert_eq!(employee_key("Jose\u{301}", "O\u{2019}Neil"), "jose-o-neil");
        let long = "x".repeat(200);
        let names = [("Søren", "Kjær"), ("Soren", "Kjær"), ("李", "明"), ("王", "芳"), (&long, "a"), (&long, "b"), ("...", ""), ("", "")];
        let keys: Vec<String> = names.iter().map(|(first, last)| employee_key(first, last)).collect();
        assert!(keys.iter().all(|key| is_key(key) && is_key(&format!("{key}-12345"))), "{keys:?}");
        let told_apart: BTreeSet<&String> = keys.iter().collect();
        assert_eq!(told_apart.len(), names.len() - 1, "{keys:?}");
        assert!(keys[0].starts_with("s-ren-kj-r-") && keys[2].starts_with("unnamed-"), "{keys:?}");
    }

    #[test]
    fn a_zero_that_is_dialed_only_within_the_country_is_left_out() {
        for written in ["+44 (0)20 7946 0018", "+44(0) 20-7946-0018", "+44 20 7946 0018", "+44 (20) 7946 0018"] {
            assert_eq!(phone_form(written).as_deref(), Some("+442079460018"), "{written}");
        }
        assert_eq!(phone_form("+39 (0)6 5555 0123"), None, "with or without the zero");
        assert_eq!(phone_form("+39 06 5555 0123").as_deref(), Some("+390655550123"));
        for written in ["+44 (0)20 (0)7946 0018", "+(0)44"] {
            assert_ne!(phone_form(written).as_deref(), Some("+442079460018"), "{written}");
        }
    }
}
