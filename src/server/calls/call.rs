//! A request as handlers take it: who asks, what beside the body, and the body still unread.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use crate::scim::ScimError;
use crate::scim::message::SearchRequest;
use crate::server::App;
use crate::server::answer;
use crate::server::auth::{self, Caller};
use crate::server::failure::Failure;
use crate::server::request;
use crate::server::request::Note;
use crate::server::scim::query;

/// A request that passed the gate.
pub(in crate::server) struct Call {
    pub(in crate::server) server: App,
    pub(in crate::server) caller: Caller,
    pub(in crate::server) note: Note,
    parts: Vec<(String, String)>,
    headers: HeaderMap,
    body: Body,
}

impl FromRequest<App> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, server: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        // A part that is not UTF-8 names nothing; what looks it up says so.
        let named = RawPathParams::from_request_parts(&mut parts, server).await;
        let named = named.map(|all| all.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()).unwrap_or_default();
        match (parts.extensions.remove::<Caller>(), parts.extensions.remove::<Note>()) {
            (Some(caller), Some(note)) => Ok(Self { server: App::clone(server), caller, note, parts: named, headers: parts.headers, body }),
            _ => Err(answer::error(&ScimError::new(401, auth::UNKNOWN))),
        }
    }
}

impl Call {
    /// A variable part of the path by its name in the route table, such as `id` in `/Users/{id}`.
    pub(in crate::server) fn part(&self, name: &str) -> &str {
        self.parts.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The id in the path.
    pub(in crate::server) fn id(&self) -> String {
        self.part("id").to_owned()
    }

    /// Reads the body.
    pub(in crate::server) async fn bytes(&mut self) -> Result<Bytes, Failure> {
        request::bytes(&self.headers, std::mem::take(&mut self.body)).await
    }

    /// Reads the body as a JSON object, and its bytes.
    pub(in crate::server) async fn json(&mut self) -> Result<(Bytes, Value), Failure> {
        let bytes = self.bytes().await?;
        let members = request::object(&bytes)?;
        Ok((bytes, Value::Object(members)))
    }

    /// The query of a `.search` body.
    pub(in crate::server) async fn search_request(&mut self) -> Result<SearchRequest, Failure> {
        let (_, body) = self.json().await?;
        Ok(SearchRequest::read(&body)?)
    }

    /// The query of the URL.
    pub(in crate::server) fn url_request(&self) -> Result<SearchRequest, Failure> {
        Ok(query::of_url(&self.note.query)?)
    }
}
