//! The things that the operator sees: the log, what monitors ask, and what is counted.

pub(super) mod health;
mod line_queue;
mod line_subscriber;
pub(super) mod log_line;
pub(super) mod metrics;
pub(super) mod operator_log;
