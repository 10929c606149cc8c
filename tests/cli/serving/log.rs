//! A log that cannot be written costs no request.

use std::io::{BufRead as _, BufReader};

use super::served::Served;

/// More lines than a pipe holds: 64 KiB on Linux.
const REQUESTS: usize = 2000;

fn lost(served: &Served, requests: usize) -> usize {
    (0..requests).filter(|_| served.status("/lakeside/scim/v2/ServiceProviderConfig").ok() != Some(200)).count()
}

fn ends(mut served: Served) {
    served.signal("TERM");
    let (status, _) = served.ended();
    assert!(status.success(), "{status}");
}

#[test]
fn a_full_disk_under_the_log_loses_no_request() {
    let served = Served::start(1024, "2>/dev/full");
    assert_eq!(lost(&served, 100), 0);
    ends(served);
}

#[test]
fn a_log_that_is_closed_loses_no_request() {
    let served = Served::start(1024, "2>&-");
    assert_eq!(lost(&served, 100), 0);
    ends(served);
}

#[test]
fn a_reader_of_the_log_that_goes_away_loses_no_request() {
    let mut served = Served::start(1024, "");
    let mut reader = BufReader::new(served.child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("http://") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "it does not say where it listens");
    }
    drop(reader);
    assert_eq!(lost(&served, 100), 0);
    ends(served);
}

#[test]
fn a_log_that_nobody_reads_holds_up_no_request() {
    let mut served = Served::start(1024, "");
    let pipe = served.child.stderr.take().unwrap();
    assert_eq!(lost(&served, REQUESTS), 0);
    ends(served);
    drop(pipe);
}

#[test]
fn the_log_has_a_line_for_each_request_and_says_how_many_are_missing() {
    let mut served = Served::start(1024, "");
    let pipe = served.child.stderr.take().unwrap();
    // More than the pipe and the queue behind it hold.
    let long = "x".repeat(1500);
    for _ in 0..REQUESTS {
        assert_eq!(served.status(&format!("/lakeside/scim/v2/{long}")).unwrap(), 404);
    }
    let mut lines = BufReader::new(pipe).lines().map_while(Result::ok);
    let missing = lines.by_ref().find(|line| line.contains("could not be written"));
    served.signal("TERM");
    let logged = lines.filter(|line| line.contains("/scim/v2/x")).count();
    assert!(missing.is_some() && logged < REQUESTS, "{missing:?} {logged}");
    ends(served);
}
