//! Index paging (RFC 7644 section 3.4.2.4). Any input gives either a page or a clean error.

use crate::scim::schema::PageLimits;
use crate::scim::value::short;
use crate::scim::{Explanation, ScimError};

/// A request for a page, within the server's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The 1-based index of its first result.
    pub start: usize,
    /// The most results in the page; 0 asks for the total only.
    pub count: usize,
}

impl PageRequest {
    /// Parses `startIndex` and `count` of a query. A start below 1 means 1, a count below 0 means 0, and a count over the limit means the limit.
    ///
    /// # Errors
    /// Returns `invalidValue` if a text is not a whole number.
    pub fn read(start_index: Option<&str>, count: Option<&str>, limits: PageLimits) -> Result<Self, ScimError> {
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

    /// Returns how many results come before the page.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.start.saturating_sub(1)
    }

    /// Returns the part of a complete list that is this page.
    #[must_use]
    pub fn slice<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        let from = self.offset().min(all.len());
        let to = from.saturating_add(self.count).min(all.len());
        all.get(from..to).unwrap_or_default()
    }
}

/// Parses a whole number of any size, limited to 0 to 2^31 - 1.
fn whole(name: &str, text: &str) -> Result<usize, ScimError> {
    const MOST: usize = 0x7fff_ffff;
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let kept = format!("`{name}` must be a whole number");
        return Err(ScimError::value(Explanation::with_kept(format!("{kept}, not `{}`", short(text)), kept)));
    }
    if negative {
        return Ok(0);
    }
    // A number with too many digits is still a number.
    Ok(digits.parse::<usize>().unwrap_or(MOST).min(MOST))
}
