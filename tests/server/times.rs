//! The time of an answer tells nobody whether an address has an account (E8). In `./test` the work is counted, which does not depend on how fast
//! the machine is; `./test soak` measures the times.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use futures::FutureExt;
use rosterctl::server::{self, HashingCost, Metrics, Settings};
use rosterctl::store::{Clock, HandClock, Store, StoreError};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::factors::with_factor;
use crate::harness::{House, NOON, glow, settings};
use crate::pages::{OTHER_WORDS, WORDS};
use crate::soak::{Trials, rounds};
use crate::strangers::ADDRESSES;

const MINUTE: i64 = 60 * 1000;

/// The work that was asked of the disk, of the database and of the processor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Work {
    /// Transactions that changed something: each waits for the disk.
    commits: usize,
    /// Steps of SQLite's virtual machine in the writer.
    steps: u64,
    /// Hashes of passwords.
    hashes: u64,
}

/// So many steps of SQLite more or less are not a thousandth of a hash.
const NEAR: u64 = 300;

/// A house on a file whose work is counted, and its server.
struct Counted {
    house: House,
    server: Router,
    metrics: Metrics,
    steps: Arc<AtomicU64>,
    folder: TempDir,
}

impl Counted {
    async fn begin() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(HandClock::at(NOON)));
        let store = Store::open_with(&folder.path().join("glow.db"), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let house = House::on(&glow(), store, clock).await;
        with_factor(&house).await;
        let (steps, metrics) = (Arc::new(AtomicU64::new(0)), Metrics::default());
        let server = server::router(house.store.clone(), Settings { metrics: metrics.clone(), ..settings() });
        let count = Arc::clone(&steps);
        let hooked = house.store.write("glow", move |writing| {
            async move {
                // Every commit of this test stays in the write-ahead log, where it is counted.
                sqlx::query("PRAGMA wal_autocheckpoint = 0").execute(&mut writing.conn).await?;
                let mut handle = writing.conn.lock_handle().await?;
                handle.set_progress_handler(1, move || {
                    count.fetch_add(1, Ordering::SeqCst);
                    true
                });
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        hooked.await.unwrap();
        let counted = Self { house, server, metrics, steps, folder };
        // The server reads the workspace with the first request, and makes what unknown addresses are compared with.
        for path in ["/glow/sign-in", "/glow/reset"] {
            counted.of(path, &[("email", "first@glow.example"), ("password", OTHER_WORDS)]).await;
        }
        counted
    }

    /// Returns how many commits are in the write-ahead log.
    fn commits(&self) -> usize {
        let log = std::fs::read(self.folder.path().join("glow.db-wal")).unwrap();
        let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
        let frame = 24 + usize::try_from(number(8)).unwrap();
        let frames = (32..).step_by(frame).take_while(|at| at + frame <= log.len());
        // The head of a frame has the size of the database after a commit, and the mark of the log.
        frames.filter(|at| log[at + 8..at + 16] == log[16..24] && number(at + 4) > 0).count()
    }

    fn hashes(&self) -> u64 {
        let text = self.metrics.text().unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("rosterctl_password_hashes_total ")).unwrap();
        line.parse().unwrap()
    }

    /// The work of the answer to a form; what the server does afterward is not in it.
    async fn of(&self, path: &str, form: &[(&str, &str)]) -> Work {
        let (hashes, commits, steps) = (self.hashes(), self.commits(), self.steps.load(Ordering::SeqCst));
        Browser::at(self.server.clone()).post_once(path, form).await;
        let work =
            Work { commits: self.commits() - commits, steps: self.steps.load(Ordering::SeqCst) - steps, hashes: self.hashes() - hashes };
        // A row of the user log for which the answer did not wait.
        tokio::task::yield_now().await;
        let later: Result<(), StoreError> = self.house.store.write("glow", |_| async { Ok(()) }.boxed()).await;
        later.unwrap();
        work
    }
}

// E8, E1: signing in with a wrong password, and with too many, costs the same whatever there is at the address.
#[tokio::test]
async fn a_wrong_password_costs_the_same_work_for_every_address() {
    let counted = Counted::begin().await;
    let mut trials = Trials::default();
    for round in 0..6 {
        let mut works = Vec::new();
        for address in ADDRESSES {
            let work = counted.of("/glow/sign-in", &[("email", address), ("password", OTHER_WORDS)]).await;
            works.push((address, work));
        }
        counted.house.clock.advance(MINUTE / 10);
        let unknown = works[0].1;
        let is_compared = round < 5;
        assert_eq!((unknown.hashes, unknown.commits), if is_compared { (1, 2) } else { (0, 0) }, "round {round}: {unknown:?}");
        for (address, work) in works {
            let is_alike = (work.hashes, work.commits) == (unknown.hashes, unknown.commits);
            trials.count(is_alike && work.steps.abs_diff(unknown.steps) < NEAR, || {
                format!("{address}, round {round}: {work:?} in place of {unknown:?}")
            });
        }
    }
    trials.covered("E8", "sign-ins with a wrong password, each with the same hashes and commits, and nearly as many steps of the database");
}

// E8: asking for a new password costs the same work, to the last step, whatever there is at the address.
#[tokio::test]
async fn a_forgotten_password_costs_the_same_work_for_every_address() {
    let counted = Counted::begin().await;
    let mut trials = Trials::default();
    for round in 0..5 {
        let mut works = Vec::new();
        for address in ADDRESSES {
            works.push((address, counted.of("/glow/reset", &[("email", address)]).await));
        }
        let unknown = works[0].1;
        assert_eq!((unknown.hashes, unknown.commits), (0, 1), "round {round}: {unknown:?}");
        for (address, work) in works {
            trials.count(work == unknown, || format!("{address}, round {round}: {work:?} in place of {unknown:?}"));
        }
    }
    trials.covered("E8", "requests for a new password, each with the same commits and steps of the database");
}

/// The time of an answer.
#[expect(clippy::disallowed_methods, reason = "it is the time that a stranger measures")]
async fn time(server: &Router, path: &str, form: &[(&str, &str)]) -> Duration {
    let mut browser = Browser::at(server.clone());
    let begun = Instant::now();
    browser.post_once(path, form).await;
    begun.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Forgets wrong passwords: of one address a hundred are compared, and of one network address fifty.
pub(crate) async fn forget_wrong_ones(house: &House) {
    let forgotten = house.store.write("glow", |writing| {
        async move {
            sqlx::query("DELETE FROM failures").execute(&mut writing.conn).await?;
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    forgotten.await.unwrap();
}

// E8: medians of 200 within 5 percent, by real hashes and a file. Only `./test soak` looks at the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_median_times_of_strangers_are_within_five_percent() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(HandClock::at(NOON)));
    let store = Store::open_with(&folder.path().join("glow.db"), Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let house = House::on(&glow(), store, clock).await;
    with_factor(&house).await;
    let samples = rounds("E8", 2, 200);
    let hashing = if samples.most() < 200 { HashingCost::Least } else { HashingCost::Real };
    let server = server::router(house.store.clone(), Settings { hashing, ..settings() });
    // The hash that was made at the least cost is made anew.
    Browser::at(server.clone()).sign_in(&house, "noa@glow.example", WORDS).await;
    for (path, what) in [("/glow/sign-in", "sign-ins with a wrong password"), ("/glow/reset", "requests for a new password")] {
        let mut times: Vec<Vec<Duration>> = ADDRESSES.map(|_| Vec::new()).into();
        for round in 0..samples.most() {
            house.clock.advance(61 * MINUTE);
            // Another one is first each time.
            for at in (0..ADDRESSES.len()).map(|at| (at + round) % ADDRESSES.len()) {
                times[at].push(time(&server, path, &[("email", ADDRESSES[at]), ("password", OTHER_WORDS)]).await);
            }
            server::send_asked_resets(&house.store).await.unwrap();
            forget_wrong_ones(&house).await;
        }
        let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
        let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        println!("{what}: {medians:?}");
        if samples.most() < 200 {
            continue;
        }
        let mut trials = Trials::default();
        for (address, median) in ADDRESSES.iter().zip(&medians) {
            trials.count(median.as_secs_f64() <= least.as_secs_f64() * 1.05, || format!("{what}, {address}: {median:?} and {least:?}"));
        }
        let (least, most) = (least.as_secs_f64() * 1e3, most.as_secs_f64() * 1e3);
        trials.covered("E8", &format!("medians of {} {what} (from {least:.2} to {most:.2} ms)", samples.most()));
    }
}
