//! What a form sends.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt as _, Limited};

/// The longest form, in bytes: a password and a few short fields.
const MOST: usize = 16 * 1024;

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
        let bytes = tokio::time::timeout(std::time::Duration::from_secs(10), Limited::new(body, MOST).collect()).await.ok()?.ok()?;
        Some(Self::parse(&bytes.to_bytes()))
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
