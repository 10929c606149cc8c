//! The callers: tokens, authentication, hashes, refusals that leave a row in the user log, and the code word for the operator.

pub(super) mod attribute_changes;
pub(super) mod auth;
pub(super) mod code_words;
pub(super) mod denial;
pub(super) mod hashing;
pub(super) mod origin;
pub(super) mod own_words;
mod rooms;
pub(super) mod tokens;
