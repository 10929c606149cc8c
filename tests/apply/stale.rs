//! A saved plan against the workspace as it is now, and the confirmation of a block.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use crate::support::*;
use rosterctl::apply::confirm;
use rosterctl::apply::stale::{self, OLDEST};
use rosterctl::apply::{Journal, Options, Quiet, apply, key};
use rosterctl::directory::Memory;
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::{digest, roster_digest};

fn saved(changes: Vec<Step>) -> WorkspacePlan {
    let plan = plan(changes);
    WorkspacePlan { digest: digest(&plan), plan, stops: Vec::new(), waived: BTreeMap::new() }
}

fn check(saved: &WorkspacePlan, fresh: &Actual) -> Result<BTreeMap<usize, Drift>, Stale> {
    stale::check(saved, &digest(&saved.plan), &saved.plan.platform, fresh, OLDEST).map(|found| found.drifted)
}

#[test]
fn a_plan_for_another_server_or_too_old_or_altered_is_not_applied_at_all() {
    // A13, rule 2 of the core
    let saved = saved(vec![retitle(0, "RN")]);
    let fresh = actual(2);
    assert_eq!(check(&saved, &fresh), Ok(BTreeMap::new()));

    let elsewhere = Actual { server: ServerId::Scim { url: "https://scim.example/other/scim/v2".to_owned() }, ..fresh.clone() };
    assert!(matches!(check(&saved, &elsewhere), Err(Stale::Elsewhere { .. })));

    let limit = i64::try_from(OLDEST.as_millis()).unwrap();
    let later = |by: i64| Actual { as_of: fresh.as_of + by, ..fresh.clone() };
    assert!(check(&saved, &later(limit)).is_ok());
    assert!(matches!(check(&saved, &later(limit + 1)), Err(Stale::TooOld { .. })));
    assert!(check(&saved, &later(-299_999)).is_ok(), "a small step back of the server's clock");
    assert!(matches!(check(&saved, &later(-3_600_000)), Err(Stale::FromTheFuture { .. })));
    assert!(stale::check(&saved, &digest(&saved.plan), &saved.plan.platform, &later(2), Duration::ZERO).is_err());

    let mut altered = saved.clone();
    fields_of(&mut altered.plan.changes[0])[0].after = Value::Text("Boss".to_owned());
    assert!(matches!(check(&altered, &fresh), Err(Stale::Tampered { .. })));
}

type Alteration = (&'static str, fn(&mut Plan));

/// Lists what an edit of a plan's file could change, one thing at a time.
fn alterations() -> Vec<Alteration> {
    fn target(plan: &mut Plan, at: usize) -> &mut Target {
        let Change::Account { target, .. } = &mut plan.changes[at].change else { panic!("a change of an account") };
        target
    }
    vec![
        ("order", |plan| plan.changes.swap(2, 3)),
        ("stage", |plan| plan.changes[1].stage = Stage::Risk),
        ("a dependency more", |plan| plan.changes[3].after = vec![2]),
        ("a dependency less", |plan| plan.changes[1].after.clear()),
        ("id", |plan| target(plan, 2).id = RemoteId("id-004".to_owned())),
        ("version", |plan| target(plan, 2).fingerprint = Fingerprint("W/\"9\"".to_owned())),
        ("address", |plan| {
            let Change::Account { email: address, .. } = &mut plan.changes[2].change else { panic!("a change of an account") };
            *address = email(4);
        }),
        ("what happens", |plan| {
            let Change::Account { change, .. } = &mut plan.changes[3].change else { panic!("a change of an account") };
            *change = AccountChange::Activate;
        }),
        ("value", |plan| fields_of(&mut plan.changes[2])[0].after = Value::Text("Boss".to_owned())),
        ("a change more", |plan| plan.changes.push(retitle(4, "RN"))),
        ("a change less", |plan| drop(plan.changes.pop())),
        ("removals", |plan| plan.guards.removals_count += 1),
        ("share", |plan| plan.guards.removals_share = Share::from_millionths(1)),
        ("administrators", |plan| plan.guards.administrators_at_least += 1),
        ("that nothing is written", |plan| plan.manage = Manage::Observe),
        ("workspace", |plan| "other".clone_into(&mut plan.workspace)),
        ("platform", |plan| plan.platform = PlatformId("telus-chr".to_owned())),
        ("reason", |plan| plan.changes[3].reason = Reason::NotListed),
        ("risk", |plan| plan.changes[2].risky = !plan.changes[2].risky),
        ("privileges", |plan| {
            let Change::Account { change: AccountChange::Update { effective, .. }, .. } = &mut plan.changes[2].change else {
                panic!("an update")
            };
            *effective = Some(Box::new(Edit { before: BTreeSet::new(), after: BTreeSet::from(["manage-users".to_owned()]) }));
        }),
        ("refusals", |plan| plan.refusals.push(Refusal { subject: Subject::Workspace, cause: RefusalCause::NobodyActs })),
        ("server", |plan| plan.server = ServerId::Scim { url: "https://scim.example/other".to_owned() }),
    ]
}

#[test]
fn whatever_is_altered_in_a_plan_gives_it_another_digest() {
    let original =
        plan(vec![clinic("downtown"), after(invite(7), &[0]), retitle(1, "RN"), to_account(2, AccountChange::Inactivate, Stage::HandOver)]);
    for (what, alter) in alterations() {
        let mut altered = original.clone();
        alter(&mut altered);
        assert_ne!(altered, original, "{what}");
        assert_ne!(digest(&altered), digest(&original), "{what}");
    }
    let made_later = Plan { as_of: original.as_of + 86_400_000, ..original.clone() };
    assert_eq!(digest(&made_later), digest(&original), "the same plan, made on another day");
}

// They decide how a run ends, so an approval is of them, too; their errors may differ from run to run.
#[test]
fn workspaces_that_could_not_be_read_are_in_the_digest_of_a_roster() {
    let unread = |workspace: &str, why: NotReady| Unread { workspace: workspace.to_owned(), why: UnreadCause::NotRead(why) };
    let one = [digest(&plan(vec![retitle(0, "RN")]))];
    assert_eq!(roster_digest(&one, &[]), one[0]);
    let with = roster_digest(&one, &[unread("far", NotReady::NoInterface)]);
    assert_ne!(with, one[0]);
    assert_ne!(with, roster_digest(&one, &[unread("near", NotReady::NoInterface)]));
    assert_eq!(with, roster_digest(&one, &[unread("far", NotReady::NoMainAdmin)]));
}

#[test]
fn a_plan_for_another_platform_is_not_applied_at_all() {
    let saved = saved(vec![retitle(0, "RN")]);
    let other = PlatformId("telus-chr".to_owned());
    let checked = stale::check(&saved, &digest(&saved.plan), &other, &actual(2), OLDEST);
    assert_eq!(checked, Err(Stale::OtherPlatform { planned: saved.plan.platform.clone(), found: other }));
}

#[test]
fn an_account_that_has_another_address_than_the_plan_says_is_left_alone() {
    let mut plan = plan(vec![retitle(0, "RN"), retitle(1, "RN")]);
    let Change::Account { email: address, .. } = &mut plan.changes[0].change else { panic!("a change of an account") };
    *address = email(9);
    let found = stale::compare(&plan, &actual(2)).drifted;
    assert_eq!(found, BTreeMap::from([(0, Drift::OtherAddress { now: email(0) })]));
}

#[tokio::test]
async fn a_drifted_account_gets_no_write_nor_does_what_depends_on_it_and_the_rest_is_applied() {
    // A13
    let changes = vec![
        retitle(0, "RN"),
        to_account(0, AccountChange::GeneratePasscode, Stage::Access),
        after(retitle(1, "RN"), &[0]),
        retitle(2, "RN"),
        invite(7),
        retitle(3, "RN"),
    ];
    let start = actual(5);
    let mut fresh = start.clone();
    fresh.accounts[0].fingerprint = Fingerprint("\"other\"".to_owned());
    fresh.accounts[0].fields.set(Field::Title, Value::Text("Dr".to_owned()));
    let mut other = Account { email: email(7), id: RemoteId("id-007".to_owned()), ..account(7) };
    fresh.accounts.push(other.clone());
    assert!(!check(&saved(changes.clone()), &fresh).unwrap().contains_key(&4), "an account as the plan would make it is done already");
    other.state.inactive = true;
    fresh.accounts.pop();
    fresh.accounts.push(other);
    fresh.accounts.retain(|a| a.id.0 != "id-003");

    let drifted = check(&saved(changes.clone()), &fresh).unwrap();
    assert_eq!(drifted.keys().copied().collect::<Vec<_>>(), [0, 1, 4, 5]);
    assert_eq!(drifted[&0], Drift::Fields(Box::new([Field::Title])));
    assert_eq!(drifted[&4], Drift::Appeared);
    assert_eq!(drifted[&5], Drift::Gone);

    let approved = approved(changes, &start);
    let directory = Memory::new(named("generic").unwrap(), fresh);
    let options = Options { drifted, ..options(&approved) };
    let receipt = apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    assert_eq!(directory.tried(), [(Action::Update, Subject::User(email(2)))], "no write to a drifted account");
    let kinds: Vec<&str> = receipt
        .records
        .iter()
        .map(|r| match r.outcome {
            OpOutcome::Done { .. } => "done",
            OpOutcome::Drifted(_) => "drifted",
            OpOutcome::NotTried(_) => "not tried",
            OpOutcome::Partly { .. } | OpOutcome::AlreadyDone | OpOutcome::Handoff(_) | OpOutcome::Failed(_) => "other",
        })
        .collect();
    assert_eq!(kinds, ["drifted", "drifted", "not tried", "done", "drifted", "drifted"]);
}

#[test]
fn an_edit_of_any_field_of_the_account_is_drift_and_names_the_managed_ones() {
    // A15
    for field in Field::ALL.into_iter().filter(|f| *f != Field::Email) {
        let change = set(to_account(0, update(), Stage::Access), field, Value::Unset, Value::Text("wanted".to_owned()));
        let plan = plan(vec![change]);
        let mut fresh = actual(1);
        fresh.accounts[0].fields.set(field, Value::Text("edited".to_owned()));
        fresh.accounts[0].fingerprint = Fingerprint("\"edited\"".to_owned());
        assert_eq!(stale::compare(&plan, &fresh).drifted[&0], Drift::Fields(Box::new([field])));

        let mut fresh = actual(1);
        fresh.accounts[0].fields.set(field, Value::Unset);
        fresh.accounts[0].has_passcode = true;
        fresh.accounts[0].fingerprint = Fingerprint("\"edited\"".to_owned());
        assert_eq!(stale::compare(&plan, &fresh).drifted[&0], Drift::Account);
    }
}

#[test]
fn an_edit_of_another_account_invalidates_nothing() {
    let plan = plan(vec![retitle(0, "RN")]);
    let mut fresh = actual(2);
    fresh.accounts[1].fingerprint = Fingerprint("\"edited\"".to_owned());
    fresh.accounts.push(account(40));
    assert!(stale::compare(&plan, &fresh).drifted.is_empty());
}

fn phone(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[test]
fn a_block_is_confirmed_with_a_number_of_the_acting_admin_and_of_nobody_else() {
    // AR-19
    let plan = plan(vec![to_account(1, block(BlockReason::Other), Stage::Risk)]);
    let mut actual = actual(3);
    actual.token_owner = Some(email(0));
    let check = |actual: &Actual, given: Option<Secret>| confirm::check(&plan, &BTreeSet::new(), actual, given.as_ref());
    assert_eq!(check(&actual, Some(phone("+1602555 0000"))), Ok(()));
    assert_eq!(check(&actual, Some(phone("+1 (602) 555-0000"))), Ok(()), "compared as E.164");
    assert_eq!(check(&actual, None), Err(Unconfirmed::Missing(email(1))));
    assert_eq!(check(&actual, Some(phone("602 555"))), Err(Unconfirmed::Form));
    assert_eq!(check(&actual, Some(phone("+16025550001"))), Err(Unconfirmed::Target(email(1))));
    assert_eq!(check(&actual, Some(phone("+16025550002"))), Err(Unconfirmed::NotTheirs { admin: email(0) }));
    actual.token_owner = None;
    assert_eq!(check(&actual, Some(phone("+16025550000"))), Err(Unconfirmed::NobodyActs(email(1))));
}

#[test]
fn a_number_the_admin_shares_with_the_target_confirms_nothing() {
    // AR-19
    let plan = plan(vec![to_account(1, block(BlockReason::Other), Stage::Risk)]);
    let mut actual = actual(2);
    actual.token_owner = Some(email(0));
    actual.accounts[1].fields.set(Field::Phones, Value::List(vec!["+16025550000".to_owned()]));
    let given = Some(phone("+16025550000"));
    assert_eq!(confirm::check(&plan, &BTreeSet::new(), &actual, given.as_ref()), Err(Unconfirmed::Target(email(1))));
}

// The server repeats its answer to the same request, and another number would make it another request.
#[test]
fn a_block_in_force_is_done_whatever_number_this_run_is_given() {
    let plan = plan(vec![to_account(1, block(BlockReason::Other), Stage::Risk)]);
    let mut fresh = actual(2);
    fresh.capabilities.practice_extension = true;
    fresh.accounts[1].fingerprint = Fingerprint("W/\"9\"".to_owned());
    assert!(stale::compare(&plan, &fresh).drifted.contains_key(&0), "somebody has changed the account");
    fresh.accounts[1].state.block = Some(Block { reason: BlockReason::Other, note: None });
    let found = stale::compare(&plan, &fresh);
    assert_eq!((found.drifted, &found.done), (BTreeMap::new(), &BTreeSet::from([0])));
    assert_eq!(confirm::check(&plan, &found.done, &fresh, None), Ok(()), "nobody is asked for a number");
    assert_eq!(confirm::check(&plan, &BTreeSet::new(), &fresh, None), Err(Unconfirmed::Missing(email(1))));
}

#[test]
fn a_code_word_that_is_set_already_is_not_set_again() {
    let set = Step { change: Change::SetCodeWord, ..clinic("downtown") };
    let mut fresh = actual(1);
    for (check, done) in [(CodeWordCheck::Differs, BTreeSet::new()), (CodeWordCheck::Matches, BTreeSet::from([0]))] {
        fresh.code_word_matches = Some(check);
        assert_eq!(stale::compare(&plan(vec![set.clone()]), &fresh).done, done);
    }
}

#[test]
fn a_plan_that_blocks_nobody_needs_no_confirmation() {
    assert_eq!(confirm::check(&plan(vec![retitle(0, "RN")]), &BTreeSet::new(), &actual(1), None), Ok(()));
}

#[test]
fn a_key_is_the_same_for_the_same_wish_and_another_for_any_other() {
    let base = plan(vec![retitle(0, "RN")]);
    let change = &base.changes[0].change;
    let of = |plan: &Plan, change: &Change| {
        let target = change.target();
        key::key(plan, change, target.map(|t| &t.id), target.map(|t| &t.fingerprint), 1)
    };
    let first = of(&base, change);
    assert!(first.len() == 64 && first.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));

    let found_otherwise = set(to_account(0, update(), Stage::Access), Field::Title, Value::Unset, Value::Text("RN".to_owned()));
    assert_eq!(of(&base, &found_otherwise.change), first, "what was found before is not in it");
    let later = Plan { as_of: base.as_of + 1, ..base.clone() };
    assert_eq!(of(&later, change), first, "the clock is not in it");

    let mut keys = BTreeSet::from([first]);
    let mut other = |key: String| assert!(keys.insert(key), "two wishes, one key");
    other(of(&Plan { workspace: "other".to_owned(), ..base.clone() }, change));
    other(of(&Plan { server: ServerId::Scim { url: "https://elsewhere.example".to_owned() }, ..base.clone() }, change));
    other(of(&base, &retitle(1, "RN").change));
    other(of(&base, &retitle(0, "MD2").change));
    for reason in BlockReason::ALL {
        other(of(&base, &to_account(0, block(reason), Stage::Risk).change));
    }
    other(key::key(&base, change, change.target().map(|t| &t.id), Some(&Fingerprint("\"x\"".to_owned())), 1));
    other(of(&base, &invite(0).change));
    other(of(&base, &Change::SetCodeWord));
    assert_eq!(of(&later, &Change::SetCodeWord), of(&base, &Change::SetCodeWord), "the clock of a server has whole seconds only");
    other(key::key(&base, &Change::SetCodeWord, None, None, 2));
    let clinic = |name: &str| Change::CreateClinic { key: "uptown".to_owned(), name: name.to_owned() };
    other(of(&base, &clinic("Uptown")));
    other(of(&base, &clinic("Glow Uptown")));
}

#[test]
fn a_role_that_has_gained_has_also_lost_what_it_loses_first() {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
    let target = || Target { id: RemoteId("role-lead".to_owned()), fingerprint: Fingerprint("W/\"1\"".to_owned()) };
    let update = |before: &[&str], after: &[&str]| {
        let privileges = Some(Edit { before: set(before), after: set(after) });
        step(Change::UpdateRole(Box::new(RoleUpdate { key: "lead".to_owned(), target: target(), name: None, privileges })), Stage::Risk)
    };
    let mut gain = update(&["general"], &["general", "payments"]);
    gain.after = vec![0];
    let saved = saved(vec![update(&["general", "forms"], &["general"]), gain]);
    let held = |privileges: &[&str], version: &str| {
        let mut fresh = actual(1);
        fresh.capabilities.practice_extension = true;
        let (Target { id, .. }, fingerprint) = (target(), Fingerprint(version.to_owned()));
        let role = Role { id, fingerprint, name: "Lead".to_owned(), privileges: set(privileges), built_in: false };
        fresh.roles.insert("lead".to_owned(), role);
        let found = stale::check(&saved, &digest(&saved.plan), &saved.plan.platform, &fresh, OLDEST).unwrap();
        (found.in_force, found.drifted.into_keys().collect::<BTreeSet<usize>>())
    };
    assert_eq!(held(&["general", "forms"], "W/\"1\""), (BTreeSet::new(), BTreeSet::new()));
    assert_eq!(held(&["general"], "W/\"2\""), ([0].into(), BTreeSet::new()), "a run that ended between them goes on");
    assert_eq!(held(&["general", "payments"], "W/\"3\""), ([0, 1].into(), BTreeSet::new()));
    assert_eq!(held(&["forms"], "W/\"2\""), (BTreeSet::new(), [0, 1].into()), "somebody else changed it");
}
