//! Laws of diff, order, projection and guards, each on random worlds (M2). 1,000 cases each unless `PROPTEST_CASES` says otherwise.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::collections::BTreeSet;

use crate::worlds::{Edit, NOW, after, world};
use proptest::prelude::*;
use rosterctl::model::transition::{Terms, is_in_force, transition};
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::{administrators, approve, diff, digest, project, project_prefix};

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn account<'a>(accounts: &'a [Account], email: &Email) -> Option<&'a Account> {
    accounts.iter().find(|a| a.email == *email)
}

/// What the desired state says of one projected account, judged without `diff`.
fn falls_short(desired: &Desired, user: &DesiredUser, account: Option<&Account>) -> Option<String> {
    let wanted_blocked = matches!(user.blocked, Some(DesiredBlock::Blocked { .. }));
    let Some(account) = account else {
        let nothing = user.status == Status::Inactive || wanted_blocked;
        return (!nothing).then(|| "no account".to_owned());
    };
    // Whoever is to be blocked is not let in for it: the state stays as it is.
    let stays_out = wanted_blocked && account.state.inactive;
    if (user.status == Status::Inactive) != account.state.inactive && !stays_out {
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
    for (field, value) in user.fields.iter() {
        let held = account.fields.get(field).unwrap_or(ValueRef::Unset);
        if held != value {
            return Some(format!("{} is {held:?}, wanted {value:?}", field.key()));
        }
    }
    let role = user.fields.text(Field::Role)?;
    let catalog = named("aesthetic-record").unwrap().catalog();
    let from_role = desired.roles.get(role).map(|r| &r.privileges).or_else(|| catalog.roles.get(role).map(|r| &r.privileges))?;
    let wanted = rosterctl::platform::effective(catalog, from_role, &user.fields, account.main_admin);
    if *account.privileges != wanted {
        return Some(format!("privileges {:?}, wanted {wanted:?}", account.privileges));
    }
    let pending = !account.state.accepted && account.state.block.is_none();
    (pending && !account.state.invitation_is_good()).then(|| "no good invitation".to_owned())
}

/// A roster that says of everybody just what the workspace holds, made without `diff`. Left out of both is who can not stay as they
/// are: invitations that are no good, and roles that gave something else when they were applied.
fn as_it_is(mut desired: Desired, actual: Actual) -> (Desired, Actual) {
    desired.clinics.retain(|key, _| actual.clinics.contains_key(key));
    desired.roles.retain(|key, role| actual.roles.get(key).is_some_and(|held| held.privileges == role.privileges));
    let catalog = named("aesthetic-record").unwrap().catalog();
    let gives = |role: &str| desired.roles.get(role).map(|r| &r.privileges).or_else(|| catalog.roles.get(role).map(|r| &r.privileges));
    let is_settled = |a: &Account| {
        let waits = !a.state.accepted && !a.state.inactive && a.state.block.is_none();
        let role = a.fields.text(Field::Role).and_then(gives);
        (!waits || a.state.invitation_is_good()) && role == a.role_privileges.as_deref()
    };
    let accounts: Vec<Account> = actual.accounts.into_iter().filter(is_settled).collect();
    let users = accounts.iter().map(|a| {
        let blocked =
            a.state.block.as_ref().map_or(DesiredBlock::Unblocked, |b| DesiredBlock::Blocked { reason: b.reason, note: b.note.clone() });
        let user = DesiredUser {
            email: a.email.clone(),
            id: None,
            formerly: Vec::new(),
            status: if a.state.inactive { Status::Inactive } else { Status::Active },
            blocked: Some(blocked),
            fields: a.fields.clone(),
            employee: EmployeeLink::ByName,
            passcode: a.has_passcode.then_some(true),
            initial_password: None,
            place: Place::default(),
        };
        (a.email.clone(), user)
    });
    let users = users.collect();
    (Desired { users, ..desired }, Actual { accounts, ..actual })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_workspace_that_is_as_wanted_needs_no_change((desired, actual) in world()) {
        let (wanted, settled) = as_it_is(desired, actual);
        let plan = diff(&wanted, &settled);
        prop_assert!(plan.changes.is_empty() && plan.refusals.is_empty(), "{:?} {:?}", plan.changes, plan.refusals);
        prop_assert_eq!(plan.unchanged, settled.accounts.len());
    }

    #[test]
    fn equal_inputs_give_equal_bytes((desired, actual) in world()) {
        let one = serde_json::to_string(&diff(&desired, &actual)).expect("serialisable");
        let two = serde_json::to_string(&diff(&desired.clone(), &actual.clone())).expect("serialisable");
        prop_assert_eq!(one, two);
    }

    #[test]
    fn the_order_in_which_accounts_were_read_does_not_matter_to_the_digest((desired, actual) in world(), pivot in 0..12_usize) {
        let mut turned = actual.clone();
        let at = pivot.min(turned.accounts.len());
        turned.accounts.rotate_left(at);
        prop_assert_eq!(digest(&diff(&desired, &actual)), digest(&diff(&desired, &turned)));
    }

    #[test]
    fn the_state_after_the_plan_is_the_desired_state((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        prop_assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
        let later = project(&plan, &actual);
        for user in desired.users.values() {
            let short = falls_short(&desired, user, account(&later, &user.email));
            prop_assert!(short.is_none(), "{}: {}", user.email, short.unwrap_or_default());
        }
        for left in later.iter().filter(|a| !desired.users.contains_key(&a.email)) {
            let before = actual.accounts.iter().find(|a| a.id == left.id).expect("nobody is made whom no YAML lists");
            if desired.manage == Manage::Exact {
                prop_assert!(left.state.inactive);
            } else {
                prop_assert_eq!(left, before);
            }
        }
    }

    #[test]
    fn a_plan_done_leaves_nothing_to_do((desired, actual) in world()) {
        let later = after(&diff(&desired, &actual), &actual);
        let again = diff(&desired, &later);
        prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
    }

    #[test]
    fn a_plan_done_up_to_any_point_is_finished_by_the_next_one((desired, actual) in world(), share in 0.0..1.0_f64) {
        let plan = diff(&desired, &actual);
        let mut part = plan.clone();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a small count")]
        part.changes.truncate((plan.changes.len() as f64 * share) as usize);
        let stopped = after(&part, &actual);
        let rest = diff(&desired, &stopped);
        let done = after(&rest, &stopped);
        for user in desired.users.values() {
            prop_assert!(falls_short(&desired, user, account(&done.accounts, &user.email)).is_none());
        }
        prop_assert!(diff(&desired, &done).changes.is_empty());
    }

    #[test]
    fn no_prefix_of_an_approved_plan_locks_the_workspace_out((desired, actual) in world()) {
        let catalog = named("aesthetic-record").unwrap().catalog();
        let before = administrators(&actual.accounts, catalog).expect("the platform has administrators");
        let at_least = desired.guards.administrators_at_least as usize;
        let Ok(approved) = approve(diff(&desired, &actual), &actual, &desired) else { return Ok(()) };
        for length in 0..=approved.plan().changes.len() {
            let left = administrators(&project_prefix(approved.plan(), length, &actual), catalog).expect("as above");
            prop_assert!(left >= at_least.min(before), "{left} left after {length} changes, {before} before, limit {at_least}");
        }
    }

    #[test]
    fn nothing_has_its_turn_before_what_it_depends_on((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        let mut stage = Stage::Risk;
        for (i, step) in plan.changes.iter().enumerate() {
            prop_assert!(step.after.iter().all(|j| *j < i));
            prop_assert!(step.stage >= stage, "stages go up");
            stage = step.stage;
        }
    }

    #[test]
    fn risk_falls_first_except_in_a_hand_over((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        let mut access_began = false;
        for step in &plan.changes {
            let takes = matches!(step.change.action(), Action::Inactivate | Action::Block | Action::WithdrawInvitation);
            access_began |= matches!(step.change.action(), Action::Invite | Action::Activate | Action::Unblock);
            prop_assert!(!takes || !access_began || step.stage == Stage::HandOver, "{step:?}");
        }
    }

    #[test]
    fn who_comes_back_never_holds_more_than_wanted((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        for (i, step) in plan.changes.iter().enumerate().filter(|(_, step)| matches!(step.change.action(), Action::Activate | Action::Unblock)) {
            let Some(email) = step.change.subject().user() else { continue };
            let final_state = project(&plan, &actual);
            let wanted = account(&final_state, email).expect("there").privileges.clone();
            for length in i + 1..=plan.changes.len() {
                let now = project_prefix(&plan, length, &actual);
                let held = &account(&now, email).expect("there").privileges;
                prop_assert!(held.is_subset(&wanted), "{email} holds {:?}", held.difference(&wanted).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_change_touches_no_field_that_is_already_as_wanted((desired, actual) in world()) {
        for step in &diff(&desired, &actual).changes {
            for field in step.change.fields() {
                prop_assert!(field.before != field.after || field.field == Field::Role, "{field:?}");
            }
        }
    }

    #[test]
    fn an_additive_roster_never_touches_who_is_not_listed((mut desired, actual) in world()) {
        desired.manage = Manage::Additive;
        for step in &diff(&desired, &actual).changes {
            if let Some(email) = step.change.subject().user() {
                prop_assert!(desired.users.contains_key(email));
            }
        }
    }

    #[test]
    fn an_observed_workspace_gets_no_change_at_all((mut desired, actual) in world()) {
        desired.manage = Manage::Observe;
        prop_assert!(diff(&desired, &actual).changes.is_empty());
    }

    #[test]
    fn a_wider_limit_never_stops_what_a_narrower_one_let_through((desired, actual) in world(), more in 0..5_u32) {
        let narrow = approve(diff(&desired, &actual), &actual, &desired);
        let mut wider = desired.clone();
        wider.guards.removals_count += more;
        wider.guards.removals_share = Share::from_millionths(wider.guards.removals_share.millionths() + more * 100_000);
        if narrow.is_ok() {
            prop_assert!(approve(diff(&wider, &actual), &actual, &wider).is_ok());
        }
    }

    #[test]
    fn a_reading_that_is_not_complete_removes_nobody((desired, mut actual) in world()) {
        actual.completeness = Completeness::Partial { why: "the total changed".to_owned() };
        if let Ok(approved) = approve(diff(&desired, &actual), &actual, &desired) {
            let later = project(approved.plan(), &actual);
            for before in &actual.accounts {
                let now = later.iter().find(|a| a.id == before.id).expect("nobody is deleted");
                prop_assert!(before.state.inactive || !now.state.inactive);
            }
        }
    }

    #[test]
    fn nobody_is_ever_deleted_and_nobody_is_invited_twice((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        let ids: BTreeSet<_> = project(&plan, &actual).into_iter().map(|a| a.id).collect();
        prop_assert!(actual.accounts.iter().all(|a| ids.contains(&a.id)));
        let mut invited = BTreeSet::new();
        for step in plan.changes.iter().filter(|step| matches!(step.change.action(), Action::Invite | Action::ResendInvitation)) {
            prop_assert!(invited.insert(step.change.subject()), "{:?}", step.change.subject());
        }
    }

    #[test]
    fn a_blocked_person_gets_no_invitation((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        for (i, step) in plan.changes.iter().enumerate() {
            if let (Action::Invite | Action::ResendInvitation, Some(email)) = (step.change.action(), step.change.subject().user()) {
                let now = project_prefix(&plan, i + 1, &actual);
                prop_assert!(account(&now, email).expect("there").state.block.is_none());
            }
        }
    }

    #[test]
    fn every_step_of_a_plan_is_possible_when_its_turn_comes((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        let terms = Terms { invitations: true, now: NOW, invitation_lives: 0, role_gives: &|_| None };
        for (i, step) in plan.changes.iter().enumerate() {
            let Change::Account { email, target, change } = &step.change else { continue };
            let now = project_prefix(&plan, i, &actual);
            let before = now.iter().find(|a| a.id == target.id).expect("there");
            let after = transition(before, change, &terms);
            prop_assert!(after.is_ok(), "{email}: {change:?} is {after:?}");
            prop_assert!(after.is_ok_and(|after| is_in_force(change, &after)), "{email}: {change:?}");
        }
    }

    #[test]
    fn the_clock_of_the_plan_is_the_servers_alone((desired, actual) in world(), shift in 1..10_000_i64) {
        let mut later = actual.clone();
        later.as_of = NOW + shift;
        prop_assert_eq!(diff(&desired, &actual).changes, diff(&desired, &later).changes);
        prop_assert_eq!(digest(&diff(&desired, &actual)), digest(&diff(&desired, &later)));
    }

    #[test]
    fn another_account_does_not_change_the_digest((desired, actual) in world()) {
        let mut additive = desired;
        additive.manage = Manage::Additive;
        let mut more = actual.clone();
        let mut stranger = more.accounts[0].clone();
        stranger.id = RemoteId("zz-stranger".to_owned());
        stranger.email = Email::parse("stranger@glow.example").expect("valid");
        stranger.main_admin = false;
        more.accounts.push(stranger);
        prop_assert_eq!(digest(&diff(&additive, &actual)), digest(&diff(&additive, &more)));
    }

    #[test]
    fn a_change_of_one_account_changes_the_digest((desired, actual) in world()) {
        let plan = diff(&desired, &actual);
        let Some(id) = plan.changes.iter().find_map(|step| step.change.target().map(|target| target.id.clone())) else { return Ok(()) };
        let mut drifted = actual.clone();
        for a in &mut drifted.accounts {
            if a.id == id {
                a.fingerprint = Fingerprint("W/\"other\"".to_owned());
            }
        }
        if actual.accounts.iter().any(|a| a.id == id) {
            prop_assert_ne!(digest(&plan), digest(&diff(&desired, &drifted)));
        }
    }
}

#[test]
fn every_kind_of_edit_comes_up() {
    let all = [
        Edit::Keep,
        Edit::Drop,
        Edit::NotYet,
        Edit::Status(true),
        Edit::Block(true),
        Edit::Role(0),
        Edit::Clinics(BTreeSet::new()),
        Edit::Grants(BTreeSet::new()),
        Edit::Back { role: 0, clinics: BTreeSet::new(), grants: BTreeSet::new() },
        Edit::Passcode,
    ];
    let kind = |e: &Edit| std::mem::discriminant(e);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..500 {
        let tree = crate::worlds::person().new_tree(&mut runner).expect("a person");
        let edit = proptest::strategy::ValueTree::current(&tree).edit;
        seen.insert(all.iter().position(|e| kind(e) == kind(&edit)));
    }
    assert_eq!(seen.len(), all.len());
}
