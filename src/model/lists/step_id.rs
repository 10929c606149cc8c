//! A step that a person does by hand: its id, its kind, and the values that it leaves.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::{
    AccountChange, Action, BLOCKED, BlockReason, Change, Field, FieldChange, Fields, Followup, LoginName, NewAccount, Standing, Value,
};

/// The id of a step by hand, lower-case hex digits: the same step has the same id in every plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct StepId(pub String);

impl StepId {
    /// The hex digits of an id.
    pub const DIGITS: usize = 8;

    /// Computes the id from the first digits of a SHA-256 over workspace, user, kind of step and values.
    #[must_use]
    pub fn new(workspace: &str, user: &LoginName, kind: StepKind, values: &StepValues) -> Self {
        let mut hash = Sha256::new();
        // The length first, so that two texts cannot be confused with one.
        let mut feed = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        feed("rosterctl step 1");
        feed(workspace);
        feed(user.as_str());
        feed(kind.as_str());
        feed(&serde_json::to_string(values).unwrap_or_default());
        let digits = hash.finalize();
        Self(data_encoding::HEXLOWER.encode(digits.get(..Self::DIGITS / 2).unwrap_or_default()))
    }

    /// Reads an id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_id = text.len() == Self::DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| Self(text.to_ascii_lowercase()))
    }
}

impl std::fmt::Display for StepId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kind of an attested step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub enum StepKind {
    /// A change of a plan was made.
    Done(Action),
    /// Somebody looked, and the roster is right.
    Seen,
}

impl StepKind {
    /// The word for what somebody only looked at.
    const SEEN: &'static str = "seen";

    /// Returns the kind's name in YAML.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done(action) => action.as_str(),
            Self::Seen => Self::SEEN,
        }
    }

    /// Returns the change that was made; `None` where somebody only looked.
    #[must_use]
    pub const fn made(self) -> Option<Action> {
        match self {
            Self::Done(action) => Some(action),
            Self::Seen => None,
        }
    }

    /// Returns whether somebody only looked.
    #[must_use]
    pub const fn is_look(self) -> bool {
        self.made().is_none()
    }

    /// Returns whether an employee record was added: no list of users shows one (PBN-3).
    #[must_use]
    pub fn added_record(self) -> bool {
        self.made().is_some_and(Action::adds_employee)
    }

    /// Returns whether it says values of something that was there, rather than what somebody new has or in which state somebody is.
    #[must_use]
    pub fn sets_values(self) -> bool {
        self.made().is_none_or(Action::sets_values)
    }

    /// Returns the names of all kinds.
    #[must_use]
    pub fn words() -> Vec<&'static str> {
        Action::ALL.into_iter().map(Action::as_str).chain([Self::SEEN]).collect()
    }

    /// Finds the kind with this name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let done = Action::ALL.into_iter().find(|action| action.as_str() == word).map(Self::Done);
        done.or((word == Self::SEEN).then_some(Self::Seen))
    }
}

impl TryFrom<String> for StepKind {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or(word)
    }
}

impl From<StepKind> for String {
    fn from(kind: StepKind) -> Self {
        kind.as_str().to_owned()
    }
}

/// The values that a step leaves in the workspace; never a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StepValues {
    /// Values of fields.
    pub fields: Fields,
    /// The standing of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Standing>,
    /// Says whether the account is blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<BlockSet>,
    /// Says whether the account has a passcode; the passcode itself is never kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub passcode: bool,
}

/// One of the values that a step can leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepValue {
    /// That of a field.
    Field(Field),
    /// The standing of the account.
    Status,
    /// Says whether the account is blocked.
    Blocked,
    /// Says whether the account has a passcode.
    Passcode,
}

impl StepValue {
    /// The key of the standing, in rosters and in lists.
    pub const STATUS: &'static str = "status";
    /// The key of a passcode, in rosters and in lists.
    pub const PASSCODE: &'static str = "passcode";

    /// The words of those that are not fields, as documents have them.
    pub const WORDS: [(Self, &'static str); 3] = [(Self::Status, Self::STATUS), (Self::Blocked, BLOCKED), (Self::Passcode, Self::PASSCODE)];

    /// Returns the field, if it is that of one.
    #[must_use]
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Field(field) => Some(field),
            Self::Status | Self::Blocked | Self::Passcode => None,
        }
    }
}

/// A block that a step sets or lifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockSet {
    /// There is no longer a block.
    Lifted,
    /// The account is blocked for this reason.
    For(BlockReason),
}

impl BlockSet {
    /// Returns whether the account is blocked afterward.
    #[must_use]
    pub const fn blocks(self) -> bool {
        self.reason().is_some()
    }

    /// Returns the reason of the block; `None` if there is none anymore.
    #[must_use]
    pub const fn reason(self) -> Option<BlockReason> {
        match self {
            Self::For(reason) => Some(reason),
            Self::Lifted => None,
        }
    }
}

impl StepValues {
    /// Lists which values there are.
    #[must_use]
    pub fn each(&self) -> Vec<StepValue> {
        let Self { fields, status, blocked, passcode } = self;
        let fields = fields.iter().map(|(field, _)| StepValue::Field(field));
        let status = status.map(|_| StepValue::Status);
        let blocked = blocked.map(|_| StepValue::Blocked);
        fields.chain(status).chain(blocked).chain(passcode.then_some(StepValue::Passcode)).collect()
    }

    /// Returns the values that a change of an account or a new employee record leaves; `None` for a change of something else.
    #[must_use]
    pub fn left_by(change: &Change) -> Option<Self> {
        match change {
            Change::CreateAccount(NewAccount { email: _, fields, with_password }) => {
                let status = if *with_password { Standing::Active } else { Standing::Pending };
                Some(Self { fields: after(fields), status: Some(status), ..Self::default() })
            }
            Change::Complete { email: _, followup: Followup::Update { fields } } => Some(Self { fields: after(fields), ..Self::default() }),
            Change::Complete { email: _, followup: Followup::GeneratePasscode } => Some(Self { passcode: true, ..Self::default() }),
            Change::Account { email: _, target: _, change } => Some(Self::left_in_account(change)),
            Change::CreateEmployee { key, first_name, last_name, active: _, external: _ } => {
                let texts = [(Field::FirstName, first_name), (Field::LastName, last_name), (Field::Employee, key)];
                let fields = texts.into_iter().map(|(field, text)| (field, Value::Text(text.clone()))).collect();
                Some(Self { fields, ..Self::default() })
            }
            Change::CreateClinic { .. }
            | Change::UpdateClinic(_)
            | Change::CreateRole { .. }
            | Change::UpdateRole(_)
            | Change::UpdateEmployee(_)
            | Change::SetCodeWord => None,
        }
    }

    /// Returns the values as the product has them: where nobody is invited, a user who was created is active.
    #[must_use]
    pub fn in_product(self, has_invitations: bool) -> Self {
        let status = self.status.map(|status| status.in_product(has_invitations));
        Self { status, ..self }
    }

    /// Returns the values that an update of these fields leaves.
    #[must_use]
    pub fn of_fields<'f>(fields: impl IntoIterator<Item = &'f FieldChange>) -> Self {
        Self { fields: after(fields), ..Self::default() }
    }

    fn left_in_account(change: &AccountChange) -> Self {
        let status = |standing| Self { status: Some(standing), ..Self::default() };
        let blocked = |set| Self { blocked: Some(set), ..Self::default() };
        match change {
            AccountChange::Invite | AccountChange::ResendInvitation => status(Standing::Pending),
            AccountChange::WithdrawInvitation | AccountChange::Inactivate => status(Standing::Inactive),
            AccountChange::Update { fields, effective: _ } => Self { fields: after(fields), ..Self::default() },
            AccountChange::Activate => status(Standing::Active),
            AccountChange::Block(block) => blocked(BlockSet::For(block.reason)),
            AccountChange::Unblock => blocked(BlockSet::Lifted),
            AccountChange::GeneratePasscode | AccountChange::RenewPasscode { .. } => Self { passcode: true, ..Self::default() },
        }
    }

    /// Returns whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { fields, status, blocked, passcode } = self;
        fields.is_empty() && status.is_none() && blocked.is_none() && !passcode
    }
}

fn after<'f>(fields: impl IntoIterator<Item = &'f FieldChange>) -> Fields {
    fields.into_iter().map(|change| (change.field, if change.after.is_empty() { Value::Unset } else { change.after.clone() })).collect()
}

impl PartialOrd for StepValues {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for StepValues {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |of: &Self| (serde_json::to_string(&of.fields).unwrap_or_default(), of.status, of.blocked, of.passcode);
        key(self).cmp(&key(other))
    }
}
