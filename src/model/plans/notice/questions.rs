//! Questions about notices, and the one table that answers them.

use crate::model::{AccountChange, Block, Email, HandState, LoginName, NoticeCause, Reason, RosterOddity, Step};

/// The parts of notices of a few causes.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own, and nearly every cause answers none of them")]
struct Special<'n> {
    is_partial_read: bool,
    is_difference: bool,
    is_unlisted_user: bool,
    is_left_block: bool,
    unwritten: Option<&'n Step>,
    change_if_found: Option<(AccountChange, Reason)>,
    login: Option<&'n LoginName>,
    looked_for: Option<&'n HandState>,
    perhaps_the_same: Option<(&'n Email, bool)>,
    is_address_changed: bool,
}

impl NoticeCause {
    /// The table.
    fn special(&self) -> Special<'_> {
        let nothing = Special::default();
        match self {
            Self::PartialRead { .. } => Special { is_partial_read: true, ..nothing },
            Self::Differs { step, .. } => Special { is_difference: true, unwritten: step.as_deref(), ..nothing },
            Self::LeftBlocked => Special { is_left_block: true, ..nothing },
            Self::NotListed => Special { is_unlisted_user: true, ..nothing },
            Self::NotInIncompleteList => Special { change_if_found: Some((AccountChange::Inactivate, Reason::WantedInactive)), ..nothing },
            Self::UnlistedNotInIncompleteList { login, .. } => {
                Special { change_if_found: Some((AccountChange::Inactivate, Reason::NotListed)), login: Some(login), ..nothing }
            }
            Self::BlockedNotInIncompleteList { reason } => {
                let block = AccountChange::Block(Block { reason: *reason, note: None });
                Special { change_if_found: Some((block, Reason::WantedBlocked(*reason))), ..nothing }
            }
            Self::LookedFor(state) => Special { looked_for: Some(state), ..nothing },
            Self::PerhapsTheSame { other, phone, is_like: _, fate: _ } => Special { perhaps_the_same: Some((other, *phone)), ..nothing },
            Self::Roster(oddity) => Special { is_address_changed: oddity.is_address_changed(), ..nothing },
            Self::Kept { .. }
            | Self::BlockReasonKept { .. }
            | Self::FormerlyAnother { .. }
            | Self::AddressOfAnother { .. }
            | Self::ListUnproven { .. }
            | Self::NoAddress { .. }
            | Self::InvitationNeedsLogin { .. }
            | Self::Unusual(_)
            | Self::LooksLike { .. }
            | Self::SharesPhone { .. }
            | Self::NotRepeated { .. }
            | Self::FewAdministrators { .. }
            | Self::OwnerUnknown
            | Self::NoSchema { .. }
            | Self::PerhapsAltered(..)
            | Self::NobodyCountsAdministrators
            | Self::NobodyAdministers(_)
            | Self::AddressWas(_)
            | Self::CannotConfirmBlocks
            | Self::NotManaged { .. }
            | Self::ClinicNotListed { .. }
            | Self::RoleNotListed { .. }
            | Self::InactiveWithoutAccount
            | Self::BlockedWithoutAccount
            | Self::StatusNotShown
            | Self::CellsNotShown { .. }
            | Self::InactiveWhileBlocked
            | Self::NotInvitedWhileBlocked
            | Self::NoPasscodeWhileBlocked => nothing,
        }
    }

    /// Returns whether a list is not complete.
    #[must_use]
    pub fn is_partial_read(&self) -> bool {
        self.special().is_partial_read
    }

    /// Returns whether it is a change that is not written, since the workspace is only observed.
    #[must_use]
    pub fn is_difference(&self) -> bool {
        self.special().is_difference
    }

    /// Returns whether it says that an account is not in the roster, and is left alone.
    #[must_use]
    pub fn is_unlisted_user(&self) -> bool {
        self.special().is_unlisted_user
    }

    /// Returns whether it is about a block that the roster does not mention.
    #[must_use]
    pub fn is_left_block(&self) -> bool {
        self.special().is_left_block
    }

    /// Returns the step that is not written, since the workspace is only observed.
    #[must_use]
    pub fn unwritten(&self) -> Option<&Step> {
        self.special().unwritten
    }

    /// Returns whether a person must look for somebody whom an incomplete list lacks.
    #[must_use]
    pub fn asks_to_look(&self) -> bool {
        self.change_if_found().is_some()
    }

    /// Returns the change, with its reason, of somebody whom an incomplete list lacks and for whom a person must look.
    #[must_use]
    pub fn change_if_found(&self) -> Option<(AccountChange, Reason)> {
        self.special().change_if_found
    }

    /// Returns the login of the account for which a person must look, where it may be another name than the address.
    #[must_use]
    pub fn login(&self) -> Option<&LoginName> {
        self.special().login
    }

    /// Returns how far it is known that somebody whom a person looked for has no access.
    #[must_use]
    pub fn looked_for(&self) -> Option<&HandState> {
        self.special().looked_for
    }

    /// Returns the other address of what may be one person, and whether both have the same phone.
    #[must_use]
    pub fn perhaps_the_same(&self) -> Option<(&Email, bool)> {
        self.special().perhaps_the_same
    }

    /// Returns whether a member has another address than the roster says: it is shown among the risks.
    #[must_use]
    pub fn is_address_changed(&self) -> bool {
        self.special().is_address_changed
    }
}

impl RosterOddity {
    /// Returns whether a member has another address than the roster says.
    const fn is_address_changed(&self) -> bool {
        match self {
            Self::AddressChanged { .. } => true,
            Self::UnusedStart { .. } | Self::UnusedList { .. } | Self::NoUsers | Self::NotRead { .. } | Self::OtherRoster { .. } => false,
        }
    }
}
