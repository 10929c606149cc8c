//! Questions about the kinds of changes: each has an answer for every kind.

use super::action::{Action, ActionSecret};

impl Action {
    /// Whether it invites the holder of an account that is new or was never accepted.
    #[must_use]
    pub const fn invites(self) -> bool {
        match self {
            Self::Invite => true,
            Self::CreateClinic
            | Self::UpdateClinic
            | Self::CreateRole
            | Self::UpdateRole
            | Self::CreateEmployee
            | Self::UpdateEmployee
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Update
            | Self::Inactivate
            | Self::Activate
            | Self::Block
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => false,
        }
    }

    /// Whether it replaces an invitation by a new one.
    #[must_use]
    pub const fn renews_invitation(self) -> bool {
        match self {
            Self::ResendInvitation => true,
            Self::CreateClinic
            | Self::UpdateClinic
            | Self::CreateRole
            | Self::UpdateRole
            | Self::CreateEmployee
            | Self::UpdateEmployee
            | Self::Invite
            | Self::WithdrawInvitation
            | Self::Update
            | Self::Inactivate
            | Self::Activate
            | Self::Block
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => false,
        }
    }

    /// Whether it sets fields of an account, and nothing else.
    #[must_use]
    pub const fn updates(self) -> bool {
        match self {
            Self::Update => true,
            Self::CreateClinic
            | Self::UpdateClinic
            | Self::CreateRole
            | Self::UpdateRole
            | Self::CreateEmployee
            | Self::UpdateEmployee
            | Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Inactivate
            | Self::Activate
            | Self::Block
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => false,
        }
    }

    /// Whether it leaves an inactive account.
    #[must_use]
    pub const fn makes_inactive(self) -> bool {
        match self {
            Self::WithdrawInvitation | Self::Inactivate => true,
            Self::CreateClinic
            | Self::UpdateClinic
            | Self::CreateRole
            | Self::UpdateRole
            | Self::CreateEmployee
            | Self::UpdateEmployee
            | Self::Invite
            | Self::ResendInvitation
            | Self::Update
            | Self::Activate
            | Self::Block
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => false,
        }
    }

    /// Whether it blocks the account.
    #[must_use]
    pub const fn blocks(self) -> bool {
        match self {
            Self::Block => true,
            Self::CreateClinic
            | Self::UpdateClinic
            | Self::CreateRole
            | Self::UpdateRole
            | Self::CreateEmployee
            | Self::UpdateEmployee
            | Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Update
            | Self::Inactivate
            | Self::Activate
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => false,
        }
    }

    /// Whether it adds what users refer to: a clinic, a role or an employee record.
    #[must_use]
    pub const fn adds_supporting_record(self) -> bool {
        match self {
            Self::CreateClinic | Self::CreateRole | Self::CreateEmployee => true,
            Self::UpdateClinic
            | Self::UpdateRole
            | Self::UpdateEmployee
            | Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Update
            | Self::Inactivate
            | Self::Activate
            | Self::Block
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => false,
        }
    }

    /// Whether it adds an employee record.
    #[must_use]
    pub const fn adds_record(self) -> bool {
        match self {
            Self::CreateEmployee => true,
            Self::CreateClinic
            | Self::UpdateClinic
            | Self::CreateRole
            | Self::UpdateRole
            | Self::UpdateEmployee
            | Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Update
            | Self::Inactivate
            | Self::Activate
            | Self::Block
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => false,
        }
    }

    /// Whether it sets an account's `active`, and to what: plain SCIM can do that.
    #[must_use]
    pub const fn sets_active(self) -> Option<bool> {
        match self {
            Self::Activate => Some(true),
            Self::Inactivate => Some(false),
            Self::CreateClinic
            | Self::UpdateClinic
            | Self::CreateRole
            | Self::UpdateRole
            | Self::CreateEmployee
            | Self::UpdateEmployee
            | Self::Invite
            | Self::ResendInvitation
            | Self::WithdrawInvitation
            | Self::Update
            | Self::Block
            | Self::Unblock
            | Self::GeneratePasscode
            | Self::SetCodeWord => None,
        }
    }

    /// Whether the acting admin confirms it with a phone number of their own (AR-19).
    #[must_use]
    pub const fn is_confirmed_by_phone(self) -> bool {
        match self.secret() {
            Some(ActionSecret::AdminsPhone) => true,
            Some(ActionSecret::FirstPassword | ActionSecret::CodeWord | ActionSecret::NewPasscode) | None => false,
        }
    }

    /// Whether the server makes a passcode and shows it once (AR-11).
    #[must_use]
    pub const fn makes_passcode(self) -> bool {
        match self.secret() {
            Some(ActionSecret::NewPasscode) => true,
            Some(ActionSecret::FirstPassword | ActionSecret::AdminsPhone | ActionSecret::CodeWord) | None => false,
        }
    }

    /// Whether it sets the code word of the practice (PBN-5).
    #[must_use]
    pub const fn sets_code_word(self) -> bool {
        match self.secret() {
            Some(ActionSecret::CodeWord) => true,
            Some(ActionSecret::FirstPassword | ActionSecret::AdminsPhone | ActionSecret::NewPasscode) | None => false,
        }
    }
}
