//! Sessions of browsers: how long they live, and what they may do.

use crate::model::{HOUR, MINUTE, with_all};

/// How long a session lives in all, in milliseconds.
const WEB: i64 = 12 * HOUR;
/// How long somebody who gave the right password has to give the code, in milliseconds.
const HALF_WAY: i64 = 10 * MINUTE;

with_all! {
    /// What a session may do.
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

    /// Whether its holder may do everything that the account may.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        match self {
            Self::Whole => true,
            Self::ChoosePassword | Self::GiveCode | Self::SetUpFactor => false,
        }
    }

    /// Whether somebody is signed in: the password was right, and the code of the second factor, where one is asked for.
    #[must_use]
    pub const fn is_signed_in(self) -> bool {
        match self {
            Self::Whole | Self::ChoosePassword | Self::SetUpFactor => true,
            Self::GiveCode => false,
        }
    }

    /// Whether its holder must choose a password first.
    #[must_use]
    pub const fn needs_password(self) -> bool {
        match self {
            Self::ChoosePassword => true,
            Self::Whole | Self::GiveCode | Self::SetUpFactor => false,
        }
    }

    /// Whether its holder must set up a second factor first.
    #[must_use]
    pub const fn needs_factor(self) -> bool {
        match self {
            Self::SetUpFactor => true,
            Self::Whole | Self::ChoosePassword | Self::GiveCode => false,
        }
    }

    /// How long a session of this stage lives in all, in milliseconds.
    #[must_use]
    pub const fn lives(self) -> i64 {
        match self {
            Self::GiveCode => HALF_WAY,
            Self::Whole | Self::ChoosePassword | Self::SetUpFactor => WEB,
        }
    }
}

/// The times of a session, epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// When it was last used.
    pub used: i64,
    /// When it ends in any case.
    pub ends: i64,
    /// How long it may be idle, in milliseconds.
    pub idle: i64,
}

/// Whether a session still lives (F7). A shorter limit applies to sessions that already exist.
#[must_use]
pub const fn is_alive(limits: &Limits, now: i64) -> bool {
    now < limits.ends && now < limits.used.saturating_add(limits.idle)
}

/// Whether a use of the session has to be stored: to the second, which keeps the limit exact and busy pages cheap.
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
        let limits = Limits { used: 100, ends: 1000, idle: 50 };
        assert_eq!([149, 150].map(|now| is_alive(&limits, now)), [true, false]);
        let busy = Limits { used: 999, ..limits };
        assert_eq!([999, 1000].map(|now| is_alive(&busy, now)), [true, false]);
    }

    #[test]
    fn every_stage_is_read_back_from_its_word() {
        for stage in SessionStage::ALL {
            assert_eq!(SessionStage::parse(stage.as_str()), Some(stage));
        }
    }
}
