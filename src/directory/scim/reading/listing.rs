//! Reads whole lists from servers that page well, badly or not at all (RFC 7644 section 3.4.2.4, RFC 9865).

use std::collections::HashSet;

use serde_json_borrow::Value;
use tokio::time::Instant;

use super::discovery::Paging;
use super::ending::{self, Ending, ListSoFar};
use super::page::{self, ListPage, id_text};
use super::repetition::{self, Repetition};
use crate::directory::scim::client::{Client, Reply, encoded};
use crate::directory::{DirectoryError, Transport};
use crate::model::{Completeness, ListEnd, Oddity, PartialCause, ProtocolError, SecondRead};
use crate::scim::Node;

/// The maximum number of pages of one list beyond those that the announced total takes, so of all where there is no total: 100,000 resources in
/// pages of 20. A server that never ends is not followed further.
const MOST_PAGES: usize = 5_000;
/// The maximum number of pages that an announced total takes: 100,000 resources in pages of 10, or 10,000 one by one.
const MOST_ANNOUNCED_PAGES: usize = 10_000;
/// The maximum number of resources for which memory is reserved because the server announces them.
const RESERVED: usize = 100_000;
/// The maximum number of resources of one list. A larger total neither reserves memory nor adds pages: some servers send the largest number
/// where they do not count.
const MOST: usize = 250_000;
/// The number of resources more than it announced that a server may list before reading stops.
const SURPLUS: usize = 10_000;
/// The number of pages in a row that may be empty (RFC 9865), or have nobody new, although the server names a next one.
const MOST_EMPTY: usize = 25;

/// Everything a server listed.
pub(in crate::directory::scim) struct Listing<R> {
    /// The resources in the server's order, each id once.
    pub(in crate::directory::scim) resources: Vec<R>,
    /// Says whether the list is trusted to be complete.
    pub(in crate::directory::scim) completeness: Completeness,
    /// The server's time in its first answer, epoch milliseconds.
    pub(in crate::directory::scim) date: Option<i64>,
}

/// One pass through all pages.
struct Pass<R> {
    resources: Vec<R>,
    ids: HashSet<String>,
    date: Option<i64>,
    /// The total that the server announced on its last page.
    total: Option<usize>,
    /// The first total that can be true.
    announced: Option<usize>,
    /// The number of pages that were read.
    pages: usize,
    /// The number of the last ones of these that had nobody new.
    idle: usize,
    /// The next pages that the server named.
    cursors: HashSet<String>,
    /// The reason why this pass alone proves nothing.
    odd: Option<Oddity>,
    /// Says whether the total changed during the pass: then neither number is trusted.
    moved: bool,
    /// Says whether there was more after the announced total: it is then something else, such as the size of a page.
    is_exceeded: bool,
    /// The first id that was listed.
    first: Option<String>,
    /// The number of resources on the largest page.
    largest_page: usize,
    /// Says whether a page after the first one had somebody new.
    turns_pages: bool,
    /// The time at which the list is given up, whatever the server answers.
    deadline: Instant,
    /// The worth of the list, however often it is read, if the server cannot be made to turn the page.
    repetition: Option<Repetition>,
}

impl<R> Pass<R> {
    fn begin(deadline: Instant) -> Self {
        Self {
            deadline,
            resources: Vec::new(),
            ids: HashSet::new(),
            date: None,
            total: None,
            announced: None,
            pages: 0,
            idle: 0,
            cursors: HashSet::new(),
            odd: None,
            moved: false,
            is_exceeded: false,
            first: None,
            largest_page: 0,
            turns_pages: false,
            repetition: None,
        }
    }

    /// Counts a page; returns whether the server turns in a circle. Known people alone do not prove it, since somebody may have moved while the
    /// list was read; the same next page once more does.
    fn turn(&mut self, page: &ListPage, fresh: usize) -> bool {
        self.pages += 1;
        self.idle = if fresh == 0 { self.idle + 1 } else { 0 };
        let is_named_again = page.next_cursor.as_ref().is_some_and(|cursor| !self.cursors.insert(cursor.clone()));
        is_named_again && fresh == 0 && page.offered > 0
    }
}

/// The way in which the next page is asked for.
enum Next {
    Index(usize),
    /// From here on, although the announced total was reached.
    PastTheEnd(usize),
    Cursor(String),
}

/// Lists everything at an endpoint. `keep` takes a resource and returns what is needed of it.
///
/// One pass is not trusted if it ended early, was empty, or its total changed between pages. Then there is a second one, and the
/// list is complete only if that proves it (rule 7 of the core).
pub(in crate::directory::scim) async fn list<T: Transport, R>(
    client: &Client<T>,
    endpoint: &str,
    paging: Paging,
    mut keep: impl FnMut(&Value<'_>) -> Result<R, DirectoryError>,
) -> Result<Listing<R>, DirectoryError> {
    let deadline = Instant::now() + client.patience_with_lists();
    let first = walk(client, endpoint, (paging, 1, deadline), &mut keep).await?;
    let date = first.date;
    let repeats = |listed: usize| PartialCause::Repeats { endpoint: endpoint.to_owned(), listed };
    if first.repetition == Some(Repetition::Refuted) {
        let why = repeats(first.ids.len());
        return Ok(Listing { resources: first.resources, completeness: Completeness::Partial { why }, date });
    }
    let ended = |pass: &Pass<R>| match pass.repetition {
        Some(Repetition::Doubted) => Completeness::Unproven { why: repeats(pass.ids.len()) },
        Some(Repetition::Proven | Repetition::Refuted) | None => Completeness::Complete,
    };
    let Some(odd) = &first.odd else {
        let completeness = ended(&first);
        return Ok(Listing { resources: first.resources, completeness, date });
    };
    let first_index = usize::from(!ending::starts_at_zero(client, endpoint, paging, odd, &first.ids).await);
    let again = walk(client, endpoint, (paging, first_index, deadline), &mut keep).await?;
    // Without a total to compare with, or without any user, two passes that found the same are a proof.
    let agree = again.ids == first.ids && again.total == first.total && (again.total.is_none() || again.ids.is_empty());
    let settled = agree && again.total.is_none_or(|total| total == again.ids.len());
    let partial = |second| {
        let why = PartialCause::Odd { endpoint: endpoint.to_owned(), first: odd.clone(), second };
        Completeness::Partial { why }
    };
    let completeness = match again.odd.clone() {
        // The second pass looks right, but lacks some that the first one saw: one of the two is wrong.
        None if !first.ids.is_subset(&again.ids) => partial(SecondRead::LacksSome),
        // Resources that were announced the first time and never listed may still exist.
        None if !first.moved && again.total < first.total => partial(SecondRead::SmallerTotal { total: again.total.unwrap_or_default() }),
        None => ended(&again),
        Some(_) if settled => ended(&again),
        Some(odd) => partial(SecondRead::Odd(odd)),
    };
    Ok(Listing { resources: again.resources, completeness, date: again.date })
}

async fn walk<T: Transport, R>(
    client: &Client<T>,
    endpoint: &str,
    (paging, first_index, deadline): (Paging, usize, Instant),
    keep: &mut impl FnMut(&Value<'_>) -> Result<R, DirectoryError>,
) -> Result<Pass<R>, DirectoryError> {
    let mut walk = Pass::begin(deadline);
    let mut count = format!("&count={}", paging.size);
    let mut next = if paging.cursor { Next::Cursor(String::new()) } else { Next::Index(first_index) };
    loop {
        let query = match &next {
            Next::Index(start) | Next::PastTheEnd(start) => format!("startIndex={start}{count}"),
            Next::Cursor(cursor) => format!("cursor={}{count}", encoded(cursor)),
        };
        let url = client.below(&format!("{endpoint}?{query}"));
        let is_past_the_end = match &next {
            Next::PastTheEnd(_) => true,
            Next::Index(_) | Next::Cursor(_) => false,
        };
        let answer = match &next {
            Next::Index(_) if walk.pages == 0 => {
                let (answer, with_query) = first_page(client, &client.below(endpoint), &url).await?;
                if !with_query {
                    count.clear();
                }
                answer
            }
            Next::Index(_) | Next::Cursor(_) if walk.total.is_some() || paging.cursor => client.get(&url).await?,
            // Only what the server answers past the end shows where it is.
            Next::PastTheEnd(_) | Next::Index(_) | Next::Cursor(_) => {
                let seen = ListSoFar { ids: &walk.ids, largest_page: walk.largest_page, total: walk.total, count: &count };
                match ending::ask(client, endpoint, &url, &seen).await? {
                    Ending::More(answer) => answer,
                    Ending::End => return Ok(finished(walk, false)),
                }
            }
        };
        if !answer.status.is_success() {
            return Err(answer.refusal());
        }
        let is_first = walk.pages == 0;
        if is_first {
            walk.date = answer.date();
        }
        let before = walk.ids.len();
        let Pass { resources, ids, first, .. } = &mut walk;
        let page = page::read(&answer, &mut |resource| {
            let id = resource.member("id").and_then(id_text).ok_or_else(|| ProtocolError::NoId { endpoint: endpoint.to_owned() })?;
            first.get_or_insert_with(|| id.clone());
            if ids.insert(id) {
                resources.push(keep(resource)?);
            }
            Ok(())
        })?;
        let fresh = walk.ids.len() - before;
        walk.is_exceeded |= fresh > 0 && is_past_the_end;
        walk.turns_pages |= fresh > 0 && !is_first;
        walk.largest_page = walk.largest_page.max(page.offered);
        // A server that counts only its page has none on an empty one, and one that counts nobody beside users does not count.
        let total = page.total.filter(|total| *total > 0 || walk.ids.is_empty());
        if let (Some(then), Some(now), false) = (walk.total, total, walk.is_exceeded)
            && then != now
        {
            walk.moved = true;
            walk.odd = Some(Oddity::TotalChanged { before: then, after: now });
        }
        walk.announced = walk.announced.or(page.total.filter(|total| *total <= MOST));
        if let (true, Some(total)) = (is_first, walk.announced) {
            // All memory is reserved at once: a growing list exists twice while it is moved.
            let more = total.min(RESERVED).saturating_sub(walk.resources.len());
            walk.resources.reserve_exact(more);
            walk.ids.reserve(more);
        }
        walk.total = if walk.is_exceeded { None } else { total.or(walk.total) };
        let is_loop = walk.turn(&page, fresh);
        next = match page.next_cursor {
            Some(cursor) => Next::Cursor(cursor),
            None => match next {
                // A cursor list ends with the page that names no next one; an empty page before that is legal.
                Next::Cursor(_) => return Ok(finished(walk, true)),
                Next::Index(start) if walk.total.is_some_and(|total| walk.ids.len() >= total) => {
                    // What a server announces may be the size of its page: a page that is not full does not prove that there is not another,
                    // nor does one that is as large as the total.
                    let is_full = page.offered == paging.size && walk.total != Some(page.offered);
                    if page.offered == 0 || is_full {
                        return Ok(finished(walk, false));
                    }
                    Next::PastTheEnd(start + page.offered)
                }
                // Nothing new: the list has ended, or the server ignores paging and repeats itself.
                Next::Index(_) | Next::PastTheEnd(_) if fresh == 0 => {
                    if page.offered > 0 && !walk.turns_pages {
                        walk.repetition = Some(repetition::judge(client, endpoint, &walk.ids, walk.first.as_deref()).await);
                    }
                    return Ok(finished(walk, false));
                }
                Next::Index(start) | Next::PastTheEnd(start) => Next::Index(start + page.offered),
            },
        };
        if let Some(why) = why_given_up(&walk, is_loop) {
            let (endpoint, listed, pages) = (endpoint.to_owned(), walk.ids.len(), walk.pages);
            return Err(ProtocolError::ListGivenUp { endpoint, listed, pages, why }.into());
        }
    }
}

/// Finds out why a list is not read to its end; `is_loop` if the server turns in a circle.
fn why_given_up<R>(walk: &Pass<R>, is_loop: bool) -> Option<ListEnd> {
    let Pass { pages, idle, .. } = *walk;
    let listed = walk.ids.len();
    let surplus = walk.total.filter(|total| listed > total.saturating_mul(2).saturating_add(SURPLUS));
    let announced = walk.announced.map_or(0, |total| (total / walk.largest_page.max(1)).min(MOST_ANNOUNCED_PAGES));
    if is_loop || idle > MOST_EMPTY {
        Some(ListEnd::NobodyNew { pages: idle })
    } else if let Some(total) = surplus {
        Some(ListEnd::MoreThanAnnounced { total })
    } else if listed > MOST {
        Some(ListEnd::TooMany { limit: MOST })
    } else if pages >= announced.saturating_add(MOST_PAGES) {
        Some(ListEnd::TooManyPages)
    } else if Instant::now() >= walk.deadline {
        Some(ListEnd::TooLong)
    } else {
        None
    }
}

/// The first page, and whether it came with the query. A server that fails with any query is tried once without one.
async fn first_page<T: Transport>(client: &Client<T>, bare: &str, url: &str) -> Result<(Reply, bool), DirectoryError> {
    let first = client.once().get(url).await;
    let may_be_the_query = match &first {
        Ok(answer) => matches!(answer.status.as_u16(), 400 | 405 | 406 | 413 | 414 | 416 | 422 | 501),
        Err(error) => error.status() == Some(500),
    };
    if may_be_the_query
        && let Ok(answer) = client.once().get(bare).await
        && answer.status.is_success()
    {
        return Ok((answer, false));
    }
    match first {
        Err(error) if error.is_retryable() => Ok((client.get(url).await?, true)),
        first => Ok((first?, true)),
    }
}

/// Describes what is wrong with a pass that reached its end.
fn finished<R>(mut walk: Pass<R>, by_cursor: bool) -> Pass<R> {
    if walk.odd.is_none() {
        walk.odd = match walk.total {
            Some(total) if total > walk.ids.len() => Some(Oddity::EndedEarly { listed: walk.ids.len(), total }),
            Some(total) if total < walk.ids.len() => Some(Oddity::MoreThanAnnounced { listed: walk.ids.len(), total }),
            Some(0) => Some(Oddity::Empty),
            None if !by_cursor => Some(Oddity::NoTotal),
            _ if walk.ids.is_empty() => Some(Oddity::Empty),
            _ => None,
        };
    }
    walk
}
