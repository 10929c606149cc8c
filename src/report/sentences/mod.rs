//! The sentences of plans and receipts. Each file has one enum of causes and matches all its cases.

mod code_word;
mod immutable;
mod import;
mod kept_out;
mod left;
mod notice;
mod partial;
mod reason;
mod refusal;
mod rest;
mod server_warning;
mod stop;
mod takes_effect;
mod task;
mod undone;
mod ungranted;
mod unread;
pub(super) mod user_list;

pub use code_word::code_word;
pub use immutable::{immutable, kept};
pub use import::{DECIDE, decision, not_imported, not_imported_heading, record_to_plan};
pub use kept_out::kept_out;
pub use left::left;
pub use notice::{notice, one_person};
pub use partial::partial;
pub use reason::{make_another_passcode, passcode_asked, passcode_by_hand, reason};
pub use refusal::{refusal, wanted};
pub use rest::rest;
pub use server_warning::server_warning;
pub use stop::stop;
pub use takes_effect::takes_effect;
pub use task::task;
pub use undone::{COMES_BACK, drift, failure, halt, no_longer_planned, not_tried, workspace_error};
pub use ungranted::ungranted;
pub use unread::{subject_name, unread};
pub use user_list::{hand_state, left_by_hand};
