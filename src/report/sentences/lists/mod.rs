//! The sentences about lists of users, and about the steps that people do by hand.

mod partial;
pub(in crate::report) mod user_list;

pub use partial::partial;
pub use user_list::{hand_state, left_by_hand};
