//! Files below the home folder, and the files that a run leaves: the folder `.rosterctl`, saved plans, receipts, journals; and heads of logs.

pub(in crate::cli) mod abandoned;
pub(in crate::cli) mod database_file;
pub(in crate::cli) mod heads_file;
pub(in crate::cli) mod home;
pub(in crate::cli) mod kept_file;
pub(in crate::cli) mod list_lock;
pub(in crate::cli) mod output_file;
pub(in crate::cli) mod path_text;
pub(in crate::cli) mod receipts;
pub(in crate::cli) mod roster_file;
pub(in crate::cli) mod saved_file;
pub(in crate::cli) mod state_dir;
pub(in crate::cli) mod unseen_passcodes;
