//! Sends queued messages: into a folder, where no mail server is set up.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::FutureExt;

use crate::server::OperatorLog;
use crate::server::failure::Failure;
use crate::store::members::messages::{self, MessageRow};
use crate::store::{Store, workspaces};

use super::queue::{self, Kind};
use super::texts::{self, About};

/// A folder in which messages arrive in place of a mail server: for a laptop, and for trying the server out.
#[derive(Clone, Debug)]
pub struct Outbox {
    /// The folder; each workspace has one of its own inside.
    pub folder: PathBuf,
    /// Where the pages are, without a slash at the end.
    pub base: String,
}

/// How often the queue is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// How many messages are sent between two looks.
const MOST: i64 = 100;
/// How long a message that was taken and not sent waits, in milliseconds.
const AGAIN: i64 = 60 * 1000;

/// Sends queued messages for as long as the server runs.
pub async fn deliver(store: Store, outbox: Outbox, log: OperatorLog) {
    loop {
        if let Err(why) = deliver_due(&store, &outbox).await {
            log.line(&format!("cannot write messages to the outbox: {why}"));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Sends what is due.
async fn deliver_due(store: &Store, outbox: &Outbox) -> Result<(), anyhow::Error> {
    let now = store.now();
    let due: Vec<MessageRow> = store.read(move |conn| async move { messages::due(conn, now, MOST).await }.boxed()).await?;
    for row in due {
        let (workspace, id) = (row.workspace.clone(), row.message.id.clone());
        let taken = {
            let (workspace, id) = (workspace.clone(), id.clone());
            store
                .write(&row.workspace, move |writing| {
                    async move { messages::take(&mut writing.conn, &workspace, &id, now.saturating_add(AGAIN)).await }.boxed()
                })
                .await?
        };
        if !taken {
            continue;
        }
        if let Some(text) = written(store, outbox, &row).await? {
            keep(&outbox.folder.join(&workspace), &format!("{}-{}.txt", row.message.id, row.message.kind), &text)?;
        }
        let inside = workspace.clone();
        store.write(&workspace, move |writing| async move { messages::sent(&mut writing.conn, &inside, &id, now).await }.boxed()).await?;
    }
    Ok(())
}

/// A message as a file; `None` where its workspace, its kind or its secret is unknown by now.
async fn written(store: &Store, outbox: &Outbox, row: &MessageRow) -> Result<Option<String>, Failure> {
    let name = row.workspace.clone();
    let found = store.read(move |conn| async move { Ok::<_, Failure>(workspaces::find(conn, &name).await?) }.boxed()).await?;
    let Some(workspace) = found.as_ref().and_then(crate::server::workspace::Workspace::from_row) else { return Ok(None) };
    let message = &row.message;
    let secret = message.secret.as_deref().and_then(|sealed| store.vault().unseal(&queue::purpose(&message.id), sealed));
    let catalog = workspace.catalog();
    let about = About { workspace: &workspace.name, product: &catalog.name, base: &outbox.base, code_word: catalog.code_word.is_some() };
    let letter = Kind::parse(&message.kind).and_then(|kind| texts::write(kind, &about, secret.as_ref()));
    Ok(letter.map(|letter| {
        let subject = letter.subject.map(|subject| format!("Subject: {subject}\n")).unwrap_or_default();
        format!("To: {}\n{subject}\n{}", message.recipient, letter.text)
    }))
}

/// Writes a file that only its owner can read; an existing one is the same message.
fn keep(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut open = std::fs::OpenOptions::new();
    open.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(folder.join(name))?.write_all(text.as_bytes())
}
