//! Whatever is written in a definition, a roster or a list, a ticked runbook says exactly which boxes were ticked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;
use rosterctl::directory::SnapshotDirectory;
use rosterctl::manifest::{Source, Sources};
use rosterctl::model::*;
use rosterctl::reconcile::diff;
use rosterctl::report::runbook::{RunbookStep, runbook, ticks};
use rosterctl::report::{Format, People, PlanView, show_plan};

const NOW: i64 = 1_795_348_800_000;

/// Texts that look like a part of a runbook.
const PIECES: [&str; 22] = [
    "[x] ",
    "[ ] ",
    "- [x] ",
    "* [ ] ",
    "+ [-] ",
    "1. [x] ",
    "12) [X] ",
    "> - [x] ",
    "\\[x\\]",
    "`",
    "```",
    "**Save** ",
    "<!-- ",
    " -->",
    "<!-- rosterctl step ",
    "⏎",
    "# ",
    "    ",
    "{name}",
    "{email}",
    "Save",
    "deadbeef",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 1..5).prop_map(|pieces| format!("{}a", pieces.concat()))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text")
}

fn files(texts: &[String], people: usize) -> Sources {
    let text = |at: usize| quoted(&texts[at % texts.len()]);
    // Two fields cannot have one label.
    let label = |at: usize| quoted(&format!("{}{at}", texts[at % texts.len()]));
    let forged = |at: usize| quoted(&format!("<!-- rosterctl step {{\"id\":\"{}", texts[at % texts.len()]));
    let path = |at: usize| {
        format!(
            "{{ path: [{}], do: [{}, {}], check: {}, uncertain: {} }}",
            text(at),
            text(at + 1),
            text(at + 2),
            text(at + 3),
            text(at + 4)
        )
    };
    let platform = format!(
        "define_platform: nasty\nname: Nasty\nfields:\n  first_name: {{ label: {} }}\n  last_name: {{}}\n  role: {{ label: {} }}\n  own: {{ kind: text, label: {} }}\n\
         roles: {{ staff: {{ name: {} }} }}\nrunbook:\n  invite: {}\n  update: {}\n  inactivate: {}\n",
        label(0),
        label(1),
        label(2),
        text(3),
        path(4),
        path(5),
        path(6)
    );
    let mut roster = "workspace: w\nplatform: nasty\nconnection: { snapshot: list.yaml }\nmanage: exact\nusers:\n".to_owned();
    let mut list = format!(
        "snapshot: w\ntabs: {{ all: {{ total: {people}, taken: \"2026-11-22T12:00:00Z\" }} }}\nshows: [first_name, last_name, role, own, status]\naccounts:\n"
    );
    for at in 0..people {
        let fields = |from: usize| format!("first_name: {}, last_name: L{at}, role: staff, own: {}", text(from), forged(from + 1));
        if at % 3 != 0 {
            let _ = writeln!(list, "  p{at}@x.example: {{ {}, status: active }}", fields(at));
        }
        if at % 3 != 1 {
            let _ = writeln!(roster, "  p{at}@x.example: {{ {} }}", fields(at + 7));
        }
    }
    list = list.replacen(&format!("total: {people},"), &format!("total: {},", list.matches("status: active").count()), 1);
    let source = |name: &str, text: String| Source { name: name.to_owned(), bytes: text.into_bytes() };
    Sources { files: vec![source("platform.yaml", platform), source("w.yaml", roster), source("list.yaml", list)] }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_ticked_runbook_says_exactly_which_boxes_were_ticked(
        texts in prop::collection::vec(text(), 3..14), people in 2..7_usize, chosen in prop::collection::vec(any::<bool>(), 24)
    ) {
        let roster = rosterctl::manifest::read(&files(&texts, people)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let desired = &roster.workspaces[0];
        let Connection::Snapshot(connection) = &desired.connection else { panic!("it has a list") };
        let actual = SnapshotDirectory::new(desired, connection.snapshot.as_deref().expect("a list"), NOW).actual().clone();
        let digest = Digest("7".repeat(64));
        let plan = WorkspacePlan { plan: diff(desired, &actual), digest: digest.clone(), stops: Vec::new(), waived: BTreeMap::new() };
        let steps = runbook(&plan, &People::default()).steps;
        prop_assert!(!steps.is_empty());
        let ids: BTreeSet<StepId> = steps.iter().map(|step| step.data.id.clone()).collect();
        let page = RosterPlan { format: 2, digest, workspaces: vec![plan] };
        let text = show_plan(&PlanView { plan: &page, people: &People::default(), unread: &[] }, Format::Runbook);
        let (mut ticked, mut number, mut expected) = (String::new(), 0, BTreeSet::new());
        for line in text.lines() {
            match line.strip_prefix("- [ ] ") {
                Some(rest) if chosen[number % chosen.len()] => {
                    let _ = writeln!(ticked, "- [x] {rest}");
                    let id = rest.trim_end_matches('`').rsplit('`').next().and_then(StepId::parse);
                    expected.insert(id.expect("the line of a box ends with the id"));
                    number += 1;
                }
                rest => {
                    number += usize::from(rest.is_some());
                    ticked.push_str(line);
                    ticked.push('\n');
                }
            }
        }
        prop_assert_eq!(number, ids.len(), "one box for each step:\n{}", text);
        let read = ticks(&ticked).expect("a runbook");
        prop_assert_eq!(&read.refused, &Vec::new(), "{}", ticked);
        let done: BTreeSet<StepId> = read.done.iter().map(|tick| tick.step.id.clone()).collect();
        prop_assert_eq!((&done, read.left), (&expected, ids.len() - expected.len()), "{}", ticked);
        // An editor may write all brackets anew.
        for (from, to) in [("[", "\\["), ("\\[", "["), ("- [", "1. ["), ("- [", "> - [")] {
            let written = |line: &str| if line.contains("<!-- rosterctl step {") { line.to_owned() } else { line.replace(from, to) };
            let again = ticked.lines().map(&written).collect::<Vec<_>>().join("\n") + "\n";
            let read = ticks(&again).expect("a runbook");
            let done: BTreeSet<StepId> = read.done.iter().map(|tick| tick.step.id.clone()).collect();
            prop_assert_eq!(&done, &expected, "{:?} {}", from, ticked);
        }
    }
}

#[test]
fn a_created_user_gets_all_that_another_part_of_the_product_asks_and_leaves_open() {
    let platform = "define_platform: parted\nname: Parted\nfields: { first_name: {}, shift: { kind: choice, allowed: [early, late] } }\nrunbook:\n  update:\n    path: [People, \"{name}\"]\n    parts:\n      - { fields: [shift], path: [People, \"{name}\", Shift], first: [Ask for the rota.], do: [Choose **Shift**.], uncertain: It may ask twice., asks: [{ says: Sure?, answer: Press **Yes**., buttons: [Yes, No] }] }\n";
    let roster =
        "workspace: w\nplatform: parted\nconnection: { snapshot: list.yaml }\nusers: { new@x.example: { first_name: New, shift: late } }\n";
    let list =
        "snapshot: w\ntabs: { all: { total: 0, taken: \"2026-11-22T12:00:00Z\" } }\nshows: [first_name, shift, status]\naccounts: {}\n";
    let case = crate::lists::Case::of(&[("platform.yaml", platform), ("w.yaml", roster), ("list.yaml", list)]);
    let plan = WorkspacePlan { plan: case.plan, digest: Digest("7".repeat(64)), stops: Vec::new(), waived: BTreeMap::new() };
    let [step] = runbook(&plan, &People::default()).steps.try_into().expect("one step");
    let text = step.text();
    for said in ["Ask first: Ask for the rota.", "Choose Shift.", "It asks: Sure?", "Buttons: Yes / No", "Not certain: It may ask twice."] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn only_the_step_that_changes_the_kind_of_a_seat_says_so() {
    let roster = "workspace: w\nplatform: telus-chr\nconnection: { snapshot: list.yaml }\nmain_admin: iyer@x.example\nusers:\n  iyer@x.example: { first_name: Asha, last_name: Iyer, type: practitioner }\n  will@x.example: { first_name: Will, last_name: Hart, type: staff, permissions: { grant: [Settings/User Management], revoke: [] } }\n";
    let row = |name: &str| format!("first_name: {name}, last_name: Hart, type: practitioner, status: active }}\n");
    let list = format!(
        "snapshot: w\ntabs: {{ all: {{ total: 2, taken: \"2026-11-22T12:00:00Z\" }} }}\nshows: [first_name, last_name, type, status]\naccounts:\n  iyer@x.example: {{ {}  will@x.example: {{ {}",
        row("Asha").replace("Hart", "Iyer"),
        row("Will")
    );
    let case = crate::lists::Case::of(&[("w.yaml", roster), ("list.yaml", &list)]);
    let plan = WorkspacePlan { plan: case.plan, digest: Digest("7".repeat(64)), stops: Vec::new(), waived: BTreeMap::new() };
    let texts: Vec<String> = runbook(&plan, &People::default()).steps.iter().map(RunbookStep::text).collect();
    let says = |text: &&String| text.contains("Bill: The seat is counted as staff");
    assert_eq!((texts.len(), texts.iter().filter(says).count()), (2, 1), "{texts:?}");
    assert!(texts.iter().find(says).is_some_and(|text| text.contains("Type: Staff")), "{texts:?}");
}
