//! The commands, one file each: arguments, and a function that returns an exit code.

pub(in crate::cli) mod apply;
pub(in crate::cli) mod attest;
pub(in crate::cli) mod code_word;
pub(in crate::cli) mod completions;
pub(in crate::cli) mod import;
pub(in crate::cli) mod log;
pub(in crate::cli) mod man;
pub(in crate::cli) mod plan;
pub(in crate::cli) mod review;
pub(in crate::cli) mod schema;
pub(in crate::cli) mod serve;
pub(in crate::cli) mod set_up_link;
pub(in crate::cli) mod show;
pub(in crate::cli) mod snapshot;
pub(in crate::cli) mod token;
pub(in crate::cli) mod unrepeated;
pub(in crate::cli) mod users;
pub(in crate::cli) mod validate;
