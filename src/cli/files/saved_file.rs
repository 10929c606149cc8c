//! Opens a saved plan or receipt.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::Context as _;

use crate::model::{Digest, Plan, Unread};
use crate::reconcile;
use crate::report::saved::{self, Saved};

use super::path_text::{not_read, shown};

/// The most bytes a saved file may have; a plan of a million changes fits.
const LIMIT: u64 = 1 << 30;

/// Reads a saved file and checks that every digest in it matches its plan.
pub(in crate::cli) fn open(file: &Path) -> anyhow::Result<Saved> {
    let name = || format!("cannot read `{}`", shown(file));
    let bytes = read_object(file).map_err(|why| not_read(file, why))?;
    anyhow::ensure!(bytes.len() as u64 <= LIMIT, "`{}` is too large to be a plan or receipt", shown(file));
    let content = saved::open(&bytes).with_context(name)?;
    let (whole, unread, parts): (&Digest, &[Unread], Vec<(&Plan, &Digest)>) = match &content {
        Saved::Plan { plan, unread, .. } => (&plan.digest, unread, plan.workspaces.iter().map(|w| (&w.plan, &w.digest)).collect()),
        Saved::Receipt { receipt, .. } => {
            (&receipt.digest, &receipt.unread, receipt.workspaces.iter().map(|w| (&w.plan, &w.digest)).collect())
        }
    };
    let fits = parts.iter().all(|(plan, digest)| reconcile::digest(plan) == **digest);
    let digests: Vec<Digest> = parts.into_iter().map(|(_, digest)| digest.clone()).collect();
    anyhow::ensure!(
        fits && reconcile::roster_digest(&digests, unread) == *whole,
        "`{}` is damaged or was edited: a digest in it does not match its plan; {}",
        shown(file),
        match &content {
            Saved::Plan { .. } => "plan again",
            Saved::Receipt { .. } => "restore it from a backup; `rosterctl plan` says what is left to do now",
        }
    );
    Ok(content)
}

/// Reads a file that begins as a JSON object does, or the beginning of any other, and no more of it than shows that it is too large: a
/// device has no end.
fn read_object(file: &Path) -> io::Result<Vec<u8>> {
    let mut source = File::open(file)?.take(LIMIT + 1);
    let mut bytes = Vec::new();
    source.by_ref().take(64).read_to_end(&mut bytes)?;
    if bytes.trim_ascii_start().starts_with(b"{") {
        source.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
