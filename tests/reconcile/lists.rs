//! Plans on a workspace's own list of users: what a list proves, what it cannot say, and what people attest since.

use rosterctl::directory::SnapshotDirectory;
use rosterctl::manifest::{Source, Sources, read};
use rosterctl::model::{
    Action, Actual, ByHand, Connection, Desired, Field, Guard, HandState, NoticeCause, Plan, Proof, Reason, RefusalCause, StepId, Subject,
};
use rosterctl::reconcile::{approve, diff, digest};

/// 28 November 2026, 17:00 in Phoenix.
const NOW: i64 = 1_795_910_400_000;

pub(crate) const SPA: &str = "workspace: spa
platform: aesthetic-record
connection: { snapshot: list.yaml }
manage: exact
main_admin: olivia@spa.example
clinics: { downtown: { name: Downtown }, uptown: { name: Uptown } }
users:
  olivia@spa.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown] }
  kim@spa.example: { first_name: Kim, last_name: Park, role: front-desk, clinics: [downtown] }
";

pub(crate) const LIST: &str = "snapshot: spa
tabs:
  active: { total: 3, taken: 2026-11-27T17:00:00-07:00 }
  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }
  pending: { total: 0, taken: 2026-11-27T17:00:00-07:00 }
shows: [first_name, last_name, role, clinics, status]
accounts:
  olivia@spa.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], status: active }
  kim@spa.example: { first_name: Kim, last_name: Park, role: front-desk, clinics: [downtown], status: active }
  eve@spa.example: { first_name: Eve, last_name: Grey, role: provider, clinics: [downtown], status: active }
  lee@spa.example: { first_name: Lee, last_name: Old, role: front-desk, clinics: [downtown], status: inactive }
";

pub(crate) struct Case {
    pub(crate) desired: Desired,
    pub(crate) actual: Actual,
    pub(crate) plan: Plan,
}

impl Case {
    pub(crate) fn new(spa: &str, list: &str) -> Self {
        Self::of(&[("spa.yaml", spa), ("list.yaml", list)])
    }

    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(name, text): &(&str, &str)| Source { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() };
        let roster = read(&Sources { files: files.iter().map(file).collect() });
        let desired = roster.unwrap_or_else(|mistakes| panic!("{mistakes}")).workspaces.remove(0);
        let Connection::Snapshot(to) = &desired.connection else { panic!("it names a list") };
        let list = to.snapshot.as_deref().expect("the list is there");
        let actual = SnapshotDirectory::new(&desired, list, NOW).actual().clone();
        let plan = diff(&desired, &actual);
        Self { desired, actual, plan }
    }

    pub(crate) fn by_hand(&self) -> &ByHand {
        self.plan.by_hand.as_deref().expect("people make the changes")
    }

    /// Every step: what it does, to whom, and how far it is.
    pub(crate) fn steps(&self) -> Vec<String> {
        let steps = self.plan.changes.iter().zip(&self.by_hand().steps);
        steps.map(|(step, hand)| format!("{} {}: {}", step.change.action().as_str(), hand.user, word(&hand.state))).collect()
    }

    fn guards(&self) -> Vec<Guard> {
        match approve(self.plan.clone(), &self.actual, &self.desired) {
            Ok(_) => Vec::new(),
            Err(stopped) => stopped.stops.iter().map(rosterctl::model::Stop::guard).collect(),
        }
    }

    fn id(&self, position: usize) -> StepId {
        self.by_hand().steps[position].id.clone()
    }
}

fn word(state: &HandState) -> &'static str {
    match state {
        HandState::Left => "left",
        HandState::Contradicted(_) => "contradicted",
        HandState::Waits { is_overdue: false, .. } => "waits",
        HandState::Waits { is_overdue: true, .. } => "overdue",
        HandState::Attested(_) => "attested",
        HandState::Proved(_) => "proved",
    }
}

/// A list with an attestation.
pub(crate) fn attested(list: &str, user: &str, change: &str, set: &str, at: &str) -> String {
    let head = if list.contains("attested:") { list.to_owned() } else { format!("{list}attested:\n") };
    format!(
        "{head}  - {{ id: \"00000000\", user: {user}, change: {change}, set: {set}, by: olivia@spa.example, at: {at}, plan: \"7f3c9ae10b52\" }}\n"
    )
}

pub(crate) const BEFORE: &str = "2026-11-27T09:00:00-07:00";
pub(crate) const AFTER: &str = "2026-11-28T09:00:00-07:00";

#[test]
fn a_complete_list_plans_like_a_server() {
    let case = Case::new(SPA, LIST);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    assert!(case.by_hand().is_complete);
    assert!(case.by_hand().not_shown.iter().any(|field| field.key() == "phones"));
    assert_eq!(case.plan.unchanged, 2);
    assert_eq!(case.plan.server.to_string(), "snapshot:spa");
    assert_eq!(case.guards(), []);
    assert!(case.plan.is_pending());
}

#[test]
fn a_value_of_the_roster_that_the_list_does_not_show_is_a_step_until_somebody_attests_it() {
    let spa = SPA.replace("role: front-desk, clinics", "dashboard_access: true, role: front-desk, clinics");
    let case = Case::new(&spa, LIST);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "update kim@spa.example: left"]);
    assert!(matches!(&case.plan.changes[1].reason, Reason::ListDiffers { fields } if fields.iter().all(|(_, shown)| !shown)));
    for at in [BEFORE, AFTER] {
        let list = attested(LIST, "kim@spa.example", "seen", "{ dashboard_access: true }", at);
        let ticked = Case::new(&spa, &list);
        assert_eq!(ticked.steps(), ["inactivate eve@spa.example: left", "update kim@spa.example: attested"], "{at}");
        assert_eq!(digest(&ticked.plan), digest(&case.plan), "ticking changes no approval");
        assert_eq!(ticked.by_hand().attested[0].proof, Proof::CannotShow);
    }
    let other = attested(LIST, "kim@spa.example", "update", "{ dashboard_access: false }", AFTER);
    assert_eq!(Case::new(&spa, &other).steps()[1], "update kim@spa.example: left");
}

// AR-11: no list shows passcodes, so only the time of the tick says whether it is new enough.
#[test]
fn a_passcode_that_somebody_made_before_the_day_is_made_anew() {
    let spa = |passcode: &str| SPA.replace("role: front-desk, clinics", &format!("passcode: {passcode}, role: front-desk, clinics"));
    let ticked = |at| attested(LIST, "kim@spa.example", "generate-passcode", "{ passcode: true }", at);
    for (passcode, at, state) in [
        ("true", BEFORE, "attested"),
        ("{ renew: 2026-11-28 }", BEFORE, "left"),
        ("{ renew: 2026-11-28 }", AFTER, "attested"),
        ("{ renew: 2026-11-28T10:00:00-07:00 }", AFTER, "left"),
        ("{ renew: 2026-12-28 }", BEFORE, "attested"),
    ] {
        let case = Case::new(&spa(passcode), &ticked(at));
        assert_eq!(case.steps()[1], format!("generate-passcode kim@spa.example: {state}"), "{passcode} {at}");
    }
    let plan = Case::new(&spa("{ renew: 2026-11-28 }"), LIST).plan;
    assert!(matches!(&plan.changes[1].reason, Reason::PasscodeOlder(older) if older.made.is_none()), "{:?}", plan.changes[1]);
}

#[test]
fn a_tick_waits_for_the_next_list_which_proves_or_contradicts_it() {
    let plain = Case::new(SPA, LIST);
    let ticked = Case::new(SPA, &attested(LIST, "eve@spa.example", "inactivate", "{ status: inactive }", AFTER));
    assert_eq!(ticked.steps(), ["inactivate eve@spa.example: waits"]);
    assert_eq!((digest(&ticked.plan), ticked.guards()), (digest(&plain.plan), plain.guards()));
    assert_eq!(ticked.id(0), plain.id(0));
    assert!(!ticked.plan.is_pending());
    assert_eq!(ticked.by_hand().attested[0].proof, Proof::Waits);
    // The list is newer than the tick and shows her active.
    let early = Case::new(SPA, &attested(LIST, "eve@spa.example", "inactivate", "{ status: inactive }", BEFORE));
    assert_eq!(early.steps(), ["inactivate eve@spa.example: contradicted"]);
    assert_eq!(early.by_hand().attested[0].proof, Proof::Contradicted);
    assert!(early.plan.is_pending());
    // The next list shows her inactive.
    let shown =
        LIST.replace("role: provider, clinics: [downtown], status: active", "role: provider, clinics: [downtown], status: inactive");
    let proved = Case::new(SPA, &attested(&shown, "eve@spa.example", "inactivate", "{ status: inactive }", BEFORE));
    assert_eq!(proved.steps(), Vec::<String>::new());
    assert_eq!(proved.by_hand().attested[0].proof, Proof::Proved);
    // A tick without a new list for longer than `stale_after`.
    let late = Case::new(
        &SPA.replace("manage: exact", "manage: exact\nstale_after: 4h"),
        &attested(LIST, "eve@spa.example", "inactivate", "{ status: inactive }", AFTER),
    );
    assert_eq!(late.steps(), ["inactivate eve@spa.example: overdue"]);
    assert!(late.plan.is_pending());
}

#[test]
fn an_attested_step_that_the_roster_no_longer_wants_is_undone() {
    let spa =
        format!("{SPA}  eve@spa.example: {{ first_name: Eve, last_name: Grey, role: provider, clinics: [downtown], provider: false }}\n");
    let list =
        LIST.replace("shows: [", "shows: [provider, ").replace("role: provider, clinics", "provider: false, role: provider, clinics");
    assert_eq!(Case::new(&spa, &list).steps(), Vec::<String>::new());
    let ticked = Case::new(&spa, &attested(&list, "eve@spa.example", "inactivate", "{ status: inactive }", AFTER));
    assert_eq!(ticked.steps(), ["activate eve@spa.example: left"]);
}

#[test]
fn an_incomplete_list_calls_nobody_gone() {
    let spa = format!(
        "{SPA}  new@spa.example: {{ first_name: New, last_name: Comer, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0100\"] }}\n  old@spa.example: {{ first_name: Old, last_name: Timer, role: front-desk, clinics: [downtown], status: inactive }}\n"
    );
    let complete = Case::new(&spa, LIST);
    assert_eq!(complete.plan.changes[1].reason, Reason::NoAccount);
    assert!(complete.plan.notices.iter().any(|notice| notice.cause == NoticeCause::InactiveWithoutAccount));
    for (right, wrong) in [
        ("active: { total: 3", "active: { total: 4"),
        ("active: { total: 3, ", "active: { "),
        ("active: { total: 3,", "active: { filtered: true, total: 3,"),
        ("  pending: { total: 0, taken: 2026-11-27T17:00:00-07:00 }\n", ""),
        ("inactive: { total: 1, taken: 2026-11-27", "inactive: { total: 1, taken: 2026-11-02"),
    ] {
        let case = Case::new(&spa, &LIST.replacen(right, wrong, 1));
        assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "invite new@spa.example: left"], "{wrong}");
        assert_eq!(case.plan.changes[1].reason, Reason::NotInList, "{wrong}");
        assert!(!case.by_hand().is_complete, "{wrong}");
        // People with access are in the lists of active and pending users.
        let shows_access = wrong.starts_with("inactive");
        let said = if shows_access { NoticeCause::InactiveWithoutAccount } else { NoticeCause::NotInIncompleteList };
        assert!(case.plan.notices.iter().any(|notice| notice.cause == said), "{wrong}");
        assert_eq!(case.guards(), [], "partial-read does not stop such a plan");
    }
    let all = LIST
        .replace("  active: { total: 3", "  all: { total: 4")
        .replace("  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n", "");
    assert!(Case::new(&spa, &all).by_hand().is_complete);
}

#[test]
fn a_step_that_takes_an_administrator_away_waits_for_a_list_that_is_not_stale() {
    let list = LIST.replace("role: provider", "role: administrator");
    assert_eq!(Case::new(SPA, &list).steps(), ["inactivate eve@spa.example: left"]);
    let stale = Case::new(&SPA.replace("manage: exact", "manage: exact\nstale_after: 4h"), &list);
    assert_eq!(stale.steps(), Vec::<String>::new());
    assert_eq!(stale.plan.refusals[0].cause, RefusalCause::ListIsStale { action: Action::Inactivate });
    assert!(stale.plan.is_pending() && stale.plan.is_in_doubt(), "they still have access, although no step is left");
}

#[test]
fn a_row_with_the_names_of_a_user_whom_the_list_lacks_is_one_question() {
    let list = LIST.replace("  kim@spa.example:", "  k.park@spa.example:");
    let case = Case::new(SPA, &list);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    let [question] = case.by_hand().questions.as_slice() else { panic!("one question") };
    assert_eq!((question.user.as_str(), question.other.as_str(), question.keeps_access), ("kim@spa.example", "k.park@spa.example", true));
    let former = Case::new(&SPA.replace("{ first_name: Kim,", "{ formerly: [k.park@spa.example], first_name: Kim,"), &list);
    assert!(former.by_hand().questions.is_empty());
}

#[test]
fn the_main_admin_counts_although_an_incomplete_list_lacks_them() {
    let without = |list: &str| -> String { list.split_inclusive('\n').filter(|line| !line.contains("olivia@")).collect() };
    let list = without(LIST).replace("role: provider", "role: administrator");
    // Nobody else remains, and the list that lacks the main admin has three of three: complete, and they are gone.
    let gone = Case::new(SPA, &list.replace("total: 3", "total: 2"));
    assert_eq!(gone.guards(), [Guard::LastAdministrator]);
    assert_eq!(Case::new(SPA, &list).guards(), []);
    let two = Case::new(&SPA.replace("manage: exact", "manage: exact\nguards: { administrators: { at_least: 2 } }"), &list);
    assert_eq!(two.guards(), [Guard::LastAdministrator], "the main admin and one more are two, and one leaves");
}

#[test]
fn an_attested_invitation_follows_a_changed_address() {
    let spa = format!(
        "{SPA}  new@spa.example: {{ formerly: [old@spa.example], first_name: New, last_name: Comer, role: front-desk, clinics: [downtown] }}\n"
    );
    let list = attested(
        LIST,
        "old@spa.example",
        "invite",
        "{ first_name: New, last_name: Comer, role: front-desk, clinics: [downtown], status: pending }",
        AFTER,
    );
    assert_eq!(Case::new(&spa, &list).steps(), ["inactivate eve@spa.example: left", "invite new@spa.example: waits"]);
}

#[test]
fn a_partly_attested_update_leaves_the_rest() {
    let spa = SPA.replace("role: front-desk, clinics", "dashboard_access: true, appointment_color: \"#3aa675\", role: front-desk, clinics");
    let list = attested(LIST, "kim@spa.example", "seen", "{ dashboard_access: true }", AFTER);
    let case = Case::new(&spa, &list);
    assert_eq!(case.steps()[1], "update kim@spa.example: left");
    let hand = &case.by_hand().steps[1];
    assert_eq!(hand.attested_fields.iter().map(|field| field.key()).collect::<Vec<_>>(), ["dashboard_access"]);
    assert_eq!(hand.id, Case::new(&spa, LIST).id(1), "the change has one id until all of it is done");
}

#[test]
fn required_fields_that_the_list_does_not_show_are_required_of_new_people_only() {
    let spa = SPA.replace(", clinics: [downtown] }", " }");
    let shows = LIST.replace("clinics, ", "").replace(" clinics: [downtown],", "");
    assert_eq!(Case::new(&spa, &shows).steps(), ["inactivate eve@spa.example: left"]);
    let file = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    let mistakes = |spa: &str, list: &str| read(&Sources { files: vec![file("spa.yaml", spa), file("list.yaml", list)] }).err();
    assert!(mistakes(&spa, LIST).is_some_and(|said| said.to_string().contains("clinics")), "the list shows them");
    let new = format!("{spa}  new@spa.example: {{ first_name: New, last_name: Comer, role: front-desk }}\n");
    let invited = Case::new(&new, &shows);
    assert_eq!(invited.steps(), ["inactivate eve@spa.example: left"], "nobody is invited without what every new account needs");
    assert!(matches!(invited.plan.refusals[0].cause, RefusalCause::LacksForNew { .. }), "{:?}", invited.plan.refusals);
}

// AR-9
#[test]
fn a_new_provider_without_what_providers_need_is_refused_with_the_reason() {
    let new =
        format!("{SPA}  new@spa.example: {{ first_name: New, last_name: Comer, role: provider, clinics: [downtown], provider: {{}} }}\n");
    let case = Case::new(&new, LIST);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left"]);
    let RefusalCause::LacksForNew { violation } = &case.plan.refusals[0].cause else { panic!("{:?}", case.plan.refusals) };
    assert_eq!((violation.field, violation.requirement.as_ref()), (Field::MdConsent, "AR-9"));
    let catalog = rosterctl::platform::by_id(&case.plan.platform).catalog();
    let said = rosterctl::report::sentences::refusal(&case.plan.refusals[0].cause, catalog).0;
    assert_eq!(said, "a new account needs this: `md_consent` is missing; every provider must have it");
}

pub(crate) const DENTAL: &str = "workspace: spa
platform: practice-by-numbers
connection: { snapshot: list.yaml }
main_admin: dana@spa.example
users:
  dana@spa.example: { first_name: Dana, last_name: Fox, role: owner }
  pat@ledger.example: { first_name: Pat, last_name: Wood, role: office-administrator, employee: external }
  rob@spa.example: { first_name: Rob, last_name: Hale, role: office-administrator }
";

pub(crate) const LOGINS: &str = "snapshot: spa
tabs:
  active: { total: 1, taken: 2026-11-27T17:00:00-07:00 }
  inactive: { total: 0, taken: 2026-11-27T17:00:00-07:00 }
  pending: { total: 0, taken: 2026-11-27T17:00:00-07:00 }
shows: [first_name, last_name, role, status]
accounts:
  dana@spa.example: { first_name: Dana, last_name: Fox, role: owner, status: active }
";

#[test]
fn somebody_from_outside_gets_an_employee_record_first_and_others_are_found_by_hand_pbn_2_pbn_3() {
    let case = Case::new(DENTAL, LOGINS);
    assert_eq!(case.steps(), ["create-employee pat-wood: left", "invite pat@ledger.example: left", "invite rob@spa.example: left"]);
    assert_eq!(case.plan.changes[1].after, [0], "the record comes first");
    assert!(case.plan.refusals.is_empty(), "a person finds the record: {:?}", case.plan.refusals);
    let set = "{ first_name: Pat, last_name: Wood, employee: pat-wood }";
    let ticked = Case::new(DENTAL, &attested(LOGINS, "pat-wood", "create-employee", set, AFTER));
    assert_eq!(ticked.steps()[0], "create-employee pat-wood: attested");
    assert_eq!(ticked.steps()[1], "invite pat@ledger.example: left");
    assert_eq!(digest(&ticked.plan), digest(&case.plan));
}

const CHART: &str = "workspace: spa
platform: telus-chr
connection: { snapshot: list.yaml }
main_admin: iyer@spa.example
users:
  iyer@spa.example: { first_name: Asha, last_name: Iyer, type: practitioner }
  new@spa.example: { first_name: New, last_name: Comer, type: staff }
  late@spa.example: { first_name: Late, last_name: Comer, type: staff }
";

#[test]
fn a_pending_person_has_no_name_in_the_list_and_is_invited_by_address_and_type_chr_1_chr_4() {
    let list = "snapshot: spa
tabs:
  active: { total: 1, taken: 2026-11-27T17:00:00-07:00 }
  inactive: { total: 0, taken: 2026-11-27T17:00:00-07:00 }
  pending: { total: 1, taken: 2026-11-27T17:00:00-07:00 }
shows: [first_name, last_name, type, status]
accounts:
  iyer@spa.example: { first_name: Asha, last_name: Iyer-Rao, type: practitioner, status: active }
  late@spa.example: { type: staff, status: pending }
";
    let case = Case::new(CHART, list);
    assert_eq!(case.steps(), ["update late@spa.example: left", "invite new@spa.example: left"]);
    assert!(
        matches!(&case.plan.changes[0].reason, Reason::ListDiffers { fields } if fields.len() == 2 && fields.iter().all(|(_, shown)| !shown))
    );
    let kept = case.plan.notices.iter().any(|notice| matches!(notice.cause, NoticeCause::Kept { .. }));
    assert!(kept, "the name that the member confirmed wins: {:?}", case.plan.notices);
}

#[test]
fn a_block_needs_no_phone_of_ours_and_a_list_that_marks_nobody_proves_none_ar_19_ar_21() {
    let spa = SPA.replace(
        "role: front-desk, clinics: [downtown] }",
        "role: front-desk, clinics: [downtown], blocked: { reason: activity-review } }",
    );
    let case = Case::new(&spa, LIST);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "block kim@spa.example: left"]);
    assert!(case.plan.refusals.is_empty(), "{:?}", case.plan.refusals);
    let set = "{ blocked: activity-review }";
    let ticked = Case::new(&spa, &attested(LIST, "kim@spa.example", "block", set, BEFORE));
    assert_eq!(ticked.steps()[1], "block kim@spa.example: attested", "the list does not show who is blocked");
    let marks = LIST
        .replace("status]", "status, blocked]")
        .replace("clinics: [downtown], status: active", "clinics: [downtown], status: active, blocked: false");
    assert_eq!(
        Case::new(&spa, &attested(&marks, "kim@spa.example", "block", set, BEFORE)).steps()[1],
        "block kim@spa.example: contradicted"
    );
    assert_eq!(Case::new(&spa, &attested(&marks, "kim@spa.example", "block", set, AFTER)).steps()[1], "block kim@spa.example: waits");
    let shown = marks.replacen(
        "role: front-desk, clinics: [downtown], status: active, blocked: false",
        "role: front-desk, clinics: [downtown], status: active, blocked: true",
        1,
    );
    let proved = Case::new(&spa, &attested(&shown, "kim@spa.example", "block", set, BEFORE));
    assert_eq!((proved.steps(), proved.by_hand().attested[0].proof), (vec!["inactivate eve@spa.example: left".to_owned()], Proof::Proved));
}

#[test]
fn a_list_of_everybody_with_access_says_that_the_others_have_none() {
    let spa = format!(
        "{SPA}  old@spa.example: {{ first_name: Old, last_name: Timer, role: front-desk, clinics: [downtown], status: inactive }}\n"
    );
    let list = LIST.replace("  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n", "");
    let case = Case::new(&spa, &attested(&list, "old@spa.example", "inactivate", "{ status: inactive }", BEFORE));
    assert!(!case.by_hand().is_complete);
    assert!(case.plan.notices.iter().any(|notice| notice.cause == NoticeCause::InactiveWithoutAccount), "{:?}", case.plan.notices);
    assert_eq!(case.by_hand().attested[0].proof, Proof::Proved);
}

#[test]
fn a_user_name_is_found_by_id_and_asked_about_by_name() {
    let spa = SPA.replace("manage: exact", "manage: additive").replace("{ first_name: Kim,", "{ id: kpark, first_name: Kim,");
    let list = LIST.replace("  kim@spa.example:", "  kpark:").replace("  eve@spa.example:", "  egrey:");
    let case = Case::new(&spa, &list);
    assert_eq!(case.steps(), Vec::<String>::new());
    let eve = case.actual.accounts.iter().find(|account| account.id.0 == "egrey").expect("she is listed");
    assert_eq!(eve.email.user_name().as_deref(), Some("egrey"));
    let new =
        format!("{spa}  eve@spa.example: {{ first_name: Eve, last_name: Grey, role: provider, clinics: [downtown], provider: false }}\n");
    let asked = Case::new(&new, &list);
    assert_eq!(asked.by_hand().questions[0].other.user_name().as_deref(), Some("egrey"));
    let ticked = attested(&list, "kpark", "inactivate", "{ status: inactive }", AFTER);
    assert_eq!(Case::new(&spa, &ticked).steps(), ["activate kpark: left"], "the roster wants her active");
}

#[test]
fn a_person_who_may_be_meant_by_a_login_that_the_list_lacks_is_asked_about_and_keeps_access() {
    let list = LIST.replace("  kim@spa.example: {", "  KPark: {");
    assert_eq!(Case::new(SPA, &list).by_hand().questions[0].id.0, "KPark", "as the list has it");
    for id in ["kpark", "kparkk"] {
        let case = Case::new(&SPA.replace("kim@spa.example: {", &format!("kim@spa.example: {{ id: {id},")), &list);
        assert!(!case.steps().iter().any(|step| step.contains("park") || step.contains("kim@")), "{id}: {:?}", case.steps());
        assert!(case.plan.is_pending(), "{id}");
        let (refused, asked) = (case.plan.refusals.len(), case.by_hand().questions.len());
        assert_eq!(refused + asked, 1, "{id}: {:?} {:?}", case.plan.refusals, case.by_hand().questions);
    }
    let nobody = list.replace("last_name: Park", "last_name: Stranger");
    let gone = Case::new(&SPA.replace("kim@spa.example: {", "kim@spa.example: { id: kparkk,"), &nobody);
    assert!(matches!(gone.plan.refusals[0].cause, RefusalCause::IdGone { other: None, .. }), "{:?}", gone.plan.refusals);
    assert!(gone.steps().contains(&"inactivate KPark: left".to_owned()), "{:?}", gone.steps());
}

#[test]
fn an_id_that_differs_in_case_only_is_named() {
    let list = LIST.replace("  kim@spa.example: {", "  kpark: {").replace("  active: { total: 3", "  all: { total: 4").replace(
        "  inactive: { total: 1, taken: 2026-11-27T17:00:00-07:00 }\n  pending: { total: 0, taken: 2026-11-27T17:00:00-07:00 }\n",
        "",
    );
    let case = Case::new(&SPA.replace("kim@spa.example: {", "kim@spa.example: { id: KPark,"), &list);
    let near = case
        .plan
        .refusals
        .iter()
        .find_map(|refusal| if let RefusalCause::IdGone { other, .. } = &refusal.cause { other.clone() } else { None });
    assert_eq!(near.map(|id| id.0), Some("kpark".to_owned()), "{:?}", case.plan.refusals);
}

#[test]
fn a_tab_of_blocked_users_has_a_time_of_its_own() {
    let spa = SPA.replace(
        "role: front-desk, clinics: [downtown] }",
        "role: front-desk, clinics: [downtown], blocked: { reason: activity-review } }",
    );
    let list = LIST
        .replace("status]", "status, blocked]")
        .replace("clinics: [downtown], status: active", "clinics: [downtown], status: active, blocked: false");
    let list = list.replace("shows:", "  blocked: { total: 0, taken: 2026-11-27T08:00:00-07:00 }\nshows:");
    let ticked = Case::new(&spa, &attested(&list, "kim@spa.example", "block", "{ blocked: activity-review }", BEFORE));
    assert_eq!(ticked.steps()[1], "block kim@spa.example: waits", "the tab of blocked users is older than the tick");
}

#[test]
fn guards_are_asked_for_the_list_alone_and_with_what_people_attest() {
    let admin = |name: &str, more: &str| {
        format!("  {name}@spa.example: {{ first_name: {name}, last_name: Ash, role: administrator, clinics: [downtown]{more} }}\n")
    };
    let spa =
        SPA.replace("manage: exact", "guards: { administrators: { at_least: 2 } }") + &admin("bo", ", status: inactive") + &admin("cy", "");
    let list = LIST.replace("total: 3", "total: 5") + &admin("bo", ", status: active") + &admin("cy", ", status: active");
    let alone = Case::new(&spa, &list);
    assert_eq!((alone.steps(), alone.guards()), (vec!["inactivate bo@spa.example: left".to_owned()], Vec::new()));
    // Cy is said to be inactive already: until Cy is back, Bo is one of two administrators.
    let ticked = Case::new(&spa, &attested(&list, "cy@spa.example", "inactivate", "{ status: inactive }", AFTER));
    assert!(ticked.steps().contains(&"activate cy@spa.example: left".to_owned()), "{:?}", ticked.steps());
    assert_eq!(ticked.guards(), [Guard::LastAdministrator]);
}

#[test]
fn the_plan_lists_whose_cells_a_list_does_not_show() {
    let list = LIST
        .replace("last_name: Grey, role: provider,", "last_name: Grey,")
        .replace("last_name: Park, role: front-desk,", "last_name: Park,");
    let spa = SPA.replace("last_name: Park, role: front-desk,", "last_name: Park, role: front-desk, dashboard_access: true,");
    let case = Case::new(&spa, &list);
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "update kim@spa.example: left"]);
    let said = |case: &Case| -> Vec<Subject> {
        let of_cells = case.plan.notices.iter().filter(|notice| matches!(notice.cause, NoticeCause::CellsNotShown { .. }));
        of_cells.map(|notice| notice.subject.clone()).collect()
    };
    assert_eq!(said(&case), [Subject::User("eve@spa.example".parse().expect("an address"))], "a wanted role is a step");
    let eve_left =
        list.replace("last_name: Grey, clinics: [downtown], status: active", "last_name: Grey, clinics: [downtown], status: inactive");
    assert_eq!(said(&Case::new(&spa, &eve_left)), [], "she has left");
    let shown_of_kim = LIST
        .replace("role, clinics, status]", "role, clinics, dashboard_access, status]")
        .replace("front-desk,", "front-desk, dashboard_access: true,");
    let eve = "  eve@spa.example: { first_name: Eve, last_name: Grey, role: provider, clinics: [downtown], status: inactive }\n";
    let listed = Case::new(&format!("{SPA}{eve}"), &shown_of_kim);
    assert_eq!(listed.steps(), ["inactivate eve@spa.example: left"]);
    assert_eq!(said(&listed), [Subject::User("olivia@spa.example".parse().expect("an address"))], "Eve is to leave, and Lee has left");
}

#[test]
fn somebody_of_an_unknown_state_is_not_an_administrator_for_a_guard() {
    let spa = SPA
        .replace("main_admin: olivia", "guards: { administrators: { at_least: 2 } }\nmain_admin: olivia")
        .replace("last_name: Park, role: front-desk", "last_name: Park, role: administrator");
    let list = LIST
        .replace("role: provider", "role: administrator")
        .replace("role: front-desk, clinics: [downtown], status: active", "role: administrator, clinics: [downtown]");
    let case = Case::new(&spa, &list);
    assert_eq!(case.guards(), [Guard::LastAdministrator], "only Olivia is known to get in once Eve has left");
}

#[test]
fn an_invitation_ticked_after_one_of_the_tabs_is_not_contradicted_by_another() {
    let spa = format!("{SPA}  ana@spa.example: {{ first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [downtown] }}\n");
    let late = LIST.replace("inactive: { total: 1, taken: 2026-11-27T17", "inactive: { total: 1, taken: 2026-11-27T21");
    let ticked = attested(&late, "ana@spa.example", "invite", "{ status: pending }", "2026-11-27T19:00:00-07:00");
    let steps = Case::new(&spa, &ticked).steps();
    assert!(steps.contains(&"invite ana@spa.example: waits".to_owned()), "{steps:?}");
}

#[test]
fn an_unlisted_account_that_an_incomplete_list_lacks_is_looked_for() {
    let incomplete = LIST.replace("active: { total: 3,", "active: {").replacen(
        "  eve@spa.example: { first_name: Eve, last_name: Grey, role: provider, clinics: [downtown], status: active }\n",
        "",
        1,
    );
    assert!(!incomplete.contains("eve"), "{incomplete}");
    let earlier = "earlier:\n  eve@spa.example: { first_name: Eve, last_name: Grey, role: provider, status: active, taken: 2026-11-20T17:00:00-07:00 }\n";
    let case = Case::new(SPA, &format!("{incomplete}{earlier}"));
    assert_eq!(case.steps(), Vec::<String>::new());
    assert_eq!(case.plan.to_look_for(), 1);
    assert!(case.plan.is_pending());
    let additive = Case::new(&SPA.replace("manage: exact", "manage: additive"), &format!("{incomplete}{earlier}"));
    assert_eq!(additive.plan.to_look_for(), 0, "nobody takes such an account away");
    let listed = SPA.replace(
        "  kim@spa",
        "  eve@spa.example: { first_name: Eve, last_name: Grey, role: provider, clinics: [downtown], status: inactive }\n  kim@spa",
    );
    assert_eq!(Case::new(&listed, &format!("{incomplete}{earlier}")).plan.to_look_for(), 1, "once, as the roster lists her");
    let ticked = attested(&format!("{incomplete}{earlier}"), "eve@spa.example", "inactivate", "{ status: inactive }", AFTER);
    let case = Case::new(SPA, &ticked);
    assert_eq!((case.plan.to_look_for(), case.plan.is_pending(), case.plan.is_anything_waiting()), (0, false, true));
    let false_tick = ticked.replace("plan: \"7f3c9ae10b52\" }", "plan: \"7f3c9ae10b52\", contradicted: [status] }");
    assert_eq!(Case::new(SPA, &false_tick).plan.to_look_for(), 1, "a list showed that it was not done");
}

#[test]
fn an_activation_stays_where_the_list_no_longer_shows_the_state() {
    let spa = SPA
        .replace("  kim@spa", "  lee@spa.example: { first_name: Lee, last_name: Old, role: front-desk, clinics: [downtown] }\n  kim@spa");
    let unknown = LIST.replace("clinics: [downtown], status: inactive", "clinics: [downtown]");
    let earlier = "earlier:\n  lee@spa.example: { status: inactive, taken: 2026-11-20T17:00:00-07:00 }\n";
    let case = Case::new(&spa, &format!("{unknown}{earlier}"));
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "activate lee@spa.example: left"]);
    let inactive = spa.replace("last_name: Old, role", "last_name: Old, status: inactive, role");
    let case = Case::new(&inactive, &format!("{unknown}{earlier}"));
    assert_eq!(case.steps(), ["inactivate eve@spa.example: left", "inactivate lee@spa.example: left"]);
}
