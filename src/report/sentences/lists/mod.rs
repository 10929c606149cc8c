//! The sentences about lists of users, and about the steps that people do by hand.

mod attest_refusal;
mod partial;
pub(in crate::report) mod user_list;

pub use attest_refusal::{attest_refusal, stopped_step, stopped_steps};
pub use partial::partial;
pub use user_list::{hand_state, left_by_hand};
