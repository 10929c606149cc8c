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

// X-5: a change over HTTP, and one that is refused, are in the user log with the address that the request came from.
#[test]
fn the_user_log_says_from_which_address_a_request_came() {
    let served = Served::start(1024, "2>/dev/null");
    let new = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"joy@lakeside.example","roles":[{"value":"staff"}]}"#;
    for (body, status) in [(new, "201"), (new, "409"), ("{}", "400")] {
        let headers = format!(
            "Authorization: Bearer {}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n",
            served.token(),
            body.len()
        );
        let answer = served.send_with("POST /lakeside/scim/v2/Users", &headers, body);
        assert_eq!(answer.split(' ').nth(1), Some(status), "{answer}");
    }
    let log = served.ask("/lakeside/api/v1/log").unwrap();
    assert_eq!(log.matches("\"origin\":\"127.0.0.1\"").count(), 3, "{log}");
    ends(served);
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
