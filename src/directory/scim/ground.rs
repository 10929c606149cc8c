//! Writing clinics, roles and employee records.

use http::Method;

use super::client::Answer;
use super::compare::lost;
use super::listing::list;
use super::write::{id_of, refused};
use super::{ScimDirectory, unmapped};
use crate::directory::{DirectoryError, Outcome, Transport, WriteContext};
use crate::model::{Change, Fingerprint, RemoteId, Subject, Value};
use crate::scim::Node;
use crate::scim::map::{self, MapError};

/// A clinic, role or employee record as the server holds it.
struct Held {
    key: String,
    id: RemoteId,
    fingerprint: Fingerprint,
    /// Its attributes by the plan's names.
    attributes: Vec<(&'static str, Value)>,
}

impl Held {
    /// The attributes a change set that are not as sent.
    fn lacks(&self, change: &Change) -> Vec<String> {
        lost(&change.resource, |name| self.attributes.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()))
    }
}

impl<T: Transport> ScimDirectory<T> {
    pub(super) async fn write_ground(&self, change: &Change, context: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        let lacks = || DirectoryError::Protocol { why: "the server has no such resources".to_owned() };
        let endpoint = map::endpoint(&change.subject).ok_or_else(lacks)?;
        let held = if context.id.is_none() && change.id.is_none() {
            self.create_ground(endpoint, change, context).await?
        } else {
            self.update_ground(endpoint, change, context).await?
        };
        let what = held.lacks(change);
        if !what.is_empty() {
            return Err(DirectoryError::Dropped { what });
        }
        match &change.subject {
            Subject::Clinic(key) => self.learn(|names| names.add_clinic(key, &held.id)),
            Subject::Employee(key) => self.learn(|names| names.add_employee(key, &held.id)),
            Subject::Role(_) | Subject::User(_) | Subject::Workspace => {}
        }
        Ok(Outcome::Applied { id: held.id, fingerprint: Some(held.fingerprint), passcode: None })
    }

    async fn create_ground(&self, endpoint: &str, change: &Change, context: &WriteContext<'_>) -> Result<Held, DirectoryError> {
        let body = map::resource_body(&change.subject, &change.resource);
        let url = self.client.below(endpoint);
        let answer = self.send_write(Method::POST, &url, body.as_ref(), context, &context.idempotency_key).await?;
        if answer.status.as_u16() == 409 {
            // Somebody made it meanwhile, or we did and never heard: taken up only where it is just what was wanted.
            let all = list(&self.client.once(), endpoint, self.discovery.paging, |r| held(&change.subject, r).map_err(unmapped)).await?;
            let found = all.resources.into_iter().find(|h| Some(h.key.as_str()) == key(&change.subject));
            return match found {
                Some(found) if found.lacks(change).is_empty() => Ok(found),
                Some(_) => Err(DirectoryError::Stale { why: "it appeared in the workspace meanwhile: plan again".to_owned() }),
                None => Err(answer.refusal()),
            };
        }
        if !answer.status.is_success() {
            return Err(answer.refusal());
        }
        self.stored_ground(&change.subject, answer, None).await
    }

    async fn update_ground(&self, endpoint: &str, change: &Change, context: &WriteContext<'_>) -> Result<Held, DirectoryError> {
        let id = id_of(change, context)?;
        let url = self.address(endpoint, &id);
        if let Some(planned) = context.fingerprint.as_ref().filter(|f| !self.guards_versions(f)) {
            let now = self.read_ground(&change.subject, &url).await?;
            if now.fingerprint != *planned {
                // The version may be our own: the first answer was lost.
                let is_ours = context.tried > 0 && now.lacks(change).is_empty();
                return if is_ours { Ok(now) } else { Err(DirectoryError::Stale { why: "somebody else wrote to it".to_owned() }) };
            }
        }
        let lacks = || DirectoryError::Protocol { why: "nothing to change".to_owned() };
        let patch = map::resource_patch(&change.subject, &change.resource).ok_or_else(lacks)?;
        let answer = self.patch(&url, &patch, context).await?;
        if answer.status.as_u16() == 412 && context.tried > 0 {
            // The version may be our own: the first answer was lost.
            let now = self.read_ground(&change.subject, &url).await?;
            return if now.lacks(change).is_empty() { Ok(now) } else { Err(answer.refusal()) };
        }
        if !answer.status.is_success() {
            return Err(refused(&answer, change.action));
        }
        self.stored_ground(&change.subject, answer, Some(&url)).await
    }

    /// What is stored now, from the answer or by asking.
    async fn stored_ground(&self, subject: &Subject, answer: Answer, url: Option<&str>) -> Result<Held, DirectoryError> {
        if let Some(resource) = answer.resource() {
            return held(subject, &resource).map_err(unmapped);
        }
        let told = answer.located().zip(map::endpoint(subject)).map(|(id, endpoint)| self.address(endpoint, &id));
        match url.map(str::to_owned).or(told) {
            Some(url) => self.read_ground(subject, &url).await,
            None => Err(DirectoryError::Protocol { why: "the server does not say what it made: plan again".to_owned() }),
        }
    }

    async fn read_ground(&self, subject: &Subject, url: &str) -> Result<Held, DirectoryError> {
        let answer = self.client.once().get(url).await?;
        if !answer.status.is_success() {
            return Err(DirectoryError::Stale { why: "it is gone from the workspace".to_owned() });
        }
        held(subject, &answer.json()?).map_err(unmapped)
    }
}

fn key(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Clinic(key) | Subject::Role(key) | Subject::Employee(key) => Some(key),
        Subject::Workspace | Subject::User(_) => None,
    }
}

fn held(subject: &Subject, resource: &impl Node) -> Result<Held, MapError> {
    Ok(match subject {
        Subject::Role(_) => {
            let (key, role) = map::role(resource)?;
            let attributes = vec![("name", Value::Text(role.name)), ("privileges", Value::Set(role.privileges))];
            Held { key, id: role.id, fingerprint: role.fingerprint, attributes }
        }
        Subject::Employee(_) => {
            let record = map::employee(resource)?;
            let attributes = vec![
                ("first_name", Value::Text(record.first_name)),
                ("last_name", Value::Text(record.last_name)),
                ("active", Value::Flag(record.active)),
                ("external", Value::Flag(record.external)),
            ];
            Held { key: record.key, id: record.id, fingerprint: record.fingerprint, attributes }
        }
        Subject::Clinic(_) | Subject::Workspace | Subject::User(_) => {
            let (key, clinic) = map::clinic(resource)?;
            let attributes = vec![("name", Value::Text(clinic.name))];
            Held { key, id: clinic.id, fingerprint: clinic.fingerprint, attributes }
        }
    })
}
