//! Medians, ratios and limits.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// What was measured, sorted.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Sorts what was measured.
    pub(crate) fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        Self(all)
    }

    /// The middle one.
    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// Milliseconds of the middle one, and the range.
    pub(crate) fn shown(&self) -> String {
        let ms = |d: &Duration| d.as_secs_f64() * 1e3;
        format!("{:.1} ms ({:.1} to {:.1})", ms(&self.median()), ms(&self.0[0]), ms(&self.0[self.0.len() - 1]))
    }
}

/// Measures once; what came of it is dropped after the clock has stopped.
pub(crate) fn once<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    let made = black_box(work());
    let took = began.elapsed();
    drop(made);
    took
}

/// Measures two things by turns, so that what else the machine does falls on both.
pub(crate) fn by_turns<A, B>(repetitions: usize, mut a: impl FnMut() -> A, mut b: impl FnMut() -> B) -> (Times, Times) {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        of_a.push(once(&mut a));
        of_b.push(once(&mut b));
    }
    (Times::of(of_a), Times::of(of_b))
}

/// Collects figures, prints each as it comes, and in the end says which limits were missed.
#[derive(Default)]
pub(crate) struct Report {
    missed: Vec<String>,
}

impl Report {
    /// A figure on the way to others.
    #[expect(clippy::unused_self, reason = "every figure goes through the report")]
    pub(crate) fn note(&self, what: &str, figure: &str) {
        println!("| {what} | {figure} | | |");
    }

    /// A figure with its limit; both in the same unit, less is better.
    pub(crate) fn at_most(&mut self, what: &str, figure: f64, limit: f64, unit: &str) {
        self.say(what, figure, &format!("at most {limit}{unit}"), unit, figure <= limit);
    }

    /// A figure with its limit; both in the same unit, more is better.
    pub(crate) fn at_least(&mut self, what: &str, figure: f64, limit: f64, unit: &str) {
        self.say(what, figure, &format!("at least {limit}{unit}"), unit, figure >= limit);
    }

    fn say(&mut self, what: &str, figure: f64, limit: &str, unit: &str, met: bool) {
        println!("| {what} | {figure:.2}{unit} | {limit} | {} |", if met { "met" } else { "**missed**" });
        if !met {
            self.missed.push(format!("{what}: {figure:.2}{unit}, {limit}"));
        }
    }

    /// Says what was missed; whether nothing was.
    pub(crate) fn finish(self) -> bool {
        for line in &self.missed {
            eprintln!("missed: {line}");
        }
        self.missed.is_empty()
    }
}
