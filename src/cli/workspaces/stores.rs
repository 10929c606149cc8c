//! The stores that a command has opened, and what its connections share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::spoken::CodeWords;
use crate::cli::files::database_file::{self, Presence};
use crate::cli::files::path_text::shown;
use crate::cli::terminal::Terminal;
use crate::directory::RunLimits;
use crate::model::NotReady;
use crate::report::of_system;
use crate::store::{READERS, Store, StoreError, SystemClock};

/// The number of stores that stay open after they were read. A command may have thousands.
pub(in crate::cli) const KEPT_OPEN: usize = 16;

/// Opens each file once, and closes all of them when the command ends, even if it ends early. The file of a closed workspace is complete.
#[derive(Clone)]
pub(in crate::cli) struct Stores {
    opened: Arc<Mutex<Vec<Opened>>>,
    limits: RunLimits,
    code_words: CodeWords,
    /// The number of readers that each file has at once.
    readers: u32,
    /// The terminal at which somebody may wait.
    terminal: Option<Terminal>,
}

/// The files of a database.
pub(in crate::cli) struct DatabaseFiles {
    /// The database itself.
    pub database: PathBuf,
    /// The key of what is sealed in it, if that is not beside it.
    pub key: Option<PathBuf>,
}

impl From<PathBuf> for DatabaseFiles {
    fn from(database: PathBuf) -> Self {
        Self { database, key: None }
    }
}

/// A file that is open.
struct Opened {
    path: PathBuf,
    store: Store,
    /// The number of connections that need it: a file can have several workspaces.
    connections: usize,
}

impl Default for Stores {
    fn default() -> Self {
        Self { opened: Arc::default(), limits: RunLimits::default(), code_words: CodeWords::default(), readers: READERS, terminal: None }
    }
}

impl Stores {
    /// Returns the same stores, of which those that are opened from now on have so many readers each.
    pub(in crate::cli) fn with_readers(self, readers: u32) -> Self {
        Self { readers, ..self }
    }

    /// Returns the same stores, for a command that says at this terminal what it waits for.
    pub(in crate::cli) fn at(&self, terminal: Terminal) -> Self {
        Self { terminal: Some(terminal), ..self.clone() }
    }

    /// Returns the terminal at which somebody may wait.
    pub(super) const fn terminal(&self) -> Option<Terminal> {
        self.terminal
    }

    /// Returns the store of a file. Opens the file if it is not open yet, and creates it if it does not exist yet.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub(in crate::cli) async fn open(&self, path: &Path) -> Result<Store, StoreError> {
        self.open_with(path, None).await
    }

    /// Like [`Stores::open`], with a key that may be elsewhere.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub(in crate::cli) async fn open_files(&self, files: &DatabaseFiles) -> Result<Store, StoreError> {
        self.open_with(&files.database, files.key.as_deref()).await
    }

    async fn open_with(&self, path: &Path, key: Option<&Path>) -> Result<Store, StoreError> {
        // An existing file has one name, whatever links lead to it; a missing one is not open under any name.
        if let Some(store) = path.canonicalize().ok().and_then(|path| self.open_again(&path)) {
            return Ok(store);
        }
        let store = Store::open_for(path, key, Arc::new(SystemClock), self.readers).await?;
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // Another workspace of the same file may have opened it meanwhile.
        let Some(known) = self.open_again_or_add(path, &store) else { return Ok(store) };
        store.close().await;
        Ok(known)
    }

    /// Returns the store that is open under a path; keeps this one if there is none.
    fn open_again_or_add(&self, path: PathBuf, store: &Store) -> Option<Store> {
        let mut opened = self.opened();
        let known = one_more(&mut opened, &path);
        if known.is_none() {
            opened.push(Opened { path, store: store.clone(), connections: 1 });
        }
        known
    }

    fn open_again(&self, path: &Path) -> Option<Store> {
        one_more(&mut self.opened(), path)
    }

    /// Ends one connection to a file. The last one closes it.
    pub(in crate::cli) async fn release(&self, path: &Path) {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let unused = {
            let mut opened = self.opened();
            let at = opened.iter().position(|opened| opened.path == path);
            if let Some(known) = at.and_then(|at| opened.get_mut(at)) {
                known.connections = known.connections.saturating_sub(1);
            }
            at.filter(|at| opened.get(*at).is_some_and(|opened| opened.connections == 0)).map(|at| opened.swap_remove(at).store)
        };
        if let Some(store) = unused {
            store.close().await;
        }
    }

    /// Returns how many files are open.
    pub(in crate::cli) fn count(&self) -> usize {
        self.opened().len()
    }

    fn opened(&self) -> MutexGuard<'_, Vec<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the limits that all connections of the command share.
    pub(in crate::cli) fn limits(&self) -> RunLimits {
        self.limits.clone()
    }

    /// Returns the code words that the command has fetched.
    pub(in crate::cli) fn code_words(&self) -> CodeWords {
        self.code_words.clone()
    }

    /// Closes every store that was opened.
    pub(in crate::cli) async fn close(&self) {
        let opened = std::mem::take(&mut *self.opened());
        futures::future::join_all(opened.iter().map(|opened| opened.store.close())).await;
    }
}

/// Returns whether the database of a workspace exists; if not, it could be made there.
///
/// # Errors
/// Fails if its path is not UTF-8, if a link on it leads nowhere, or if nobody can tell.
pub(in crate::cli) fn is_there(path: &Path) -> Result<bool, NotReady> {
    if path.to_str().is_none() {
        return Err(NotReady::DatabaseName { file: shown(path) });
    }
    match Presence::look(path) {
        Presence::There => Ok(true),
        Presence::Missing => Ok(false),
        Presence::BrokenLink(link) => Err(NotReady::DatabaseLink { file: shown(&link) }),
        Presence::Unknown(why) => Err(NotReady::DatabaseUnknown { file: shown(path), source_text: of_system(&why) }),
    }
}

/// Makes sure that the database of a workspace was not lost after an earlier run.
///
/// # Errors
/// Fails if it was.
pub(in crate::cli) fn check_not_lost(path: &Path, roster: &Path, workspace: &str) -> Result<(), NotReady> {
    if database_file::is_lost(path, roster, workspace) { Err(NotReady::DatabaseLost { file: shown(path) }) } else { Ok(()) }
}

/// Counts one more connection to the store that is open under a path.
fn one_more(opened: &mut [Opened], path: &Path) -> Option<Store> {
    let known = opened.iter_mut().find(|opened| opened.path == path)?;
    known.connections += 1;
    Some(known.store.clone())
}
