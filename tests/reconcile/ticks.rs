//! The outcome of each fact of a list and of an attestation: what is settled, what waits, what was known before, and what an earlier list keeps.

use std::collections::BTreeMap;

use rosterctl::model::{
    Account, Actual, Block, BlockReason, Field, Fields, HandState, JudgedList, LoginName, Proof, Reason, Snapshot, Standing, StepId,
    StepValues, Value,
};
use rosterctl::reconcile::{attested as overlaid, with_earlier};

use crate::attestations::kept;
use crate::lists::{AFTER, BEFORE, Case, DENTAL, LIST, LOGINS, SPA, attested};

const LATER: &str = "2026-11-28T10:00:00-07:00";
const KIM: &str = "kim@spa.example";

/// An attestation that a list has contradicted before.
fn contradicted(list: &str, user: &str, change: &str, set: &str, at: &str, value: &str) -> String {
    attested(list, user, change, set, at).replace("\"7f3c9ae10b52\" }", &format!("\"7f3c9ae10b52\", contradicted: [{value}] }}"))
}

/// Returns whether the attestation is settled after a list was taken in.
fn is_settled(spa: &str, list: &str) -> bool {
    let kept = kept(spa, list);
    assert!(kept.contains("contradicted: ["), "{kept}");
    kept.contains("settled: [")
}

/// A list in which Kim's row says this.
fn kim(row: &str) -> String {
    LIST.replace("role: front-desk, clinics: [downtown], status: active }\n  eve", &format!("{row} }}\n  eve"))
}

fn wants(more: &str) -> String {
    SPA.replace("last_name: Park, role: front-desk, clinics: [downtown] }", &format!("last_name: Park, clinics: [downtown], {more} }}"))
}

#[test]
fn a_contradicted_state_is_settled_once_the_list_shows_what_the_roster_wants() {
    let desk = "role: front-desk";
    let unknown = kim("role: front-desk, clinics: [downtown]");
    let gone = |at: &str| contradicted(&unknown, KIM, "inactivate", "{ status: inactive }", at, "status");
    assert!(is_settled(&wants(desk), &gone(BEFORE)), "the list does not show it, and the roster wants Kim to be active");
    assert!(!is_settled(&wants("role: front-desk, status: inactive"), &gone(BEFORE)));
    let inactive = kim("role: front-desk, clinics: [downtown], status: inactive");
    let back = contradicted(&inactive, KIM, "activate", "{ status: active }", BEFORE, "status");
    assert!(is_settled(&wants("role: front-desk, status: inactive"), &back));
    assert!(!is_settled(&wants(desk), &back));
    let absent: String = LIST.split_inclusive('\n').filter(|line| !line.contains("  kim@")).collect();
    let absent = absent.replace("active: { total: 3", "active: { total: 2");
    let invited = contradicted(&absent, KIM, "invite", "{ status: pending }", BEFORE, "status");
    assert!(!is_settled(&wants(desk), &invited), "Kim is to be invited");
    let blocked = wants("role: front-desk, blocked: { reason: activity-review }");
    assert!(is_settled(&blocked, &invited), "nobody without an account is invited to be blocked");
}

#[test]
fn a_contradicted_block_is_settled_once_the_roster_does_not_want_it() {
    let list =
        |more: &str| kim(&format!("role: front-desk, clinics: [downtown], status: active{more}")).replace("status]", "status, blocked]");
    let tick = |list: &str| contradicted(list, KIM, "block", "{ blocked: activity-review }", BEFORE, "blocked");
    let (wanted, lifted) = (wants("role: front-desk, blocked: { reason: activity-review }"), wants("role: front-desk, blocked: false"));
    for more in ["", ", blocked: false"] {
        assert!(!is_settled(&wanted, &tick(&list(more))), "{more}");
        assert!(is_settled(&lifted, &tick(&list(more))), "{more}");
    }
    let shown = contradicted(&list(", blocked: true"), KIM, "unblock", "{ blocked: false }", BEFORE, "blocked");
    assert!(is_settled(&wanted, &shown));
    assert!(!is_settled(&lifted, &shown));
}

#[test]
fn a_contradicted_field_is_settled_once_the_roster_wants_another_value() {
    let list = kim("clinics: [downtown], status: active");
    let tick = contradicted(&list, KIM, "update", "{ role: provider }", BEFORE, "role");
    assert!(!is_settled(&wants("role: provider, provider: false"), &tick));
    assert!(is_settled(&wants("role: front-desk"), &tick));
}

const CHART: &str = "workspace: spa
platform: telus-chr
connection: { snapshot: list.yaml }
main_admin: asha@spa.example
users:
  asha@spa.example: { first_name: Asha, last_name: Iyer, type: practitioner }
  di@spa.example: { first_name: Di, last_name: Fay, type: staff }
";

// CHR-4
#[test]
fn a_tick_waits_for_a_list_that_can_show_its_value() {
    let chart = |row: &str, set: &str| {
        let list = format!(
            "snapshot: spa\ntabs: {{ all: {{ total: 2, taken: 2026-11-27T17:00:00-07:00 }} }}\nshows: [first_name, last_name, type, status]\naccounts:\n  asha@spa.example: {{ first_name: Asha, last_name: Iyer, type: practitioner, status: active }}\n  di@spa.example: {{ {row} }}\n"
        );
        Case::new(CHART, &attested(&list, "di@spa.example", "update", set, AFTER)).by_hand().attested[0].proof
    };
    let name = "{ first_name: Di }";
    assert_eq!(chart("type: staff, status: pending", name), Proof::CannotShow, "nobody has a name before accepting");
    assert_eq!(chart("first_name: Di, last_name: Fay, type: staff, status: pending", name), Proof::Waits, "this one has");
    assert_eq!(chart("type: staff, status: active", name), Proof::Waits);
    assert_eq!(chart("status: pending", "{ type: staff }"), Proof::Waits);
    let spa = kim("clinics: [downtown], status: pending").replace("first_name: Kim, last_name: Park, ", "");
    let spa = Case::new(SPA, &attested(&spa, KIM, "update", name, AFTER));
    assert_eq!(spa.by_hand().attested[0].proof, Proof::Waits, "this product shows the names of invited people");
}

const OWN: &str = "define_platform: own
name: Own App
fields: { first_name: {}, last_name: {}, role: { required: true, label: Role } }
states: [active, inactive]
roles: { front: { name: Front }, boss: { name: Boss } }
";

fn own(users: &str, ticks: &[(&str, &str, &str)]) -> Case {
    let spa = format!("workspace: spa\nplatform: own\nconnection: {{ snapshot: list.yaml }}\nusers:\n{users}");
    let list = "snapshot: spa
tabs: { all: { total: 1, taken: 2026-11-27T17:00:00-07:00 } }
shows: [first_name, last_name, role, status]
accounts:
  bea@spa.example: { first_name: Bea, last_name: Fox, role: front, status: active }
";
    let list = ticks.iter().fold(list.to_owned(), |list, (user, change, set)| attested(&list, user, change, set, AFTER));
    Case::of(&[("own.yaml", OWN), ("spa.yaml", &spa), ("list.yaml", &list)])
}

#[test]
fn a_step_counts_a_new_user_as_active_where_nobody_is_invited() {
    let id = |case: &Case, at: usize, has_invitations: bool| {
        let change = &case.plan.changes[at].change;
        let values = StepValues::left_by(change).expect("a step of a person").in_product(has_invitations);
        let hand = &case.by_hand().steps[at];
        assert_eq!(values.status, Some(if has_invitations { Standing::Pending } else { Standing::Active }));
        hand.id == StepId::new("spa", &hand.user, rosterctl::model::StepKind::Done(change.action()), &values)
    };
    let new = "  new@spa.example: { first_name: New, last_name: Bee, role: front }\n";
    assert!(id(&own(new, &[]), 0, false));
    let spa = format!("{SPA}  new@spa.example: {{ first_name: New, last_name: Bee, role: front-desk, clinics: [downtown] }}\n");
    let case = Case::new(&spa, LIST);
    assert_eq!(case.steps()[1], "invite new@spa.example: left");
    assert!(id(&case, 1, true));
}

#[test]
fn a_tick_that_somebody_is_active_is_not_a_step_that_inactivates_them() {
    let bea = "  bea@spa.example: { first_name: Bea, last_name: Fox, role: front, status: inactive }\n";
    let case = own(bea, &[("bea@spa.example", "seen", "{ status: active }")]);
    assert_eq!(case.steps(), ["inactivate bea@spa.example: left"]);
}

#[test]
fn somebody_whose_invitation_is_ticked_is_invited_as_far_as_anybody_knows() {
    let spa = format!("{SPA}  new@spa.example: {{ first_name: New, last_name: Bee, role: front-desk, clinics: [downtown] }}\n");
    let set = "{ first_name: New, last_name: Bee, role: provider, clinics: [downtown], status: pending }";
    let case = Case::new(&spa, &attested(LIST, "new@spa.example", "invite", set, AFTER));
    let hand = case.by_hand().steps.iter().find(|hand| hand.user.as_str() == "new@spa.example" && hand.state.is_left()).expect("a step");
    assert!(hand.is_pending, "{:?}", case.steps());
}

#[test]
fn an_update_that_is_attested_as_a_whole_leaves_no_part() {
    let spa = wants("role: provider, provider: false, default_clinic: downtown");
    let part = |set: &str| {
        let case = Case::new(&spa, &attested(LIST, KIM, "update", set, AFTER));
        let hand = case.by_hand().steps.iter().find(|hand| hand.user.as_str() == KIM).expect("an update").clone();
        (matches!(hand.state, HandState::Left), hand.attested_fields)
    };
    assert_eq!(part("{ role: provider }"), (true, vec![Field::Role]));
    assert_eq!(part("{ role: provider, provider: false, default_clinic: downtown }"), (false, Vec::new()));
}

#[test]
fn a_reason_names_what_differs_and_what_the_list_does_not_show() {
    let case = Case::new(&wants("role: administrator, default_clinic: downtown"), LIST);
    let Some(Reason::ListDiffers { fields }) =
        case.plan.changes.iter().map(|step| &step.reason).find(|reason| matches!(reason, Reason::ListDiffers { .. }))
    else {
        panic!("{:?}", case.plan.changes)
    };
    assert_eq!(fields[..], [(Field::Role, true), (Field::DefaultClinic, false)]);
}

// PBN-3
#[test]
fn a_ticked_record_is_there_once_and_a_tick_of_another_record_says_nothing() {
    let two =
        format!("{DENTAL}  lou@ledger.example: {{ first_name: Lou, last_name: Kent, role: office-administrator, employee: external }}\n");
    let set = "{ first_name: Pat, last_name: Wood, employee: pat-wood }";
    let once = attested(LOGINS, "pat-wood", "create-employee", set, AFTER);
    let case = Case::new(&two, &once);
    let records: Vec<String> = case.steps().into_iter().filter(|step| step.starts_with("create-employee")).collect();
    assert_eq!(records, ["create-employee lou-kent: left", "create-employee pat-wood: attested"]);
    let keys = |case: &Case| -> Vec<(String, String)> {
        let after = overlaid(&case.desired, &case.actual).expect("somebody attests something");
        after.employees.into_iter().map(|record| (record.key, record.last_name)).collect()
    };
    assert_eq!(keys(&case), [("pat-wood".to_owned(), "Wood".to_owned())]);
    let described = two.replace("users:", "employees:\n  - { id: pat-wood, first_name: Pat, last_name: Woods }\nusers:");
    assert_eq!(keys(&Case::new(&described, &once)), [("pat-wood".to_owned(), "Woods".to_owned())], "the roster describes it");
}

fn account(actual: &Actual, login: &str) -> Account {
    actual.accounts.iter().find(|account| account.id.0 == login).expect("an account").clone()
}

fn after(spa: &str, list: &str, login: &str) -> (Account, Actual) {
    let case = Case::new(spa, list);
    let after = overlaid(&case.desired, &case.actual).expect("somebody attests something");
    (account(&after, login), after)
}

// AR-20, AR-26
#[test]
fn ticked_states_come_about_in_the_order_of_their_times() {
    let ana = "  ana@spa.example: { first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [downtown]";
    let spa = format!("{SPA}{ana}, blocked: false }}\n").replace("manage: exact", "manage: additive");
    let all = LIST.replace("pending: { total: 0", "pending: { total: 1").replace("status]", "status, blocked]");
    let shown = |blocked: bool| all.replace("  eve@", &format!("{ana}, status: pending, blocked: {blocked} }}\n  eve@"));
    let sent = |list: &str, at: &str| attested(list, "ana@spa.example", "resend-invitation", "{ status: pending }", at);
    let lifted = |list: &str, at: &str| attested(list, "ana@spa.example", "unblock", "{ blocked: false }", at);
    assert_eq!(
        Case::new(&spa, &sent(&lifted(&shown(true), AFTER), LATER)).steps(),
        ["unblock ana@spa.example: waits", "resend-invitation ana@spa.example: attested"]
    );
    let before = sent(&lifted(&shown(false), BEFORE), "2026-11-27T08:00:00-07:00");
    assert_eq!(Case::new(&spa, &before).steps(), ["resend-invitation ana@spa.example: left"], "the block ended the link");
    let blocked = attested(&sent(&shown(false), AFTER), "ana@spa.example", "block", "{ blocked: activity-review }", LATER);
    let (ana, _) = after(&spa, &blocked, "ana@spa.example");
    assert!(ana.state.block.is_some() && !ana.state.invitation_is_good(), "the block ended the link: {:?}", ana.state);
}

// AR-26
#[test]
fn the_reason_of_a_block_that_a_list_shows_is_the_one_that_somebody_ticked() {
    let list = kim("role: front-desk, clinics: [downtown], status: active, blocked: true").replace("status]", "status, blocked]");
    let (kim, _) = after(SPA, &attested(&list, KIM, "block", "{ blocked: activity-review }", BEFORE), KIM);
    assert_eq!(kim.state.block, Some(Block { reason: BlockReason::ActivityReview, note: None }));
}

#[test]
fn a_tick_of_a_state_that_no_single_change_leads_to_counts_all_the_same() {
    let list = kim("role: front-desk, clinics: [downtown], status: pending")
        .replace("active: { total: 3", "active: { total: 2")
        .replace("pending: { total: 0", "pending: { total: 1");
    let (kim, _) = after(SPA, &attested(&list, KIM, "seen", "{ status: active }", AFTER), KIM);
    assert_eq!(kim.state.standing(), Standing::Active);
    let blocked = list.replace("status: pending }", "status: pending, blocked: true }").replace("status]", "status, blocked]");
    let (kim, _) = after(SPA, &attested(&blocked, KIM, "seen", "{ status: active }", AFTER), KIM);
    assert!(kim.state.block.is_some() && kim.state.accepted, "the block stays: {:?}", kim.state);
}

#[test]
fn a_seat_of_somebody_whose_role_a_list_does_not_show_has_no_kind() {
    let seats = |shows: &str, rows: [&str; 2]| -> Vec<String> {
        let list = format!(
            "snapshot: spa\ntabs: {{ all: {{ total: 2, taken: 2026-11-27T17:00:00-07:00 }} }}\nshows: [{shows}, status]\naccounts:\n  asha@spa.example: {{ {}, status: active }}\n  di@spa.example: {{ {}, status: active }}\n",
            rows[0], rows[1]
        );
        let seats = Case::new(CHART, &list).plan.bill.lines;
        seats.into_iter().filter(|line| line.before > 0).map(|line| line.kind).collect()
    };
    assert_eq!(seats("type", ["type: practitioner", "type: staff"]), ["practitioner", "staff"]);
    assert_eq!(seats("first_name", ["first_name: Asha", "first_name: Di"]), ["seat"]);
}

#[test]
fn the_list_knows_a_value_that_somebody_ticked() {
    let (_, actual) = after(SPA, &attested(LIST, KIM, "seen", "{ default_clinic: downtown }", AFTER), KIM);
    let login = LoginName::parse(KIM).unwrap();
    let row = &actual.list.expect("a list").snapshot.accounts[&login];
    assert_eq!(row.fields.text(Field::DefaultClinic), Some("downtown"));
}

#[test]
fn a_tick_about_somebody_who_is_asked_about_adds_no_step() {
    let list = LIST.replace("  kim@spa.example:", "  k.park@spa.example:");
    let plain = Case::new(SPA, &list);
    assert_eq!((plain.by_hand().questions.len(), plain.steps()), (1, vec!["inactivate eve@spa.example: left".to_owned()]));
    let ticked = Case::new(SPA, &attested(&list, "k.park@spa.example", "seen", "{ first_name: Kimberly }", AFTER));
    assert_eq!((ticked.by_hand().questions.len(), ticked.steps()), (1, plain.steps()));
}

#[test]
fn a_question_says_whether_the_row_keeps_access_that_an_exact_roster_does_not_give() {
    let keeps = |spa: &str, status: &str| {
        let list =
            kim(&format!("role: front-desk, clinics: [downtown], status: {status}")).replace("  kim@spa.example:", "  k.park@spa.example:");
        Case::new(spa, &list.replace("status]", "status, blocked]")).by_hand().questions[0].keeps_access
    };
    let additive = SPA.replace("manage: exact", "manage: additive");
    assert!(keeps(SPA, "active"));
    assert!(!keeps(&additive, "active"));
    assert!(!keeps(SPA, "inactive"));
    assert!(!keeps(SPA, "active, blocked: true"));
    assert!(!keeps(&additive, "active, blocked: true"));
}

fn list_of(text: &str) -> JudgedList {
    *Case::new(SPA, text).actual.list.expect("a list")
}

/// Returns whom a new list keeps from the one before, with the states they had.
fn earlier(new: &str, last: &Snapshot) -> BTreeMap<String, Option<Standing>> {
    let kept = with_earlier(list_of(new), last).snapshot.earlier;
    kept.into_iter().map(|(login, one)| (login.as_str().to_owned(), one.row.status)).collect()
}

fn without(list: &str, login: &str) -> String {
    list.split_inclusive('\n').filter(|line| !line.contains(&format!("  {login}"))).collect()
}

fn only(login: &str, status: Standing) -> BTreeMap<String, Option<Standing>> {
    BTreeMap::from([(login.to_owned(), Some(status))])
}

#[test]
fn a_list_keeps_who_had_access_and_is_not_known_to_be_gone() {
    let last = list_of(LIST).snapshot;
    let fewer = without(LIST, "kim@");
    let at = |list: &str, tab: &str, time: &str| list.replace(&format!("{tab}, taken: 2026-11-27T17:00"), &format!("{tab}, taken: {time}"));
    let kept = only(KIM, Standing::Active);
    assert_eq!(earlier(&fewer.replace("active: { total: 3,", "active: {"), &last), kept, "the list may be cut off");
    let complete = fewer.replace("active: { total: 3", "active: { total: 2");
    assert_eq!(earlier(&complete, &last), BTreeMap::new(), "a complete list of that time says that Kim is gone");
    assert_eq!(earlier(&at(&complete, "active: { total: 2", "2026-11-27T16:00"), &last), kept, "that tab is older");
    assert_eq!(earlier(&at(&complete, "active: { total: 2", "2026-11-28T09:00"), &last), BTreeMap::new());
    let no_invitations = complete.replace("pending: { total: 0,", "pending: {");
    assert_eq!(earlier(&no_invitations, &last), BTreeMap::new(), "nobody who was active becomes pending");
    assert_eq!(earlier(&at(&no_invitations, "active: { total: 2", "2026-11-27T16:00"), &last), kept);
    let gone = |list: &str| without(list, "lee@").replace("inactive: { total: 1", "inactive: { total: 0");
    assert_eq!(earlier(&gone(LIST), &last), BTreeMap::new(), "Lee had no access");
    assert_eq!(earlier(&gone(&LIST.replace("active: { total: 3,", "active: {")), &last), BTreeMap::new());
}

#[test]
fn somebody_who_was_invited_is_kept_where_the_tab_of_invitations_may_be_cut_off() {
    let invited = kim("role: front-desk, clinics: [downtown], status: pending")
        .replace("active: { total: 3", "active: { total: 2")
        .replace("pending: { total: 0", "pending: { total: 1");
    let last = list_of(&invited).snapshot;
    let fewer = without(&invited, "kim@");
    assert_eq!(earlier(&fewer.replace("pending: { total: 1,", "pending: {"), &last), only(KIM, Standing::Pending));
    assert_eq!(earlier(&fewer.replace("pending: { total: 1", "pending: { total: 0"), &last), BTreeMap::new());
    let older = fewer.replace("pending: { total: 1, taken: 2026-11-27T17:00", "pending: { total: 0, taken: 2026-11-27T16:00");
    assert_eq!(earlier(&older, &last), only(KIM, Standing::Pending));
}

#[test]
fn a_list_without_somebodys_state_keeps_that_they_were_inactive() {
    let last = list_of(LIST).snapshot;
    let lee = LIST.replace("role: front-desk, clinics: [downtown], status: inactive", "role: front-desk, clinics: [downtown]");
    assert_eq!(earlier(&lee, &last), only("lee@spa.example", Standing::Inactive));
    assert_eq!(earlier(&kim("role: front-desk, clinics: [downtown]"), &last), BTreeMap::new(), "Kim was active");
    assert_eq!(earlier(LIST, &last), BTreeMap::new(), "the list shows every state");
    let kept = with_earlier(list_of(&lee), &last);
    let again = with_earlier(list_of(&lee), &kept.snapshot).snapshot.earlier;
    assert_eq!(again.len(), 1, "the list after it keeps the same");
    let one = &again[&LoginName::parse("lee@spa.example").unwrap()];
    let names = [(Field::FirstName, "Lee"), (Field::LastName, "Old"), (Field::Role, "front-desk")];
    let expected: Fields = names.map(|(field, value)| (field, Value::Text(value.to_owned()))).into_iter().collect();
    assert_eq!(one.row.fields, expected, "names and role, to find them by");
}

// AR-26
#[test]
fn a_block_that_a_newer_list_shows_lifted_stays_lifted() {
    let list = kim("role: front-desk, clinics: [downtown], status: active, blocked: false").replace("status]", "status, blocked]");
    let (kim, _) = after(SPA, &attested(&list, KIM, "block", "{ blocked: activity-review }", BEFORE), KIM);
    assert_eq!(kim.state.block, None);
}

#[test]
fn a_step_that_a_list_proved_stays_proved_where_a_later_one_shows_less() {
    let list = kim("clinics: [downtown], status: active");
    let proof = |mark: &str| {
        let list = attested(&list, KIM, "update", "{ role: front-desk }", BEFORE)
            .replace("\"7f3c9ae10b52\" }", &format!("\"7f3c9ae10b52\"{mark} }}"));
        Case::new(SPA, &list).by_hand().attested[0].proof
    };
    assert_eq!(proof(", proved: [role]"), Proof::Proved);
    assert_eq!(proof(""), Proof::Waits);
}

#[test]
fn only_a_complete_list_says_that_somebody_has_no_account() {
    let complete = without(LIST, "kim@").replace("active: { total: 3", "active: { total: 2");
    let incomplete = complete.replace("active: { total: 2,", "active: {");
    let proof = |list: &str, change: &str, set: &str| Case::new(SPA, &attested(list, KIM, change, set, BEFORE)).by_hand().attested[0].proof;
    for (change, set, of_complete, of_incomplete) in [
        ("update", "{ role: front-desk }", Proof::Superseded, Proof::Waits),
        ("unblock", "{ blocked: false }", Proof::Superseded, Proof::CannotShow),
        ("generate-passcode", "{ passcode: true }", Proof::Superseded, Proof::CannotShow),
        ("block", "{ blocked: activity-review }", Proof::CannotShow, Proof::CannotShow),
        ("invite", "{ status: pending }", Proof::Contradicted, Proof::Waits),
    ] {
        assert_eq!(proof(&complete, change, set), of_complete, "{change}, complete");
        assert_eq!(proof(&incomplete, change, set), of_incomplete, "{change}, incomplete");
    }
}
