//! Ids, tokens and codes: random ones for what lives, derived ones for what a workspace begins with.

use rand::RngExt;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::members::{KEY_BYTES, RECOVERY_CODES, key_text, recovery_text};
use crate::model::{OwnSecret, Secret};

/// A new id; later ones sort after earlier ones. The time is the server's, epoch milliseconds.
pub(super) fn new_id(now: i64) -> String {
    let now = u64::try_from(now).unwrap_or(0);
    let seconds = now / 1000;
    let nanos = u32::try_from((now % 1000) * 1_000_000).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos)).to_string()
}

/// The id of what a workspace begins with: the same workspace made elsewhere has the same ids.
pub(super) fn seeded_id(workspace: &str, kind: &str, key: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [workspace, kind, key] {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(hasher.finalize()) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// 256 random bits as text, after the prefix of their kind, which secret scanners can look for.
pub(super) fn random_token(kind: OwnSecret) -> Secret {
    Secret::new(format!("{}{}", kind.prefix(), random_text()))
}

/// 256 random bits as text, for what only the server itself keeps or compares.
pub(super) fn random_proof() -> Secret {
    Secret::new(random_text())
}

fn random_text() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill(&mut bytes);
    data_encoding::BASE64URL_NOPAD.encode(&bytes)
}

/// Six digits (requirements: tolerable only bound to a device and with few tries).
pub(super) fn random_passcode() -> Secret {
    Secret::new(format!("{:06}", rand::rng().random_range(0..1_000_000_u32)))
}

/// Six digits that are sent to a phone (NIST SP 800-63B: at least six).
pub(super) fn random_code() -> Secret {
    random_passcode()
}

/// A key for an authenticator app.
pub(super) fn random_key() -> Secret {
    let mut bytes = [0_u8; KEY_BYTES];
    rand::rng().fill(&mut bytes);
    key_text(&bytes)
}

/// New recovery codes of a login.
pub(super) fn random_recovery_codes() -> Vec<Secret> {
    let code = |_| {
        let mut bytes = [0_u8; 8];
        rand::rng().fill(&mut bytes);
        recovery_text(bytes)
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// Words that are easy to say on the phone, for a practice without a code word (PBN-5).
pub(super) fn random_code_word() -> String {
    const BEGIN: [&str; 16] = [
        "amber", "birch", "cedar", "coral", "delta", "ember", "fern", "grove", "harbor", "ivory", "juniper", "lagoon", "maple", "ocean",
        "pebble", "willow",
    ];
    let mut rng = rand::rng();
    let mut word = |_| BEGIN.get(rng.random_range(0..BEGIN.len())).copied().unwrap_or("amber");
    let (first, second) = (word(0), word(1));
    format!("{first}-{second}-{:06}", rand::rng().random_range(0..1_000_000_u32))
}
