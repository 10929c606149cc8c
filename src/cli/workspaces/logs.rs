//! Reads what happened in workspaces: the logs of their servers, and what people attest.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::directory::Reader as _;
use crate::model::{Desired, Email};
use crate::reconcile;
use crate::report::log::{Since, WorkspaceLog};

use super::connect;
use super::reading::{self, LoadedWorkspaces, NotRead, not_read};
use super::stores::Stores;

/// The log of a workspace that was read.
pub(in crate::cli) struct LoadedLog {
    /// The roster's side.
    pub desired: Desired,
    /// The log that says what happened.
    pub log: WorkspaceLog,
    /// The keys of the workspace's clinics by their ids, if the log is about users.
    pub clinics: BTreeMap<String, String>,
    /// Everybody on the list of a workspace without an interface, with or without an attestation.
    pub listed: Vec<Email>,
}

/// Reads the logs of the workspaces, at least from then on.
pub(in crate::cli) async fn read(
    workspaces: Vec<Desired>,
    since: Option<Since>,
    roster: &Path,
    stores: &Stores,
) -> LoadedWorkspaces<LoadedLog> {
    let one = |desired, roster: Arc<PathBuf>, stores: Stores| async move { read_one(desired, since, &roster, &stores).await };
    reading::each(workspaces, roster, stores, one).await
}

async fn read_one(desired: Desired, since: Option<Since>, roster: &Path, stores: &Stores) -> Result<LoadedLog, NotRead> {
    let connection = connect::to_read(&desired, roster, stores).await.map_err(not_read)?;
    if desired.connection.is_by_hand() {
        let actual = connection.read().await.map_err(not_read)?;
        let judged = reconcile::diff(&desired, &actual).by_hand.map(|by_hand| by_hand.attested).unwrap_or_default();
        let listed = actual.accounts.iter().map(|account| account.email.clone()).collect();
        let attested = actual.list.map(|list| list.snapshot.attested).unwrap_or_default();
        // Both are in the order of the list.
        let log = attested.into_iter().zip(judged).collect();
        return Ok(LoadedLog { desired, log: WorkspaceLog::Attested(log), clinics: BTreeMap::new(), listed });
    }
    let log = connection.log(since.and_then(|since| since.first_moment(&desired))).await.map_err(not_read)?;
    let is_about_users = log.iter().flatten().any(|record| record.kind.ours().is_some_and(|kind| kind.is_user()));
    let clinics = if is_about_users { connection.clinic_keys().await } else { BTreeMap::new() };
    let exists = connection.after_reading().await.is_created();
    let log = match log {
        Some(_) if !exists => WorkspaceLog::NotCreated,
        Some(records) => WorkspaceLog::Server(records),
        None => WorkspaceLog::Missing,
    };
    Ok(LoadedLog { desired, log, clinics, listed: Vec::new() })
}
