//! Workspaces and accounts as they are, and the changes of one account.

pub(super) mod account;
pub(super) mod account_change;
pub(super) mod action;
mod action_questions;
pub(super) mod actual;
pub(super) mod subject;
