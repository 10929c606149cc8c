//! The idempotency key of a write: the same change from the same version has the same key on every machine.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::model::{AccountChange, Block, Change, FieldChange, Fingerprint, Followup, NewAccount, Plan, RemoteId, SubjectRef};

/// Computes the key of a change: 64 lower-case hex digits.
///
/// It covers server, workspace, the resource with its version, and the new values. It does not cover order, reasons and former values,
/// so that a run after a crash sends the same request under the same key. The code word has no version, so the number
/// of the run replaces it: the answer to an earlier run must not count as setting a word again.
#[must_use]
pub fn key(plan: &Plan, change: &Change, id: Option<&RemoteId>, fingerprint: Option<&Fingerprint>, run: u128) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(b"rosterctl write 2");
    part(plan.server.to_string().as_bytes());
    part(plan.workspace.as_bytes());
    match id {
        Some(id) => part(format!("id {id}").as_bytes()),
        None => part(subject(change.subject()).as_bytes()),
    }
    part(fingerprint.map_or("", |f| f.0.as_str()).as_bytes());
    part(change.action().as_str().as_bytes());
    let mut set = |fields: &[FieldChange]| {
        for FieldChange { field, before: _, after, unknown: _ } in fields {
            part(field.key().as_bytes());
            part(&json(after));
        }
    };
    match change {
        Change::CreateAccount(NewAccount { email: _, fields, with_password }) => {
            set(fields);
            part(&[u8::from(*with_password)]);
        }
        Change::Complete { email: _, followup: Followup::Update { fields } }
        | Change::Account { email: _, target: _, change: AccountChange::Update { fields, effective: _ } } => set(fields),
        Change::Account { email: _, target: _, change: AccountChange::Block(Block { reason, note }) } => part(&json(&(reason, note))),
        Change::Account { email: _, target: _, change: AccountChange::RenewPasscode { since } } => part(&json(since)),
        Change::Complete { email: _, followup: Followup::GeneratePasscode }
        | Change::Account {
            email: _,
            target: _,
            change:
                AccountChange::Invite
                | AccountChange::ResendInvitation
                | AccountChange::WithdrawInvitation
                | AccountChange::Inactivate
                | AccountChange::Activate
                | AccountChange::Unblock
                | AccountChange::GeneratePasscode,
        } => {}
        Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_) => part(&json(&change.record_values())),
        Change::SetCodeWord => part(&run.to_be_bytes()),
    }
    HEXLOWER.encode(&hash.finalize())
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

fn subject(subject: SubjectRef<'_>) -> String {
    match subject {
        SubjectRef::Workspace => "workspace".to_owned(),
        SubjectRef::Clinic(key) => format!("clinic {key}"),
        SubjectRef::Role(key) => format!("role {key}"),
        SubjectRef::Employee(key) => format!("employee {key}"),
        SubjectRef::User(email) => format!("user {email}"),
    }
}
