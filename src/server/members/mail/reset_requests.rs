//! Sends the links that people asked for who forgot their password. This is done after the answer to the request, which does the same work for
//! every address, so that its time does not tell whether an address has an account (E8).

use futures::FutureExt;
use futures::future::join_all;

use super::queue::{Message, queue};
use crate::members::{LoginEvent, MessageKind, RESET_LIVES, may_send};
use crate::model::{DAY, Email, LogDoer, LogSubject, LogVia, OwnSecret, Secret};
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::visit::Visit;
use crate::store::members::asked_resets::{self, AskedReset};
use crate::store::members::links::{self, LinkKind, LinkPurpose, NewLink};
use crate::store::{Conn, NewLogRow, Store, StoreError, accounts, log};
use crate::workspace::may_sign_in;

/// So many are looked at together.
const MOST: i64 = 100;
/// The longest text that can be an address, in bytes.
const LONGEST: usize = 320;

/// Returns what is kept of a request for a link, under the id of the request; `None` only if the library that seals it refuses.
pub(in crate::server::members) fn kept(visit: &Visit, typed: &str) -> Option<AskedReset> {
    let (id, workspace) = (visit.note.request_id.clone(), visit.workspace.name.clone());
    let typed = if typed.len() > LONGEST { "" } else { typed };
    let address = visit.server.store.vault().seal(&purpose(&id), &Secret::new(typed.to_owned()))?;
    Some(AskedReset { id, workspace, address, origin: visit.origin.clone(), at: visit.now() })
}

/// The purpose that a typed address is sealed for.
fn purpose(id: &str) -> String {
    format!("asked reset {id}")
}

/// Sends the links that were asked for until now.
///
/// # Errors
/// The database refuses.
pub async fn send_asked_resets(store: &Store) -> Result<(), StoreError> {
    loop {
        let some = store.read(|conn| asked_resets::first(conn, MOST).boxed()).await?;
        if some.is_empty() {
            return Ok(());
        }
        for done in join_all(some.into_iter().map(|one| send_one(store, one))).await {
            done?;
        }
    }
}

async fn send_one(store: &Store, asked: AskedReset) -> Result<(), StoreError> {
    let (inside, workspace) = (store.clone(), asked.workspace.clone());
    store
        .write(&workspace, move |writing| {
            async move {
                let conn = &mut writing.conn;
                if asked_resets::take(conn, &asked.id).await? { send(conn, &inside, &asked).await } else { Ok(()) }
            }
            .boxed()
        })
        .await
}

/// Queues the mail with the link, where the address has an account that may sign in, and not too many were sent. It goes to the stored address,
/// never to the one that was typed (H2).
async fn send(conn: &mut Conn, store: &Store, asked: &AskedReset) -> Result<(), StoreError> {
    let (name, at) = (asked.workspace.as_str(), asked.at);
    let typed = store.vault().unseal(&purpose(&asked.id), &asked.address);
    let Some(address) = typed.and_then(|typed| Email::parse(typed.expose()).ok()) else { return Ok(()) };
    let Some(account) = accounts::find_by_user_name(conn, name, address.as_str()).await? else { return Ok(()) };
    if !may_sign_in(&account.state) {
        return Ok(());
    }
    let earlier = links::sent_to_login(conn, name, &account.id, LinkKind::Reset, at.saturating_sub(DAY)).await?;
    if may_send(&earlier, at).is_err() {
        return Ok(());
    }
    let token = ids::random_token(OwnSecret::Reset);
    let link = NewLink {
        hash: sha256(&[token.expose().as_bytes()]),
        account: account.id.clone(),
        purpose: LinkPurpose::Reset,
        expires_at: at.saturating_add(RESET_LIVES),
    };
    links::insert(conn, name, &link, at).await?;
    let recipient = &account.user_name;
    let message = Message { workspace: name, account: &account.id, kind: MessageKind::Reset, recipient, secret: Some(&token) };
    queue(conn, store, &message, at).await?;
    let entry = NewLogRow {
        actor: account.user_name.clone(),
        origin: asked.origin.clone(),
        request_id: asked.id.clone(),
        subject_id: Some(account.id.clone()),
        subject: Some(account.user_name.clone()),
        ..NewLogRow::done(LogDoer::Unknown, LogVia::Web, LoginEvent::AskedForPassword.into(), LogSubject::User)
    };
    log::append(conn, name, &entry, store.now()).await?;
    Ok(())
}
