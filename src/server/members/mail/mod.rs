//! Messages: queued with the change that they tell, written and sent later.

pub(in crate::server::members) mod carrier;
pub(in crate::server::members) mod delivery;
pub(in crate::server::members) mod gateway;
pub(super) mod outbox;
mod posted;
pub(in crate::server) mod queue;
pub(in crate::server::members) mod reset_requests;
pub(in crate::server::members) mod smtp;
mod texts;
