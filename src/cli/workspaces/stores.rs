//! The stores that a command has opened, and what its connections share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::directory::RunLimits;
use crate::store::{Store, StoreError};

/// Opens each file once, and closes all of them when the command ends, even if it ends early. The file of a closed workspace is complete.
#[derive(Clone, Default)]
pub(in crate::cli) struct Stores {
    opened: Arc<Mutex<Vec<(PathBuf, Store)>>>,
    limits: RunLimits,
}

impl Stores {
    /// Returns the store of a file. Opens the file if it is not open yet, and creates it if it does not exist yet.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub(in crate::cli) async fn open(&self, path: &Path) -> Result<Store, StoreError> {
        let opened = |stores: &Self, path: &Path| {
            let all = stores.opened.lock().unwrap_or_else(PoisonError::into_inner);
            all.iter().find(|(known, _)| known == path).map(|(_, store)| store.clone())
        };
        // An existing file has one name, whatever links lead to it; a missing one is not open under any name.
        if let Some(store) = path.canonicalize().ok().and_then(|path| opened(self, &path)) {
            return Ok(store);
        }
        let store = Store::open(path).await?;
        let name = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).push((name, store.clone()));
        Ok(store)
    }

    /// Returns the limits that all connections of the command share.
    pub(in crate::cli) fn limits(&self) -> RunLimits {
        self.limits.clone()
    }

    /// Closes every store that was opened.
    pub(in crate::cli) async fn close(&self) {
        let opened = std::mem::take(&mut *self.opened.lock().unwrap_or_else(PoisonError::into_inner));
        futures::future::join_all(opened.iter().map(|(_, store)| store.close())).await;
    }
}
