//! The proofs that a list gives of attested steps, whose account it may have, and what is left where it shows less.

use std::collections::BTreeMap;

use rosterctl::model::{Digest, Field, Keep, KnownBy, NoticeCause, Proof, RefusalCause, RosterPlan, StepValue, WorkspacePlan};
use rosterctl::report::{Format, People, PlanView, Width, show_plan};

use crate::attestations::{kept, kept_after};
use crate::lists::{AFTER, BEFORE, Case, LIST, SPA, attested};

fn proofs(case: &Case) -> Vec<Proof> {
    case.by_hand().attested.iter().map(|one| one.proof).collect()
}

fn without(list: &str, login: &str) -> String {
    list.split_inclusive('\n').filter(|line| !line.contains(&format!("  {login}"))).collect()
}

const OWN: &str = "define_platform: own
name: Own App
fields: { first_name: {}, last_name: {}, role: { required: true, label: Role }, clinics: { label: Sites } }
clinics: true
states: [active, inactive]
roles: { front: { name: Front }, boss: { name: Boss } }
";

const APP: &str = "workspace: spa
platform: own
connection: { snapshot: list.yaml }
manage: exact
clinics: { downtown: { name: Downtown }, uptown: { name: Uptown } }
users:
  olivia@spa.example: { first_name: Olivia, last_name: Stone, role: boss, clinics: [downtown] }
  new@spa.example: { first_name: New, last_name: Bee, role: front, clinics: [downtown, uptown] }
";

const USERS: &str = "snapshot: spa
tabs: { all: { total: 1, taken: 2026-11-27T17:00:00-07:00 } }
shows: [first_name, last_name, role, clinics, status]
accounts:
  olivia@spa.example: { first_name: Olivia, last_name: Stone, role: boss, clinics: [downtown], status: active }
";

fn app(spa: &str, list: &str) -> Case {
    Case::of(&[("own.yaml", OWN), ("spa.yaml", spa), ("list.yaml", list)])
}

#[test]
fn a_product_without_a_default_clinic_asks_for_none() {
    let case = app(APP, USERS);
    assert_eq!(case.steps(), ["invite new@spa.example: left"]);
    assert!(case.plan.refusals.is_empty(), "{:?}", case.plan.refusals);
}

#[test]
fn a_list_that_shows_fewer_people_makes_no_mistakes_of_the_roster() {
    let spa = SPA.replace("role: front-desk, clinics: [downtown] }", "role: front-desk, clinics: [downtown, uptown] }");
    assert_eq!(Case::new(&spa, LIST).steps(), ["inactivate eve@spa.example: left", "update kim@spa.example: left"]);
    let fewer = without(LIST, "kim@").replace("active: { total: 3,", "active: {");
    let case = Case::new(&spa, &fewer);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    assert!(matches!(case.plan.refusals[0].cause, RefusalCause::LacksForNew { .. }), "{:?}", case.plan.refusals);
}

#[test]
fn an_account_that_must_be_there_is_not_created_where_an_incomplete_list_lacks_it() {
    let incomplete = LIST.replace("active: { total: 3,", "active: {");
    let case = Case::new(SPA, &without(&incomplete, "olivia@"));
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"], "the main admin has an account");
    assert!(matches!(case.plan.refusals[0].cause, RefusalCause::NotInIncompleteList { .. }), "{:?}", case.plan.refusals);
    let few = case.plan.notices.iter().any(|notice| matches!(notice.cause, NoticeCause::FewAdministrators { .. }));
    assert!(!few, "the main admin counts");
    let pinned = SPA.replace("{ first_name: Kim,", "{ id: kpark, first_name: Kim,").replace("manage: exact", "manage: additive");
    let case = Case::new(&pinned, &without(&incomplete, "kim@"));
    assert_eq!(case.steps(), Vec::<String>::new(), "an account with an id is not created anew");
    assert!(case.plan.is_pending(), "a complete list says whether it is there");
}

#[test]
fn an_account_with_the_address_of_somebody_whose_id_is_gone_is_named_x_4() {
    let list = LIST.replace("  kim@spa.example: {", "  kpark2: { email: kim@spa.example,").replace("shows: [", "shows: [email, ");
    let spa = SPA.replace("{ first_name: Kim,", "{ id: kpark, first_name: Kim,");
    let case = Case::new(&spa, &list);
    let [refusal] = case.plan.refusals.as_slice() else { panic!("one refusal: {:?}", case.plan.refusals) };
    assert!(matches!(&refusal.cause, RefusalCause::IdGone { other: Some(other), .. } if other.0 == "kpark2"), "{:?}", refusal.cause);
    let plain = Case::new(SPA, LIST);
    assert_eq!(case.steps(), plain.steps(), "nobody takes that account away before somebody looked");
    assert!(case.plan.is_pending());
    let left = spa.replace("{ id: kpark, first_name: Kim,", "{ id: kpark, status: inactive, first_name: Kim,");
    for spa in [left.clone(), left.replace("manage: exact", "manage: additive")] {
        let case = Case::new(&spa, &list);
        assert!(case.steps().contains(&"inactivate kpark2: left".to_owned()), "{:?}", case.steps());
        assert!(case.plan.refusals.is_empty(), "{:?}", case.plan.refusals);
    }
    let gone = Case::new(&left, &without(LIST, "kim@").replace("total: 3", "total: 2"));
    assert!(gone.plan.refusals.is_empty(), "there is nothing to take away: {:?}", gone.plan.refusals);
}

#[test]
fn names_of_the_members_own_login_contradict_no_invitation_ar_3_ar_13() {
    let spa = format!("{SPA}  ana@spa.example: {{ first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [downtown] }}\n");
    let list = LIST.replace("pending: { total: 0", "pending: { total: 1").replace(
        "  eve@",
        "  ana@spa.example: { first_name: Anna, last_name: Ruiz-Lopez, role: front-desk, clinics: [downtown], status: pending }\n  eve@",
    );
    let set = "{ first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [downtown], status: pending }";
    let case = Case::new(&spa, &attested(&list, "ana@spa.example", "invite", set, BEFORE));
    assert_eq!(proofs(&case), [Proof::Proved], "the list shows everything that the admin could set");
    let kept_names = case.plan.notices.iter().filter(|notice| matches!(notice.cause, NoticeCause::Kept { why: Keep::LoginExisted, .. }));
    assert_eq!((kept_names.count(), case.plan.refusals.len()), (2, 0), "a warning, and not a refusal: {:?}", case.plan.refusals);
    assert_eq!(Case::new(&spa, &list).plan.refusals.len(), 2, "nobody knows under which name somebody else has invited them");
    for (list, spa) in
        [(list.replace("pending }", "active }"), spa.clone()), (list.clone(), spa.replace("first_name: Ana,", "first_name: Anna,"))]
    {
        let kept = kept(&spa, &attested(&list, "ana@spa.example", "invite", set, BEFORE));
        let case = Case::new(&spa, &kept);
        assert_eq!((proofs(&case), case.by_hand().is_anything_left()), (vec![Proof::Proved], true), "only the other steps are left");
    }
    let waiting = Case::new(&spa, &attested(&list, "ana@spa.example", "invite", set, AFTER));
    assert_eq!(proofs(&waiting), [Proof::Waits], "the list is older");
    let other = Case::new(&spa, &attested(&list, "ana@spa.example", "invite", &set.replace("front-desk", "provider"), BEFORE));
    assert_eq!(proofs(&other), [Proof::Contradicted], "somebody typed another role");
}

#[test]
fn the_part_of_a_step_that_a_list_shows_is_proved_and_the_rest_is_named() {
    let set = "{ first_name: Kim, last_name: Park, role: front-desk, default_clinic: downtown, status: pending }";
    let case = Case::new(SPA, &attested(LIST, "kim@spa.example", "invite", set, BEFORE));
    let [one] = case.by_hand().attested.as_slice() else { panic!("one attestation") };
    let not_shown: Vec<StepValue> = one.not_shown.iter().copied().collect();
    assert_eq!((one.proof, not_shown), (Proof::CannotShow, vec![StepValue::Field(Field::DefaultClinic)]));
    let ticked = attested(LIST, "kim@spa.example", "invite", set, BEFORE);
    let looked = Case::new(SPA, &attested(&ticked, "kim@spa.example", "seen", "{ default_clinic: downtown }", AFTER));
    let first = looked.by_hand().attested.iter().find(|one| !one.tick.is_look).expect("the invitation");
    assert_eq!((first.proof, first.not_shown.len()), (Proof::Proved, 1), "the list does not prove what somebody saw again");
    let alone = Case::new(SPA, &attested(LIST, "kim@spa.example", "update", "{ default_clinic: downtown }", BEFORE));
    assert!(alone.by_hand().attested[0].not_shown.is_empty(), "the list proves nothing of it");
}

#[test]
fn a_complete_list_without_somebody_proves_that_they_are_blocked_where_accounts_are_removed() {
    let list = without(LIST, "kim@").replace("active: { total: 3,", "active: { total: 2,").replace("status]", "status, blocked]");
    let ticked = |list: &str, set: &str, kind: &str| Case::new(SPA, &attested(list, "kim@spa.example", kind, set, BEFORE));
    assert_eq!(proofs(&ticked(&list, "{ blocked: activity-review }", "block")), [Proof::CannotShow], "an account of this product stays");
    assert_eq!(proofs(&ticked(&list, "{ blocked: false }", "unblock")), [Proof::Superseded]);
    let own = OWN.replace("states: [active, inactive]", "states: [active, blocked]");
    let gone = attested(USERS, "new@spa.example", "block", "{ blocked: activity-review }", BEFORE).replace("status]", "status, blocked]");
    let case = Case::of(&[("own.yaml", &own), ("spa.yaml", APP), ("list.yaml", &gone)]);
    assert_eq!(proofs(&case), [Proof::Proved], "nobody can sign in without an account");
    let incomplete = list.replace("active: { total: 2,", "active: {");
    assert_eq!(proofs(&ticked(&incomplete, "{ blocked: activity-review }", "block")), [Proof::Waits]);
}

#[test]
fn a_contradiction_stays_first_until_a_later_list_shows_what_the_roster_wants() {
    let again = |spa: &str, list: &str| {
        let first = kept(SPA, list);
        assert!(first.contains("contradicted: ["), "{first}");
        let settled = kept(spa, &first);
        (proofs(&Case::new(spa, &first)), proofs(&Case::new(spa, &settled)), Case::new(spa, &settled).plan.is_pending())
    };
    let ticked = attested(LIST, "eve@spa.example", "inactivate", "{ status: inactive }", BEFORE);
    let ticked = ticked.replace("shows: [", "shows: [provider, ").replace("role: provider,", "role: provider, provider: false,");
    let contradicted = vec![Proof::Contradicted];
    assert_eq!(again(SPA, &ticked), (contradicted.clone(), contradicted.clone(), true), "the roster still wants it");
    let listed = "  eve@spa.example: { first_name: Eve, last_name: Grey, role: provider, clinics: [downtown], provider: false }\n";
    let disproved = vec![Proof::Disproved];
    for spa in [format!("{SPA}{listed}"), SPA.replace("manage: exact", "manage: additive")] {
        assert!(Case::new(&spa, &kept(SPA, &ticked)).plan.is_pending(), "nobody has looked again yet");
        assert_eq!(again(&spa, &ticked), (contradicted.clone(), disproved.clone(), false));
    }
    let additive = SPA.replace("manage: exact", "manage: additive");
    let blocked = attested(
        &LIST.replace("status]", "status, blocked]").replace("status: active }", "status: active, blocked: false }"),
        "kim@spa.example",
        "block",
        "{ blocked: activity-review }",
        BEFORE,
    );
    assert_eq!(again(&additive, &blocked), (contradicted.clone(), disproved.clone(), false), "the roster wants no block anymore");
    let role = attested(LIST, "kim@spa.example", "update", "{ role: provider }", BEFORE);
    assert_eq!(again(&additive, &role), (contradicted.clone(), disproved, false));
    let wanted = additive.replace("role: front-desk", "role: provider, provider: false");
    assert_eq!(again(&wanted, &role), (contradicted.clone(), contradicted, true));
}

#[test]
fn a_tick_about_somebody_who_may_be_in_the_list_under_another_login_waits_for_the_answer() {
    let spa = SPA.replace("manage: exact", "manage: additive")
        + "  new@spa.example: { first_name: New, last_name: Bee, role: front-desk, clinics: [uptown] }\n";
    let row = |login: &str| {
        LIST.replace("total: 3", "total: 4").replace(
            "  eve@",
            &format!("  {login} first_name: New, last_name: Bee, role: front-desk, clinics: [uptown], status: active }}\n  eve@"),
        )
    };
    let set = "{ first_name: New, last_name: Bee, role: front-desk, clinics: [uptown], status: pending }";
    let ticked = attested(&row("nbee: {"), "new@spa.example", "invite", set, BEFORE);
    let case = Case::new(&spa, &ticked);
    assert_eq!((proofs(&case), case.by_hand().questions.len()), (vec![Proof::Waits], 1));
    assert!(case.plan.is_pending(), "a person must answer");
    let pinned = spa.replace("{ first_name: New,", "{ id: nbee, first_name: New,");
    assert_eq!(proofs(&Case::new(&pinned, &ticked)), [Proof::Proved]);
    let beside =
        attested(&row("nbee: { email: new@spa.example,").replace("shows: [", "shows: [email, "), "new@spa.example", "invite", set, BEFORE);
    assert_eq!(proofs(&Case::new(&spa, &beside)), [Proof::Proved], "the address beside the user name says who it is");
    let another = ticked.replace(
        "first_name: New, last_name: Bee, role: front-desk, clinics: [uptown], status: active",
        "first_name: Other, last_name: Bee, role: front-desk, clinics: [uptown], status: active",
    );
    assert_eq!(proofs(&Case::new(&spa, &another)), [Proof::Contradicted]);
    let unticked = attested(&row("nbee: {"), "new@spa.example", "invite", set, AFTER);
    assert_eq!(proofs(&Case::new(&spa, &unticked)), [Proof::Waits]);
}

#[test]
fn a_leaver_who_may_be_in_the_list_with_a_middle_name_has_not_left_for_sure() {
    let spa = SPA.replace("manage: exact", "manage: additive").replace("last_name: Park, role", "last_name: Park, status: inactive, role");
    for (name, proof) in [("Kim", Proof::Waits), ("Kim A.", Proof::Waits), ("Kai", Proof::CannotShow)] {
        let list = LIST.replace("kim@spa.example: { first_name: Kim,", &format!("kp@spa.example: {{ first_name: {name},"));
        let ticked = attested(&list, "kim@spa.example", "inactivate", "{ status: inactive }", BEFORE);
        assert_eq!(proofs(&Case::new(&spa, &ticked)), [proof], "{name}");
    }
}

#[test]
fn somebody_who_moved_between_the_times_of_two_tabs_is_not_absent() {
    let spa = SPA.replace("manage: exact", "manage: additive").replace("last_name: Park, role", "last_name: Park, status: inactive, role");
    let later = without(LIST, "kim@").replace("active: { total: 3, taken: 2026-11-27T17", "active: { total: 2, taken: 2026-11-28T14");
    let ticked = attested(&later, "kim@spa.example", "inactivate", "{ status: inactive }", AFTER);
    let looked = |case: &Case| case.plan.notices.iter().any(|notice| matches!(notice.cause, NoticeCause::LookedFor(_)));
    let case = Case::new(&spa, &ticked);
    assert!(looked(&case), "the tab of inactive users is older than the tick: {:?}", case.plan.notices);
    let gone = Case::new(&spa, &later);
    assert!(gone.plan.notices.iter().any(|notice| notice.cause == NoticeCause::InactiveWithoutAccount), "{:?}", gone.plan.notices);
    let again = Case::new(SPA, &ticked);
    assert!(again.steps().iter().all(|step| !step.contains("kim@")), "the account is there, and inactive: {:?}", again.steps());
    let known_by = |refusal: &rosterctl::model::Refusal| {
        matches!(refusal.cause, RefusalCause::NotInIncompleteList { known_by: KnownBy::Attestation, .. })
    };
    assert!(again.plan.refusals.iter().any(known_by), "{:?}", again.plan.refusals);
}

#[test]
fn a_list_whose_time_is_still_to_come_is_not_complete_and_says_so() {
    let later = LIST.replace("2026-11-27T17:00:00-07:00", "2030-01-01T00:00:00Z");
    let case = Case::new(SPA, &later);
    assert!(!case.by_hand().is_complete && case.by_hand().tabs.iter().all(|tab| tab.is_stale), "{:?}", case.by_hand().tabs);
    let digest = Digest("7".repeat(64));
    let plan = WorkspacePlan { plan: case.plan.clone(), digest: digest.clone(), stops: Vec::new(), waived: BTreeMap::new() };
    let page = RosterPlan { format: 2, digest, workspaces: vec![plan] };
    let text = show_plan(
        &PlanView { plan: &page, people: &People::default(), unread: &[] },
        Format::Text { color: false, width: Width::OF_FILES },
    );
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("2030-01-01 at 00:00 UTC, which is still to come."), "{text}");
    assert!(!text.contains("less than a day ago"), "{text}");
    let ahead = LIST.replace("2026-11-27T17:00:00-07:00", "2026-11-28T17:04:00-07:00");
    assert!(Case::new(SPA, &ahead).by_hand().is_complete, "clocks differ by some minutes");
}

#[test]
fn a_contradicted_tick_of_somebody_with_a_new_address_is_counted_once() {
    let spa = SPA
        .replace("  kim@spa.example: {", "  kim.new@spa.example: { formerly: [kim@spa.example],")
        .replace("front-desk", "provider, provider: false");
    let list = attested(&LIST.replace("  kim@", "  kim.new@"), "kim@spa.example", "update", "{ role: provider }", BEFORE);
    let case = Case::new(&spa, &list);
    assert!(case.steps().contains(&"update kim.new@spa.example: contradicted".to_owned()), "{:?}", case.steps());
    assert_eq!(proofs(&case), [Proof::Contradicted]);
    assert_eq!(case.by_hand().apart(Proof::Contradicted).count(), 0, "the step says it already");
}

#[test]
fn a_block_counts_as_attested_where_the_list_shows_no_blocks_and_lacks_the_user() {
    let spa = SPA.replace("manage: exact", "manage: additive").replace(
        "role: front-desk, clinics: [downtown] }",
        "role: front-desk, clinics: [downtown], blocked: { reason: activity-review } }",
    );
    let incomplete = without(LIST, "kim@").replace("active: { total: 3,", "active: {");
    assert_eq!(Case::new(&spa, &incomplete).plan.to_look_for(), 1);
    let case = Case::new(&spa, &attested(&incomplete, "kim@spa.example", "block", "{ blocked: activity-review }", AFTER));
    assert!(!case.plan.is_anything_waiting(), "no list shows it");
    assert_eq!(case.plan.looked_for().count(), 1);
}

#[test]
fn nobody_activates_the_account_of_somebody_else_for_a_new_person_with_its_address_x_1() {
    let lee = |first: &str, last: &str| {
        SPA.replace("  kim@", &format!("  lee@spa.example: {{ first_name: {first}, last_name: {last}, role: provider, provider: false, clinics: [downtown] }}\n  kim@"))
    };
    let case = Case::new(&lee("Lena", "Young"), LIST);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    assert!(matches!(case.plan.refusals[0].cause, RefusalCause::AccountOfAnother { .. }), "{:?}", case.plan.refusals);
    assert!(case.plan.is_pending());
    for (first, last) in [("Lee", "Young"), ("Old", "Lee"), ("LEE", "OLD")] {
        let steps = Case::new(&lee(first, last), LIST).steps();
        assert!(steps.contains(&"activate lee@spa.example: left".to_owned()), "{first} {last}: {steps:?}");
    }
}

#[test]
fn an_invitation_to_another_address_is_withdrawn_first_where_nobody_can_change_it() {
    let list = LIST
        .replace("  kim@spa.example:", "  k.park@spa.example:")
        .replace("clinics: [downtown], status: active }\n  eve", "clinics: [downtown], status: pending }\n  eve");
    let asked = Case::new(&SPA.replace("manage: exact", "manage: additive"), &list);
    assert!(asked.by_hand().questions[0].is_invitation, "{:?}", asked.by_hand().questions);
}

#[test]
fn steps_know_who_is_invited_and_whom_the_list_shows_without_a_name() {
    let spa = SPA.replace("last_name: Park, role: front-desk", "last_name: Park, role: provider, provider: false");
    let list = LIST.replace(
        "first_name: Kim, last_name: Park, role: front-desk, clinics: [downtown], status: active",
        "role: front-desk, clinics: [downtown], status: pending",
    );
    let case = Case::new(&spa, &list);
    let hand = case.by_hand().steps.iter().find(|hand| hand.user.as_str() == "kim@spa.example").expect("an update");
    assert!(hand.is_pending && hand.is_nameless);
    let usual = Case::new(&spa, LIST);
    assert!(usual.by_hand().steps.iter().all(|hand| !hand.is_pending && !hand.is_nameless));
}

// AR-20
#[test]
fn somebody_who_was_invited_before_a_block_gets_another_invitation_after_it() {
    let ana = "  ana@spa.example: { first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [downtown]";
    let spa = format!("{SPA}{ana}, blocked: false }}\n").replace("manage: exact", "manage: additive");
    let list = |blocked: bool| {
        let all = LIST.replace("pending: { total: 0", "pending: { total: 1").replace("status]", "status, blocked]");
        all.replace("  eve@", &format!("{ana}, status: pending, blocked: {blocked} }}\n  eve@"))
    };
    let steps = |list: &str| Case::new(&spa, list).steps();
    assert_eq!(
        steps(&list(true)),
        ["unblock ana@spa.example: left", "resend-invitation ana@spa.example: left"],
        "the block ended the link"
    );
    let lift = |list: &str, at: &str| attested(list, "ana@spa.example", "unblock", "{ blocked: false }", at);
    let sent = |list: &str, at: &str| attested(list, "ana@spa.example", "resend-invitation", "{ status: pending }", at);
    let lifted = lift(&list(true), AFTER);
    assert_eq!(steps(&lifted), ["unblock ana@spa.example: waits", "resend-invitation ana@spa.example: left"]);
    assert_eq!(steps(&sent(&lifted, AFTER)), ["unblock ana@spa.example: waits", "resend-invitation ana@spa.example: attested"]);
    let later = lift(&list(false), BEFORE);
    assert_eq!(steps(&later), ["resend-invitation ana@spa.example: left"], "no list shows that link");
    assert_eq!(steps(&sent(&later, BEFORE)), Vec::<String>::new());
    assert_eq!(steps(&list(false).replace("status: pending, blocked", "status: active, blocked")), Vec::<String>::new());
}

#[test]
fn the_advice_about_an_account_that_an_incomplete_list_lacks_fits_the_person() {
    let incomplete = LIST.replace("active: { total: 3,", "active: {");
    let pinned = SPA.replace("{ first_name: Kim,", "{ id: kpark, first_name: Kim,");
    for (spa, login, expected) in [(SPA, "olivia@", KnownBy::MainAdmin), (&pinned, "kim@", KnownBy::Id)] {
        let case = Case::new(spa, &without(&incomplete, login));
        let RefusalCause::NotInIncompleteList { known_by, .. } = &case.plan.refusals[0].cause else { panic!("{:?}", case.plan.refusals) };
        assert_eq!(*known_by, expected);
    }
}

#[test]
fn an_invitation_that_a_list_calls_expired_is_sent_again() {
    let ana = "  ana@spa.example: { first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [downtown]";
    let spa = format!("{SPA}{ana} }}\n").replace("manage: exact", "manage: additive");
    let list = |status: &str| {
        let all = LIST.replace("pending: { total: 0", "pending: { total: 1");
        all.replace("  eve@", &format!("{ana}, status: {status} }}\n  eve@"))
    };
    let resent = |status: &str, at: &str| {
        Case::new(&spa, &attested(&list(status), "ana@spa.example", "resend-invitation", "{ status: pending }", at))
    };
    assert_eq!(Case::new(&spa, &list("pending")).steps(), Vec::<String>::new());
    assert_eq!(Case::new(&spa, &list("expired")).steps(), ["resend-invitation ana@spa.example: left"]);
    assert!(kept(&spa, &list("expired")).contains("status: expired }"), "the next plan knows it, too");
    assert_eq!(resent("expired", AFTER).steps(), ["resend-invitation ana@spa.example: waits"]);
    let again = resent("expired", BEFORE);
    let sent = |state: &str| vec![format!("resend-invitation ana@spa.example: {state}")];
    assert_eq!((again.steps(), proofs(&again)), (sent("contradicted"), vec![Proof::Contradicted]), "no link ends within hours");
    let next = |kept: &str, from: &str, to: &str, status: &str| {
        let list = kept.replace(from, to).replace("status: expired", &format!("status: {status}"));
        let case = Case::new(&spa, &list);
        (case.steps(), proofs(&case))
    };
    let false_tick = kept(&spa, &attested(&list("expired"), "ana@spa.example", "resend-invitation", "{ status: pending }", BEFORE));
    assert!(false_tick.contains("contradicted: [status]"), "{false_tick}");
    assert_eq!(next(&false_tick, "2026-11-27T17", "2026-12-09T17", "expired"), (sent("contradicted"), vec![Proof::Contradicted]));
    assert_eq!(
        next(&false_tick, "2026-11-27T17", "2026-12-09T17", "pending"),
        (Vec::new(), vec![Proof::Disproved]),
        "somebody else did it"
    );
    let long_ago = "2026-11-20T09:00:00-07:00";
    let ended = resent("expired", long_ago);
    assert_eq!((ended.steps(), proofs(&ended)), (sent("left"), vec![Proof::CannotShow]), "the new link may have expired, too");
    let ended = kept(&spa, &attested(&list("expired"), "ana@spa.example", "resend-invitation", "{ status: pending }", long_ago));
    assert_eq!(next(&ended, "2026-11-27T17", "2026-12-09T17", "pending"), (Vec::new(), vec![Proof::CannotShow]), "this does not prove it");
    let tick = |list: &str, at: &str| attested(list, "ana@spa.example", "resend-invitation", "{ status: pending }", at);
    let expired = list("expired").replace("2026-11-27T17", "2026-11-27T08");
    for status in ["pending", "active"] {
        let proved = Case::new(&spa, &kept_after(&spa, &tick(&expired, BEFORE), &tick(&list(status), BEFORE)));
        assert_eq!((proved.steps(), proofs(&proved)), (Vec::new(), vec![Proof::Proved]), "{status}: it was expired before the tick");
        let unproved = Case::new(&spa, &kept_after(&spa, &tick(&list("pending"), BEFORE), &tick(&list(status), BEFORE)));
        assert_eq!(
            (unproved.steps(), proofs(&unproved)),
            (Vec::new(), vec![Proof::CannotShow]),
            "{status}: the list before shows the same"
        );
    }
    let gone = spa.replace("first_name: Ana,", "status: inactive, first_name: Ana,");
    assert_eq!(Case::new(&gone, &list("expired")).steps(), ["withdraw-invitation ana@spa.example: left"]);
}

// CHR-4
#[test]
fn the_names_of_somebody_who_has_not_accepted_are_not_waited_for() {
    let spa = "workspace: spa
platform: telus-chr
connection: { snapshot: list.yaml }
main_admin: asha@spa.example
users:
  asha@spa.example: { first_name: Asha, last_name: Iyer, type: practitioner }
  di@spa.example: { first_name: Di, last_name: Fay, type: staff }
";
    let list = |di: &str| {
        format!(
            "snapshot: spa
tabs: {{ all: {{ total: 2, taken: 2026-11-27T17:00:00-07:00 }} }}
shows: [first_name, last_name, type, status]
accounts:
  asha@spa.example: {{ first_name: Asha, last_name: Iyer, type: practitioner, status: active }}
  di@spa.example: {{ {di} }}
"
        )
    };
    let ticked = |di: &str| {
        attested(&list(di), "di@spa.example", "invite", "{ first_name: Di, last_name: Fay, type: staff, status: pending }", BEFORE)
    };
    let gray = Case::new(spa, &ticked("type: staff, status: pending"));
    assert_eq!((proofs(&gray), gray.by_hand().attested[0].not_shown.len()), (vec![Proof::CannotShow], 2));
    assert!(!gray.plan.is_anything_waiting() && !gray.by_hand().is_anything_left(), "{:?}", gray.steps());
    let accepted = Case::new(spa, &ticked("first_name: Diana, last_name: Fay, type: staff, status: active"));
    assert_eq!((proofs(&accepted), accepted.by_hand().attested[0].not_shown.len()), (vec![Proof::Proved], 0));
    let other = Case::new(spa, &ticked("type: practitioner, status: pending"));
    assert_eq!(proofs(&other), [Proof::Contradicted]);
}

// A law found it: what somebody attests of a colleague proves nothing of the step that names them.
#[test]
fn a_step_that_names_somebody_with_a_tick_is_left_and_the_tick_is_not_proved() {
    let spa = "workspace: spa\nplatform: aesthetic-record\nconnection: { snapshot: list.yaml }\nmanage: additive\nmain_admin: olivia@spa.example\n\
               clinics: { downtown: { name: Downtown } }\nusers:\n  olivia@spa.example: { role: administrator, clinics: [downtown] }\n  \
               eve.new@spa.example: { formerly: [eve@spa.example], role: medical-director, clinics: [downtown] }\n  \
               kim@spa.example: { role: administrator, clinics: [downtown], provider: { md_consent: eve.new@spa.example, goals: { per: week, sales_usd: 10 } } }\n";
    let list = "snapshot: spa\ntabs:\n  all: { total: 3, taken: 2026-11-27T17:00:00-07:00 }\nshows: [provider.md_consent, status]\naccounts:\n  \
                olivia@spa.example: { provider.md_consent: null, status: active }\n  eve@spa.example: { provider.md_consent: null, status: active }\n  \
                kim@spa.example: { provider.md_consent: eve@spa.example, status: active }\n";
    let of_kim = |case: &Case| case.steps().into_iter().filter(|step| step.contains("kim@")).collect::<Vec<_>>();
    let first = Case::new(spa, list);
    assert_eq!(of_kim(&first), ["update kim@spa.example: left"], "Eve is a director once both steps are made");
    let ticked = attested(list, "eve@spa.example", "update", "{ role: medical-director, clinics: [downtown] }", BEFORE);
    let again = Case::new(spa, &ticked);
    assert_eq!(of_kim(&again), ["update kim@spa.example: left"]);
    assert!(again.steps().contains(&"update eve@spa.example: attested".to_owned()), "{:?}", again.steps());
    assert_eq!(proofs(&again), [Proof::CannotShow]);
}
