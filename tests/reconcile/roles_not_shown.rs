//! The guard of administrators where a list does not show who has which role: nobody is counted who is not known.

use rosterctl::directory::SnapshotDirectory;
use rosterctl::manifest::{Source, Sources, read};
use rosterctl::model::{Connection, Guard, NoticeCause, Stop, StopCause};
use rosterctl::reconcile::{approve, diff};

/// 28 November 2026, 17:00 in Phoenix.
const NOW: i64 = 1_795_910_400_000;

const PLATFORM: &str = "define_platform: kino
name: Kino
states: [active, inactive, pending, blocked]
fields: { first_name: {}, last_name: {}, role: {} }
roles: { desk: { name: Desk }, boss: { name: Boss } }
administrators: { roles: [boss] }
";

const LIST: &str = "snapshot: k
tabs: { all: { total: 2, taken: 2026-11-27T17:00:00-07:00 } }
shows: [first_name, last_name, status]
accounts:
  bea@k.example: { first_name: Bea, last_name: Boss, status: active }
  dan@k.example: { first_name: Dan, last_name: Desk, status: active }
";

/// The changes of a plan, in its order, what stops it, and how many are known to manage users after it and how many may.
struct Planned {
    steps: Vec<String>,
    stops: Vec<StopCause>,
    few: Option<(usize, usize)>,
    /// The administrators by the list, if by what people attest nobody is one anymore.
    ticked_away: Option<Vec<String>>,
}

fn plan(users: &str, list: &str) -> Planned {
    plan_with(1, users, list)
}

/// The plan of a roster that wants so many administrators left.
fn plan_with(at_least: u32, users: &str, list: &str) -> Planned {
    let file = |name: &str, text: String| Source { name: name.to_owned(), bytes: text.into_bytes() };
    let roster = format!(
        "workspace: k\nplatform: kino\nconnection: {{ snapshot: list.yaml }}\nmanage: exact\nguards: {{ removals: {{ share: 0.9, count: 50 }}, administrators: {{ at_least: {at_least} }} }}\nusers:\n{users}"
    );
    let files = vec![file("kino.yaml", PLATFORM.to_owned()), file("k.yaml", roster), file("list.yaml", list.to_owned())];
    let mut roster = read(&Sources { files }).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let desired = roster.workspaces.remove(0);
    let Connection::Snapshot(to) = &desired.connection else { panic!("it names a list") };
    let actual = SnapshotDirectory::new(&desired, to.snapshot.as_deref().expect("a list"), NOW).actual().clone();
    let plan = diff(&desired, &actual);
    let few = plan.notices.iter().find_map(|notice| {
        if let NoticeCause::FewAdministrators { left, unknown, .. } = &notice.cause { Some((*left, *unknown)) } else { None }
    });
    let ticked_away = plan.notices.iter().find_map(|notice| {
        if let NoticeCause::NobodyAdministers(taken) = &notice.cause { Some(taken.iter().map(ToString::to_string).collect()) } else { None }
    });
    let steps = plan.changes.iter().map(|step| format!("{} {}", step.change.action().as_str(), step.change.subject().user().unwrap()));
    let steps = steps.collect();
    let stops = match approve(plan, &actual, &desired) {
        Ok(_) => Vec::new(),
        Err(stopped) => stopped.stops.into_iter().map(|Stop { cause, .. }| cause).collect(),
    };
    Planned { steps, stops, few, ticked_away }
}

fn perhaps_last(address: &str) -> Vec<StopCause> {
    vec![StopCause::PerhapsLastAdministrator { taken: [address.parse().expect("an address")].into() }]
}

#[test]
fn taking_away_somebody_who_may_be_the_last_administrator_stops() {
    let found = plan("  dan@k.example: { first_name: Dan, last_name: Desk }\n", LIST);
    assert_eq!(found.steps, ["inactivate bea@k.example"]);
    assert_eq!(found.stops, perhaps_last("bea@k.example"));
    assert_eq!(found.stops[0].guard(), Guard::LastAdministrator);
    assert_eq!(found.few, Some((0, 1)), "nobody knows whether Dan is one");
    assert_eq!(plan_with(0, "  dan@k.example: { first_name: Dan, last_name: Desk }\n", LIST).stops, [], "the roster wants none left");
}

#[test]
fn a_role_that_takes_the_rights_away_stops_too_and_a_name_does_not() {
    let roles =
        "  bea@k.example: { first_name: Bea, last_name: Boss, role: desk }\n  dan@k.example: { first_name: Dan, last_name: Desk }\n";
    let found = plan(roles, LIST);
    assert_eq!((found.steps.as_slice(), found.stops), (&["update bea@k.example".to_owned()][..], perhaps_last("bea@k.example")));
    let names = plan(&roles.replace("Boss, role: desk", "Chief"), LIST);
    assert_eq!((names.steps.as_slice(), names.stops, names.few), (&["update bea@k.example".to_owned()][..], vec![], Some((0, 2))));
}

#[test]
fn a_known_administrator_who_stays_or_comes_first_is_enough() {
    let named = plan("  dan@k.example: { first_name: Dan, last_name: Desk, role: boss }\n", LIST);
    assert_eq!(named.steps, ["update dan@k.example", "inactivate bea@k.example"], "first somebody gets the rights");
    assert_eq!((named.stops, named.few), (vec![], None));
    let shown = LIST.replace("shows: [", "shows: [role, ").replace("Desk, ", "Desk, role: boss, ");
    let found = plan("  dan@k.example: { first_name: Dan, last_name: Desk }\n", &shown);
    assert_eq!((found.steps.as_slice(), found.stops), (&["inactivate bea@k.example".to_owned()][..], vec![]));
    let desk = shown.replace("role: boss", "role: desk").replace("Boss, ", "Boss, role: desk, ");
    assert_eq!(plan("  dan@k.example: { first_name: Dan, last_name: Desk }\n", &desk).stops, [], "Bea is known not to be one");
}

#[test]
fn an_attested_role_counts_and_a_role_that_is_attested_of_somebody_else_does_not_hide_the_question() {
    let attested = |role: &str| {
        format!(
            "{LIST}attested:\n  - {{ id: \"00000000\", user: dan@k.example, change: seen, set: {{ role: {role} }}, by: o@k.example, at: 2026-11-28T09:00:00-07:00, plan: \"7f3c9ae10b52\" }}\n"
        )
    };
    let users = "  dan@k.example: { first_name: Dan, last_name: Desk }\n";
    assert_eq!(plan(users, &attested("boss")).stops, []);
    assert_eq!(plan(users, &attested("desk")).stops, perhaps_last("bea@k.example"));
}

#[test]
fn somebody_with_the_role_of_an_administrator_whose_state_is_not_shown_may_be_the_last() {
    let list = LIST
        .replace("shows: [", "shows: [role, ")
        .replace("Desk, status: active", "Desk, role: desk, status: active")
        .replace("Boss, status: active", "Boss, role: boss");
    let found = plan(
        "  dan@k.example: { first_name: Dan, last_name: Desk }\n  bea@k.example: { first_name: Bea, last_name: Boss, status: inactive }\n",
        &list,
    );
    assert_eq!((found.steps.as_slice(), found.stops), (&["inactivate bea@k.example".to_owned()][..], perhaps_last("bea@k.example")));
}

#[test]
fn only_a_change_that_may_take_the_administration_waits_for_the_new_administrator() {
    let users =
        "  bea@k.example: { first_name: Bea, last_name: Chief }\n  dan@k.example: { first_name: Dan, last_name: Desk, role: boss }\n";
    assert_eq!(plan(users, LIST).steps, ["update bea@k.example", "update dan@k.example"]);
    let roles = users.replace("last_name: Chief", "last_name: Chief, role: desk");
    assert_eq!(plan(&roles, LIST).steps, ["update dan@k.example", "update bea@k.example"]);
}

#[test]
fn a_plan_says_that_the_last_administrator_was_ticked_away() {
    let list = |set: &str| {
        format!(
            "{}attested:\n  - {{ id: \"1f789aa3\", user: bea@k.example, change: update, set: {{ {set} }}, by: o@k.example, at: \"2026-11-28T10:00:00-07:00\", plan: \"70a45420d0c7\" }}\n",
            LIST.replace("[first_name, last_name, status]", "[first_name, last_name, role, status]")
                .replace("last_name: Boss, ", "last_name: Boss, role: boss, ")
                .replace("last_name: Desk, ", "last_name: Desk, role: desk, ")
        )
    };
    let users = "  bea@k.example: { first_name: Bea, last_name: Boss, role: desk }\n  dan@k.example: { first_name: Dan, last_name: Desk, role: boss }\n";
    let found = plan(users, &list("role: desk"));
    assert_eq!((found.steps, found.stops), (vec!["update dan@k.example".to_owned(), "update bea@k.example".to_owned()], Vec::new()));
    assert_eq!(found.ticked_away, Some(vec!["bea@k.example".to_owned()]));
    assert_eq!(plan(users, &list("first_name: Beatrice")).ticked_away, None);
    // Dan's new role is attested, too.
    let both = list("role: desk")
        + "  - { id: \"1f789aa4\", user: dan@k.example, change: update, set: { role: boss }, by: o@k.example, at: \"2026-11-28T10:01:00-07:00\", plan: \"70a45420d0c7\" }\n";
    assert_eq!(plan(users, &both).ticked_away, None);
    // The main admin, whom an incomplete list lacks, is still one.
    let with_main = format!("{users}  max@k.example: {{ first_name: Max, last_name: Main, role: boss }}\nmain_admin: max@k.example\n");
    let incomplete = list("role: desk").replace("total: 2, ", "");
    assert_eq!(plan(&with_main, &incomplete).ticked_away, None);
    assert!(plan(users, &incomplete).ticked_away.is_some());
    // Nobody was one before, or somebody was of whom the list does not show whether they have access.
    let nobody = list("first_name: Beatrice").replace("role: boss", "role: desk");
    assert_eq!(plan(users, &nobody).ticked_away, None);
    let perhaps = list("role: desk").replace("role: boss, status: active", "role: boss");
    assert_eq!(plan(users, &perhaps).ticked_away, Some(vec!["bea@k.example".to_owned()]));
}
