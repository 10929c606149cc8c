//! The messages that members get, and what becomes of one on its way.

use super::codes::CODE_LIVES;
use super::link::{ADDRESS_LIVES, RESET_LIVES};
use super::tries::{Failures, Guarded};
use crate::model::{DAY, DeliveryState, with_all};

with_all! {
    /// The content of a message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum MessageKind {
        /// The link of an invitation.
        Invitation,
        /// A link to choose a new password (AR-14, PBN-7).
        Reset,
        /// The password was changed.
        PasswordChanged,
        /// Somebody typed wrong passwords, too many in a row.
        WrongPasswords,
        /// So many wrong passwords in a row were typed that the right one no longer opens the account.
        PasswordOff,
        /// A second factor was set up.
        FactorSetUp,
        /// The second factor was removed, or reset by an administrator.
        FactorRemoved,
        /// A recovery code was used.
        RecoveryCodeUsed,
        /// The cell phone of the login is another one.
        CellChanged,
        /// A link that confirms a new e-mail address, to that address (AR-13).
        ConfirmAddress,
        /// The e-mail address was changed; it goes to the old address.
        AddressChanged,
        /// A link to accept the main admin role.
        MainAdminOffered,
        /// Somebody else is the main admin from now on; it goes to the previous main admin.
        MainAdminMoved,
        /// A one-time code, as a text message (AR-2).
        Code,
    }
}

impl MessageKind {
    /// Returns whether it goes to a phone, as a text message; all others are mail.
    #[must_use]
    pub const fn is_text(self) -> bool {
        match self {
            Self::Code => true,
            Self::Invitation
            | Self::Reset
            | Self::PasswordChanged
            | Self::WrongPasswords
            | Self::PasswordOff
            | Self::FactorSetUp
            | Self::FactorRemoved
            | Self::RecoveryCodeUsed
            | Self::CellChanged
            | Self::ConfirmAddress
            | Self::AddressChanged
            | Self::MainAdminOffered
            | Self::MainAdminMoved => false,
        }
    }

    /// Returns how long a message is worth sending, in milliseconds: as long as what it has in it, or a day.
    #[must_use]
    pub const fn lives(self) -> i64 {
        match self {
            Self::Code => CODE_LIVES,
            Self::Reset => RESET_LIVES,
            Self::ConfirmAddress => ADDRESS_LIVES,
            Self::Invitation
            | Self::PasswordChanged
            | Self::WrongPasswords
            | Self::PasswordOff
            | Self::FactorSetUp
            | Self::FactorRemoved
            | Self::RecoveryCodeUsed
            | Self::CellChanged
            | Self::AddressChanged
            | Self::MainAdminOffered
            | Self::MainAdminMoved => DAY,
        }
    }

    /// Its word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::PasswordChanged => "password-changed",
            Self::WrongPasswords => "wrong-passwords",
            Self::PasswordOff => "password-off",
            Self::FactorSetUp => "second-factor-set-up",
            Self::FactorRemoved => "second-factor-removed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::CellChanged => "cell-changed",
            Self::ConfirmAddress => "confirm-address",
            Self::AddressChanged => "address-changed",
            Self::MainAdminOffered => "main-admin-offered",
            Self::MainAdminMoved => "main-admin-moved",
            Self::Code => "code",
        }
    }

    /// Reads the word in the store.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

with_all! {
    /// The state of a message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum MessageState {
        /// It waits until it is sent, for the first time or again.
        Queued,
        /// A server took it to send it.
        Sending,
        /// It has left.
        Sent,
        /// It never leaves.
        Failed,
        /// It may have left, and is not sent again.
        Uncertain,
        /// Its account lost its access, or its secret is lost.
        Dropped,
    }
}

impl MessageState {
    /// Its word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Dropped => "dropped",
        }
    }

    /// Returns whether a server took it and may have been stopped before it said what became of it.
    #[must_use]
    pub const fn was_taken(self) -> bool {
        match self {
            Self::Sending => true,
            Self::Queued | Self::Sent | Self::Failed | Self::Uncertain | Self::Dropped => false,
        }
    }

    /// Returns what an administrator reads of it.
    #[must_use]
    pub const fn delivery(self) -> DeliveryState {
        match self {
            Self::Queued | Self::Sending => DeliveryState::Queued,
            Self::Sent => DeliveryState::HandedOver,
            Self::Failed => DeliveryState::Refused,
            Self::Uncertain => DeliveryState::Uncertain,
            Self::Dropped => DeliveryState::Dropped,
        }
    }

    /// Reads the word in the store.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Returns the mail that the holder of an account gets after a wrong password, which counts already; `None` while there were few. The password
/// is off everywhere or on one device: only the former keeps the holder out.
#[must_use]
pub fn warning(what: Guarded, failures: &Failures) -> Option<MessageKind> {
    let is_off = what.most().is_some_and(|most| failures.count >= most);
    match what {
        Guarded::Password if is_off => Some(MessageKind::PasswordOff),
        Guarded::Password | Guarded::PasswordOnDevice => (failures.count >= what.free()).then_some(MessageKind::WrongPasswords),
        Guarded::Passcode | Guarded::SecondFactor | Guarded::RecoveryCode | Guarded::Origin => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Failures, Guarded, MessageKind, MessageState, warning};

    #[test]
    fn every_kind_and_state_is_read_back_from_its_word() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::parse(kind.as_str()), Some(kind));
        }
        for state in MessageState::ALL {
            assert_eq!(MessageState::parse(state.as_str()), Some(state));
        }
        assert_eq!((MessageKind::parse("letter"), MessageState::parse("lost")), (None, None));
    }

    #[test]
    fn codes_alone_go_to_a_phone() {
        assert_eq!(MessageKind::ALL.into_iter().filter(|kind| kind.is_text()).collect::<Vec<_>>(), [MessageKind::Code]);
    }

    #[test]
    fn the_owner_is_warned_after_five_wrong_passwords_and_when_the_password_is_off() {
        let after = |what, count| warning(what, &Failures { count, last: 0 });
        assert_eq!(
            [4, 5, 99].map(|n| after(Guarded::Password, n)),
            [None, Some(MessageKind::WrongPasswords), Some(MessageKind::WrongPasswords)]
        );
        assert_eq!(after(Guarded::Password, 100), Some(MessageKind::PasswordOff));
        assert_eq!(after(Guarded::PasswordOnDevice, 100), Some(MessageKind::WrongPasswords));
        assert_eq!(after(Guarded::Origin, 100), None);
    }
}
