//! Questions about the kinds of changes, and the one table that answers them.

use super::action::{Action, ActionSecret};

/// The facts about all changes of a kind. Every row of the table names each of them, so that a new kind has to answer.
#[derive(Clone, Copy)]
struct ActionFacts {
    /// It gives somebody access to the workspace (`true`), or takes it away.
    access: Option<bool>,
    /// It gives an account its seat (`true`), or takes it away: an inactive account has none.
    seat: Option<bool>,
    /// It leaves an inactive account.
    makes_inactive: bool,
    /// It sets an account's `active`, which plain SCIM can do, to this.
    sets_active: Option<bool>,
    /// The secret that goes with it.
    secret: Option<ActionSecret>,
    /// Facts that are true of few kinds.
    besides: &'static [ActionFact],
}

/// Something that changes of few kinds do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ActionFact {
    /// It invites the holder of an account that is new or was never accepted.
    Invites,
    /// It replaces an invitation by a new one.
    RenewsInvitation,
    /// It takes an invitation back.
    WithdrawsInvitation,
    /// It sets fields of an account, and nothing else.
    Updates,
    /// It sets values of something that exists, rather than making something or changing a state.
    SetsValues,
    /// It blocks the account.
    Blocks,
    /// It adds what users refer to.
    AddsSupportingRecord,
    /// It adds an employee record.
    AddsEmployee,
}

use ActionFact::{AddsEmployee, AddsSupportingRecord, Blocks, Invites, RenewsInvitation, SetsValues, Updates, WithdrawsInvitation};

impl Action {
    /// The table.
    const fn facts(self) -> ActionFacts {
        match self {
            Self::CreateClinic | Self::CreateRole => ActionFacts {
                access: None,
                seat: None,
                makes_inactive: false,
                sets_active: None,
                secret: None,
                besides: &[AddsSupportingRecord],
            },
            Self::CreateEmployee => ActionFacts {
                access: None,
                seat: None,
                makes_inactive: false,
                sets_active: None,
                secret: None,
                besides: &[AddsSupportingRecord, AddsEmployee],
            },
            Self::UpdateClinic | Self::UpdateRole | Self::UpdateEmployee => {
                ActionFacts { access: None, seat: None, makes_inactive: false, sets_active: None, secret: None, besides: &[SetsValues] }
            }
            Self::Invite => ActionFacts {
                access: Some(true),
                seat: Some(true),
                makes_inactive: false,
                sets_active: None,
                secret: Some(ActionSecret::FirstPassword),
                besides: &[Invites],
            },
            Self::ResendInvitation => ActionFacts {
                access: Some(true),
                seat: None,
                makes_inactive: false,
                sets_active: None,
                secret: None,
                besides: &[RenewsInvitation],
            },
            Self::WithdrawInvitation => ActionFacts {
                access: Some(false),
                seat: Some(false),
                makes_inactive: true,
                sets_active: None,
                secret: None,
                besides: &[WithdrawsInvitation],
            },
            Self::Update => ActionFacts {
                access: None,
                seat: None,
                makes_inactive: false,
                sets_active: None,
                secret: None,
                besides: &[Updates, SetsValues],
            },
            Self::Inactivate => ActionFacts {
                access: Some(false),
                seat: Some(false),
                makes_inactive: true,
                sets_active: Some(false),
                secret: None,
                besides: &[],
            },
            Self::Activate => ActionFacts {
                access: Some(true),
                seat: Some(true),
                makes_inactive: false,
                sets_active: Some(true),
                secret: None,
                besides: &[],
            },
            Self::Block => ActionFacts {
                access: Some(false),
                seat: None,
                makes_inactive: false,
                sets_active: None,
                secret: Some(ActionSecret::AdminsPhone),
                besides: &[Blocks],
            },
            Self::Unblock => {
                ActionFacts { access: Some(true), seat: None, makes_inactive: false, sets_active: None, secret: None, besides: &[] }
            }
            Self::GeneratePasscode => ActionFacts {
                access: None,
                seat: None,
                makes_inactive: false,
                sets_active: None,
                secret: Some(ActionSecret::NewPasscode),
                besides: &[],
            },
            Self::SetCodeWord => ActionFacts {
                access: None,
                seat: None,
                makes_inactive: false,
                sets_active: None,
                secret: Some(ActionSecret::CodeWord),
                besides: &[],
            },
        }
    }

    fn does(self, fact: ActionFact) -> bool {
        self.facts().besides.contains(&fact)
    }

    /// Returns whether somebody gets access by it (`true`) or loses it; `None` if it leaves access as it was.
    #[must_use]
    pub const fn access(self) -> Option<bool> {
        self.facts().access
    }

    /// Returns whether it takes access to the workspace from somebody.
    #[must_use]
    pub fn ends_access(self) -> bool {
        self.access() == Some(false)
    }

    /// Returns how many seats more the workspace needs after it.
    #[must_use]
    pub const fn seats(self) -> i64 {
        match self.facts().seat {
            Some(true) => 1,
            Some(false) => -1,
            None => 0,
        }
    }

    /// Returns whether it leaves an inactive account.
    #[must_use]
    pub const fn makes_inactive(self) -> bool {
        self.facts().makes_inactive
    }

    /// Returns whether it sets an account's `active`, and to what: plain SCIM can do that.
    #[must_use]
    pub const fn sets_active(self) -> Option<bool> {
        self.facts().sets_active
    }

    /// Returns whether it invites the holder of an account that is new or was never accepted.
    #[must_use]
    pub fn invites(self) -> bool {
        self.does(Invites)
    }

    /// Returns whether it replaces an invitation by a new one.
    #[must_use]
    pub fn renews_invitation(self) -> bool {
        self.does(RenewsInvitation)
    }

    /// Returns whether it takes an invitation back.
    #[must_use]
    pub fn withdraws_invitation(self) -> bool {
        self.does(WithdrawsInvitation)
    }

    /// Returns whether it sets fields of an account, and nothing else.
    #[must_use]
    pub fn updates(self) -> bool {
        self.does(Updates)
    }

    /// Returns whether it sets values of something that exists, rather than making something or changing a state.
    #[must_use]
    pub fn sets_values(self) -> bool {
        self.does(SetsValues)
    }

    /// Returns whether it blocks the account.
    #[must_use]
    pub fn blocks(self) -> bool {
        self.does(Blocks)
    }

    /// Returns whether it adds what users refer to: a clinic, a role or an employee record.
    #[must_use]
    pub fn adds_supporting_record(self) -> bool {
        self.does(AddsSupportingRecord)
    }

    /// Returns whether it adds an employee record.
    #[must_use]
    pub fn adds_employee(self) -> bool {
        self.does(AddsEmployee)
    }

    /// Returns the secret that goes with a change of this kind.
    #[must_use]
    pub const fn secret(self) -> Option<ActionSecret> {
        self.facts().secret
    }

    /// Returns whether the acting admin confirms it with a phone number of their own (AR-19).
    #[must_use]
    pub const fn is_confirmed_by_phone(self) -> bool {
        match self.secret() {
            Some(ActionSecret::AdminsPhone) => true,
            Some(ActionSecret::FirstPassword | ActionSecret::CodeWord | ActionSecret::NewPasscode) | None => false,
        }
    }

    /// Returns whether the server makes a passcode and shows it once (AR-11).
    #[must_use]
    pub const fn makes_passcode(self) -> bool {
        match self.secret() {
            Some(ActionSecret::NewPasscode) => true,
            Some(ActionSecret::FirstPassword | ActionSecret::AdminsPhone | ActionSecret::CodeWord) | None => false,
        }
    }

    /// Returns whether it sets the code word of the practice (PBN-5).
    #[must_use]
    pub const fn sets_code_word(self) -> bool {
        match self.secret() {
            Some(ActionSecret::CodeWord) => true,
            Some(ActionSecret::FirstPassword | ActionSecret::AdminsPhone | ActionSecret::NewPasscode) | None => false,
        }
    }
}
