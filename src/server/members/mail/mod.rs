//! Messages: queued with the change that they tell, written and sent later.

pub(in crate::server) mod delivery;
pub(super) mod outbox;
pub(in crate::server) mod queue;
mod texts;
