//! The answer to a write, with the attributes its URL asks for (RFC 7644 section 3.9). The whole answer is kept for a retry.

use std::sync::Arc;

use serde_json::Value;

use crate::scim::project::Projection;
use crate::scim::{ScimError, urn};
use crate::server::request::Note;
use crate::server::scim::query;
use crate::server::workspace::Workspace;
use crate::store::Answered;

/// The attributes of the written resource that the answer contains.
pub(in crate::server) struct AnswerProjection {
    workspace: Arc<Workspace>,
    /// The name of the resource type; `None` where everything is answered.
    kind: Option<String>,
    projection: Projection,
}

impl AnswerProjection {
    /// Reads the attributes that the request asks for; call it before anything is written, since it can refuse.
    pub(in crate::server) fn read(note: &Note, workspace: &Arc<Workspace>) -> Result<Self, ScimError> {
        let shown = note.route.and_then(|route| route.shows);
        let (kind, projection) = match shown.and_then(|kind| workspace.wire.by_name(kind.as_str())) {
            Some(of) => (Some(of.name.clone()), query::projection(&query::of_url(&note.query)?, of)?),
            None => (None, Projection::Default),
        };
        Ok(Self { workspace: Arc::clone(workspace), kind: kind.filter(|_| !projection.is_default()), projection })
    }

    /// The answer as it is given.
    pub(in crate::server) fn apply(&self, answered: Answered) -> Answered {
        let Some(of) = self.kind.as_deref().and_then(|kind| self.workspace.wire.by_name(kind)) else { return answered };
        let Ok(whole) = serde_json::from_str::<Value>(&answered.body) else { return answered };
        let mut shown = self.projection.apply(&whole, of);
        // The passcode is not an attribute, and it is returned only this once.
        if let (Some(passcode), Value::Object(members)) = (whole.get(urn::PASSCODE), &mut shown) {
            members.insert(urn::PASSCODE.to_owned(), passcode.clone());
        }
        Answered { body: shown.to_string(), ..answered }
    }
}
