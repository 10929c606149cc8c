//! A record of cases: a line each in the repository, their whole texts below `target`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::bless;

/// The output of one run.
pub(crate) struct Said {
    /// The run, in a few words.
    pub(crate) what: String,
    /// Its exit code.
    pub(crate) exit: i32,
    /// The text that it wrote, masked.
    pub(crate) text: String,
}

/// All that was said in one case.
pub(crate) struct Case {
    /// Its name.
    pub(crate) name: String,
    /// The runs, in order.
    pub(crate) said: Vec<Said>,
}

impl Case {
    fn line(&self) -> String {
        let mut line = self.name.clone();
        for said in &self.said {
            let hash = Sha256::digest(said.text.as_bytes());
            let digits = &data_encoding::HEXLOWER.encode(&hash)[..10];
            write!(line, " | {} {} {digits}", said.what, said.exit).expect("a string takes all");
        }
        line
    }

    fn whole(&self) -> String {
        let parts = self.said.iter().map(|said| format!("== {}: exit {}\n{}", said.what, said.exit, said.text));
        parts.collect()
    }
}

/// Compares the cases with the record of that name, and says what differs.
pub(crate) fn compare(record: &str, cases: &[Case]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(format!("tests/pins/{record}.txt"));
    let mut lines: Vec<String> = cases.iter().map(Case::line).collect();
    lines.sort();
    let found = lines.join("\n") + "\n";
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    let agrees = bless::agrees(&path, &found);
    let known: BTreeMap<&str, &str> = recorded.lines().filter_map(|line| Some((line.split(" | ").next()?, line))).collect();
    let mut wrong = String::new();
    for case in cases {
        let kept = texts(record).join(format!("{}.txt", case.name.replace('/', "_")));
        let is_same = known.get(case.name.as_str()).is_some_and(|line| *line == case.line());
        if !is_same {
            let before = fs::read_to_string(&kept).unwrap_or_default();
            writeln!(wrong, "--- {record}: {}\n{}", case.name, bless::difference(&before, &case.whole())).expect("a string takes all");
        }
        if is_same || bless::blessing() {
            fs::create_dir_all(texts(record)).expect("the folder can be made");
            fs::write(&kept, case.whole()).expect("the text can be kept");
        }
    }
    println!("{} cases of {record}", cases.len());
    assert!(agrees, "{record}.txt is of another program. Where `target/pins` was empty, run this on the commit before first.\n{wrong}");
}

/// Returns where the whole texts of a record are kept.
fn texts(record: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pins").join(record)
}

/// Does all of them, some beside each other, and keeps their order.
pub(crate) fn beside<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get) * 2;
    let share = all.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let shares: Vec<_> = all.chunks(share).map(|some| scope.spawn(|| some.iter().map(&work).collect::<Vec<R>>())).collect();
        shares.into_iter().flat_map(|share| share.join().expect("no panic")).collect()
    })
}
