//! The lists of an account as they are stored: JSON in columns of its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::Email;
use crate::store::StoreError;

/// Privileges of roles that were read already, by their JSON: many accounts of a page have the same.
pub(super) type KnownPrivileges = HashMap<String, Arc<BTreeSet<String>>>;

pub(super) fn privileges(known: &mut KnownPrivileges, text: &str) -> Result<Arc<BTreeSet<String>>, StoreError> {
    if let Some(privileges) = known.get(text) {
        return Ok(Arc::clone(privileges));
    }
    let privileges: Arc<BTreeSet<String>> = Arc::new(from_json(text)?);
    known.insert(text.to_owned(), Arc::clone(&privileges));
    Ok(privileges)
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged { table: "accounts" })
}

pub(in crate::store) fn to_json(values: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(values).map_err(|_| StoreError::Damaged { table: "accounts" })
}

/// The addresses that an account had; most had no other one.
pub(super) fn former(text: &str) -> Result<Vec<Email>, StoreError> {
    if text == "[]" { Ok(Vec::new()) } else { from_json(text) }
}
