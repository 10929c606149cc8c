//! Applies the plans of all workspaces: confirmations, progress, interruption, and saved plans.

pub(in crate::cli) mod by_hand;
pub(in crate::cli) mod confirm;
pub(in crate::cli) mod interrupt;
pub(in crate::cli) mod passcodes;
pub(in crate::cli) mod planned;
pub(in crate::cli) mod progress;
pub(in crate::cli) mod run;
mod walk;
