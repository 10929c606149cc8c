//! The calendar day of a moment.

/// Returns the day in a zone of a moment in epoch milliseconds.
pub(super) fn day(as_of: i64, time_zone: &str) -> Option<jiff::civil::Date> {
    let time = jiff::Timestamp::from_millisecond(as_of).ok()?;
    Some(time.in_tz(time_zone).ok()?.date())
}
