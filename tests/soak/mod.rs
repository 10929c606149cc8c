//! The number of rounds of a proof, and what it measured: a few in `./test`, more in `./test soak`.

#![allow(dead_code, reason = "shared by several test programs, each of which uses a part")]

use std::time::{Duration, Instant};

/// The rounds of a proof: a few in `./test`, the full number in `./test soak`, or as many of those as its time allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounds {
    few: usize,
    most: usize,
    ends: Option<Instant>,
}

/// Returns how many times the full number `./test soak` wants, and how much time each proof has.
#[expect(clippy::disallowed_methods, reason = "`./test soak` says here how much it wants; it is read nowhere else")]
fn wanted() -> Option<(usize, Option<Duration>)> {
    let times = std::env::var("ROSTERCTL_SOAK").ok()?.parse().expect("ROSTERCTL_SOAK is a number");
    let seconds = std::env::var("ROSTERCTL_SOAK_SECONDS").ok().map(|seconds| seconds.parse().expect("ROSTERCTL_SOAK_SECONDS is a number"));
    Some((times, seconds.map(Duration::from_secs)))
}

/// Returns `few` in `./test`, and `full` in `./test soak`: how many do something at the same time, such as.
pub(crate) fn in_soak<T>(few: T, full: T) -> T {
    if wanted().is_some() { full } else { few }
}

/// Says how many rounds run: `few` in `./test`, and `full` in `./test soak`, as many times as that wants.
#[expect(clippy::disallowed_methods, reason = "a time limit of `./test soak` is real time")]
pub(crate) fn rounds(what: &str, few: usize, full: usize) -> Rounds {
    let (most, ends) = match wanted() {
        Some((times, limit)) => (full * times, limit.map(|limit| Instant::now() + limit)),
        None => (few, None),
    };
    println!("{what}: {most} rounds{}", if ends.is_some() { ", or as many as the time allows" } else { "" });
    Rounds { few, most, ends }
}

impl Rounds {
    /// Returns the number of rounds, if time does not end them.
    pub(crate) fn most(self) -> usize {
        self.most
    }

    /// Returns whether another round follows after so many. A few are run however little time there is.
    #[expect(clippy::disallowed_methods, reason = "a time limit of `./test soak` is real time")]
    pub(crate) fn go_on(self, done: usize) -> bool {
        done < self.most && (done < self.few || self.ends.is_none_or(|ends| Instant::now() < ends))
    }

    /// Returns the numbers of the rounds, one after the other.
    pub(crate) fn each(self) -> impl Iterator<Item = usize> {
        (0..).take_while(move |done| self.go_on(*done))
    }
}

/// The tries of a proof, counted one by one where they were made. It must end with [`Trials::measured`] or [`Trials::covered`].
#[must_use = "failures are only counted here, and reported at the end"]
#[derive(Debug, Default)]
pub(crate) struct Trials {
    tried: usize,
    failures: Vec<String>,
}

impl Trials {
    /// Counts one, and whether it passed; `which` names it if it did not.
    pub(crate) fn count(&mut self, passed: bool, which: impl FnOnce() -> String) {
        self.tried += 1;
        if !passed {
            self.failures.push(which());
        }
    }

    /// Counts one that passed: an assertion above has said so.
    pub(crate) fn passed(&mut self) {
        self.tried += 1;
    }

    /// Adds what another part of the proof tried.
    pub(crate) fn add(&mut self, mut other: Self) {
        self.tried += other.tried;
        self.failures.append(&mut other.failures);
    }

    /// Fails if fewer than a floor were tried: then the proof says nothing, whether or not something failed.
    pub(crate) fn is_not_void(&self, row: &str, floor: usize) {
        assert!(self.tried >= floor, "{row} is void: {} were tried, and the floor is {floor}", self.tried);
    }

    /// Returns how many were tried.
    pub(crate) fn tried(&self) -> usize {
        self.tried
    }

    /// Says what was measured, in the line that `./test soak` writes to `docs/evidence.md`, and fails if a trial did. Each trial is one in which
    /// chance could have shown a failure.
    pub(crate) fn measured(self, row: &str, what: &str) {
        self.say(row, what, "chance");
    }

    /// As [`Self::measured`], for the cases of a table, each of which ends in the same way every time.
    pub(crate) fn covered(self, row: &str, what: &str) {
        self.say(row, what, "table");
    }

    fn say(mut self, row: &str, what: &str, by: &str) {
        let (tried, failures) = (self.tried, std::mem::take(&mut self.failures));
        println!("MEASURED|{row}|{what}|{tried}|{}|{by}", failures.len());
        assert!(tried > 0, "{row}: nothing was tried");
        assert!(failures.is_empty(), "{row}: {} of {tried} failed: {}", failures.len(), failures.join("; "));
    }
}

impl Drop for Trials {
    fn drop(&mut self) {
        let is_failing = std::thread::panicking();
        assert!(is_failing || self.failures.is_empty(), "failures that nobody reported: {}", self.failures.join("; "));
    }
}

#[test]
#[should_panic(expected = "failures that nobody reported: the second")]
fn a_failure_that_nobody_reports_is_reported() {
    let mut trials = Trials::default();
    trials.count(true, || "the first".to_owned());
    trials.count(false, || "the second".to_owned());
}

#[test]
#[should_panic(expected = "F1 is void: 1 were tried, and the floor is 2")]
fn a_proof_below_its_floor_is_void() {
    let mut trials = Trials::default();
    trials.passed();
    trials.is_not_void("F1", 2);
}

#[test]
fn a_few_rounds_run_however_little_time_there_is() {
    #[expect(clippy::disallowed_methods, reason = "a time limit of `./test soak` is real time")]
    let now = Instant::now();
    let over = Rounds { few: 2, most: 5, ends: Some(now) };
    assert_eq!((over.each().count(), Rounds { ends: None, ..over }.each().count()), (2, 5));
}
