//! Questions about the kinds of changes, and the one table that answers them.

use super::action::{Action, ActionSecret};

/// Something that all changes of a kind do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    /// It gives somebody access to the workspace (`true`), or takes it away.
    Access(bool),
    /// It gives an account its seat (`true`), or takes it away: an inactive account has none.
    Seat(bool),
    /// It sets an account's `active`, which plain SCIM can do, to this.
    Active(bool),
    /// It invites the holder of an account that is new or was never accepted.
    Invites,
    /// It replaces an invitation by a new one.
    RenewsInvitation,
    /// It sets fields of an account, and nothing else.
    Updates,
    /// It blocks the account.
    Blocks,
    /// It adds what users refer to.
    AddsSupportingRecord,
    /// It adds an employee record.
    AddsEmployee,
    /// A secret goes with it.
    Secret(ActionSecret),
}

use Fact::{Access, Active, AddsEmployee, AddsSupportingRecord, Blocks, Invites, RenewsInvitation, Seat, Secret, Updates};

impl Action {
    /// The table: what is not in the row of a kind, it does not do.
    const fn facts(self) -> &'static [Fact] {
        match self {
            Self::CreateClinic | Self::CreateRole => &[AddsSupportingRecord],
            Self::CreateEmployee => &[AddsSupportingRecord, AddsEmployee],
            Self::UpdateClinic | Self::UpdateRole | Self::UpdateEmployee => &[],
            Self::Invite => &[Invites, Access(true), Seat(true), Secret(ActionSecret::FirstPassword)],
            Self::ResendInvitation => &[RenewsInvitation, Access(true)],
            Self::WithdrawInvitation => &[Access(false), Seat(false)],
            Self::Update => &[Updates],
            Self::Inactivate => &[Access(false), Seat(false), Active(false)],
            Self::Activate => &[Access(true), Seat(true), Active(true)],
            Self::Block => &[Blocks, Access(false), Secret(ActionSecret::AdminsPhone)],
            Self::Unblock => &[Access(true)],
            Self::GeneratePasscode => &[Secret(ActionSecret::NewPasscode)],
            Self::SetCodeWord => &[Secret(ActionSecret::CodeWord)],
        }
    }

    fn does(self, fact: Fact) -> bool {
        self.facts().contains(&fact)
    }

    /// Of two opposite facts, the one that is in the row.
    fn one_of(self, fact: fn(bool) -> Fact) -> Option<bool> {
        [true, false].into_iter().find(|is| self.does(fact(*is)))
    }

    /// Whether somebody gets access by it (`true`) or loses it; `None` if it leaves access as it was.
    #[must_use]
    pub fn access(self) -> Option<bool> {
        self.one_of(Access)
    }

    /// Whether it takes access to the workspace from somebody.
    #[must_use]
    pub fn ends_access(self) -> bool {
        self.does(Access(false))
    }

    /// How many seats more the workspace needs after it.
    #[must_use]
    pub fn seats(self) -> i64 {
        match self.one_of(Seat) {
            Some(true) => 1,
            Some(false) => -1,
            None => 0,
        }
    }

    /// Whether it leaves an inactive account.
    #[must_use]
    pub fn makes_inactive(self) -> bool {
        self.does(Seat(false))
    }

    /// Whether it sets an account's `active`, and to what: plain SCIM can do that.
    #[must_use]
    pub fn sets_active(self) -> Option<bool> {
        self.one_of(Active)
    }

    /// Whether it invites the holder of an account that is new or was never accepted.
    #[must_use]
    pub fn invites(self) -> bool {
        self.does(Invites)
    }

    /// Whether it replaces an invitation by a new one.
    #[must_use]
    pub fn renews_invitation(self) -> bool {
        self.does(RenewsInvitation)
    }

    /// Whether it sets fields of an account, and nothing else.
    #[must_use]
    pub fn updates(self) -> bool {
        self.does(Updates)
    }

    /// Whether it blocks the account.
    #[must_use]
    pub fn blocks(self) -> bool {
        self.does(Blocks)
    }

    /// Whether it adds what users refer to: a clinic, a role or an employee record.
    #[must_use]
    pub fn adds_supporting_record(self) -> bool {
        self.does(AddsSupportingRecord)
    }

    /// Whether it adds an employee record.
    #[must_use]
    pub fn adds_record(self) -> bool {
        self.does(AddsEmployee)
    }

    /// Returns the secret that goes with a change of this kind.
    #[must_use]
    pub fn secret(self) -> Option<ActionSecret> {
        ActionSecret::ALL.into_iter().find(|secret| self.does(Secret(*secret)))
    }

    /// Whether the acting admin confirms it with a phone number of their own (AR-19).
    #[must_use]
    pub fn is_confirmed_by_phone(self) -> bool {
        self.does(Secret(ActionSecret::AdminsPhone))
    }

    /// Whether the server makes a passcode and shows it once (AR-11).
    #[must_use]
    pub fn makes_passcode(self) -> bool {
        self.does(Secret(ActionSecret::NewPasscode))
    }

    /// Whether it sets the code word of the practice (PBN-5).
    #[must_use]
    pub fn sets_code_word(self) -> bool {
        self.does(Secret(ActionSecret::CodeWord))
    }
}
