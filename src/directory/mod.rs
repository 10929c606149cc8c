//! Reads a workspace as a value and writes one change to it.
//!
//! A preview gets a [`Reader`]; only `apply` has a [`Writer`], so a preview that writes does not compile.

mod error;
pub mod failpoint;
mod hidden;
mod http;
mod memory;
pub mod retry;
mod run_limits;
mod scim;
mod snapshot;
mod transport;
mod tries;

use std::future::Future;

pub use error::DirectoryError;
pub use http::{HttpTransport, client_to};
pub use memory::{Fault, Memory};
pub use run_limits::RunLimits;
pub use scim::{ScimDirectory, Server, is_done};
pub use snapshot::SnapshotDirectory;
pub use transport::{InProcess, Transport, TransportError};
pub use tries::Attempts;

use crate::model::{Actual, Change, Digest, Fingerprint, RemoteId, Rest, Secret};

/// Reads a workspace: everything that planning is based on.
pub trait Reader {
    /// Reads everything, as of one moment of the server's clock.
    ///
    /// # Errors
    /// If the server cannot be reached, refuses, or sends an answer that cannot be understood. A list that was read but
    /// cannot be trusted is not an error: `Actual::completeness` describes it.
    fn read(&self) -> impl Future<Output = Result<Actual, DirectoryError>> + Send;
}

/// Writes one change.
pub trait Writer {
    /// Writes one change, once; the caller decides whether to try again.
    ///
    /// # Errors
    /// A [`DirectoryError`], which says whether trying again can help.
    fn write(&self, change: &Change, context: &WriteContext<'_>) -> impl Future<Output = Result<Outcome, DirectoryError>> + Send;
}

/// The things that a write needs besides the change.
#[derive(Clone)]
pub struct WriteContext<'a> {
    /// The server's id, if an earlier change of this run created the resource.
    pub id: Option<RemoteId>,
    /// The version of the resource: the plan's, or that of the latest write of this run.
    pub fingerprint: Option<Fingerprint>,
    /// 64 lower-case hex digits; a server that knows the key does not act twice.
    pub idempotency_key: String,
    /// The number of times that this write was tried before in this run. The server may have acted then, so what is found may be this run's own work.
    pub tried: u32,
    /// The number of times that the server failed at this write in this run, perhaps because of something in it.
    pub failed: u32,
    /// Says whether the server has said "later" to this write in this run; a few servers act all the same.
    pub is_put_off: bool,
    /// The origin of the write.
    pub provenance: &'a Provenance,
    /// The acting admin's phone number, for a block (AR-19).
    pub confirm_phone: Option<&'a Secret>,
    /// The temporary first password of this account (AR-10).
    pub initial_password: Option<&'a Secret>,
    /// The code word to be set (PBN-5).
    pub code_word: Option<&'a Secret>,
    /// The number of times that the change was sent, and that it may be sent.
    pub attempts: Attempts,
}

/// The origin of a write; the server's user log has it with each write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The digest of the plan.
    pub plan: Digest,
    /// The person who approved it.
    pub approver: Option<String>,
    /// The commit of the roster.
    pub commit: Option<String>,
}

/// The result of a write.
pub enum Outcome {
    /// It was written.
    Applied {
        /// The resource's id; empty for what has none, such as the code word.
        id: RemoteId,
        /// Its new version; `None` if the server has no versions.
        fingerprint: Option<Fingerprint>,
        /// A passcode that was generated, to be shown once (AR-11).
        passcode: Option<Secret>,
    },
    /// It was written, but not all of it.
    Partly {
        /// The resource's id.
        id: RemoteId,
        /// Its version now.
        fingerprint: Option<Fingerprint>,
        /// The values that differ from what was sent, and those that were left as they are.
        rest: Rest,
    },
    /// An earlier run of the same plan has written it, so nothing was written now.
    AppliedBefore {
        /// The resource's id; empty for what has none.
        id: RemoteId,
        /// Its version; `None` if the server has no versions.
        fingerprint: Option<Fingerprint>,
    },
    /// It already matched.
    Unchanged,
}
