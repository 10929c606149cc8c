//! The ways in which the server ends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::served::Served;

/// A request whose body never ends.
pub(super) fn unfinished(served: &Served) -> TcpStream {
    let mut stream = TcpStream::connect(served.address).unwrap();
    let head = "POST /lakeside/scim/v2/Users HTTP/1.1\r\nHost: x\r\nContent-Type: application/scim+json\r\nContent-Length: 1000\r\n";
    write!(stream, "{head}Authorization: Bearer {}\r\n\r\n{{", served.token()).unwrap();
    // The request is in progress once the server has answered one that came after it.
    while served.status("/lakeside/scim/v2/Users").unwrap() != 200 {}
    std::thread::sleep(Duration::from_millis(500));
    stream
}

// N4: a client that sends half a body and then nothing gets an answer, and keeps the server from stopping for a few seconds only.
#[test]
fn a_signal_ends_the_server_within_its_deadline() {
    let mut served = Served::start(1024, "2>/dev/null");
    let mut stream = unfinished(&served);
    served.signal("TERM");
    let (status, took) = served.ended();
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(25), "{took:?}");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn a_second_signal_ends_the_server_immediately() {
    let mut served = Served::start(1024, "2>/dev/null");
    let stream = unfinished(&served);
    served.signal("TERM");
    std::thread::sleep(Duration::from_millis(500));
    assert!(served.child.try_wait().unwrap().is_none(), "it did not wait for the request");
    served.signal("TERM");
    let (status, took) = served.ended();
    assert_eq!(status.code(), Some(1));
    assert!(took < Duration::from_secs(15), "{took:?}");
    drop(stream);
}

#[test]
fn a_server_without_requests_ends_normally() {
    let mut served = Served::start(1024, "2>/dev/null");
    // A kept connection does not hold it up.
    let idle = TcpStream::connect(served.address).unwrap();
    assert_eq!(served.status("/lakeside/scim/v2/Users").unwrap(), 200);
    served.signal("INT");
    assert!(served.ended().0.success());
    drop(idle);
}
