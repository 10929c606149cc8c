//! The passcode that a user should have.

use crate::model::Moment;

/// The passcode that the roster wants (AR-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedPasscode {
    /// There is none.
    Unset,
    /// There is one.
    Set,
    /// There is one that was made at this time or later.
    MadeSince(Moment),
}

impl WantedPasscode {
    /// Returns whether there should be one.
    #[must_use]
    pub const fn is_set(self) -> bool {
        match self {
            Self::Set | Self::MadeSince(_) => true,
            Self::Unset => false,
        }
    }

    /// Returns the time at which or after which it must be made, given the present one (milliseconds since 1970); `None` if any will do
    /// until then.
    #[must_use]
    pub fn made_since(self, now: i64) -> Option<Moment> {
        match self {
            Self::MadeSince(since) => Some(since).filter(|since| since.millis() <= now),
            Self::Unset | Self::Set => None,
        }
    }
}
