//! Showing and rotating the practice's code word, for the operator on the server's machine (PBN-5). The word is in no row of the log.

use futures::FutureExt;

use crate::model::{LogAction, LogSubject, OperatorAction, Secret};
use crate::server::access::denial::by_operator;
use crate::server::ids;
use crate::server::workspace::Workspace;
use crate::store::members::links::{self, LinkKind};
use crate::store::wrong_answers::{self, GuessedAt};
use crate::store::{Conn, NewLogRow, Store, StoreError, Vault, accounts, log, workspaces};
use crate::workspace::state_at;

/// A code word that was just made.
pub struct RotatedCodeWord {
    /// The word.
    pub word: Secret,
    /// The people who have an open link, from an invitation or for another password: it works with the new word only.
    pub waiting: Vec<String>,
}

/// The reason why a code word cannot be shown or rotated.
#[derive(Debug, thiserror::Error)]
pub enum CodeWordError {
    /// The database does not have the workspace.
    #[error("the database has no workspace `{0}`")]
    NoWorkspace(String),
    /// Workspaces of this platform have no code word.
    #[error("workspaces of the platform `{0}` have no code word")]
    NoneHere(String),
    /// None is set.
    #[error("the workspace `{0}` has no code word yet: `rosterctl code-word rotate {0}` makes one")]
    NotSet(String),
    /// The store.
    #[error("the code word cannot be read or written")]
    Store(#[from] StoreError),
}

/// Returns the code word of a workspace, and logs that it was shown, and on which machine.
///
/// # Errors
/// Fails if there is no such workspace or no code word, or if the store refuses.
pub async fn show_code_word(store: &Store, workspace: &str, origin: Option<String>) -> Result<Secret, CodeWordError> {
    let (lock, name, now) = (workspace, workspace.to_owned(), store.now());
    let inside = store.clone();
    store
        .write(lock, move |writing| {
            async move {
                let conn = &mut writing.conn;
                let word = current(conn, inside.vault(), &name).await?.ok_or_else(|| CodeWordError::NotSet(name.clone()))?;
                log::append(conn, &name, &row(OperatorAction::ShowCodeWord, &name, origin), now).await?;
                Ok(word)
            }
            .boxed()
        })
        .await
}

/// Makes a new code word, which takes the place of the old one at once.
///
/// # Errors
/// Fails if there is no such workspace, if its platform has no code word, or if the store refuses.
pub async fn rotate_code_word(store: &Store, workspace: &str, origin: Option<String>) -> Result<RotatedCodeWord, CodeWordError> {
    let (lock, name, now) = (workspace, workspace.to_owned(), store.now());
    let inside = store.clone();
    store
        .write(lock, move |writing| {
            async move {
                let conn = &mut writing.conn;
                let former = current(conn, inside.vault(), &name).await?;
                let word = another(former.as_ref());
                workspaces::set_code_word(conn, inside.vault(), &name, &word).await?;
                // Tries at the old word say nothing about the new one.
                wrong_answers::forget(conn, &name, GuessedAt::CodeWord).await?;
                let waiting = waiting(conn, &name, now).await?;
                log::append(conn, &name, &row(OperatorAction::RotateCodeWord, &name, origin), now).await?;
                Ok(RotatedCodeWord { word, waiting })
            }
            .boxed()
        })
        .await
}

/// The code word that is set now, of a workspace that can have one.
async fn current(conn: &mut Conn, vault: &Vault, name: &str) -> Result<Option<Secret>, CodeWordError> {
    let row = workspaces::find(conn, name).await?.ok_or_else(|| CodeWordError::NoWorkspace(name.to_owned()))?;
    let workspace = Workspace::from_row(&row).filter(|workspace| workspace.catalog().code_word.is_some());
    if workspace.is_none() {
        return Err(CodeWordError::NoneHere(row.platform));
    }
    Ok(workspaces::code_word(conn, vault, name).await?)
}

/// A random word that differs from the former one.
fn another(former: Option<&Secret>) -> Secret {
    loop {
        let word = ids::random_code_word();
        if former.is_none_or(|former| former.expose() != word) {
            return Secret::new(word);
        }
    }
}

/// The people whose invitation is open, or who asked for another password (PBN-7).
async fn waiting(conn: &mut Conn, name: &str, now: i64) -> Result<Vec<String>, StoreError> {
    let all = accounts::page(conn, name, "", i64::MAX).await?;
    let is_open = |account: &accounts::AccountRow| {
        let sent = account.state.invitation.as_ref();
        !account.state.accepted && sent.is_some_and(|sent| state_at(sent, now).is_open())
    };
    let resets = links::open_of_kind(conn, name, LinkKind::Reset, now).await?;
    let is_waiting = |account: &accounts::AccountRow| is_open(account) || resets.contains(&account.id);
    let mut names: Vec<String> = all.into_iter().filter(is_waiting).map(|account| account.user_name).collect();
    names.sort();
    Ok(names)
}

fn row(action: OperatorAction, name: &str, origin: Option<String>) -> NewLogRow {
    NewLogRow { subject: Some(name.to_owned()), ..by_operator(LogAction::Operator(action), LogSubject::Workspace, origin) }
}
