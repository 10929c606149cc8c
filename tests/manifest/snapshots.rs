//! A workspace's own list of users: read with the places of its mistakes, and written with stable bytes.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rosterctl::manifest::{Roster, read, snapshot};
use rosterctl::model::{
    Action, Attestation, BlockReason, BlockSet, Connection, Earlier, Field, LoginName, RosterOddity, Row, Shows, Snapshot, Standing,
    StepId, StepKind, StepValue, StepValues, Tab, TabRead, Value,
};
use rosterctl::platform;

use crate::samples::{root, sources};

const WORKSPACE: &str = "workspace: glow-medspa\nplatform: aesthetic-record\nconnection: { snapshot: ./lists/glow.yaml }\nusers: {}\nmain_admin: o@glow.example\n";

const LIST: &str = "snapshot: glow-medspa
from:
  - { file: active.csv, sha256: \"9c1f\" }
  - { file: pending.html, sha256: \"77ab\" }
tabs:
  active: { total: 9, taken: \"2026-11-27T17:05:00-07:00\" }
  pending: { taken: \"2026-11-27T17:06:00-07:00\", filtered: true }
shows: [first_name, last_name, phones, role, clinics, provider.online_booking, status, blocked]
accounts:
  kim.park@glow.example: { first_name: Kim, last_name: Park, phones: [\"+16025550177\"], role: front-desk, clinics: [downtown, uptown], status: active, blocked: true }
  lee.old@glow.example: { first_name: null, role: front-desk, clinics: null, provider.online_booking: false, status: pending }
attested:
  - { id: \"3f9a1c22\", user: kim.park@glow.example, change: block, set: { blocked: activity-review }, by: olivia.stone@glow.example, at: \"2026-11-27T17:40:00-07:00\", plan: \"7f3c9ae10b52\" }
  - { id: ab9a1c22, user: lee.old@glow.example, change: seen, set: { dashboard_access: true, privileges: { export-reports: false }, passcode: true }, by: Olivia, at: \"2026-11-27T17:40:00+00:00\", plan: abcdefabcdef, note: \"looked: all is well\" }
";

/// A roster with one list of users.
fn roster(list: &str) -> Result<Roster, String> {
    // The roster has no users, and the workspace no main admin among them.
    let workspace = WORKSPACE.replace("users: {}\nmain_admin: o@glow.example\n", "");
    read(&sources(&[("glow.yaml", &workspace), ("lists/glow.yaml", list)])).map_err(|mistakes| mistakes.to_string())
}

fn snapshot_in(roster: &Roster) -> Snapshot {
    let Connection::Snapshot(to) = &roster.workspaces[0].connection else { panic!("it names a list") };
    (**to.snapshot.as_ref().expect("the file is there")).clone()
}

fn written(snapshot: &Snapshot) -> String {
    snapshot::write(snapshot, platform::named("aesthetic-record").expect("it is built in").catalog())
}

#[test]
fn a_list_is_read_and_written_with_the_same_bytes() {
    let roster = roster(LIST).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let list = snapshot_in(&roster);
    let kim = &list.accounts[&LoginName::parse("kim.park@glow.example").expect("an address")];
    assert_eq!((kim.status, kim.blocked), (Some(Standing::Active), Some(true)));
    assert_eq!(kim.fields.get(Field::DashboardAccess), None, "an absent field is unknown");
    let lee = &list.accounts[&LoginName::parse("lee.old@glow.example").expect("an address")];
    assert_eq!(
        (lee.fields.value(Field::Clinics), lee.fields.get(Field::Clinics).is_some()),
        (Value::Unset, true),
        "an empty cell is written"
    );
    assert_eq!((lee.fields.get(Field::LastName), lee.blocked), (None, None));
    assert_eq!(lee.fields.get(Field::Provider), None, "a dotted key says nothing about the switch above it");
    assert_eq!(list.attested.len(), 2);
    assert_eq!(written(&list), LIST);
}

#[test]
fn a_user_name_is_a_login_with_an_address_beside_it() {
    let list = "snapshot: glow-medspa\ntabs:\n  all: { taken: \"2026-11-27T17:05:00-07:00\" }\nshows: [email, last_name, status]\naccounts:\n  aruiz: { email: ana@glow.example, last_name: Ruiz, status: active }\n";
    let read = snapshot_in(&roster(list).unwrap_or_else(|mistakes| panic!("{mistakes}")));
    let ana = &read.accounts[&LoginName::UserName("aruiz".to_owned())];
    assert_eq!(ana.fields.text(Field::Email), Some("ana@glow.example"));
    assert_eq!(written(&read), list.replace("tabs:", "from: []\ntabs:"));
    let beside = list.replace("aruiz:", "a.ruiz@glow.example:");
    assert!(roster(&beside).is_err_and(|said| said.contains("the login is the address already")));
}

#[test]
fn the_sample_of_the_design_is_read() {
    let list = "snapshot: glow-medspa                   # what the vendor's own list showed
from: [{ file: active.csv, sha256: 9c1f… }, { file: pending.html, sha256: 77ab… }]
tabs:
  active: { total: 9, taken: 2026-11-27T17:05:00-07:00 }
  pending: { taken: 2026-11-27T17:06:00-07:00 }
shows: [first_name, last_name, role, status]
accounts:
  kim.park@glow.example: { first_name: Kim, last_name: Park, role: front-desk, status: active }
attested:
  - { id: 3f9a1c22, user: kim.park@glow.example, change: block, set: { blocked: activity-review }, by: olivia.stone@glow.example, at: 2026-11-27T17:40:00-07:00, plan: 7f3c9ae10b52 }
";
    let glow = std::fs::read_to_string(root("tests/manifest/design/glow.yaml")).expect("it can be read");
    let glow = glow.replace("connection: { embedded: {} }", "connection: { snapshot: snapshots/glow-medspa.yaml }\nstale_after: 36h");
    let uptown = std::fs::read_to_string(root("tests/manifest/design/uptown.yaml")).expect("it can be read");
    let roster = read(&sources(&[("glow.yaml", &glow), ("snapshots/glow-medspa.yaml", list), ("uptown.yaml", &uptown)]));
    let roster = roster.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(roster.workspaces[0].stale_after, 36 * 60 * 60 * 1000);
    let list = snapshot_in(&roster);
    assert_eq!(list.taken().map(|taken| taken.to_string()).as_deref(), Some("2026-11-27T17:06:00-07:00"));
    let attested = list.attested.first().expect("there is one");
    assert_eq!(attested.set.blocked, Some(BlockSet::For(BlockReason::ActivityReview)));
}

#[test]
fn equal_attestations_are_one_and_order_does_not_matter() {
    let line = LIST.lines().find(|line| line.contains("3f9a1c22")).expect("it is there");
    let twice = format!("{LIST}{line}\n");
    assert_eq!(written(&snapshot_in(&roster(&twice).unwrap_or_else(|mistakes| panic!("{mistakes}")))), LIST);
    let mut lines: Vec<&str> = LIST.lines().collect();
    for (one, other) in [(2, 3), (9, 10), (12, 13)] {
        lines.swap(one, other);
    }
    assert_eq!(written(&snapshot_in(&roster(&lines.join("\n")).unwrap_or_else(|mistakes| panic!("{mistakes}")))), LIST);
}

#[test]
fn mistakes_in_a_list_have_a_place_and_the_nearest_word() {
    for (right, wrong, said) in [
        ("status: active,", "status: activ,", "did you mean `active`?"),
        ("role: front-desk, clinics: [", "rolle: front-desk, clinics: [", "did you mean `role`?"),
        ("shows: [first_name", "shows: [fist_name", "did you mean `first_name`?"),
        ("shows: [first_name, ", "shows: [", "`first_name` is not among the fields that the list shows"),
        ("active: { total", "actve: { total", "did you mean `active`?"),
        ("total: 9", "total: nine", "expected a whole number"),
        ("17:05:00-07:00", "17:05:00", "is not a time"),
        ("change: block", "change: blok", "did you mean `block`?"),
        ("blocked: activity-review", "blocked: activty-review", "did you mean `activity-review`?"),
        ("id: \"3f9a1c22\"", "id: \"3f9a1c2\"", "is not the id of a step"),
        ("plan: \"7f3c9ae10b52\"", "plan: \"7f3c\"", "this is not the digest of a plan"),
        ("by: Olivia, ", "", "`by` is missing"),
        ("first_name: Kim", "title: MD", "Aesthetic Record has no field `title`"),
        ("first_name: Kim", "first_name:", "`first_name` has no value"),
        ("lee.old@glow.example: {", "KIM.park@glow.example: {", "is given twice"),
        ("lee.old@glow.example: {", "lee old@glow.example: {", "is not a login"),
        ("shows:", "show:", "did you mean `shows`?"),
    ] {
        assert!(LIST.contains(right), "{right}");
        let mistakes = roster(&LIST.replacen(right, wrong, 1)).err().unwrap_or_else(|| panic!("`{wrong}` passes"));
        assert!(mistakes.contains(said) && mistakes.contains("lists/glow.yaml:"), "{wrong}:\n{mistakes}");
    }
}

#[test]
fn conflict_marks_of_git_say_what_to_keep() {
    let merged = LIST.replace("  lee.old", "<<<<<<< HEAD\n  lee.old") + "=======\n  bo@glow.example: {}\n>>>>>>> other\n";
    let said = roster(&merged).expect_err("it has two versions");
    assert!(said.contains("git could not merge two versions of this file") && said.contains("lists/glow.yaml:11:1"), "{said}");
    assert!(said.contains("keep the lines of both sides under `attested`") && said.contains("take a new list"), "{said}");
    assert!(said.ends_with("1 mistake\n") || said.ends_with("1 mistake"), "{said}");
}

#[test]
fn a_list_that_is_not_where_the_workspace_says_is_reported() {
    let said_of = |files: &[(&str, &str)]| match read(&sources(files)) {
        Ok(roster) => roster.warnings.iter().map(ToString::to_string).collect::<String>(),
        Err(mistakes) => mistakes.to_string(),
    };
    let workspace = WORKSPACE.replace("users: {}\nmain_admin: o@glow.example\n", "");
    let missing = said_of(&[("glow.yaml", &workspace)]);
    assert!(missing.contains("glow.yaml:3:25") && missing.contains("run `rosterctl snapshot glow-medspa FILE…`"), "{missing}");
    let other = said_of(&[("glow.yaml", &workspace), ("lists/glow.yaml", &LIST.replace("snapshot: glow-medspa", "snapshot: spa"))]);
    assert!(other.contains("is the list of users of `spa`") && other.contains("the roster has no workspace `spa`"), "{other}");
    let waivers = said_of(&[("glow.yaml", &workspace), ("lists/glow.yaml", "waivers: []\n")]);
    assert!(waivers.contains("is not a list of users"), "{waivers}");
    let unused = said_of(&[("glow.yaml", &workspace.replace("lists/", "")), ("lists/glow.yaml", LIST)]);
    assert!(unused.contains("`glow-medspa` does not use this list of users"), "{unused}");
    let workspace_of = |files: &[(&str, &str)]| read(&sources(files)).unwrap().workspaces.remove(0).oddities;
    let file = "lists/glow.yaml".to_owned();
    let both = workspace_of(&[("glow.yaml", &workspace.replace("lists/", "")), ("lists/glow.yaml", LIST)]);
    assert_eq!(both, [RosterOddity::NoUsers, RosterOddity::UnusedList { file }], "the plan says it, too");
    assert_eq!(workspace_of(&[("glow.yaml", &workspace), ("lists/glow.yaml", LIST)]), [RosterOddity::NoUsers]);
    let outside = said_of(&[("glow.yaml", &workspace.replace("./lists", "../lists"))]);
    assert!(outside.contains("is not a path inside the roster"), "{outside}");
}

#[test]
fn the_id_of_a_step_depends_on_workspace_user_kind_and_values() {
    let user = LoginName::parse("kim.park@glow.example").expect("an address");
    let values = |reason| StepValues { blocked: Some(BlockSet::For(reason)), ..StepValues::default() };
    let id = |workspace, kind, reason| StepId::new(workspace, &user, kind, &values(reason));
    let block = StepKind::Done(Action::Block);
    let first = id("glow-medspa", block, BlockReason::ActivityReview);
    assert_eq!(first, id("glow-medspa", block, BlockReason::ActivityReview));
    assert_eq!(StepId::parse(&first.0), Some(first.clone()));
    let others = [
        id("glow", block, BlockReason::ActivityReview),
        id("glow-medspa", StepKind::Seen, BlockReason::ActivityReview),
        id("glow-medspa", block, BlockReason::Other),
        StepId::new("glow-medspa", &LoginName::UserName("kim".to_owned()), block, &values(BlockReason::ActivityReview)),
    ];
    assert!(!others.contains(&first));
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Unset), "[a-zé][ -~é\u{200b}#:\u{85}]{0,11}".prop_map(|text| Value::Text(text.trim().to_owned()))]
}

fn row() -> impl Strategy<Value = Row> {
    let standing = prop::option::of(prop_oneof![Just(Standing::Active), Just(Standing::Inactive), Just(Standing::Pending)]);
    let role = prop::option::of("(no|unknown|null|front-desk|[a-z]{1,8})".prop_map(Value::Text));
    let clinics = prop::option::of(prop::collection::btree_set("[a-z]{1,4}", 0..3).prop_map(Value::Set));
    let flag = prop::option::of(any::<bool>().prop_map(Value::Flag));
    (prop::option::of(text()), role, clinics, flag, standing, prop::option::of(any::<bool>())).prop_map(
        |(name, role, clinics, dashboard, status, blocked)| {
            let values = [(Field::LastName, name), (Field::Role, role), (Field::Clinics, clinics), (Field::DashboardAccess, dashboard)];
            let mut fields = values.into_iter().filter_map(|(field, value)| Some((field, value?))).collect();
            platform::named("aesthetic-record").expect("it is built in").catalog().normalize(&mut fields);
            Row { fields, status, blocked, is_expired: status == Some(Standing::Pending) && blocked == Some(true) }
        },
    )
}

fn moment() -> impl Strategy<Value = rosterctl::model::Moment> {
    (0_i64..4_000_000_000, -18_i8..18).prop_map(|(second, hours)| {
        let at = jiff::Timestamp::from_second(second).expect("in range");
        rosterctl::model::Moment::new(at, jiff::tz::Offset::constant(hours))
    })
}

fn list() -> impl Strategy<Value = Snapshot> {
    let login = prop_oneof!["[a-z]{1,6}@[a-z]{1,4}[.]example", "[a-zA-Z][a-z0-9 _]{0,6}[a-z]"]
        .prop_map(|text| LoginName::parse(&text).expect("it is one"));
    let tab = prop::sample::select(Tab::ALL.to_vec());
    let read =
        (prop::option::of(0_u64..1000), moment(), any::<bool>()).prop_map(|(total, taken, filtered)| TabRead { total, taken, filtered });
    let attested = (login.clone(), moment(), row(), text()).prop_map(|(user, at, row, note)| {
        let set = StepValues { fields: row.fields, status: row.status, blocked: row.blocked.map(|_| BlockSet::Lifted), passcode: false };
        let change = if row.blocked.is_some() { StepKind::Seen } else { StepKind::Done(Action::Update) };
        let id = StepId::new("glow-medspa", &user, change, &set);
        let note = note.as_text().filter(|note| !note.is_empty()).map(str::to_owned);
        let (proved, contradicted): (BTreeSet<_>, BTreeSet<_>) = set.each().into_iter().partition(|value| *value < StepValue::Status);
        let settled = contradicted.iter().copied().filter(|value| *value > StepValue::Status).collect();
        Attestation { user, at, id, change, set, by: "on".to_owned(), plan: "123456789012".to_owned(), note, proved, contradicted, settled }
    });
    (
        prop::collection::btree_map("[a-z]{1,5}[.](csv|html)", "[0-9a-f]{64}", 0..3),
        prop::collection::btree_map(tab, read, 1..4),
        prop::collection::btree_map(login.clone(), row(), 0..6),
        prop::collection::btree_map(login, (row(), moment()).prop_map(|(row, taken)| Earlier { row, taken }), 0..3),
        prop::collection::btree_set(attested, 0..4),
    )
        .prop_map(|(from, tabs, accounts, earlier, attested)| Snapshot {
            workspace: "glow-medspa".to_owned(),
            from,
            tabs,
            shows: Shows {
                fields: [Field::LastName, Field::Role, Field::Clinics, Field::DashboardAccess].into(),
                status: true,
                blocked: true,
            },
            accounts,
            earlier,
            attested,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_list_that_is_written_is_read_back(list in list()) {
        let text = written(&list);
        let read = roster(&text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
        prop_assert_eq!(&snapshot_in(&read), &list, "{}", text);
        prop_assert_eq!(written(&snapshot_in(&read)), text);
    }
}

#[test]
fn the_tab_that_shows_somebody_is_that_of_the_standing() {
    let list = snapshot_in(&roster(LIST).unwrap_or_else(|mistakes| panic!("{mistakes}")));
    let tabs: BTreeMap<&str, Option<Tab>> =
        list.accounts.iter().map(|(login, row)| (login.as_str(), list.tab_of(row).map(|(tab, _)| tab))).collect();
    assert_eq!(tabs["kim.park@glow.example"], Some(Tab::Active));
    assert_eq!(tabs["lee.old@glow.example"], Some(Tab::Pending));
}
