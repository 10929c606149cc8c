//! Sessions of browsers and of the app: how long they live, and what they may do.

use crate::model::{DAY, HOUR, LogVia, MINUTE, with_all};

/// The lifetime of a session of a browser in all, in milliseconds.
const WEB: i64 = 12 * HOUR;
/// The time for which the app asks for no password, in milliseconds (AR-11).
const IOS: i64 = 24 * HOUR;
/// The time that somebody who gave the right password has to give the code, in milliseconds.
const HALF_WAY: i64 = 10 * MINUTE;

with_all! {
    /// The program that a session was opened by.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SessionKind {
        /// A browser.
        Web,
        /// The app on a device.
        Ios,
    }
}

impl SessionKind {
    /// Its word in the store, and in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => LogVia::WEB,
            Self::Ios => LogVia::IOS,
        }
    }

    /// Returns the way in which somebody comes who has no session yet, as the user log names it.
    #[must_use]
    pub const fn via(self) -> LogVia {
        match self {
            Self::Web => LogVia::Web,
            Self::Ios => LogVia::Ios,
        }
    }

    /// Reads the word in the store.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Returns whether it is the app's.
    #[must_use]
    pub const fn is_of_app(self) -> bool {
        match self {
            Self::Ios => true,
            Self::Web => false,
        }
    }

    /// Returns the lifetime of a session after the password was typed, in milliseconds.
    const fn lives(self) -> i64 {
        match self {
            Self::Web => WEB,
            Self::Ios => IOS,
        }
    }
}

/// The time for which a device is known after the password was last typed on it (milliseconds).
pub const DEVICE_LIVES: i64 = DEVICE_DAYS * DAY;
/// The same in days, as the cookie of a browser has it.
pub const DEVICE_DAYS: i64 = 180;

/// Returns when sessions that a passcode opens end, given when the password was last typed on the device (epoch milliseconds; AR-11). A
/// passcode does not extend that.
#[must_use]
pub const fn passcode_opens_until(password_at: i64) -> i64 {
    password_at.saturating_add(IOS)
}

with_all! {
    /// The stage of a session, which says what it may do.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SessionStage {
        /// Everything its account may.
        Whole,
        /// Its holder must choose a password first (AR-10).
        ChoosePassword,
        /// Its holder gave the right password, and must give the code of the second factor: nobody is signed in yet.
        GiveCode,
        /// Its holder must set up a second factor first (CHR-5).
        SetUpFactor,
    }
}

impl SessionStage {
    /// Its word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::ChoosePassword => "choose-password",
            Self::GiveCode => "give-code",
            Self::SetUpFactor => "set-up-factor",
        }
    }

    /// Reads the word in the store.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }

    /// Returns whether its holder may do everything that the account may.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        match self {
            Self::Whole => true,
            Self::ChoosePassword | Self::GiveCode | Self::SetUpFactor => false,
        }
    }

    /// Returns whether somebody is signed in: the password was right, and the code of the second factor, where one is asked for.
    #[must_use]
    pub const fn is_signed_in(self) -> bool {
        match self {
            Self::Whole | Self::ChoosePassword | Self::SetUpFactor => true,
            Self::GiveCode => false,
        }
    }

    /// Returns whether its holder must choose a password first.
    #[must_use]
    pub const fn needs_password(self) -> bool {
        match self {
            Self::ChoosePassword => true,
            Self::Whole | Self::GiveCode | Self::SetUpFactor => false,
        }
    }

    /// Returns whether its holder must set up a second factor first.
    #[must_use]
    pub const fn needs_factor(self) -> bool {
        match self {
            Self::SetUpFactor => true,
            Self::Whole | Self::ChoosePassword | Self::GiveCode => false,
        }
    }

    /// Returns the lifetime of a session of this stage in all, in milliseconds.
    #[must_use]
    pub const fn lives(self, kind: SessionKind) -> i64 {
        match self {
            Self::GiveCode => HALF_WAY,
            Self::Whole | Self::ChoosePassword | Self::SetUpFactor => kind.lives(),
        }
    }
}

/// The times of a session, epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// The time at which it was last used.
    pub used: i64,
    /// The time at which it ends in any case.
    pub ends: i64,
    /// The time that it may be idle, in milliseconds.
    pub idle: i64,
}

/// Returns whether a session still lives (F7). A shorter limit applies to sessions that already exist.
#[must_use]
pub const fn is_alive(limits: &SessionTimes, now: i64) -> bool {
    now < limits.ends && now < limits.used.saturating_add(limits.idle)
}

/// Returns whether a use of the session has to be stored: to the second, which keeps the limit exact and busy pages cheap.
#[must_use]
pub const fn is_used_again(used: i64, now: i64) -> bool {
    now.saturating_sub(used) >= 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    // F7
    #[test]
    fn a_session_ends_when_idle_for_too_long_and_in_any_case() {
        let limits = SessionTimes { used: 100, ends: 1000, idle: 50 };
        assert_eq!([149, 150].map(|now| is_alive(&limits, now)), [true, false]);
        let busy = SessionTimes { used: 999, ..limits };
        assert_eq!([999, 1000].map(|now| is_alive(&busy, now)), [true, false]);
    }

    // AR-11: the app asks for the password again after 24 hours, however it was opened in between.
    #[test]
    fn the_app_asks_for_the_password_again_after_a_day() {
        assert_eq!(passcode_opens_until(5), 5 + 24 * HOUR);
        assert_eq!(SessionStage::Whole.lives(SessionKind::Ios), 24 * HOUR);
        assert_eq!(SessionStage::Whole.lives(SessionKind::Web), 12 * HOUR);
        for kind in SessionKind::ALL {
            assert_eq!(SessionStage::GiveCode.lives(kind), 10 * MINUTE);
            assert_eq!(SessionKind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn every_stage_is_read_back_from_its_word() {
        for stage in SessionStage::ALL {
            assert_eq!(SessionStage::parse(stage.as_str()), Some(stage));
        }
    }
}
