//! The answer to a write, with the attributes its URL asks for (RFC 7644 section 3.9). The whole answer is kept for a retry.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::scim::ScimError;
use crate::scim::project::Projection;
use crate::server::request::RequestHead;
use crate::server::scim::query;
use crate::server::scim::wire_names;
use crate::server::workspace::Workspace;

/// The attributes of the written resource that the answer contains.
pub(in crate::server) struct AnswerProjection {
    workspace: Arc<Workspace>,
    /// The name of the resource type; `None` where everything is answered.
    kind: Option<String>,
    projection: Projection,
}

impl AnswerProjection {
    /// Reads the attributes that the request asks for; call it before anything is written, since it can refuse.
    pub(in crate::server) fn read(note: &RequestHead, workspace: &Arc<Workspace>) -> Result<Self, ScimError> {
        let shown = note.route.and_then(|route| route.shows);
        let (kind, projection) = match shown.and_then(|kind| workspace.wire.by_name(wire_names::of_kind(kind))) {
            Some(of) => (Some(of.name.clone()), query::projection(&query::of_url(&note.query)?, of)?),
            None => (None, Projection::Default),
        };
        Ok(Self { workspace: Arc::clone(workspace), kind: kind.filter(|_| !projection.is_default()), projection })
    }

    /// The body as it is given.
    pub(in crate::server) fn apply(&self, body: Map<String, Value>) -> Map<String, Value> {
        match self.kind.as_deref().and_then(|kind| self.workspace.wire.by_name(kind)) {
            Some(of) => self.projection.members(&body, of),
            None => body,
        }
    }
}
