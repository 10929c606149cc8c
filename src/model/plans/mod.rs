//! Plans: changes with their reasons, what is refused, what stops them, and what the reader should know.

pub(super) mod bill;
pub(super) mod change;
pub(super) mod counted;
pub(super) mod guard;
pub(super) mod kept_out;
pub(super) mod notice;
pub(super) mod obstacle;
pub(super) mod outdated;
pub(super) mod partial;
pub(super) mod plan;
pub(super) mod reason;
pub(super) mod refusal;
pub(super) mod topic;
