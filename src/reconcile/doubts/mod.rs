//! The things that a reader should check before anybody approves a plan, and what an approved one would do although a plan made now would not.

pub(super) mod doubt;
pub(super) mod forms;
pub(super) mod no_longer_planned;
pub(super) mod outdated;
pub(super) mod warnings;
pub(super) mod whose;
