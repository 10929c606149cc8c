//! The client against lists without an end, and against a very long one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use rosterctl::directory::{Reader, ScimDirectory, Transport, TransportError};
use rosterctl::model::Completeness;

use crate::lousy_server::server;

/// A server that lists users in pages of one size.
#[derive(Clone, Copy)]
struct Pages {
    size: usize,
    /// How many users there are; no end if there is no number.
    users: Option<usize>,
    /// The total that it announces with the page that begins here, if any.
    total: fn(usize) -> Option<usize>,
    /// Whether every page is the first one, and names a next one.
    is_one_page: bool,
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
        let Self(Pages { size, users, total, is_one_page }, _) = *self;
        let query = request.uri().query().unwrap_or_default();
        let start: usize = query.split('&').find_map(|part| part.strip_prefix("startIndex=")?.parse().ok()).unwrap_or(1);
        let end = users.map_or(start + size, |users| (start + size).min(users + 1));
        let user = |n: usize| format!("{{\"id\":\"{n}\",\"userName\":\"u{n}@glow.example\",\"active\":true}}");
        let page: Vec<String> = (start..end).map(user).collect();
        let next = if is_one_page { ",\"nextCursor\":\"again\"" } else { "" };
        let total = total(start).map(|total| format!("\"totalResults\":{total},")).unwrap_or_default();
        answer(200, format!("{{{total}\"Resources\":[{}]{next}}}", page.join(",")))
    }
}

/// Reads everything; returns the users, or the error, and how many pages were asked for.
async fn read(pages: Pages) -> (Result<(usize, Completeness), String>, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let directory = ScimDirectory::connect(Asked(pages, Arc::clone(&asked)), server()).await.unwrap();
    let read = directory.read().await.map(|actual| (actual.accounts.len(), actual.completeness)).map_err(|why| why.to_string());
    (read, asked.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_list_that_does_not_end_is_given_up_with_the_reason() {
    let endless = Pages { size: 250, users: None, total: |start| Some(start + 1000), is_one_page: false };
    let cases = [
        (
            Pages { total: |_| Some(1_000_000_000), ..endless },
            "/Users is too long: the server announces 1000000000, and at most 250000 are read",
            9,
        ),
        (Pages { total: |_| None, ..endless }, "/Users does not end: 250250 after 1001 pages, and at most 250000 are read", 1010),
        (Pages { size: 1, ..endless }, "/Users does not end: at most 5000 pages are read", 5010),
        (Pages { is_one_page: true, ..endless }, "/Users does not end: after 2 pages with 250, the next ones have nothing new", 9),
    ];
    for (pages, why, most) in cases {
        let (read, asked) = read(pages).await;
        let said = read.unwrap_err();
        assert!(said.contains(why), "{said}");
        assert!(asked <= most, "{why}: {asked} pages");
    }
}

#[tokio::test]
async fn a_hundred_thousand_users_are_read_in_a_thousand_pages() {
    let (read, asked) = read(Pages { size: 100, users: Some(100_000), total: |_| Some(100_000), is_one_page: false }).await;
    assert_eq!(read, Ok((100_000, Completeness::Complete)));
    assert!((1000..1010).contains(&asked), "{asked} pages");
}
