//! The answer to a write, with the attributes its URL asks for (RFC 7644 section 3.9). What is kept for a retry is the whole answer.

use std::sync::Arc;

use serde_json::Value;

use crate::scim::project::Projection;
use crate::scim::{ScimError, urn};
use crate::server::request::Note;
use crate::server::scim::query;
use crate::server::workspace::Workspace;
use crate::store::Answered;

/// Which attributes of the resource that was written the answer holds.
pub(in crate::server) struct AnswerProjection {
    workspace: Arc<Workspace>,
    /// The name of the resource type; `None` where everything is answered.
    kind: Option<String>,
    projection: Projection,
}

impl AnswerProjection {
    /// What the request asks to see; to be read before anything is written, since it may be refused.
    pub(in crate::server) fn read(note: &Note, workspace: &Arc<Workspace>) -> Result<Self, ScimError> {
        let shown = note.route.and_then(|route| route.shows);
        let (kind, projection) = match shown.and_then(|name| workspace.wire.by_name(name)) {
            Some(of) => (Some(of.name.clone()), query::projection(&query::of_url(&note.query)?, of)?),
            None => (None, Projection::Default),
        };
        Ok(Self { workspace: Arc::clone(workspace), kind: kind.filter(|_| projection != Projection::Default), projection })
    }

    /// The answer as it is given.
    pub(in crate::server) fn of(&self, answered: Answered) -> Answered {
        let Some(of) = self.kind.as_deref().and_then(|kind| self.workspace.wire.by_name(kind)) else { return answered };
        let Ok(whole) = serde_json::from_str::<Value>(&answered.body) else { return answered };
        let mut shown = self.projection.apply(&whole, of);
        // No attribute, and told this once only.
        if let (Some(passcode), Value::Object(members)) = (whole.get(urn::PASSCODE), &mut shown) {
            members.insert(urn::PASSCODE.to_owned(), passcode.clone());
        }
        Answered { body: shown.to_string(), ..answered }
    }
}
