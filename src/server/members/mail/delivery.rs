//! Sends queued messages, each at most once, and keeps how that ended.

use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;

use crate::members::MessageKind;
use crate::model::{HOUR, LogAction, LogDoer, LogSubject, LogVia, MINUTE, ProgramAction};
use crate::server::OperatorLog;
use crate::server::failure::Failure;
use crate::server::operator::metrics::{DeliveryResult, Metrics};
use crate::server::workspace::Workspace;
use crate::store::log::{self, NewLogRow};
use crate::store::members::messages::{self, Channel, MessageRow, TryResult};
use crate::store::{Store, workspaces};

use super::carrier::{Carrier, Post};
use super::posted::{Posted, Sending};
use super::queue;
use super::reset_requests::send_asked_resets;
use super::texts::{self, Letter, MessageContext};

/// The time between two looks at the queue.
const LOOK: Duration = Duration::from_millis(500);
/// The number of messages that are looked at together, and that leave at the same time.
const MOST: i64 = 100;
const TOGETHER: usize = 8;
/// The time that a try may take before the message counts as one whose sending nobody saw the end of.
const TRY: i64 = 5 * MINUTE;

/// Sends queued messages for as long as the server runs.
pub async fn deliver(store: Store, post: Post, metrics: Metrics, log: OperatorLog) {
    let sender = Sender { store, post, metrics, log };
    loop {
        if let Err(why) = sender.look().await {
            sender.log.warn(&format!("cannot send messages: {why}"));
        }
        tokio::time::sleep(LOOK).await;
    }
}

struct Sender {
    store: Store,
    post: Post,
    metrics: Metrics,
    log: OperatorLog,
}

/// The reason why a message was left as it is.
const NEVER_CAME_BACK: &str = "the server stopped while it was sent, so it may have arrived";
const NO_ANSWER: &str = "the connection broke while it was sent, so it may have arrived";

impl Sender {
    /// Queues what was asked for, and sends what is due.
    async fn look(&self) -> Result<(), Failure> {
        send_asked_resets(&self.store).await?;
        self.deliver_due().await
    }

    /// Sends what is due.
    async fn deliver_due(&self) -> Result<(), Failure> {
        for (channel, carrier) in [(Channel::Mail, &self.post.mail), (Channel::Text, &self.post.texts)] {
            let Some(carrier) = carrier else { continue };
            let now = self.store.now();
            let due = self
                .store
                .read(move |conn| async move { Ok::<_, Failure>(messages::due(conn, channel, now, MOST).await?) }.boxed())
                .await?;
            for some in due.chunks(TOGETHER) {
                for done in join_all(some.iter().map(|row| self.deliver_one(carrier, row))).await {
                    done?;
                }
            }
        }
        Ok(())
    }

    async fn deliver_one(&self, carrier: &Carrier, row: &MessageRow) -> Result<(), Failure> {
        let now = self.store.now();
        if row.was_taken && !carrier.repeats_safely() {
            return self.conclude(row, TryResult::Uncertain(NEVER_CAME_BACK.to_owned())).await;
        }
        let (workspace, id) = (row.workspace.clone(), row.id.clone());
        let taken = self
            .store
            .write(&row.workspace, move |writing| {
                async move { Ok::<_, Failure>(messages::take(&mut writing.conn, &workspace, &id, now.saturating_add(TRY)).await?) }.boxed()
            })
            .await?;
        if !taken {
            return Ok(());
        }
        let Some(letter) = self.letter(row).await? else {
            return self.conclude(row, TryResult::Failed("its workspace or its link is gone".to_owned())).await;
        };
        let posted = Posted {
            id: &row.id,
            workspace: &row.workspace,
            kind: word(row),
            recipient: &row.recipient,
            letter: &letter,
            queued: row.created,
        };
        let step = match carrier.send(&posted).await {
            Sending::Sent => TryResult::Sent,
            Sending::Refused(why) => TryResult::Failed(why),
            Sending::Uncertain => TryResult::Uncertain(NO_ANSWER.to_owned()),
            Sending::Later(why) => {
                let next = self.store.now().saturating_add(pause(row.tries));
                let is_over = row.kind.is_none_or(|kind| next > row.created.saturating_add(kind.lives()));
                if is_over { TryResult::Failed(why) } else { TryResult::Later { next, why } }
            }
        };
        self.conclude(row, step).await
    }

    /// Stores how a try ended. The user log has what never arrived, since somebody has to do something about it.
    async fn conclude(&self, row: &MessageRow, step: TryResult) -> Result<(), Failure> {
        let now = self.store.now();
        let (result, why) = match &step {
            TryResult::Sent => (DeliveryResult::Sent, None),
            TryResult::Later { why, .. } => (DeliveryResult::Later, Some(why)),
            TryResult::Failed(why) => (DeliveryResult::Failed, Some(why)),
            TryResult::Uncertain(why) => (DeliveryResult::Uncertain, Some(why)),
        };
        self.metrics.delivered(result);
        if let Some(why) = why {
            self.log.warn(&format!("a message ({}) was not sent: {why}", word(row)));
        }
        let entry = match (result, why) {
            (DeliveryResult::Failed | DeliveryResult::Uncertain, Some(why)) => Some(undelivered(row, why)),
            (DeliveryResult::Failed | DeliveryResult::Uncertain | DeliveryResult::Sent | DeliveryResult::Later, _) => None,
        };
        let (workspace, id) = (row.workspace.clone(), row.id.clone());
        self.store
            .write(&row.workspace, move |writing| {
                async move {
                    messages::conclude(&mut writing.conn, &workspace, &id, &step).await?;
                    if let Some(entry) = entry {
                        log::append(&mut writing.conn, &workspace, &entry, now).await?;
                    }
                    Ok::<_, Failure>(())
                }
                .boxed()
            })
            .await
    }

    /// The text of a message; `None` where its workspace, its kind or its secret is unknown by now.
    async fn letter(&self, row: &MessageRow) -> Result<Option<Letter>, Failure> {
        let name = row.workspace.clone();
        let found = self.store.read(move |conn| async move { Ok::<_, Failure>(workspaces::find(conn, &name).await?) }.boxed()).await?;
        let Some(workspace) = found.as_ref().and_then(Workspace::from_row) else { return Ok(None) };
        let secret = row.secret.as_deref().and_then(|sealed| self.store.vault().unseal(&queue::purpose(&row.id), sealed));
        let catalog = workspace.catalog();
        let code_word = catalog.spoken_word().map(|word| word.in_messages.as_str());
        let about = MessageContext { workspace: &workspace.name, product: &catalog.name, base: &self.post.base, code_word };
        Ok(row.kind.and_then(|kind| texts::write(kind, &about, secret.as_ref())))
    }
}

/// Returns how long to wait after so many tries, in milliseconds: a minute, then twice as long each time, at most an hour.
fn pause(tries: i64) -> i64 {
    let doubled = 1_i64.checked_shl(u32::try_from(tries).unwrap_or(u32::MAX).min(6)).unwrap_or(1);
    doubled.saturating_mul(MINUTE).min(HOUR)
}

/// The kind of a message, as a word.
fn word(row: &MessageRow) -> &'static str {
    row.kind.map_or("unknown", MessageKind::as_str)
}

/// The row of the user log for a message that did not arrive.
fn undelivered(row: &MessageRow, why: &str) -> NewLogRow {
    NewLogRow {
        request_id: row.id.clone(),
        subject_id: Some(row.account.clone()),
        subject: Some(row.recipient.clone()),
        detail: Some(format!("{}: {why}", word(row))),
        ..NewLogRow::done(LogDoer::Server, LogVia::Mail, LogAction::Program(ProgramAction::Undelivered), LogSubject::User)
    }
}

#[cfg(test)]
mod tests {
    use super::{MINUTE, pause};

    #[test]
    fn tries_come_less_and_less_often() {
        let waits: Vec<i64> = [0, 1, 2, 5, 6, 60].map(|tries| pause(tries) / MINUTE).into();
        assert_eq!(waits, [1, 2, 4, 32, 60, 60]);
    }
}
