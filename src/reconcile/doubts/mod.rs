//! What a reader should check before anybody approves a plan.

pub(super) mod doubt;
pub(super) mod forms;
pub(super) mod outdated;
pub(super) mod warnings;
pub(super) mod whose;
