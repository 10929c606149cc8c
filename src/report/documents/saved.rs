//! Plans and receipts as files: with a checksum over everything, so that a damaged file is refused and never half understood.
//!
//! A saved plan is the JSON document that `plan --format json` prints; only its typed part is read.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::{Digest, Receipt, RosterPlan, UnreadCause, Withheld, WorkspacePlan, WorkspaceReceipt};
use crate::platform::{self, Catalog};

use super::json::definitions;
use crate::report::{People, PlanView, Unread, json, json_text, sentences};

/// The version of the files that is written and read.
pub const FORMAT: u32 = RosterPlan::FORMAT;

/// The text that replaces a checksum while it is computed.
const NO_CHECKSUM: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The text before the checksum of a plan.
const BEFORE_CHECKSUM: &str = "\"checksum\": \"";
/// The number of bytes within which the checksum of a plan begins.
const HEAD: usize = 64;

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

/// Why a file is not accepted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not a plan or receipt.
    #[error("this is not a plan or receipt that rosterctl saved: make one with `rosterctl plan --out FILE`")]
    NotOurs,
    /// An earlier version wrote it.
    #[error("the file has format {0} and was made by an older version of rosterctl: plan again, with `rosterctl plan --out FILE`")]
    Older(u64),
    /// A later version wrote it.
    #[error("the file has format {0}, but this version of rosterctl reads format {FORMAT}: plan again with this version")]
    Newer(u64),
    /// Its content was changed or damaged.
    #[error("the file is damaged or was edited: its checksum does not match: plan again")]
    Damaged,
}

/// The part that every file has, in every version.
#[derive(Deserialize)]
struct Head {
    format: u64,
    content: Option<IgnoredAny>,
    workspaces: Option<IgnoredAny>,
}

/// The typed part of a plan's document.
#[derive(Deserialize)]
struct PlanFile {
    format: u32,
    digest: Digest,
    workspaces: Vec<WorkspaceFile>,
    people: People,
    unread: Vec<UnreadFile>,
    #[serde(default)]
    definitions: Vec<Catalog>,
}

#[derive(Deserialize)]
struct UnreadFile {
    workspace: String,
    error: String,
}

#[derive(Deserialize)]
struct WorkspaceFile {
    exact: WorkspacePlan,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiptFile {
    format: u32,
    checksum: String,
    content: ReceiptContent,
}

#[derive(Serialize, Deserialize)]
struct ReceiptContent {
    receipt: RecordedReceipt,
    people: People,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    definitions: Vec<serde_json::Value>,
}

/// A receipt in its file, which has the reasons of workspaces that were left out in words.
#[derive(Serialize, Deserialize)]
struct RecordedReceipt {
    format: u32,
    digest: Digest,
    workspaces: Vec<WorkspaceReceipt>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unread: Vec<RecordedUnread>,
}

#[derive(Serialize, Deserialize)]
struct RecordedUnread {
    workspace: String,
    why: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_withheld: bool,
}

impl RecordedReceipt {
    fn record(receipt: &Receipt) -> Self {
        let Receipt { format, digest, workspaces, unread } = receipt.clone();
        let recorded =
            |Unread { workspace, why }: Unread| RecordedUnread { workspace, is_withheld: why.is_withheld(), why: sentences::unread(&why) };
        Self { format, digest, workspaces, unread: unread.into_iter().map(recorded).collect() }
    }

    fn into_receipt(self) -> Receipt {
        let Self { format, digest, workspaces, unread } = self;
        let read = |RecordedUnread { workspace, why, is_withheld }| Unread {
            workspace,
            why: if is_withheld { UnreadCause::Withheld(Withheld::Recorded { words: why }) } else { UnreadCause::NotRead { error: why } },
        };
        Receipt { format, digest, workspaces, unread: unread.into_iter().map(read).collect() }
    }
}

/// Writes a plan as a document: the text of a file, and what `--format json` prints.
#[must_use]
pub fn plan(page: &PlanView<'_>) -> String {
    let mut text = json_text(&json::plan(page, NO_CHECKSUM.to_owned()));
    if let Some(place) = place_of_checksum(&text) {
        let sum = hex(text.as_bytes());
        text.replace_range(place, &sum);
    }
    text
}

/// Writes a receipt as the bytes of a file.
#[must_use]
pub fn receipt(receipt: &Receipt, people: &People) -> Vec<u8> {
    let definitions = definitions(receipt.workspaces.iter().map(|workspace| &workspace.plan));
    let definitions = definitions.into_iter().filter_map(|catalog| serde_json::to_value(catalog).ok()).collect();
    let content = ReceiptContent { receipt: RecordedReceipt::record(receipt), people: people.clone(), definitions };
    let file = ReceiptFile { format: FORMAT, checksum: checksum(&content), content };
    let mut bytes = serde_json::to_vec(&file).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Reads the bytes of a file.
///
/// # Errors
/// If the file is of another kind or version, or damaged.
pub fn open(bytes: &[u8]) -> Result<Saved, Unreadable> {
    let head: Head = serde_json::from_slice(bytes).map_err(|_| Unreadable::NotOurs)?;
    if head.content.is_none() && head.workspaces.is_none() {
        return Err(Unreadable::NotOurs);
    }
    match head.format {
        older if older < u64::from(FORMAT) => return Err(Unreadable::Older(older)),
        newer if newer > u64::from(FORMAT) => return Err(Unreadable::Newer(newer)),
        _ => {}
    }
    let opened = if head.content.is_some() { open_receipt(bytes) } else { open_plan(bytes) };
    opened.ok_or(Unreadable::Damaged)
}

/// Makes the platforms known that a file brings, so that it can be shown without its roster.
fn know(definitions: Vec<Catalog>) -> Option<()> {
    definitions.into_iter().try_for_each(|catalog| platform::of_roster(catalog).map(drop))
}

fn open_plan(bytes: &[u8]) -> Option<Saved> {
    let mut text = std::str::from_utf8(bytes).ok()?.to_owned();
    let place = place_of_checksum(&text)?;
    let stated = text.get(place.clone())?.to_owned();
    text.replace_range(place, NO_CHECKSUM);
    if hex(text.as_bytes()) != stated {
        return None;
    }
    let PlanFile { format, digest, workspaces, people, unread, definitions } = serde_json::from_str(&text).ok()?;
    know(definitions)?;
    let workspaces = workspaces.into_iter().map(|workspace| workspace.exact).collect();
    let unread =
        unread.into_iter().map(|UnreadFile { workspace, error }| Unread { workspace, why: UnreadCause::NotRead { error } }).collect();
    Some(Saved::Plan { plan: RosterPlan { format, digest, workspaces }, people, unread })
}

fn open_receipt(bytes: &[u8]) -> Option<Saved> {
    let file: ReceiptFile = serde_json::from_slice(bytes).ok()?;
    let ReceiptContent { receipt, people, definitions } = (file.checksum == checksum(&file.content)).then_some(file.content)?;
    know(definitions.into_iter().map(serde_json::from_value).collect::<Result<_, _>>().ok()?)?;
    Some(Saved::Receipt { receipt: receipt.into_receipt(), people })
}

/// Finds the checksum in the text of a plan.
fn place_of_checksum(text: &str) -> Option<std::ops::Range<usize>> {
    let from = text.get(..HEAD.min(text.len()))?.find(BEFORE_CHECKSUM)? + BEFORE_CHECKSUM.len();
    let to = from + NO_CHECKSUM.len();
    text.get(from..to).map(|_| from..to)
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Computes the SHA-256 of a receipt's content as it is written, as 64 hex digits.
fn checksum(content: &ReceiptContent) -> String {
    hex(&serde_json::to_vec(content).unwrap_or_default())
}
