//! The events in a workspace, as its server's log has them.

use serde_json::Value as Json;

use super::log_action::LogAction;
use super::log_words::{LogResult, LogSubject, LogVia, LogWord};

/// One row of a server's log: one change, or one denial. It never contains a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRecord {
    /// The time at which it happened, epoch milliseconds.
    pub at: i64,
    /// The login of the person who did it.
    pub actor: String,
    /// The way in which the person came.
    pub via: LogWord<LogVia>,
    /// The address or the machine that the request came from, if that is known.
    pub origin: Option<String>,
    /// The action.
    pub action: LogWord<LogAction>,
    /// The kind of thing it is about.
    pub kind: LogWord<LogSubject>,
    /// The server's id of that thing.
    pub id: Option<String>,
    /// Its address or key.
    pub name: Option<String>,
    /// Says whether it was done.
    pub result: LogWord<LogResult>,
    /// More about it, in the server's words.
    pub detail: Option<String>,
    /// Attributes before and after, as the server wrote them. They are JSON, since a server of any version may have written them: they are
    /// published as they are, no code decides anything by them, and `report` shows those that few words say.
    pub changes: Json,
    /// The digest of the plan that carried it.
    pub plan: Option<String>,
    /// The person who approved that plan.
    pub approver: Option<String>,
    /// The commit that the plan was made from.
    pub commit: Option<String>,
}
