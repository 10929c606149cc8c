//! Parses filters, within limits, so that hostile input costs no more than normal input.

use super::{Comparison, Filter, Literal};
use crate::scim::attr_path::{AttrPath, is_name};
use crate::scim::error::ScimError;
use crate::scim::own;
use crate::scim::value::short;

/// The most bytes in a filter.
pub const LONGEST: usize = 4096;
/// The deepest nesting of parentheses and brackets.
pub const DEEPEST: usize = 12;
/// The most comparisons in a filter.
pub const MOST_TERMS: usize = 32;

impl Filter {
    /// Parses a filter without checking its names.
    ///
    /// # Errors
    /// Returns `invalidFilter`, with the place, if the text does not parse or is over a limit.
    pub fn parse(text: &str) -> Result<Self, ScimError> {
        parse(text, false)
    }

    /// Parses the filter in brackets, which is about the parts of one value.
    pub(in crate::scim) fn parse_within(text: &str) -> Result<Self, ScimError> {
        parse(text, true)
    }
}

/// Finds the closing bracket in a text that begins after the opening one. Brackets in strings do not count.
pub(in crate::scim) fn closing_bracket(text: &str) -> Option<usize> {
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b']' if !in_string => return Some(at),
            _ => {}
        }
    }
    None
}

fn parse(text: &str, within: bool) -> Result<Filter, ScimError> {
    if text.len() > LONGEST {
        return Err(ScimError::filter(own!("the filter is longer than {LONGEST} bytes: split it into several requests")));
    }
    let mut reader = Parser { text, at: 0, terms: 0 };
    let filter = reader.any(usize::from(within), within)?;
    reader.blanks();
    if reader.at < text.len() { Err(reader.error("`and`, `or` or the end")) } else { Ok(filter) }
}

/// Parses a filter recursively: one level for each parenthesis or bracket, at most [`DEEPEST`].
struct Parser<'a> {
    text: &'a str,
    at: usize,
    terms: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self, depth: usize, within: bool) -> Result<Filter, ScimError> {
        let mut found = vec![self.all(depth, within)?];
        while self.keyword("or") {
            found.push(self.all(depth, within)?);
        }
        Ok(one_or(found, Filter::Or))
    }

    fn all(&mut self, depth: usize, within: bool) -> Result<Filter, ScimError> {
        let mut found = vec![self.term(depth, within)?];
        while self.keyword("and") {
            found.push(self.term(depth, within)?);
        }
        Ok(one_or(found, Filter::And))
    }

    fn term(&mut self, depth: usize, within: bool) -> Result<Filter, ScimError> {
        self.blanks();
        let negated = self.negation();
        if self.taken('(') {
            let inner = self.any(deeper(depth)?, within)?;
            self.blanks();
            if !self.taken(')') {
                return Err(self.error("`)`"));
            }
            return Ok(if negated { Filter::Not(Box::new(inner)) } else { inner });
        }
        let token = self.token();
        let Some(path) = AttrPath::parse(token) else {
            self.at -= token.len();
            return Err(self.error("an attribute name"));
        };
        if within && (path.schema.is_some() || path.sub.is_some()) {
            self.at -= token.len();
            return Err(self.error("the name of a part of the attribute before the bracket"));
        }
        if !within && path.sub.is_none() && self.taken('[') {
            return self.values(path, deeper(depth)?);
        }
        self.comparison(path)
    }

    /// After `attr[`. With `].part op value` behind, the comparison is one more condition on the same value.
    fn values(&mut self, path: AttrPath, depth: usize) -> Result<Filter, ScimError> {
        let inner = self.any(depth, true)?;
        self.blanks();
        if !self.taken(']') {
            return Err(self.error("`]`"));
        }
        if !self.taken('.') {
            return Ok(Filter::Within(path, Box::new(inner)));
        }
        let name = self.token();
        if !is_name(name) {
            self.at -= name.len();
            return Err(self.error("the name of a part"));
        }
        let more = self.comparison(AttrPath::new(name, None))?;
        let both = match inner {
            Filter::And(mut all) => {
                all.push(more);
                Filter::And(all)
            }
            // Written out, this one needs parentheses of its own.
            Filter::Or(_) => {
                deeper(depth)?;
                Filter::And(vec![inner, more])
            }
            Filter::Present(_) | Filter::Compare(..) | Filter::Within(..) | Filter::Not(_) => Filter::And(vec![inner, more]),
        };
        Ok(Filter::Within(path, Box::new(both)))
    }

    fn comparison(&mut self, path: AttrPath) -> Result<Filter, ScimError> {
        self.terms += 1;
        if self.terms > MOST_TERMS {
            return Err(ScimError::filter(own!("the filter has more than {MOST_TERMS} comparisons: ask for less at a time")));
        }
        self.blanks();
        let word = self.token();
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let Some(op) = Comparison::parse(word) else {
            self.at -= word.len();
            return Err(self.error("one of eq, ne, co, sw, ew, pr, gt, ge, lt, le"));
        };
        self.blanks();
        let literal = self.literal()?;
        Ok(Filter::Compare(path, op, literal))
    }

    fn literal(&mut self) -> Result<Literal, ScimError> {
        let rest = self.rest();
        if rest.starts_with('"') {
            return self.string();
        }
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '(' | '[')).unwrap_or(rest.len());
        let token = rest.get(..length).unwrap_or_default();
        let literal = if token.eq_ignore_ascii_case("true") {
            Some(Literal::Flag(true))
        } else if token.eq_ignore_ascii_case("false") {
            Some(Literal::Flag(false))
        } else if token.eq_ignore_ascii_case("null") {
            Some(Literal::Null)
        } else {
            serde_json::from_str(token).ok().map(Literal::Number)
        };
        match literal {
            Some(literal) => {
                self.at += length;
                Ok(literal)
            }
            None => Err(self.error("a value: \"text\" in double quotes, a number, true, false or null")),
        }
    }

    fn string(&mut self) -> Result<Literal, ScimError> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.bytes().enumerate().skip(1).find_map(|(at, byte)| match byte {
            _ if escaped => {
                escaped = false;
                None
            }
            b'\\' => {
                escaped = true;
                None
            }
            b'"' => Some(at + 1),
            _ => None,
        });
        let Some(end) = end else { return Err(self.error("the `\"` that ends the text")) };
        match serde_json::from_str(rest.get(..end).unwrap_or_default()) {
            Ok(text) => {
                self.at += end;
                Ok(Literal::Text(text))
            }
            Err(_) => Err(self.error("a JSON string")),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn taken(&mut self, c: char) -> bool {
        let there = self.rest().starts_with(c);
        if there {
            self.at += c.len_utf8();
        }
        there
    }

    /// The characters that names and words are made of.
    fn token(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '$' | '_' | '-' | '.' | ':'))).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Takes `and` or `or`, which a space must separate from what follows.
    fn keyword(&mut self, word: &str) -> bool {
        let before = self.at;
        self.blanks();
        if self.token().eq_ignore_ascii_case(word) && self.rest().starts_with(|c: char| c.is_whitespace() || c == '(') {
            return true;
        }
        self.at = before;
        false
    }

    /// Takes `not` where a parenthesis follows; else it is an attribute's name.
    fn negation(&mut self) -> bool {
        let before = self.at;
        if self.token().eq_ignore_ascii_case("not") {
            self.blanks();
            if self.rest().starts_with('(') {
                return true;
            }
        }
        self.at = before;
        false
    }

    fn error(&self, expected: &str) -> ScimError {
        let found = self.rest().trim_start();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("`{}`", short(found)) };
        ScimError::filter(format!("at byte {} of the filter: expected {expected}, found {found}", self.at))
    }
}

fn deeper(depth: usize) -> Result<usize, ScimError> {
    if depth >= DEEPEST {
        return Err(ScimError::filter(own!("the filter nests more than {DEEPEST} levels deep: write it flatter")));
    }
    Ok(depth + 1)
}

fn one_or(mut found: Vec<Filter>, many: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    if found.len() == 1
        && let Some(only) = found.pop()
    {
        return only;
    }
    many(found)
}
