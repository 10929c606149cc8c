//! Facts about the lists of products and of other people's importers, a test for each: what grids of a page keep, what spreadsheets and exporters
//! do to values, what libraries of widgets make, the words, and signs that somebody may have no access.

mod between;
mod days;
mod exports;
mod grids;
mod hints;
mod narrowed;
mod twice;
mod vocabulary;
mod widgets;
