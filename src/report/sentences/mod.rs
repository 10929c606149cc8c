//! The sentences of plans and receipts, in folders by what they speak of. Each file has one enum of causes and matches all its cases.

mod failures;
mod import;
mod lists;
mod plan;
mod receipt;

pub use failures::{
    address_error, answered, code_word, database_error, missing_secret, network_error, not_ready, protocol_error, secret_error, seed_fault,
    server_error, server_warning, unconfirmed,
};
pub use import::{DECIDE, decision, not_imported, not_imported_heading, record_to_plan};
pub(super) use lists::user_list;
pub use lists::{attest_refusal, hand_state, left_by_hand, partial, stopped_step, stopped_steps};
pub use plan::{
    immutable, kept, kept_because, kept_out, make_another_passcode, notice, one_person, passcode_asked, passcode_by_hand, reason, refusal,
    saved_plan, stop, takes_effect, task, topic, ungranted,
};
pub use receipt::{COMES_BACK, drift, failure, halt, left, not_tried, rest, subject_name, unread, workspace_error};
