//! Hashes of what people type: argon2id, off the async threads, no more at once than there are cores.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, KeyId, Params, ParamsBuilder, Version};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use super::rooms::Rooms;
use crate::model::Secret;
use crate::server::HashingCost;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::metrics::Metrics;
// For tokens and links, which are random, and for requests, whose hash the store seals.
pub(in crate::server) use crate::store::sha256;

/// Hashes passwords and passcodes.
pub(in crate::server) struct Hashing {
    cost: HashingCost,
    /// A secret outside the database that goes into hashes.
    pepper: Option<Secret>,
    permits: Arc<Semaphore>,
    rooms: Arc<Rooms>,
    /// The forms that are being answered, most of which wait for a hash.
    places: Arc<Semaphore>,
    /// More of them, for callers on devices that are known.
    spare_places: Arc<Semaphore>,
    /// The devices that have one of these: one at a time each, so that no device takes all.
    devices: Devices,
    /// The hash of nothing that anybody knows: an unknown address costs as much as a known one.
    nobody: OnceCell<String>,
    metrics: Metrics,
}

/// The id of the key that a hash made with the pepper has. It is the same for every pepper, so that it tells nothing of the secret.
const PEPPERED: &[u8] = b"pepper";

/// So many forms are answered at the same time for each core: with a hash each, that is about a second's work. Others have to come again.
const FORMS_A_CORE: usize = 20;

/// So many more are answered of callers on devices that are known, so that a flood of strangers keeps no member out (E3).
const SPARE_FORMS_A_CORE: usize = 5;

/// The most that a stored hash may ask for: memory in KiB, passes, lanes. A row that somebody tampered with must not exhaust the server.
const MOST: (u32, u32, u32) = (64 * 1024, 10, 4);

/// The ids of devices.
type Devices = Arc<Mutex<HashSet<String>>>;

/// A place among the forms that are being answered; free again as soon as this is dropped.
pub(in crate::server) struct FormPlace {
    _permit: OwnedSemaphorePermit,
    _held: Option<Held>,
}

/// A device among those that have a spare place, until it is dropped.
struct Held {
    devices: Devices,
    device: String,
}

impl Held {
    /// `None` if the device is among them.
    fn by(devices: &Devices, device: &str) -> Option<Self> {
        let is_new = devices.lock().unwrap_or_else(PoisonError::into_inner).insert(device.to_owned());
        is_new.then(|| Self { devices: Arc::clone(devices), device: device.to_owned() })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.device);
    }
}

impl Hashing {
    /// Makes hashes with `pepper`, if there is one; those that were made without it stay good until they are made anew.
    pub(in crate::server) fn new(cost: HashingCost, pepper: Option<Secret>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let for_each_core = |number: usize| Arc::new(Semaphore::new(cores * number));
        let (places, spare_places) = (for_each_core(FORMS_A_CORE), for_each_core(SPARE_FORMS_A_CORE));
        Self {
            cost,
            pepper,
            permits: for_each_core(1),
            rooms: Arc::default(),
            places,
            spare_places,
            devices: Devices::default(),
            nobody: OnceCell::new(),
            metrics: Metrics::default(),
        }
    }

    /// Counts its hashes where the operator reads them.
    pub(in crate::server) fn counted_by(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// A place among the forms that are being answered; `None` if all are taken (N1).
    pub(in crate::server) fn place(&self) -> Option<FormPlace> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(FormPlace { _permit: permit, _held: None })
    }

    /// A place that no stranger can take, for a caller on a known device; `None` if all are taken, or the device has one.
    pub(in crate::server) fn spare_place(&self, device: &str) -> Option<FormPlace> {
        let permit = Arc::clone(&self.spare_places).try_acquire_owned().ok()?;
        let held = Held::by(&self.devices, device)?;
        Some(FormPlace { _permit: permit, _held: Some(held) })
    }

    /// Does work off the async threads, as much at once as there are cores. The permit lives in the blocking task, so that a caller who hangs
    /// up frees no memory too early (N2).
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Failure::Damaged)?;
        self.metrics.hashed();
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| Failure::Damaged)
    }

    /// Returns whether a secret is the one behind a hash. Without a hash the same work is done, and the answer is no.
    pub(in crate::server) async fn verify(&self, secret: Secret, hash: Option<String>) -> Result<bool, Failure> {
        let known = hash.is_some();
        // It is made with the first comparison, whatever that compares.
        let nobody = self.nobody.get_or_try_init(|| self.hash(ids::random_proof())).await?;
        let hash = hash.unwrap_or_else(|| nobody.clone());
        let (rooms, pepper) = (Arc::clone(&self.rooms), self.pepper.clone());
        let verify = move || rooms.with(|room| is_of(&secret, &hash, pepper.as_ref(), room)).unwrap_or(false);
        Ok(self.in_turn(verify).await? && known)
    }

    /// The hash in PHC form.
    pub(in crate::server) async fn hash(&self, secret: Secret) -> Result<String, Failure> {
        let (memory, passes, lanes) = work(self.cost);
        let pepper = self.pepper.clone();
        let hash = move || {
            let mut params = ParamsBuilder::new();
            params.m_cost(memory).t_cost(passes).p_cost(lanes);
            if pepper.is_some() {
                params.keyid(KeyId::new(PEPPERED).ok()?);
            }
            let argon2 = hasher(ALGORITHM, VERSION, params.build().ok()?, pepper.as_ref())?;
            argon2.hash_password(secret.expose().as_bytes()).ok().map(|hash| hash.to_string())
        };
        self.in_turn(hash).await?.ok_or(Failure::Damaged)
    }

    /// Returns whether a stored hash was made with other parameters than those of today, or without the pepper, and has to be made anew when the
    /// secret is known.
    pub(in crate::server) fn is_outdated(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return false };
        let Ok(params) = Params::try_from(&hash) else { return true };
        let made_with = (params.m_cost(), params.t_cost(), params.p_cost());
        let is_of_today = hash.algorithm == ALGORITHM.ident() && hash.version == Some(VERSION.into()) && made_with == work(self.cost);
        !is_of_today || params.keyid().is_empty() != self.pepper.is_none()
    }
}

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;

/// The work of a hash: memory in KiB, passes, lanes.
const fn work(cost: HashingCost) -> (u32, u32, u32) {
    match cost {
        HashingCost::Real => (19 * 1024, 2, 1),
        HashingCost::Least => (8, 1, 1),
    }
}

/// A stored hash with its work, if it asks for no more than any that this server makes or has made (N3).
fn bearable(hash: &str) -> Option<(PasswordHash, Params)> {
    let hash = PasswordHash::new(hash).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let (memory, passes, lanes) = MOST;
    (params.m_cost() <= memory && params.t_cost() <= passes && params.p_cost() <= lanes).then_some((hash, params))
}

/// Computes hashes with the pepper, if there is one.
fn hasher(algorithm: Algorithm, version: Version, params: Params, pepper: Option<&Secret>) -> Option<Argon2<'_>> {
    match pepper {
        Some(pepper) => Argon2::new_with_secret(pepper.expose().as_bytes(), algorithm, version, params).ok(),
        None => Some(Argon2::new(algorithm, version, params)),
    }
}

/// Returns whether a secret is the one behind a hash, computed in a room; `None` if the hash cannot be computed. A hash made with another
/// pepper is nobody's.
fn is_of(secret: &Secret, hash: &str, pepper: Option<&Secret>, room: &mut Vec<Block>) -> Option<bool> {
    let (hash, params) = bearable(hash)?;
    let (salt, kept) = (hash.salt?, hash.hash?);
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    if room.len() < params.block_count() {
        room.resize(params.block_count(), Block::default());
    }
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..kept.len())?;
    let pepper = pepper.filter(|_| !params.keyid().is_empty());
    hasher(algorithm, version, params, pepper)?
        .hash_password_into_with_memory(secret.expose().as_bytes(), &salt, output, room.as_mut_slice())
        .ok()?;
    // Compares all bytes, whichever differ.
    Some(Output::new(output).ok()? == kept)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Condvar, Mutex, PoisonError};
    use std::time::Duration;

    use futures::FutureExt as _;

    use super::*;

    /// Keeps work waiting until it is dropped, also by a test that fails: a runtime does not end before its work.
    #[derive(Default)]
    struct Gate(Arc<(Mutex<bool>, Condvar)>);

    impl Drop for Gate {
        fn drop(&mut self) {
            *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
            self.0.1.notify_all();
        }
    }

    // N2: 5,000 callers hang up in the middle; no more is done at once than there are cores, and no permit is back before its work is done.
    #[tokio::test]
    async fn callers_who_hang_up_never_have_more_hashed_at_once_than_there_are_cores() {
        let hashing = Hashing::new(HashingCost::Least, None);
        let cores = hashing.permits.available_permits();
        let (begun, gate) = (Arc::new(AtomicUsize::new(0)), Gate::default());
        for _ in 0..5_000 {
            let (begun, opening) = (Arc::clone(&begun), Arc::clone(&gate.0));
            let work = move || {
                begun.fetch_add(1, Ordering::SeqCst);
                let (is_open, changed) = &*opening;
                drop(changed.wait_while(is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
            };
            assert!(hashing.in_turn(work).now_or_never().is_none(), "the caller hangs up before it is done");
        }
        let left = hashing.permits.available_permits();
        drop(gate);
        let all_done = async {
            while hashing.permits.available_permits() < cores {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), all_done).await.expect("every permit comes back");
        assert_eq!((left, begun.load(Ordering::SeqCst)), (0, cores), "what was begun had its permit, and the others have not begun");
    }

    // N1
    #[test]
    fn as_many_forms_are_answered_at_once_as_a_second_has_work() {
        let hashing = Hashing::new(HashingCost::Least, None);
        let held: Vec<_> = std::iter::from_fn(|| hashing.place()).collect();
        assert_eq!(held.len(), FORMS_A_CORE * hashing.permits.available_permits());
        let one = hashing.spare_place("one").unwrap();
        assert!(hashing.spare_place("one").is_none(), "each known device has one at a time");
        let spare: Vec<_> = (1..).map_while(|device| hashing.spare_place(&device.to_string())).collect();
        assert_eq!(spare.len() + 1, SPARE_FORMS_A_CORE * hashing.permits.available_permits(), "those of known devices");
        drop(held);
        assert!(hashing.place().is_some() && hashing.spare_place("another").is_none());
        drop(one);
        assert!(hashing.spare_place("one").is_some(), "it came back");
    }

    #[tokio::test]
    async fn a_secret_is_verified_against_its_own_hash_alone() {
        let hashing = Hashing::new(HashingCost::Least, None);
        let hash = hashing.hash(Secret::new("tram lens moss 8".to_owned())).await.unwrap();
        assert!(hashing.verify(Secret::new("tram lens moss 8".to_owned()), Some(hash.clone())).await.unwrap());
        assert!(!hashing.verify(Secret::new("tram lens moss 9".to_owned()), Some(hash)).await.unwrap());
        assert!(!hashing.verify(Secret::new("tram lens moss 8".to_owned()), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_room_with_what_another_comparison_left_changes_no_answer() {
        let hashing = Hashing::new(HashingCost::Least, None);
        let secret = || Secret::new("tram lens moss 8".to_owned());
        for (algorithm, version, memory, output) in [
            (Algorithm::Argon2id, Version::V0x13, 64, 32),
            (Algorithm::Argon2i, Version::V0x13, 8, 16),
            (Algorithm::Argon2d, Version::V0x10, 32, 64),
            (Algorithm::Argon2id, Version::V0x10, 16, 32),
        ] {
            let made = Argon2::new(algorithm, version, Params::new(memory, 2, 1, Some(output)).unwrap());
            let hash = made.hash_password(secret().expose().as_bytes()).unwrap().to_string();
            assert!(hashing.verify(secret(), Some(hash.clone())).await.unwrap(), "{hash}");
            let last = if hash.ends_with('A') { "B" } else { "A" };
            for changed in [hash.replacen("m=", "m=1", 1), hash.replacen("t=2", "t=3", 1), format!("{}{last}", &hash[..hash.len() - 1])] {
                assert!(!hashing.verify(secret(), Some(changed.clone())).await.unwrap(), "{changed}");
            }
        }
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_outdated() {
        let (today, tests) = (Hashing::new(HashingCost::Real, None), Hashing::new(HashingCost::Least, None));
        let hash = tests.hash(Secret::new("tram lens moss 8".to_owned())).await.unwrap();
        assert!(today.is_outdated(&hash) && !tests.is_outdated(&hash));
        for (old, new) in [("m=8", "m=9"), ("t=1", "t=2"), ("p=1", "p=2"), ("argon2id", "argon2i"), ("v=19", "v=16")] {
            assert!(tests.is_outdated(&hash.replacen(old, new, 1)), "{new}");
        }
        assert!(!tests.is_outdated("unknown"), "nothing is known of it");
    }

    // A pepper goes into new hashes. Those made before stay good, and are made anew; without it, or with another, a hash is nobody's.
    #[tokio::test]
    async fn a_hash_is_good_with_its_own_pepper_and_one_without_is_made_anew() {
        let with = |pepper: Option<&str>| Hashing::new(HashingCost::Least, pepper.map(|text| Secret::new(text.to_owned())));
        let (none, own, other) = (with(None), with(Some("a long secret of the operator")), with(Some("another secret of the operator")));
        let secret = || Secret::new("tram lens moss 8".to_owned());
        let (plain, peppered) = (none.hash(secret()).await.unwrap(), own.hash(secret()).await.unwrap());
        assert!(peppered.contains(",keyid=") && !peppered.contains("operator") && !plain.contains("keyid"), "{peppered}");
        let mut good = Vec::new();
        for hashing in [&none, &own, &other] {
            for hash in [&plain, &peppered] {
                good.push((hashing.verify(secret(), Some(hash.clone())).await.unwrap(), hashing.is_outdated(hash)));
            }
        }
        assert_eq!(good, [(true, false), (false, true), (true, true), (true, false), (true, true), (false, false)]);
        assert!(!own.verify(Secret::new("tram lens moss 9".to_owned()), Some(peppered.clone())).await.unwrap());
        // Somebody who takes the mark off gets no other hash accepted.
        let (begin, rest) = peppered.split_once(",keyid=").unwrap();
        let unmarked = format!("{begin}${}", rest.split_once('$').unwrap().1);
        assert!(!own.verify(secret(), Some(unmarked)).await.unwrap());
    }

    // N3: refused before any memory is reserved.
    #[test]
    fn a_hash_that_asks_for_gigabytes_is_not_computed() {
        let salt_and_output = "c2FsdHNhbHRzYWx0$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE";
        for params in ["m=4194304,t=2,p=1", "m=19456,t=2147483648,p=1", "m=19456,t=2,p=255", "m=65537,t=2,p=1"] {
            assert!(bearable(&format!("$argon2id$v=19${params}${salt_and_output}")).is_none(), "{params}");
        }
        assert!(bearable(&format!("$argon2id$v=19$m=19456,t=2,p=1${salt_and_output}")).is_some());
        for broken in ["$argon2id$v=19$m=19456,t=2,p=1", "$argon2id$v=19$m=19456", "none"] {
            assert_eq!(is_of(&Secret::new("a".to_owned()), broken, None, &mut Vec::new()), None, "{broken}");
        }
    }
}
