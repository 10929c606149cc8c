//! How [`crate::model::Fields`] are stored in one text: for each field its number, the kind and the length of its value, and the value.
//!
//! Numbers and lengths are ASCII characters of six bits each, the lowest first; a seventh bit says that more follow. So everything is
//! text, and every part can be borrowed as text.

use std::cmp::Ordering;

use super::own_field::{MOST, OwnField};
use crate::model::{Field, Value, ValueRef};

/// Six bits a character.
const BITS: u32 = 6;
const MASK: u64 = (1 << BITS) - 1;
/// A field of a roster's own catalog has this number, and then its own one in two characters.
const OWN: u8 = b'~';
const _: () = assert!(Field::ALL.len() < OWN as usize && MOST <= 1 << (2 * BITS), "every field has a number of its own");
/// Set if another character follows.
const MORE: u8 = 1 << BITS;

const UNSET: u8 = b'-';
const TEXT: u8 = b't';
const OFF: u8 = b'0';
const ON: u8 = b'1';
const NUMBER: u8 = b'n';
const LIST: u8 = b'l';
const SET: u8 = b's';
const CHANGES: u8 = b'c';

/// Texts as they are stored in [`crate::model::Fields`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts<'a>(&'a str);

impl Texts<'_> {
    /// Returns how many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.into_iter().count()
    }

    /// Returns whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a text is among them.
    #[must_use]
    pub fn contains(self, text: &str) -> bool {
        self.into_iter().any(|one| one == text)
    }
}

impl<'a> IntoIterator for Texts<'a> {
    type Item = &'a str;
    type IntoIter = EachText<'a>;

    fn into_iter(self) -> Self::IntoIter {
        EachText(FieldReader::new(self.0))
    }
}

/// Writes one text after the other, as they are stored.
#[derive(Clone, Debug)]
pub struct EachText<'a>(FieldReader<'a>);

impl<'a> Iterator for EachText<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.part()
    }
}

/// Adds a field with its value at the end.
pub(in crate::model) fn pack(out: &mut String, field: Field, value: &Value) {
    number_of(out, field);
    let (kind, body) = match value {
        Value::Unset => (UNSET, 0),
        Value::Text(text) => (TEXT, text.len()),
        Value::Flag(false) => (OFF, 0),
        Value::Flag(true) => (ON, 0),
        Value::Number(number) => (NUMBER, width(zigzag(*number))),
        Value::List(texts) => (LIST, room(texts)),
        Value::Set(texts) => (SET, room(texts)),
        Value::Changes(changes) => {
            let granted = room(&changes.grant);
            (CHANGES, width(granted as u64) + granted + room(&changes.revoke))
        }
    };
    out.push(char::from(kind));
    number(out, body as u64);
    match value {
        Value::Unset | Value::Flag(_) => {}
        Value::Text(text) => out.push_str(text),
        Value::Number(whole) => number(out, zigzag(*whole)),
        Value::List(texts) => parts(out, texts),
        Value::Set(texts) => parts(out, texts),
        Value::Changes(changes) => {
            number(out, room(&changes.grant) as u64);
            parts(out, &changes.grant);
            parts(out, &changes.revoke);
        }
    }
}

/// Adds the number of a field.
fn number_of(out: &mut String, field: Field) {
    if let Field::Own(own) = field {
        let own = u64::from(own.number());
        out.push(char::from(OWN));
        out.push(char::from(low(own >> BITS)));
        out.push(char::from(low(own)));
    } else {
        out.push(char::from(u8::try_from(field.place()).unwrap_or(OWN)));
    }
}

/// Reads one field after the other.
#[derive(Clone, Debug)]
pub(in crate::model) struct FieldReader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> FieldReader<'a> {
    pub(in crate::model) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Returns how many bytes were read.
    pub(in crate::model) const fn at(&self) -> usize {
        self.at
    }

    /// Returns the next field, and how many bytes its number takes.
    fn field(&self) -> Option<(Field, usize)> {
        let bytes = self.text.as_bytes();
        let first = *bytes.get(self.at)?;
        if first == OWN {
            let number = u16::from(*bytes.get(self.at + 1)?) << BITS | u16::from(*bytes.get(self.at + 2)?);
            return Some((Field::Own(OwnField::numbered(number)?), 3));
        }
        Field::ALL.get(usize::from(first)).map(|field| (*field, 1))
    }

    /// Skips the fields before this one, and returns how many bytes were read then.
    pub(in crate::model) fn skip_before(&mut self, field: Field) -> usize {
        while let Some((next, bytes)) = self.field()
            && next < field
        {
            if self.pass(bytes).is_none() {
                break;
            }
        }
        self.at
    }

    /// Passes over the next field, whose number takes so many bytes, and returns all bytes of it.
    fn pass(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let from = self.at;
        self.at += bytes + 1;
        self.at += self.number()?;
        self.text.as_bytes().get(from..self.at)
    }

    /// Skips the fields before this one, and this one if it is present.
    pub(in crate::model) fn seek(&mut self, field: Field) -> Option<ValueRef<'a>> {
        self.skip_before(field);
        if self.field()?.0 == field { self.next().map(|(_, value)| value) } else { None }
    }

    fn number(&mut self) -> Option<usize> {
        usize::try_from(self.long()?).ok()
    }

    #[inline]
    fn long(&mut self) -> Option<u64> {
        let first = *self.text.as_bytes().get(self.at)?;
        if first & MORE == 0 {
            self.at += 1;
            return Some(u64::from(first));
        }
        self.longer()
    }

    /// Reads a number of several characters.
    fn longer(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & !MORE).checked_shl(shift)?;
            if byte & MORE == 0 {
                return Some(number);
            }
            shift += BITS;
        }
    }

    /// Reads a text after its length.
    fn part(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        let part = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(part)
    }

    /// Returns the unread rest.
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

impl<'a> Iterator for FieldReader<'a> {
    type Item = (Field, ValueRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (field, bytes) = self.field()?;
        let kind = *self.text.as_bytes().get(self.at + bytes)?;
        self.at += bytes + 1;
        let body = self.part()?;
        let value = match kind {
            TEXT => ValueRef::Text(body),
            OFF => ValueRef::Flag(false),
            ON => ValueRef::Flag(true),
            NUMBER => ValueRef::Number(unzigzag(FieldReader::new(body).long()?)),
            LIST => ValueRef::List(Texts(body)),
            SET => ValueRef::Set(Texts(body)),
            CHANGES => {
                let mut both = FieldReader::new(body);
                ValueRef::Changes { grant: Texts(both.part()?), revoke: Texts(both.rest()) }
            }
            _ => ValueRef::Unset,
        };
        Some((field, value))
    }
}

/// Walks through the fields of two people together, and skips those that are stored in the same bytes.
#[derive(Clone, Debug)]
pub(in crate::model) struct Unlike<'a> {
    one: FieldReader<'a>,
    other: FieldReader<'a>,
}

impl<'a> Unlike<'a> {
    pub(in crate::model) const fn new(one: &'a str, other: &'a str) -> Self {
        Self { one: FieldReader::new(one), other: FieldReader::new(other) }
    }
}

impl<'a> Iterator for Unlike<'a> {
    type Item = (Field, Option<ValueRef<'a>>, Option<ValueRef<'a>>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let order = match (self.one.field(), self.other.field()) {
                (None, None) => return None,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((field, bytes)), Some((other, _))) if field == other => {
                    let (mut one, mut other) = (self.one.clone(), self.other.clone());
                    if one.pass(bytes)? == other.pass(bytes)? {
                        (self.one, self.other) = (one, other);
                        continue;
                    }
                    Ordering::Equal
                }
                (Some((field, _)), Some((other, _))) => field.cmp(&other),
            };
            let one = if order == Ordering::Greater { None } else { self.one.next() };
            let other = if order == Ordering::Less { None } else { self.other.next() };
            let field = one.or(other)?.0;
            return Some((field, one.map(|(_, value)| value), other.map(|(_, value)| value)));
        }
    }
}

fn number(out: &mut String, mut number: u64) {
    while number > MASK {
        out.push(char::from(low(number) | MORE));
        number >>= BITS;
    }
    out.push(char::from(low(number)));
}

/// Returns the lowest six bits.
fn low(number: u64) -> u8 {
    u8::try_from(number & MASK).unwrap_or_default()
}

/// Returns how many characters a number takes.
fn width(number: u64) -> usize {
    (u64::BITS - number.leading_zeros()).div_ceil(BITS).max(1) as usize
}

/// Maps numbers near zero to small ones, whatever their sign.
const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Returns how many bytes texts take, each with its length.
fn room<'t>(texts: impl IntoIterator<Item = &'t String>) -> usize {
    texts.into_iter().map(|text| width(text.len() as u64) + text.len()).sum()
}

fn parts<'t>(out: &mut String, texts: impl IntoIterator<Item = &'t String>) {
    for text in texts {
        number(out, text.len() as u64);
        out.push_str(text);
    }
}
