//! The endpoints beside SCIM: the user log, the code word, and the reset of a second factor.

pub(in crate::server) mod code_word;
pub(in crate::server) mod second_factor;
pub(in crate::server) mod user_log;
