//! Finds out where a list begins, and whether it has ended where the server fails when it is asked for more.

use std::collections::HashSet;

use super::discovery::Paging;
use super::page::{self, id_text};
use crate::directory::scim::client::{Client, Reply};
use crate::directory::{DirectoryError, Transport};
use crate::model::Oddity;
use crate::scim::Node;

/// The part of a list that is known so far.
pub(in crate::directory::scim) struct ListSoFar<'a> {
    /// The ids.
    pub(in crate::directory::scim) ids: &'a HashSet<String>,
    /// The number of resources on the largest page.
    pub(in crate::directory::scim) largest_page: usize,
    /// The announced total.
    pub(in crate::directory::scim) total: Option<usize>,
    /// The query that asks for the number of resources; empty if the server takes no such question.
    pub(in crate::directory::scim) count: &'a str,
}

/// The answer of a server that is asked for more than it has announced.
pub(in crate::directory::scim) enum Ending {
    /// A page, perhaps an empty one.
    More(Reply),
    /// Nothing: the list has ended.
    End,
}

/// Asks for a page after everything that the server announced, or after everything that was listed if it announces nothing. Some servers fail
/// when asked for more than they have, so a failure ends the list, unless there may be more.
pub(in crate::directory::scim) async fn ask<T: Transport>(
    client: &Client<T>,
    endpoint: &str,
    url: &str,
    seen: &ListSoFar<'_>,
) -> Result<Ending, DirectoryError> {
    let failure = match client.get_patiently(url).await {
        Ok(answer) if answer.status.is_success() => return Ok(Ending::More(answer)),
        Ok(answer) => answer.refusal(),
        Err(error) => error,
    };
    if failure.is_silence() || failure.status() == Some(401) {
        return Err(failure);
    }
    // A server that takes no question about pages is believed.
    if seen.total.is_some() && seen.count.is_empty() && !failure.is_later() {
        return Ok(Ending::End);
    }
    if ends_with_what_is_known(client, endpoint, seen).await {
        return Ok(Ending::End);
    }
    if failure.is_later() {
        return Err(failure);
    }
    if let Some(total) = seen.total
        && !counts_its_page(client, endpoint, total).await?
    {
        return Ok(Ending::End);
    }
    let answer = client.get(url).await?;
    if answer.status.is_success() { Ok(Ending::More(answer)) } else { Err(answer.refusal()) }
}

/// Returns whether a list that ended early lacks its beginning, since the server counts from zero (RFC 7644 section 3.4.2.4 begins with 1).
pub(in crate::directory::scim) async fn starts_at_zero<T: Transport>(
    client: &Client<T>,
    endpoint: &str,
    paging: Paging,
    odd: &Oddity,
    known: &HashSet<String>,
) -> bool {
    let has_ended_early = match odd {
        Oddity::EndedEarly { .. } => true,
        Oddity::TotalChanged { .. } | Oddity::MoreThanAnnounced { .. } | Oddity::Empty | Oddity::NoTotal => false,
    };
    if !has_ended_early || paging.cursor {
        return false;
    }
    let Ok(answer) = client.once().get(&client.below(&format!("{endpoint}?startIndex=0&count=1"))).await else { return false };
    let mut is_new = false;
    let page = page::read(&answer, &mut |resource| {
        is_new |= resource.member("id").and_then(id_text).is_some_and(|id| !known.contains(&id));
        Ok(())
    });
    answer.status.is_success() && page.is_ok() && is_new
}

/// Returns whether the total that a server announces is only the size of its page.
async fn counts_its_page<T: Transport>(client: &Client<T>, endpoint: &str, total: usize) -> Result<bool, DirectoryError> {
    let one = client.get(&client.below(&format!("{endpoint}?startIndex=1&count=1"))).await?;
    let page = page::read(&one, &mut |_| Ok(())).unwrap_or_default();
    Ok(page.total.is_some_and(|said| said < total && said == page.offered))
}

/// Returns whether the server shows that nobody follows: asked for a page that begins at some of the last known resources, it sends exactly these.
/// There would be room for another one, since it has sent a larger page before.
async fn ends_with_what_is_known<T: Transport>(client: &Client<T>, endpoint: &str, seen: &ListSoFar<'_>) -> bool {
    let listed = seen.ids.len();
    let last = listed.min(seen.largest_page).saturating_sub(1);
    if last == 0 {
        return false;
    }
    let url = client.below(&format!("{endpoint}?startIndex={}{}", listed - last + 1, seen.count));
    let Ok(answer) = client.get_patiently(&url).await else { return false };
    let mut ids = HashSet::new();
    let page = page::read(&answer, &mut |resource| {
        ids.extend(resource.member("id").and_then(id_text));
        Ok(())
    });
    answer.status.is_success() && page.is_ok_and(|page| page.offered == last) && ids.len() == last && ids.is_subset(seen.ids)
}
