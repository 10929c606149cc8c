//! Hashes of what people type: argon2id, off the async threads, no more at once than there are cores.

use std::sync::Arc;

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::model::Secret;
use crate::server::HashingCost;
use crate::server::failure::Failure;

/// Hashes passwords and passcodes.
pub(in crate::server) struct Hashing {
    cost: HashingCost,
    permits: Arc<Semaphore>,
}

impl Hashing {
    pub(in crate::server) fn new(cost: HashingCost) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { cost, permits: Arc::new(Semaphore::new(cores)) }
    }

    /// The hash in PHC form. The permit lives in the blocking task, so that a caller who hangs up frees no memory too early.
    pub(in crate::server) async fn hash(&self, secret: Secret) -> Result<String, Failure> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Failure::Damaged)?;
        let cost = self.cost;
        let hashed = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let params = match cost {
                HashingCost::Real => Params::new(19 * 1024, 2, 1, None),
                HashingCost::Least => Params::new(8, 1, 1, None),
            };
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.ok()?);
            argon2.hash_password(secret.expose().as_bytes()).ok().map(|hash| hash.to_string())
        })
        .await;
        hashed.ok().flatten().ok_or(Failure::Damaged)
    }
}

/// SHA-256 as base64url, for tokens and links, which are random, and for requests, whose hash the store seals.
pub(in crate::server) fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    data_encoding::BASE64URL_NOPAD.encode(&hasher.finalize())
}
