//! The parts of the roster that the platform or the server does not allow (rule 6 of the core).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Action, Email, Field, Immutable, LoginName, RemoteId, Repeating, Subject, Ungranted, Value, Violation};

/// Something in the roster that cannot be done, and why. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Refusal {
    /// The person or thing it is about.
    pub subject: Subject,
    /// The reason why it cannot be done.
    pub cause: RefusalCause,
}

/// The reason why an account must be there that a list lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KnownBy {
    /// It is that of the main admin.
    #[default]
    MainAdmin,
    /// The roster has an `id` for it.
    Id,
    /// Somebody attests that its access has ended.
    Attestation,
}

/// The reason why something in the roster cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCause {
    /// The server lacks the practice extension.
    NoPracticeExtension,
    /// The workspace has another main admin (AR-18).
    OtherMainAdmin {
        /// The workspace's.
        workspace: Email,
        /// The roster's.
        roster: Email,
    },
    /// The server has no clinic resources.
    NoClinicResources,
    /// The server has no role resources.
    NoRoleResources,
    /// The server has no employee records.
    NoEmployeeResources,
    /// Several employee records have the name of an entry under `employees` (PBN-2).
    EmployeeNameRepeats {
        /// First name.
        first: String,
        /// Last name.
        last: String,
    },
    /// An employee record cannot be made inactive while an account on it is in use (PBN-8).
    AccountInUse {
        /// The account.
        holder: Email,
        /// Says whether it is the main admin's, which cannot be inactive.
        #[serde(default)]
        is_main_admin: bool,
    },
    /// No employee record has the key a user names (PBN-2).
    NoEmployeeWithKey {
        /// The key.
        key: String,
    },
    /// No employee record has the user's name (PBN-2).
    NoEmployeeNamed {
        /// First name.
        first: String,
        /// Last name.
        last: String,
    },
    /// The roster gives the employee record of a login another name than the login, and no other record has the login's (PBN-2).
    EmployeeNamedOtherwise {
        /// The record's key.
        key: String,
        /// The record's first name in the roster.
        first: String,
        /// The record's last name in the roster.
        last: String,
    },
    /// Several employee records have the user's name (PBN-2).
    SeveralEmployeesNamed {
        /// The number of records.
        count: usize,
        /// Their keys.
        #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
        keys: Box<[String]>,
        /// First name.
        first: String,
        /// Last name.
        last: String,
    },
    /// The employee record with the user's name belongs to a login of somebody else (PBN-2).
    EmployeeOfAnother {
        /// The record's key.
        key: String,
        /// The other person's address.
        holder: Email,
    },
    /// The user's employee record is inactive (PBN-8).
    InactiveEmployee {
        /// The record's key.
        key: String,
    },
    /// The owner of the token cannot give these rights (AR-6, AR-18, PBN-6).
    NotGiven {
        /// The owner of the token.
        giver: Email,
        /// The field whose change gives them; `None` where a role or a new account does.
        field: Option<Field>,
        /// The rights.
        ungranted: Ungranted,
    },
    /// The role that the user is to have is not made, since the owner of the token cannot give what is in it.
    RoleNotMade {
        /// The role's key.
        role: String,
    },
    /// Only the main admin can change this field of their own account.
    MainAdminsField {
        /// The field.
        field: Field,
    },
    /// Nobody else can give the main admin a passcode.
    MainAdminsPasscode,
    /// Only the main admin can change the employee record that their account belongs to (PBN-8).
    MainAdminsRecord,
    /// The owner of the token lacks the privilege that blocking and unblocking need (AR-18, AR-22).
    CannotBlock {
        /// The owner of the token.
        giver: Email,
        /// Block or unblock.
        action: Action,
        /// The privilege.
        privilege: String,
    },
    /// No phone number of the token's owner can confirm the block (AR-19).
    NobodyConfirms {
        /// The owner of the token.
        giver: Email,
        /// Says whether they have numbers, which also belong to users who are to be blocked.
        shares: bool,
    },
    /// The server does not say whose token it is, so nobody can confirm the block (AR-19).
    NobodyActs,
    /// The server does not send the field.
    NotOnServer {
        /// For how many users the roster gives it a value.
        users: usize,
        /// The field.
        field: Field,
    },
    /// The server stores one value of the field, and the roster gives several.
    OneOnServer {
        /// The field.
        field: Field,
    },
    /// The server requires something of a new user that the roster does not give, so the account is not created.
    RequiredByServer {
        /// The attribute, as the server's schema has it.
        attribute: String,
        /// The field that it belongs to; `None` if a roster cannot give it.
        field: Option<Field>,
        /// The number of new users that lack it.
        users: usize,
    },
    /// The server does not store who is active, or lets no client say it.
    StateNotOnServer {
        /// The addresses of users who keep their access although they should have none.
        active: BTreeSet<Email>,
        /// The addresses of users who stay inactive although they should be active.
        inactive: BTreeSet<Email>,
    },
    /// An active account has no address, so nobody knows whether the roster has it, and it stays although others who are not listed leave.
    NoAddress {
        /// Its login.
        login: String,
    },
    /// An attribute that repeats the login still has a former one.
    StillOutdated {
        /// The attribute.
        attribute: Repeating,
        /// The former login.
        value: String,
    },
    /// An admin cannot change the field.
    Immutable {
        /// The field.
        field: Field,
        /// The workspace's value.
        workspace: Value,
        /// The roster's value.
        roster: Value,
        /// The reason.
        why: Immutable,
    },
    /// The account would break a rule of the platform, given the values that the roster does not change.
    Breaks {
        /// The action.
        action: Action,
        /// The rule.
        violation: Box<Violation>,
        /// The colleague whom the roster names by a new address, which the plan does not give them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        waits_for: Option<Email>,
    },
    /// An account that nobody in the roster has is known by another address, and has the user's in `emails`.
    PerhapsTheirs {
        /// The account.
        id: RemoteId,
        /// Its own address.
        login: Email,
        /// Says whether the roster gives the user no access.
        leaves: bool,
    },
    /// Several accounts have the user's address.
    DuplicateAccount {
        /// Their ids.
        ids: Box<[RemoteId]>,
        /// Their own addresses, where these are former ones of the user.
        #[serde(default, skip_serializing_if = "<[Email]>::is_empty")]
        former: Box<[Email]>,
    },
    /// The server knows the account or record by an id that cannot be part of an address, so nobody can write to it.
    IdWithoutAddress {
        /// The id.
        id: RemoteId,
    },
    /// The account belongs to another user of the roster.
    ClaimedTwice {
        /// The account.
        id: RemoteId,
    },
    /// The user's address is the login of another account.
    AddressTaken {
        /// The account that the user has.
        id: RemoteId,
        /// The account that has the address.
        other: RemoteId,
        /// The address.
        email: Email,
        /// The address of the account that the user has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<Email>,
        /// Says whether the roster gives the user no access.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        leaves: bool,
    },
    /// The account with the id in the roster does not exist.
    IdGone {
        /// The account.
        id: RemoteId,
        /// The account that may be meant: its id differs in case only, or it has the user's address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<RemoteId>,
    },
    /// An incomplete list lacks an account that must be there: the main admin's, one with an id, or one that was attested as ended.
    NotInIncompleteList {
        /// The login.
        login: LoginName,
        /// The reason why it must be there.
        #[serde(default)]
        known_by: KnownBy,
    },
    /// The account with the user's address has wholly different names, which nobody but its owner can change: it is somebody else's.
    AccountOfAnother {
        /// The first name of the account.
        first: String,
        /// Its last name.
        last: String,
        /// Says whether it is in use: then it keeps all that it has.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        in_use: bool,
    },
    /// A new account needs a value that the roster does not give.
    LacksForNew {
        /// The rule.
        violation: Box<Violation>,
    },
    /// A passcode cannot be taken away (AR-11).
    PasscodeStays,
    /// The server does not say when it made the passcode, so nobody knows whether it is too old (AR-11).
    PasscodeAgeUnknown,
    /// A step takes an administrator away, and the list of users that shows them is stale.
    ListIsStale {
        /// The action.
        action: Action,
    },
    /// The server does not offer an action.
    NotOffered {
        /// The action.
        action: Action,
    },
}

impl RefusalCause {
    /// Returns the stable code, in kebab-case; the platform has those of broken rules.
    #[must_use]
    pub fn code(&self, rule: &dyn Fn(&Violation) -> &'static str) -> &str {
        match self {
            Self::NoPracticeExtension => "no-practice-extension",
            Self::OtherMainAdmin { .. } => "main-admin-differs",
            Self::NoClinicResources | Self::NoRoleResources | Self::NoEmployeeResources | Self::NotOffered { .. } => "not-offered",
            Self::EmployeeNameRepeats { .. } | Self::SeveralEmployeesNamed { .. } => "name-repeats",
            Self::AccountInUse { .. } => "account-in-use",
            Self::NoEmployeeWithKey { .. } | Self::NoEmployeeNamed { .. } | Self::EmployeeNamedOtherwise { .. } => "no-employee-record",
            Self::EmployeeOfAnother { .. } => "employee-of-another",
            Self::InactiveEmployee { .. } => "inactive-employee",
            Self::NotGiven { .. } | Self::RoleNotMade { .. } => "not-given",
            Self::MainAdminsField { .. } | Self::MainAdminsPasscode | Self::MainAdminsRecord => "main-admin",
            Self::CannotBlock { .. } => "cannot-block",
            Self::NobodyConfirms { .. } => "nobody-confirms",
            Self::NobodyActs => "nobody-acts",
            Self::NotOnServer { .. } | Self::OneOnServer { .. } | Self::StateNotOnServer { .. } => "not-held",
            Self::StillOutdated { .. } => "still-outdated",
            Self::RequiredByServer { .. } => "required-by-server",
            Self::NoAddress { .. } => "no-address",
            Self::Immutable { .. } => "immutable",
            Self::Breaks { violation, .. } | Self::LacksForNew { violation } => rule(violation),
            Self::PerhapsTheirs { .. } => "perhaps-theirs",
            Self::DuplicateAccount { .. } => "duplicate-account",
            Self::IdWithoutAddress { .. } => "id-without-address",
            Self::ClaimedTwice { .. } => "claimed-twice",
            Self::AddressTaken { .. } => "address-taken",
            Self::IdGone { .. } => "id-gone",
            Self::NotInIncompleteList { .. } => "incomplete-list",
            Self::AccountOfAnother { .. } => "account-of-another",
            Self::PasscodeStays => "passcode-stays",
            Self::PasscodeAgeUnknown => "passcode-age-unknown",
            Self::ListIsStale { .. } => "stale-list",
        }
    }

    /// Returns whether something is left to do although nothing can be changed now: a new list says more, or a person must say whose account it is.
    #[must_use]
    pub const fn is_for_next_list(&self) -> bool {
        match self {
            Self::ListIsStale { .. }
            | Self::NotInIncompleteList { .. }
            | Self::AccountOfAnother { .. }
            | Self::IdGone { other: Some(_), .. } => true,
            Self::IdGone { other: None, .. }
            | Self::NoPracticeExtension
            | Self::OtherMainAdmin { .. }
            | Self::NoClinicResources
            | Self::NoRoleResources
            | Self::NoEmployeeResources
            | Self::EmployeeNameRepeats { .. }
            | Self::AccountInUse { .. }
            | Self::NoEmployeeWithKey { .. }
            | Self::NoEmployeeNamed { .. }
            | Self::EmployeeNamedOtherwise { .. }
            | Self::SeveralEmployeesNamed { .. }
            | Self::EmployeeOfAnother { .. }
            | Self::InactiveEmployee { .. }
            | Self::NotGiven { .. }
            | Self::RoleNotMade { .. }
            | Self::MainAdminsField { .. }
            | Self::MainAdminsPasscode
            | Self::MainAdminsRecord
            | Self::CannotBlock { .. }
            | Self::NobodyConfirms { .. }
            | Self::NobodyActs
            | Self::NotOnServer { .. }
            | Self::OneOnServer { .. }
            | Self::StateNotOnServer { .. }
            | Self::RequiredByServer { .. }
            | Self::StillOutdated { .. }
            | Self::NoAddress { .. }
            | Self::Immutable { .. }
            | Self::Breaks { .. }
            | Self::PerhapsTheirs { .. }
            | Self::DuplicateAccount { .. }
            | Self::IdWithoutAddress { .. }
            | Self::ClaimedTwice { .. }
            | Self::AddressTaken { .. }
            | Self::LacksForNew { .. }
            | Self::PasscodeStays
            | Self::PasscodeAgeUnknown
            | Self::NotOffered { .. } => false,
        }
    }
}
