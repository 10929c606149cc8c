//! Says what a plan or a receipt contains, before anything decides how it looks.

pub(super) mod bill;
pub(super) mod by_hand;
pub(super) mod difference;
pub(super) mod entries;
pub(super) mod guard;
pub(super) mod one_person;
pub(super) mod outline;
pub(super) mod plan;
pub(super) mod receipt;
