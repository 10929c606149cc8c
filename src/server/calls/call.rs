//! A request as handlers take it: who asks, what beside the body, and the body still unread.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
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
use crate::server::request::RequestHead;
use crate::server::scim::query;

/// A request that passed the gate.
pub(in crate::server) struct Call {
    pub(in crate::server) server: App,
    pub(in crate::server) caller: Caller,
    pub(in crate::server) note: RequestHead,
    headers: HeaderMap,
    body: Body,
}

impl FromRequest<App> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, server: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        match (parts.extensions.remove::<Caller>(), parts.extensions.remove::<RequestHead>()) {
            (Some(caller), Some(note)) => Ok(Self { server: App::clone(server), caller, note, headers: parts.headers, body }),
            _ => Err(answer::error(&ScimError::new(401, auth::UNKNOWN))),
        }
    }
}

impl Call {
    /// See [`Note::part`]; empty where the path has no such part.
    pub(in crate::server) fn part(&self, name: &str) -> &str {
        self.note.part(name).unwrap_or_default()
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
