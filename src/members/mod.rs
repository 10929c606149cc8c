//! The actions of members themselves: accept an invitation, sign in, choose a password, set up a second factor, end sessions.
//!
//! Every function is pure: it receives what was read inside the workspace's lock, and returns what is to be stored, or why not. Hashing,
//! SQL, pages and mail are handled elsewhere.

mod accept;
mod codes;
mod device;
mod link;
mod login;
mod message;
mod password;
mod second_factor;
mod sessions;
mod sign_in;
mod tries;

pub use crate::model::LoginEvent;
pub use accept::accept;
pub use codes::{CODE_LIVES, CodeFault, SentCode, check_code, may_send, read_code, read_code_word};
pub use device::device_in_words;
pub use link::{ADDRESS_LIVES, DeadLink, LinkState, OFFER_LIVES, RESET_LIVES, SET_UP_LIVES, SentLink, judge};
pub use login::{Joining, Login, LoginHolder};
pub use message::{MessageKind, MessageState, warning};
pub use password::{LONGEST_PASSWORD, PasswordFault, choose, needs_second_factor, normal, shortest};
pub use second_factor::{KEY_BYTES, RECOVERY_CODES, TRUST_DAYS, app_link, key_in_groups, key_text, read_recovery, recovery_text, step_of};
pub use sessions::{DEVICE_DAYS, DEVICE_LIVES, SessionKind, SessionStage, SessionTimes, is_alive, is_used_again, passcode_opens_until};
pub use sign_in::{Factor, PasswordOpens, enter, stage};
pub use tries::{Failures, Guarded, Wait, after_failure, after_success, may_try};
