//! Answers: messages, errors, pages, sorting, and the attributes that an answer shows.

pub mod message;
pub(super) mod page;
pub mod project;
pub(super) mod sort;
