//! The files that a run leaves: the folder `.rosterctl`, receipts, and passcodes that nobody has seen.

pub(in crate::cli) mod receipts;
pub(in crate::cli) mod saved_file;
pub(in crate::cli) mod state_dir;
pub(in crate::cli) mod unshown;
