//! The idempotency key of a write: the same wish from the same version is the same key, from any machine.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::model::{Action, AttributeChange, Change, FieldChange, Fingerprint, Plan, RemoteId, Subject};

/// Computes the key of a change: 64 lower-case hex digits.
///
/// In it are server, workspace, the resource with its version, and what is set. Order, reasons and what was found before are
/// not, so that a run after a crash asks for the same thing under the same key. The code word has no version: the time the
/// workspace was read stands in for it, since an old answer must not be taken for setting the same word once more.
#[must_use]
pub fn key(plan: &Plan, change: &Change, id: Option<&RemoteId>, fingerprint: Option<&Fingerprint>) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(b"rosterctl write 1");
    part(plan.server.as_bytes());
    part(plan.workspace.as_bytes());
    match id {
        Some(id) => part(format!("id {id}").as_bytes()),
        None => part(subject(&change.subject).as_bytes()),
    }
    part(fingerprint.map_or("", |f| f.0.as_str()).as_bytes());
    part(change.action.as_str().as_bytes());
    if change.action == Action::SetCodeWord {
        part(&plan.as_of.to_be_bytes());
    }
    for FieldChange { field, before: _, after } in &change.fields {
        part(field.key().as_bytes());
        part(&serde_json::to_vec(after).unwrap_or_default());
    }
    for AttributeChange { name, before: _, after } in &change.resource {
        part(name.as_bytes());
        part(&serde_json::to_vec(after).unwrap_or_default());
    }
    HEXLOWER.encode(&hash.finalize())
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Workspace => "workspace".to_owned(),
        Subject::Clinic(key) => format!("clinic {key}"),
        Subject::Role(key) => format!("role {key}"),
        Subject::Employee(key) => format!("employee {key}"),
        Subject::User(email) => format!("user {email}"),
    }
}
