//! Index paging (RFC 7644 section 3.4.2.4): whatever a client sends, a page comes of it or a clean refusal.

use super::error::ScimError;
use super::schema::Limits;
use super::value::short;

/// A page that is asked for, within the server's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The 1-based index of its first result.
    pub start: usize,
    /// Results in it at most; 0 asks for the total only.
    pub count: usize,
}

impl Page {
    /// Reads `startIndex` and `count` as they stand in a query: below 1 means 1, below 0 means 0, more than a page means a page.
    ///
    /// # Errors
    /// `invalidValue` where a text is no whole number.
    pub fn read(start_index: Option<&str>, count: Option<&str>, limits: Limits) -> Result<Self, ScimError> {
        let start = match start_index {
            None => 1,
            Some(text) => whole("startIndex", text)?.max(1),
        };
        let count = match count {
            None => limits.default_page,
            Some(text) => whole("count", text)?.min(limits.max_page),
        };
        Ok(Self { start, count })
    }

    /// How many results lie before it.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.start.saturating_sub(1)
    }

    /// The part of a whole list that is this page.
    #[must_use]
    pub fn of<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        let from = self.offset().min(all.len());
        let to = from.saturating_add(self.count).min(all.len());
        all.get(from..to).unwrap_or_default()
    }
}

/// A whole number of any size, brought into 0 to 2^31 - 1.
fn whole(name: &str, text: &str) -> Result<usize, ScimError> {
    const MOST: usize = 0x7fff_ffff;
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ScimError::value(format!("`{name}` is a whole number, not `{}`", short(text))));
    }
    if negative {
        return Ok(0);
    }
    // Too many digits for a number are still a number.
    Ok(digits.parse::<usize>().unwrap_or(MOST).min(MOST))
}
