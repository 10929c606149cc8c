//! Values: the accounts in the roster and in the workspace, the changes between them, and the result of making those.
//!
//! This module has no vendor rules and no I/O. Collections are ordered, so equal inputs give equal bytes.

mod cases;
mod circle;
pub(crate) mod joined;
mod lists;
mod plans;
mod results;
mod roster;
mod state;
mod table;
pub mod transition;
mod values;

pub(crate) use cases::with_all;
pub use circle::circle;
pub(crate) use joined::joined;
pub use lists::attest_refusal::AttestRefusal;
pub use lists::by_hand::{AddressQuestion, AttestedStep, ByHand, HandState, HandStep, Proof, ShownOtherwise, TabState, Tick};
pub use lists::list_words::ListWords;
pub use lists::owners;
pub use lists::renamed::RowsByPerson;
pub use lists::snapshot::{Attestation, Earlier, Row, Shows, Snapshot, Tab, TabRead};
pub use lists::step_id::{BlockSet, StepId, StepKind, StepValue, StepValues};
pub use lists::user_list::{JudgedList, OtherTabs, PendingTab};
pub use plans::bill::{Bill, Billing, NextBilling, SeatLine, Subscription, TakesEffect};
pub use plans::change::{AccountKey, Change, ClinicUpdate, EmployeeUpdate, NewAccount, RoleUpdate, Stage, Step, Target};
pub use plans::counted::Counted;
pub use plans::guard::{Guard, NeverWaived, RemovalLimit, Stop, StopCause, UnfitWaiver};
pub use plans::kept_out::{KeptOut, KeptOutBy};
pub use plans::notice::{Keep, NamesakeFate, Notice, NoticeCause, NoticeKind, RosterOddity};
pub use plans::obstacle::{FormerHolder, Immutable, Ungranted};
pub use plans::outdated::{Outdated, Repeating};
pub use plans::partial::{Oddity, PartialCause, SecondRead};
pub use plans::plan::{PerhapsOnePerson, Plan, RosterPlan, Stopped, Summary, Task, TaskKind, WorkspacePlan};
pub use plans::reason::{OlderPasscode, Reason};
pub use plans::refusal::{KnownBy, Refusal, RefusalCause};
pub use plans::topic::{RefusalTopic, Source, Topic};
pub use results::drift::Drift;
pub use results::errors::database_error::{DatabaseError, SeedFault};
pub use results::errors::not_ready::{AddressError, NotReady, Unconfirmed};
pub use results::errors::protocol_error::{ListEnd, ProtocolError};
pub use results::errors::secret_error::{CodeWordFault, MissingSecret, SecretError, SecretOrigin, SecretPurpose, TokenFault};
pub use results::errors::server_error::{NetworkError, RefusalNote, Scope, ServerError};
pub use results::import::{ImportQuestion, LeftOut, Likeness, NotImported, RecordToPlan};
pub use results::log_action::{LogAction, LoginEvent, OperatorAction, ProgramAction, RecordAction};
pub use results::log_record::LogRecord;
pub use results::log_words::{LogDoer, LogResult, LogSubject, LogTerm, LogVia, LogWord};
pub use results::receipt::{KeptForm, Left, OpOutcome, OpRecord, Receipt, Rest, WorkspaceReceipt};
pub use results::review::{
    Access, Alike, AlikeWhy, OnPayroll, OwnerState, Review, ReviewedAccount, ReviewedPerson, ServiceOwner, WrongAccess,
};
pub use results::server_warning::ServerWarning;
pub use results::undone::{ChangeFailure, GivenUp, Halt, NoLongerPlanned, NotTried, WorkspaceError};
pub use results::unread::{Stale, Unread, UnreadCause, Withheld};
pub use roster::desired::{
    Connection, Desired, DesiredBlock, DesiredClinic, DesiredEmployee, DesiredRole, DesiredUser, EmbeddedStart, EmployeeLink, Manage,
    Place, ScimConnection, SnapshotConnection, StartAccount,
};
pub use roster::guards::{Guards, Share, Waiver};
pub use roster::passcode::WantedPasscode;
pub use roster::staff::{Staff, StaffDoubt, StaffName, StaffRow, StaffUserName};
pub use roster::status::Status;
pub use state::account::{
    Account, BLOCKED, Block, BlockReason, Delivery, DeliveryState, INVITATION_LIVES, Invitation, InvitationState, Standing, State,
};
pub use state::account_change::{AccountChange, Edit, Effective, FieldChange, Followup};
pub use state::action::{Action, ActionSecret};
pub use state::actual::{
    Actual, BlockRecord, Capabilities, Clinic, CodeWordCheck, Completeness, Employee, LookUp, OtherAddresses, Requirement, Role,
};
pub use state::subject::{Subject, SubjectRef};
pub use table::definition::{Definition, Group, Kind, Names, NormalForm, Wire};
pub use table::field::{Field, GROUPS};
pub use table::fields::Fields;
pub use table::own_field::OwnField;
pub use table::record::RecordValues;
pub use table::texts::Texts;
pub use table::value_ref::ValueRef;
pub use table::violation::{OwnRule, Rule, Suggestion, Violation};
pub use values::amount::{DAY, HOUR, MINUTE, count, grouped, size};
pub use values::characters;
pub use values::country::Country;
pub use values::desk::{is_desk_login, is_perhaps_a_desks, names_nobody};
pub use values::email::{Email, InvalidEmail, look_alikes};
pub use values::login_name::{InvalidLogin, LoginName};
pub use values::moment::{InvalidMoment, Moment};
pub use values::names::{BareName, ByLooseName, LooseName, NAME, PersonName, SpokenName, WholeName, name_words, plain_letters};
pub use values::network::{InvalidNetwork, LISTEN, Network, is_host_and_port};
pub use values::secret::{OwnSecret, Secret, SecretRef};
pub use values::server::{SCIM_PATH, ServerId, is_loopback, scim_address};
pub use values::text::{plain_apostrophes, text_form, without_accents};
pub use values::value::{LONGEST_TEXT, PrivilegeChanges, Value, differs_in_blanks, differs_in_form};

use serde::{Deserialize, Serialize};

/// The server's own id of an account, clinic, role or employee record (RFC 7643 section 3.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct RemoteId(pub String);

/// The version of a resource as the server reports it: its entity tag with quotes (RFC 7644 section 3.14).
///
/// A server without entity tags gets a hash of the managed attributes instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// The SHA-256 of what was approved, as 64 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Digest(pub String);

impl Digest {
    /// The fewest hex digits of a digest that name a plan.
    pub const FEWEST_DIGITS: usize = 12;

    /// The hex digits of a whole digest.
    pub const DIGITS: usize = 64;

    /// The first hex digits of a digest, by which people name a plan.
    #[must_use]
    pub fn first_digits(digest: &str) -> String {
        digest.chars().take(Self::FEWEST_DIGITS).collect()
    }

    /// Returns whether a text names a plan: the beginning of a digest that is long enough, or all of it.
    #[must_use]
    pub fn is_named_by(text: &str) -> bool {
        (Self::FEWEST_DIGITS..=Self::DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

/// The name of a platform in YAML, and for one that a roster brings, a hash of its catalog; `platform::Platform` has its rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct PlatformId(pub String);

impl std::fmt::Display for RemoteId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl PlatformId {
    /// The id of a platform that a roster brings, by its name and a hash of its catalog.
    #[must_use]
    pub fn of_roster(word: &str, hash: &str) -> Self {
        Self(format!("{word}#{hash}"))
    }

    /// Returns the name in YAML.
    #[must_use]
    pub fn word(&self) -> &str {
        self.0.split_once('#').map_or(&self.0, |(word, _)| word)
    }
}

impl std::fmt::Display for PlatformId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
