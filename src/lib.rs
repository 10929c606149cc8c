//! Staff accounts of medical practices, kept as the roster in git says.
//!
//! `ARCHITECTURE.md` has the map: a module uses modules of lower rank only.

pub mod apply;
pub mod cli;
pub mod directory;
pub mod import;
pub mod list;
pub mod manifest;
pub mod members;
pub mod model;
pub mod platform;
pub mod reconcile;
pub mod report;
pub mod scim;
pub mod server;
pub mod store;
pub mod workspace;
pub mod yaml;
