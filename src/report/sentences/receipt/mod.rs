//! The sentences of receipts: what was not done, in whole or in part, what is left, and which workspaces a run leaves out.

mod left;
mod rest;
mod undone;
mod unread;

pub use left::left;
pub use rest::rest;
pub use undone::{COMES_BACK, drift, failure, halt, not_tried, workspace_error};
pub use unread::{subject_name, unread};
