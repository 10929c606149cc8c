//! The way to a workspace: its connection, its secrets, its store, and what is read from it.

pub(in crate::cli) mod connect;
pub(in crate::cli) mod runtime;
pub(in crate::cli) mod secrets;
pub(in crate::cli) mod served;
pub(in crate::cli) mod stores;
pub(in crate::cli) mod survey;
