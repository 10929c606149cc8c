//! Measures what `docs/performance.md` promises, and fails if a limit is missed.
//!
//! `cargo bench --bench roster` measures everything; names after `--` choose parts: load, plan, import, review, apply, memory, example. Each
//! measurement alternates with its yardstick, so that the ratios are correct on a busy machine too.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures this machine's time")]
#![expect(clippy::cast_precision_loss, reason = "figures are shown with few digits")]

mod baseline;
mod generate;
mod import;
mod measure;
mod process;
mod review;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use measure::{Report, Times, Took, by_turns, once};
use rosterctl::directory::Reader as _;
use rosterctl::model::OpOutcome;
use tokio::runtime::Runtime;

/// The program's allocator, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One user in this many differs between the YAML and the workspace.
const EDITED: usize = 100;

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    // As in the program for one workspace, everything runs on this thread.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let mut report = Report::default();
    println!("{}\n\n| what | measured | limit | |\n|---|---|---|---|", machine());
    for (name, section) in SECTIONS {
        if chosen.is_empty() || chosen.iter().any(|c| c == name) {
            section(&runtime, &mut report);
        }
    }
    if report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

type Section = fn(&Runtime, &mut Report);

const SECTIONS: [(&str, Section); 7] = [
    ("load", load),
    ("plan", plan),
    ("import", import::section),
    ("review", review::section),
    ("apply", apply),
    ("memory", memory),
    ("example", example),
];

/// Measures loading and validating, compared with the YAML library alone.
fn load(_: &Runtime, report: &mut Report) {
    for (users, repetitions) in [(100, 7), (10_000, 7), (100_000, 3)] {
        let files = generate::roster(users, 0);
        let sources = world::sources(&files);
        // Processor time has steps of 10 ms, so shorter work is repeated.
        let times = (10_000 / users).max(1);
        let (ours, theirs) =
            by_turns(repetitions, || repeated(times, || world::load(&sources)), || repeated(times, || baseline::yaml(&files)));
        report.note(&format!("{users} users are {} bytes each; load and validate, {times} times", size(&files) / users), &ours.shown());
        report.note(&format!("{users} users, the YAML library alone, {times} times"), &theirs.shown());
        report.at_most(&format!("{users} users: load and validate, of the YAML library's processor time"), over(&ours, &theirs), 2.0, "x");
    }
}

/// Repeats the same work and returns the last result.
fn repeated<T>(times: usize, mut work: impl FnMut() -> T) -> Option<T> {
    let mut made = None;
    for _ in 0..times {
        made = Some(std::hint::black_box(work()));
    }
    made
}

/// Measures the parts of planning, and the whole compared with parsing the YAML and reading the rows.
fn plan(runtime: &Runtime, report: &mut Report) {
    let mut per_user = Vec::new();
    for (users, repetitions) in [(1_000, 21), (10_000, 9), (100_000, 5)] {
        let folder = Folder::new();
        let settled = world::load(&world::sources(&generate::roster(users, 0)));
        for desired in &settled.workspaces {
            runtime.block_on(world::settle(&folder.0, desired));
        }
        drop(settled);
        let files = generate::roster(users, EDITED);
        let sources = world::sources(&files);
        let mut parts: [Vec<Took>; 4] = Default::default();
        let (ours, theirs) = by_turns(
            repetitions,
            || {
                let mut took = [Took::default(); 4];
                let mut roster = None;
                took[0] = once(|| roster = Some(world::load(&sources)));
                let mut plans = Vec::new();
                for desired in &roster.as_ref().expect("it was just loaded").workspaces {
                    let (mut actual, mut plan, mut approved) = (None, None, None);
                    took[1] += once(|| actual = Some(runtime.block_on(world::read(&folder.0, desired))));
                    let actual = actual.expect("it was just read");
                    took[2] += once(|| plan = Some(rosterctl::reconcile::diff(desired, &actual)));
                    let plan = plan.expect("it was just made");
                    took[3] += once(|| approved = Some(world::approve(desired, &actual, plan)));
                    plans.push(approved);
                }
                for (all, one) in parts.iter_mut().zip(took) {
                    all.push(one);
                }
                plans
            },
            || (baseline::yaml(&files), runtime.block_on(all_rows(&folder.0, files.len()))),
        );
        let [load, read, diff, approve] = parts.map(Times::of);
        for (what, times) in [("load and validate", &load), ("open and read", &read), ("diff", &diff), ("approve", &approve)] {
            let share = 100.0 * over(times, &ours);
            report.note(&format!("{users} users, {what}"), &format!("{}, {share:.1} % of the plan", times.shown()));
        }
        report.note(&format!("{users} users, the whole plan"), &ours.shown());
        report.note(&format!("{users} users, YAML parsed and the same rows read by plain sqlx"), &theirs.shown());
        report.at_most(
            &format!("{users} users: plan, of the processor time of parsing and reading rows alone"),
            over(&ours, &theirs),
            2.5,
            "x",
        );
        if users == 100_000 {
            report.at_most(&format!("{users} users: diff, of the plan's processor time"), 100.0 * over(&diff, &ours), 5.0, " %");
        }
        per_user.push(ours.processor() / users as f64);
    }
    report.note(
        "processor time of a plan per user, at 1,000 and at 100,000 users",
        &format!("{:.1} and {:.1} µs", per_user[0] * 1e6, per_user[2] * 1e6),
    );
    report.at_most("plan, processor time per user at 100,000 of that at 1,000", per_user[2] / per_user[0], 1.3, "x");
}

async fn all_rows(folder: &Path, workspaces: usize) -> Vec<baseline::AccountRow> {
    let mut rows = Vec::new();
    for at in 0..workspaces {
        rows.append(&mut baseline::rows(&folder.join(format!(".rosterctl/practice-{at}.db"))).await);
    }
    rows
}

/// Measures 10,000 invitations, compared with a loop of plain transactions that writes the same rows.
fn apply(runtime: &Runtime, report: &mut Report) {
    let users = generate::MOST_IN_A_FILE;
    let roster = world::load(&world::sources(&generate::roster(users, 0)));
    let desired = &roster.workspaces[0];
    let together = world::PARALLELISM;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let mut invited = 0;
    for _ in 0..3 {
        let folder = Folder::new();
        let (store, directory, actual) = runtime.block_on(async {
            world::make(&folder.0, desired).await;
            let (store, directory) = world::open(&folder.0, desired).await;
            let actual = directory.read().await.expect("the workspace can be read");
            (store, directory, actual)
        });
        let approved = world::approve(desired, &actual, rosterctl::reconcile::diff(desired, &actual));
        let mut receipt = None;
        ours.push(once(|| receipt = Some(runtime.block_on(world::write(&folder.0, &directory, &approved)))));
        runtime.block_on(store.close());
        let records = receipt.expect("it was just written").records;
        let left: Vec<_> = records.iter().filter(|r| !matches!(r.outcome, OpOutcome::Done { .. })).take(3).collect();
        assert!(left.is_empty(), "every change is made: {left:?}");
        let (batch, path, other) = runtime.block_on(async {
            let batch = baseline::rows_of_invitations(&world::store_path(&folder.0, desired)).await;
            invited = batch.len();
            let other = Folder::new();
            world::make(&other.0, desired).await;
            let path = world::store_path(&other.0, desired);
            (batch, path, other)
        });
        bare.push(once(|| runtime.block_on(batch.write(&path, together))));
        drop(other);
    }
    let (ours, theirs) = (Times::of(ours), Times::of(bare));
    let rate = |times: &Times| format!("{}, {:.0} a second", times.shown(), invited as f64 / times.median().as_secs_f64());
    report.note(&format!("apply of {invited} invitations, {together} at a time"), &rate(&ours));
    report.note(&format!("the same rows by plain sqlx, {together} invitations a transaction"), &rate(&theirs));
    report.at_least("apply, of the bare batch's speed", theirs.median().as_secs_f64() / ours.median().as_secs_f64(), 0.25, "x");
}

/// Measures the most memory that `rosterctl plan` uses, above that of a roster with one user.
fn memory(runtime: &Runtime, report: &mut Report) {
    let mut peaks = Vec::new();
    for users in [1, 10_000, 100_000] {
        let folder = Folder::new();
        let settled = world::load(&world::sources(&generate::roster(users, 0)));
        for desired in &settled.workspaces {
            runtime.block_on(world::settle(&folder.0, desired));
        }
        drop(settled);
        generate::write(&folder.0, &generate::roster(users, EDITED));
        // The median of five, because the time at which freed memory returns to the system varies.
        let mut peaks_seen: Vec<u64> = (0..5)
            .map(|_| process::peak(&folder.0, &["plan"]))
            .map(|(bytes, status)| {
                assert!(status.success(), "the plan is made");
                bytes
            })
            .collect();
        peaks_seen.sort_unstable();
        let bytes = peaks_seen[2];
        report.note(&format!("`rosterctl plan`, {users} users, most memory"), &format!("{:.1} MB", bytes as f64 / 1e6));
        peaks.push((users, bytes));
    }
    for (users, bytes) in &peaks[1..] {
        let per_user = (bytes - peaks[0].1) as f64 / *users as f64;
        report.at_most(&format!("`rosterctl plan`, {users} users: memory a user"), per_user, 3000.0, " bytes");
    }
}

/// Measures the whole program, from start to exit, on the example with twelve people.
fn example(_: &Runtime, report: &mut Report) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/glow");
    let all = (0..20).map(|_| process::wall(&folder, &["plan"])).map(|(wall, status)| {
        assert!(status.success(), "the plan of the example is made");
        Took { wall, ..Took::default() }
    });
    let times = Times::of(all.collect());
    report.at_most("`rosterctl plan examples/glow`", times.median().as_secs_f64() * 1e3, 50.0, " ms");
}

/// A folder that is deleted when it is dropped. It is on the disk of the build, not in memory, so that a commit has its real cost.
struct Folder(PathBuf, #[expect(dead_code, reason = "removes the folder when dropped")] tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let made = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
        Self(made.path().to_owned(), made)
    }
}

/// Returns the ratio of two processor times, which leaves out other work of the machine.
fn over(a: &Times, b: &Times) -> f64 {
    a.processor() / b.processor()
}

fn size(files: &[generate::File]) -> usize {
    files.iter().map(|f| f.text.len()).sum()
}

/// Returns the processor and its cores, if the system says.
fn machine() -> String {
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = about.lines().find_map(|l| l.strip_prefix("model name")?.split_once(':').map(|(_, n)| n.trim().to_owned()));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores", name.unwrap_or_else(|| "unknown processor".to_owned()))
}
