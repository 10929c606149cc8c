//! Answers: media type, version, location, the server's date.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use crate::scim::{MEDIA_TYPE, ScimError};
use crate::server::failure::Failure;
use crate::server::operator_log::OperatorLog;
use crate::store::Answered;

/// Says that a path leads nowhere.
pub(in crate::server) fn no_endpoint() -> ScimError {
    ScimError::new(404, "there is no such endpoint")
}

/// Marks an answer that was kept from the first time its request came.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An answer with a JSON body.
pub(in crate::server) fn json(status: u16, body: &impl Serialize) -> Response {
    // Answers have string keys only, so this cannot fail.
    text(status, serde_json::to_vec(body).unwrap_or_default())
}

/// An answer whose body is JSON already.
pub(in crate::server) fn text(status: u16, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}

/// An answer to a write, as it is kept and as it is repeated.
pub(in crate::server) fn written(answered: Answered, replayed: bool) -> Response {
    let body = answered.body.map(|members| Value::Object(members).to_string()).unwrap_or_default();
    let mut response = text(answered.status, body);
    put(&mut response, header::LOCATION, answered.location.as_deref());
    put(&mut response, header::ETAG, answered.etag.as_deref());
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// Sets a header, if the value is allowed in one.
pub(in crate::server) fn put(response: &mut Response, name: HeaderName, value: Option<&str>) {
    if let Some(value) = value.and_then(|v| HeaderValue::from_str(v).ok()) {
        response.headers_mut().insert(name, value);
    }
}

/// A refusal.
pub(in crate::server) fn error(error: &ScimError) -> Response {
    let mut response = json(error.status, &error.to_json());
    match error.status {
        401 => put(&mut response, header::WWW_AUTHENTICATE, Some("Bearer realm=\"rosterctl\"")),
        503 => put(&mut response, header::RETRY_AFTER, Some("1")),
        _ => {}
    }
    response.extensions_mut().insert(ForUserLog(error.clone()));
    response
}

/// A refusal that the user log has already.
pub(in crate::server) fn logged_error(error: &ScimError) -> Response {
    let mut response = self::error(error);
    response.extensions_mut().remove::<ForUserLog>();
    response
}

/// The reason for a refusal that the user log does not have yet.
#[derive(Clone)]
struct ForUserLog(ScimError);

/// Returns the refusal that an answer is, if the user log does not have it yet.
pub(in crate::server) fn refusal(response: &Response) -> Option<&ScimError> {
    response.extensions().get().map(|ForUserLog(error)| error)
}

/// A failure; the details for the operator are attached, under the request's id.
pub(in crate::server) fn failure(failure: &Failure, request_id: &str) -> Response {
    let answered = failure.to_error();
    let mut response = error(&answered);
    if let Some(seconds) = failure.seconds_to_wait() {
        put(&mut response, header::RETRY_AFTER, Some(&seconds.to_string()));
    }
    if answered.status >= 500 {
        let mut chain = failure.to_string();
        let mut source = std::error::Error::source(failure);
        while let Some(why) = source {
            chain.push_str(": ");
            chain.push_str(&why.to_string());
            source = why.source();
        }
        response.extensions_mut().insert(ForOperator { request_id: request_id.to_owned(), why: chain });
    }
    response
}

/// The facts about an answer that the operator's log has, and the answer itself does not.
#[derive(Clone)]
struct ForOperator {
    request_id: String,
    why: String,
}

/// Writes what is attached to an answer for the operator to the log.
pub(in crate::server) fn tell_operator(response: &Response, log: &OperatorLog) {
    if let Some(ForOperator { request_id, why }) = response.extensions().get() {
        log.error(Some(request_id), why);
    }
}

/// The HTTP form of a time, epoch milliseconds (RFC 9110 section 5.6.7).
pub(in crate::server) fn http_date(millis: i64) -> Option<HeaderValue> {
    let at = jiff::Timestamp::from_millisecond(millis).ok()?;
    let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::from_str(&text).ok()
}

/// The form of a time in a resource: `xsd:dateTime` in UTC.
pub(in crate::server) fn date_time(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map(|at| format!("{at:.3}")).unwrap_or_default()
}

/// The entity tag of a version (RFC 7644 section 3.14): weak, since times and effective rights may change without a write.
pub(in crate::server) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}
