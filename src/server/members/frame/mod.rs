//! The parts that all pages share: the gate before them, forms, views, answers and words.

pub(super) mod answer;
pub(super) mod form;
pub(super) mod page_name;
pub(super) mod page_route;
pub(super) mod view;
pub(super) mod visit;
pub(super) mod words;
