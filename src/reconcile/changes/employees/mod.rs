//! Employee records: what they become, who finds them by key or name, and which of them stay in use.

pub(super) mod in_use;
pub(in crate::reconcile) mod records;
pub(in crate::reconcile) mod register;
pub(super) mod room;
