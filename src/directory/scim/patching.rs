//! PATCH in the forms that servers really accept: with paths, without, or not at all.

use http::Method;
use serde_json::{Map, Value as Json};

use super::ScimDirectory;
use super::client::Answer;
use super::write::derived;
use crate::directory::{DirectoryError, Transport, WriteContext};
use crate::scim::ScimType;
use crate::scim::patch::Patch;

impl<T: Transport> ScimDirectory<T> {
    /// Changes attributes with explicit paths. If the server does not accept those, sends one `replace` without a path, which all
    /// accept; if it has no PATCH, sends the whole resource with the changes in it by PUT.
    pub(super) async fn patch(&self, url: &str, patch: &Patch, context: &WriteContext<'_>) -> Result<Answer, DirectoryError> {
        if !self.discovery.put_only {
            let answer = self.send_write(Method::PATCH, url, Some(&patch.to_json()), context, &context.idempotency_key).await?;
            if !wants_another_form(&answer) {
                return Ok(answer);
            }
            let no_patch_at_all = answer.status.as_u16() == 405;
            if !no_patch_at_all && let Some(pathless) = patch.to_pathless() {
                let key = derived(&context.idempotency_key, "without paths");
                let answer = self.send_write(Method::PATCH, url, Some(&pathless), context, &key).await?;
                if !matches!(answer.status.as_u16(), 405 | 501) {
                    return Ok(answer);
                }
            }
        }
        self.put(url, patch, context).await
    }

    /// Sends the whole resource, since a server may clear what a PUT lacks (RFC 7644 section 3.5.1).
    async fn put(&self, url: &str, patch: &Patch, context: &WriteContext<'_>) -> Result<Answer, DirectoryError> {
        let held = self.client.once().get(url).await?;
        if !held.status.is_success() {
            return Ok(held);
        }
        let Json::Object(mut resource) = held.json()? else {
            return Err(DirectoryError::Protocol { why: "the server sent something else instead of a resource".to_owned() });
        };
        let pathless = patch.to_pathless();
        let value = pathless.as_ref().and_then(|p| p.pointer("/Operations/0/value")).and_then(Json::as_object);
        let Some(value) = value else {
            return Err(DirectoryError::Protocol { why: "the change needs PATCH, which the server does not have".to_owned() });
        };
        merge(&mut resource, value);
        let key = derived(&context.idempotency_key, "whole");
        self.send_write(Method::PUT, url, Some(&Json::Object(resource)), context, &key).await
    }
}

/// Returns whether a server may accept the same change in another form.
fn wants_another_form(answer: &Answer) -> bool {
    match answer.status.as_u16() {
        405 | 501 => true,
        400 => answer.error().scim_type == Some(ScimType::InvalidPath),
        _ => false,
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
