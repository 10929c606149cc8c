//! The actions in a user log, by name.

use crate::model::{Action, with_all};

/// An action in a user log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogAction {
    /// One that a plan can have, too.
    Planned(Action),
    /// One that only a client of plain SCIM or the server's machine asks for.
    Record(RecordAction),
    /// One of a login and its sessions.
    Login(LoginEvent),
    /// One of a person on the server's machine.
    Operator(OperatorAction),
    /// One of the program itself.
    Program(ProgramAction),
}

impl LogAction {
    /// Returns all actions.
    pub fn all() -> impl Iterator<Item = Self> {
        let (planned, records) = (Action::ALL.into_iter().map(Self::Planned), RecordAction::ALL.into_iter().map(Self::Record));
        let logins = LoginEvent::ALL.into_iter().map(Self::Login);
        let (operators, own) = (OperatorAction::ALL.into_iter().map(Self::Operator), ProgramAction::ALL.into_iter().map(Self::Program));
        planned.chain(records).chain(logins).chain(operators).chain(own)
    }

    /// Returns its word: that of the plan's action where there is one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned(action) => action.as_str(),
            Self::Record(action) => action.as_str(),
            Self::Login(event) => event.as_str(),
            Self::Operator(action) => action.as_str(),
            Self::Program(action) => action.as_str(),
        }
    }

    /// Returns whether it changed values of something that was there.
    #[must_use]
    pub fn is_update(self) -> bool {
        match self {
            Self::Planned(action) => action.sets_values(),
            Self::Record(action) => match action {
                RecordAction::UpdateGroup => true,
                RecordAction::Create | RecordAction::CreateGroup | RecordAction::Delete => false,
            },
            Self::Login(_) | Self::Operator(_) | Self::Program(_) => false,
        }
    }
}

impl From<Action> for LogAction {
    fn from(action: Action) -> Self {
        Self::Planned(action)
    }
}

impl From<LoginEvent> for LogAction {
    fn from(event: LoginEvent) -> Self {
        Self::Login(event)
    }
}

with_all! {
    /// An action on an account or a record that no plan has.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RecordAction {
        /// An account was made without an invitation.
        Create,
        /// A group of plain SCIM was made.
        CreateGroup,
        /// A group of plain SCIM changed.
        UpdateGroup,
        /// An account or a record was deleted, on plain SCIM.
        Delete,
    }
}

impl RecordAction {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::CreateGroup => "create-group",
            Self::UpdateGroup => "update-group",
            Self::Delete => "delete",
        }
    }
}

with_all! {
    /// An event of somebody's login or sessions, which happened or was tried.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum LoginEvent {
        /// The invitation was accepted.
        AcceptedInvitation,
        /// A link that confirms another address was asked for.
        AskedForAddress,
        /// Somebody whose invitation has ended asks for another one.
        AskedForLink,
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
    }
}

impl LoginEvent {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AcceptedInvitation => "accept-invitation",
            Self::AskedForAddress => "ask-address-change",
            Self::AskedForLink => "ask-invitation",
            Self::AskedForPassword => "ask-password-reset",
            Self::BecameMainAdmin => "become-main-admin",
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
        }
    }
}

with_all! {
    /// Something that a person did on the server's machine.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum OperatorAction {
        /// A token was made.
        CreateToken,
        /// A token was revoked.
        RevokeToken,
        /// The code word was shown (PBN-5).
        ShowCodeWord,
        /// A new code word took the place of the old one (PBN-5).
        RotateCodeWord,
        /// A set-up link of the main admin was made.
        MakeSetUpLink,
    }
}

impl OperatorAction {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateToken => "create-token",
            Self::RevokeToken => "revoke-token",
            Self::ShowCodeWord => "show-code-word",
            Self::RotateCodeWord => "rotate-code-word",
            Self::MakeSetUpLink => "set-up-link",
        }
    }
}

with_all! {
    /// Something that the program itself did or noticed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ProgramAction {
        /// The workspace was made.
        CreateWorkspace,
        /// The key of the database was lost.
        LoseKey,
        /// Accounts of an earlier version got logins.
        MakeLogins,
        /// A request was refused.
        Request,
        /// A message could not be delivered.
        Undelivered,
    }
}

impl ProgramAction {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateWorkspace => "create-workspace",
            Self::LoseKey => "lose-key",
            Self::MakeLogins => "make-logins",
            Self::Request => "request",
            Self::Undelivered => "undelivered",
        }
    }
}
