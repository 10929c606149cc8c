//! The form in which [`crate::model::Fields`] are stored in one text: for each field its number, the kind and the length of its value, and the value.
//!
//! Numbers and lengths are ASCII characters of six bits each, the lowest first; a seventh bit says that more follow. So everything is
//! text, and every part can be borrowed as text.

use std::cmp::Ordering;

use super::own_field::{MOST, OwnField};
use super::texts::{BITS, MORE, PackedReader};
use crate::model::{Field, Texts, Value, ValueRef};

const MASK: u64 = (1 << BITS) - 1;
/// A field of a roster's own catalog has this number, and then its own one in two characters.
const OWN: u8 = b'~';
const _: () = assert!(Field::ALL.len() < OWN as usize && MOST <= 1 << (2 * BITS), "every field has a number of its own");

const UNSET: u8 = b'-';
const TEXT: u8 = b't';
const OFF: u8 = b'0';
const ON: u8 = b'1';
const NUMBER: u8 = b'n';
const LIST: u8 = b'l';
const SET: u8 = b's';
const CHANGES: u8 = b'c';

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
pub(in crate::model) struct FieldReader<'a>(PackedReader<'a>);

impl<'a> FieldReader<'a> {
    pub(in crate::model) const fn new(text: &'a str) -> Self {
        Self(PackedReader::new(text))
    }

    /// Returns how many bytes were read.
    pub(in crate::model) const fn at(&self) -> usize {
        self.0.at
    }

    /// Returns the next field, and how many bytes its number takes.
    fn field(&self) -> Option<(Field, usize)> {
        let (bytes, at) = (self.0.text.as_bytes(), self.0.at);
        let first = *bytes.get(at)?;
        if first == OWN {
            let number = u16::from(*bytes.get(at + 1)?) << BITS | u16::from(*bytes.get(at + 2)?);
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
        self.0.at
    }

    /// Passes over the next field, whose number takes so many bytes, and returns all bytes of it.
    fn pass(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let from = self.0.at;
        self.0.at += bytes + 1;
        self.0.at += self.0.number()?;
        self.0.text.as_bytes().get(from..self.0.at)
    }

    /// Skips the fields before this one, and this one if it is present.
    pub(in crate::model) fn seek(&mut self, field: Field) -> Option<ValueRef<'a>> {
        self.skip_before(field);
        if self.field()?.0 == field { self.next().map(|(_, value)| value) } else { None }
    }
}

impl<'a> Iterator for FieldReader<'a> {
    type Item = (Field, ValueRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (field, bytes) = self.field()?;
        let kind = *self.0.text.as_bytes().get(self.0.at + bytes)?;
        self.0.at += bytes + 1;
        let body = self.0.part()?;
        let value = match kind {
            TEXT => ValueRef::Text(body),
            OFF => ValueRef::Flag(false),
            ON => ValueRef::Flag(true),
            NUMBER => ValueRef::Number(unzigzag(PackedReader::new(body).long()?)),
            LIST => ValueRef::List(Texts::new(body)),
            SET => ValueRef::Set(Texts::new(body)),
            CHANGES => {
                let mut both = PackedReader::new(body);
                ValueRef::Changes { grant: Texts::new(both.part()?), revoke: Texts::new(both.rest()) }
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
