//! The endpoints beside SCIM: the user log and the code word.

pub(in crate::server) mod code_word;
pub(in crate::server) mod user_log;
