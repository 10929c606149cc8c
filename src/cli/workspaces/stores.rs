//! The stores a command has opened.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::{Store, StoreError};

/// Opens stores and remembers them, so that all of them are closed when the command ends, also where it ends early: a workspace is one whole
/// file then.
#[derive(Clone, Default)]
pub(in crate::cli) struct Stores(Arc<Mutex<Vec<Store>>>);

impl Stores {
    /// Opens a file, making it where it is not there yet.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub(in crate::cli) async fn open(&self, path: &Path) -> Result<Store, StoreError> {
        let store = Store::open(path).await?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(store.clone());
        Ok(store)
    }

    /// Closes all that were opened.
    pub(in crate::cli) async fn close(&self) {
        let opened = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        futures::future::join_all(opened.iter().map(Store::close)).await;
    }
}
