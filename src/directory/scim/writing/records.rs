//! Writing clinics, roles and employee records.

use http::Method;

use super::write::{id_of, refused};
use crate::directory::scim::client::Reply;
use crate::directory::scim::listing::list;
use crate::directory::scim::{ScimDirectory, unmapped};
use crate::directory::{DirectoryError, Outcome, Transport, WriteContext};
use crate::model::{Change, Clinic, Drift, Employee, Fingerprint, ProtocolError, RecordValues, RemoteId, Role, SubjectRef};
use crate::scim::Node;
use crate::scim::map::{self, MapError};

/// A clinic, role or employee record as the server has it.
enum RemoteRecord {
    Clinic { key: String, clinic: Clinic },
    Role { key: String, role: Role },
    Employee(Employee),
}

impl RemoteRecord {
    /// Returns its id and version.
    fn into_head(self) -> (RemoteId, Fingerprint) {
        match self {
            Self::Clinic { clinic, .. } => (clinic.id, clinic.fingerprint),
            Self::Role { role, .. } => (role.id, role.fingerprint),
            Self::Employee(employee) => (employee.id, employee.fingerprint),
        }
    }

    fn key(&self) -> &str {
        match self {
            Self::Clinic { key, .. } | Self::Role { key, .. } => key,
            Self::Employee(employee) => &employee.key,
        }
    }

    fn fingerprint(&self) -> &Fingerprint {
        match self {
            Self::Clinic { clinic, .. } => &clinic.fingerprint,
            Self::Role { role, .. } => &role.fingerprint,
            Self::Employee(employee) => &employee.fingerprint,
        }
    }

    /// Lists the keys of fields that a change set and the record lacks.
    fn lacks(&self, change: &Change) -> Vec<String> {
        let stored: RecordValues<'_> = match self {
            Self::Clinic { clinic, .. } => clinic.into(),
            Self::Role { role, .. } => role.into(),
            Self::Employee(employee) => employee.into(),
        };
        change.record_values().differing(&stored).into_iter().map(str::to_owned).collect()
    }
}

impl<T: Transport> ScimDirectory<T> {
    pub(in crate::directory::scim) async fn write_record(
        &self,
        change: &Change,
        context: &WriteContext<'_>,
    ) -> Result<Outcome, DirectoryError> {
        let endpoint = map::endpoint(change.subject()).ok_or(ProtocolError::RecordsNotOffered)?;
        let record = if context.id.is_none() && change.target().is_none() {
            self.create_record(endpoint, change, context).await?
        } else {
            self.update_record(endpoint, change, context).await?
        };
        let what = record.lacks(change);
        if !what.is_empty() {
            return Err(DirectoryError::Dropped { what, after: None });
        }
        let (id, fingerprint) = record.into_head();
        match change.subject() {
            SubjectRef::Clinic(key) => self.learn(|names| names.add_clinic(key, &id)),
            SubjectRef::Employee(key) => self.learn(|names| names.add_employee(key, &id)),
            SubjectRef::Role(_) | SubjectRef::User(_) | SubjectRef::Workspace => {}
        }
        Ok(Outcome::Applied { id, fingerprint: Some(fingerprint), passcode: None })
    }

    async fn create_record(&self, endpoint: &str, change: &Change, context: &WriteContext<'_>) -> Result<RemoteRecord, DirectoryError> {
        let body = map::record_body(change.subject(), &change.record_values());
        let url = self.client.below(endpoint);
        let answer = self.send_write(Method::POST, &url, body.as_ref(), context, &context.idempotency_key).await?;
        if answer.status.as_u16() == 409 {
            // Somebody created it meanwhile, or this run did and the answer was lost: it counts as done only if it matches.
            let all = list(&self.client.once(), endpoint, self.discovery.paging, |r| record(change.subject(), r).map_err(unmapped)).await?;
            let found = all.resources.into_iter().find(|found| Some(found.key()) == key(change.subject()));
            return match found {
                Some(found) if found.lacks(change).is_empty() => Ok(found),
                Some(_) => Err(DirectoryError::Stale(Drift::Appeared)),
                None => Err(answer.refusal()),
            };
        }
        if !answer.status.is_success() {
            return Err(answer.refusal());
        }
        self.stored_record(change.subject(), answer, None).await
    }

    async fn update_record(&self, endpoint: &str, change: &Change, context: &WriteContext<'_>) -> Result<RemoteRecord, DirectoryError> {
        let id = id_of(change, context)?;
        let url = self.address(endpoint, &id);
        if let Some(planned) = context.fingerprint.as_ref().filter(|f| !self.guards_versions(f)) {
            let now = self.read_record(change.subject(), &url).await?;
            if *now.fingerprint() != *planned {
                // The version may be this run's own: the first answer was lost.
                let is_ours = context.tried > 0 && now.lacks(change).is_empty();
                return if is_ours { Ok(now) } else { Err(DirectoryError::Stale(Drift::Rewritten)) };
            }
        }
        let patch = map::record_patch(change.subject(), &change.record_values()).ok_or(ProtocolError::NothingToChange)?;
        let answer = self.patch(&url, &patch, context).await?;
        if answer.status.as_u16() == 412 && context.tried > 0 {
            // The version may be this run's own: the first answer was lost.
            let now = self.read_record(change.subject(), &url).await?;
            return if now.lacks(change).is_empty() { Ok(now) } else { Err(answer.refusal()) };
        }
        if !answer.status.is_success() {
            return Err(refused(&answer, change.action()));
        }
        self.stored_record(change.subject(), answer, Some(&url)).await
    }

    /// Returns what is stored now, from the answer or by asking.
    async fn stored_record(&self, subject: SubjectRef<'_>, answer: Reply, url: Option<&str>) -> Result<RemoteRecord, DirectoryError> {
        if let Some(resource) = answer.resource() {
            return record(subject, &resource).map_err(unmapped);
        }
        let told = answer.located().zip(map::endpoint(subject)).map(|(id, endpoint)| self.address(endpoint, &id));
        match url.map(str::to_owned).or(told) {
            Some(url) => self.read_record(subject, &url).await,
            None => Err(ProtocolError::MadeUnseen.into()),
        }
    }

    async fn read_record(&self, subject: SubjectRef<'_>, url: &str) -> Result<RemoteRecord, DirectoryError> {
        let answer = self.client.once().get(url).await?;
        if !answer.status.is_success() {
            return Err(DirectoryError::Stale(Drift::Gone));
        }
        record(subject, &answer.json()?).map_err(unmapped)
    }
}

fn key(subject: SubjectRef<'_>) -> Option<&str> {
    match subject {
        SubjectRef::Clinic(key) | SubjectRef::Role(key) | SubjectRef::Employee(key) => Some(key),
        SubjectRef::Workspace | SubjectRef::User(_) => None,
    }
}

fn record(subject: SubjectRef<'_>, resource: &impl Node) -> Result<RemoteRecord, MapError> {
    Ok(match subject {
        SubjectRef::Role(_) => {
            let (key, role) = map::role(resource)?;
            RemoteRecord::Role { key, role }
        }
        SubjectRef::Employee(_) => RemoteRecord::Employee(map::employee(resource)?),
        SubjectRef::Clinic(_) | SubjectRef::Workspace | SubjectRef::User(_) => {
            let (key, clinic) = map::clinic(resource)?;
            RemoteRecord::Clinic { key, clinic }
        }
    })
}
