//! Saves receipts.

use std::path::{Path, PathBuf};

use crate::model::{Digest, Receipt};
use crate::report::People;
use crate::report::saved;

use super::path_text::shown;
use super::{output_file, state_dir};

/// The place where a receipt was saved.
pub(in crate::cli) enum Kept {
    /// In the file that was asked for.
    AsAsked(PathBuf),
    /// Somewhere else, and why.
    Elsewhere(PathBuf, anyhow::Error),
    /// Nowhere: a journal in the roster's folder, if one could be written, is all there is.
    Nowhere(anyhow::Error),
}

/// Writes a receipt to the given file, or to a new file in the roster's folder. If that cannot be written, tries the roster's folder and
/// then the system's folder for temporary files: what was changed must stay known.
pub(in crate::cli) fn save(receipt: &Receipt, people: &People, file: Option<&Path>, roster: &Path) -> Kept {
    let text = saved::receipt(receipt, people);
    let bytes = text.as_bytes();
    let name = format!("{}.json", run_name(&receipt.digest));
    let in_roster = || {
        let path = state_dir::make(roster, Some("receipts"))?.join(&name);
        output_file::write(&path, bytes).map(|()| path)
    };
    let first = match file {
        Some(file) => output_file::write(file, bytes).map(|()| file.to_owned()),
        None => in_roster(),
    };
    let why = match first {
        Ok(path) => return Kept::AsAsked(path),
        Err(why) => why,
    };
    let temporary = || {
        let path = std::env::temp_dir().join(format!("rosterctl-receipt-{name}"));
        output_file::write(&path, bytes).map(|()| path)
    };
    match file.map(|_| in_roster()).and_then(Result::ok).map_or_else(temporary, Ok) {
        Ok(path) => Kept::Elsewhere(path, why),
        Err(_) => Kept::Nowhere(why),
    }
}

impl Kept {
    /// Says where the receipt is, or why it is not where it should be.
    ///
    /// # Errors
    /// Fails if the receipt is not where it should be.
    pub(in crate::cli) fn place_in_words(self) -> anyhow::Result<String> {
        match self {
            Self::AsAsked(path) => Ok(format!("Receipt: {}", shown(&path))),
            Self::Elsewhere(path, why) => Err(why.context(format!("the receipt is in `{}` instead", shown(&path)))),
            Self::Nowhere(why) => Err(why.context("the receipt is not saved, so keep what is printed above")),
        }
    }
}

/// Returns the name of a run for file names: its time and the digest of its plan.
#[expect(clippy::disallowed_methods, reason = "only file names contain the time of this machine")]
pub(in crate::cli) fn run_name(digest: &Digest) -> String {
    let digits = Digest::first_digits(&digest.0);
    format!("{}-{digits}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ"))
}
