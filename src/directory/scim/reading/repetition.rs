//! The worth of a list whose second page is the first one again: the server does not turn pages, and may not send everybody either.

use std::collections::HashSet;

use super::page::{self, id_text};
use crate::directory::Transport;
use crate::directory::scim::client::{Client, encoded};
use crate::scim::Node;

/// The sizes of pages that servers use: a list of exactly so many that repeats itself is most likely one page of a longer list.
const USUAL_PAGES: [usize; 14] = [20, 25, 30, 40, 50, 100, 128, 200, 250, 256, 500, 512, 1000, 1024];

/// The worth of a list that repeats itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::directory::scim) enum Repetition {
    /// The server has shown that there is nobody else.
    Proven,
    /// Nothing shows whether there is somebody else.
    Doubted,
    /// There is somebody else, or most likely so.
    Refuted,
}

/// Judges a list of `ids`, the first of which is `first`.
pub(in crate::directory::scim) async fn judge<T: Transport>(
    client: &Client<T>,
    endpoint: &str,
    ids: &HashSet<String>,
    first: Option<&str>,
) -> Repetition {
    let Some(first) = first.filter(|_| ids.len() > 1) else { return Repetition::Proven };
    let second = listed(client, &format!("{endpoint}?startIndex=2&count=1")).await;
    if !second.is_empty() && !second.contains(first) {
        return Repetition::Proven;
    }
    if !second.is_empty() && second.len() < ids.len() {
        return Repetition::Refuted;
    }
    // If one user of a cut list is left out, another one takes the place.
    for filter in [format!("id ne \"{first}\""), format!("not (id eq \"{first}\")")] {
        let others = listed(client, &format!("{endpoint}?filter={}", encoded(&filter))).await;
        if !others.is_empty() && !others.is_subset(ids) {
            return Repetition::Refuted;
        }
        if !others.contains(first) && others.len() + 1 == ids.len() {
            return Repetition::Proven;
        }
    }
    if USUAL_PAGES.contains(&ids.len()) { Repetition::Refuted } else { Repetition::Doubted }
}

/// The ids that a server lists at an address; none if it does not answer with a list.
async fn listed<T: Transport>(client: &Client<T>, path: &str) -> HashSet<String> {
    let mut ids = HashSet::new();
    let Ok(answer) = client.get_patiently(&client.below(path)).await else { return ids };
    let read = page::read(&answer, &mut |resource| {
        ids.extend(resource.member("id").and_then(id_text));
        Ok(())
    });
    if read.is_err() || !answer.status.is_success() {
        ids.clear();
    }
    ids
}
