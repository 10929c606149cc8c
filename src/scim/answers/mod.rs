//! Answers: messages, errors, pages, sorting, and the attributes that an answer shows.

pub(super) mod error;
pub mod message;
pub(super) mod page;
pub mod project;
pub(super) mod sort;
