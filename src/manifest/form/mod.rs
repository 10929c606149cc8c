//! The form of documents: the types of their entries, their keys, and the JSON Schemas made from them.

pub(super) mod choices;
pub(super) mod entries;
pub(super) mod field_schema;
pub(super) mod keys;
pub(super) mod leaving;
pub(super) mod own_keys;
pub mod schema;
pub(super) mod secret_entry;
pub(super) mod user_entry;
