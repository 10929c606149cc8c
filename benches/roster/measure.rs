//! Medians, processor time, ratios and limits.

use std::fs;
use std::hint::black_box;
use std::ops::{Add, AddAssign};
use std::time::{Duration, Instant};

/// The time that something took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    /// Wall-clock time.
    pub(crate) wall: Duration,
    /// Processor time of all threads, in steps of 10 ms.
    pub(crate) processor: Duration,
}

impl Add for Took {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { wall: self.wall + other.wall, processor: self.processor + other.processor }
    }
}

impl AddAssign for Took {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// The measurements, sorted by wall-clock time.
pub(crate) struct Times(Vec<Took>);

impl Times {
    /// Sorts the measurements.
    pub(crate) fn of(mut all: Vec<Took>) -> Self {
        all.sort_unstable_by_key(|took| took.wall);
        Self(all)
    }

    /// Returns the median of wall-clock time.
    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2].wall
    }

    /// Returns the mean processor time in seconds; its steps are too coarse for a median.
    pub(crate) fn processor(&self) -> f64 {
        self.0.iter().map(|took| took.processor.as_secs_f64()).sum::<f64>() / self.0.len() as f64
    }

    /// Formats the median, the range and the processor time in milliseconds.
    pub(crate) fn shown(&self) -> String {
        let ms = |d: Duration| d.as_secs_f64() * 1e3;
        let (least, most) = (self.0[0].wall, self.0[self.0.len() - 1].wall);
        format!("{:.1} ms ({:.1} to {:.1}), processor {:.1} ms", ms(self.median()), ms(least), ms(most), self.processor() * 1e3)
    }
}

/// Measures once. The result is dropped after the clock has stopped.
pub(crate) fn once<T>(work: impl FnOnce() -> T) -> Took {
    let (began, used) = (Instant::now(), processor_time());
    let made = black_box(work());
    let took = Took { wall: began.elapsed(), processor: processor_time().saturating_sub(used) };
    drop(made);
    took
}

/// Measures two things by turns, so that other work of the machine affects both.
pub(crate) fn by_turns<A, B>(repetitions: usize, mut a: impl FnMut() -> A, mut b: impl FnMut() -> B) -> (Times, Times) {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        of_a.push(once(&mut a));
        of_b.push(once(&mut b));
    }
    (Times::of(of_a), Times::of(of_b))
}

/// Returns the processor time of this process so far (proc(5): fields 14 and 15 of `stat`, in hundredths of a second).
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The program's name can contain anything; field 3 follows its closing bracket.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name.split_ascii_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Collects figures, prints each at once, and lists the missed limits at the end.
#[derive(Default)]
pub(crate) struct Report {
    missed: Vec<String>,
}

impl Report {
    /// Adds a figure without a limit.
    #[expect(clippy::unused_self, reason = "every figure goes through the report")]
    pub(crate) fn note(&self, what: &str, figure: &str) {
        println!("| {what} | {figure} | | |");
    }

    /// Adds a figure with its limit, in the same unit; less is better.
    pub(crate) fn at_most(&mut self, what: &str, figure: f64, limit: f64, unit: &str) {
        self.say(what, figure, &format!("at most {limit}{unit}"), unit, figure <= limit);
    }

    /// Adds a figure with its limit, in the same unit; more is better.
    pub(crate) fn at_least(&mut self, what: &str, figure: f64, limit: f64, unit: &str) {
        self.say(what, figure, &format!("at least {limit}{unit}"), unit, figure >= limit);
    }

    fn say(&mut self, what: &str, figure: f64, limit: &str, unit: &str, met: bool) {
        println!("| {what} | {figure:.2}{unit} | {limit} | {} |", if met { "met" } else { "**missed**" });
        if !met {
            self.missed.push(format!("{what}: {figure:.2}{unit}, {limit}"));
        }
    }

    /// Lists the missed limits. Returns whether there are none.
    pub(crate) fn finish(self) -> bool {
        for line in &self.missed {
            eprintln!("missed: {line}");
        }
        self.missed.is_empty()
    }
}
