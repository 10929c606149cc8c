//! Whole listings from servers that page well, badly or not at all (RFC 7644 section 3.4.2.4, RFC 9865).

use std::collections::HashSet;

use serde_json_borrow::Value;

use super::client::{Answer, Client};
use crate::directory::{DirectoryError, Transport};
use crate::model::Completeness;
use crate::scim::Node;

/// Resources asked for in one page: a page is held as text and as values at once, so a large one costs memory and saves little.
const PAGE: usize = 250;
/// Pages of one listing at most; a server that goes on for ever is not followed for ever.
const MOST_PAGES: usize = 20_000;
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
}

/// What the next page is asked for by.
enum Next {
    Index(usize),
    Cursor(String),
}

/// A page, taken apart without copies.
struct PageBody<'a> {
    resources: Vec<Value<'a>>,
    total: Option<usize>,
    next_cursor: Option<String>,
}

/// Lists everything at an endpoint. `keep` takes a resource and makes of it what is needed.
///
/// One walk is not trusted when it ended early, was empty, or its total changed between pages: then there is a second one, and
/// only what that proves is complete (rule 7 of the core).
pub(super) async fn list<T: Transport, R>(
    client: &Client<T>,
    endpoint: &str,
    cursor: bool,
    mut keep: impl FnMut(&Value<'_>) -> Result<R, DirectoryError>,
) -> Result<Listing<R>, DirectoryError> {
    let first = walk(client, endpoint, cursor, &mut keep).await?;
    let date = first.date;
    let Some(odd) = &first.odd else {
        return Ok(Listing { resources: first.resources, completeness: Completeness::Complete, date });
    };
    let again = walk(client, endpoint, cursor, &mut keep).await?;
    // Two walks that found the same are a proof where there is no total to count by, or nobody at all.
    let agree = again.ids == first.ids && again.total == first.total && (again.total.is_none() || again.ids.is_empty());
    let settled = agree && again.total.is_none_or(|total| total == again.ids.len());
    let completeness = match again.odd {
        // The second walk has nothing odd about it, but not everybody that the first one saw: one of the two is wrong.
        None if !first.ids.is_subset(&again.ids) => {
            Completeness::Partial { why: format!("{endpoint}: {odd}, and the second reading lacks some of the first") }
        }
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
    cursor: bool,
    keep: &mut impl FnMut(&Value<'_>) -> Result<R, DirectoryError>,
) -> Result<Walk<R>, DirectoryError> {
    let mut walk = Walk { resources: Vec::new(), ids: HashSet::new(), date: None, total: None, odd: None };
    let mut next = if cursor { Next::Cursor(String::new()) } else { Next::Index(1) };
    let mut idle = 0;
    for page_number in 0..MOST_PAGES {
        let query = match &next {
            Next::Index(start) => format!("startIndex={start}&count={PAGE}"),
            Next::Cursor(cursor) => format!("cursor={}&count={PAGE}", encoded(cursor)),
        };
        let answer = client.get(&client.below(&format!("{endpoint}?{query}"))).await?;
        if !answer.status.is_success() {
            return Err(answer.refusal());
        }
        if page_number == 0 {
            walk.date = answer.date();
        }
        let page = page(&answer)?;
        let (offered, before) = (page.resources.len(), walk.ids.len());
        if let (Some(then), Some(now)) = (walk.total, page.total)
            && then != now
        {
            walk.odd = Some(format!("the total changed from {then} to {now} between pages"));
        }
        walk.total = page.total.or(walk.total);
        walk.ids.reserve(offered);
        for resource in &page.resources {
            let Some(id) = resource.member("id").and_then(id_text) else {
                return Err(DirectoryError::Protocol {
                    why: format!("a resource of {endpoint} has no id: is the address a SCIM base URL?"),
                });
            };
            if walk.ids.insert(id) {
                walk.resources.push(keep(resource)?);
            }
        }
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
                Next::Index(start) => Next::Index(start + offered),
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

/// Takes a page apart; names in any case, counts as numbers or texts (RFC 7643 section 2.1).
fn page(answer: &Answer) -> Result<PageBody<'_>, DirectoryError> {
    let no_list = || DirectoryError::Protocol { why: "the server answered no list: is the address a SCIM base URL?".to_owned() };
    let members = match answer.parsed()? {
        Value::Object(members) => members,
        Value::Array(resources) => return Ok(PageBody { total: None, resources, next_cursor: None }),
        _ => return Err(no_list()),
    };
    let mut page = PageBody { resources: Vec::new(), total: None, next_cursor: None };
    let mut is_list = false;
    for (name, value) in members.into_vec() {
        match (name.to_ascii_lowercase().as_str(), value) {
            ("resources", Value::Array(resources)) => {
                page.resources = resources;
                is_list = true;
            }
            ("totalresults", Value::Number(n)) => page.total = n.as_u64().and_then(|n| usize::try_from(n).ok()),
            ("totalresults", Value::Str(n)) => page.total = n.trim().parse().ok(),
            ("nextcursor", Value::Str(cursor)) if !cursor.is_empty() => page.next_cursor = Some(cursor.into_owned()),
            _ => {}
        }
    }
    if is_list || page.total.is_some() { Ok(page) } else { Err(no_list()) }
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
