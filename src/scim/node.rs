//! JSON values for the mapping: owned ones, and ones that borrow their texts from an answer.

use serde_json::Value as Json;
use serde_json_borrow::Value as Borrowed;

/// A JSON value, as the mapping reads it.
pub trait Node: Sized {
    /// Returns the text of a string.
    fn text(&self) -> Option<&str>;
    /// Returns the value of a boolean.
    fn flag(&self) -> Option<bool>;
    /// Returns a whole number, even if it is written with a fraction.
    fn whole(&self) -> Option<i64>;
    /// Returns a number as it is written.
    fn number(&self) -> Option<String>;
    /// Returns the elements of an array.
    fn items(&self) -> Option<&[Self]>;
    /// Returns whether the value is an object.
    fn is_object(&self) -> bool;
    /// Finds a member by its exact name, or else by its name in any case (RFC 7643 section 2.1). If a name is repeated, the last one counts.
    fn member(&self, name: &str) -> Option<&Self>;
}

impl Node for Json {
    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn whole(&self) -> Option<i64> {
        self.as_i64().or_else(|| whole(self.as_f64()?))
    }

    fn number(&self) -> Option<String> {
        self.as_number().map(ToString::to_string)
    }

    fn items(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }

    fn is_object(&self) -> bool {
        self.is_object()
    }

    fn member(&self, name: &str) -> Option<&Self> {
        super::value::member(self.as_object()?, name)
    }
}

impl Node for Borrowed<'_> {
    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn whole(&self) -> Option<i64> {
        self.as_i64().or_else(|| whole(self.as_f64()?))
    }

    fn number(&self) -> Option<String> {
        let Borrowed::Number(number) = self else { return None };
        Some(serde_json::Number::from(*number).to_string())
    }

    fn items(&self) -> Option<&[Self]> {
        self.as_array()
    }

    fn is_object(&self) -> bool {
        self.is_object()
    }

    fn member(&self, name: &str) -> Option<&Self> {
        let members = self.as_object()?.as_vec();
        let last = |name: &str| members.iter().rev().find(|(key, _)| &**key == name).map(|(_, value)| value);
        last(name).or_else(|| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(key, _)| last(key)))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only whole numbers within 2^53 are accepted")]
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}
