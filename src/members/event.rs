//! Events of a login and its sessions, as the user log keeps them.

use crate::model::Action;
use crate::workspace::Handover;

/// An event of somebody's login or sessions, which happened or was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginEvent {
    /// The invitation was accepted.
    AcceptedInvitation,
    /// A link that confirms another address was asked for.
    AskedForAddress,
    /// A link for another password was asked for.
    AskedForPassword,
    /// The member got the main admin role.
    BecameMainAdmin,
    /// The address changed (AR-13).
    ChangedAddress,
    /// The cell phone changed (AR-19).
    ChangedCell,
    /// The password changed, with the old one (AR-14).
    ChangedPassword,
    /// A code word was compared (PBN-5).
    CheckedCodeWord,
    /// The password was compared, other than to sign in.
    CheckedPassword,
    /// The main admin chose a password, with a set-up link.
    ChosePassword,
    /// Sessions ended that are not the caller's own.
    EndedSessions,
    /// Browsers are no longer trusted.
    EndedTrust,
    /// New recovery codes took the place of the old ones.
    MadeRecoveryCodes,
    /// The main admin role was offered to a colleague.
    OfferedMainAdmin,
    /// The member removed the second factor.
    RemovedFactor,
    /// An administrator removed the second factor.
    ResetFactor,
    /// The password was replaced, with a link (AR-14).
    ResetPassword,
    /// A one-time code was sent.
    SentCode,
    /// A second factor was set up (CHR-5).
    SetUpFactor,
    /// The member signed in.
    SignedIn,
    /// The member signed out.
    SignedOut,
    /// A browser is trusted from now on.
    TrustedBrowser,
    /// The member changed their own profile (AR-13).
    Updated,
}

impl LoginEvent {
    /// The word that the log keeps.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AcceptedInvitation => "accept-invitation",
            Self::AskedForAddress => "ask-address-change",
            Self::AskedForPassword => "ask-password-reset",
            Self::BecameMainAdmin => Handover::EVENT.word(),
            Self::ChangedAddress => "change-address",
            Self::ChangedCell => "change-cell",
            Self::ChangedPassword => "change-password",
            Self::CheckedCodeWord => "check-code-word",
            Self::CheckedPassword => "check-password",
            Self::ChosePassword => "set-password",
            Self::EndedSessions => "end-sessions",
            Self::EndedTrust => "end-trust",
            Self::MadeRecoveryCodes => "make-recovery-codes",
            Self::OfferedMainAdmin => "offer-main-admin",
            Self::RemovedFactor => "remove-second-factor",
            Self::ResetFactor => "reset-second-factor",
            Self::ResetPassword => "reset-password",
            Self::SentCode => "send-code",
            Self::SetUpFactor => "set-up-second-factor",
            Self::SignedIn => "sign-in",
            Self::SignedOut => "sign-out",
            Self::TrustedBrowser => "trust-browser",
            Self::Updated => Action::Update.as_str(),
        }
    }
}
