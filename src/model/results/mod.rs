//! Results: receipts, logs, imports, reviews, and why something was not done.

pub(super) mod drift;
pub(super) mod errors;
pub(super) mod import;
pub(super) mod log_action;
pub(super) mod log_record;
pub(super) mod log_words;
pub(super) mod receipt;
pub(super) mod review;
pub(super) mod server_warning;
pub(super) mod undone;
pub(super) mod unread;
