//! Wrong secrets: how long somebody waits after too many, and when an authenticator is off for good.

use crate::model::MINUTE;

/// A thing that somebody could guess at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// The password of an account.
    Password,
    /// The password of an account on a device that knows it.
    PasswordOnDevice,
    /// The passcode of an account on one device (AR-11).
    Passcode,
    /// The codes of a login's second factor.
    SecondFactor,
    /// The recovery codes of a login.
    RecoveryCode,
    /// The tries of one network address, for all accounts together.
    Origin,
}

impl Guarded {
    /// Its word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordOnDevice => "password-on-device",
            Self::Passcode => "passcode",
            Self::SecondFactor => "second-factor",
            Self::RecoveryCode => "recovery-code",
            Self::Origin => "origin",
        }
    }

    /// So many wrong ones in a row are free.
    #[must_use]
    pub const fn free(self) -> i64 {
        match self {
            Self::Password | Self::PasswordOnDevice | Self::Passcode | Self::SecondFactor | Self::RecoveryCode => 5,
            Self::Origin => 50,
        }
    }

    /// Returns whether a try that was right clears its count.
    #[must_use]
    pub const fn is_cleared_by_success(self) -> bool {
        match self {
            Self::Password | Self::PasswordOnDevice | Self::Passcode | Self::SecondFactor | Self::RecoveryCode => true,
            Self::Origin => false,
        }
    }

    /// So many wrong ones in a row end it, until its holder sets a new one (NIST SP 800-63B section 3.2.2).
    #[must_use]
    pub const fn most(self) -> Option<i64> {
        match self {
            Self::Password | Self::PasswordOnDevice | Self::SecondFactor => Some(100),
            // Six digits: afterward, the device asks for the password.
            Self::Passcode => Some(5),
            // A recovery code has 60 random bits, and it is the way back where a second factor is off.
            Self::RecoveryCode | Self::Origin => None,
        }
    }
}

/// Wrong ones in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// The number of them.
    pub count: i64,
    /// The time of the last one, epoch milliseconds.
    pub last: i64,
}

/// The time that somebody has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Milliseconds.
    pub millis: i64,
}

/// The longest wait, in minutes.
const LONGEST_WAIT: i64 = 60;

/// Checks whether another one may be tried now. It is counted before it is compared, so that simultaneous guesses are counted, too (E1).
///
/// # Errors
/// There were too many; an authenticator that is off says so with the longest wait.
pub fn may_try(what: Guarded, failures: &Failures, now: i64) -> Result<(), Wait> {
    if what.most().is_some_and(|most| failures.count >= most) {
        return Err(Wait { millis: LONGEST_WAIT * MINUTE });
    }
    let Some(beyond) = failures.count.checked_sub(what.free()).filter(|beyond| *beyond >= 0) else { return Ok(()) };
    // 1, 2, 4 … minutes.
    let minutes = u32::try_from(beyond).ok().and_then(|n| 1_i64.checked_shl(n.min(6))).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
    let until = failures.last.saturating_add(minutes * MINUTE);
    if now < until { Err(Wait { millis: until.saturating_sub(now) }) } else { Ok(()) }
}

/// The failures after one more. An address belongs to a whole practice, so its failures of long ago do not count.
#[must_use]
pub const fn after_failure(what: Guarded, failures: &Failures, now: i64) -> Failures {
    let earlier = match what {
        Guarded::Origin if now.saturating_sub(failures.last) >= LONGEST_WAIT * MINUTE => 0,
        Guarded::Password
        | Guarded::PasswordOnDevice
        | Guarded::Passcode
        | Guarded::SecondFactor
        | Guarded::RecoveryCode
        | Guarded::Origin => failures.count,
    };
    Failures { count: earlier.saturating_add(1), last: now }
}

/// The failures after a try that was right, and counted beforehand. It clears an account, but not its address: somebody who has one
/// account could guess at the others forever.
#[must_use]
pub fn after_success(what: Guarded, failures: &Failures) -> Failures {
    if what.is_cleared_by_success() {
        Failures::default()
    } else {
        Failures { count: failures.count.saturating_sub(1).max(0), last: failures.last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_passwords_are_free_and_then_the_wait_doubles() {
        let after = |count| may_try(Guarded::Password, &Failures { count, last: 0 }, 1);
        assert_eq!([0, 4].map(after), [Ok(()), Ok(())]);
        assert_eq!([5, 6, 7].map(|n| after(n).unwrap_err().millis), [MINUTE - 1, 2 * MINUTE - 1, 4 * MINUTE - 1]);
        assert_eq!(after(50).unwrap_err().millis, 60 * MINUTE - 1);
        assert_eq!(may_try(Guarded::Password, &Failures { count: 5, last: 0 }, MINUTE), Ok(()));
    }

    // E4: the people of a practice share an address.
    #[test]
    fn right_passwords_do_not_count_against_an_address_and_neither_do_wrong_ones_of_yesterday() {
        let mut failures = Failures::default();
        for now in 0..1000 {
            failures = after_success(Guarded::Origin, &after_failure(Guarded::Origin, &failures, now));
        }
        assert_eq!(failures.count, 0);
        let many = Failures { count: 50, last: 1000 };
        assert!(may_try(Guarded::Origin, &many, 1001).is_err());
        assert_eq!(after_success(Guarded::Origin, &after_failure(Guarded::Origin, &many, 1001)).count, 50);
        assert_eq!(after_failure(Guarded::Origin, &many, 1000 + 60 * MINUTE).count, 1);
        assert_eq!(after_failure(Guarded::Password, &many, 1000 + 60 * MINUTE).count, 51);
        assert_eq!(after_success(Guarded::Password, &many), Failures::default());
    }

    // AR-11: five tries, and then the password.
    #[test]
    fn five_wrong_passcodes_turn_it_off_for_good() {
        let later = i64::MAX / 2;
        assert_eq!(may_try(Guarded::Passcode, &Failures { count: 4, last: 0 }, 1), Ok(()));
        assert!(may_try(Guarded::Passcode, &Failures { count: 5, last: 0 }, later).is_err());
    }

    // E2: 100 wrong ones in a row, however long they took.
    #[test]
    fn a_hundred_wrong_passwords_in_a_row_turn_it_off() {
        let later = i64::MAX / 2;
        assert_eq!(may_try(Guarded::Password, &Failures { count: 99, last: 0 }, later), Ok(()));
        assert!(may_try(Guarded::Password, &Failures { count: 100, last: 0 }, later).is_err());
        assert!(may_try(Guarded::SecondFactor, &Failures { count: 100, last: 0 }, later).is_err());
        for what in [Guarded::Origin, Guarded::RecoveryCode] {
            assert_eq!(may_try(what, &Failures { count: 100, last: 0 }, later), Ok(()));
        }
    }
}
