//! Reads days as lists and payrolls write them.

use jiff::civil::{Date, date};

use crate::platform::without_accents;

/// The reason why a text is not one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::list) enum Unclear {
    /// It is not a day.
    NotADay,
    /// It can be two days, of which only one is over.
    TwoDays(Date, Date),
}

/// The way in which the days of a column are written.
#[derive(Clone, Copy, Debug)]
pub(in crate::list) struct Days {
    /// Says whether the day comes before the month; `None` if no day of the column shows it.
    is_day_first: Option<bool>,
    today: Date,
}

impl Days {
    /// Looks at all days of a column: one with a number above 12 shows which number is the month.
    pub(in crate::list) fn new<'t>(texts: impl Iterator<Item = &'t str>, today: Date) -> Self {
        let mut shown = texts.filter_map(|text| {
            let [a, b, _] = numbers(text)?;
            match (a > 12, b > 12) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                (true, true) | (false, false) => None,
            }
        });
        Self { is_day_first: shown.next(), today }
    }

    /// Returns whether a day is still to come.
    pub(in crate::list) fn is_to_come(self, day: Date) -> bool {
        day > self.today
    }

    /// Returns whether a text counts back from today: "5 hours ago" is over, although it can be the same day.
    pub(in crate::list) fn is_ago(self, text: &str) -> bool {
        let lower = text.trim().to_lowercase();
        let is_back = lower.ends_with("ago") || lower.starts_with("il y a") || lower.starts_with("yesterday") || lower.starts_with("hier");
        is_back && relative(text, self.today).is_some()
    }

    /// Reads a day, with or without a time after it, also one that is counted from the day of the list: "3 days ago".
    pub(in crate::list) fn read(self, text: &str) -> Result<Date, Unclear> {
        if is_placeholder(text) {
            return Err(Unclear::NotADay);
        }
        if let Some(day) = plain(text).or_else(|| relative(text, self.today)) {
            return Ok(day);
        }
        let [a, b, year] = numbers(text).ok_or(Unclear::NotADay)?;
        let (month_first, day_first) = (made(year, a, b), made(year, b, a));
        let is_dotted = text.contains('.');
        match (month_first, day_first) {
            (Some(one), Some(other)) if one == other => Ok(one),
            (Some(one), Some(other)) => match self.is_day_first.or(is_dotted.then_some(true)) {
                Some(true) => Ok(other),
                Some(false) => Ok(one),
                None if (one < self.today) == (other < self.today) => Ok(one.max(other)),
                None => Err(Unclear::TwoDays(one, other)),
            },
            (Some(day), None) | (None, Some(day)) => Ok(day),
            (None, None) => Err(Unclear::NotADay),
        }
    }
}

fn made(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Returns the three numbers of a day whose year is last; two digits of a year are of this century.
fn numbers(text: &str) -> Option<[i16; 3]> {
    let first = text.split([' ', 'T', ',']).next()?;
    let parts: Vec<i16> = first.split(['/', '.', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [a, b, year] = parts.as_slice() else { return None };
    // "0001" is the first year of a calendar.
    let is_short = first.rsplit(['/', '.', '-']).next().is_some_and(|year| year.len() <= 2);
    let year = if is_short { year + 2000 } else { *year };
    (*a > 0 && *a <= 31 && *b > 0 && *b <= 31 && (1900..=9999).contains(&year)).then_some([*a, *b, year])
}

/// Reads a day that can be only one: year first, with the name of the month, or the number of a day in a workbook.
fn plain(text: &str) -> Option<Date> {
    let text = text.trim();
    let first = text.split([' ', 'T']).next()?;
    let by_year = |text: &str| {
        let parts: Vec<i16> = text.split(['-', '/', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        match parts.as_slice() {
            [year, month, day] if *year >= 1900 => made(*year, *month, *day),
            _ => None,
        }
    };
    by_year(first).or_else(|| compact(text)).or_else(|| unix(text)).or_else(|| named(text))
}

/// Reads `20261130`, or the days since the end of 1899 that a workbook counts, with or without a time.
fn compact(text: &str) -> Option<Date> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        8 if whole == text => {
            made(i16::try_from(number / 10_000).ok()?, i16::try_from(number / 100 % 100).ok()?, i16::try_from(number % 100).ok()?)
        }
        5 => date(1899, 12, 30).checked_add(jiff::Span::new().try_days(number).ok()?).ok(),
        _ => None,
    }
}

/// Reads the seconds or milliseconds since 1970.
fn unix(text: &str) -> Option<Date> {
    let number: i64 = text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))?;
    let seconds = match text.len() {
        9..=11 => number,
        12..=14 => number / 1000,
        _ => return None,
    };
    Some(jiff::Timestamp::from_second(seconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Returns whether a text is the first day of a calendar, which programs write where they have no day: 01/01/0001, 1/1/1900, 1970-01-01.
pub(in crate::list) fn is_placeholder(text: &str) -> bool {
    let first = text.trim().split([' ', 'T', ',']).next().unwrap_or_default();
    let parts: Vec<&str> = first.split(['/', '.', '-']).collect();
    let (year, rest) = match parts.as_slice() {
        [year, rest @ ..] if year.len() == 4 => (year, rest),
        [rest @ .., year] if year.len() == 4 => (year, rest),
        [..] => return false,
    };
    let [Ok(one), Ok(other)] = rest.iter().map(|part| part.parse::<u8>()).collect::<Vec<_>>()[..] else { return false };
    match year.parse::<i16>() {
        Ok(1970) => (one, other) == (1, 1),
        // The same moment, where clocks are behind.
        Ok(1969) => [(12, 31), (31, 12)].contains(&(one, other)),
        Ok(year) => year <= 1900,
        Err(_) => false,
    }
}

/// Returns whether a text can be read as a day.
pub(in crate::list) fn is_day(text: &str) -> bool {
    plain(text).is_some() || numbers(text).is_some_and(|[a, b, year]| made(year, a, b).or(made(year, b, a)).is_some())
}

/// Reads "Today", "3 days ago", "in 2 weeks" and "il y a 3 jours", counted to the day.
fn relative(text: &str, today: Date) -> Option<Date> {
    let lower = text.trim().to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_time =
        |words: &[&str]| words.iter().all(|word| ["at", "am", "pm", "h"].contains(word) || word.starts_with(|c: char| c.is_ascii_digit()));
    let days = match words.as_slice() {
        ["just", "now"] | ["now"] => 0,
        ["today", rest @ ..] | ["aujourd", "hui", rest @ ..] if is_time(rest) => 0,
        ["yesterday" | "hier", rest @ ..] if is_time(rest) => -1,
        ["tomorrow" | "demain", rest @ ..] if is_time(rest) => 1,
        ["il", "y", "a", rest @ ..] | [rest @ .., "ago"] => -count(rest)?,
        ["in" | "dans", rest @ ..] => count(rest)?,
        [..] => return None,
    };
    today.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The days of "3 days", "about an hour" and "2w"; a month has 30 of them, and hours are counted in whole days.
fn count(words: &[&str]) -> Option<i64> {
    const HOURS: [(&str, i64); 12] = [
        ("second", 0),
        ("sec", 0),
        ("minute", 0),
        ("min", 0),
        ("hour", 1),
        ("hr", 1),
        ("heure", 1),
        ("day", 24),
        ("jour", 24),
        ("week", 168),
        ("semaine", 168),
        ("month", 720),
    ];
    let hours = |unit: &str| -> Option<i64> {
        let known = match unit {
            "s" | "m" => Some(0),
            "h" => Some(1),
            "d" | "j" => Some(24),
            "w" => Some(168),
            "mo" | "mois" => Some(720),
            "y" | "year" | "years" | "yr" | "yrs" | "an" | "ans" => Some(8760),
            _ => None,
        };
        known.or_else(|| HOURS.iter().find(|(name, _)| unit.strip_suffix('s').unwrap_or(unit) == *name).map(|(_, hours)| *hours))
    };
    let words = words.strip_prefix(&["about"]).unwrap_or(words);
    let (number, unit) = match words {
        ["a" | "an" | "one" | "un" | "une", unit] => (1, *unit),
        [number, unit] => (number.parse().ok()?, *unit),
        [glued] => {
            let at = glued.find(|c: char| !c.is_ascii_digit())?;
            (glued.get(..at)?.parse().ok()?, glued.get(at..)?)
        }
        [..] => return None,
    };
    let number: i64 = number;
    number.checked_mul(hours(unit)?).map(|hours| hours / 24).filter(|days| *days < 100_000)
}

/// Reads `Nov 30, 2026`, `Monday, 30 November 2026` and `30NOV2026`.
fn named(text: &str) -> Option<Date> {
    const MONTHS: [[&str; 2]; 12] = [
        ["jan", "janv"],
        ["feb", "fev"],
        ["mar", "mars"],
        ["apr", "avr"],
        ["may", "mai"],
        ["jun", "juin"],
        ["jul", "juil"],
        ["aug", "aou"],
        ["sep", "sept"],
        ["oct", "oct"],
        ["nov", "nov"],
        ["dec", "dec"],
    ];
    const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let lower = without_accents(text).to_lowercase();
    let lower = if lower.contains(|c: char| !c.is_alphanumeric()) { lower } else { apart(&lower) };
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.first().is_some_and(|word| WEEKDAYS.iter().any(|day| word.starts_with(day))) {
        words.remove(0);
    }
    let [a, b, year, ..] = words.as_slice() else { return None };
    let month = |word: &str| {
        let is_long = word.len() >= 3 && word.chars().all(char::is_alphabetic);
        MONTHS.iter().position(|names| is_long && names.iter().any(|name| word.starts_with(name))).and_then(|at| i16::try_from(at + 1).ok())
    };
    let day = |word: &str| word.trim_end_matches(|c: char| c.is_alphabetic()).parse().ok();
    let year: i16 = year.parse().ok().map(|year: i16| if (0..100).contains(&year) { year + 2000 } else { year })?;
    match (month(a), month(b)) {
        (Some(month), None) => made(year, month, day(b)?),
        (None, Some(month)) => made(year, month, day(a)?),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// Returns a text with a space wherever letters and digits meet.
fn apart(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 2);
    let mut last: Option<char> = None;
    for c in text.chars() {
        if last.is_some_and(|last| last.is_ascii_digit() != c.is_ascii_digit()) {
            spaced.push(' ');
        }
        spaced.push(c);
        last = Some(c);
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_payrolls_write_them() {
        let today = date(2026, 11, 29);
        let read = |text: &str, others: &[&str]| Days::new(others.iter().copied(), today).read(text);
        for text in [
            "2026-10-31",
            "10/31/2026",
            "31.10.2026",
            "31/10/26",
            "2026/10/31",
            "20261031",
            "46326",
            "46326.5",
            "Oct 31, 2026",
            "31 October 2026",
            "10/31/2026 12:00 AM",
            "2026-10-31T00:00:00",
            "31-Oct-26",
            "31 octobre 2026",
            "31OCT2026",
            "Saturday, October 31, 2026",
            "Sat 31 Oct 2026",
            "1793404800",
            "1793404800000",
        ] {
            assert_eq!(read(text, &[]), Ok(date(2026, 10, 31)), "{text}");
        }
        assert_eq!(read("1 ao\u{fb}t 2026", &[]), Ok(date(2026, 8, 1)));
        assert_eq!(read("03/04/2026", &["03/04/2026", "05/30/2026"]), Ok(date(2026, 3, 4)));
        assert_eq!(read("03/04/2026", &["03/04/2026", "30/05/2026"]), Ok(date(2026, 4, 3)));
        assert_eq!(read("03.12.2026", &[]), Ok(date(2026, 12, 3)));
        assert_eq!(read("03/04/2026", &[]), Ok(date(2026, 4, 3)), "both are over");
        assert_eq!(read("11/12/2026", &[]), Err(Unclear::TwoDays(date(2026, 11, 12), date(2026, 12, 11))));
        for text in ["soon", "13/13/2026", "2026-02-30", "1", "0/0/2026", "ongoing"] {
            assert_eq!(read(text, &[]), Err(Unclear::NotADay), "{text}");
            assert!(!is_placeholder(text), "{text}");
        }
        for text in ["01/01/0001", "0001-01-01T00:00:00", "1/1/1900 12:00:00 AM", "1970-01-01", "12/31/1969", "1899-12-30", "00/00/0000"] {
            assert_eq!(read(text, &[]), Err(Unclear::NotADay), "{text}");
            assert!(is_placeholder(text), "{text}");
        }
        assert_eq!(read("31/10/01", &[]), Ok(date(2001, 10, 31)));
        for (text, day) in [
            ("Today", date(2026, 11, 29)),
            ("today at 3:14 PM", date(2026, 11, 29)),
            ("Yesterday, 10:02", date(2026, 11, 28)),
            ("3 days ago", date(2026, 11, 26)),
            ("a day ago", date(2026, 11, 28)),
            ("5 hours ago", date(2026, 11, 29)),
            ("2w ago", date(2026, 11, 15)),
            ("about 2 months ago", date(2026, 9, 30)),
            ("in 3 days", date(2026, 12, 2)),
            ("Tomorrow", date(2026, 11, 30)),
            ("il y a 3 jours", date(2026, 11, 26)),
            ("dans 2 semaines", date(2026, 12, 13)),
        ] {
            assert_eq!(read(text, &[]), Ok(day), "{text}");
        }
        for text in ["ago", "many days ago", "3 ago", "in progress", "today only", "99999999999999 years ago"] {
            assert_eq!(read(text, &[]), Err(Unclear::NotADay), "{text}");
        }
        assert!(!is_placeholder("1970-01-02") && !is_placeholder("10/31/2026"));
    }
}
