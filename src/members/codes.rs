//! One-time codes: six digits, sent to a phone, good once and for ten minutes (AR-2, AR-3; NIST SP 800-63B).

use unicode_normalization::UnicodeNormalization as _;

use super::Wait;
use crate::model::{DAY, HOUR, MINUTE, Secret};

/// The time for which a code is good, in milliseconds.
pub const CODE_LIVES: i64 = 10 * MINUTE;
/// Of the codes sent last, so many are good: messages can arrive in another order.
const GOOD_AT_ONCE: usize = 2;
/// So many wrong codes end those that are good.
const MOST_WRONG: i64 = 5;
/// So many codes are sent within an hour.
const SENT_AN_HOUR: usize = 3;
/// So many codes are sent within a day.
const SENT_A_DAY: usize = 10;

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// The code, sealed.
    pub hash: String,
    /// The time at which it was sent, epoch milliseconds.
    pub sent_at: i64,
    /// The number of wrong codes that were typed while this one was good.
    pub wrong: i64,
    /// Says whether it was used.
    pub used: bool,
}

/// The reason why a typed code is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// It is none of those that are good.
    Wrong,
    /// No code is good: none was sent, they expired, or too many wrong ones were typed.
    NoneGood,
}

/// The digits of a typed code: blanks, hyphens and line ends are dropped, since people copy them along.
#[must_use]
pub fn read_code(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}')).collect()
}

/// A code word as it is compared: people hear it on the phone, so capitals and blanks around it do not matter (PBN-4).
#[must_use]
pub fn read_code_word(typed: &str) -> Secret {
    Secret::new(typed.trim().nfc().collect::<String>().to_lowercase())
}

/// Returns when the next code may be sent, given when earlier ones were (epoch milliseconds, oldest first).
///
/// # Errors
/// There were too many within an hour or a day.
pub fn may_send(sent: &[i64], now: i64) -> Result<(), Wait> {
    let over = |span: i64, most: usize| {
        let within: Vec<i64> = sent.iter().copied().filter(|at| *at > now.saturating_sub(span)).collect();
        let first = within.len().checked_sub(most).and_then(|at| within.get(at))?;
        Some(first.saturating_add(span).saturating_sub(now).max(1))
    };
    match over(HOUR, SENT_AN_HOUR).max(over(DAY, SENT_A_DAY)) {
        Some(millis) => Err(Wait { millis }),
        None => Ok(()),
    }
}

/// The places of the codes that are good, among those sent to an account for one purpose (oldest first).
fn good(sent: &[SentCode], now: i64) -> impl Iterator<Item = usize> {
    let from = sent.len().saturating_sub(GOOD_AT_ONCE);
    let is_good = move |code: &SentCode| !code.used && code.wrong < MOST_WRONG && now < code.sent_at.saturating_add(CODE_LIVES);
    sent.iter().enumerate().skip(from).filter(move |(_, code)| is_good(code)).map(|(at, _)| at).collect::<Vec<_>>().into_iter()
}

/// Compares a typed code, sealed, with the codes sent for this purpose (oldest first); returns the place of the one that it is.
///
/// # Errors
/// It is none of them. The caller then counts it for each code that is good.
pub fn check_code(sent: &[SentCode], typed: &str, now: i64, same: impl Fn(&str, &str) -> bool) -> Result<usize, CodeFault> {
    let good: Vec<usize> = good(sent, now).collect();
    if good.is_empty() {
        return Err(CodeFault::NoneGood);
    }
    // Every good one is compared, so that time does not tell which it was.
    let found = good.iter().copied().filter(|at| sent.get(*at).is_some_and(|code| same(&code.hash, typed))).last();
    found.ok_or(CodeFault::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(hash: &str, sent_at: i64) -> SentCode {
        SentCode { hash: hash.to_owned(), sent_at, wrong: 0, used: false }
    }

    fn same(a: &str, b: &str) -> bool {
        a == b
    }

    #[test]
    fn blanks_hyphens_and_line_ends_in_a_typed_code_do_not_matter() {
        for typed in ["123456", "123 456", "123-456", " 123\u{a0}456\n", "123\u{2013}456"] {
            assert_eq!(read_code(typed), "123456", "{typed:?}");
        }
    }

    #[test]
    fn a_code_word_is_read_without_regard_to_capitals_and_to_how_letters_are_composed() {
        for typed in ["cafe\u{301}-Cedar-7", " CAF\u{c9}-CEDAR-7\n", "caf\u{e9}-cedar-7"] {
            assert_eq!(read_code_word(typed).expose(), "caf\u{e9}-cedar-7", "{typed:?}");
        }
        assert_ne!(read_code_word("cafe-cedar-7").expose(), "caf\u{e9}-cedar-7");
    }

    #[test]
    fn the_last_two_codes_are_good_for_ten_minutes() {
        let sent = [code("a", 0), code("b", 1000), code("c", 2000)];
        assert_eq!(check_code(&sent, "a", 3000, same), Err(CodeFault::Wrong));
        assert_eq!(check_code(&sent, "b", 3000, same), Ok(1));
        assert_eq!(check_code(&sent, "c", 3000, same), Ok(2));
        assert_eq!(check_code(&sent, "b", 1000 + CODE_LIVES - 1, same), Ok(1));
        assert_eq!(check_code(&sent, "b", 1000 + CODE_LIVES, same), Err(CodeFault::Wrong));
        assert_eq!(check_code(&sent, "c", 2000 + CODE_LIVES, same), Err(CodeFault::NoneGood));
    }

    // G5: at most five tries a code.
    #[test]
    fn a_code_is_good_once_and_five_wrong_ones_end_it() {
        let used = [SentCode { used: true, ..code("a", 0) }];
        assert_eq!(check_code(&used, "a", 1, same), Err(CodeFault::NoneGood));
        let tried = |wrong| [SentCode { wrong, ..code("a", 0) }];
        assert_eq!(check_code(&tried(4), "a", 1, same), Ok(0));
        assert_eq!(check_code(&tried(5), "a", 1, same), Err(CodeFault::NoneGood));
    }

    // G5: at most three codes an hour and ten a day.
    #[test]
    fn codes_are_sent_three_times_an_hour_and_ten_times_a_day() {
        assert_eq!(may_send(&[], 0), Ok(()));
        assert_eq!(may_send(&[0, 1], 2), Ok(()));
        assert_eq!(may_send(&[0, 1, 2], 10), Err(Wait { millis: HOUR - 10 }));
        assert_eq!(may_send(&[0, 1, 2], HOUR), Ok(()));
        let hourly: Vec<i64> = (0..10).map(|n| n * HOUR).collect();
        assert_eq!(may_send(&hourly, 10 * HOUR), Err(Wait { millis: 14 * HOUR }));
        assert_eq!(may_send(&hourly, 24 * HOUR), Ok(()));
    }
}
