//! The fields that a form sends.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use serde_json::Value;

use crate::server::request;

/// The longest form, in bytes: a password and a few short fields.
const MOST: usize = 16 * 1024;

/// The whole body; `None` if it is too long, or arrives too slowly.
async fn whole(body: Body) -> Option<Bytes> {
    let collected = tokio::time::timeout(std::time::Duration::from_secs(10), Limited::new(body, MOST).collect()).await;
    Some(collected.ok()?.ok()?.to_bytes())
}

/// The fields of a form, as they were typed.
#[derive(Clone, Default)]
pub(in crate::server::members) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a body; `None` if it is not a form, or too long.
    pub(in crate::server::members) async fn read(headers: &HeaderMap, body: Body) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        if !kind.split(';').next()?.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        Some(Self::parse(&whole(body).await?))
    }

    /// Reads a body of the app: a JSON object of texts.
    pub(in crate::server::members) async fn read_json(headers: &HeaderMap, body: Body) -> Option<Self> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        if !kind.split(';').next()?.trim().eq_ignore_ascii_case("application/json") {
            return None;
        }
        let members = request::object(&whole(body).await?).ok()?;
        let text = |(name, value): (String, Value)| Some((name, value.as_str()?.to_owned()));
        members.into_iter().map(text).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Returns whether it has no other fields than these.
    pub(in crate::server::members) fn has_only(&self, known: &[&str]) -> bool {
        self.0.iter().all(|(name, _)| known.contains(&name.as_str()))
    }

    /// Reads a query.
    pub(in crate::server::members) fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// A field exactly as it was typed; empty if it was not sent.
    pub(in crate::server::members) fn typed(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A field without blanks around it.
    pub(in crate::server::members) fn text(&self, name: &str) -> &str {
        self.typed(name).trim()
    }
}
