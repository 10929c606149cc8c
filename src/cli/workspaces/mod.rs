//! Connects to workspaces: their connections, secrets and stores, and what is read from them.

mod bearer;
pub(in crate::cli) mod chains;
pub(in crate::cli) mod connect;
mod limited;
pub(in crate::cli) mod logs;
pub(in crate::cli) mod machine;
pub(in crate::cli) mod reading;
pub(in crate::cli) mod runtime;
pub(in crate::cli) mod secrets;
pub(in crate::cli) mod serving;
pub(in crate::cli) mod spoken;
pub(in crate::cli) mod stores;
pub(in crate::cli) mod survey;
