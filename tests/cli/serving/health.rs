//! The questions of monitors, without a token.

use std::io::ErrorKind;

use rosterctl::server;

use super::served::Served;
use super::signals::unfinished;

/// Every route that needs no token. Another one is another decision.
const PUBLIC: [&str; 3] = ["/health", "/healthz", "/readyz"];

#[test]
fn monitors_ask_without_a_token_and_learn_nothing_else() {
    let paths: Vec<&str> = server::public_routes().map(|route| route.path).collect();
    assert_eq!(paths, PUBLIC);
    let served = Served::start(1024, "2>/dev/null");
    for path in PUBLIC {
        let answer = served.send(&format!("GET {path}"), "").unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
        assert!(["ok\n", "ready\n"].contains(&body), "{path}: {body}");
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = served.send(&format!("{method} {path}"), "").unwrap();
            assert!(answer.starts_with("HTTP/1.1 405 "), "{method} {path}: {answer}");
        }
        assert!(served.send(&format!("GET {path}/Users"), "").unwrap().starts_with("HTTP/1.1 401 "), "{path} belongs to no workspace");
    }
}

#[test]
fn a_server_that_is_stopping_lives_and_is_not_ready() {
    let mut served = Served::start(1024, "2>/dev/null");
    assert_eq!(served.status("/readyz").unwrap(), 200);
    let stream = unfinished(&served);
    served.signal("TERM");
    // A connection that comes while the server notices the signal can be closed without an answer.
    while served.status("/readyz").map_err(|why| assert_ne!(why.kind(), ErrorKind::ConnectionRefused)) != Ok(503) {}
    assert_eq!(served.status("/healthz").unwrap(), 200);
    let refused = served.ask("/lakeside/scim/v2/Users").unwrap();
    assert!(refused.starts_with("HTTP/1.1 503 ") && refused.to_ascii_lowercase().contains("retry-after: 1"), "{refused}");
    assert!(served.ended().0.success());
    drop(stream);
}
