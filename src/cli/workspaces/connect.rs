//! Connects to a workspace by its `connection`, for reading and for writing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use url::Url;

use crate::directory::retry::Backoff;
use crate::directory::{
    DirectoryError, HttpTransport, InProcess, Outcome, Reader, ScimDirectory, Server, SnapshotDirectory, WriteContext, Writer,
};
use crate::model::{
    Actual, Change, Connection, DatabaseError, Desired, Email, LogRecord, LookUp, NotReady, RemoteId, ServerId, ServerWarning,
    SnapshotConnection, scim_address,
};
use crate::reconcile::Approved;
use crate::report::of_system;
use crate::server::{self, seed};
use crate::store::{Store, StoreError};

use super::machine;
use super::stores::{self, KEPT_OPEN, Stores};
use super::{bearer, secrets};
use crate::cli::files::path_text::shown;
use crate::cli::files::{database_file, state_dir};

/// A connected workspace: in this process or over HTTP.
pub(in crate::cli) enum Directory {
    /// The server that runs in this process.
    Embedded(ScimDirectory<InProcess>),
    /// A SCIM server over HTTP.
    Http(ScimDirectory<HttpTransport>),
}

impl Directory {
    /// Returns warnings about the server's behavior so far.
    pub(in crate::cli) fn warnings(&self) -> Vec<ServerWarning> {
        match self {
            Self::Embedded(directory) => directory.warnings(),
            Self::Http(directory) => directory.warnings(),
        }
    }
}

impl Directory {
    fn without_address(&self) -> BTreeSet<String> {
        match self {
            Self::Embedded(directory) => directory.without_address(),
            Self::Http(directory) => directory.without_address(),
        }
    }
}

impl Reader for Directory {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        match self {
            Self::Embedded(directory) => directory.read().await,
            Self::Http(directory) => directory.read().await,
        }
    }
}

impl Writer for Directory {
    async fn write(&self, change: &Change, context: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        match self {
            Self::Embedded(directory) => directory.write(change, context).await,
            Self::Http(directory) => directory.write(change, context).await,
        }
    }
}

/// The store behind a connection.
enum Backing {
    /// None in this process.
    Elsewhere,
    /// That of a workspace that exists only in memory.
    Memory(Store),
    /// A copy of a file to which this user cannot write.
    Copy(Store),
    /// A file of this command's stores.
    File(PathBuf, Stores),
}

impl Backing {
    /// The database file that is written.
    fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path, _) => Some(path),
            Self::Elsewhere | Self::Memory(_) | Self::Copy(_) => None,
        }
    }

    async fn close(self) {
        match self {
            Self::Elsewhere => {}
            Self::Memory(store) | Self::Copy(store) => store.close().await,
            Self::File(path, stores) => stores.release(&path).await,
        }
    }
}

/// A connection for reading: a [`Reader`] but not a [`Writer`].
pub(in crate::cli) struct ReadConnection {
    source: ReadFrom,
    backing: Backing,
}

/// A connection for writing.
pub(in crate::cli) struct WriteConnection {
    directory: Directory,
    backing: Backing,
}

impl WriteConnection {
    /// Returns what writes.
    pub(in crate::cli) const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Closes it: a run can write to thousands of workspaces.
    pub(in crate::cli) async fn close(self) {
        drop(self.directory);
        self.backing.close().await;
    }
}

/// The place where a workspace is read.
enum ReadFrom {
    /// A server, which can be written, too.
    Server(Box<Directory>),
    /// A list of users, which cannot.
    List(Box<SnapshotDirectory>),
}

/// A connection of which everything was read.
pub(in crate::cli) enum ConnectionAfterRead {
    /// It stays open for writing.
    Open(Box<Directory>),
    /// It was closed, since a command may have thousands, and is opened again for writing. Its warnings are kept.
    Closed(Vec<ServerWarning>),
    /// There is nothing to write to: the store of a new workspace must be created first, and a list of users is changed by people.
    Nothing,
}

impl ReadConnection {
    /// Reads these accounts one by one if they show more than the list does; returns whether anything is new. Our own server hides nothing.
    pub(in crate::cli) async fn read_alone(&self, actual: &mut Actual, who: &[RemoteId]) -> bool {
        match &self.source {
            ReadFrom::List(_) => false,
            ReadFrom::Server(directory) => match directory.as_ref() {
                Directory::Embedded(_) => false,
                Directory::Http(directory) => directory.read_alone(&mut actual.accounts, who).await,
            },
        }
    }

    /// Finds the accounts with these addresses by the server's filter. The list of an embedded workspace needs no second opinion.
    pub(in crate::cli) async fn look_up(&self, emails: &[Email]) -> Result<LookUp, DirectoryError> {
        match &self.source {
            ReadFrom::List(_) => Ok(LookUp::default()),
            ReadFrom::Server(directory) => match directory.as_ref() {
                Directory::Embedded(_) => Ok(LookUp::default()),
                Directory::Http(directory) => directory.look_up(emails).await,
            },
        }
    }

    /// Reads the log of the workspace's server, oldest first, at least from a moment on (epoch milliseconds); `None` if there is none.
    pub(in crate::cli) async fn log(&self, since: Option<i64>) -> Result<Option<Vec<LogRecord>>, DirectoryError> {
        match &self.source {
            ReadFrom::List(_) => Ok(None),
            ReadFrom::Server(directory) => match directory.as_ref() {
                Directory::Embedded(directory) => directory.log(since).await,
                Directory::Http(directory) => directory.log(since).await,
            },
        }
    }

    /// Reads the keys of the clinics of a server's workspace, by their ids.
    pub(in crate::cli) async fn clinic_keys(&self) -> BTreeMap<String, String> {
        match &self.source {
            ReadFrom::List(_) => BTreeMap::new(),
            ReadFrom::Server(directory) => match directory.as_ref() {
                Directory::Embedded(directory) => directory.clinic_keys().await,
                Directory::Http(directory) => directory.clinic_keys().await,
            },
        }
    }

    /// Returns the ids of users without a valid address, whom the list that was read does not contain.
    pub(in crate::cli) fn without_address(&self) -> BTreeSet<String> {
        match &self.source {
            ReadFrom::List(_) => BTreeSet::new(),
            ReadFrom::Server(directory) => directory.without_address(),
        }
    }

    /// Closes a workspace in memory, and a file if enough others are open; keeps other connections open.
    pub(in crate::cli) async fn after_reading(self) -> ConnectionAfterRead {
        let ReadFrom::Server(directory) = self.source else { return ConnectionAfterRead::Nothing };
        let after = match &self.backing {
            Backing::Elsewhere => return ConnectionAfterRead::Open(directory),
            Backing::File(_, stores) if stores.count() <= KEPT_OPEN => return ConnectionAfterRead::Open(directory),
            Backing::File(..) | Backing::Copy(_) => ConnectionAfterRead::Closed(directory.warnings()),
            Backing::Memory(_) => ConnectionAfterRead::Nothing,
        };
        drop(directory);
        self.backing.close().await;
        after
    }
}

impl ConnectionAfterRead {
    /// Returns the connection for writing, which needs an approved plan; `None` if the store must be opened or created first.
    pub(in crate::cli) const fn for_writing(&self, _: &Approved) -> Option<&Directory> {
        match self {
            Self::Open(directory) => Some(directory),
            Self::Closed(_) | Self::Nothing => None,
        }
    }

    /// Returns warnings about the server's behavior so far.
    pub(in crate::cli) fn warnings(&self) -> Vec<ServerWarning> {
        match self {
            Self::Open(directory) => directory.warnings(),
            Self::Closed(warnings) => warnings.clone(),
            Self::Nothing => Vec::new(),
        }
    }

    /// Returns whether the workspace exists.
    pub(in crate::cli) const fn is_created(&self) -> bool {
        match self {
            Self::Open(_) | Self::Closed(_) => true,
            Self::Nothing => false,
        }
    }
}

impl Reader for ReadConnection {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        match &self.source {
            ReadFrom::Server(directory) => directory.read().await,
            ReadFrom::List(list) => list.read().await,
        }
    }
}

/// Connects for reading. An embedded store that does not exist yet is made in memory, as the first apply would create it.
///
/// # Errors
/// Fails if the store cannot be opened, a secret cannot be fetched, or this version does not support the connection.
pub(in crate::cli) async fn to_read(desired: &Desired, roster: &Path, stores: &Stores) -> Result<ReadConnection, NotReady> {
    if let Some(to) = desired.connection.snapshot() {
        return Ok(ReadConnection { source: ReadFrom::List(Box::new(list(desired, to)?)), backing: Backing::Elsewhere });
    }
    let (directory, backing) = connect(desired, roster, stores, OpenMode::IfMade).await?;
    Ok(ReadConnection { source: ReadFrom::Server(Box::new(directory)), backing })
}

/// Reads the list of users that a workspace without an interface showed.
#[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
fn list(desired: &Desired, to: &SnapshotConnection) -> Result<SnapshotDirectory, NotReady> {
    let no_list = || NotReady::NoList { workspace: desired.workspace.clone(), file: shown(&to.path) };
    let snapshot = to.snapshot.as_deref().ok_or_else(no_list)?;
    Ok(SnapshotDirectory::new(desired, snapshot, jiff::Timestamp::now().as_millisecond()))
}

/// Connects to an embedded workspace as it would be if it did not exist yet, for reading.
///
/// # Errors
/// See [`to_read`].
pub(in crate::cli) async fn to_read_as_new(desired: &Desired, roster: &Path, stores: &Stores) -> Result<ReadConnection, NotReady> {
    let (directory, backing) = connect(desired, roster, stores, OpenMode::AsNew).await?;
    Ok(ReadConnection { source: ReadFrom::Server(Box::new(directory)), backing })
}

/// Connects for writing. An embedded store that does not exist yet is created.
///
/// # Errors
/// See [`to_read`].
pub(in crate::cli) async fn to_write(desired: &Desired, roster: &Path, stores: &Stores) -> Result<WriteConnection, NotReady> {
    let (directory, backing) = connect(desired, roster, stores, OpenMode::OrMake).await?;
    // Clinics are written by the server's ids, which are known only after reading.
    directory.read().await?;
    Ok(WriteConnection { directory, backing })
}

/// Says what to do about the file of an embedded workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OpenMode {
    /// Use it if it is there; otherwise make its content in memory.
    IfMade,
    /// Create it if it does not exist yet.
    OrMake,
    /// Make the content of a new one in memory, even if it is there.
    AsNew,
}

/// The directory, and the store behind it.
#[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
async fn connect(desired: &Desired, roster: &Path, stores: &Stores, open: OpenMode) -> Result<(Directory, Backing), NotReady> {
    let code_word = match &desired.code_word {
        Some(reference) => {
            let (words, workspace) = (stores.code_words(), desired.workspace.clone());
            secrets::in_background(reference, roster, move |reference, roster| words.fetch_once(&workspace, reference, roster)).await.ok()
        }
        None => None,
    };
    let to = |name: ServerId, base: Url| Server {
        name,
        base,
        platform: desired.platform.clone(),
        country: desired.country,
        code_word,
        now: jiff::Timestamp::now().as_millisecond(),
        backoff: Backoff::default(),
    };
    match &desired.connection {
        Connection::Embedded { path, .. } => {
            let path = database_file::embedded_path(path.as_deref(), desired, roster);
            let (store, backing) = store(desired, roster, &path, stores, open).await?;
            // A plan for one file is not for another one of the same workspace (rule 2 of the core); what is not made yet has no identity.
            let own = match &backing {
                Backing::File(..) | Backing::Copy(_) => Some(store.identity()),
                Backing::Memory(_) | Backing::Elsewhere => None,
            };
            let acting = acting(&store, desired).await?;
            let router = server::embedded_at(store, &desired.workspace, &acting, machine::origin());
            let transport = InProcess::new(router).in_file(backing.file().map(shown));
            let base = Url::parse(&scim_address("http://embedded", &desired.workspace))
                .map_err(|why| NotReady::NameInAddress { source_text: why.to_string() })?;
            let name = ServerId::Embedded { workspace: desired.workspace.clone(), store: own };
            let directory = ScimDirectory::connect(transport, to(name, base)).await?;
            Ok((Directory::Embedded(directory.expecting_code_word(desired)), backing))
        }
        Connection::Scim(scim) => {
            let token = secrets::in_background(&scim.token, roster, bearer::fetch).await.map_err(NotReady::Token)?;
            let transport = HttpTransport::new(&scim.url, &token).map_err(NotReady::Address)?.within(&stores.limits());
            let directory = ScimDirectory::connect(transport, to(ServerId::Scim { url: scim.url.to_string() }, scim.url.clone())).await?;
            Ok((Directory::Http(directory.for_roster(desired).expecting_code_word(desired)), Backing::Elsewhere))
        }
        Connection::Snapshot(_) => Err(NotReady::NoInterface),
    }
}

/// Returns who makes the changes of an embedded workspace: its own main admin. The roster cannot choose another one.
async fn acting(store: &Store, desired: &Desired) -> Result<Email, NotReady> {
    let own = store.main_admin(&desired.workspace).await.map_err(|why| NotReady::DatabaseRead(why.cause()))?;
    let own = own.and_then(|login| Email::parse(&login).ok());
    own.or_else(|| desired.main_admin.clone()).ok_or(NotReady::NoMainAdmin)
}

/// Opens the workspace's file, or makes its content in memory.
async fn store(desired: &Desired, roster: &Path, path: &Path, stores: &Stores, open: OpenMode) -> Result<(Store, Backing), NotReady> {
    let not_opened = |why: DatabaseError| NotReady::Database { file: shown(path), why };
    let is_there = open != OpenMode::AsNew && stores::is_there(path)?;
    let make = open == OpenMode::OrMake;
    // A run reads before it writes; then its own files exist.
    if open == OpenMode::IfMade {
        stores::check_not_lost(path, roster, &desired.workspace)?;
    }
    if make && path.starts_with(roster.join(state_dir::NAME)) {
        state_dir::make(roster, None).map_err(not_made)?;
    }
    if make || (open == OpenMode::IfMade && is_there) {
        let opened = stores.open(path).await;
        let (store, backing) = if !make && opened.as_ref().is_err_and(StoreError::can_be_copied) {
            let copy = Store::copy_of(path).await.map_err(|why| not_opened(why.cause()))?;
            (copy.clone(), Backing::Copy(copy))
        } else {
            (opened.map_err(|why| not_opened(why.cause()))?, Backing::File(path.to_owned(), stores.clone()))
        };
        // A first run that was killed can leave a file without the workspace; reading does not finish that run's work.
        let has_workspace = store.has_workspace(&desired.workspace).await.map_err(|why| not_opened(why.cause()))?;
        if make && !has_workspace {
            make_workspace(&store, desired).await.map_err(not_opened)?;
        }
        if make || has_workspace {
            return Ok((store, backing));
        }
        drop(store);
        backing.close().await;
    }
    let store = Store::memory().await.map_err(|why| not_opened(why.cause()))?;
    make_workspace(&store, desired).await.map_err(not_opened)?;
    Ok((store.clone(), Backing::Memory(store)))
}

/// Makes a workspace as its roster says.
async fn make_workspace(store: &Store, desired: &Desired) -> Result<(), DatabaseError> {
    let seed = seed::from_desired(desired).map_err(|why| DatabaseError::NotSeeded { why: why.0 })?;
    store.create_workspace(&seed).await.map(drop).map_err(|why| why.cause())
}

/// Returns why the folder of databases and journals cannot be made.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(in crate::cli) fn not_made(why: state_dir::NotMade) -> NotReady {
    NotReady::Folder { folder: shown(&why.path), source_text: of_system(&why.source) }
}
