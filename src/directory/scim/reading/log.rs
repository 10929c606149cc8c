//! Reads the log of our own server, which is beside SCIM.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::directory::scim::ScimDirectory;
use crate::directory::{DirectoryError, Transport};
use crate::model::{LogRecord, LogWord, ProtocolError};
use crate::scim::paths;

/// A page of the log.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogPage {
    entries: Vec<RemoteLogRow>,
    next_cursor: String,
}

/// A row of the log. A server of an earlier version may lack some members.
#[derive(Deserialize)]
struct RemoteLogRow {
    at: jiff::Timestamp,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    via: String,
    #[serde(default)]
    origin: Option<String>,
    action: String,
    #[serde(default)]
    subject: RowSubject,
    #[serde(default)]
    result: String,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    changes: Json,
    #[serde(default)]
    plan: Option<String>,
    #[serde(default)]
    approver: Option<String>,
    #[serde(default)]
    commit: Option<String>,
}

/// The thing that a row is about.
#[derive(Default, Deserialize)]
struct RowSubject {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

impl<T: Transport> ScimDirectory<T> {
    /// Reads the server's log, oldest first; `None` if the server has none. A server can leave out what happened before `since` (epoch
    /// milliseconds).
    ///
    /// # Errors
    /// Fails if the server does not answer, refuses, or answers something else than a log.
    pub async fn log(&self, since: Option<i64>) -> Result<Option<Vec<LogRecord>>, DirectoryError> {
        let Some(url) = self.client.beside(paths::LOG) else { return Ok(None) };
        // Our server has a log for plain SCIM, too, which nothing else of it shows.
        if !self.discovery.capabilities.practice_extension && !self.has_log(&url).await {
            return Ok(None);
        }
        let mut records: Vec<LogRecord> = Vec::new();
        let since = since.map_or_else(String::new, |since| format!("&since={since}"));
        let mut cursor = String::new();
        loop {
            let answer = self.client.get(&format!("{url}?cursor={cursor}{since}")).await?;
            if records.is_empty() && [404, 405, 501].contains(&answer.status.as_u16()) {
                return Ok(None);
            }
            if !answer.status.is_success() {
                return Err(answer.refusal());
            }
            let page: LogPage = answer.parsed_into(std::marker::PhantomData).map_err(|_| ProtocolError::LogForm)?;
            if page.entries.is_empty() {
                return Ok(Some(records));
            }
            let is_number = !page.next_cursor.is_empty() && page.next_cursor.bytes().all(|byte| byte.is_ascii_digit());
            if page.next_cursor == cursor || !is_number {
                return Err(ProtocolError::EndlessLog.into());
            }
            records.extend(page.entries.into_iter().map(record));
            cursor = page.next_cursor;
        }
    }

    /// Returns whether a server answers with a log, asked once.
    async fn has_log(&self, url: &str) -> bool {
        let answer = self.client.once().get(url).await;
        answer.is_ok_and(|answer| answer.status.is_success() && answer.parsed_into(std::marker::PhantomData::<LogPage>).is_ok())
    }
}

fn record(row: RemoteLogRow) -> LogRecord {
    let RemoteLogRow { at, actor, via, origin, action, subject, result, detail, changes, plan, approver, commit } = row;
    LogRecord {
        at: at.as_millisecond(),
        actor,
        via: LogWord::read(via),
        origin,
        action: LogWord::read(action),
        kind: LogWord::read(subject.kind),
        id: subject.id,
        name: subject.name,
        result: LogWord::read(result),
        detail,
        changes,
        plan,
        approver,
        commit,
    }
}
