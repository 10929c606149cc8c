//! The JSON forms of plans and receipts, and their schemas.

pub mod document;
pub(super) mod json;
pub mod receipt_document;
pub mod saved;
