//! Runs the workspace server: its configuration and certificate, and what happens until a signal stops it.

mod carriers;
mod certificate;
pub(in crate::cli) mod config;
pub(in crate::cli) mod listening;
pub(in crate::cli) mod served;
