//! Values: the accounts in the roster and in the workspace, the changes between them, and the result of making those.
//!
//! This module has no vendor rules and no I/O. Collections are ordered, so equal inputs give equal bytes.

mod account;
mod account_change;
mod action;
mod actual;
mod bill;
mod by_hand;
mod change;
mod country;
mod definition;
mod desired;
mod email;
mod field;
mod fields;
mod guard;
mod guards;
mod import;
mod kept_out;
mod list_words;
mod log_record;
mod login_name;
mod moment;
mod notice;
mod outdated;
mod own_field;
mod packed;
mod partial;
mod plan;
mod reason;
mod receipt;
mod record;
mod refusal;
mod review;
mod secret;
mod server;
mod snapshot;
mod staff;
mod step_id;
mod subject;
pub mod transition;
mod undone;
mod user_list;
mod value;
mod violation;

pub use account::{Account, Block, BlockReason, Invitation, InvitationState, Standing, State};
pub use account_change::{AccountChange, Effective, FieldChange, Followup};
pub use action::Action;
pub use actual::{Actual, BlockRecord, Capabilities, Clinic, CodeWordCheck, Completeness, Employee, Requirement, Role};
pub use bill::{Bill, Billing, NextBilling, SeatLine, Subscription, TakesEffect};
pub use by_hand::{AddressQuestion, AttestedStep, ByHand, HandState, HandStep, Proof, TabState, Tick};
pub use change::{AccountKey, Change, ClinicUpdate, Edit, EmployeeUpdate, NewAccount, RoleUpdate, Stage, Step, Target};
pub use country::Country;
pub use definition::{Definition, Group, Kind, Names, NormalForm, Wire};
pub use desired::{
    Connection, Desired, DesiredBlock, DesiredClinic, DesiredEmployee, DesiredRole, DesiredUser, EmbeddedStart, EmployeeLink, Manage,
    Place, ScimConnection, SnapshotConnection, StartAccount, Status,
};
pub use email::{Email, InvalidEmail, look_alikes};
pub use field::{Field, GROUPS};
pub use fields::{Fields, ValueRef};
pub use guard::{Guard, NeverWaived, RemovalLimit, Stop, StopCause, UnfitWaiver};
pub use guards::{Guards, Share, Waiver};
pub use import::{Decision, LeftOut, Likeness, NotImported};
pub use kept_out::{KeptOut, KeptOutBy};
pub use list_words::ListWords;
pub use log_record::LogRecord;
pub use login_name::{InvalidLogin, LoginName};
pub use moment::{InvalidMoment, Moment};
pub use notice::{Keep, Notice, NoticeCause, NoticeKind, RosterOddity, Task, TaskKind};
pub use outdated::{Outdated, Repeating};
pub use own_field::OwnField;
pub use packed::Texts;
pub use partial::{Oddity, PartialCause, SecondRead};
pub use plan::{PerhapsOnePerson, Plan, RosterPlan, Stopped, Summary, WorkspacePlan};
pub use reason::Reason;
pub use receipt::{Left, OpOutcome, OpRecord, Receipt, Rest, Unread, WorkspaceReceipt};
pub use record::RecordValues;
pub use refusal::{Immutable, Refusal, RefusalCause, RefusalTopic, Ungranted};
pub use review::{Access, Alike, AlikeWhy, OnPayroll, OwnerState, Review, ReviewedAccount, ReviewedPerson, ServiceOwner, WrongAccess};
pub use secret::{Secret, SecretRef};
pub use server::{ServerId, is_loopback};
pub use snapshot::{Attestation, Row, Shows, Snapshot, Tab, TabRead};
pub use staff::{Staff, StaffName, StaffRow};
pub use step_id::{BlockSet, StepId, StepKind, StepValue, StepValues};
pub use subject::{Subject, SubjectRef};
pub use undone::{Drift, Failure, GivenUp, Halt, NotTried, WorkspaceError};
pub use user_list::UserList;
pub use value::{LONGEST_TEXT, PrivilegeChanges, Value};
pub use violation::{Rule, Suggestion, Violation};

use serde::{Deserialize, Serialize};

/// The server's own id of an account, clinic, role or employee record (RFC 7643 section 3.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

/// The version of a resource as the server reports it: its entity tag with quotes (RFC 7644 section 3.14).
///
/// A server without entity tags gets a hash of the managed attributes instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

/// The SHA-256 of what was approved, as 64 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub String);

/// The name of a platform in YAML, and for one that a roster brings, a hash of its catalog; `platform::Platform` has its rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
