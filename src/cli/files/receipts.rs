//! Saves receipts.

use std::path::{Path, PathBuf};

use crate::model::{Digest, Receipt};
use crate::report::People;
use crate::report::saved;

use super::{output_file, state_dir};

/// Writes a receipt to the given file, or to a new file in the roster's folder, and returns its path.
pub(in crate::cli) fn save(receipt: &Receipt, people: &People, file: Option<&Path>, roster: &Path) -> anyhow::Result<PathBuf> {
    let path = match file {
        Some(file) => file.to_owned(),
        None => state_dir::make(roster, Some("receipts"))?.join(format!("{}.json", run_name(&receipt.digest))),
    };
    output_file::write(&path, &saved::receipt(receipt, people))?;
    Ok(path)
}

/// Returns the name of a run for file names: its time and the digest of its plan.
#[expect(clippy::disallowed_methods, reason = "only file names contain the time of this machine")]
pub(in crate::cli) fn run_name(digest: &Digest) -> String {
    let digits: String = digest.0.chars().take(12).collect();
    format!("{}-{digits}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ"))
}
