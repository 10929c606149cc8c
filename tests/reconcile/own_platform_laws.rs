//! Laws of plans on platforms that a roster defines: random fields, states and roles, from the list to the proof.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;
use rosterctl::directory::SnapshotDirectory;
use rosterctl::manifest::{Source, Sources};
use rosterctl::model::*;
use rosterctl::platform::by_id;
use rosterctl::reconcile::{diff, project};

use crate::list_laws::law;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// The time at which the first list is taken, epoch milliseconds.
const FIRST: i64 = 1_795_348_800_000;
const KINDS: [&str; 4] = ["text", "choice", "flag", "set"];

/// A definition: the kind of each field of its own, and its states and roles.
#[derive(Clone, Debug)]
struct Definition {
    kinds: Vec<usize>,
    pending: bool,
    inactive: bool,
    has_administrators: bool,
}

/// Somebody in the list, in the roster, or in both; `values` and `wanted` choose the value of each field.
#[derive(Clone, Debug)]
struct Person {
    standing: Option<u8>,
    wanted: Option<bool>,
    values: Vec<u8>,
    wants: Vec<u8>,
}

fn definition() -> impl Strategy<Value = Definition> {
    (prop::collection::vec(0..KINDS.len(), 0..5), any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(kinds, pending, inactive, has_administrators)| Definition { kinds, pending, inactive, has_administrators })
}

fn person() -> impl Strategy<Value = Person> {
    let values = || prop::collection::vec(0..4_u8, 6);
    (prop::option::weighted(0.8, 0..3_u8), prop::option::weighted(0.8, prop::bool::weighted(0.8)), values(), values())
        .prop_map(|(standing, wanted, values, wants)| Person { standing, wanted, values, wants })
}

/// A value of a field in YAML; the fourth is `null`.
fn yaml(kind: &str, at: u8) -> &'static str {
    match (kind, at) {
        (_, 3) => "null",
        ("text", 0) => "one",
        ("text", _) => "two",
        ("choice", 0) => "first",
        ("choice", _) => "second",
        ("flag", 0) => "true",
        ("flag", _) => "false",
        (_, 0) => "[north]",
        (_, 1) => "[north, south]",
        _ => "[]",
    }
}

/// The fields of person `at`. Nobody has another one's name: two people of one name are a question.
fn entry(definition: &Definition, at: usize, values: &[u8]) -> String {
    let role = if values[0].is_multiple_of(2) { "owner" } else { "staff" };
    let mut text = format!("first_name: F{}, last_name: L{at}, role: {role}", values[1]);
    for (at, kind) in definition.kinds.iter().enumerate() {
        let _ = write!(text, ", own_{at}: {}", yaml(KINDS[*kind], values[(at + 2) % values.len()]));
    }
    text
}

/// The roster and the first list, both as files.
fn files(definition: &Definition, people: &[Person], is_exact: bool) -> Sources {
    let states = [("active", true), ("pending", definition.pending), ("inactive", definition.inactive)];
    let states: Vec<&str> = states.iter().filter(|(_, has)| *has).map(|(state, _)| *state).collect();
    let mut platform = format!(
        "define_platform: random\nname: Random\nstates: [{}]\nfields:\n  first_name: {{}}\n  last_name: {{}}\n  role: {{}}\n",
        states.join(", ")
    );
    for (at, kind) in definition.kinds.iter().enumerate() {
        let allowed = if KINDS[*kind] == "choice" { ", allowed: [first, second]" } else { "" };
        let _ = writeln!(platform, "  own_{at}: {{ kind: {}{allowed} }}", KINDS[*kind]);
    }
    platform.push_str("roles: { owner: { name: Owner }, staff: { name: Staff } }\n");
    if definition.has_administrators {
        platform.push_str("administrators: { roles: [owner] }\n");
    }
    let manage = if is_exact { "exact" } else { "additive" };
    let mut roster = format!("workspace: w\nplatform: random\nconnection: {{ snapshot: list.yaml }}\nmanage: {manage}\nusers:\n");
    let own: Vec<String> = (0..definition.kinds.len()).map(|at| format!(", own_{at}")).collect();
    let total = people.iter().filter(|person| person.standing.is_some()).count();
    let taken = moment(FIRST);
    let mut list = format!(
        "snapshot: w\ntabs: {{ all: {{ total: {total}, taken: \"{taken}\" }} }}\nshows: [first_name, last_name, role{}, status]\naccounts:\n",
        own.concat()
    );
    let (mut users, mut rows) = (0, 0);
    for (at, person) in people.iter().enumerate() {
        if let Some(active) = person.wanted {
            let status = if active { "" } else { ", status: inactive" };
            let _ = writeln!(roster, "  p{at}@x.example: {{ {}{status} }}", entry(definition, at, &person.wants));
            users += 1;
        }
        if let Some(standing) = person.standing {
            let status = match standing {
                1 if definition.pending => "pending",
                2 if definition.inactive => "inactive",
                _ => "active",
            };
            let _ = writeln!(list, "  p{at}@x.example: {{ {}, status: {status} }}", entry(definition, at, &person.values));
            rows += 1;
        }
    }
    if users == 0 {
        roster = roster.replace("users:\n", "users: {}\n");
    }
    if rows == 0 {
        list = list.replace("accounts:\n", "accounts: {}\n");
    }
    let source = |name: &str, text: String| Source { name: name.to_owned(), bytes: text.into_bytes() };
    Sources { files: vec![source("platform.yaml", platform), source("w.yaml", roster), source("list.yaml", list)] }
}

fn moment(millis: i64) -> Moment {
    Moment::new(jiff::Timestamp::from_millisecond(millis).expect("in range"), jiff::tz::Offset::UTC)
}

fn read(desired: &Desired, list: &Snapshot, now: i64) -> Actual {
    SnapshotDirectory::new(desired, list, now).actual().clone()
}

/// Ticks every step that is left.
fn tick(list: &mut Snapshot, plan: &Plan, at: i64) -> usize {
    let steps = &plan.by_hand.as_deref().expect("a plan by hand").steps;
    let mut ticked = 0;
    for (step, hand) in plan.changes.iter().zip(steps).filter(|(_, hand)| hand.state.is_left()) {
        list.attested.insert(Attestation {
            user: hand.user.clone(),
            at: moment(at),
            id: hand.id.clone(),
            change: StepKind::Done(step.change.action()),
            set: StepValues::left_by(&step.change).expect("a step of a person"),
            by: "olivia@x.example".to_owned(),
            plan: "0".repeat(12),
            note: None,
            proved: BTreeSet::new(),
            contradicted: BTreeSet::new(),
            settled: BTreeSet::new(),
        });
        ticked += 1;
    }
    ticked
}

/// The list that the product shows of these accounts.
fn truthful(before: &Snapshot, accounts: &[Account], removes: bool, taken: i64) -> Snapshot {
    let shown = accounts.iter().filter(|account| !(removes && account.state.inactive));
    let row = |account: &Account| Row {
        fields: before.shows.fields.iter().map(|field| (*field, account.fields.value(*field))).collect(),
        status: Some(account.state.standing()),
        blocked: None,
        is_expired: false,
    };
    let accounts: BTreeMap<LoginName, Row> = shown.map(|account| (LoginName::Address(account.email.clone()), row(account))).collect();
    let read = TabRead { total: Some(accounts.len() as u64), taken: moment(taken), filtered: false };
    Snapshot { tabs: BTreeMap::from([(Tab::All, read)]), accounts, ..before.clone() }
}

#[test]
fn ticking_every_step_on_a_platform_of_the_roster_and_a_truthful_list_leave_nothing() {
    let floors = [
        ("a step", 700),
        ("a value of the platform's own fields is wanted", 250),
        ("somebody is taken away", 200),
        ("a platform without inactive users", 300),
        ("a platform without administrators", 300),
        ("a proved step", 600),
    ];
    law((definition(), prop::collection::vec(person(), 1..8), any::<bool>()), &floors, |(definition, people, is_exact)| {
        let sources = files(&definition, &people, is_exact);
        let roster = rosterctl::manifest::read(&sources).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let desired = &roster.workspaces[0];
        let catalog = by_id(&desired.platform).catalog();
        prop_assert_eq!(catalog.own_fields().count(), definition.kinds.len());
        let Connection::Snapshot(connection) = &desired.connection else { panic!("it has a list") };
        let mut snapshot = *connection.snapshot.clone().expect("a list");
        let first = diff(desired, &read(desired, &snapshot, FIRST + DAY));
        let mut plan = first.clone();
        let counted = plan.notices.iter().any(|notice| notice.cause == NoticeCause::NobodyCountsAdministrators);
        prop_assert_eq!(counted, !definition.has_administrators, "every plan says that nobody counts administrators");
        for round in 1..6 {
            if tick(&mut snapshot, &plan, FIRST + round * 1000) == 0 {
                break;
            }
            plan = diff(desired, &read(desired, &snapshot, FIRST + DAY));
        }
        let steps = &plan.by_hand.as_deref().unwrap().steps;
        prop_assert!(steps.iter().all(|hand| !hand.state.is_left()), "left although ticked: {:?}", plan.changes);
        let accounts = project(&plan, &read(desired, &snapshot, FIRST + DAY));
        let next = truthful(&snapshot, &accounts, !definition.inactive, FIRST + 2 * DAY);
        let proved = diff(desired, &read(desired, &next, FIRST + 3 * DAY));
        prop_assert!(proved.changes.is_empty(), "the next list proves everything: {:?}", proved.changes);
        let proofs = &proved.by_hand.as_deref().unwrap().attested;
        let is_known = |proof: Proof| [Proof::Proved, Proof::Superseded, Proof::CannotShow].contains(&proof);
        prop_assert!(proofs.iter().all(|one| is_known(one.proof)), "{proofs:?}");
        let listed: BTreeSet<&str> = next.accounts.keys().map(LoginName::as_str).collect();
        for user in desired.users.values() {
            prop_assert_eq!(listed.contains(user.email.as_str()) || user.status == Status::Inactive, true, "{}", user.email);
        }
        // A saved plan and a written list bring the same fields back.
        let text = rosterctl::manifest::snapshot::write(&next, catalog);
        let of_list = |file: &Source| if file.name == "list.yaml" { text.clone().into_bytes() } else { file.bytes.clone() };
        let again = Sources { files: sources.files.iter().map(|file| Source { bytes: of_list(file), ..file.clone() }).collect() };
        let again = rosterctl::manifest::read(&again).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let Connection::Snapshot(connection) = &again.workspaces[0].connection else { panic!("it has a list") };
        prop_assert_eq!(connection.snapshot.as_deref(), Some(&next));
        let is_own = |step: &Step| step.change.fields().iter().any(|change| catalog.own_fields().any(|field| field == change.field));
        let takes_away = |step: &Step| step.change.action() == Action::Inactivate;
        Ok(vec![
            !first.changes.is_empty(),
            first.changes.iter().any(is_own),
            first.changes.iter().any(takes_away),
            !definition.inactive,
            !definition.has_administrators,
            proofs.iter().any(|one| one.proof == Proof::Proved),
        ])
    });
}
