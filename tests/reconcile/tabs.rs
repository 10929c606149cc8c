//! The proofs that the tabs of a page give, each of what it covers: who is not on them, who is not blocked, and whom they cannot tell apart.

use rosterctl::manifest::snapshot::write;
use rosterctl::model::{Guard, KeptOutBy, NoticeCause, Proof};
use rosterctl::platform::by_id;
use rosterctl::reconcile::attest::with_proofs;
use rosterctl::reconcile::{approve, with_earlier};

use crate::lists::{AFTER, BEFORE, Case, LIST, SPA, attested};

const KIM: &str = "kim@spa.example";

fn proofs(case: &Case) -> Vec<Proof> {
    case.by_hand().attested.iter().map(|one| one.proof).collect()
}

fn without(list: &str, login: &str) -> String {
    list.split_inclusive('\n').filter(|line| !line.contains(&format!("  {login}"))).collect()
}

/// The file of a list that follows another one, as `rosterctl snapshot` writes it.
fn next_list(spa: &str, last: &str, list: &str) -> String {
    let judged = |list: &str| Case::new(spa, list).actual.list.map(|list| *list).expect("a list");
    let (last, desired) = (judged(last).snapshot, Case::new(spa, list).desired);
    let list = with_earlier(judged(list), &last);
    write(&with_proofs(&desired, list, Some(&last)), by_id(&desired.platform).catalog())
}

fn guards(case: &Case) -> Vec<Guard> {
    let stopped = approve(case.plan.clone(), &case.actual, &case.desired).err();
    stopped.into_iter().flat_map(|stopped| stopped.stops).map(|stop| stop.guard()).collect()
}

#[test]
fn an_account_that_no_tab_has_does_not_prove_that_it_is_inactive() {
    let spa = SPA.replace("first_name: Kim,", "status: inactive, first_name: Kim,");
    let gone = without(LIST, "kim@").replace("active: { total: 3,", "active: { total: 2,");
    let ticked = |list: &str| attested(list, KIM, "inactivate", "{ status: inactive }", BEFORE);
    let moved = Case::new(&spa, &ticked(&gone));
    assert_eq!(proofs(&moved), [Proof::CannotShow], "the account may have another login by now");
    assert!(!next_list(&spa, LIST, &ticked(&gone)).contains("proved: ["), "and no later list reads that it was proved");
    let without_inactive = gone.replace("  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n", "");
    assert_eq!(proofs(&Case::new(&spa, &ticked(&without(&without_inactive, "lee@")))), [Proof::Proved], "they can only be inactive");
    let inactive =
        LIST.replace("role: front-desk, clinics: [downtown], status: active", "role: front-desk, clinics: [downtown], status: inactive");
    let shown = inactive.replace("active: { total: 3,", "active: { total: 2,").replace("inactive: { total: 1,", "inactive: { total: 2,");
    let proved = next_list(&spa, LIST, &ticked(&shown));
    assert!(proved.contains("proved: [status]"), "{proved}");
    let later = without(&proved, "kim@").replace("inactive: { total: 2,", "inactive: { total: 1,");
    assert_eq!(proofs(&Case::new(&spa, &later)), [Proof::Proved], "a list has shown it");
    let withdrawn = attested(&gone, KIM, "withdraw-invitation", "{ status: inactive }", BEFORE);
    assert_eq!(proofs(&Case::new(&spa, &withdrawn)), [Proof::Proved], "an invitation that was withdrawn is gone");
}

#[test]
fn a_main_admin_whom_the_complete_tab_of_active_users_lacks_is_not_counted() {
    let admin = LIST.replace("role: provider", "role: administrator");
    let lacking = without(&admin, "olivia@").replace("active: { total: 3,", "active: { total: 2,");
    let active_only = |list: &str| {
        let cut = list.replace("  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n", "");
        without(&cut.replace("  pending: { total: 0, taken: 2026-11-27T17:00:00-07:00 }\n", ""), "lee@")
    };
    assert_eq!(
        guards(&Case::new(SPA, &active_only(&lacking))),
        [Guard::LastAdministrator],
        "Eve is the only one who is known to be active"
    );
    let incomplete = active_only(&lacking).replace("active: { total: 2,", "active: {");
    assert_eq!(guards(&Case::new(SPA, &incomplete)), [], "nothing says that the main admin is gone");
    let former = SPA.replace(
        "{ first_name: Olivia, last_name: Stone, role: administrator,",
        "{ formerly: [o.stone@spa.example], first_name: Olivia, last_name: Stone, role: administrator,",
    );
    let two = former.replace("manage: exact", "manage: exact\nguards: { administrators: { at_least: 2 } }");
    let listed = active_only(&admin).replace("  olivia@", "  o.stone@").replace("active: { total: 3,", "active: {");
    assert_eq!(guards(&Case::new(&two, &listed)), [Guard::LastAdministrator], "the list has them under a former address: they count once");
}

#[test]
fn a_complete_tab_of_blocked_users_shows_who_is_not_blocked_ar_19() {
    let spa = |blocked: &str| {
        SPA.replace("role: front-desk, clinics: [downtown] }", &format!("role: front-desk, clinics: [downtown], blocked: {blocked} }}"))
    };
    let wanted = spa("{ reason: activity-review }");
    let tab = |total: &str| {
        LIST.replace("status]", "status, blocked]")
            .replace("shows:", &format!("  blocked: {{ {total}taken: 2026-11-27T17:00:00-07:00 }}\nshows:"))
    };
    let of_kim = |case: &Case| case.steps().into_iter().filter(|step| step.contains("kim@")).collect::<Vec<_>>();
    let ticked = |list: &str, set: &str, change: &str, at: &str| attested(list, KIM, change, set, at);
    let block = |list: &str, at: &str| Case::new(&wanted, &ticked(list, "{ blocked: activity-review }", "block", at));
    let none = tab("total: 0, ");
    let false_tick = block(&none, BEFORE);
    assert_eq!(
        (of_kim(&false_tick), proofs(&false_tick)),
        (vec!["block kim@spa.example: contradicted".to_owned()], vec![Proof::Contradicted])
    );
    assert!(next_list(&wanted, LIST, &ticked(&none, "{ blocked: activity-review }", "block", BEFORE)).contains("contradicted: [blocked]"));
    assert_eq!(proofs(&block(&none, AFTER)), [Proof::Waits]);
    assert!(false_tick.by_hand().shows_blocked);
    let lifted = Case::new(&spa("false"), &ticked(&none, "{ blocked: false }", "unblock", BEFORE));
    assert_eq!((of_kim(&lifted), proofs(&lifted)), (Vec::new(), vec![Proof::Proved]));
    assert_eq!(of_kim(&Case::new(&spa("false"), &none)), Vec::<String>::new(), "nobody unblocks somebody who is not blocked");
    let eve = none.replace("total: 0, taken: 2026-11-27T17:00:00-07:00 }\nshows", "total: 1, taken: 2026-11-27T17:00:00-07:00 }\nshows");
    let eve = eve.replace(
        "role: provider, clinics: [downtown], status: active",
        "role: provider, clinics: [downtown], status: active, blocked: true",
    );
    assert_eq!(proofs(&block(&eve, BEFORE)), [Proof::Contradicted], "the tab has Eve alone");
    for incomplete in [tab(""), tab("total: 1, "), tab("total: 0, filtered: true, ")] {
        let case = block(&incomplete, BEFORE);
        assert_eq!(proofs(&case), [Proof::Waits], "{incomplete}");
        assert!(!case.by_hand().shows_blocked, "it does not say who is not blocked");
        assert_eq!(of_kim(&Case::new(&spa("false"), &incomplete)), ["unblock kim@spa.example: left"]);
    }
}

#[test]
fn a_block_that_people_attest_and_the_roster_does_not_mention_is_said_to_be_left() {
    let left = |case: &Case| case.plan.notices.iter().filter(|notice| notice.cause == NoticeCause::LeftBlocked).count();
    let kept_out = |case: &Case| case.plan.kept_out.iter().filter(|one| one.by == KeptOutBy::Block && one.user.as_str() == KIM).count();
    let ticked = |list: &str| attested(list, KIM, "block", "{ blocked: activity-review }", AFTER);
    let case = Case::new(SPA, &ticked(LIST));
    assert_eq!((left(&case), kept_out(&case)), (1, 1));
    let lifted = Case::new(SPA, &attested(&ticked(LIST), KIM, "unblock", "{ blocked: false }", "2026-11-28T10:00:00-07:00"));
    assert_eq!((left(&lifted), kept_out(&lifted)), (0, 0));
    let shown = LIST.replace("status]", "status, blocked]").replacen(
        "role: front-desk, clinics: [downtown], status: active",
        "role: front-desk, clinics: [downtown], status: active, blocked: true",
        1,
    );
    assert_eq!(left(&Case::new(SPA, &shown)), 1, "once, where the list shows it, too");
    assert_eq!(left(&Case::new(SPA, &ticked(&shown))), 1);
    let unblocked = Case::new(SPA, &attested(&shown, KIM, "unblock", "{ blocked: false }", AFTER));
    assert_eq!((left(&unblocked), kept_out(&unblocked)), (0, 0), "somebody attests that it has ended since");
}

#[test]
fn an_account_whose_end_is_ticked_is_kept_where_the_next_list_has_its_address_or_phone_under_another_login() {
    let spa = SPA.replace("manage: exact", "manage: additive");
    let row = |login: &str, more: &str| format!("  {login}: {{ {more}role: provider, clinics: [downtown], status: active }}\n");
    let list = |row: &str| {
        let shown = LIST.replace("shows: [", "shows: [email, phones, ");
        let others = without(&shown, "eve@").replace("  lee@", &format!("{row}  lee@"));
        // Without the other tabs, a list of everybody with access proves that the others have none.
        without(&others, "lee@").replace("  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n", "")
    };
    let tick = |list: &str, login: &str| attested(list, login, "inactivate", "{ status: inactive }", BEFORE);
    let eve = "first_name: Eve, last_name: Grey, ";
    let anne = "first_name: Eve, last_name: Anne, ";
    for (old, row_before, row_now) in [
        ("egrey", format!("{eve}email: eve@spa.example, "), ("e.grey", format!("{anne}email: eve@spa.example, "))),
        ("egrey", format!("{eve}email: eve@spa.example, "), ("eve@spa.example", anne.to_owned())),
        ("eve@spa.example", format!("{eve}phones: [\"+16025550177\"], "), ("e.grey", format!("{anne}phones: [\"+16025550177\"], "))),
    ] {
        let last = tick(&list(&row(old, &row_before)).replace("T17:00", "T08:00"), old);
        let next = |row: &str| next_list(&spa, &last, &tick(&list(row), old));
        let (login, more) = &row_now;
        let renamed = next(&row(login, more));
        assert!(!renamed.contains("proved: [") && renamed.contains("earlier:"), "{renamed}");
        assert_eq!(proofs(&Case::new(&spa, &renamed)), [Proof::Waits], "{renamed}");
        let other = next(&row(login, &more.replace("Eve", "Di").replace("Anne", "Fay")));
        assert_eq!(proofs(&Case::new(&spa, &other)), [Proof::Proved], "somebody else with the same address or phone: {other}");
    }
}

const CHART: &str = "workspace: spa
platform: telus-chr
connection: { snapshot: list.yaml }
manage: exact
main_admin: asha@spa.example
users:
  asha@spa.example: { first_name: Asha, last_name: Iyer, type: practitioner }
  kim@spa.example: { first_name: Kim, last_name: Park, type: staff, status: inactive }
  bob@spa.example: { first_name: Bob, last_name: Ray, type: staff }
";

/// Two tabs without colors: nobody can tell who has not accepted yet (CHR-1).
const MIXED: &str = "snapshot: spa
tabs:
  active: { total: 2, taken: 2026-11-27T17:00:00-07:00 }
  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }
shows: [first_name, last_name, type, status]
accounts:
  asha@spa.example: { first_name: Asha, last_name: Iyer, type: practitioner }
  kim@spa.example: { first_name: Kim, last_name: Park, type: staff }
  lee@spa.example: { first_name: Lee, last_name: Old, type: staff, status: inactive }
";

#[test]
fn a_tab_of_active_and_invited_users_is_complete_and_shows_that_nobody_on_it_is_inactive_chr_1() {
    let case = Case::new(CHART, MIXED);
    assert!(case.by_hand().is_complete, "{:?}", case.by_hand().tabs);
    assert_eq!(case.steps(), ["inactivate kim@spa.example: left", "invite bob@spa.example: left"]);
    let invited = attested(MIXED, "bob@spa.example", "invite", "{ first_name: Bob, last_name: Ray, type: staff, status: pending }", BEFORE);
    assert_eq!(proofs(&Case::new(CHART, &invited)), [Proof::Contradicted], "a complete list lacks him");
    let with_bob = invited.replace("  lee@", "  bob@spa.example: { first_name: Bob, last_name: Ray, type: staff }\n  lee@");
    assert_eq!(proofs(&Case::new(CHART, &with_bob.replace("total: 2", "total: 3"))), [Proof::Proved]);
    let ticked = |set: &str, change: &str| proofs(&Case::new(CHART, &attested(MIXED, KIM, change, set, BEFORE)));
    assert_eq!(ticked("{ status: inactive }", "inactivate"), [Proof::Contradicted], "Kim is on the tab of active users");
    assert_eq!(ticked("{ status: active }", "activate"), [Proof::Proved]);
    assert_eq!(ticked("{ status: pending }", "resend-invitation"), [Proof::CannotShow], "the same row as before");
    assert_eq!(proofs(&Case::new(CHART, &attested(MIXED, KIM, "inactivate", "{ status: inactive }", AFTER))), [Proof::Waits]);
    let gray = MIXED.replace("Park, type: staff", "Park, type: staff, status: pending");
    assert!(Case::new(CHART, &gray).by_hand().is_complete, "somebody who is gray is on the same tab");
    for less in [MIXED.replace("total: 2", "total: 3"), MIXED.replace("inactive: { total: 1,", "inactive: { total: 2,")] {
        assert!(!Case::new(CHART, &less).by_hand().is_complete, "{less}");
    }
    let unknown = MIXED.replace("type: staff, status: inactive", "type: staff");
    let list = attested(&unknown, KIM, "inactivate", "{ status: inactive }", BEFORE);
    assert_eq!(proofs(&Case::new(CHART, &list)), [Proof::Waits], "nobody knows which tab they came from");
    let own = MIXED.replace("shows:", "  pending: { taken: 2026-11-27T17:00:00-07:00 }\nshows:");
    assert!(!Case::new(CHART, &own).by_hand().is_complete, "where a tab of invited users was given, the others do not have them");
}
