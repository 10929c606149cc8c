//! Orders a plan: risks first, dependencies before what needs them, and no lock-out at any point (rules 3 and 4 of the core).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::model::{
    Account, AccountChange, AccountKey, Actual, Change, Email, Field, FieldChange, Followup, Names, NewAccount, Reason, RemoteId, Stage,
    Step, SubjectRef, circle,
};
use crate::platform::Platform;

use super::draft::{Need, Proposed};
use super::fields::needs;
use crate::reconcile::list::may_be_administrator;
use crate::reconcile::project::{Overlay, is_administrator};

/// Orders the changes, and says of each which others must be made first.
pub(in crate::reconcile) fn order(proposed: Vec<Proposed>, platform: &Platform, actual: &Actual, at_least: u32) -> Vec<Step> {
    let mut proposed = untangle(proposed);
    let (mut edges, mut stages) = arrange(&proposed, platform, actual, at_least);
    let in_circle = if proposed.iter().any(can_be_split) { in_circles(&edges) } else { BTreeSet::new() };
    if !in_circle.is_empty() {
        // Somebody who takes over waits for a colleague who hands over to them.
        let is_in_it = |(i, one): (usize, Proposed)| if in_circle.contains(&i) && can_be_split(&one) { split(one) } else { vec![one] };
        proposed = proposed.into_iter().enumerate().flat_map(is_in_it).collect();
        (edges, stages) = arrange(&proposed, platform, actual, at_least);
    }
    sorted(proposed, &edges, &stages)
}

/// What each change waits for, and its stage.
fn arrange(proposed: &[Proposed], platform: &Platform, actual: &Actual, at_least: u32) -> (Vec<BTreeSet<usize>>, Vec<Stage>) {
    let mut edges: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); proposed.len()];
    follow_needs(proposed, &mut edges);
    follow_account(proposed, &mut edges);
    follow_records(proposed, actual, &mut edges);
    let mut stages: Vec<Stage> = proposed.iter().map(|p| p.step.stage).collect();
    hand_over(proposed, platform, actual, at_least as usize, &mut edges, &mut stages);
    keep_own_rights(proposed, platform, actual, &mut stages);
    raise(&edges, &mut stages);
    (edges, stages)
}

/// The changes that wait for each other: what is left when those are taken away for which nothing waits, or which wait for nothing.
fn in_circles(edges: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut left: BTreeSet<usize> = (0..edges.len()).collect();
    loop {
        let waits = |i: &usize| edges.get(*i).is_some_and(|edge| edge.iter().any(|j| left.contains(j)));
        let awaited: BTreeSet<usize> = left.iter().filter_map(|i| edges.get(*i)).flatten().copied().collect();
        let remain: BTreeSet<usize> = left.iter().filter(|i| waits(i) && awaited.contains(i)).copied().collect();
        if remain.len() == left.len() {
            return left;
        }
        left = remain;
    }
}

/// Whether a change puts somebody in place and also names a colleague, which can wait.
fn can_be_split(proposed: &Proposed) -> bool {
    let change = &proposed.step.change;
    puts_in_place(change) && needs(change.fields()).iter().any(|need| colleague(need).is_some())
}

/// Two new users can depend on each other: then both are created first, and get the settings that name the other afterward.
fn untangle(proposed: Vec<Proposed>) -> Vec<Proposed> {
    let next: BTreeMap<String, String> = proposed
        .iter()
        .filter_map(|p| match (p.step.change.subject().user(), p.needs.iter().find_map(colleague)) {
            (Some(email), Some(other)) if puts_in_place(&p.step.change) => Some((email.as_str().to_owned(), other.to_owned())),
            (Some(_) | None, Some(_) | None) => None,
        })
        .collect();
    let is_in_circle = |start: &&String| circle(&start.as_str(), |at| next.get(*at).map(String::as_str)).is_some();
    let circle: BTreeSet<String> = next.keys().filter(is_in_circle).cloned().collect();
    if circle.is_empty() {
        return proposed;
    }
    let mut out = Vec::with_capacity(proposed.len() + circle.len());
    for one in proposed {
        let is_in_it = one.step.change.subject().user().is_some_and(|email| circle.contains(email.as_str()));
        let names_colleague = needs(one.step.change.fields()).iter().any(|need| colleague(need).is_some());
        if is_in_it && names_colleague { out.extend(split(one)) } else { out.push(one) }
    }
    out
}

/// Moves the settings of an account that name a colleague to a separate, later step.
fn split(proposed: Proposed) -> Vec<Proposed> {
    let Proposed { step, needs: all } = proposed;
    let parts = |fields: Vec<FieldChange>| fields.into_iter().partition::<Vec<_>, _>(|change| waits_for_colleague(change.field));
    let (change, followup) = match step.change {
        Change::CreateAccount(NewAccount { email, fields, with_password }) => {
            let (fields_later, fields) = parts(fields);
            let followup = Change::Complete { email: email.clone(), followup: Followup::Update { fields: fields_later } };
            (Change::CreateAccount(NewAccount { email, fields, with_password }), followup)
        }
        Change::Account { email, target, change: AccountChange::Update { fields, effective } } => {
            let (fields_later, fields) = parts(fields);
            let update = |fields, effective| Change::Account {
                email: email.clone(),
                target: target.clone(),
                change: AccountChange::Update { fields, effective },
            };
            (update(fields, effective), update(fields_later, None))
        }
        change @ (Change::Account { .. }
        | Change::Complete { .. }
        | Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord) => return vec![Proposed { step: Step { change, ..step }, needs: all }],
    };
    let followup = Step { change: followup, reason: Reason::ColleagueComesIn, stage: Stage::Access, risky: step.risky, after: Vec::new() };
    [Step { change, ..step }, followup].map(|step| Proposed { needs: needs(step.change.fields()), step }).into()
}

/// Returns whether a field names a colleague, or belongs to the same switch as one that does.
fn waits_for_colleague(field: Field) -> bool {
    let group = |field: Field| field.switch().unwrap_or(field);
    Field::ALL.into_iter().any(|other| other.definition().names == Names::Colleague && group(other) == group(field))
}

/// Whether a change sets nothing but what names a colleague.
fn only_names_colleagues(change: &Change) -> bool {
    let fields = change.fields();
    !fields.is_empty() && fields.iter().all(|change| waits_for_colleague(change.field))
}

fn colleague(need: &Need) -> Option<&str> {
    match need {
        Need::Colleague(email) => Some(email),
        Need::Clinic(_) | Need::Role(_) | Need::Employee(_) => None,
    }
}

/// Returns whether a change adds a user, or gives them the role that others depend on.
fn puts_in_place(change: &Change) -> bool {
    let action = change.action();
    action.invites() || action.sets_active() == Some(true) || change.fields().iter().any(|edit| edit.field == Field::Role)
}

fn follow_needs(proposed: &[Proposed], edges: &mut [BTreeSet<usize>]) {
    let mut makers: BTreeMap<Need, Vec<usize>> = BTreeMap::new();
    for (i, Proposed { step, .. }) in proposed.iter().enumerate() {
        let product = match step.change.subject() {
            SubjectRef::Clinic(key) => Need::Clinic(key.to_owned()),
            SubjectRef::Role(key) => Need::Role(key.to_owned()),
            SubjectRef::Employee(key) => Need::Employee(key.to_owned()),
            SubjectRef::User(email) if puts_in_place(&step.change) => Need::Colleague(email.as_str().to_owned()),
            SubjectRef::User(_) | SubjectRef::Workspace => continue,
        };
        makers.entry(product).or_default().push(i);
    }
    for (i, p) in proposed.iter().enumerate() {
        for need in &p.needs {
            let before = makers.get(need).into_iter().flatten().copied().filter(|j| *j != i);
            if let Some(edge) = edges.get_mut(i) {
                edge.extend(before);
            }
        }
    }
}

/// The changes of one account keep the order in which they were collected. A failed block must not prevent an inactivation.
fn follow_account(proposed: &[Proposed], edges: &mut [BTreeSet<usize>]) {
    let mut last: BTreeMap<AccountKey<'_>, usize> = BTreeMap::new();
    for (i, p) in proposed.iter().enumerate() {
        let Some(account) = p.step.change.account() else { continue };
        if let Some(before) = last.insert(account, i) {
            let after_block = proposed.get(before).is_some_and(|b| blocks(&b.step.change));
            if !(after_block && p.step.stage.is_first())
                && let Some(edge) = edges.get_mut(i)
            {
                edge.insert(before);
            }
        }
    }
}

fn blocks(change: &Change) -> bool {
    change.action().blocks()
}

/// An inactive employee cannot have a working account (PBN-8): the record is inactivated after its accounts, or after they have left it.
fn follow_records(proposed: &[Proposed], actual: &Actual, edges: &mut [BTreeSet<usize>]) {
    let records: Vec<(usize, &str)> =
        proposed.iter().enumerate().filter_map(|(i, p)| Some((i, p.step.change.record_update()?.key.as_str()))).collect();
    if records.is_empty() {
        return;
    }
    let mut leaving: BTreeMap<&RemoteId, Vec<usize>> = BTreeMap::new();
    for (i, p) in proposed.iter().enumerate() {
        if let Some(id) = leaves(&p.step.change) {
            leaving.entry(id).or_default().push(i);
        }
    }
    let mut on_record: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for account in &actual.accounts {
        if let (Some(key), Some(changes)) = (account.fields.text(Field::Employee), leaving.get(&account.id)) {
            on_record.entry(key).or_default().extend(changes);
        }
    }
    for (i, key) in records {
        if let Some(edge) = edges.get_mut(i) {
            edge.extend(on_record.get(key).into_iter().flatten());
        }
    }
}

/// Returns the account that a change inactivates, or moves to another employee record.
fn leaves(change: &Change) -> Option<&RemoteId> {
    let (_, target, to_account) = change.to_account()?;
    let ends = to_account.action().makes_inactive();
    let moves = to_account.fields().iter().any(|change| change.field == Field::Employee && change.before != change.after);
    (ends || moves).then_some(&target.id)
}

/// If all losses at once would leave too few administrators, the last ones wait until others have the rights.
fn hand_over(
    proposed: &[Proposed],
    platform: &Platform,
    actual: &Actual,
    at_least: usize,
    edges: &mut [BTreeSet<usize>],
    stages: &mut [Stage],
) {
    let catalog = platform.catalog();
    let Some(privilege) = catalog.manages_users.as_deref() else { return };
    let overlay = Overlay::new(proposed.iter().map(|p| &p.step.change), actual, catalog);
    let before = actual.accounts.iter().filter(|a| is_administrator(a, privilege)).count();
    let mut losing: Vec<&Account> = Vec::new();
    let mut perhaps_losing: Vec<&Account> = Vec::new();
    let mut gaining: Vec<(Option<&Account>, Email)> = Vec::new();
    for (read, after) in overlay.touched() {
        let was = read.is_some_and(|a| is_administrator(a, privilege));
        match (was, is_administrator(&after, privilege)) {
            (true, false) => losing.extend(read),
            (false, true) => gaining.push((read, after.email.clone())),
            (false, false) => {
                let may_be_one = |account: &Account| may_be_administrator(actual, account, privilege);
                perhaps_losing.extend(read.filter(|read| may_be_one(read) && !may_be_one(&after)));
            }
            (true, true) => {}
        }
    }
    if gaining.is_empty() || before.saturating_sub(losing.len()) >= at_least {
        return;
    }
    let changes_of = |key: AccountKey<'_>| -> Vec<usize> {
        proposed.iter().enumerate().filter(|(_, p)| p.step.change.account() == Some(key)).map(|(i, _)| i).collect()
    };
    let mut gains: BTreeSet<usize> = BTreeSet::new();
    for (read, email) in &gaining {
        let own = changes_of(read.map_or(AccountKey::New(email), |account| AccountKey::Known(&account.id)));
        let is_whole = |i: &&usize| proposed.get(**i).is_some_and(|p| !only_names_colleagues(&p.step.change));
        gains.extend(own.iter().rfind(is_whole));
        if own.is_empty() {
            gains.extend(proposed.iter().enumerate().filter(|(_, p)| p.step.change.role_update().is_some()).map(|(i, _)| i));
        }
    }
    // Users who leave come first; users who only change their role can wait.
    losing.sort_by_key(|a| {
        let is_update = |i: &usize| proposed.get(*i).is_some_and(|p| p.step.change.action().updates());
        (changes_of(AccountKey::Known(&a.id)).iter().all(is_update), a.email.clone())
    });
    for account in losing.into_iter().skip(before.saturating_sub(at_least)).chain(perhaps_losing) {
        for i in changes_of(AccountKey::Known(&account.id)) {
            if let (Some(edge), Some(stage)) = (edges.get_mut(i), stages.get_mut(i)) {
                edge.extend(gains.iter().filter(|g| **g != i));
                *stage = Stage::HandOver;
            }
        }
    }
}

/// What takes from the acting account comes last: the server allows each change only while that account has the right to make it, and a
/// block only with a phone number that the account has (AR-19).
fn keep_own_rights(proposed: &[Proposed], platform: &Platform, actual: &Actual, stages: &mut [Stage]) {
    let owner = actual.token_owner.as_ref().and_then(|owner| actual.accounts.iter().find(|account| account.email == *owner));
    let Some(owner) = owner else { return };
    let confirms = proposed.iter().any(|p| blocks(&p.step.change));
    for (Proposed { step, .. }, stage) in proposed.iter().zip(stages) {
        if takes_from(owner, &step.change, platform, confirms) {
            *stage = Stage::OwnAccount;
        }
    }
}

/// Whether a change takes from the acting account what other changes may need. The main admin has every right, whatever is written.
fn takes_from(owner: &Account, change: &Change, platform: &Platform, confirms: bool) -> bool {
    if let Some(update) = change.role_update() {
        let reaches = platform.catalog().roles_reach.is_all_holders() && owner.fields.text(Field::Role) == Some(&update.key);
        let loses = update.privileges.as_ref().is_some_and(|edit| !edit.lost().is_empty());
        return reaches && loses && !owner.main_admin;
    }
    let Some((_, _, to_account)) = change.to_account().filter(|(_, target, _)| target.id == owner.id) else { return false };
    let sets = |field: Field| to_account.fields().iter().any(|change| change.field == field && change.before != change.after);
    let loses = to_account.effective().is_some_and(|effective| !effective.lost().is_empty()) || sets(Field::Role);
    to_account.action().ends_access() || (loses && !owner.main_admin) || (confirms && sets(Field::Phones))
}

/// Makes sure that nothing is made before what it needs.
fn raise(edges: &[BTreeSet<usize>], stages: &mut [Stage]) {
    loop {
        let mut raised = false;
        for (i, edge) in edges.iter().enumerate() {
            let least = edge.iter().filter_map(|j| stages.get(*j).copied()).max();
            if let (Some(least), Some(stage)) = (least, stages.get_mut(i))
                && *stage < least
            {
                *stage = least;
                raised = true;
            }
        }
        if !raised {
            return;
        }
    }
}

/// Kahn's algorithm; among the ready changes the earliest stage, then the subject, then the order of collecting decides.
fn sorted(proposed: Vec<Proposed>, edges: &[BTreeSet<usize>], stages: &[Stage]) -> Vec<Step> {
    let mut waiting: Vec<usize> = edges.iter().map(BTreeSet::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); proposed.len()];
    for (i, edge) in edges.iter().enumerate() {
        for j in edge {
            if let Some(list) = followers.get_mut(*j) {
                list.push(i);
            }
        }
    }
    let rank = |i: usize| Reverse((stages.get(i).copied(), proposed.get(i).map(|p| p.step.change.subject()), i));
    let mut ready: BinaryHeap<_> = waiting.iter().enumerate().filter(|(_, n)| **n == 0).map(|(i, _)| rank(i)).collect();
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    while place.len() < proposed.len() {
        let next = ready.pop().map(|Reverse((_, _, i))| i);
        // A remaining circle can only be broken; the guards then check every prefix.
        let Some(i) = next.or_else(|| (0..proposed.len()).find(|i| !place.contains_key(i))) else { break };
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
    let mut out: Vec<(usize, Step)> = proposed
        .into_iter()
        .enumerate()
        .map(|(i, Proposed { step, .. })| {
            let own = place.get(&i).copied().unwrap_or(i);
            let stage = stages.get(i).copied().unwrap_or(step.stage);
            let mut after: Vec<usize> =
                edges.get(i).into_iter().flatten().filter_map(|j| place.get(j).copied()).filter(|p| *p < own).collect();
            after.sort_unstable();
            (own, Step { stage, after, ..step })
        })
        .collect();
    out.sort_by_key(|(own, _)| *own);
    out.into_iter().map(|(_, step)| step).collect()
}
