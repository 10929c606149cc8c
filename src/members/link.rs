//! Links in mail: single use, and they expire (X-6, PBN-7).

use crate::model::{DAY, HOUR, with_all};

/// The lifetime of a link to choose a new password, in milliseconds.
pub const RESET_LIVES: i64 = HOUR;
/// The lifetime of a link that confirms an address, in milliseconds.
pub const ADDRESS_LIVES: i64 = HOUR;
/// The lifetime of a link that offers the main admin role, in milliseconds.
pub const OFFER_LIVES: i64 = 7 * DAY;
/// The lifetime of a set-up link, in milliseconds.
pub const SET_UP_LIVES: i64 = DAY;

with_all! {
    /// The state of a link.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum LinkState {
        /// Good until it expires.
        Open,
        /// It was used.
        Used,
        /// A newer one was sent.
        Replaced,
        /// An admin withdrew it, or the account was blocked or inactivated.
        Withdrawn,
    }
}

impl LinkState {
    /// Its word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Used => "used",
            Self::Replaced => "replaced",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word in the store.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A link as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentLink {
    /// Its state.
    pub state: LinkState,
    /// The time at which it expires, epoch milliseconds.
    pub expires_at: i64,
}

/// The reason why a link that once existed does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLink {
    /// It was used.
    Used,
    /// A newer one was sent.
    Replaced,
    /// It was withdrawn.
    Withdrawn,
    /// Its time is over.
    Expired,
}

impl DeadLink {
    /// Returns whether only time ended it.
    #[must_use]
    pub const fn is_expired(self) -> bool {
        match self {
            Self::Expired => true,
            Self::Used | Self::Replaced | Self::Withdrawn => false,
        }
    }
}

/// Judges a link when it is used (`now` in epoch milliseconds): no cleaner has to run for it to expire (G2).
///
/// # Errors
/// The link no longer works.
pub const fn judge(link: &SentLink, now: i64) -> Result<(), DeadLink> {
    match link.state {
        LinkState::Open if now < link.expires_at => Ok(()),
        LinkState::Open => Err(DeadLink::Expired),
        LinkState::Used => Err(DeadLink::Used),
        LinkState::Replaced => Err(DeadLink::Replaced),
        LinkState::Withdrawn => Err(DeadLink::Withdrawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // G2
    #[test]
    fn an_open_link_works_until_it_expires_and_never_again() {
        let open = SentLink { state: LinkState::Open, expires_at: 1000 };
        assert_eq!([999, 1000, 1001].map(|now| judge(&open, now)), [Ok(()), Err(DeadLink::Expired), Err(DeadLink::Expired)]);
        for (state, why) in
            [(LinkState::Used, DeadLink::Used), (LinkState::Replaced, DeadLink::Replaced), (LinkState::Withdrawn, DeadLink::Withdrawn)]
        {
            assert_eq!(judge(&SentLink { state, expires_at: 1000 }, 1), Err(why));
        }
    }

    #[test]
    fn every_state_is_read_back_from_its_word() {
        for state in LinkState::ALL {
            assert_eq!(LinkState::parse(state.as_str()), Some(state));
        }
        assert_eq!(LinkState::parse("opened"), None);
    }
}
