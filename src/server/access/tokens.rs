//! Making, listing and revoking tokens, for the operator on the server's machine.

use futures::FutureExt;

use crate::model::{Email, LogAction, LogSubject, OperatorAction, OwnSecret, Secret};
use crate::server::access::denial::by_operator;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::scim::lockout;
use crate::server::scim::supporting;
use crate::server::workspace::Workspace;
use crate::store::{AccountRow, Conn, NewLogRow, NewToken, Store, StoreError, TokenAccess, TokenRow, accounts, log, tokens, workspaces};
use crate::workspace::may_sign_in;

/// A token just made. Only its hash is kept, so this is the one chance to see it.
pub struct IssuedToken {
    /// Its id, to list and revoke it by.
    pub id: String,
    /// The token.
    pub token: Secret,
    /// The time at which it ends, epoch milliseconds.
    pub expires: i64,
}

/// The reason why a token cannot be made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The owner has no account that may sign in.
    #[error("`{0}` has no active account in this workspace: choose an administrator as the owner of the token")]
    NoSuchOwner(Email),
    /// The owner has an account, but is not an administrator.
    #[error("`{owner}` lacks the privilege `{privilege}`: choose an administrator as the owner of the token")]
    NotAdmin {
        /// The owner the token would have.
        owner: Email,
        /// The privilege they lack.
        privilege: String,
    },
    /// A row contains something that this program does not write.
    #[error("a stored resource is damaged: restore the database from a backup")]
    Damaged,
    /// The token does not exist or is already revoked.
    #[error("token `{0}` does not exist or is already revoked: see `rosterctl token list`")]
    NoSuchToken(String),
    /// The store.
    #[error("the tokens cannot be read or written")]
    Store(#[from] StoreError),
}

/// Makes a token of an account; it ends after `lives` milliseconds.
///
/// # Errors
/// The owner has no active account or does not manage users, or the store refuses.
pub async fn create_token(
    store: &Store,
    workspace: &str,
    owner: &Email,
    access: TokenAccess,
    lives: i64,
) -> Result<IssuedToken, TokenError> {
    let now = store.now();
    let token = ids::random_token(OwnSecret::Token);
    let id = ids::new_id(now);
    let expires = now.saturating_add(lives);
    let hash = sha256(&[token.expose().as_bytes()]);
    let (lock, workspace, owner, token_id) = (workspace, workspace.to_owned(), owner.clone(), id.clone());
    store
        .write(lock, move |writing| {
            async move {
                let conn = &mut writing.conn;
                let account = accounts::find_by_user_name(conn, &workspace, owner.as_str()).await?;
                let Some(account) = account.filter(|account| may_sign_in(&account.state)) else {
                    return Err(TokenError::NoSuchOwner(owner));
                };
                if let Some(privilege) = lacking(conn, &workspace, &account).await? {
                    return Err(TokenError::NotAdmin { owner, privilege });
                }
                let new = NewToken { id: token_id, hash, workspace: workspace.clone(), owner: account.id, access, expires };
                tokens::insert(conn, &new, now).await?;
                let what = if access.writes() { "for reading and writing" } else { "for reading" };
                log::append(conn, &workspace, &row(OperatorAction::CreateToken, &new.id, &format!("of {owner}, {what}")), now).await?;
                Ok(())
            }
            .boxed()
        })
        .await?;
    Ok(IssuedToken { id, token, expires })
}

/// The privilege that an owner of tokens must have and this account lacks.
async fn lacking(conn: &mut Conn, workspace: &str, account: &AccountRow) -> Result<Option<String>, TokenError> {
    let row = workspaces::find(conn, workspace).await?;
    let workspace = row.as_ref().and_then(Workspace::from_row).ok_or(TokenError::Damaged)?;
    let Some(privilege) = &workspace.catalog().manages_users else { return Ok(None) };
    let judged = async {
        let records = supporting::records(conn, &workspace).await?;
        Ok::<_, Failure>(lockout::is_usable_admin(&workspace, account, &records))
    };
    match judged.await {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(privilege.clone())),
        Err(Failure::Store(why)) => Err(why.into()),
        Err(
            Failure::Refused(_)
            | Failure::Denied(_)
            | Failure::Unentitled(_)
            | Failure::WrongPhone(_)
            | Failure::TooMany { .. }
            | Failure::Damaged,
        ) => Err(TokenError::Damaged),
    }
}

/// All tokens of a workspace, oldest first.
///
/// # Errors
/// The store refuses.
pub async fn list_tokens(store: &Store, workspace: &str) -> Result<Vec<TokenRow>, TokenError> {
    let workspace = workspace.to_owned();
    store.read(move |conn| async move { Ok(tokens::all(conn, &workspace).await?) }.boxed()).await
}

/// Revokes a token.
///
/// # Errors
/// The token does not exist or is already revoked, or the store refuses.
pub async fn revoke_token(store: &Store, workspace: &str, id: &str) -> Result<(), TokenError> {
    let now = store.now();
    let (lock, workspace, id) = (workspace, workspace.to_owned(), id.to_owned());
    store
        .write(lock, move |writing| {
            async move {
                let conn = &mut writing.conn;
                if !tokens::revoke(conn, &workspace, &id, now).await? {
                    return Err(TokenError::NoSuchToken(id));
                }
                log::append(conn, &workspace, &row(OperatorAction::RevokeToken, &id, "by the operator"), now).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn row(action: OperatorAction, id: &str, detail: &str) -> NewLogRow {
    NewLogRow {
        subject_id: Some(id.to_owned()),
        detail: Some(detail.to_owned()),
        ..by_operator(LogAction::Operator(action), LogSubject::Token, None)
    }
}
