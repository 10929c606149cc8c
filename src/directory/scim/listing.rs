//! Whole listings from servers that page well, badly or not at all (RFC 7644 section 3.4.2.4, RFC 9865).

use std::collections::HashSet;

use serde_json_borrow::Value;

use super::client::Client;
use super::discovery::Paging;
use super::page;
use crate::directory::{DirectoryError, Transport};
use crate::model::Completeness;
use crate::scim::Node;

/// Pages of one listing at most; a server that goes on for ever is not followed for ever.
const MOST_PAGES: usize = 20_000;
/// Resources that room is made for on the word of the server alone.
const RESERVED: usize = 100_000;
/// Resources of one listing at most.
const MOST: usize = 1_000_000;
/// How many resources more than it said a server may list before it is not followed any more.
const SURPLUS: usize = 10_000;
/// How many pages in a row may bring nothing new.
const MOST_EMPTY: usize = 100;

/// Everything a server listed.
pub(super) struct Listing<R> {
    /// In the server's order, each id once.
    pub(super) resources: Vec<R>,
    /// Whether it is trusted to be all.
    pub(super) completeness: Completeness,
    /// The server's time of the first answer, epoch milliseconds.
    pub(super) date: Option<i64>,
}

/// One walk through all pages.
struct Walk<R> {
    resources: Vec<R>,
    ids: HashSet<String>,
    date: Option<i64>,
    /// What the server said the total is, on its last page.
    total: Option<usize>,
    /// Why this walk alone proves nothing.
    odd: Option<String>,
    /// Whether the total changed on the way: then neither number is to be trusted.
    moved: bool,
}

/// What the next page is asked for by.
enum Next {
    Index(usize),
    Cursor(String),
}

/// Lists everything at an endpoint. `keep` takes a resource and makes of it what is needed.
///
/// One walk is not trusted when it ended early, was empty, or its total changed between pages: then there is a second one, and
/// only what that proves is complete (rule 7 of the core).
pub(super) async fn list<T: Transport, R>(
    client: &Client<T>,
    endpoint: &str,
    paging: Paging,
    mut keep: impl FnMut(&Value<'_>) -> Result<R, DirectoryError>,
) -> Result<Listing<R>, DirectoryError> {
    let first = walk(client, endpoint, paging, &mut keep).await?;
    let date = first.date;
    let Some(odd) = &first.odd else {
        return Ok(Listing { resources: first.resources, completeness: Completeness::Complete, date });
    };
    let again = walk(client, endpoint, paging, &mut keep).await?;
    // Two walks that found the same are a proof where there is no total to count by, or nobody at all.
    let agree = again.ids == first.ids && again.total == first.total && (again.total.is_none() || again.ids.is_empty());
    let settled = agree && again.total.is_none_or(|total| total == again.ids.len());
    let completeness = match again.odd {
        // The second walk has nothing odd about it, but not everybody that the first one saw: one of the two is wrong.
        None if !first.ids.is_subset(&again.ids) => {
            Completeness::Partial { why: format!("{endpoint}: {odd}, and the second reading lacks some of the first") }
        }
        // Whoever was counted the first time and never seen may be there still.
        None if !first.moved && again.total < first.total => Completeness::Partial {
            why: format!("{endpoint}: {odd}, and the second reading counts fewer: {}", again.total.unwrap_or_default()),
        },
        None => Completeness::Complete,
        Some(_) if settled => Completeness::Complete,
        Some(why) if why == *odd => Completeness::Partial { why: format!("{endpoint}: {why}, twice") },
        Some(why) => Completeness::Partial { why: format!("{endpoint}: {odd}, and on the second reading {why}") },
    };
    Ok(Listing { resources: again.resources, completeness, date: again.date })
}

async fn walk<T: Transport, R>(
    client: &Client<T>,
    endpoint: &str,
    paging: Paging,
    keep: &mut impl FnMut(&Value<'_>) -> Result<R, DirectoryError>,
) -> Result<Walk<R>, DirectoryError> {
    let mut walk = Walk { resources: Vec::new(), ids: HashSet::new(), date: None, total: None, odd: None, moved: false };
    let mut next = if paging.cursor { Next::Cursor(String::new()) } else { Next::Index(1) };
    let mut idle = 0;
    for page_number in 0..MOST_PAGES {
        let query = match &next {
            Next::Index(start) => format!("startIndex={start}&count={}", paging.size),
            Next::Cursor(cursor) => format!("cursor={}&count={}", encoded(cursor), paging.size),
        };
        let answer = client.get(&client.below(&format!("{endpoint}?{query}"))).await?;
        if !answer.status.is_success() {
            return Err(answer.refusal());
        }
        if page_number == 0 {
            walk.date = answer.date();
        }
        let before = walk.ids.len();
        let Walk { resources, ids, .. } = &mut walk;
        let page = page::read(&answer, &mut |resource| {
            let id = resource.member("id").and_then(id_text).ok_or_else(|| DirectoryError::Protocol {
                why: format!("a resource of {endpoint} has no id: is the address a SCIM base URL?"),
            })?;
            if ids.insert(id) {
                resources.push(keep(resource)?);
            }
            Ok(())
        })?;
        if let (Some(then), Some(now)) = (walk.total, page.total)
            && then != now
        {
            walk.moved = true;
            walk.odd = Some(format!("the total changed from {then} to {now} between pages"));
        }
        if let (0, Some(total)) = (page_number, page.total) {
            // All the room at once: a growing list is held twice while it moves.
            let more = total.min(RESERVED).saturating_sub(walk.resources.len());
            walk.resources.reserve_exact(more);
            walk.ids.reserve(more);
        }
        walk.total = page.total.or(walk.total);
        let fresh = walk.ids.len() - before;
        idle = if fresh == 0 { idle + 1 } else { 0 };
        let listed = walk.ids.len();
        if listed > MOST || idle > MOST_EMPTY || walk.total.is_some_and(|total| listed > total.saturating_mul(2).saturating_add(SURPLUS)) {
            let said = walk.total.map_or_else(String::new, |total| format!(" of {total}"));
            return Err(DirectoryError::Protocol {
                why: format!("{endpoint} does not come to an end: {listed}{said} after {} pages", page_number + 1),
            });
        }
        next = match page.next_cursor {
            Some(cursor) => Next::Cursor(cursor),
            // A cursor listing ends with the page that names no next one; an empty page before that is legal.
            None if matches!(next, Next::Cursor(_)) => return Ok(finished(walk, true)),
            None if walk.total.is_some_and(|total| walk.ids.len() >= total) => return Ok(finished(walk, false)),
            // Nothing new: the list is over, or the server ignores paging and sends the same again.
            None if fresh == 0 => return Ok(finished(walk, false)),
            None => match next {
                Next::Index(start) => Next::Index(start + page.offered),
                Next::Cursor(_) => return Ok(finished(walk, true)),
            },
        };
    }
    Err(DirectoryError::Protocol { why: format!("{endpoint} goes on for more than {MOST_PAGES} pages") })
}

/// Says what is odd about a walk that came to its end.
fn finished<R>(mut walk: Walk<R>, by_cursor: bool) -> Walk<R> {
    if walk.odd.is_none() {
        walk.odd = match walk.total {
            Some(total) if total > walk.ids.len() => Some(format!("it ended after {} of {total}", walk.ids.len())),
            Some(total) if total < walk.ids.len() => Some(format!("it listed {}, and said there were {total}", walk.ids.len())),
            Some(0) => Some("it was empty".to_owned()),
            None if !by_cursor => Some("the server does not say how many there are".to_owned()),
            _ if walk.ids.is_empty() => Some("it was empty".to_owned()),
            _ => None,
        };
    }
    walk
}

/// An id; some servers send numbers.
pub(super) fn id_text(value: &impl Node) -> Option<String> {
    value.text().filter(|id| !id.is_empty()).map(str::to_owned).or_else(|| value.number())
}

/// A text as part of a query or path.
pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
