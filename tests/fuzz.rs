//! Runs every fuzz target on stable Rust (M1): its seeds, then mutations of them, a fixed number or for `ROSTERCTL_FUZZ_SECONDS` each.
//!
//! There is no coverage feedback. A failing input is kept below `target/fuzz-failures`.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use targets::{TARGETS, Target};

/// The number of mutations that a plain `cargo test` tries.
const CASES: u64 = 300;
/// An input that takes longer than this hangs, also in an unoptimized build on a busy machine.
const HANG: Duration = Duration::from_secs(20);
/// A run for seconds goes on until it has tried so many inputs for each of them, or it would prove nothing on a slow machine.
const FEWEST_A_SECOND: u64 = 5;
/// Inputs grow no longer than this.
const MOST_BYTES: usize = 16 * 1024;

/// Pieces that parsers stumble over.
const PIECES: [&str; 24] = [
    "\0", "\u{feff}", "\r\n", "\t", "[", "{", "(", "\"", "'", "\\", "&a ", "*a", "<<: ", "!!str ", "- ", ": ", "0123", "1e309", "no", "~",
    "\u{202e}", "ı", "not (", ".",
];

/// The folder in which an input that fails is kept.
fn failures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz-failures")
}

/// A small generator (xorshift64*): the run prints its seed, so it can be had again.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`; 0 where that is 0.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 1).unwrap_or(0).checked_rem(limit).unwrap_or(0)
    }
}

/// One to eight random edits of a seed.
fn mutate(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(8) {
        let at = random.below(input.len() + 1);
        let end = (at + random.below(32)).min(input.len());
        match random.below(6) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 => {
                input.drain(at..end);
            }
            2 => {
                let piece = PIECES[random.below(PIECES.len())];
                input.splice(at..at, piece.bytes());
            }
            3 => {
                let run = input[at..end].repeat(1 + random.below(64));
                input.splice(at..at, run);
            }
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                input.splice(at..end, other[from..].iter().copied());
            }
            _ => input.insert(at, u8::try_from(random.below(256)).unwrap_or(0)),
        }
        input.truncate(MOST_BYTES);
    }
    input
}

/// Runs one input, and returns what went wrong, if anything did.
fn try_input(target: Target, input: &[u8]) -> Result<(), String> {
    let began = Instant::now();
    catch_unwind(AssertUnwindSafe(|| target(input))).map_err(|_| "panicked".to_owned())?;
    let took = began.elapsed();
    if took > HANG { Err(format!("took {took:?}")) } else { Ok(()) }
}

/// The corpus of a target: `fuzz/corpus/NAME`.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut seeds = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap_or_else(|why| panic!("no corpus in {}: {why}", folder.display())) {
        let path = entry.expect("an entry can be read").path();
        seeds.insert(path.clone(), fs::read(path).expect("a seed can be read"));
    }
    assert!(!seeds.is_empty(), "{} has no seed", folder.display());
    seeds.into_values().collect()
}

/// Runs a target over its corpus and mutations; returns how many inputs ran, or the first that failed.
fn drive(name: &str, target: Target, seeds: &[Vec<u8>], enough: impl Fn(u64) -> bool, seed: u64) -> Result<u64, String> {
    let mut random = Random(seed | 1);
    let mut ran = 0;
    let mut check = |input: &[u8]| {
        ran += 1;
        try_input(target, input).map_err(|why| {
            let kept = failures().join(format!("{name}-{seed}-{ran}"));
            let place = fs::create_dir_all(failures()).and_then(|()| fs::write(&kept, input));
            format!("{name}, input {ran} of seed {seed}: {why}; kept: {place:?} {}: {:?}", kept.display(), String::from_utf8_lossy(input))
        })
    };
    for input in seeds {
        check(input)?;
    }
    let mut mutations = 0;
    while !enough(mutations) {
        check(&mutate(seeds, &mut random))?;
        mutations += 1;
    }
    Ok(ran)
}

#[test]
fn every_target_survives_its_corpus_and_mutations_of_it() {
    let seconds =
        std::env::var("ROSTERCTL_FUZZ_SECONDS").ok().map(|s| s.parse::<u64>().expect("ROSTERCTL_FUZZ_SECONDS is a number of seconds"));
    // A plain run and one of `./test` try the same inputs every time; others look where nobody looked before.
    let given = std::env::var("PROPTEST_RNG_SEED").ok().map(|s| s.parse::<u64>().expect("PROPTEST_RNG_SEED is a number"));
    let seed = given.unwrap_or_else(|| seconds.map_or(1, |_| std::time::UNIX_EPOCH.elapsed().map_or(1, |t| t.as_secs())));
    let next = AtomicUsize::new(0);
    // The targets share the processors, one target on each at a time.
    let work = || {
        let mut failed = Vec::new();
        while let Some((name, target)) = TARGETS.get(next.fetch_add(1, Ordering::Relaxed)) {
            let began = Instant::now();
            let enough =
                |cases: u64| seconds.map_or(cases >= CASES, |s| began.elapsed() >= Duration::from_secs(s) && cases >= s * FEWEST_A_SECOND);
            match drive(name, *target, &corpus(name), enough, seed) {
                Ok(ran) => println!("fuzz {name}: {ran} inputs in {:.1} s, seed {seed}, no failure", began.elapsed().as_secs_f64()),
                Err(why) => failed.push(why),
            }
        }
        failed
    };
    let failed: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..thread::available_parallelism().map_or(1, NonZero::get)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a failure is caught where it happens")).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_target_is_a_program_of_cargo_fuzz_too() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml")).expect("it is there");
    let programs: Vec<&str> = manifest.split("[[bin]]").skip(1).filter_map(|bin| bin.split('"').nth(1)).collect();
    assert_eq!(programs, TARGETS.map(|(name, _)| name));
}

#[test]
fn a_target_that_panics_on_a_rare_input_is_caught() {
    let fragile: Target = |bytes| assert!(!bytes.contains(&b'('), "control");
    let found = drive("control", fragile, &[b"abc".to_vec()], |cases| cases >= 10_000, 1);
    assert!(found.is_err_and(|why| why.contains("panicked")), "the driver finds no bracket in 10,000 mutations");
}
