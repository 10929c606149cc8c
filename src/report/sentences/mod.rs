//! The sentences of plans and receipts. Each file has one enum of causes and matches all its cases.

mod kept_out;
mod left;
mod notice;
mod reason;
mod refusal;
mod rest;
mod stop;
mod task;

pub use kept_out::kept_out;
pub use left::left;
pub use notice::notice;
pub use reason::{is_shown_by_fields, reason};
pub use refusal::{refusal, wanted};
pub use rest::rest;
pub use stop::stop;
pub use task::task;
