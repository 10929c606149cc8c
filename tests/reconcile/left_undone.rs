//! The changes that a run leaves undone: whichever change fails or is withheld, and with it what depends on it, the workspace is as safe as the whole
//! plan leaves it. Guards are not asked again in the middle of a run.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::guards::{add_account, add_user, email, fields, practice};
use crate::laws::law;
use crate::office::{listed, login, office, record};
use crate::worlds::{MAIN, Plot, RoleEdit, build, of_round, plot};
use rosterctl::model::*;
use rosterctl::platform::{Platform, built_in, by_id};
use rosterctl::reconcile::{administrators, approve, diff, project, with_dependents, without};

fn is_usable(account: &Account) -> bool {
    !account.state.inactive && account.state.block.is_none()
}

/// Returns what an account can be compared by in another state of the workspace: its id, or the address of a new one.
fn address_of(account: &Account) -> String {
    if account.id.0.is_empty() { account.email.to_string() } else { account.id.0.clone() }
}

/// Returns what somebody may do and where, if `counts` says so of the account.
fn access(accounts: &[Account], counts: impl Fn(&Account) -> bool) -> BTreeMap<String, BTreeSet<String>> {
    let of = |account: &Account| {
        let clinics = account.fields.items(Field::Clinics).into_iter().map(|clinic| format!("clinic {clinic}"));
        account.privileges.iter().cloned().chain(clinics).filter(|_| counts(account)).collect()
    };
    accounts.iter().map(|account| (address_of(account), of(account))).collect()
}

/// Those who rely on somebody who has left.
fn stranded(platform: &Platform, accounts: &[Account]) -> BTreeSet<String> {
    let supports = |account: &Account| !account.state.inactive && account.fields.text(Field::Role).is_some_and(|r| platform.supervises(r));
    let relies = |account: &Account| platform.relies_on(&|field| account.fields.get(field)).map(str::to_owned);
    let is_left = |named: String| !accounts.iter().any(|other| other.email.as_str() == named && supports(other));
    accounts.iter().filter(|a| !a.state.inactive && relies(a).is_some_and(is_left)).map(address_of).collect()
}

/// Those who work on an inactive employee record.
#[expect(clippy::wildcard_enum_match_arm, reason = "a test looks at some cases only")]
fn on_inactive_records(plan: &Plan, actual: &Actual, accounts: &[Account]) -> BTreeSet<String> {
    let mut active: BTreeMap<&str, bool> = actual.employees.iter().map(|held| (held.key.as_str(), held.active)).collect();
    for step in &plan.changes {
        match &step.change {
            Change::UpdateEmployee(update) => {
                active.extend(update.active.as_ref().map(|edit| (update.key.as_str(), edit.after)));
            }
            Change::CreateEmployee { key, active: is_active, .. } => _ = active.insert(key, *is_active),
            _ => {}
        }
    }
    let is_off = |a: &&Account| a.fields.text(Field::Employee).is_some_and(|key| active.get(key) == Some(&false));
    accounts.iter().filter(|a| !a.state.inactive).filter(is_off).map(address_of).collect()
}

/// The holders of a role that nobody else gives.
fn last_givers(platform: &Platform, accounts: &[Account]) -> BTreeMap<String, usize> {
    let given = platform.catalog().roles.iter().filter(|(_, role)| !role.given_by.is_every_administrator());
    let works = |a: &&Account| a.state.accepted && is_usable(a);
    given
        .map(|(role, _)| (role.clone(), accounts.iter().filter(works).filter(|a| a.fields.text(Field::Role) == Some(role)).count()))
        .collect()
}

/// Says what is less safe after a part of a plan than before and after the whole of it.
fn less_safe(whole: &Plan, part: &Plan, actual: &Actual, at_least: u32) -> Option<String> {
    let platform = by_id(&whole.platform);
    let (before, after, now) = (&actual.accounts, &project(whole, actual), &project(part, actual));
    let [had, has, left] = [before, after, now].map(|accounts| administrators(accounts, platform.catalog()).unwrap_or(usize::MAX));
    let floor = had.min(has).min((at_least as usize).max(1));
    if left < floor {
        return Some(format!("{left} administrators are left, and {floor} are due"));
    }
    let [had, has, left] = [before, after, now].map(|accounts| last_givers(platform, accounts));
    if let Some((role, _)) = left.iter().find(|(role, n)| **n == 0 && had[*role] > 0 && has[*role] > 0) {
        return Some(format!("nobody is left who gives {role}"));
    }
    let [had, has, left] = [before, after, now].map(|accounts| stranded(platform, accounts));
    if let Some(one) = left.iter().find(|one| !had.contains(*one) && !has.contains(*one)) {
        return Some(format!("{one} relies on somebody who is gone"));
    }
    let [had, has, left] = [(whole, before, false), (whole, after, true), (part, now, true)].map(|(plan, accounts, made)| {
        let none = Plan { changes: Vec::new(), ..plan.clone() };
        on_inactive_records(if made { plan } else { &none }, actual, accounts)
    });
    if let Some(one) = left.iter().find(|one| !had.contains(*one) && !has.contains(*one)) {
        return Some(format!("{one} works on an inactive record"));
    }
    // A plan shows the privileges of somebody whom it blocks, too.
    let [had, has, left] = [access(before, is_usable), access(after, |account| !account.state.inactive), access(now, is_usable)];
    let none = BTreeSet::new();
    left.iter().find_map(|(one, can)| {
        let strange: Vec<&String> =
            can.iter().filter(|p| !had.get(one).unwrap_or(&none).contains(*p) && !has.get(one).unwrap_or(&none).contains(*p)).collect();
        (!strange.is_empty()).then(|| format!("{one} has {strange:?} neither before nor after"))
    })
}

/// Leaves out changes, and what depends on them; says what is less safe then.
fn leaving(plan: &Plan, out: &BTreeSet<usize>, desired: &Desired, actual: &Actual) -> Option<String> {
    let part = without(plan.clone(), &BTreeSet::new(), out, desired, actual);
    less_safe(plan, &part, actual, desired.guards.administrators_at_least)
}

/// Every single change is left undone in turn, as one that fails; then all of its account, as one that has drifted.
fn first_unsafe(plan: &Plan, desired: &Desired, actual: &Actual) -> Option<String> {
    (0..plan.changes.len()).find_map(|at| {
        let subject = plan.changes[at].change.subject();
        let lane: BTreeSet<usize> = (at..plan.changes.len()).filter(|other| plan.changes[*other].change.subject() == subject).collect();
        let found = leaving(plan, &[at].into(), desired, actual).or_else(|| leaving(plan, &lane, desired, actual))?;
        Some(format!("without {:?} of {subject:?}: {found}", plan.changes[at].change.action()))
    })
}

/// Asks whether an approved plan is safe whatever is left undone of it; `None` if there is nothing to ask.
fn judge(desired: &Desired, actual: &Actual, some: &[prop::sample::Index]) -> Option<Result<(), String>> {
    let plan = diff(desired, actual);
    if plan.changes.len() < 2 || approve(plan.clone(), actual, desired).is_err() {
        return None;
    }
    let out: BTreeSet<usize> = some.iter().map(|at| at.index(plan.changes.len())).collect();
    let several = || leaving(&plan, &out, desired, actual).map(|found| format!("without {out:?}: {found}"));
    let found = first_unsafe(&plan, desired, actual).or_else(several);
    Some(found.map_or(Ok(()), |found| Err(format!("{found}\n{:#?}", plan.changes))))
}

fn some_changes() -> impl Strategy<Value = Vec<prop::sample::Index>> + Clone {
    prop::collection::vec(any::<prop::sample::Index>(), 1..4)
}

// PBN-6, B1, rule 2 of the core
#[test]
fn a_role_that_is_handed_over_while_it_changes_is_as_safe_as_the_plan_leaves_it() {
    let on = built_in().iter().position(|platform| platform.word() == "practice-by-numbers").expect("a platform");
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) };
    let asked = RefCell::new(0);
    let worlds = (plot(), any::<[bool; 3]>(), some_changes());
    let tried = of_round(&config, 0).run(&worlds, |(plot, [gains, loses, before], some)| {
        let role_edit = Some(RoleEdit { gains, loses, administers: [before, true] });
        let (desired, actual) = build(&Plot { platform: on, hand_over: true, role_edit, ..plot });
        if let Some(found) = judge(&desired, &actual, &some) {
            *asked.borrow_mut() += 1;
            prop_assert!(found.is_ok(), "{}", found.unwrap_err());
        }
        Ok(())
    });
    assert!(tried.is_ok(), "{}", tried.unwrap_err());
    assert!(asked.into_inner() >= 50);
}

// B1, rule 2 of the core
#[test]
fn whatever_is_left_undone_the_workspace_is_as_safe_as_the_plan_leaves_it() {
    let several = "an approved plan has several changes";
    law(several, 100, some_changes(), |desired, actual, some| {
        let Some(found) = judge(&desired, &actual, &some) else { return Ok(false) };
        prop_assert!(found.is_ok(), "{}", found.unwrap_err());
        Ok(true)
    });
}

fn provider(director: &str) -> Fields {
    let mut provider = fields("provider");
    provider.set(Field::Provider, Value::Flag(true));
    provider.set(Field::MdConsent, Value::Text(director.to_owned()));
    provider
}

fn is_safe(desired: &Desired, actual: &Actual) -> Plan {
    let plan = diff(desired, actual);
    assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
    approve(plan.clone(), actual, desired).expect("no guard stops it");
    assert_eq!(first_unsafe(&plan, desired, actual), None, "{:#?}", plan.changes);
    plan
}

/// The positions of somebody's changes.
fn steps_of(plan: &Plan, address: &str) -> Vec<usize> {
    let address = email(address);
    (0..plan.changes.len()).filter(|at| plan.changes[*at].change.subject().user() == Some(&address)).collect()
}

// AR-9, AR-25
#[test]
fn a_director_leaves_once_the_provider_has_another_one() {
    let [old, new, pia, quinn] = ["old@glow.example", "new@glow.example", "pia@glow.example", "quinn@glow.example"];
    for demoted in [false, true] {
        let (mut desired, mut actual) = practice();
        (desired.guards.removals_count, desired.guards.removals_share) = (100, Share::from_millionths(1_000_000));
        add_account(&mut actual, old, fields("medical-director"));
        let left = add_user(&mut desired, old, fields(if demoted { "front-desk" } else { "medical-director" }));
        left.status = if demoted { Status::Active } else { Status::Inactive };
        add_user(&mut desired, new, fields("medical-director"));
        for (address, stays) in [(pia, true), (quinn, false)] {
            add_account(&mut actual, address, provider(old));
            add_user(&mut desired, address, provider(new)).status = if stays { Status::Active } else { Status::Inactive };
        }
        let plan = is_safe(&desired, &actual);
        let [left] = steps_of(&plan, old)[..] else { panic!("{:?}", plan.changes) };
        let due: BTreeSet<usize> = steps_of(&plan, pia).into_iter().chain(steps_of(&plan, quinn)).collect();
        assert!(due.is_subset(&plan.changes[left].after.iter().copied().collect()), "{:#?}", plan.changes);
    }
}

// AR-25
#[test]
fn a_block_of_a_director_waits_for_nobody() {
    let (mut desired, mut actual) = practice();
    actual.accounts[0].fields.set(Field::Phones, Value::List(vec!["+16025550100".to_owned()]));
    let [old, new, pia] = ["old@glow.example", "new@glow.example", "pia@glow.example"];
    add_account(&mut actual, old, fields("medical-director"));
    add_account(&mut actual, new, fields("medical-director"));
    add_account(&mut actual, pia, provider(old));
    let user = add_user(&mut desired, old, fields("medical-director"));
    user.status = Status::Inactive;
    user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    add_user(&mut desired, new, fields("medical-director"));
    add_user(&mut desired, pia, provider(new));
    let plan = diff(&desired, &actual);
    let [block, left] = steps_of(&plan, old)[..] else { panic!("{:?}", plan.changes) };
    let after = |at: usize| plan.changes[at].after.len();
    assert_eq!((plan.changes[block].change.action(), plan.changes[block].stage, after(block)), (Action::Block, Stage::Risk, 0));
    assert_eq!((plan.changes[left].change.action(), after(left)), (Action::Inactivate, 1));
}

/// A role of the practice that gives other privileges in the roster than in the workspace.
fn edited_role(desired: &mut Desired, actual: &mut Actual, key: &str, before: &[&str], after: &[&str]) {
    let privileges = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
    let (id, fingerprint) = (RemoteId(format!("role-{key}")), Fingerprint("W/\"1\"".to_owned()));
    let held = Role { id, fingerprint, name: key.to_owned(), privileges: privileges(before), built_in: false };
    actual.roles.insert(key.to_owned(), held);
    desired.roles.insert(key.to_owned(), DesiredRole { name: key.to_owned(), based_on: None, privileges: privileges(after) });
}

/// Somebody on an employee record, with a role in the workspace and one in the roster.
fn person<'a>(desired: &'a mut Desired, actual: &mut Actual, first: &str, [held, wanted]: [&str; 2]) -> &'a mut DesiredUser {
    let (name, key) = ([first, "Day"], first.to_lowercase());
    record(actual, &key, name);
    login(actual, &format!("{key}@dental.example"), name, held, &key);
    listed(desired, &format!("{key}@dental.example"), name, wanted)
}

fn desk() -> (Desired, Actual) {
    let (mut desired, mut actual) = office();
    (desired.guards.removals_count, desired.guards.removals_share) = (100, Share::from_millionths(1_000_000));
    desired.guards.administrators_at_least = 2;
    actual.token_owner = Some(email(MAIN));
    (desired, actual)
}

// PBN-6
#[test]
fn a_role_that_gives_more_waits_for_those_who_leave_it() {
    let (mut desired, mut actual) = desk();
    edited_role(&mut desired, &mut actual, "lead", &["general"], &["general", "manage-logins"]);
    person(&mut desired, &mut actual, "Ann", ["lead", "front-desk"]);
    person(&mut desired, &mut actual, "Bo", ["lead", "lead"]).status = Status::Inactive;
    person(&mut desired, &mut actual, "Cy", ["lead", "lead"]);
    is_safe(&desired, &actual);
}

// PBN-6
#[test]
fn nobody_comes_back_with_what_the_role_is_about_to_lose() {
    let (mut desired, mut actual) = desk();
    desired.guards.administrators_at_least = 1;
    edited_role(&mut desired, &mut actual, "lead", &["general", "manage-logins"], &["general"]);
    person(&mut desired, &mut actual, "Ann", ["lead", "lead"]);
    actual.accounts[1].state.inactive = true;
    is_safe(&desired, &actual);
}

// PBN-6, B1
#[test]
fn a_role_keeps_the_right_to_manage_logins_until_others_have_it() {
    let (mut desired, mut actual) = desk();
    edited_role(&mut desired, &mut actual, "lead", &["general", "manage-logins"], &["general"]);
    edited_role(&mut desired, &mut actual, "chief", &["general"], &["general", "manage-logins"]);
    person(&mut desired, &mut actual, "Ann", ["lead", "lead"]);
    person(&mut desired, &mut actual, "Bo", ["chief", "chief"]);
    is_safe(&desired, &actual);
    // Somebody who keeps the right, under another role.
    (desired, actual) = desk();
    edited_role(&mut desired, &mut actual, "lead", &["general", "manage-logins"], &["general"]);
    person(&mut desired, &mut actual, "Ann", ["lead", "office-administrator"]);
    is_safe(&desired, &actual);
}

// PBN-6
#[test]
fn the_last_owner_waits_for_the_next_one() {
    let (mut desired, mut actual) = desk();
    desired.guards.administrators_at_least = 1;
    actual.accounts[0].fields.set(Field::Role, Value::Text("office-administrator".to_owned()));
    listed(&mut desired, MAIN, ["Olivia", "Stone"], "owner").fields.set(Field::Role, Value::Text("office-administrator".to_owned()));
    person(&mut desired, &mut actual, "Ann", ["owner", "front-desk"]);
    person(&mut desired, &mut actual, "Bo", ["front-desk", "owner"]);
    is_safe(&desired, &actual);
}

// PBN-8
#[test]
fn nobody_comes_back_to_a_record_that_stays_inactive() {
    let (mut desired, mut actual) = desk();
    desired.guards.administrators_at_least = 1;
    person(&mut desired, &mut actual, "Ann", ["front-desk", "front-desk"]);
    actual.employees[1].active = false;
    actual.accounts[1].state.inactive = true;
    let (first_name, last_name) = ("Ann".to_owned(), "Day".to_owned());
    let wanted = DesiredEmployee { id: Some("ann".to_owned()), first_name, last_name, active: Some(true), external: None };
    desired.employees.push(wanted);
    is_safe(&desired, &actual);
}

/// Returns whether a change can still be made if those of somebody cannot.
fn is_independent(plan: &Plan, at: usize, of_whom: &str) -> bool {
    let out: BTreeSet<usize> = steps_of(plan, of_whom).into_iter().collect();
    !out.is_empty() && !with_dependents(plan, &out, &BTreeSet::new()).contains(&at)
}

/// The changes of roles with what they lose and gain, by position.
fn role_changes(plan: &Plan) -> Vec<(usize, Vec<&str>, Vec<&str>)> {
    let all = plan.changes.iter().enumerate().filter_map(|(at, step)| Some((at, step.change.role_update()?.privileges.as_ref()?)));
    all.map(|(at, edit)| (at, edit.lost().into_iter().collect(), edit.gained().into_iter().collect())).collect()
}

// PBN-6, rule 3 of the core
#[test]
fn somebody_who_leaves_a_role_keeps_no_newcomer_waiting() {
    for (before, after) in [(["general", "forms"], ["general", "payments"]), (["general", "general"], ["general", "payments"])] {
        let (mut desired, mut actual) = desk();
        desired.guards.administrators_at_least = 1;
        edited_role(&mut desired, &mut actual, "lead", &before, &after);
        person(&mut desired, &mut actual, "Bo", ["lead", "lead"]).status = Status::Inactive;
        person(&mut desired, &mut actual, "Cy", ["billing", "lead"]);
        record(&mut actual, "di", ["Di", "Day"]);
        listed(&mut desired, "di@dental.example", ["Di", "Day"], "lead");
        let plan = is_safe(&desired, &actual);
        let [bo] = steps_of(&plan, "bo@dental.example")[..] else { panic!("{:#?}", plan.changes) };
        for address in ["cy@dental.example", "di@dental.example"] {
            let [at] = steps_of(&plan, address)[..] else { panic!("{:#?}", plan.changes) };
            assert!(is_independent(&plan, at, "bo@dental.example"), "{address}: {:#?}", plan.changes);
        }
        let loses = before[1] != "general";
        for (at, lost, gained) in role_changes(&plan) {
            assert!(lost.is_empty() || gained.is_empty(), "{lost:?} {gained:?}");
            assert_eq!(is_independent(&plan, at, "bo@dental.example"), !lost.is_empty());
            assert_eq!(plan.changes[at].after.contains(&bo), !gained.is_empty());
        }
        assert_eq!(role_changes(&plan).len(), 1 + usize::from(loses), "{:#?}", plan.changes);
    }
}

// PBN-6, B1
#[test]
fn a_successor_in_a_role_that_gains_waits_for_neither_the_role_nor_those_who_leave_it() {
    let (mut desired, mut actual) = desk();
    edited_role(&mut desired, &mut actual, "lead", &["general", "manage-logins"], &["general", "manage-logins", "payments"]);
    person(&mut desired, &mut actual, "Bo", ["lead", "lead"]).status = Status::Inactive;
    person(&mut desired, &mut actual, "Cy", ["front-desk", "lead"]);
    let plan = is_safe(&desired, &actual);
    let [bo] = steps_of(&plan, "bo@dental.example")[..] else { panic!("{:#?}", plan.changes) };
    let [cy] = steps_of(&plan, "cy@dental.example")[..] else { panic!("{:#?}", plan.changes) };
    let [(role, ..)] = role_changes(&plan)[..] else { panic!("{:#?}", plan.changes) };
    let after = [cy, bo, role].map(|at| plan.changes[at].after.clone());
    assert_eq!(after, [vec![], vec![cy], vec![bo]], "{:#?}", plan.changes);
}

// PBN-6, B1
#[test]
fn a_role_that_gives_more_to_somebody_who_cannot_leave_it_first_is_a_risk() {
    let (mut desired, mut actual) = desk();
    edited_role(&mut desired, &mut actual, "lead", &["general"], &["general", "manage-logins"]);
    edited_role(&mut desired, &mut actual, "chief", &["general", "manage-logins"], &["general"]);
    person(&mut desired, &mut actual, "Ann", ["lead", "lead"]);
    person(&mut desired, &mut actual, "Bo", ["chief", "chief"]);
    person(&mut desired, &mut actual, "Cy", ["lead", "chief"]);
    let plan = diff(&desired, &actual);
    let [cy] = steps_of(&plan, "cy@dental.example")[..] else { panic!("{:#?}", plan.changes) };
    let role = |key: &str| plan.changes.iter().position(|step| step.change.subject() == SubjectRef::Role(key)).expect("a change");
    let [lead, chief] = ["lead", "chief"].map(role);
    let [lead_after, chief_after, cy_after] = [lead, chief, cy].map(|at| plan.changes[at].after.clone());
    assert_eq!((lead_after, chief_after, cy_after), (vec![], vec![lead], vec![chief]), "{:#?}", plan.changes);
    assert!(plan.changes[lead].risky, "Cy can manage logins for a moment: {:#?}", plan.changes);
    approve(plan, &actual, &desired).expect("no guard stops it");
}
