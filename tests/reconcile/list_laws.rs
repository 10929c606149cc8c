//! Laws of plans on lists of users, on random worlds of every platform: what ticking and new lists make of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rosterctl::directory::SnapshotDirectory;
use rosterctl::model::*;
use rosterctl::platform::by_id;
use rosterctl::reconcile::{administrators, approve, diff, digest, project, project_prefix};

use crate::worlds::world;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// The time at which the first list is taken, epoch milliseconds.
const FIRST: i64 = 1_795_348_800_000;

/// The number of worlds that each law is tried on.
const CASES: u32 = 300;

fn moment(millis: i64) -> Moment {
    Moment::new(jiff::Timestamp::from_millisecond(millis).expect("in range"), jiff::tz::Offset::UTC)
}

/// Chooses the list by tabs, one for each standing, instead of one list of everybody.
const BY_TAB: u32 = 1 << 31;
/// Chooses a tab of blocked users, which says of nobody else that they are not, instead of a column.
const BLOCKED_TAB: u32 = 1 << 30;

/// Returns what a list shows of accounts; the bits of `mask` choose the fields and the tabs.
fn list(desired: &Desired, accounts: &[Account], mask: u32, blocks: bool, taken: i64, attested: BTreeSet<Attestation>) -> Snapshot {
    let catalog = by_id(&desired.platform).catalog();
    let known = catalog.known_fields().map(|(field, _)| field).filter(|field| *field != Field::Email && *field != Field::Employee);
    let fields: BTreeSet<Field> = known.enumerate().filter(|(at, _)| mask & (1 << (at % 32)) != 0).map(|(_, field)| field).collect();
    let shows = Shows { fields, status: true, blocked: blocks && catalog.states.blocked };
    // Beside the list of everybody, nobody knows from which of the two somebody on both came.
    let has_blocked_tab = shows.blocked && mask & BLOCKED_TAB != 0 && mask & BY_TAB != 0;
    let row = |account: &Account| Row {
        fields: shows.fields.iter().map(|field| (*field, account.fields.value(*field))).collect(),
        status: Some(account.state.standing()),
        blocked: shows.blocked.then_some(account.state.block.is_some()).filter(|is_blocked| *is_blocked || !has_blocked_tab),
        is_expired: false,
    };
    let blocked = accounts.iter().filter(|account| account.state.block.is_some()).count() as u64;
    let accounts: BTreeMap<LoginName, Row> =
        accounts.iter().map(|account| (LoginName::Address(account.email.clone()), row(account))).collect();
    let in_tab = |tab: Tab| accounts.values().filter(|row| row.status.map(Tab::showing) == Some(tab)).count() as u64;
    let mut tabs = BTreeMap::from([(Tab::All, accounts.len() as u64)]);
    if mask & BY_TAB != 0 {
        tabs = [Tab::Active, Tab::Inactive, Tab::Pending].map(|tab| (tab, in_tab(tab))).into();
    }
    tabs.extend(has_blocked_tab.then_some((Tab::Blocked, blocked)));
    let read = |total| TabRead { total: Some(total), taken: moment(taken), filtered: false };
    let tabs = tabs.into_iter().map(|(tab, total)| (tab, read(total))).collect();
    Snapshot { workspace: desired.workspace.clone(), from: BTreeMap::new(), tabs, shows, accounts, earlier: BTreeMap::new(), attested }
}

fn read(desired: &Desired, list: &Snapshot, now: i64) -> Actual {
    SnapshotDirectory::new(desired, list, now).actual().clone()
}

/// Ticks every step that is left.
fn tick(list: &mut Snapshot, plan: &Plan, at: i64) -> usize {
    let by_hand = plan.by_hand.as_deref().expect("a plan by hand");
    let mut ticked = 0;
    for (step, hand) in plan.changes.iter().zip(&by_hand.steps).filter(|(_, hand)| hand.state.is_left()) {
        let set = StepValues::left_by(&step.change).expect("a step of a person");
        let change = StepKind::Done(step.change.action());
        list.attested.insert(Attestation {
            user: hand.user.clone(),
            at: moment(at),
            id: hand.id.clone(),
            change,
            set,
            by: "olivia@glow.example".to_owned(),
            plan: "0".repeat(12),
            note: None,
            proved: BTreeSet::new(),
            contradicted: BTreeSet::new(),
            settled: BTreeSet::new(),
        });
        ticked += 1;
    }
    ticked
}

/// The workspace after somebody made every step that is left.
fn with_left_steps(plan: &Plan, truth: Actual) -> Actual {
    let mut left = plan.clone();
    let mut states = plan.by_hand.as_deref().expect("a plan by hand").steps.iter();
    left.changes.retain(|_| states.next().is_some_and(|hand| hand.state.is_left()));
    for step in &mut left.changes {
        step.after.clear();
    }
    let mut accounts = project(&left, &truth);
    for account in accounts.iter_mut().filter(|account| account.id.0.is_empty()) {
        account.id = RemoteId(account.email.to_string());
    }
    accounts.sort_by(|a, b| a.id.cmp(&b.id));
    Actual { accounts, ..truth }
}

/// The guards that stop a plan.
fn guards(plan: &Plan, actual: &Actual, desired: &Desired) -> BTreeSet<Guard> {
    let stopped = approve(plan.clone(), actual, desired).err();
    stopped.into_iter().flat_map(|stopped| stopped.stops).map(|stop| stop.guard()).collect()
}

/// A world whose list has one row for each address, and whose users are found by address.
fn listed() -> impl Strategy<Value = (Desired, Actual, u32, bool)> {
    (world(), any::<u32>(), any::<bool>()).prop_map(|((mut desired, mut actual), mask, blocks)| {
        desired.employees.clear();
        desired.code_word = None;
        for user in desired.users.values_mut() {
            user.id = None;
            user.initial_password = None;
            user.employee = if matches!(user.employee, EmployeeLink::Key(_)) { EmployeeLink::ByName } else { user.employee.clone() };
        }
        // A roster names a director by the present address.
        let old = desired.users.iter().flat_map(|(email, user)| user.formerly.iter().map(move |old| (old.to_string(), email.to_string())));
        let present: BTreeMap<String, String> = old.collect();
        for user in desired.users.values_mut() {
            if let Some(now) = user.fields.text(Field::MdConsent).and_then(|director| present.get(director)) {
                user.fields.set(Field::MdConsent, Value::Text(now.clone()));
            }
        }
        let mut seen = BTreeSet::new();
        actual.accounts.retain(|account| seen.insert(account.email.clone()));
        (desired, actual, mask, blocks)
    })
}

/// Tries a law on random worlds. `floors` say of how many of a thousand each precondition must be true; the law returns which of them is.
pub(crate) fn law<S: Strategy>(worlds: S, floors: &[(&str, usize)], judge: impl Fn(S::Value) -> Result<Vec<bool>, TestCaseError>) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let counted = RefCell::new(vec![0_usize; floors.len()]);
    let tried = TestRunner::new(config).run(&worlds, |one| {
        let met = judge(one)?;
        for (count, is_met) in counted.borrow_mut().iter_mut().zip(met) {
            *count += usize::from(is_met);
        }
        Ok(())
    });
    if let Err(why) = tried {
        panic!("{why}");
    }
    for ((what, floor), count) in floors.iter().zip(counted.into_inner()) {
        println!("{what}: {count} of {CASES}");
        assert!(count * 1000 >= floor * CASES as usize, "{what} in {count} of {CASES} worlds, which is too few to prove anything");
    }
}

#[test]
fn ticking_every_step_and_a_truthful_list_leave_nothing() {
    law(
        listed(),
        &[("a step", 500), ("a proved step", 300), ("a plan that ticking does not lengthen", 300)],
        |(desired, actual, mask, blocks)| {
            let mut snapshot = list(&desired, &actual.accounts, mask, blocks, FIRST, BTreeSet::new());
            let first = diff(&desired, &read(&desired, &snapshot, FIRST + DAY));
            let mut plan = first.clone();
            let mut truth = read(&desired, &snapshot, FIRST + DAY);
            for round in 1..6 {
                truth = with_left_steps(&plan, truth);
                if tick(&mut snapshot, &plan, FIRST + round * 1000) == 0 {
                    break;
                }
                plan = diff(&desired, &read(&desired, &snapshot, FIRST + DAY));
            }
            let left: Vec<_> =
                plan.changes.iter().zip(&plan.by_hand.as_deref().unwrap().steps).filter(|(_, hand)| hand.state.is_left()).collect();
            prop_assert!(left.is_empty(), "left although ticked: {left:?}\n{:?}", snapshot.attested);
            if plan.changes.len() == first.changes.len() {
                prop_assert_eq!(digest(&first), digest(&plan), "ticking changes no approval");
            }
            let untouched = list(&desired, &actual.accounts, mask, blocks, FIRST, BTreeSet::new());
            let before = guards(&first, &read(&desired, &untouched, FIRST + DAY), &desired);
            let after = guards(&plan, &read(&desired, &snapshot, FIRST + DAY), &desired);
            prop_assert!(before.is_subset(&after), "ticking loosens a guard: {before:?}, {after:?}");
            // The next list is truthful.
            let next = list(&desired, &truth.accounts, mask, blocks, FIRST + 2 * DAY, snapshot.attested.clone());
            let proved = diff(&desired, &read(&desired, &next, FIRST + 3 * DAY));
            for (step, hand) in proved.changes.iter().zip(&proved.by_hand.as_deref().unwrap().steps) {
                prop_assert!(matches!(hand.state, HandState::Attested(_)), "{step:?}: {:?}", hand.state);
            }
            for one in &proved.by_hand.as_deref().unwrap().attested {
                prop_assert!(![Proof::Waits, Proof::Contradicted].contains(&one.proof), "{one:?} after a truthful list");
            }
            let proofs = |proof| proved.by_hand.iter().flat_map(|by_hand| &by_hand.attested).any(|one| one.proof == proof);
            Ok(vec![!first.changes.is_empty(), proofs(Proof::Proved), plan.changes.len() == first.changes.len()])
        },
    );
}

#[test]
fn each_of_some_true_and_some_false_ticks_has_the_right_proof() {
    law(
        (listed(), any::<u64>()),
        &[("a proved step", 200), ("a contradicted step", 200), ("a step that the list cannot show", 200)],
        |((desired, actual, mask, blocks), done)| {
            let mut snapshot = list(&desired, &actual.accounts, mask, blocks, FIRST, BTreeSet::new());
            let start = read(&desired, &snapshot, FIRST + DAY);
            let mut plan = diff(&desired, &start);
            tick(&mut snapshot, &plan, FIRST + 1000);
            // Of all steps that were ticked at one moment, some were made.
            let kept: Vec<bool> = (0..plan.changes.len()).map(|at| done & (1 << (at % 64)) != 0).collect();
            let mut at = kept.iter();
            plan.changes.retain(|_| at.next() == Some(&true));
            for step in &mut plan.changes {
                step.after.clear();
            }
            let accounts = project(&plan, &start);
            let next = list(&desired, &accounts, mask, blocks, FIRST + DAY, snapshot.attested.clone());
            let again = diff(&desired, &read(&desired, &next, FIRST + 2 * DAY));
            let of = |login: &LoginName| next.accounts.get(login);
            for (attestation, one) in next.attested.iter().zip(&again.by_hand.as_deref().unwrap().attested) {
                prop_assert_eq!((&attestation.id, &attestation.user), (&one.id, &one.user));
                let Some(row) = of(&attestation.user) else { continue };
                let fields = attestation.set.fields.iter().filter(|(field, _)| *field != Field::Email);
                let mut shown: Vec<bool> = fields.filter_map(|(field, said)| Some(row.fields.get(field)?.is_same(said, field))).collect();
                shown.extend(attestation.set.fields.text(Field::Email).map(|said| said == attestation.user.as_str()));
                let unblocked = || next.tabs.contains_key(&Tab::Blocked).then_some(false);
                let is_blocked = row.blocked.or_else(unblocked);
                shown.extend(attestation.set.blocked.zip(is_blocked).map(|(said, shown)| (said != BlockSet::Lifted) == shown));
                let accepted = |said| said == Standing::Pending && row.status == Some(Standing::Active);
                // Before and after an invitation is sent again, a list shows the same.
                let is_shown = attestation.change != StepKind::Done(Action::ResendInvitation);
                shown.extend(attestation.set.status.filter(|_| is_shown).map(|said| row.status == Some(said) || accepted(said)));
                let wanted = match (shown.is_empty(), shown.iter().all(|is_same| *is_same)) {
                    (false, false) => Proof::Contradicted,
                    (false, true) if attestation.set.each().len() == shown.len() => Proof::Proved,
                    (_, _) => Proof::CannotShow,
                };
                prop_assert_eq!(one.proof, wanted, "{:?} of {:?}", attestation, row);
            }
            let proofs = |proof| again.by_hand.iter().flat_map(|by_hand| &by_hand.attested).any(|one| one.proof == proof);
            Ok(vec![proofs(Proof::Proved), proofs(Proof::Contradicted), proofs(Proof::CannotShow)])
        },
    );
}

#[test]
fn a_false_tick_is_contradicted_by_the_next_list_and_never_proved() {
    law(listed(), &[("a step", 500), ("a contradicted step", 300)], |(desired, actual, mask, blocks)| {
        let mut snapshot = list(&desired, &actual.accounts, mask, blocks, FIRST, BTreeSet::new());
        let plan = diff(&desired, &read(&desired, &snapshot, FIRST + DAY));
        tick(&mut snapshot, &plan, FIRST + 1000);
        let next = list(&desired, &actual.accounts, mask, blocks, FIRST + DAY, snapshot.attested.clone());
        let again = diff(&desired, &read(&desired, &next, FIRST + 2 * DAY));
        let by_hand = again.by_hand.as_deref().unwrap();
        for (step, hand) in again.changes.iter().zip(&by_hand.steps) {
            // A list does not show passcodes: that of an account which is not in the list after all is left with the account.
            let goes_with_account = step.change.action() == Action::GeneratePasscode
                && matches!(step.change.account(), Some(AccountKey::New(_)))
                && hand.state == HandState::Left;
            // What somebody attests can make a step possible that was refused before: nobody has ticked it.
            let is_new = hand.state == HandState::Left && !plan.changes.iter().any(|known| known.change == step.change);
            let is_known = matches!(hand.state, HandState::Contradicted(_) | HandState::Attested(_));
            prop_assert!(goes_with_account || is_new || is_known, "{step:?}: {:?}", hand.state);
        }
        let wrong: Vec<_> = by_hand.attested.iter().filter(|one| [Proof::Waits, Proof::Proved].contains(&one.proof)).collect();
        prop_assert!(wrong.is_empty(), "{wrong:?} although nothing was done");
        if again.changes.len() == plan.changes.len() {
            prop_assert_eq!(digest(&plan), digest(&again));
        }
        let is_any = by_hand.attested.iter().any(|one| one.proof == Proof::Contradicted);
        Ok(vec![!plan.changes.is_empty(), is_any])
    });
}

#[test]
fn a_list_that_is_not_complete_invites_and_removes_nobody_without_saying_so() {
    law((listed(), any::<u16>()), &[("a step", 500), ("somebody whom the list lacks", 500)], |((desired, actual, mask, blocks), kept)| {
        let some: Vec<Account> =
            actual.accounts.iter().enumerate().filter(|(at, _)| kept & (1 << (at % 16)) != 0).map(|(_, a)| a.clone()).collect();
        let mut snapshot = list(&desired, &some, mask, blocks, FIRST, BTreeSet::new());
        for tab in snapshot.tabs.values_mut() {
            tab.total = None;
        }
        let plan = diff(&desired, &read(&desired, &snapshot, FIRST + DAY));
        let listed: BTreeSet<&Email> = some.iter().map(|account| &account.email).collect();
        for step in &plan.changes {
            match &step.change {
                Change::CreateAccount(_) => prop_assert_eq!(&step.reason, &Reason::NotInList),
                Change::Account { email, .. } => prop_assert!(listed.contains(email), "{step:?}"),
                Change::CreateClinic { .. }
                | Change::UpdateClinic(_)
                | Change::CreateRole { .. }
                | Change::UpdateRole(_)
                | Change::CreateEmployee { .. }
                | Change::UpdateEmployee(_)
                | Change::Complete { .. }
                | Change::SetCodeWord => {}
            }
        }
        Ok(vec![!plan.changes.is_empty(), some.len() < actual.accounts.len()])
    });
}

#[test]
fn a_list_that_lacks_people_changes_nothing_about_those_whom_it_shows() {
    let floors = [("a step about somebody whom both lists show", 300), ("somebody whom the list lacks", 500)];
    law((listed(), any::<u16>()), &floors, |((mut desired, actual, mask, blocks), kept)| {
        // A tab of blocked users that is not complete no longer says who is not blocked.
        let mask = mask & !BLOCKED_TAB;
        // Whether a list has the last administrator, or a director, is another question.
        desired.manage = Manage::Additive;
        let all = || desired.users.values().map(|user| &user.fields).chain(actual.accounts.iter().map(|account| &account.fields));
        let named: BTreeSet<&str> = all().filter_map(|fields| fields.text(Field::MdConsent)).collect();
        let is_kept = |at: usize, one: &Account| kept & (1 << (at % 16)) != 0 || named.contains(one.email.as_str());
        let some: Vec<Account> =
            actual.accounts.iter().enumerate().filter(|(at, one)| is_kept(*at, one)).map(|(_, one)| one.clone()).collect();
        let whole = list(&desired, &actual.accounts, mask, blocks, FIRST, BTreeSet::new());
        let mut fewer = list(&desired, &some, mask, blocks, FIRST + 1000, BTreeSet::new());
        fewer.tabs.values_mut().for_each(|tab| tab.total = None);
        // Colleagues who name each other get two updates each; it is one where the list lacks one of them.
        let steps = |snapshot: &Snapshot| -> BTreeMap<(String, String), BTreeSet<Field>> {
            let plan = diff(&desired, &read(&desired, snapshot, FIRST + DAY));
            let mut found: BTreeMap<(String, String), BTreeSet<Field>> = BTreeMap::new();
            for step in &plan.changes {
                let Change::Account { email, .. } = &step.change else { continue };
                if some.iter().any(|account| account.email == *email) {
                    let fields = found.entry((email.to_string(), step.change.action().as_str().to_owned())).or_default();
                    fields.extend(step.change.fields().iter().map(|change| change.field));
                }
            }
            found
        };
        let (before, after) = (steps(&whole), steps(&fewer));
        prop_assert_eq!(&before, &after);
        Ok(vec![!before.is_empty(), some.len() < actual.accounts.len()])
    });
}

#[test]
fn a_false_tick_about_somebody_with_another_login_by_now_is_never_proved() {
    let floors = [("an account that moved after its end was ticked", 80), ("somebody who moved under another name", 50)];
    law((listed(), any::<u32>()), &floors, |((desired, actual, mask, blocks), moved)| {
        let mut snapshot = list(&desired, &actual.accounts, mask, blocks, FIRST, BTreeSet::new());
        let plan = diff(&desired, &read(&desired, &snapshot, FIRST + DAY));
        tick(&mut snapshot, &plan, FIRST + 1000);
        // Nobody did anything, and some people have other addresses since, some of them under other names.
        let (mut renamed, mut has_other_name) = (BTreeSet::new(), false);
        let mut now = actual.accounts.clone();
        for (at, account) in now.iter_mut().enumerate().filter(|(at, _)| moved & (1 << (at % 16)) != 0) {
            renamed.insert(LoginName::Address(account.email.clone()));
            account.email = Email::parse(&format!("moved{at}@other.example")).expect("an address");
            account.id = RemoteId(account.email.to_string());
            if moved & (1 << (16 + at % 16)) != 0 {
                has_other_name = true;
                account.fields.set(Field::LastName, Value::Text(format!("Moved{at}")));
                account.fields.set(Field::FirstName, Value::Text(format!("Other{at}")));
            }
        }
        let next = list(&desired, &now, mask, blocks, FIRST + DAY, snapshot.attested.clone());
        let again = diff(&desired, &read(&desired, &next, FIRST + 2 * DAY));
        let judged = next.attested.iter().zip(&again.by_hand.as_deref().expect("a plan by hand").attested);
        let ended: Vec<_> =
            judged.filter(|(one, _)| renamed.contains(&one.user) && one.change == StepKind::Done(Action::Inactivate)).collect();
        for (attestation, one) in &ended {
            prop_assert!(!one.proof.is_proved(), "{attestation:?}");
        }
        Ok(vec![!ended.is_empty(), has_other_name && !ended.is_empty()])
    });
}

#[test]
fn no_prefix_of_a_plan_on_a_tab_of_active_users_locks_the_workspace_out() {
    let floors = [("an approved step", 200), ("a main admin who is not active", 200)];
    law(listed(), &floors, |(desired, actual, mask, blocks)| {
        let catalog = by_id(&desired.platform).catalog();
        // The only tab is complete, and has everybody who is active but the main admin.
        let is_main_admin = |account: &Account| desired.main_admin.as_ref() == Some(&account.email);
        let active: Vec<Account> =
            actual.accounts.iter().filter(|one| one.state.standing().is_active() && !is_main_admin(one)).cloned().collect();
        let mut snapshot = list(&desired, &active, mask | BY_TAB, blocks, FIRST, BTreeSet::new());
        snapshot.tabs.retain(|tab, _| *tab == Tab::Active || *tab == Tab::Blocked);
        let start = read(&desired, &snapshot, FIRST + DAY);
        let plan = diff(&desired, &start);
        let Some(before) = administrators(&start.accounts, catalog) else { return Ok(vec![false, false]) };
        let limit = before.min(desired.guards.administrators_at_least as usize);
        let Ok(approved) = approve(plan, &start, &desired) else { return Ok(vec![false, desired.main_admin.is_some()]) };
        for length in 0..=approved.plan().changes.len() {
            let left = administrators(&project_prefix(approved.plan(), length, &start), catalog).expect("as above");
            prop_assert!(left >= limit, "{left} administrators after {length} steps: {:?}", approved.plan().changes);
        }
        Ok(vec![!approved.plan().changes.is_empty(), desired.main_admin.is_some()])
    });
}

/// Says of each value of an attestation whether it is so, as far as a row of everything says it; somebody without an account has none of them.
fn are_so(one: &Attestation, row: Option<&Row>, is_removed: bool) -> Vec<bool> {
    let Some(row) = row else { return vec![is_removed && one.set.status == Some(Standing::Inactive)] };
    let fields = one.set.fields.iter().filter(|(field, _)| *field != Field::Email);
    let mut are_so: Vec<bool> = fields.filter_map(|(field, said)| Some(row.fields.get(field)?.is_same(said, field))).collect();
    are_so.extend(one.set.blocked.zip(row.blocked).map(|(said, shown)| (said != BlockSet::Lifted) == shown));
    let accepted = |said| said == Standing::Pending && row.status == Some(Standing::Active);
    are_so.extend(one.set.status.map(|said| row.status == Some(said) || accepted(said)));
    are_so
}

#[test]
fn no_part_of_a_list_proves_a_false_tick_or_contradicts_a_true_one() {
    let floors = [("a proved step", 200), ("a contradicted step", 200), ("a list without one of the tabs", 300)];
    law((listed(), any::<u64>(), any::<u32>()), &floors, |((desired, actual, mask, blocks), done, cut)| {
        let mut snapshot = list(&desired, &actual.accounts, mask, blocks, FIRST, BTreeSet::new());
        let start = read(&desired, &snapshot, FIRST + DAY);
        let mut plan = diff(&desired, &start);
        tick(&mut snapshot, &plan, FIRST + 1000);
        let mut at = (0..64).cycle().map(|at| done & (1 << at) != 0);
        plan.changes.retain(|_| at.next() == Some(true));
        plan.changes.iter_mut().for_each(|step| step.after.clear());
        let accounts = project(&plan, &start);
        let truth = list(&desired, &accounts, !BY_TAB & !BLOCKED_TAB, true, FIRST + DAY, BTreeSet::new());
        let mut next = list(&desired, &accounts, mask | BY_TAB, blocks, FIRST + DAY, snapshot.attested.clone());
        // Some tabs are missing, and some are cut off.
        let mut is_cut = false;
        let is_joint = by_id(&desired.platform).catalog().list.nameless.is_some();
        for (at, tab) in [Tab::Active, Tab::Inactive, Tab::Pending, Tab::Blocked].into_iter().enumerate() {
            let is_on = |row: &Row| if tab == Tab::Blocked { row.blocked == Some(true) } else { row.status.map(Tab::showing) == Some(tab) };
            match (cut >> (2 * at)) & 3 {
                // Where pending people are among the active ones, there is no other tab that could be missing.
                0 if tab == Tab::Pending && is_joint => {}
                0 if tab != Tab::Active => {
                    is_cut |= next.tabs.remove(&tab).is_some();
                    next.accounts.retain(|_, row| tab == Tab::Blocked || !is_on(row));
                    for row in next.accounts.values_mut().filter(|_| tab == Tab::Blocked && mask & BLOCKED_TAB != 0) {
                        row.blocked = None;
                    }
                }
                1 => {
                    next.tabs.entry(tab).and_modify(|read| read.total = None);
                    let mut kept = (0..16).cycle().map(|at| cut & (1 << (16 + at)) != 0);
                    next.accounts.retain(|_, row| !is_on(row) || kept.next() == Some(true));
                }
                2.. | 0 => {}
            }
        }
        // The rows of other tabs are not on the one of blocked users when those are cut off: it has fewer, too.
        if let Some(read) = next.tabs.get_mut(&Tab::Blocked)
            && read.total != Some(next.accounts.values().filter(|row| row.blocked == Some(true)).count() as u64)
        {
            read.total = None;
        }
        let again = diff(&desired, &read(&desired, &next, FIRST + 2 * DAY));
        let states = by_id(&desired.platform).catalog().states;
        let judged = &again.by_hand.as_deref().expect("a plan by hand").attested;
        let has_address = |one: &Attestation| one.set.fields.get(Field::Email).is_some();
        for (attestation, one) in next.attested.iter().zip(judged).filter(|(attestation, _)| !has_address(attestation)) {
            let so = are_so(attestation, truth.accounts.get(&attestation.user), !states.inactive);
            let is_resent = attestation.change == StepKind::Done(Action::ResendInvitation);
            if one.proof == Proof::Proved {
                prop_assert!(so.iter().all(|is_so| *is_so), "proved, and not so: {attestation:?}\n{:?}", next.tabs);
            }
            if one.proof == Proof::Contradicted && !is_resent {
                prop_assert!(so.iter().any(|is_so| !is_so), "contradicted, and so: {attestation:?}\n{:?}", next.tabs);
            }
        }
        let proofs = |proof| judged.iter().any(|one| one.proof == proof);
        Ok(vec![proofs(Proof::Proved), proofs(Proof::Contradicted), is_cut])
    });
}
