//! Reads the platforms that a roster defines: catalogs of its own, in the form of the ones that are compiled in.

pub(super) mod check;
pub(super) mod entries;
mod files;
mod read;
mod texts;
mod twice;

pub(super) use files::Definitions;
pub(super) use read::DEFINE_PLATFORM;
