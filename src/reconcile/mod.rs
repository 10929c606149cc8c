//! Turns desired and actual state into a plan, asks the guards, and computes the state after it. Pure, and the only module that decides.

mod approve;
pub mod attest;
mod bill;
mod day;
mod diff;
mod digest;
mod doubt;
mod draft;
mod fields;
mod fits;
mod guards;
mod list;
mod matching;
mod narrow;
mod order;
mod outdated;
mod people;
mod project;
mod records;
mod register;
mod required;
mod review;
mod rights;
mod warnings;
mod workspace;

pub use approve::{Approved, approve};
pub use diff::diff;
pub use digest::{digest, roster_digest};
pub use doubt::{contradicted, doubtful};
pub use list::{attested, attested_to_show};
pub use narrow::narrow;
pub use project::{Accounts, administrators, project, project_prefix};
pub use review::{Payroll, Reviewed, review};
