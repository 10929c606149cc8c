//! The user log, for readers: `GET /{workspace}/api/v1/log?cursor=…&since=…`.

use axum::response::Response;
use futures::FutureExt;
use serde_json::{Value, json};

use crate::scim::{ScimError, ScimType};
use crate::server::answer;
use crate::server::call::Call;
use crate::server::denial;
use crate::server::failure::Failure;
use crate::store::{LogRow, log};

/// Rows in an answer.
const PAGE: i64 = 200;

/// A page of the log, oldest first; `nextCursor` continues it, also later, when more has happened. `since` leaves out what happened before a
/// moment (epoch milliseconds).
pub(in crate::server) async fn list(call: Call) -> Response {
    let id = call.note.request_id.clone();
    match page(call).await {
        Ok(body) => answer::json(200, &body),
        Err(why) => answer::failure(&why, &id),
    }
}

async fn page(call: Call) -> Result<Value, Failure> {
    let query = call.note.query.as_bytes();
    let given = |wanted| url::form_urlencoded::parse(query).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    let cursor = given("cursor");
    let since: i64 = match given("since").as_deref() {
        None | Some("") => i64::MIN,
        Some(text) => text
            .parse()
            .map_err(|_| Failure::value("`since` is not a moment: write milliseconds since 1970, as in `since=1795348800000`"))?,
    };
    let after: i64 = match cursor.as_deref() {
        None | Some("") => 0,
        Some(text) => text
            .parse()
            .map_err(|_| ScimError::with_type(ScimType::InvalidCursor, "unknown cursor: leave `cursor` out to start from the beginning"))?,
    };
    let name = call.caller.workspace.name.clone();
    // A reader sees the refusals that were counted before the server was stopped. A file that cannot be written is still read.
    let _ = denial::settle(&call.server, &name).await;
    let rows: Vec<LogRow> = call
        .server
        .store
        .read(move |conn| async move { Ok::<_, Failure>(log::after(conn, &name, after, since, PAGE).await?) }.boxed())
        .await?;
    let next = rows.last().map_or(after, |row| row.seq);
    let entries: Vec<Value> = rows.iter().map(entry).collect();
    Ok(json!({ "entries": entries, "nextCursor": next.to_string() }))
}

fn entry(row: &LogRow) -> Value {
    let e = &row.entry;
    let changes: Value = serde_json::from_str(&e.changes).unwrap_or(Value::Null);
    json!({
        "at": answer::date_time(row.at),
        "actor": e.actor,
        "via": e.via.as_str(),
        "origin": e.origin,
        "requestId": e.request_id,
        "action": e.action.as_str(),
        "subject": { "kind": e.subject_kind.as_str(), "id": e.subject_id, "name": e.subject },
        "result": e.result.as_str(),
        "detail": e.detail,
        "changes": changes,
        "plan": e.plan,
        "approver": e.approver,
        "commit": e.commit,
    })
}
