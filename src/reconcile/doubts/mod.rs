//! What a reader should check before anybody approves a plan, and what the roster no longer asks for when an approved one is applied.

pub(super) mod doubt;
pub(super) mod forms;
pub(super) mod outdated;
pub(super) mod warnings;
pub(super) mod whose;
pub(super) mod withdrawn;
