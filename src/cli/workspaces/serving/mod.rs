//! Runs the workspace server: its configuration, and what happens until a signal stops it.

pub(in crate::cli) mod config;
pub(in crate::cli) mod listening;
