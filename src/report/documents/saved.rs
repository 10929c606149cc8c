//! Plans and receipts as files: with a checksum over everything, so that a damaged file is refused and never half understood.
//!
//! A saved file is the JSON document that `--format json` prints; only its typed part is read.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::{Digest, Receipt, RosterPlan, UnreadCause, WorkspacePlan, WorkspaceReceipt};
use crate::platform::{self, Catalog};

use super::receipt_document::ReceiptKind;
use crate::report::{People, PlanView, Unread, clean, json, json_text};

/// The version of saved plans that is written and read; receipts have a version of their own.
pub const FORMAT: u32 = RosterPlan::FORMAT;

/// The text that replaces a checksum while it is computed.
const NO_CHECKSUM: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The text before the checksum.
const BEFORE_CHECKSUM: &str = "\"checksum\": \"";
/// The number of bytes within which the checksum begins.
const HEAD: usize = 64;

/// The number of bytes that are looked at of a file that is not JSON.
const START: usize = 256;
/// The text that tells a receipt from a plan.
const KIND: &str = "\"kind\": \"receipt\"";

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// A plan.
    Plan {
        /// The plan.
        plan: RosterPlan,
        /// The names of the people in it.
        people: People,
        /// The workspaces that could not be read, and so are not in it.
        unread: Vec<Unread>,
    },
    /// A result of a plan.
    Receipt {
        /// The receipt.
        receipt: Receipt,
        /// The names of the people in it.
        people: People,
    },
}

/// The reason why a file is not accepted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not a plan or receipt.
    #[error("this is not a plan or receipt that rosterctl saved: make one with `rosterctl plan --out FILE`")]
    NotOurs,
    /// An earlier version wrote this plan.
    #[error("the file has format {0} and was made by an older version of rosterctl: plan again, with `rosterctl plan --out FILE`")]
    Older(u64),
    /// A later version wrote this plan.
    #[error("the file has format {0}, but this version of rosterctl reads format {FORMAT}: plan again with this version")]
    Newer(u64),
    /// The content of this plan was changed or damaged.
    #[error("the file is damaged or was edited: its checksum does not match: plan again")]
    Damaged,
    /// This plan is as it was saved, and another version wrote it.
    #[error(
        "the file is as it was saved, but this version of rosterctl cannot read it ({why}): plan again with this version, or use the version \
         that made it"
    )]
    OtherVersion {
        /// The part that cannot be read.
        why: String,
    },
    /// An earlier version wrote this receipt.
    #[error(
        "the file is a receipt in format {0}, made by an older version of rosterctl: keep it, and show it with that version; `rosterctl plan` \
         says what is left to do now"
    )]
    OlderReceipt(u64),
    /// A later version wrote this receipt.
    #[error(
        "the file is a receipt in format {0}, but this version of rosterctl reads format {known}: show it with the version that made it",
        known = Receipt::FORMAT
    )]
    NewerReceipt(u64),
    /// The content of this receipt was changed or damaged.
    #[error(
        "the file is a receipt that is damaged or was edited: its checksum does not match: restore it from a backup; `rosterctl plan` says \
         what is left to do now"
    )]
    DamagedReceipt,
    /// This receipt is as it was saved, and another version wrote it.
    #[error(
        "the file is a receipt as it was saved, but this version of rosterctl cannot read it ({why}): show it with the version that made it"
    )]
    OtherVersionOfReceipt {
        /// The part that cannot be read.
        why: String,
    },
}

/// The part that every file has, in every version.
#[derive(Deserialize)]
struct FileHead {
    format: u64,
    /// A receipt has a kind, and a plan has none.
    kind: Option<IgnoredAny>,
    workspaces: Option<IgnoredAny>,
    /// In files of earlier versions, the plan or receipt.
    content: Option<EarlierContent>,
}

#[derive(Deserialize)]
struct EarlierContent {
    receipt: Option<IgnoredAny>,
}

/// The typed part of a plan's document.
#[derive(Deserialize)]
struct PlanFile {
    format: u32,
    digest: Digest,
    workspaces: Vec<Exact<WorkspacePlan>>,
    people: People,
    unread: Vec<UnreadFile>,
    #[serde(default)]
    definitions: Vec<Catalog>,
}

/// The typed part of a receipt's document.
#[derive(Deserialize)]
struct ReceiptFile {
    format: u32,
    kind: ReceiptKind,
    digest: Digest,
    workspaces: Vec<Exact<WorkspaceReceipt>>,
    people: People,
    unread: Vec<LeftOutFile>,
    #[serde(default)]
    definitions: Vec<Catalog>,
}

/// The typed part of what is there in words, too.
#[derive(Deserialize)]
struct Exact<T> {
    exact: T,
}

#[derive(Deserialize)]
struct LeftOutFile {
    workspace: String,
    exact: UnreadCause,
}

impl From<LeftOutFile> for Unread {
    fn from(LeftOutFile { workspace, exact }: LeftOutFile) -> Self {
        Self { workspace, why: exact }
    }
}

/// A workspace that a plan leaves out. Plans of format 2 from earlier versions have the reason in words alone.
#[derive(Deserialize)]
struct UnreadFile {
    workspace: String,
    error: String,
    exact: Option<UnreadCause>,
}

impl From<UnreadFile> for Unread {
    fn from(UnreadFile { workspace, error, exact }: UnreadFile) -> Self {
        Self { workspace, why: exact.unwrap_or(UnreadCause::Earlier { said: error }) }
    }
}

/// Writes a plan as a document: the text of a file, and what `--format json` prints.
#[must_use]
pub fn plan(page: &PlanView<'_>) -> String {
    sealed(&json::plan(page, NO_CHECKSUM.to_owned()))
}

/// Writes a receipt as a document: the text of a file, and what `--format json` prints.
#[must_use]
pub fn receipt(receipt: &Receipt, people: &People) -> String {
    sealed(&json::receipt(receipt, people, NO_CHECKSUM.to_owned()))
}

/// Writes a document with its checksum.
fn sealed(document: &impl Serialize) -> String {
    let mut text = json_text(document);
    if let Some(place) = place_of_checksum(&text) {
        let sum = hex(text.as_bytes());
        text.replace_range(place, &sum);
    }
    text
}

/// Reads the bytes of a file.
///
/// # Errors
/// If the file is of another kind or version, or damaged.
pub fn open(bytes: &[u8]) -> Result<Saved, Unreadable> {
    let head: FileHead = serde_json::from_slice(bytes).map_err(|_| not_json(bytes))?;
    if head.content.is_none() && head.workspaces.is_none() {
        return Err(Unreadable::NotOurs);
    }
    // The number that earlier receipts have is that of the plans of their time.
    if head.content.as_ref().is_some_and(|content| content.receipt.is_some()) {
        return Err(Unreadable::OlderReceipt(head.format));
    }
    if head.kind.is_some() {
        return match head.format {
            older if older < u64::from(Receipt::FORMAT) => Err(Unreadable::OlderReceipt(older)),
            newer if newer > u64::from(Receipt::FORMAT) => Err(Unreadable::NewerReceipt(newer)),
            _ => open_receipt(bytes),
        };
    }
    match head.format {
        older if older < u64::from(FORMAT) => Err(Unreadable::Older(older)),
        newer if newer > u64::from(FORMAT) => Err(Unreadable::Newer(newer)),
        _ => open_plan(bytes),
    }
}

/// Says of a file that is not JSON whether it begins as one of ours, so that it was cut off or damaged.
fn not_json(bytes: &[u8]) -> Unreadable {
    let start = String::from_utf8_lossy(bytes.get(..START.min(bytes.len())).unwrap_or_default());
    match (start.contains(BEFORE_CHECKSUM), start.contains(KIND)) {
        (false, false | true) => Unreadable::NotOurs,
        (true, true) => Unreadable::DamagedReceipt,
        (true, false) => Unreadable::Damaged,
    }
}

/// Makes the platforms known that a file brings, so that it can be shown without its roster.
fn know(definitions: Vec<Catalog>) -> Result<(), String> {
    let known = definitions.into_iter().try_for_each(|catalog| platform::of_roster(catalog).map(drop));
    known.ok_or_else(|| "it defines too many platforms".to_owned())
}

/// Reads the typed part of a file; fails with what cannot be read.
fn typed<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|why| clean(&why.to_string()))
}

/// Returns the text of a file as it was before it got its checksum; `None` if the checksum does not match.
fn unsealed(bytes: &[u8]) -> Option<String> {
    let mut text = std::str::from_utf8(bytes).ok()?.to_owned();
    let place = place_of_checksum(&text)?;
    let stated = text.get(place.clone())?.to_owned();
    text.replace_range(place, NO_CHECKSUM);
    (hex(text.as_bytes()) == stated).then_some(text)
}

fn open_plan(bytes: &[u8]) -> Result<Saved, Unreadable> {
    let other = |why| Unreadable::OtherVersion { why };
    let PlanFile { format, digest, workspaces, people, unread, definitions } =
        typed(&unsealed(bytes).ok_or(Unreadable::Damaged)?).map_err(other)?;
    know(definitions).map_err(other)?;
    let workspaces = workspaces.into_iter().map(|workspace| workspace.exact).collect();
    Ok(Saved::Plan { plan: RosterPlan { format, digest, workspaces }, people, unread: unread.into_iter().map(Into::into).collect() })
}

fn open_receipt(bytes: &[u8]) -> Result<Saved, Unreadable> {
    let other = |why| Unreadable::OtherVersionOfReceipt { why };
    let ReceiptFile { format, kind: ReceiptKind::Receipt, digest, workspaces, people, unread, definitions } =
        typed(&unsealed(bytes).ok_or(Unreadable::DamagedReceipt)?).map_err(other)?;
    know(definitions).map_err(other)?;
    let workspaces = workspaces.into_iter().map(|workspace| workspace.exact).collect();
    let unread = unread.into_iter().map(Into::into).collect();
    Ok(Saved::Receipt { receipt: Receipt { format, digest, workspaces, unread }, people })
}

/// Finds the checksum in the text of a file.
fn place_of_checksum(text: &str) -> Option<std::ops::Range<usize>> {
    let from = text.get(..HEAD.min(text.len()))?.find(BEFORE_CHECKSUM)? + BEFORE_CHECKSUM.len();
    let to = from + NO_CHECKSUM.len();
    text.get(from..to).map(|_| from..to)
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
