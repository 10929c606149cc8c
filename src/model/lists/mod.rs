//! Lists of users of workspaces without an interface, and the steps that people do there.

pub(super) mod attest_refusal;
pub(super) mod by_hand;
pub(super) mod list_words;
pub mod owners;
pub(super) mod renamed;
pub(super) mod snapshot;
pub(super) mod step_id;
pub(super) mod user_list;
