//! The client against lists without an end, and against a very long one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use rosterctl::directory::{Reader, ScimDirectory, Transport, TransportError};
use rosterctl::model::{Completeness, Oddity, PartialCause, SecondRead};

use crate::lousy_server::server;

/// A server that lists users in pages of one size.
#[derive(Clone, Copy)]
struct Pages {
    size: usize,
    /// The number of users; no end if there is no number.
    users: Option<usize>,
    /// The total that it announces with the page that begins here, if any.
    total: fn(usize) -> Option<usize>,
    cursors: Cursors,
    /// The time that each page takes.
    wait: Duration,
}

/// The next page that each page names, and what is on it.
#[derive(Clone, Copy, PartialEq)]
enum Cursors {
    /// None: pages are asked for by index.
    None,
    /// Always the same one; every page is the first one.
    Same,
    /// A new one each time; every page is the first one.
    New,
    /// A new one each time, and other users.
    Onward,
    /// A new one each time; one page in four repeats the page before. The list ends.
    Repeating,
}

/// The server, with the number of pages that were asked for.
struct Asked(Pages, Arc<AtomicUsize>);

impl Transport for Asked {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let answer = |status: u16, body: String| Ok(http::Response::builder().status(status).body(Bytes::from(body)).unwrap());
        if !request.uri().path().ends_with("/Users") {
            return answer(404, String::new());
        }
        self.1.fetch_add(1, Ordering::Relaxed);
        let Self(Pages { size, users, total, cursors, wait }, _) = *self;
        tokio::time::sleep(wait).await;
        let query = request.uri().query().unwrap_or_default();
        let asked = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.parse::<usize>().ok());
        let turned = asked("cursor=").unwrap_or(0);
        let place = turned / 4 * 3 + [0, 1, 1, 2][turned % 4];
        let (start, next) = match cursors {
            Cursors::None => (asked("startIndex=").map_or(1, |start| start.max(1)), None),
            Cursors::Same => (1, Some(7)),
            Cursors::New => (1, Some(turned + 1)),
            Cursors::Onward => (turned * size + 1, Some(turned + 1)),
            Cursors::Repeating => (place * size + 1, Some(turned + 1).filter(|_| users.is_none_or(|users| (place + 1) * size < users))),
        };
        let end = users.map_or(start + size, |users| (start + size).min(users + 1));
        let user = |n: usize| format!("{{\"id\":\"{n}\",\"userName\":\"u{n}@glow.example\",\"active\":true}}");
        let page: Vec<String> = (start..end).map(user).collect();
        let next = next.map(|next| format!(",\"nextCursor\":\"{next}\"")).unwrap_or_default();
        let total = total(start).map(|total| format!("\"totalResults\":{total},")).unwrap_or_default();
        answer(200, format!("{{{total}\"Resources\":[{}]{next}}}", page.join(",")))
    }
}

/// Reads everything; returns the users, or the error, and how many pages were asked for.
async fn read(pages: Pages) -> (Result<(usize, Completeness), String>, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let mut server = server();
    if !pages.wait.is_zero() {
        server.backoff.listing = Duration::from_secs(5);
    }
    let directory = ScimDirectory::connect(Asked(pages, Arc::clone(&asked)), server).await.unwrap();
    let read = directory.read().await.map(|actual| (actual.accounts.len(), actual.completeness)).map_err(|why| why.to_string());
    (read, asked.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_list_that_does_not_end_is_given_up_with_the_reason() {
    let endless = Pages { size: 250, users: None, total: |_| None, cursors: Cursors::None, wait: Duration::ZERO };
    let growing: fn(usize) -> Option<usize> = |start| Some(start + 1000);
    let cases = [
        (endless, "/Users is too long: 250,250 users on 1,001 pages were read, and at most 250,000 are", 1010),
        (
            Pages { size: 1, total: |_| Some(1_000_000_000), ..endless },
            "/Users is too long: 5,000 pages, with 5,000 users, were read, and it goes on",
            5010,
        ),
        (
            Pages { size: 1, total: growing, ..endless },
            "/Users is too long: 6,001 pages, with 6,001 users, were read, and it goes on",
            6010,
        ),
        (
            Pages { size: 1, total: |_| Some(250_000), ..endless },
            "/Users is too long: 15,000 pages, with 15,000 users, were read, and it goes on",
            15_010,
        ),
        (
            Pages { size: 10, total: |_| Some(100), wait: Duration::from_millis(100), cursors: Cursors::Onward, ..endless },
            "/Users takes too long: ",
            60,
        ),
        (
            Pages { total: |_| Some(100), cursors: Cursors::Onward, ..endless },
            "/Users does not end: the server announced 100 users and lists 10,250, so it is not read further",
            50,
        ),
        (
            Pages { cursors: Cursors::Same, ..endless },
            "/Users does not end: 250 users after 2 pages, and the server names a next page although nobody on this one is new",
            9,
        ),
        (
            Pages { cursors: Cursors::New, ..endless },
            "/Users does not end: 250 users after 27 pages, and the server names a next page although nobody on the last 26 is new",
            35,
        ),
    ];
    for (pages, why, most) in cases {
        let (read, asked) = read(pages).await;
        let said = read.unwrap_err();
        assert!(said.contains(why) && said.contains("ask the vendor of the server"), "{said}");
        assert!(asked <= most, "{why}: {asked} pages");
    }
}

#[tokio::test]
async fn a_long_list_that_ends_is_read_in_as_many_pages_as_it_has() {
    let thousand = Pages { size: 100, users: Some(100_000), total: |_| Some(100_000), cursors: Cursors::None, wait: Duration::ZERO };
    let small_pages = Pages { size: 10, users: Some(60_000), total: |_| Some(60_000), cursors: Cursors::None, wait: Duration::ZERO };
    for (pages, users, least) in [(thousand, 100_000, 1000), (small_pages, 60_000, 6000)] {
        let (read, asked) = read(pages).await;
        assert_eq!(read, Ok((users, Completeness::Complete)));
        assert!((least..least + 10).contains(&asked), "{asked} pages");
    }
}

// Somebody was added or moved while the list was read: the page that follows begins anew with people who are known.
#[tokio::test]
async fn pages_that_repeat_the_one_before_do_not_end_a_list_that_names_a_new_page() {
    for total in [|_| Some(60), |_| None] {
        let (read, asked) = read(Pages { size: 10, users: Some(60), total, cursors: Cursors::Repeating, wait: Duration::ZERO }).await;
        assert_eq!(read, Ok((60, Completeness::Complete)));
        assert!((8..20).contains(&asked), "{asked} pages");
    }
}

#[tokio::test]
async fn a_total_that_cannot_be_true_makes_a_list_partial_and_forbids_nothing_else() {
    let total = 2_147_483_647;
    let (read, _) =
        read(Pages { size: 10, users: Some(60), total: |_| Some(2_147_483_647), cursors: Cursors::None, wait: Duration::ZERO }).await;
    let early = Oddity::EndedEarly { listed: 60, total };
    let why = PartialCause::Odd { endpoint: "/Users".to_owned(), first: early.clone(), second: SecondRead::Odd(early) };
    assert_eq!(read, Ok((60, Completeness::Partial { why })));
}
