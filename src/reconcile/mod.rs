//! Turns desired and actual state into a plan, asks the guards, and computes the state after it. Pure, and the only module that decides.

mod approve;
pub mod attest;
mod bill;
mod changes;
mod day;
mod digest;
mod doubts;
mod follow;
mod guards;
mod list;
mod narrow;
mod project;
mod review;

use changes::{draft, matching, order, people, records, required, rights, workspace};
use doubts::{outdated, warnings, whose};

pub use approve::{Approved, approve, approve_saved};
pub use changes::diff::diff;
pub use digest::{digest, roster_digest};
pub use doubts::doubt::{add_found, doubtful, hidden};
pub use doubts::no_longer_planned::no_longer_planned;
pub use follow::{follow, followed};
pub use list::{attested, attested_to_show, with_earlier};
pub use narrow::{brought_up_to_date, narrow, with_dependents, without};
pub use project::{Accounts, administrators, project, project_prefix};
pub use review::{Payroll, Reviewed, review};
