//! The endpoints beside SCIM: the user log, the code word, the reset of a second factor, and members' sessions.

pub(in crate::server) mod code_word;
pub(in crate::server) mod second_factor;
pub(in crate::server) mod sessions;
pub(in crate::server) mod user_log;
