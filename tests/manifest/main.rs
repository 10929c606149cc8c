//! The values that YAML is read as, what is said about YAML that is wrong, and what becomes of YAML made to hurt.

mod agreement;
#[path = "../bless/mod.rs"]
mod bless;
mod catalogs;
mod definitions;
mod documents;
mod laws;
mod leaving;
mod mistakes;
mod refused;
mod samples;
mod schemas;
mod servers;
mod snapshots;
mod yaml_limits;
