//! Measures the speed of the server beside that of what it must do in any case, and fails if a limit is missed.
//!
//! `cargo bench --bench server` measures everything; names after `--` choose parts: logins, sessions, blocks. A number there, such as 10, is
//! how many percent of the usual counts are run. Each measurement alternates with its yardstick. Invitations are measured by the part `apply`
//! of the bench `roster`.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures this machine's time")]
#![expect(clippy::cast_precision_loss, reason = "figures are shown with few digits")]

#[path = "../roster/measure.rs"]
mod measure;
mod served;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use futures::future::join_all;
use measure::{Report, by_turns};
use served::{PASSWORD, Served};
use tokio::runtime::Runtime;

/// The program's allocator, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Section = fn(&Runtime, &mut Report, usize);

const SECTIONS: [(&str, Section); 3] = [("logins", logins), ("sessions", sessions), ("blocks", blocks)];

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let percent = chosen.iter().find_map(|word| word.parse().ok()).unwrap_or(100);
    let is_all = chosen.iter().all(|word| word.parse::<usize>().is_ok());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime can be made");
    let mut report = Report::default();
    println!("{} cores, {percent} % of the counts\n\n| what | measured | limit | |\n|---|---|---|---|", cores());
    for (name, section) in SECTIONS {
        if is_all || chosen.iter().any(|word| word == name) {
            section(&runtime, &mut report, percent);
        }
    }
    if report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// So many of a usual count.
const fn share(count: usize, percent: usize) -> usize {
    let some = count * percent / 100;
    if some == 0 { 1 } else { some }
}

/// So many sign-ins at the same time for each core: while some wait for the disk, others keep the cores busy.
const SIGN_INS: usize = 4;

/// Measures sign-ins, some for each core at the same time, compared with comparing as many passwords and nothing else.
fn logins(runtime: &Runtime, report: &mut Report, percent: usize) {
    let served = Served::start(runtime);
    let each = share(40, percent);
    let clients = cores() * SIGN_INS;
    // Each has a browser in which the password was typed before, with a count of its own.
    let browsers: Vec<String> = (0..clients).map(|_| runtime.block_on(served.known_browser())).collect();
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).expect("the server's parameters"))
        .hash_password(PASSWORD.as_bytes())
        .expect("a hash")
        .to_string();
    let (ours, theirs) = by_turns(
        share(7, percent),
        || {
            runtime.block_on(join_all(browsers.iter().map(|browser| async {
                for _ in 0..each {
                    assert_eq!(served.sign_in(browser).await, 303, "everybody comes in");
                }
            })))
        },
        || {
            std::thread::scope(|scope| {
                for _ in 0..cores() {
                    scope.spawn(|| {
                        for _ in 0..each * SIGN_INS {
                            let known = PasswordHash::new(&hash).expect("a hash");
                            assert!(Argon2::default().verify_password(PASSWORD.as_bytes(), &known).is_ok());
                        }
                    });
                }
            });
        },
    );
    let all = (each * clients) as f64;
    report.note("sign-ins", &format!("{}, {:.1} a second", ours.shown(), all / ours.median().as_secs_f64()));
    report.note("argon2id alone", &format!("{}, {:.1} a second", theirs.shown(), all / theirs.median().as_secs_f64()));
    report.at_least("sign-ins, of the speed of argon2id alone", theirs.median().as_secs_f64() / ours.median().as_secs_f64(), 0.9, "x");
}

/// Clients that ask at the same time.
const CLIENTS: usize = 16;

/// Measures requests with a session, compared with those of a monitor that asks whether the database answers.
fn sessions(runtime: &Runtime, report: &mut Report, percent: usize) {
    let served = Served::start(runtime);
    let each = share(500, percent);
    let bearer = runtime.block_on(served.app_session());
    let ask = |path: &'static str, header: Option<&str>| {
        let clients = (0..CLIENTS).map(|_| async {
            for _ in 0..each {
                assert_eq!(served.get(path, header).await, 200, "{path}");
            }
        });
        runtime.block_on(join_all(clients))
    };
    let (ours, theirs) = by_turns(share(9, percent), || ask("/glow/api/v1/app/session", Some(&bearer)), || ask("/readyz", None));
    let all = (each * CLIENTS) as f64;
    report.note("session checks", &format!("{}, {:.0} a second", ours.shown(), all / ours.median().as_secs_f64()));
    report.note("`/readyz`", &format!("{}, {:.0} a second", theirs.shown(), all / theirs.median().as_secs_f64()));
    report.at_least("session checks, of the speed of `/readyz`", theirs.median().as_secs_f64() / ours.median().as_secs_f64(), 0.5, "x");
}

/// Blocks a member whose clients are busy, again and again, and counts the requests that began after the answer and were served.
fn blocks(runtime: &Runtime, report: &mut Report, percent: usize) {
    let served = Served::start(runtime);
    let blocks = share(1_000, percent);
    let (began, late) = runtime.block_on(async {
        let id = served.colleague().await;
        let (mut began, mut late) = (0, 0);
        for _ in 0..blocks {
            let token = served.colleagues_token();
            assert_eq!(served.get("/glow/scim/v2/Me", Some(&token)).await, 200, "open before");
            let is_out = Arc::new(AtomicBool::new(false));
            let clients = (0..4).map(|_| async {
                let (mut began, mut late) = (0_usize, 0_usize);
                while began < 3 {
                    let begins_after = is_out.load(Ordering::SeqCst);
                    let status = served.get("/glow/scim/v2/Me", Some(&token)).await;
                    began += usize::from(begins_after);
                    late += usize::from(begins_after && status == 200);
                }
                (began, late)
            });
            let block = async {
                served.block(&id, true).await;
                is_out.store(true, Ordering::SeqCst);
            };
            let (seen, ()) = futures::join!(join_all(clients), block);
            for (some, more) in seen {
                (began, late) = (began + some, late + more);
            }
            served.block(&id, false).await;
        }
        (began, late)
    });
    report.note("requests that began after the answer to a block", &format!("{began}, of {blocks} blocks"));
    report.at_most("requests served that began after the answer to a block", late as f64, 0.0, "");
}
