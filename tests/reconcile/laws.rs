//! Laws of diff, order, projection and guards, each on random worlds of every platform (M2).
//!
//! A law counts in how many worlds it had something to say, prints that, and fails if they are too few: a law whose precondition is never
//! true proves nothing. `PROPTEST_CASES` sets how many worlds each law gets.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestCaseError, TestRunner};
use rosterctl::model::transition::{Terms, is_in_force, transition};
use rosterctl::model::*;
use rosterctl::platform::{Platform, built_in, by_id};
use rosterctl::reconcile::{administrators, approve, diff, digest, project, project_prefix};

use crate::worlds::{NOW, after, of_round, world};

/// Worlds for each law.
const CASES: u32 = 350;

/// Preconditions that are true on no world of a platform, and why; elsewhere each is true on every platform.
const NEVER: [(&str, &str, &str); 6] = [
    (BLOCKED_AND_INVITED, "generic", "nobody is blocked there"),
    (BLOCKED_AND_INVITED, "practice-by-numbers", "nobody is blocked there"),
    (BLOCKED_AND_INVITED, "telus-chr", "nobody is blocked there"),
    (ADMINISTRATION_GOES, "generic", "no role there is known to give the administration"),
    (HANDED_OVER, "generic", "no role there is known to give the administration"),
    (REFUSED_OR_KEPT, "practice-by-numbers", "its servers lack no field, and an admin changes each of them"),
];
const BLOCKED_AND_INVITED: &str = "a blocked person is in the roster, and somebody is invited";
const ADMINISTRATION_GOES: &str = "an approved plan takes the administration from somebody";
const HANDED_OVER: &str = "administration is handed over in an approved plan";
const REFUSED_OR_KEPT: &str = "a field is refused or kept";

/// The number of times that a law gets more worlds because a platform had none that fulfils its precondition.
const MORE: u64 = 8;

/// In how many worlds of each platform a law was tried, and in how many its precondition was true.
type Counted = BTreeMap<String, (usize, usize)>;

/// The platforms on which a precondition was never true, or was although it cannot be.
fn unexpected(when: &str, counted: &Counted) -> Vec<&'static str> {
    let fit = |platform: &str| counted.get(platform).map_or(0, |(_, fit)| *fit);
    let is_never = |platform: &str| NEVER.iter().any(|(what, on, _)| *what == when && *on == platform);
    built_in().iter().map(|platform| platform.word()).filter(|platform| is_never(platform) != (fit(platform) == 0)).collect()
}

/// The finding of a law about one world: whether its precondition was true there.
type Judged = Result<bool, TestCaseError>;

/// Tries a law on random worlds. `at_least` is how many of a thousand must fulfil its precondition, which `when` says in words; on each
/// platform some world must.
pub(crate) fn law<S: Strategy + Clone>(when: &str, at_least: usize, more: S, judge: impl Fn(Desired, Actual, S::Value) -> Judged) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let counted: RefCell<Counted> = RefCell::default();
    for round in 0..MORE {
        let tried = of_round(&config, round).run(&(world(), more.clone()), |((desired, actual), more)| {
            let platform = by_id(&desired.platform).word().to_owned();
            let is_true = judge(desired, actual, more)?;
            let mut counted = counted.borrow_mut();
            let (worlds, fit) = counted.entry(platform).or_default();
            (*worlds, *fit) = (*worlds + 1, *fit + usize::from(is_true));
            Ok(())
        });
        if let Err(why) = tried {
            panic!("{why}");
        }
        if unexpected(when, &counted.borrow()).is_empty() {
            break;
        }
    }
    let counted = counted.into_inner();
    let each: Vec<String> = counted.iter().map(|(platform, (worlds, fit))| format!("{platform} {fit} of {worlds}")).collect();
    println!("{when}: {}", each.join(", "));
    let (worlds, fit) = counted.values().fold((0, 0), |(worlds, fit), one| (worlds + one.0, fit + one.1));
    assert!(fit * 1000 >= at_least * worlds, "{when} in {fit} of {worlds} worlds, which is too few to prove anything");
    assert_eq!(unexpected(when, &counted), Vec::<&str>::new(), "{when}: true in no world of these platforms, or else no longer never");
}

/// No input besides the world.
fn nothing() -> impl Strategy<Value = ()> + Clone {
    Just(())
}

fn platform(desired: &Desired) -> &'static Platform {
    by_id(&desired.platform)
}

/// The account of an entry: under its address, or under a former one.
fn account<'a>(accounts: &'a [Account], user: &DesiredUser) -> Option<&'a Account> {
    let under = |email: &Email| accounts.iter().find(|a| a.email == *email);
    under(&user.email).or_else(|| user.formerly.iter().find_map(under))
}

/// The account that a change is about, among accounts as they are at some point.
fn touched<'a>(accounts: &'a [Account], change: &Change) -> Option<&'a Account> {
    match change.account()? {
        AccountKey::Known(id) => accounts.iter().find(|a| a.id == *id),
        AccountKey::New(email) => accounts.iter().find(|a| a.email == *email),
    }
}

fn lists(desired: &Desired, email: &Email) -> bool {
    desired.users.values().any(|user| user.email == *email || user.formerly.contains(email))
}

/// The words of a plan about a user that it does not do: nothing, some fields, or the user as a whole.
enum Excused {
    Nothing,
    Fields(BTreeSet<Field>),
    AllFields,
    Everything,
}

/// Reads from the refusals and notices of a plan what of a user stays as it is.
fn excused(plan: &Plan, user: &DesiredUser) -> Excused {
    let is_theirs = |subject: &Subject| subject.borrow().user().is_some_and(|email| user.email == *email || user.formerly.contains(email));
    let lacks = |refusal: &Refusal| if let RefusalCause::NotOnServer { field, .. } = &refusal.cause { Some(*field) } else { None };
    let mut fields: BTreeSet<Field> = plan.refusals.iter().filter_map(lacks).collect();
    let mut all = false;
    for refusal in plan.refusals.iter().filter(|refusal| is_theirs(&refusal.subject)) {
        match refusal.cause.topic() {
            RefusalTopic::Field(field) => _ = fields.insert(field),
            RefusalTopic::Action(Action::Update) => all = true,
            RefusalTopic::Word("passcode") => {}
            RefusalTopic::Action(_) | RefusalTopic::Word(_) => return Excused::Everything,
        }
    }
    for notice in plan.notices.iter().filter(|notice| is_theirs(&notice.subject)) {
        if let NoticeCause::Kept { field, .. } = &notice.cause {
            fields.insert(*field);
        }
    }
    match (all, fields.is_empty()) {
        (true, _) => Excused::AllFields,
        (false, true) => Excused::Nothing,
        (false, false) => Excused::Fields(fields),
    }
}

/// Returns what the desired state says of one projected account, judged without `diff`.
fn falls_short(desired: &Desired, actual: &Actual, user: &DesiredUser, account: Option<&Account>, excused: &Excused) -> Option<String> {
    let catalog = platform(desired).catalog();
    let wanted_blocked = matches!(user.blocked, Some(DesiredBlock::Blocked { .. }));
    let Some(account) = account else {
        // Rights that the token's owner cannot give keep a new account from being created.
        let not_given = if let Excused::Fields(fields) = excused { fields.contains(&Field::Role) } else { false };
        let nothing = user.status == Status::Inactive || wanted_blocked || not_given;
        return (!nothing).then(|| "no account".to_owned());
    };
    // Nobody is let in to be blocked: the state stays as it is.
    let stays_out = wanted_blocked && account.state.inactive;
    // Nor is an invitation sent to somebody whose block the roster leaves.
    let waits = account.state.block.is_some() && !account.state.accepted;
    if (user.status == Status::Inactive) != account.state.inactive && !stays_out && !waits {
        return Some("status differs".to_owned());
    }
    match &user.blocked {
        Some(DesiredBlock::Blocked { .. }) if account.state.block.is_none() => return Some("not blocked".to_owned()),
        Some(DesiredBlock::Unblocked) if account.state.block.is_some() => return Some("still blocked".to_owned()),
        _ => {}
    }
    if user.status == Status::Inactive {
        return None;
    }
    let mut fields = user.fields.clone();
    catalog.normalize(&mut fields);
    for (field, value) in fields.iter() {
        let is = account.fields.get(field).unwrap_or(ValueRef::Unset);
        let is_excused = match excused {
            Excused::Nothing => false,
            Excused::Fields(fields) => fields.contains(&field),
            Excused::AllFields | Excused::Everything => true,
        };
        if !is.is_same(value, field) && !is_excused {
            return Some(format!("{} is {is:?}, wanted {value:?}", field.key()));
        }
    }
    if let (Excused::Nothing, Some(role)) = (excused, user.fields.text(Field::Role)) {
        let listed = desired.roles.get(role).map(|r| &r.privileges);
        let from_role = listed.or_else(|| actual.roles.get(role).map(|r| &r.privileges)).cloned().unwrap_or_default();
        let wanted = rosterctl::platform::effective(catalog, &from_role, &account.fields, account.main_admin);
        if *account.privileges != wanted {
            return Some(format!("privileges {:?}, wanted {wanted:?}", account.privileges));
        }
    }
    let pending = !account.state.accepted && !account.state.inactive && account.state.block.is_none();
    // Nobody is invited under an address that the roster calls former.
    let keeps_address = match excused {
        Excused::Fields(fields) => fields.contains(&Field::Email),
        Excused::Nothing | Excused::AllFields | Excused::Everything => false,
    };
    (pending && !keeps_address && !account.state.invitation_is_good()).then(|| "no good invitation".to_owned())
}

/// Everybody who falls short of the roster, apart from what the plan says it does not do; and how many were judged as a whole.
fn shortfalls(desired: &Desired, actual: &Actual, plan: &Plan, later: &[Account]) -> (Vec<String>, usize) {
    let judged: Vec<(&DesiredUser, Excused)> = desired.users.values().map(|user| (user, excused(plan, user))).collect();
    let judged: Vec<_> = judged.into_iter().filter(|(_, excused)| !matches!(excused, Excused::Everything)).collect();
    let short = judged.iter().filter_map(|(user, excused)| {
        Some(format!("{}: {}", user.email, falls_short(desired, actual, user, account(later, user), excused)?))
    });
    (short.collect(), judged.len())
}

/// A roster that says of everybody just what the workspace holds, made without `diff`. Left out of both are people who cannot stay as they
/// are: invitations that are over, and roles that gave something else when they were applied.
fn as_it_is(mut desired: Desired, actual: Actual) -> (Desired, Actual) {
    desired.clinics.retain(|key, _| actual.clinics.contains_key(key));
    desired.roles.retain(|key, role| actual.roles.get(key).is_some_and(|held| held.privileges == role.privileges));
    let gives = |role: &str| desired.roles.get(role).map(|r| &r.privileges).or_else(|| actual.roles.get(role).map(|r| &r.privileges));
    let is_settled = |a: &Account| {
        let waits = !a.state.accepted && !a.state.inactive && a.state.block.is_none();
        let role = a.fields.text(Field::Role).and_then(gives);
        (!waits || a.state.invitation_is_good()) && role == a.role_privileges.as_deref()
    };
    let accounts: Vec<Account> = actual.accounts.iter().filter(|a| is_settled(a)).cloned().collect();
    let users = accounts.iter().map(|a| {
        let blocked =
            a.state.block.as_ref().map_or(DesiredBlock::Unblocked, |b| DesiredBlock::Blocked { reason: b.reason, note: b.note.clone() });
        let user = DesiredUser {
            email: a.email.clone(),
            id: None,
            formerly: Vec::new(),
            status: if a.state.inactive { Status::Inactive } else { Status::Active },
            blocked: Some(blocked),
            fields: a
                .fields
                .iter()
                .filter(|(field, _)| *field != Field::Employee)
                .map(|(field, value)| (field, value.to_value()))
                .collect(),
            employee: EmployeeLink::ByName,
            passcode: a.has_passcode.then_some(WantedPasscode::Set),
            initial_password: None,
            service_owner: None,
            place: Place::default(),
        };
        (a.email.clone(), user)
    });
    let users = users.collect();
    (Desired { users, ..desired }, Actual { accounts, ..actual })
}

fn does(plan: &Plan, actions: &[Action]) -> bool {
    plan.changes.iter().any(|step| actions.contains(&step.change.action()))
}

const ENTERS: [Action; 2] = [Action::Activate, Action::Unblock];
const LEAVES: [Action; 3] = [Action::Inactivate, Action::Block, Action::WithdrawInvitation];
const INVITES: [Action; 2] = [Action::Invite, Action::ResendInvitation];

#[test]
fn a_workspace_that_already_matches_needs_no_change() {
    law("three people or more are settled", 700, nothing(), |desired, actual, ()| {
        let (wanted, settled) = as_it_is(desired, actual);
        let plan = diff(&wanted, &settled);
        prop_assert!(plan.changes.is_empty() && plan.refusals.is_empty(), "{:?} {:?}", plan.changes, plan.refusals);
        prop_assert_eq!(plan.unchanged, settled.accounts.len());
        Ok(settled.accounts.len() >= 3)
    });
}

#[test]
fn equal_inputs_give_equal_bytes() {
    law("the plan has changes", 700, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let again = diff(&desired.clone(), &actual.clone());
        prop_assert_eq!(serde_json::to_string(&plan).expect("JSON"), serde_json::to_string(&again).expect("JSON"));
        Ok(!plan.changes.is_empty())
    });
}

#[test]
fn the_order_in_which_accounts_were_read_does_not_matter_to_the_digest() {
    law("the accounts are in another order, and the plan has changes", 350, 0..9_usize, |desired, actual, pivot| {
        let mut turned = actual.clone();
        let at = pivot.min(turned.accounts.len());
        turned.accounts.rotate_left(at);
        let plan = diff(&desired, &actual);
        prop_assert_eq!(&plan.changes, &diff(&desired, &turned).changes);
        prop_assert_eq!(digest(&plan), digest(&diff(&desired, &turned)));
        Ok(turned != actual && !plan.changes.is_empty())
    });
}

#[test]
fn the_state_after_the_plan_is_the_desired_state() {
    law("three people or more are judged, and the plan has changes", 600, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let later = project(&plan, &actual);
        let (short, judged) = shortfalls(&desired, &actual, &plan, &later);
        prop_assert!(short.is_empty(), "{short:?}");
        for left in later.iter().filter(|a| !lists(&desired, &a.email)) {
            let before = actual.accounts.iter().find(|a| a.id == left.id).expect("nobody is created whom no roster lists");
            let is_refused = plan.refusals.iter().any(|refusal| refusal.subject.borrow().user() == Some(&left.email));
            if desired.manage == Manage::Exact {
                prop_assert!(left.state.inactive || is_refused);
            } else {
                prop_assert_eq!((&left.state, &left.fields), (&before.state, &before.fields));
            }
        }
        Ok(judged >= 3 && !plan.changes.is_empty())
    });
}

#[test]
fn a_refused_value_stays_as_it_was_and_spoils_nothing_else() {
    law(REFUSED_OR_KEPT, 130, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let later = project(&plan, &actual);
        let mut any = false;
        for user in desired.users.values() {
            let (Excused::Fields(fields), Some(before)) = (excused(&plan, user), account(&actual.accounts, user)) else { continue };
            let now = later.iter().find(|a| a.id == before.id).expect("nobody is deleted");
            for field in fields {
                any = true;
                // Settings go with their switch, whatever the roster says about them.
                if field.switch().is_none() {
                    prop_assert_eq!(now.fields.value(field), before.fields.value(field), "{} {}", user.email, field.key());
                }
            }
        }
        Ok(any)
    });
}

#[test]
fn a_plan_done_leaves_nothing_to_do() {
    law("the plan has changes", 700, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let again = diff(&desired, &after(&plan, &actual));
        prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
        Ok(!plan.changes.is_empty())
    });
}

#[test]
fn a_plan_done_up_to_any_point_is_finished_by_the_next_one() {
    law("the plan is stopped after its first change or later, and before its last", 350, 0..100_usize, |desired, actual, percent| {
        let plan = diff(&desired, &actual);
        let mut part = plan.clone();
        part.changes.truncate(plan.changes.len() * percent / 100);
        let stopped = after(&part, &actual);
        let rest = diff(&desired, &stopped);
        let done = after(&rest, &stopped);
        let (short, _) = shortfalls(&desired, &actual, &rest, &done.accounts);
        prop_assert!(short.is_empty(), "{short:?}");
        let left = diff(&desired, &done).changes;
        prop_assert!(left.is_empty(), "{left:?}");
        Ok(!part.changes.is_empty())
    });
}

#[test]
fn no_prefix_of_an_approved_plan_locks_the_workspace_out() {
    law(ADMINISTRATION_GOES, 80, nothing(), |desired, actual, ()| {
        let catalog = platform(&desired).catalog();
        let Some(before) = administrators(&actual.accounts, catalog) else { return Ok(false) };
        let at_least = desired.guards.administrators_at_least as usize;
        let Ok(approved) = approve(diff(&desired, &actual), &actual, &desired) else { return Ok(false) };
        for length in 0..=approved.plan().changes.len() {
            let left = administrators(&project_prefix(approved.plan(), length, &actual), catalog).expect("as above");
            prop_assert!(left >= at_least.min(before), "{left} left after {length} changes, {before} before, limit {at_least}");
        }
        let later = project(approved.plan(), &actual);
        let is_admin = |account: &Account| administrators(std::iter::once(account), catalog) == Some(1);
        let loses = |before: &Account| is_admin(before) && later.iter().any(|a| a.id == before.id && !is_admin(a));
        Ok(actual.accounts.iter().any(loses))
    });
}

#[test]
fn administration_is_handed_over_before_it_is_taken() {
    law(HANDED_OVER, 50, nothing(), |desired, actual, ()| {
        let Ok(approved) = approve(diff(&desired, &actual), &actual, &desired) else { return Ok(false) };
        let changes = &approved.plan().changes;
        let Some(at) = changes.iter().position(|step| step.stage == Stage::HandOver) else { return Ok(false) };
        let catalog = platform(&desired).catalog();
        let count = |length| administrators(&project_prefix(approved.plan(), length, &actual), catalog);
        prop_assert!(count(at) >= count(0), "somebody must have the rights before the hand-over takes them from another");
        Ok(true)
    });
}

#[test]
fn every_change_is_made_after_those_it_depends_on() {
    law("a change depends on another", 200, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let mut stage = Stage::Risk;
        for (i, step) in plan.changes.iter().enumerate() {
            prop_assert!(step.after.iter().all(|j| *j < i));
            prop_assert!(step.stage >= stage, "stages go up");
            stage = step.stage;
        }
        Ok(plan.changes.iter().any(|step| !step.after.is_empty()))
    });
}

#[test]
fn access_is_taken_before_any_is_given_except_in_a_hand_over() {
    law("access is both taken and given", 90, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let mut access_began = false;
        for step in &plan.changes {
            let takes = LEAVES.contains(&step.change.action());
            access_began |= step.change.action() == Action::Invite || ENTERS.contains(&step.change.action());
            prop_assert!(!takes || !access_began || step.stage >= Stage::HandOver, "{step:?}");
        }
        Ok(access_began && does(&plan, &LEAVES))
    });
}

#[test]
fn nobody_who_comes_back_ever_has_more_than_the_roster_gives() {
    law("somebody comes back", 80, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let last = project(&plan, &actual);
        for (i, step) in plan.changes.iter().enumerate().filter(|(_, step)| ENTERS.contains(&step.change.action())) {
            let wanted = &touched(&last, &step.change).expect("there").privileges;
            for length in i + 1..=plan.changes.len() {
                let now = project_prefix(&plan, length, &actual);
                let has = &touched(&now, &step.change).expect("there").privileges;
                prop_assert!(has.is_subset(wanted), "{:?} has {:?}", step.change, has.difference(wanted).collect::<Vec<_>>());
            }
        }
        Ok(does(&plan, &ENTERS))
    });
}

#[test]
fn a_change_touches_no_field_that_already_matches() {
    law("fields change", 400, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        for step in &plan.changes {
            for field in step.change.fields() {
                prop_assert!(field.before != field.after || field.field == Field::Role, "{field:?}");
            }
        }
        Ok(does(&plan, &[Action::Update]))
    });
}

#[test]
fn a_field_that_the_roster_leaves_out_is_never_written() {
    law("somebody whose entry leaves out a field is updated", 170, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let mut any = false;
        for step in plan.changes.iter().filter(|step| step.change.action() == Action::Update) {
            let Some(email) = step.change.subject().user() else { continue };
            let user = desired.users.values().find(|user| user.email == *email || user.formerly.contains(email)).expect("listed");
            let is_wanted = |field: Field| user.fields.get(field).is_some();
            any |= platform(&desired).catalog().known_fields().any(|(field, _)| !is_wanted(field));
            for change in step.change.fields() {
                let follows = [Field::Email, Field::Employee].contains(&change.field)
                    || (change.field == Field::DefaultClinic && is_wanted(Field::Clinics))
                    || change.field.switch().is_some_and(is_wanted);
                prop_assert!(follows || is_wanted(change.field), "{email}: {change:?}");
            }
        }
        Ok(any)
    });
}

#[test]
fn an_additive_roster_never_changes_users_it_does_not_list() {
    law("somebody is not listed", 220, nothing(), |mut desired, actual, ()| {
        desired.manage = Manage::Additive;
        for step in &diff(&desired, &actual).changes {
            if let Some(email) = step.change.subject().user() {
                prop_assert!(lists(&desired, email));
            }
        }
        Ok(actual.accounts.iter().any(|a| !a.state.inactive && !lists(&desired, &a.email)))
    });
}

#[test]
fn an_exact_roster_keeps_nobody_who_is_not_listed() {
    law("somebody is not listed", 220, nothing(), |mut desired, actual, ()| {
        desired.manage = Manage::Exact;
        let plan = diff(&desired, &actual);
        let is_refused = |email: &Email| plan.refusals.iter().any(|refusal| refusal.subject.borrow().user() == Some(email));
        for account in project(&plan, &actual).iter().filter(|a| !lists(&desired, &a.email)) {
            prop_assert!(account.state.inactive || is_refused(&account.email), "{}", account.email);
        }
        Ok(actual.accounts.iter().any(|a| !a.state.inactive && !lists(&desired, &a.email)))
    });
}

#[test]
fn an_observed_workspace_gets_no_change_at_all() {
    law("the roster would change something", 700, nothing(), |mut desired, actual, ()| {
        let has_changes = !diff(&desired, &actual).changes.is_empty();
        desired.manage = Manage::Observe;
        prop_assert!(diff(&desired, &actual).changes.is_empty());
        Ok(has_changes)
    });
}

#[test]
fn a_wider_limit_never_stops_what_a_narrower_one_let_through() {
    law("the narrower limit lets a plan with removals through", 170, 0..5_u32, |desired, actual, more| {
        let plan = diff(&desired, &actual);
        let removes = does(&plan, &LEAVES);
        if approve(plan, &actual, &desired).is_err() {
            return Ok(false);
        }
        let mut wider = desired.clone();
        wider.guards.removals_count += more;
        wider.guards.removals_share = Share::from_millionths(wider.guards.removals_share.millionths() + more * 100_000);
        prop_assert!(approve(diff(&wider, &actual), &actual, &wider).is_ok());
        Ok(removes)
    });
}

#[test]
fn an_incomplete_list_removes_nobody_whom_the_roster_does_not_name() {
    law("a complete list would remove somebody", 220, nothing(), |desired, mut actual, ()| {
        let removes = does(&diff(&desired, &actual), &LEAVES);
        actual.completeness = Completeness::Partial { why: PartialCause::Repeats { endpoint: "/Users".to_owned(), listed: 20 } };
        if let Ok(approved) = approve(diff(&desired, &actual), &actual, &desired) {
            let later = project(approved.plan(), &actual);
            for before in &actual.accounts {
                let now = later.iter().find(|a| a.id == before.id).expect("nobody is deleted");
                // The roster itself says who leaves; nobody leaves for not being in it.
                let is_named = |user: &DesiredUser| {
                    user.email == before.email || user.formerly.contains(&before.email) || user.id.as_ref() == Some(&before.id)
                };
                prop_assert!(before.state.inactive || !now.state.inactive || desired.users.values().any(is_named));
            }
        }
        Ok(removes)
    });
}

#[test]
fn nobody_is_ever_deleted_and_nobody_is_invited_twice() {
    law("somebody is invited", 400, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let ids: BTreeSet<_> = project(&plan, &actual).into_iter().map(|a| a.id).collect();
        prop_assert!(actual.accounts.iter().all(|a| ids.contains(&a.id)));
        let mut invited = BTreeSet::new();
        for step in plan.changes.iter().filter(|step| INVITES.contains(&step.change.action())) {
            prop_assert!(invited.insert(step.change.subject()), "{:?}", step.change.subject());
        }
        Ok(!invited.is_empty())
    });
}

#[test]
fn a_blocked_person_gets_no_invitation() {
    law(BLOCKED_AND_INVITED, 40, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        for (i, step) in plan.changes.iter().enumerate().filter(|(_, step)| INVITES.contains(&step.change.action())) {
            let now = project_prefix(&plan, i + 1, &actual);
            prop_assert!(touched(&now, &step.change).expect("there").state.block.is_none());
        }
        let is_blocked = |a: &Account| a.state.block.is_some() && lists(&desired, &a.email);
        Ok(does(&plan, &INVITES) && actual.accounts.iter().any(is_blocked))
    });
}

#[test]
fn every_step_of_a_plan_is_possible_when_its_turn_comes() {
    law("an account changes", 650, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let invitations = platform(&desired).catalog().states.pending;
        let terms = Terms { invitations, now: NOW, invitation_lives: 0, role_gives: &|_| None };
        let mut any = false;
        for (i, step) in plan.changes.iter().enumerate() {
            let Change::Account { email, target, change } = &step.change else { continue };
            any = true;
            let now = project_prefix(&plan, i, &actual);
            let before = now.iter().find(|a| a.id == target.id).expect("there");
            let after = transition(before, change, &terms);
            prop_assert!(after.is_ok(), "{email}: {change:?} is {after:?}");
            prop_assert!(after.is_ok_and(|after| is_in_force(change, &after)), "{email}: {change:?}");
        }
        Ok(any)
    });
}

#[test]
fn the_clock_of_the_plan_is_the_servers_alone() {
    law("the plan has changes", 700, 1..10_000_i64, |desired, actual, shift| {
        let mut later = actual.clone();
        later.as_of = NOW + shift;
        let plan = diff(&desired, &actual);
        prop_assert_eq!(&plan.changes, &diff(&desired, &later).changes);
        prop_assert_eq!(digest(&plan), digest(&diff(&desired, &later)));
        Ok(!plan.changes.is_empty())
    });
}

#[test]
fn another_account_does_not_change_the_digest() {
    law("the plan has changes", 700, nothing(), |mut desired, actual, ()| {
        desired.manage = Manage::Additive;
        let mut more = actual.clone();
        let mut stranger = more.accounts[0].clone();
        stranger.id = RemoteId("zz-stranger".to_owned());
        stranger.email = Email::parse("stranger@glow.example").expect("valid");
        stranger.main_admin = false;
        // How many administrators there are decides who waits for whom, which is in the digest.
        stranger.state.inactive = true;
        more.accounts.push(stranger);
        let plan = diff(&desired, &actual);
        prop_assert_eq!(digest(&plan), digest(&diff(&desired, &more)));
        Ok(!plan.changes.is_empty())
    });
}

#[test]
fn a_change_of_one_account_changes_the_digest() {
    law("an account changes that was there", 650, nothing(), |desired, actual, ()| {
        let plan = diff(&desired, &actual);
        let target = |step: &Step| step.change.account().is_some().then(|| step.change.target().map(|target| target.id.clone())).flatten();
        let Some(id) = plan.changes.iter().find_map(target) else { return Ok(false) };
        let mut drifted = actual.clone();
        for account in drifted.accounts.iter_mut().filter(|a| a.id == id) {
            account.fingerprint = Fingerprint("W/\"other\"".to_owned());
        }
        prop_assert_ne!(digest(&plan), digest(&diff(&desired, &drifted)));
        Ok(true)
    });
}

/// Every field that a platform has is changed in some world, and every kind of account change occurs.
#[test]
fn every_field_and_every_action_comes_up_on_the_platforms_that_have_them() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for _ in 0..1500 {
        let (desired, actual) = world().new_tree(&mut runner).expect("a world").current();
        let word = platform(&desired).word();
        for step in &diff(&desired, &actual).changes {
            seen.insert(format!("{word} {}", step.change.action().as_str()));
            seen.extend(step.change.fields().iter().map(|change| format!("{word} {}", change.field.key())));
        }
    }
    let mut missing = Vec::new();
    for platform in built_in() {
        let fields = platform.catalog().known_fields().map(|(field, _)| field.key());
        let actions = rosterctl::scim::schema::actions(platform.catalog()).into_iter().map(|action| action.as_str().to_owned());
        let all = fields.map(str::to_owned).chain(actions).map(|what| format!("{} {what}", platform.word()));
        missing.extend(all.filter(|what| !seen.contains(what)));
    }
    assert!(missing.is_empty(), "never seen: {missing:?}");
}
