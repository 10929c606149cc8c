//! Results: receipts, logs, imports, reviews.

pub(super) mod import;
pub(super) mod log_record;
pub(super) mod receipt;
pub(super) mod review;
pub(super) mod server_warning;
pub(super) mod undone;
pub(super) mod unread;
