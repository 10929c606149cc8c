//! The number of rounds of a proof, and what it measured: a few in `./test`, more in `./test soak`.

#![allow(dead_code, reason = "shared by several test programs, each of which uses a part")]

/// Says how many rounds run: `few` in `./test`, and as many times as many as `./test soak` wants.
#[expect(clippy::disallowed_methods, reason = "`./test soak` says here how much it wants; it is read nowhere else")]
pub(crate) fn rounds(what: &str, few: usize) -> usize {
    let times = std::env::var("ROSTERCTL_SOAK").ok().map_or(1, |times| times.parse().expect("ROSTERCTL_SOAK is a number"));
    let rounds = few * times;
    println!("{what}: {rounds} rounds");
    rounds
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
