//! A moment with the offset in which somebody wrote it down.

use std::fmt;
use std::str::FromStr;

use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::amount::MINUTE;

/// A moment in whole seconds, with the offset in which it is shown; ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    at: Timestamp,
    offset: Offset,
}

/// A text that is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write date, time and offset, such as `2026-11-27T17:05:00-07:00`")]
pub struct InvalidMoment;

impl Moment {
    /// Makes a moment from a time, which is cut to whole seconds, and the offset in which it is shown.
    #[must_use]
    pub fn new(at: Timestamp, offset: Offset) -> Self {
        let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
        // Before 1970, cutting rounds up.
        let at = if whole > at { whole.checked_sub(1.second()).unwrap_or(whole) } else { whole };
        Self { at, offset }
    }

    /// Returns the beginning of a day, in UTC; `None` if there is no such time.
    #[must_use]
    pub fn of_day(day: jiff::civil::Date) -> Option<Self> {
        let at = Offset::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()?;
        Some(Self::new(at, Offset::UTC))
    }

    /// Returns the second in which a time (milliseconds since 1970) is, in UTC; times outside years -9999 to 9999 are clamped.
    #[must_use]
    pub fn of_millis(millis: i64) -> Self {
        let outside = if millis < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Self::new(Timestamp::from_millisecond(millis).unwrap_or(outside), Offset::UTC)
    }

    /// Returns the day that begins at this moment in UTC; `None` for other times.
    #[must_use]
    pub fn day(self) -> Option<jiff::civil::Date> {
        let local = self.offset.to_datetime(self.at);
        (self.is_utc() && local.time() == jiff::civil::Time::midnight()).then(|| local.date())
    }

    /// Returns the same moment in the offset of another.
    #[must_use]
    pub const fn on_clock_of(self, other: Self) -> Self {
        Self { at: self.at, offset: other.offset }
    }

    /// Returns the time.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.at
    }

    /// Returns whether it is shown in UTC.
    #[must_use]
    pub fn is_utc(self) -> bool {
        self.offset == Offset::UTC
    }

    /// Returns whether it is still to come by a clock (milliseconds since 1970), of which another one can differ a little.
    #[must_use]
    pub fn is_to_come(self, now: i64) -> bool {
        self.millis() > now.saturating_add(5 * MINUTE)
    }

    /// Returns the time in milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.at.as_millisecond()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.at.display_with_offset(self.offset))
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let pieces = Pieces::parse(text).map_err(|_| InvalidMoment)?;
        let offset = match pieces.offset().ok_or(InvalidMoment)? {
            PiecesOffset::Numeric(numeric) => numeric.offset(),
            PiecesOffset::Zulu => Offset::UTC,
            _ => return Err(InvalidMoment),
        };
        if pieces.time_zone_annotation().is_some() {
            return Err(InvalidMoment);
        }
        let local = pieces.date().to_datetime(pieces.time().ok_or(InvalidMoment)?);
        Ok(Self::new(offset.to_timestamp(local).map_err(|_| InvalidMoment)?, offset))
    }
}

impl TryFrom<String> for Moment {
    type Error = InvalidMoment;
    fn try_from(text: String) -> Result<Self, InvalidMoment> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_moment_keeps_its_offset_and_is_ordered_by_time() {
        let read = |text: &str| text.parse::<Moment>();
        for text in ["2026-11-27T17:05:00-07:00", "2026-11-27T17:05:00+00:00", "2026-11-27T17:05:00+05:30"] {
            assert_eq!(read(text).map(|moment| moment.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(read("2026-11-27T17:05:00.9Z").map(|moment| moment.to_string()).as_deref(), Ok("2026-11-27T17:05:00+00:00"));
        assert!(read("2026-11-27T17:05:00-07:00").ok() > read("2026-11-27T18:05:00-05:00").ok());
        for text in ["2026-11-27", "2026-11-27T17:05:00", "17:05", "yesterday", "2026-11-27T17:05:00-07:00[America/Phoenix]", ""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
