//! Only a few files open connections, each to an address that the operator configured (J1): nothing that a caller sends is fetched.

use crate::source::{Source, src};

/// The ways to open a connection: of the HTTP client, of mail, and by hand.
const OPENING: [&str; 8] = [
    "reqwest::",
    "hyper_util::client",
    "TcpStream::connect",
    "UdpSocket",
    "UnixStream",
    "AsyncSmtpConnection",
    "SmtpTransport",
    "lookup_host",
];

/// The files that may, and whom they reach: the server that a roster names, the provider for text messages, and the mail server.
const MAY: [&str; 3] = ["src/directory/http.rs", "src/server/members/mail/gateway.rs", "src/server/members/mail/smtp.rs"];

/// Lists where a file opens connections that may not.
fn openings(source: &Source) -> Vec<String> {
    if MAY.contains(&source.path.as_str()) || source.is_test() {
        return Vec::new();
    }
    let opens = |line: &str| OPENING.iter().find(|word| line.contains(**word)).copied();
    let lines = source.code().into_iter().filter_map(|(at, line)| Some(format!("{}:{at}: {}", source.path, opens(line)?)));
    lines.collect()
}

#[test]
fn only_the_edges_open_connections() {
    let sources = src();
    let found: Vec<String> = sources.iter().flat_map(openings).collect();
    assert!(found.is_empty(), "{found:#?}");
    for path in MAY {
        assert!(sources.iter().any(|source| source.path == path), "{path} is gone");
    }
    let bad = Source::snippet("src/server/api/fetch.rs", "fn f() { reqwest::get(url) }\n");
    assert_eq!(openings(&bad).len(), 1);
}
