//! Queues a message in the transaction of the change that it tells: none leaves for a change that did not happen.

use crate::members::MessageKind;
use crate::model::Secret;
use crate::server::ids;
use crate::store::members::messages::{self, NewMessage};
use crate::store::{Conn, Store, StoreError};

/// A message about an account.
pub(in crate::server) struct Message<'a> {
    pub(in crate::server) workspace: &'a str,
    pub(in crate::server) account: &'a str,
    pub(in crate::server) kind: MessageKind,
    /// The address or phone number that it goes to.
    pub(in crate::server) recipient: &'a str,
    /// The token or code in it.
    pub(in crate::server) secret: Option<&'a Secret>,
}

/// Queues a message.
pub(in crate::server) async fn queue(conn: &mut Conn, store: &Store, message: &Message<'_>, now: i64) -> Result<(), StoreError> {
    queue_as(conn, store, ids::new_id(now), message, now).await
}

/// As [`queue`], under an id: that of the invitation which a mail has in it.
pub(in crate::server) async fn queue_as(
    conn: &mut Conn,
    store: &Store,
    id: String,
    message: &Message<'_>,
    now: i64,
) -> Result<(), StoreError> {
    let secret = match message.secret {
        Some(secret) => Some(store.vault().seal(&purpose(&id), secret).ok_or(StoreError::Damaged { table: "messages" })?),
        None => None,
    };
    let new = NewMessage { id, account: message.account.to_owned(), kind: message.kind, recipient: message.recipient.to_owned(), secret };
    messages::insert(conn, message.workspace, &new, now).await
}

/// Returns the purpose that the secret of a message is sealed for.
pub(super) fn purpose(id: &str) -> String {
    format!("message {id}")
}
