//! Reads workspaces concurrently, without planning. A workspace that cannot be read does not hold up the others.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::StreamExt as _;
use tokio::sync::Semaphore;

use crate::directory::Reader as _;
use crate::model::{Actual, ByHand, Connection, Desired, NotReady, ServerError, ServerWarning, UnreadCause};
use crate::reconcile;
use crate::report::users::ReadWorkspace;
use crate::report::{Unread, sentences};

use super::connect;
use super::runtime::Waiting;
use super::stores::Stores;
use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// The number of workspaces that are read at the same time; most of that time is spent waiting for servers.
const AT_ONCE: usize = 32;
/// The number of workspaces of one server that are read at the same time.
const OF_SERVER_AT_ONCE: usize = 16;
/// The number of embedded workspaces that are read at the same time: they use this machine's processor, and memory for all their users.
const EMBEDDED_AT_ONCE: usize = 2;

/// A workspace that was read.
pub(in crate::cli) struct LoadedWorkspace {
    /// The roster's side.
    pub desired: Desired,
    /// The workspace's side.
    pub actual: Actual,
    /// The same with what people attest since; `None` where nobody does.
    pub attested: Option<Actual>,
    /// The verdict of its list of users on that, and on addresses that the roster does not know; `None` for a server.
    pub by_hand: Option<Box<ByHand>>,
    /// Says whether the workspace exists.
    pub exists: bool,
    /// Warnings about the server's behavior.
    pub warnings: Vec<ServerWarning>,
    /// The ids of users without a valid address.
    pub without_address: BTreeSet<String>,
}

impl LoadedWorkspace {
    /// Returns the workspace as reports show it.
    pub(in crate::cli) fn as_read(&self) -> ReadWorkspace<'_> {
        let Self { desired, actual, attested, by_hand, exists, warnings: _, without_address: _ } = self;
        ReadWorkspace { desired, actual, attested: attested.as_ref(), by_hand: by_hand.as_deref(), exists: *exists }
    }
}

/// All workspaces of a run, each read in the same way.
pub(in crate::cli) struct LoadedWorkspaces<R = LoadedWorkspace> {
    /// The workspaces that were read, in the roster's order.
    pub read: Vec<R>,
    /// The workspaces that could not be read.
    pub unread: Vec<Unread>,
    /// The exit codes that follow from the unread ones.
    pub exits: Vec<Exit>,
}

impl<R> LoadedWorkspaces<R> {
    /// Prints the workspaces that could not be read, where the output itself does not say it.
    pub(in crate::cli) fn print_unread(&self, terminal: Terminal) {
        for unread in &self.unread {
            terminal.complain(&anyhow::anyhow!("{}: {}", unread.workspace, sentences::unread(&unread.why)));
        }
    }
}

impl LoadedWorkspaces {
    /// Passes on the warnings about the servers.
    pub(in crate::cli) fn warn(&self, terminal: Terminal) {
        for reading in &self.read {
            for warning in &reading.warnings {
                terminal.warn(&format!("{}: {}", reading.desired.workspace, sentences::server_warning(warning)));
            }
        }
    }
}

/// The reason why a workspace could not be read, and the exit code that follows from it.
pub(super) type NotRead = (UnreadCause, Exit);

/// Reads the workspaces.
pub(in crate::cli) async fn read(workspaces: Vec<Desired>, roster: &Path, stores: &Stores) -> LoadedWorkspaces {
    each(workspaces, roster, stores, |desired, roster, stores| async move { read_one(desired, &roster, &stores).await }).await
}

/// Reads something of each workspace.
pub(super) async fn each<R, F>(
    workspaces: Vec<Desired>,
    roster: &Path,
    stores: &Stores,
    read_one: impl Fn(Desired, Arc<PathBuf>, Stores) -> F,
) -> LoadedWorkspaces<R>
where
    R: Send + 'static,
    F: Future<Output = Result<R, NotRead>> + Send + 'static,
{
    let roster: Arc<PathBuf> = Arc::new(roster.to_owned());
    let mut turns = Turns::default();
    let names: Vec<String> = workspaces.iter().map(|desired| desired.workspace.clone()).collect();
    let mut waiting = Waiting::new(names.clone(), stores.terminal());
    let reads = workspaces.into_iter().enumerate().map(|(at, desired)| {
        let turns = turns.of_server(&desired.connection);
        let read = read_one(desired, Arc::clone(&roster), stores.clone());
        async move {
            let read = tokio::spawn(async move {
                let _turn = turns.acquire().await.ok();
                read.await
            });
            (at, read.await.unwrap_or(Err((UnreadCause::ReadingBroke, Exit::Error))))
        }
    });
    let mut reads = futures::stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut all = Vec::new();
    while let Some((at, read)) = waiting.until(reads.next()).await {
        waiting.is_read(at);
        all.push((at, read));
    }
    all.sort_unstable_by_key(|(at, _)| *at);
    let mut readings = LoadedWorkspaces { read: Vec::new(), unread: Vec::new(), exits: Vec::new() };
    for ((_, read), workspace) in all.into_iter().zip(names) {
        match read.map_err(|(why, exit)| (Unread { workspace, why }, exit)) {
            Ok(reading) => readings.read.push(reading),
            Err((unread, exit)) => {
                readings.unread.push(unread);
                readings.exits.push(exit);
            }
        }
    }
    readings
}

/// The turns to read: so many workspaces of each server, and so many embedded ones.
#[derive(Default)]
struct Turns(BTreeMap<String, Arc<Semaphore>>);

impl Turns {
    fn of_server(&mut self, connection: &Connection) -> Arc<Semaphore> {
        let (server, at_once) = match connection {
            Connection::Embedded { .. } => (String::new(), EMBEDDED_AT_ONCE),
            Connection::Scim(scim) => (scim.url.origin().ascii_serialization(), OF_SERVER_AT_ONCE),
            Connection::Snapshot(_) => ("lists".to_owned(), AT_ONCE),
        };
        Arc::clone(self.0.entry(server).or_insert_with(|| Arc::new(Semaphore::new(at_once))))
    }
}

async fn read_one(mut desired: Desired, roster: &Path, stores: &Stores) -> Result<LoadedWorkspace, NotRead> {
    let connection = connect::to_read(&desired, roster, stores).await.map_err(not_read)?;
    let actual = connection.read().await.map_err(not_read)?;
    reconcile::follow(&mut desired, &actual);
    let without_address = connection.without_address();
    let after = connection.after_reading().await;
    let exists = desired.connection.is_by_hand() || after.is_created();
    let attested = reconcile::attested_to_show(&desired, &actual);
    let by_hand = actual.list.as_ref().and_then(|_| reconcile::diff(&desired, &actual).by_hand);
    Ok(LoadedWorkspace { desired, actual, attested, by_hand, exists, warnings: after.warnings(), without_address })
}

/// Returns why a workspace could not be connected or read.
pub(super) fn not_read(why: impl Into<NotReady>) -> NotRead {
    let why = why.into();
    let exit = exit_of(&why);
    (UnreadCause::NotRead(why), exit)
}

/// Returns the exit code for an error: 6 if the server refused access or nobody confirmed a block, otherwise 1.
pub(in crate::cli) const fn exit_of(why: &NotReady) -> Exit {
    match why {
        NotReady::Server(ServerError::Forbidden { .. }) | NotReady::Unconfirmed { .. } | NotReady::NoAnswer { .. } => Exit::Unconfirmed,
        NotReady::Server(
            ServerError::NoAnswer(_)
            | ServerError::Busy { .. }
            | ServerError::Changed(_)
            | ServerError::Taken
            | ServerError::Refused { .. }
            | ServerError::NotStored { .. }
            | ServerError::Protocol(_),
        )
        | NotReady::Token(_)
        | NotReady::Address(_)
        | NotReady::NoList { .. }
        | NotReady::NoInterface
        | NotReady::NoMainAdmin
        | NotReady::NameInAddress { .. }
        | NotReady::DatabaseName { .. }
        | NotReady::DatabaseLink { .. }
        | NotReady::DatabaseUnknown { .. }
        | NotReady::DatabaseLost { .. }
        | NotReady::Database { .. }
        | NotReady::DatabaseRead(_)
        | NotReady::Folder { .. }
        | NotReady::Journal { .. }
        | NotReady::NotConnected { .. } => Exit::Error,
    }
}
