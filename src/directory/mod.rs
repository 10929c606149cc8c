//! Reads a workspace as a value and writes one change to it.
//!
//! Whoever only looks gets a [`Reader`]; only `apply` holds a [`Writer`], so a preview that writes does not compile.

mod error;
pub mod failpoint;
mod http;
mod memory;
pub mod retry;
mod scim;
mod transport;

use std::future::Future;

pub use error::{DirectoryError, Scope};
pub use http::{HttpTransport, UnsafeUrl};
pub use memory::{Fault, Memory};
pub use scim::{ScimDirectory, Server, is_done};
pub use transport::{InProcess, Transport, TransportError};

use crate::model::{Actual, Change, Digest, Fingerprint, RemoteId, Secret};

/// Reads a workspace: all that planning is given.
pub trait Reader {
    /// Reads everything, at one time of the server's clock.
    ///
    /// # Errors
    /// When the server can not be reached, refuses, or answers something that can not be understood. What could be
    /// read but not trusted is no error: `Actual::completeness` says so.
    fn read(&self) -> impl Future<Output = Result<Actual, DirectoryError>> + Send;
}

/// Writes one change.
pub trait Writer {
    /// Writes one change, once; trying again is the caller's decision.
    ///
    /// # Errors
    /// See [`DirectoryError`]: each case says whether trying again can help.
    fn write(&self, change: &Change, context: &WriteContext<'_>) -> impl Future<Output = Result<Outcome, DirectoryError>> + Send;
}

/// What a write needs besides the change.
#[derive(Clone)]
pub struct WriteContext<'a> {
    /// The server's id, where an earlier change of this run made the resource.
    pub id: Option<RemoteId>,
    /// The version the resource has now: the plan's, or that of the latest write of this run.
    pub fingerprint: Option<Fingerprint>,
    /// 64 lower-case hex digits; a server that knows the key does not act twice.
    pub idempotency_key: String,
    /// How often this write was tried before in this run, and may have been acted on: then what is found may be our own doing.
    pub tried: u32,
    /// What the server's user log keeps.
    pub provenance: &'a Provenance,
    /// The acting admin's phone number, for a block (AR-19).
    pub confirm_phone: Option<&'a Secret>,
    /// The temporary first password of this account (AR-10).
    pub initial_password: Option<&'a Secret>,
    /// The code word to be set (PBN-5).
    pub code_word: Option<&'a Secret>,
}

/// Where a write comes from; the server's user log keeps it with each write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The digest of the plan.
    pub plan: Digest,
    /// Who approved it.
    pub approver: Option<String>,
    /// The commit the roster was at.
    pub commit: Option<String>,
}

/// What came of a write.
pub enum Outcome {
    /// It was written.
    Applied {
        /// The resource's id; empty for what has none, such as the code word.
        id: RemoteId,
        /// Its version now; `None` where the server has no versions.
        fingerprint: Option<Fingerprint>,
        /// A passcode that was made, to be shown once (AR-11).
        passcode: Option<Secret>,
    },
    /// It already was as wanted.
    Unchanged,
    /// A person must do it.
    Handoff {
        /// What to do.
        task: String,
    },
}
