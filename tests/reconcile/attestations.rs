//! The verdict of lists about each attestation: proved, contradicted, waiting, or not to be shown; and what was proved once stays so.

use rosterctl::manifest::snapshot::write;
use rosterctl::model::{Connection, Guard, HandState, NoticeCause, Proof, ShownOtherwise, StepValue, Value, WrongAccess};
use rosterctl::platform::{by_id, user_list};
use rosterctl::reconcile::{Reviewed, attest::with_proofs, attested as overlaid, review};

use crate::lists::{AFTER, BEFORE, Case, DENTAL, LIST, LOGINS, SPA, attested};

/// The proofs of all attestations, by user and time.
fn proofs(case: &Case) -> Vec<Proof> {
    case.by_hand().attested.iter().map(|one| one.proof).collect()
}

/// A list in which Kim is shown as blocked or not, with a role.
fn kim(role: &str, blocked: bool) -> String {
    let shown = LIST.replace("status]", "status, blocked]").replace("status: active }", "status: active, blocked: false }");
    shown.replace(
        "role: front-desk, clinics: [downtown], status: active, blocked: false",
        &format!("role: {role}, clinics: [downtown], status: active, blocked: {blocked}"),
    )
}

#[test]
fn each_of_two_ticks_of_one_moment_has_a_proof_of_its_own() {
    let spa = SPA.replace(
        "role: front-desk, clinics: [downtown] }",
        "role: provider, provider: false, clinics: [downtown], blocked: { reason: activity-review } }",
    );
    let list = attested(&kim("front-desk", true), "kim@spa.example", "block", "{ blocked: activity-review }", BEFORE);
    let list = attested(&list, "kim@spa.example", "update", "{ role: provider }", BEFORE);
    let case = Case::new(&spa, &list);
    let by_kind: Vec<(&str, Proof)> = case.by_hand().attested.iter().map(|one| (one.change.as_str(), one.proof)).collect();
    assert!(by_kind.contains(&("block", Proof::Proved)), "{by_kind:?}");
    assert!(by_kind.contains(&("update", Proof::Contradicted)), "{by_kind:?}");
}

#[test]
fn a_false_tick_is_contradicted_although_the_roster_no_longer_wants_it() {
    let case = Case::new(SPA, &attested(LIST, "kim@spa.example", "inactivate", "{ status: inactive }", BEFORE));
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    assert_eq!(proofs(&case), [Proof::Contradicted]);
}

#[test]
fn no_list_proves_or_contradicts_the_record_of_an_employee_pbn_3() {
    let set = "{ first_name: Pat, last_name: Wood, employee: pat-wood }";
    for at in [BEFORE, AFTER] {
        let case = Case::new(DENTAL, &attested(LOGINS, "pat-wood", "create-employee", set, at));
        assert_eq!((case.steps()[0].as_str(), proofs(&case)), ("create-employee pat-wood: attested", vec![Proof::CannotShow]), "{at}");
    }
}

#[test]
fn a_tick_of_the_second_in_which_the_list_was_taken_waits_for_the_next_one() {
    let case = Case::new(SPA, &attested(LIST, "eve@spa.example", "inactivate", "{ status: inactive }", "2026-11-27T17:00:00-07:00"));
    assert_eq!((case.steps(), proofs(&case)), (vec!["inactivate eve@spa.example: waits".to_owned()], vec![Proof::Waits]));
}

/// The list with its attestations after a new list was taken, as `rosterctl snapshot` keeps them.
pub(crate) fn kept(spa: &str, list: &str) -> String {
    kept_after(spa, list, list)
}

/// The same, after another list.
pub(crate) fn kept_after(spa: &str, last: &str, list: &str) -> String {
    let (before, case) = (Case::new(spa, last), Case::new(spa, list));
    let snapshot = |case: &Case| {
        let Connection::Snapshot(to) = &case.desired.connection else { panic!("it names a list") };
        to.snapshot.as_deref().expect("the list is there").clone()
    };
    let list = user_list(&case.desired, snapshot(&case), 0);
    write(&with_proofs(&case.desired, list, Some(&snapshot(&before))), by_id(&case.desired.platform).catalog())
}

#[test]
fn a_proved_step_stays_proved_and_nobody_is_accused_of_a_later_change() {
    let eve = |status: &str, taken: &str| {
        LIST.replace("clinics: [downtown], status: active }\n  lee@", &format!("clinics: [downtown], status: {status} }}\n  lee@"))
            .replace("2026-11-27T17:00:00-07:00", taken)
            .replace("active: { total: 3", if status == "active" { "active: { total: 3" } else { "active: { total: 2" })
            .replace("inactive: { total: 1", if status == "active" { "inactive: { total: 1" } else { "inactive: { total: 2" })
    };
    let tick = |list: &str| attested(list, "eve@spa.example", "inactivate", "{ status: inactive }", BEFORE);
    let shown = kept(SPA, &tick(&eve("inactive", "2026-11-27T17:00:00-07:00")));
    assert!(shown.contains("proved: [status]"), "{shown}");
    assert_eq!(proofs(&Case::new(SPA, &shown)), [Proof::Proved]);
    // Somebody lets her in again afterward.
    let line = shown.lines().find(|line| line.contains("proved")).expect("the attestation");
    let again = eve("active", "2026-11-28T08:00:00-07:00") + "attested:\n" + line + "\n";
    let case = Case::new(SPA, &again);
    assert_eq!((case.steps(), proofs(&case)), (vec!["inactivate eve@spa.example: left".to_owned()], vec![Proof::Superseded]));
    assert_eq!(case.by_hand().steps[0].undone.as_ref().map(|tick| tick.by.as_str()), Some("olivia@spa.example"));
    // Without that proof it is a false tick.
    let case = Case::new(SPA, &tick(&eve("active", "2026-11-28T08:00:00-07:00")));
    assert_eq!((case.steps(), proofs(&case)), (vec!["inactivate eve@spa.example: contradicted".to_owned()], vec![Proof::Contradicted]));
    // Two branches have the same tick, and one of them the proof.
    let plain = line.replace(", proved: [status]", "");
    assert_ne!(plain, line);
    let case = Case::new(SPA, &format!("{again}{plain}\n"));
    assert_eq!(proofs(&case), [Proof::Superseded]);
}

#[test]
fn somebody_who_was_looked_for_and_is_not_in_an_incomplete_list_is_attested_and_waits() {
    let spa = format!(
        "{SPA}  old@spa.example: {{ formerly: [o.timer@spa.example], first_name: Old, last_name: Timer, role: front-desk, clinics: [downtown], status: inactive }}\n"
    );
    let part = LIST.replace("active: { total: 3, ", "active: { ");
    assert!(Case::new(&spa, &part).plan.to_look_for() > 0);
    let looked = |list: &str, user: &str| {
        let case = Case::new(&spa, &attested(list, user, "inactivate", "{ status: inactive }", AFTER));
        let state = case
            .plan
            .notices
            .iter()
            .find_map(|notice| if let NoticeCause::LookedFor(state) = &notice.cause { Some(state.clone()) } else { None });
        (case.plan.to_look_for(), case.plan.is_anything_waiting(), case.plan.is_list_overdue(), state)
    };
    for user in ["old@spa.example", "o.timer@spa.example"] {
        let (left, waits, overdue, state) = looked(&part, user);
        assert!(left == 0 && waits && !overdue && matches!(state, Some(HandState::Waits { .. })), "{user}: {state:?}");
    }
    // A list that was taken since then is incomplete, too: a complete one can show it.
    let later = part.replace("2026-11-27T17:00", "2026-11-28T12:00");
    let (left, waits, overdue, state) = looked(&later, "old@spa.example");
    assert!(left == 0 && waits && !overdue && matches!(state, Some(HandState::Waits { .. })), "{state:?}");
    let case = Case::new(
        &spa.replace("manage: exact", "manage: exact\nstale_after: 4h"),
        &attested(&part, "old@spa.example", "inactivate", "{ status: inactive }", AFTER),
    );
    assert!(case.plan.is_list_overdue() && case.plan.is_pending(), "a list is overdue");
}

#[test]
fn a_plan_with_refusals_only_has_nothing_pending() {
    let spa = SPA.replace("manage: exact", "manage: additive")
        + "  nobody@spa.example: { id: nobody, first_name: No, last_name: Body, role: front-desk, clinics: [downtown] }\n";
    let case = Case::new(&spa, LIST);
    assert_eq!(case.steps(), Vec::<String>::new());
    assert_eq!(case.plan.refusals.len(), 1, "{:?}", case.plan.refusals);
    assert!(!case.plan.is_pending() && case.plan.is_in_doubt());
}

#[test]
fn a_name_of_several_words_in_one_column_is_one_person_with_a_new_address() {
    let spa = SPA.replace("first_name: Kim, last_name: Park", "first_name: Ana, last_name: de la Cruz");
    let list = LIST
        .replace("kim@spa.example: { first_name: Kim, last_name: Park", "ana.cruz@spa.example: { first_name: Ana de la, last_name: Cruz");
    let case = Case::new(&spa, &list);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    assert_eq!(case.by_hand().questions.len(), 1);
}

#[test]
fn a_contradicted_tick_changes_nothing_of_the_workspace() {
    let case = Case::new(SPA, &attested(LIST, "kim@spa.example", "inactivate", "{ status: inactive }", BEFORE));
    let after = overlaid(&case.desired, &case.actual).expect("there are attestations");
    assert_eq!(after.accounts, case.actual.accounts);
}

#[test]
fn a_blank_form_is_not_a_second_step_for_somebody_new() {
    let new = "  new@spa.example: { first_name: New, last_name: Comer, role: front-desk, clinics: [downtown], phones: [], appointment_color: null, dashboard_access: false }\n";
    let spa = format!("{SPA}{new}");
    let set = "{ first_name: New, last_name: Comer, role: front-desk, clinics: [downtown], status: pending }";
    let ticked = attested(LIST, "new@spa.example", "invite", set, AFTER);
    assert_eq!(Case::new(&spa, &ticked).steps(), ["inactivate eve@spa.example: left", "invite new@spa.example: waits"]);
    // The next list shows the account, and none of these fields.
    let row = "  new@spa.example: { first_name: New, last_name: Comer, role: front-desk, clinics: [downtown], status: pending }\nattested:";
    let next = attested(LIST, "new@spa.example", "invite", set, BEFORE)
        .replace("attested:", row)
        .replace("pending: { total: 0", "pending: { total: 1");
    let case = Case::new(&spa, &next);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "update new@spa.example: attested"]);
    assert_eq!(proofs(&case), [Proof::Proved]);
    let filled = spa.replace("dashboard_access: false", "dashboard_access: true");
    assert_eq!(Case::new(&filled, &next).steps()[1], "update new@spa.example: left", "that was not left blank");
}

#[test]
fn an_attestation_without_a_step_waits_or_is_contradicted_in_sight() {
    let gone = attested(LIST, "kim@spa.example", "inactivate", "{ status: inactive }", AFTER);
    let back = attested(&gone, "kim@spa.example", "activate", "{ status: active }", "2026-11-28T10:00:00-07:00");
    let case = Case::new(SPA, &back);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    assert!(case.plan.is_anything_waiting(), "the activation");
    assert_eq!(case.by_hand().apart(Proof::Waits).count(), 1);
    let late = Case::new(&SPA.replace("manage: exact", "manage: exact\nstale_after: 4h"), &back);
    assert!(late.plan.is_list_overdue());
    let lied = Case::new(SPA, &attested(LIST, "kim@spa.example", "inactivate", "{ status: inactive }", BEFORE));
    assert_eq!(lied.by_hand().apart(Proof::Contradicted).count(), 1);
}

#[test]
fn somebody_of_unknown_state_does_not_count_as_matching() {
    let list = LIST.replace("role: front-desk, clinics: [downtown], status: active", "role: front-desk, clinics: [downtown]");
    let case = Case::new(SPA, &list);
    assert_eq!((case.steps(), case.plan.unchanged), (vec!["inactivate eve@spa.example: left".to_owned()], 1));
    assert!(case.plan.notices.iter().any(|notice| notice.cause == NoticeCause::StatusNotShown));
}

#[test]
fn a_user_with_a_step_because_of_an_attestation_does_not_match() {
    let ticked = attested(LIST, "kim@spa.example", "inactivate", "{ status: inactive }", AFTER);
    let case = Case::new(SPA, &ticked);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "activate kim@spa.example: left"]);
    assert_eq!(case.plan.unchanged, 1, "Olivia alone matches");
    let unknown =
        LIST.replace("role: front-desk, clinics: [downtown], status: active", "role: provider, clinics: [downtown], status: active");
    let both = attested(&unknown, "kim@spa.example", "inactivate", "{ status: inactive }", AFTER);
    assert_eq!(Case::new(SPA, &both).plan.unchanged, 1, "she had a step before");
}

/// A list that was taken at another time.
fn taken(list: &str, at: &str) -> String {
    list.replace("2026-11-27T17:00:00-07:00", at)
}

/// The attestations of a list, for the next one.
fn carried(from: &str, to: &str) -> String {
    let kept = from.split_once("attested:\n").expect("attestations").1;
    format!("{to}attested:\n{kept}")
}

#[test]
fn a_contradiction_lasts_when_the_next_list_shows_less() {
    let spa = SPA.replace(
        "role: front-desk, clinics: [downtown] }",
        "role: front-desk, clinics: [downtown], blocked: { reason: activity-review } }",
    );
    let first = attested(&kim("front-desk", false), "kim@spa.example", "block", "{ blocked: activity-review }", BEFORE);
    let second = kept(&spa, &first);
    assert!(second.contains("contradicted: [blocked]"), "{second}");
    let less = carried(&second, &taken(LIST, "2026-11-28T08:00:00-07:00"));
    let case = Case::new(&spa, &less);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "block kim@spa.example: contradicted"]);
    assert_eq!(proofs(&case), [Proof::Contradicted]);
    // Somebody blocks Kim afterward, and nobody ticks it: the false tick is not proved by that.
    let blocked = carried(&second, &taken(&kim("front-desk", true), "2026-11-28T08:00:00-07:00"));
    let case = Case::new(&spa, &kept(&spa, &blocked));
    assert_eq!((case.steps(), proofs(&case)), (vec!["inactivate eve@spa.example: left".to_owned()], vec![Proof::Disproved]));
    // A second, true tick is one of its own; of the first, the log still says what a list showed.
    let again = attested(&less, "kim@spa.example", "block", "{ blocked: activity-review }", AFTER);
    let case = Case::new(&spa, &again);
    assert_eq!(case.steps()[1], "block kim@spa.example: attested");
    assert_eq!(proofs(&case), [Proof::Disproved, Proof::CannotShow]);
}

#[test]
fn a_tick_that_a_later_one_undid_is_not_held_against_its_author() {
    let gone = attested(LIST, "kim@spa.example", "inactivate", "{ status: inactive }", "2026-11-27T08:00:00-07:00");
    let back = attested(&gone, "kim@spa.example", "activate", "{ status: active }", BEFORE);
    let next = kept(SPA, &back);
    assert!(!next.contains("contradicted"), "{next}");
    assert_eq!(proofs(&Case::new(SPA, &next)), [Proof::Superseded, Proof::Proved]);
}

#[test]
fn names_in_capitals_without_accents_are_the_same_names() {
    let spa = SPA.replace("first_name: Kim, last_name: Park", "first_name: Zoé, last_name: Côté");
    let list = LIST.replace("kim@spa.example: { first_name: Kim, last_name: Park", "z@spa.example: { first_name: ZOE, last_name: COTE");
    assert_eq!(Case::new(&spa, &list).by_hand().questions.len(), 1);
}

#[test]
fn a_review_finds_the_accounts_that_a_plan_would_inactivate() {
    let spa = SPA.replace("kim@spa.example: {", "kim@spa.example: { formerly: [old.kim@spa.example],");
    let row =
        |login: &str| format!("  {login}: {{ first_name: Kim, last_name: Park, role: front-desk, clinics: [downtown], status: active }}\n");
    let list = LIST.replace("total: 3", "total: 4").replace("accounts:\n", &format!("accounts:\n{}", row("old.kim@spa.example")));
    let case = Case::new(&spa, &list);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "inactivate old.kim@spa.example: left"]);
    let found = review(&[Reviewed { desired: &case.desired, actual: &case.actual, shown: &case.actual, by_hand: None }], None);
    let wrong = found.people.iter().flat_map(|person| &person.accounts).filter(|account| account.wrong == [WrongAccess::NotInRoster]);
    assert_eq!(wrong.count(), 2, "Eve and the account with the former address");
}

#[test]
fn a_tick_of_one_account_is_not_proved_by_another_one() {
    let user = "formerly: [ana.ruiz@spa.example], first_name: Ana, last_name: Gomez, role: front-desk, clinics: [downtown]";
    let spa = format!("{SPA}  ana.gomez@spa.example: {{ {user} }}\n");
    let row = |login: &str, clinic: &str, state: &str| {
        format!("  {login}@spa.example: {{ first_name: Ana, last_name: Gomez, role: front-desk, clinics: [{clinic}], status: {state} }}\n")
    };
    let with = |rows: &str, active: &str, inactive: &str| {
        let list = LIST.replace("active: { total: 3,", active).replace("inactive: { total: 1,", inactive);
        let list = list.replace("  eve@", &format!("{rows}  eve@"));
        attested(&list, "ana.ruiz@spa.example", "update", "{ clinics: [downtown] }", BEFORE)
    };
    let new = row("ana.gomez", "downtown", "active");
    let both = with(&format!("{new}{}", row("ana.ruiz", "uptown", "inactive")), "active: { total: 4,", "inactive: { total: 2,");
    assert_eq!(proofs(&Case::new(&spa, &both)), [Proof::Contradicted], "the account that was ticked has the other clinic");
    let renamed = with(&new, "active: { total: 4,", "inactive: { total: 1,");
    assert_eq!(proofs(&Case::new(&spa, &renamed)), [Proof::Proved], "it has another address by now");
}

#[test]
fn of_two_looks_that_say_the_same_neither_is_called_changed() {
    let looks = |clinic: &str| {
        let list = attested(LIST, "kim@spa.example", "seen", &format!("{{ clinics: [{clinic}] }}"), "2026-11-27T08:00:00-07:00");
        attested(&list, "kim@spa.example", "seen", &format!("{{ clinics: [{clinic}], default_clinic: {clinic} }}"), BEFORE)
    };
    let proofs = |list: &str| {
        let mut found: Vec<_> = Case::new(SPA, list).by_hand().attested.iter().map(|one| (one.tick.at, one.proof)).collect();
        found.sort();
        found.into_iter().map(|(_, proof)| proof).collect::<Vec<_>>()
    };
    assert_eq!(proofs(&looks("downtown")), [Proof::Proved, Proof::CannotShow]);
    assert_eq!(proofs(&looks("uptown")), [Proof::Disproved, Proof::Contradicted], "one contradiction is enough, and neither was right");
    assert_eq!(kept(SPA, &looks("uptown")).matches("contradicted: [clinics]").count(), 2);
    let between = attested(&looks("downtown"), "kim@spa.example", "update", "{ clinics: [uptown] }", "2026-11-27T08:30:00-07:00");
    assert_eq!(proofs(&between)[0], Proof::Superseded, "somebody attests another value in between");
}

#[test]
fn a_step_that_a_later_list_proved_does_not_wait_for_an_older_one() {
    let tick = attested(LIST, "eve@spa.example", "inactivate", "{ status: inactive }", AFTER);
    let case = Case::new(SPA, &tick);
    assert_eq!((case.steps(), case.plan.is_anything_waiting()), (vec!["inactivate eve@spa.example: waits".to_owned()], true));
    let proved = tick.trim_end().strip_suffix(" }").expect("the attestation").to_owned() + ", proved: [status] }\n";
    let case = Case::new(SPA, &proved);
    assert_eq!((case.steps(), proofs(&case)), (vec!["inactivate eve@spa.example: proved".to_owned()], vec![Proof::Proved]));
    assert!(!case.plan.is_anything_waiting() && !case.by_hand().is_anything_left());
}

#[test]
fn a_complete_tab_of_blocked_people_says_who_is_not_blocked() {
    let spa = |blocked: &str| SPA.replace("role: front-desk, clinics", &format!("blocked: {blocked}, role: front-desk, clinics"));
    let list = |total: u8, ana: &str| {
        let tab = format!("\n  blocked: {{ total: {total}, taken: 2026-11-27T17:00:00-07:00 }}\nshows: [blocked, ");
        LIST.replace("\nshows: [", &tab).replace(
            "role: provider, clinics: [downtown], status: active",
            &format!("role: provider, clinics: [downtown], status: active{ana}"),
        )
    };
    let wanted = spa("{ reason: activity-review }");
    for (total, ana) in [(0, ""), (1, ", blocked: true")] {
        let ticked = attested(&list(total, ana), "kim@spa.example", "block", "{ blocked: activity-review }", BEFORE);
        let found = Case::new(&wanted, &ticked);
        assert!(found.steps().contains(&"block kim@spa.example: contradicted".to_owned()), "{:?}", found.steps());
        assert_eq!(proofs(&found), [Proof::Contradicted]);
        let unblocked = Case::new(&spa("false"), &list(total, ana));
        assert_eq!(unblocked.steps(), ["inactivate eve@spa.example: left"], "nobody unblocks somebody who is not blocked");
    }
    let incomplete = attested(&list(2, ", blocked: true"), "kim@spa.example", "block", "{ blocked: activity-review }", BEFORE);
    assert_eq!(proofs(&Case::new(&wanted, &incomplete)), [Proof::Waits]);
}

#[test]
fn a_part_of_a_tick_that_the_list_contradicts_comes_first_also_where_another_part_counts() {
    let spa = format!(
        "{SPA}  rosa@spa.example: {{ first_name: Rosa, last_name: Diaz, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0160\"] }}\n"
    );
    let row = "  rosa@spa.example: { first_name: Rosa, last_name: Diaz, role: front-desk, clinics: [downtown], status: inactive }\n";
    let list = format!("{}{row}", LIST.replace("inactive: { total: 1", "inactive: { total: 2"));
    let set = "{ first_name: Rosa, last_name: Diaz, role: front-desk, clinics: [downtown], phones: [\"+16025550160\"], status: pending }";
    let found = Case::new(&spa, &attested(&list, "rosa@spa.example", "invite", set, BEFORE));
    assert_eq!(proofs(&found), [Proof::Contradicted]);
    let first: Vec<_> = found.by_hand().apart(Proof::Contradicted).flat_map(|one| &one.otherwise).collect();
    let text = |word: &str| Value::Text(word.to_owned());
    let expected = ShownOtherwise { value: StepValue::Status, said: text("pending"), shown: Some(text("inactive")) };
    assert_eq!(first, [&expected], "{:?}", found.steps());
}

#[test]
fn the_main_admin_whom_a_complete_tab_of_active_users_lacks_is_no_longer_counted() {
    let spa = SPA
        .replace("main_admin: olivia@", "main_admin: hugo@")
        .replace("last_name: Stone, role: administrator", "last_name: Stone, role: provider")
        + "  hugo@spa.example: { first_name: Hugo, last_name: Best, role: administrator, clinics: [downtown] }\n";
    let active = LIST.replace(
        "  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n  pending: { total: 0, taken: 2026-11-27T17:00:00-07:00 }\n",
        "",
    );
    let stopped = |list: &str| {
        let found = Case::new(&spa, list);
        rosterctl::reconcile::approve(found.plan, &found.actual, &found.desired)
            .is_err_and(|stopped| stopped.stops.iter().any(|stop| stop.guard() == Guard::LastAdministrator))
    };
    assert!(stopped(&active), "Olivia is the last one");
    assert!(!stopped(&active.replace("active: { total: 3", "active: { total: 4")), "the list may lack him");
}

#[test]
fn pending_people_among_the_active_ones_leave_the_list_complete_chr_1() {
    let spa = "workspace: spa\nplatform: telus-chr\nconnection: { snapshot: list.yaml }\nmanage: additive\nmain_admin: olivia@spa.example\nusers:\n  \
               olivia@spa.example: { first_name: Olivia, last_name: Stone, type: staff }\n  \
               bob@spa.example: { first_name: Bob, last_name: Ray, type: staff }\n";
    let list = "snapshot: spa\ntabs:\n  active: { total: 2, taken: 2026-11-27T17:00:00-07:00 }\n  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n\
                shows: [first_name, last_name, status]\naccounts:\n  olivia@spa.example: { first_name: Olivia, last_name: Stone }\n  \
                kim@spa.example: { first_name: Kim, last_name: Park, status: pending }\n  lee@spa.example: { first_name: Lee, last_name: Old, status: inactive }\n";
    let found = Case::new(spa, list);
    assert!(found.by_hand().is_complete, "{:?}", found.by_hand().tabs);
    let ticked = attested(list, "bob@spa.example", "invite", "{ first_name: Bob, last_name: Ray, status: pending }", BEFORE);
    assert_eq!(proofs(&Case::new(spa, &ticked)), [Proof::Contradicted]);
    assert!(!Case::new(spa, &list.replace("active: { total: 2", "active: { total: 3")).by_hand().is_complete);
}
