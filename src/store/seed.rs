//! Making a workspace: all of it, or nothing.

use std::sync::Arc;

use futures::FutureExt;
use serde_json::json;

use crate::model::{Invitation, LogAction, LogDoer, LogSubject, LogVia, ProgramAction, Secret};

use super::{
    BlockRow, NewAccountRow, NewBlock, NewInvitation, NewLogRow, NewResource, Store, StoreError, WorkspaceRow, accounts, invitations, log,
    resources, workspaces,
};

/// A workspace to be made.
#[derive(Clone, Debug)]
pub struct NewWorkspace {
    /// Its row.
    pub row: WorkspaceRow,
    /// The practice's code word, on platforms that have one.
    pub code_word: Option<String>,
}

/// An account a workspace begins with, in its state.
#[derive(Clone, Debug)]
pub struct SeedAccount {
    /// The account.
    pub account: NewAccountRow,
    /// Its invitation; times count from the making of the workspace.
    pub invitation: Option<NewInvitation>,
    /// Its block; times count from the making of the workspace.
    pub block: Option<NewBlock>,
}

/// The contents of a new workspace.
#[derive(Clone, Debug)]
pub struct Seed {
    /// The workspace.
    pub workspace: NewWorkspace,
    /// Clinics, roles and employee records.
    pub resources: Vec<NewResource>,
    /// Accounts.
    pub accounts: Vec<SeedAccount>,
}

impl Store {
    /// Returns whether the workspace exists.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn has_workspace(&self, name: &str) -> Result<bool, StoreError> {
        let name = name.to_owned();
        self.read(move |conn| async move { Ok(workspaces::find(conn, &name).await?.is_some()) }.boxed()).await
    }

    /// Returns the login of a workspace's main admin; `None` if it has none, or if there is no such workspace.
    ///
    /// # Errors
    /// Fails if the database refuses.
    pub async fn main_admin(&self, workspace: &str) -> Result<Option<String>, StoreError> {
        let workspace = workspace.to_owned();
        self.read(move |conn| async move { Ok(accounts::main_admin(conn, &workspace).await?.map(|account| account.user_name)) }.boxed())
            .await
    }

    /// Creates a workspace in one transaction if it does not exist yet, and returns whether it did.
    ///
    /// # Errors
    /// The seed contradicts itself, or the database refuses.
    pub async fn create_workspace(&self, seed: &Seed) -> Result<bool, StoreError> {
        let seed = seed.clone();
        let now = self.now();
        let name = seed.workspace.row.name.clone();
        let vault = Arc::clone(&self.vault);
        self.write(&name, move |writing| {
            async move {
                let conn = &mut writing.conn;
                let name = seed.workspace.row.name.as_str();
                if workspaces::find(conn, name).await?.is_some() {
                    return Ok(false);
                }
                workspaces::insert(conn, &seed.workspace.row).await?;
                if let Some(word) = seed.workspace.code_word.clone() {
                    workspaces::set_code_word(conn, &vault, name, &Secret::new(word)).await?;
                }
                for resource in &seed.resources {
                    resources::insert(conn, name, resource, now).await?;
                }
                // In the order of their ids, so that a list of all reads the table from front to back.
                let mut in_order: Vec<&SeedAccount> = seed.accounts.iter().collect();
                in_order.sort_unstable_by(|one, other| one.account.id.cmp(&other.account.id));
                for seeded in in_order {
                    let id = seeded.account.id.as_str();
                    accounts::insert(conn, name, &seeded.account, now).await?;
                    if let Some(sent) = &seeded.invitation {
                        let NewInvitation { sent: Invitation { state, sent_at, expires_at }, .. } = sent.clone();
                        let times = Invitation { state, sent_at: now + sent_at, expires_at: now + expires_at };
                        let sent = NewInvitation { sent: times, ..sent.clone() };
                        invitations::insert(conn, name, id, &sent).await?;
                    }
                    if let Some(block) = &seeded.block {
                        invitations::block(
                            conn,
                            name,
                            id,
                            &NewBlock { set: BlockRow { since: now + block.set.since, ..block.set.clone() }, ..block.clone() },
                        )
                        .await?;
                    }
                }
                let action = LogAction::Program(ProgramAction::CreateWorkspace);
                let entry = NewLogRow {
                    subject: Some(name.to_owned()),
                    changes: json!({ "accounts": [null, seed.accounts.len()] }).to_string(),
                    ..NewLogRow::done(LogDoer::Program, LogVia::Seed, action, LogSubject::Workspace)
                };
                log::append(conn, name, &entry, now).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }
}
