//! Who calls: tokens, authentication, hashes, and refusals that leave a row in the user log.

pub(super) mod auth;
pub(super) mod denial;
pub(super) mod hashing;
pub(super) mod tokens;
