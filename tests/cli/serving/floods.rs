//! Many who sign in at the same time, and guesses from many network addresses.

use std::path::Path;
use std::process::Command;

use super::served::Served;
use crate::soak::{Trials, rounds};

const BEHIND: &str = "public_url: https://staff.practice.example/\nproxies: [127.0.0.1]\n";
const WORDS: &str = "tram lens moss 8";
const MIB: u64 = 1024 * 1024;
/// The memory of a password's hash.
const HASH: u64 = 19 * MIB;

/// Sends a form from a network address; returns status and head of the answer.
fn post(served: &Served, path: &str, from: &str, cookies: &str, form: &[(&str, &str)]) -> (u16, String) {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let headers = format!(
        "Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: {from}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{cookies}",
        form.len()
    );
    let answer = served.send_with(&format!("POST {path}"), &headers, &form);
    let head = answer.split("\r\n\r\n").next().unwrap().to_owned();
    (head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0), head)
}

/// Network addresses that are not each other's.
fn address(n: usize) -> String {
    format!("203.0.{}.{}", n / 250, n % 250 + 1)
}

/// The main admin chooses a password.
fn set_up(served: &Served) {
    let config = served.path().join("server.yaml");
    let made = Command::new(env!("CARGO_BIN_EXE_rosterctl")).args(["set-up-link", "lakeside", "--config"]).arg(config).output().unwrap();
    let link = String::from_utf8(made.stdout).unwrap();
    let path = format!("/lakeside/set-up/{}", link.trim().rsplit('/').next().unwrap());
    let (status, head) = post(served, &path, "198.51.100.1", "", &[("new-password", WORDS)]);
    assert_eq!(status, 303, "{head}");
}

fn rows(served: &Served, detail: &str) -> usize {
    served.ask("/lakeside/api/v1/log").unwrap().matches(detail).count()
}

// E1, E2, E3, E4: the count is the account's, wherever the guesses come from; and its owner comes in where the password was typed before.
#[test]
fn guesses_from_many_addresses_have_one_count_and_do_not_lock_the_owner_out() {
    let served = Served::configured(BEHIND);
    set_up(&served);
    let right = [("email", "iyer@lakeside.example"), ("password", WORDS)];
    let (status, head) = post(&served, "/lakeside/sign-in", "198.51.100.1", "", &right);
    let mut cookies = head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")).filter_map(|cookie| cookie.split(';').next());
    let known = cookies.find(|cookie| cookie.starts_with("__Host-rosterctl_known-")).expect("a known browser");
    assert_eq!(status, 303);
    let (mut trials, addresses) = (Trials::default(), rounds("E1, E3", 200, 1_000));
    for n in addresses.each() {
        let form = [("email", "iyer@lakeside.example"), ("password", "kelp dune wick 5")];
        let status = post(&served, "/lakeside/sign-in", &address(n), "", &form).0;
        trials.count(status == 422, || format!("{n}: {status}"));
    }
    let addresses = trials.tried();
    assert_eq!(rows(&served, "\"a wrong password\""), 5, "so many were compared");
    assert_eq!(post(&served, "/lakeside/sign-in", &address(addresses), "", &right).0, 422, "an unknown browser waits");
    let cookie = format!("Cookie: {known}\r\n");
    assert_eq!(post(&served, "/lakeside/sign-in", &address(addresses), &cookie, &right).0, 303, "the browser that is known");
    trials.covered("E1, E3", "wrong passwords for one account, each from another network address, of which 5 were compared");
}

/// A figure of a process, in bytes.
fn memory(id: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {status}"));
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

// N1: memory is that of as many hashes as there are cores, however many sign in; the others learn when to come again.
#[test]
fn a_flood_of_sign_ins_needs_no_more_memory_than_its_cores() {
    let served = Served::configured(BEHIND);
    set_up(&served);
    let idle = memory(served.child.id(), "VmRSS:");
    let cores = std::thread::available_parallelism().unwrap().get();
    let people = rounds("N1", 200, 2_000).most().max(40 * cores);
    let answers: Vec<(u16, String)> = std::thread::scope(|scope| {
        let served = &served;
        let all: Vec<_> = (0..people)
            .map(|n| {
                scope.spawn(move || {
                    let email = format!("member{n}@lakeside.example");
                    post(served, "/lakeside/sign-in", &address(n), "", &[("email", &email), ("password", "kelp dune wick 5")])
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let (peak, most) = (memory(served.child.id(), "VmHWM:"), idle + u64::try_from(cores).unwrap() * HASH + 64 * MIB);
    assert!(peak <= most, "{peak} bytes, {most} are allowed");
    let busy = answers.iter().filter(|(status, _)| *status == 503).count();
    assert!(busy > 0 && answers.len() - busy >= 2 * cores, "N1 is void: {busy} of {people} found no place, so that it was not a flood");
    let mut trials = Trials::default();
    for (status, head) in &answers {
        trials.count(*status == 422 || (*status == 503 && head.contains("retry-after: 1")), || head.clone());
    }
    assert_eq!(post(&served, "/lakeside/sign-in", "198.51.100.1", "", &[("email", "iyer@lakeside.example"), ("password", WORDS)]).0, 303);
    let what = format!(
        "sign-ins at the same time at 19 MiB each; {busy} had to come again, and the server needed {} MiB above idle",
        (peak - idle) / MIB
    );
    trials.measured("N1", &what);
}
