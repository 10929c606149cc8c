//! What members do themselves: accept an invitation, sign in, choose a password, end sessions.
//!
//! Every function is pure: it receives what was read inside the workspace's lock, and returns what is to be stored, or why not. Hashing,
//! SQL, pages and mail are handled elsewhere.

mod accept;
mod codes;
mod link;
mod password;
mod sessions;
mod sign_in;
mod tries;

pub use accept::accept;
pub use codes::{CODE_LIVES, CodeFault, SentCode, check_code, may_send, read_code};
pub use link::{DeadLink, LinkState, SentLink, judge};
pub use password::{LONGEST_PASSWORD, PasswordFault, choose, normal};
pub use sessions::{Limits, Stage, WEB_HOURS, is_alive, is_used_again};
pub use sign_in::{Entry, enter};
pub use tries::{Failures, Guarded, Wait, after_failure, may_try};
