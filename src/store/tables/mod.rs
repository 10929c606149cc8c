//! The tables: one file each, each query one typed function.

mod account_lists;
pub mod accounts;
pub mod idempotency;
pub mod invitations;
pub mod log;
pub mod members;
pub(in crate::store) mod particulars;
pub mod refusals;
pub mod resources;
pub mod tokens;
pub mod workspaces;
pub mod wrong_answers;
