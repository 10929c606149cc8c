//! User lists on the command line: files in, the snapshot document out, and what a person should know about both.

pub(in crate::cli) mod changes;
pub(in crate::cli) mod document;
pub(in crate::cli) mod files;
pub(in crate::cli) mod notes;
pub(in crate::cli) mod sentences;
pub(in crate::cli) mod staff_sentences;
