//! Mistakes and warnings: where they are, what they say, and how they look.

pub(super) mod finding;
pub(super) mod mark;
pub(super) mod mistake;
pub(super) mod problem;
pub(super) mod render;
pub(super) mod secret_words;
pub(super) mod suggest;
pub(super) mod zones;
