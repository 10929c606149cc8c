//! The heads of logs, as `rosterctl log --heads` exports them and `log --verify --against` reads them again.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::path_text::{not_read, shown};
use crate::store::{ExportedHeads, LogHead};

/// The most bytes that an export may have; one of 50,000 workspaces fits.
const LIMIT: u64 = 8 << 20;

/// The version of the form.
const FORMAT: u32 = 1;

/// An export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heads {
    format: u32,
    heads: Vec<HeadLine>,
}

/// The last row of a workspace's log.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadLine {
    workspace: String,
    row: i64,
    at: String,
    hash: String,
}

/// Writes heads as JSON.
pub(in crate::cli) fn written<'a>(heads: impl Iterator<Item = (&'a str, &'a LogHead)>) -> anyhow::Result<String> {
    let heads = heads.map(|(workspace, head)| HeadLine {
        workspace: workspace.to_owned(),
        row: head.seq,
        at: moment(head.at),
        hash: head.hash.clone(),
    });
    let text = serde_json::to_string_pretty(&Heads { format: FORMAT, heads: heads.collect() }).context("cannot write the heads")?;
    Ok(text + "\n")
}

/// Reads exports. Several can name one workspace.
///
/// # Errors
/// Fails if a file cannot be read or is not an export.
pub(in crate::cli) fn read(files: &[PathBuf]) -> anyhow::Result<ExportedHeads> {
    let mut exported = ExportedHeads::new();
    for file in files {
        for head in read_one(file)?.heads {
            let at = head.at.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond);
            exported.entry(head.workspace).or_default().push(LogHead { seq: head.row, at, hash: head.hash });
        }
    }
    Ok(exported)
}

fn read_one(file: &Path) -> anyhow::Result<Heads> {
    let mut text = Vec::new();
    // A device has no end.
    std::fs::File::open(file).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut text)).map_err(|why| not_read(file, why))?;
    anyhow::ensure!(text.len() as u64 <= LIMIT, "`{}` is too large to be an export of `rosterctl log --heads`", shown(file));
    let heads: Heads =
        serde_json::from_slice(&text).with_context(|| format!("`{}` is not an export of `rosterctl log --heads`", shown(file)))?;
    anyhow::ensure!(
        heads.format == FORMAT,
        "`{}` has format {}, but this version reads format {FORMAT}: use the version that wrote it",
        shown(file),
        heads.format
    );
    Ok(heads)
}

/// Returns a moment in UTC.
pub(in crate::cli) fn moment(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |at| format!("{at:.3}"))
}
