//! Changes of attributes by PUT: the whole resource, or the whole resource once for each attribute.

use std::sync::atomic::Ordering;

use http::Method;
use serde_json::{Map, Value as Json};

use super::content::is_about_content;
use super::patching::{groups, is_not_allowed, nothing_said};
use super::write::derived;
use crate::directory::scim::ScimDirectory;
use crate::directory::scim::client::Reply;
use crate::directory::{DirectoryError, Transport, WriteContext};
use crate::model::ProtocolError;
use crate::scim::ScimType;
use crate::scim::patch::Patch;
use crate::scim::schema::record_names::user;

impl<T: Transport> ScimDirectory<T> {
    /// Sends the whole resource once for each attribute; `None` if the server accepts none of them.
    pub(super) async fn put_apart(&self, url: &str, patch: &Patch, context: &WriteContext<'_>) -> Result<Option<Reply>, DirectoryError> {
        let mut now = context.clone();
        let mut has_stored = false;
        for (position, operations) in groups(patch).into_iter().enumerate() {
            now.idempotency_key = derived(&context.idempotency_key, &format!("attribute {position}"));
            let one = Patch { operations };
            match self.put(url, &one, &now).await {
                Ok(answer) if answer.status.is_success() => {
                    now.fingerprint = self.version_after(&answer, url, &now).await?;
                    has_stored = true;
                }
                Ok(answer) if !is_not_allowed(&answer) && !self.is_about_one(url, &one, &answer).await => return Ok(Some(answer)),
                Ok(answer) => self.note_answer(context, &answer),
                Err(error) if error.status().is_some_and(|status| status >= 500 && status != 503) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(has_stored.then(nothing_said))
    }

    /// Sends the whole resource, since a server may clear what a PUT lacks (RFC 7644 section 3.5.1).
    pub(super) async fn put(&self, url: &str, patch: &Patch, context: &WriteContext<'_>) -> Result<Reply, DirectoryError> {
        let held = self.client.once().get(url).await?;
        if !held.status.is_success() {
            return Ok(held);
        }
        let Json::Object(mut resource) = held.json()? else {
            return Err(ProtocolError::NotAResource.into());
        };
        let pathless = patch.to_pathless();
        let value = pathless.as_ref().and_then(|p| p.pointer("/Operations/0/value")).and_then(Json::as_object);
        let Some(value) = value else {
            return Err(ProtocolError::PatchNotOffered.into());
        };
        merge(&mut resource, value);
        say_state(&mut resource);
        let key = derived(&context.idempotency_key, "whole");
        let whole = Json::Object(resource.clone());
        if !self.puts_less.load(Ordering::Relaxed) {
            let answer = self.send_write(Method::PUT, url, Some(&whole), context, &key).await?;
            if !(self.is_foreign() && is_about_content(&answer)) {
                return Ok(answer);
            }
            // Every server takes `meta`, unless it says otherwise.
            let is_suspect = |name: &String| self.is_read_only(name) && (!name.eq_ignore_ascii_case(META) || is_about_read_only(&answer));
            if !resource.keys().any(is_suspect) {
                return Ok(answer);
            }
        }
        // Some servers refuse what clients cannot write, although it is as they sent it.
        resource.retain(|name, _| !self.is_read_only(name));
        let key = derived(&key, "without what is read-only");
        let answer = self.send_write(Method::PUT, url, Some(&Json::Object(resource)), context, &key).await?;
        self.puts_less.fetch_or(answer.status.is_success(), Ordering::Relaxed);
        Ok(answer)
    }

    /// Returns whether clients cannot write an attribute of users (RFC 7643 sections 3.1 and 4.1.2, and the server's schema).
    fn is_read_only(&self, name: &str) -> bool {
        let is_one_of = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let schema = self.discovery.user_schema.as_ref();
        is_one_of(&["groups", META]) || !is_one_of(&["id", "schemas"]) && schema.is_some_and(|schema| schema.is_read_only(name))
    }
}

const META: &str = "meta";

/// Returns whether a server that refused the whole of a user says that it contains something read-only.
fn is_about_read_only(answer: &Reply) -> bool {
    let error = answer.error();
    error.scim_type == Some(ScimType::Mutability) || error.detail.contains(META)
}

/// Says with a boolean who is active, where the server has a text: another server takes every text for yes.
fn say_state(resource: &mut Map<String, Json>) {
    let state = resource.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(user::ACTIVE)).map(|(_, state)| state);
    if let Some(state) = state
        && let Some(active) = state.as_str().and_then(|text| text.trim().to_ascii_lowercase().parse::<bool>().ok())
    {
        *state = Json::Bool(active);
    }
}

/// Sets members under the names that exist; `null` removes one, an object is merged into an object.
fn merge(resource: &mut Map<String, Json>, changes: &Map<String, Json>) {
    for (name, value) in changes {
        let spelled = resource.keys().find(|k| k.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| name.clone());
        match (resource.get_mut(&spelled), value) {
            (_, Json::Null) => {
                resource.shift_remove(&spelled);
            }
            (Some(Json::Object(held)), Json::Object(parts)) => merge(held, parts),
            _ => {
                resource.insert(spelled, value.clone());
            }
        }
    }
}
