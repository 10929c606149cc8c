//! The order of a plan: risk first, what others need before them, and nobody locked out half-way (rules 3 and 4 of the core).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::model::{Account, Action, Actual, Change, Effective, Field, FieldChange, Reason, RemoteId, Stage, Subject};
use crate::platform::Platform;

use super::draft::{Need, Wanted};
use super::fields::needs;
use super::project::{Overlay, is_administrator};

/// Puts changes in order and says of each which others must be done first.
pub(super) fn order(wanted: Vec<Wanted>, platform: &Platform, actual: &Actual, at_least: u32) -> Vec<Change> {
    let wanted = untangle(wanted);
    let mut edges: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); wanted.len()];
    follow_needs(&wanted, &mut edges);
    follow_account(&wanted, &mut edges);
    follow_records(&wanted, actual, &mut edges);
    let mut stages: Vec<Stage> = wanted.iter().map(|w| w.change.stage).collect();
    hand_over(&wanted, platform, actual, at_least as usize, &mut edges, &mut stages);
    raise(&edges, &mut stages);
    sorted(wanted, &edges, &stages)
}

/// Two medical directors who work as providers may name each other: then they come in first and get their provider settings after.
fn untangle(wanted: Vec<Wanted>) -> Vec<Wanted> {
    let next: BTreeMap<String, String> = wanted
        .iter()
        .filter_map(|w| match (&w.change.subject, w.needs.iter().find_map(colleague)) {
            (Subject::User(email), Some(director)) if puts_in_place(&w.change) => Some((email.as_str().to_owned(), director.to_owned())),
            _ => None,
        })
        .collect();
    let in_circle = |start: &str| {
        let mut at = start;
        for _ in 0..=next.len() {
            match next.get(at) {
                Some(director) if director == start => return true,
                Some(director) => at = director,
                None => return false,
            }
        }
        false
    };
    let circle: BTreeSet<String> = next.keys().filter(|email| in_circle(email)).cloned().collect();
    if circle.is_empty() {
        return wanted;
    }
    let mut out = Vec::with_capacity(wanted.len() + circle.len());
    for w in wanted {
        match &w.change.subject {
            Subject::User(email) if circle.contains(email.as_str()) && needs(&w.change.fields).iter().any(|n| colleague(n).is_some()) => {
                out.extend(split(w));
            }
            _ => out.push(w),
        }
    }
    out
}

fn split(wanted: Wanted) -> [Wanted; 2] {
    let of_provider = |c: &FieldChange| c.field == Field::Provider || c.field.is_provider_setting();
    let (later, now): (Vec<_>, Vec<_>) = wanted.change.fields.iter().cloned().partition(of_provider);
    let mut first = wanted.change.clone();
    first.fields = now;
    let mut second = wanted.change;
    second.action = Action::Update;
    second.stage = Stage::Access;
    second.reason = Reason::DirectorComesIn;
    second.fields = later;
    second.resource.clear();
    second.effective = None::<Effective>;
    let parts = |change: Change| Wanted { needs: needs(&change.fields), change };
    [parts(first), parts(second)]
}

fn colleague(need: &Need) -> Option<&str> {
    match need {
        Need::Colleague(email) => Some(email),
        Need::Clinic(_) | Need::Role(_) | Need::Employee(_) => None,
    }
}

/// Whether a change brings somebody in, or gives them the role that others rely on.
fn puts_in_place(change: &Change) -> bool {
    match change.action {
        Action::Invite | Action::Activate => true,
        Action::Update => change.fields.iter().any(|c| c.field == Field::Role),
        _ => false,
    }
}

fn follow_needs(wanted: &[Wanted], edges: &mut [BTreeSet<usize>]) {
    let mut makers: BTreeMap<Need, Vec<usize>> = BTreeMap::new();
    for (i, w) in wanted.iter().enumerate() {
        let product = match &w.change.subject {
            Subject::Clinic(key) => Need::Clinic(key.clone()),
            Subject::Role(key) => Need::Role(key.clone()),
            Subject::Employee(key) => Need::Employee(key.clone()),
            Subject::User(email) if puts_in_place(&w.change) => Need::Colleague(email.as_str().to_owned()),
            Subject::User(_) | Subject::Workspace => continue,
        };
        makers.entry(product).or_default().push(i);
    }
    for (i, w) in wanted.iter().enumerate() {
        for need in &w.needs {
            let before = makers.get(need).into_iter().flatten().copied().filter(|j| *j != i);
            if let Some(edge) = edges.get_mut(i) {
                edge.extend(before);
            }
        }
    }
}

/// Changes of one account run in the order they were collected. A block that fails must not keep anybody from being switched off.
fn follow_account(wanted: &[Wanted], edges: &mut [BTreeSet<usize>]) {
    let mut last: BTreeMap<&Subject, usize> = BTreeMap::new();
    for (i, w) in wanted.iter().enumerate() {
        if !matches!(w.change.subject, Subject::User(_)) {
            continue;
        }
        if let Some(before) = last.insert(&w.change.subject, i) {
            let after_block = wanted.get(before).is_some_and(|b| b.change.action == Action::Block);
            if !(after_block && w.change.stage == Stage::Risk)
                && let Some(edge) = edges.get_mut(i)
            {
                edge.insert(before);
            }
        }
    }
}

/// An inactive employee has no working account (PBN-8): the record is switched off after its account.
fn follow_records(wanted: &[Wanted], actual: &Actual, edges: &mut [BTreeSet<usize>]) {
    if !wanted.iter().any(|w| w.change.action == Action::UpdateEmployee) {
        return;
    }
    let leaves = |w: &Wanted| matches!(w.change.action, Action::Inactivate | Action::WithdrawInvitation);
    let leaving: BTreeMap<&RemoteId, usize> =
        wanted.iter().enumerate().filter(|(_, w)| leaves(w)).filter_map(|(i, w)| Some((w.change.id.as_ref()?, i))).collect();
    let mut on_record: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for account in &actual.accounts {
        if let (Some(key), Some(i)) = (account.fields.text(Field::Employee), leaving.get(&account.id)) {
            on_record.entry(key).or_default().push(*i);
        }
    }
    for (i, w) in wanted.iter().enumerate().filter(|(_, w)| w.change.action == Action::UpdateEmployee) {
        if let (Subject::Employee(key), Some(edge)) = (&w.change.subject, edges.get_mut(i)) {
            edge.extend(on_record.get(key.as_str()).into_iter().flatten());
        }
    }
}

/// Where all losses at once would leave too few administrators, the last ones wait until others have the rights.
fn hand_over(
    wanted: &[Wanted],
    platform: &Platform,
    actual: &Actual,
    at_least: usize,
    edges: &mut [BTreeSet<usize>],
    stages: &mut [Stage],
) {
    let catalog = platform.catalog();
    let Some(privilege) = catalog.manages_users.as_deref() else { return };
    let overlay = Overlay::new(wanted.iter().map(|w| &w.change), actual, catalog);
    let before = actual.accounts.iter().filter(|a| is_administrator(a, privilege)).count();
    let mut losing: Vec<&Account> = Vec::new();
    let mut gaining: Vec<RemoteId> = Vec::new();
    for (held, after) in overlay.moved() {
        let was = held.is_some_and(|a| is_administrator(a, privilege));
        match (was, is_administrator(&after, privilege)) {
            (true, false) => losing.extend(held),
            (false, true) => gaining.push(after.id.clone()),
            _ => {}
        }
    }
    if gaining.is_empty() || before.saturating_sub(losing.len()) >= at_least {
        return;
    }
    let changes_of = |id: &RemoteId| -> Vec<usize> {
        let about_it = |w: &Wanted| match (&w.change.id, &w.change.subject) {
            (Some(theirs), Subject::User(_)) => theirs == id,
            (None, Subject::User(email)) => id.0 == format!("new:{email}"),
            _ => false,
        };
        wanted.iter().enumerate().filter(|(_, w)| about_it(w)).map(|(i, _)| i).collect()
    };
    let mut gains: BTreeSet<usize> = BTreeSet::new();
    for id in &gaining {
        let own = changes_of(id);
        gains.extend(own.last());
        if own.is_empty() {
            gains.extend(wanted.iter().enumerate().filter(|(_, w)| w.change.action == Action::UpdateRole).map(|(i, _)| i));
        }
    }
    // Who is dismissed goes first; who only changes place can wait.
    losing.sort_by_key(|a| {
        let stays = changes_of(&a.id).iter().all(|i| wanted.get(*i).is_some_and(|w| w.change.action == Action::Update));
        (stays, a.email.clone())
    });
    for account in losing.into_iter().skip(before.saturating_sub(at_least)) {
        for i in changes_of(&account.id) {
            if let (Some(edge), Some(stage)) = (edges.get_mut(i), stages.get_mut(i)) {
                edge.extend(gains.iter().filter(|g| **g != i));
                *stage = Stage::HandOver;
            }
        }
    }
}

/// Nothing has its turn before what it needs.
fn raise(edges: &[BTreeSet<usize>], stages: &mut [Stage]) {
    loop {
        let mut moved = false;
        for (i, edge) in edges.iter().enumerate() {
            let least = edge.iter().filter_map(|j| stages.get(*j).copied()).max();
            if let (Some(least), Some(stage)) = (least, stages.get_mut(i))
                && *stage < least
            {
                *stage = least;
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}

/// Kahn's algorithm; among what is ready the earliest stage, then the subject, then the order of collecting decides.
fn sorted(wanted: Vec<Wanted>, edges: &[BTreeSet<usize>], stages: &[Stage]) -> Vec<Change> {
    let mut waiting: Vec<usize> = edges.iter().map(BTreeSet::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); wanted.len()];
    for (i, edge) in edges.iter().enumerate() {
        for j in edge {
            if let Some(list) = followers.get_mut(*j) {
                list.push(i);
            }
        }
    }
    let rank = |i: usize| Reverse((stages.get(i).copied(), wanted.get(i).map(|w| &w.change.subject), i));
    let mut ready: BinaryHeap<_> = waiting.iter().enumerate().filter(|(_, n)| **n == 0).map(|(i, _)| rank(i)).collect();
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    while place.len() < wanted.len() {
        let next = ready.pop().map(|Reverse((_, _, i))| i);
        // A circle that is left can only be broken; the guards then look at every prefix.
        let Some(i) = next.or_else(|| (0..wanted.len()).find(|i| !place.contains_key(i))) else { break };
        if place.contains_key(&i) {
            continue;
        }
        place.insert(i, place.len());
        for follower in followers.get(i).into_iter().flatten() {
            if let Some(n) = waiting.get_mut(*follower) {
                *n = n.saturating_sub(1);
                if *n == 0 && !place.contains_key(follower) {
                    ready.push(rank(*follower));
                }
            }
        }
    }
    drop(ready);
    let mut out: Vec<(usize, Change)> = wanted
        .into_iter()
        .enumerate()
        .map(|(i, w)| {
            let mut change = w.change;
            let own = place.get(&i).copied().unwrap_or(i);
            change.stage = stages.get(i).copied().unwrap_or(change.stage);
            change.after = edges.get(i).into_iter().flatten().filter_map(|j| place.get(j).copied()).filter(|p| *p < own).collect();
            change.after.sort_unstable();
            (own, change)
        })
        .collect();
    out.sort_by_key(|(own, _)| *own);
    out.into_iter().map(|(_, change)| change).collect()
}
