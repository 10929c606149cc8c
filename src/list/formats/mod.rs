//! Turns the bytes of each kind of file into tables.

pub(super) mod csv;
pub(super) mod encoding;
pub(super) mod file;
pub(super) mod mhtml;
pub(super) mod page;
pub(super) mod paste;
pub(super) mod sheet;
