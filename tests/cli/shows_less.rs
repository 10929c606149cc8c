//! A list that shows less than the last one: every choice of columns that is missing is refused, and a choice of people changes nothing
//! about the others.

use crate::support::Roster;

/// The columns of the list besides the login, each with the keys that it shows and the cells of three people.
const COLUMNS: [(&str, &[&str], [&str; 3]); 5] = [
    ("Name", &["first_name", "last_name"], ["\"Hill, Pat\"", "\"Ruiz, Ana\"", "\"Old, Lee\""]),
    ("Role", &["role"], ["Admin", "Provider", "Front Desk"]),
    ("Clinic(s)", &["clinics"], ["Uptown", "Uptown", "North"]),
    ("Phone", &["phones"], ["602-555-0101", "602-555-0102", "602-555-0103"]),
    ("Blocked", &["blocked"], ["No", "Yes", "No"]),
];

const PEOPLE: [&str; 3] = ["pat@n.example", "ana@n.example", "lee@n.example"];

const ROSTER: &str = "workspace: w
platform: aesthetic-record
connection: { snapshot: snapshots/w.yaml }
country: US
main_admin: pat@n.example
clinics: { uptown: { name: Uptown }, north: { name: North } }
users:
  pat@n.example: { first_name: Pat, last_name: Hill, role: administrator, clinics: [uptown], phones: [\"+1 602 555 0101\"] }
  ana@n.example: { first_name: Ana, last_name: Ruiz, role: front-desk, clinics: [north], phones: [\"+1 602 555 0199\"] }
  lee@n.example: { first_name: Lee, last_name: Old, role: front-desk, clinics: [north], phones: [\"+1 602 555 0103\"], status: inactive }
";

/// The list with some of its columns and people, chosen by bits.
fn list(columns: usize, people: usize) -> String {
    let kept = || COLUMNS.iter().enumerate().filter(|(at, _)| columns & (1 << at) != 0).map(|(_, column)| column);
    let mut text = ["Email", "Status"].into_iter().chain(kept().map(|(header, ..)| *header)).collect::<Vec<_>>().join(",");
    text.push('\n');
    for (at, login) in PEOPLE.iter().enumerate().filter(|(at, _)| people & (1 << at) != 0) {
        text.push_str(login);
        text.push_str(",Active");
        text.extend(kept().map(|(_, _, cells)| format!(",{}", cells[at])));
        text.push('\n');
    }
    text
}

/// The roster with the whole list.
fn roster() -> Roster {
    let roster = Roster::empty();
    roster.write("w.yaml", ROSTER);
    roster.write("in/l.csv", &list(0b11111, 0b111));
    roster.expect(0, &["snapshot", "w", "in/l.csv", "--total", "3", "--taken", "2026-11-27T17:00:00-07:00"]);
    roster
}

#[test]
fn a_list_that_lacks_any_columns_is_refused_unless_each_of_them_is_accepted() {
    let roster = roster();
    let document = || std::fs::read_to_string(roster.path().join("snapshots/w.yaml")).unwrap();
    let whole = document();
    for columns in 0..0b11111 {
        roster.write("in/l.csv", &list(columns, 0b111));
        let call = ["snapshot", "w", "in/l.csv", "--total", "3", "--taken", "2026-11-28T17:00:00-07:00"];
        let said = roster.expect(1, &call);
        let missing = COLUMNS.iter().enumerate().filter(|(at, _)| columns & (1 << at) == 0);
        let keys: Vec<&str> = missing.flat_map(|(_, (_, keys, _))| keys.iter().copied()).collect();
        let accepted: Vec<&str> = keys.iter().flat_map(|key| ["--without", key]).collect();
        assert!(keys.iter().all(|key| said.stderr.contains(&format!("--without {key}"))), "{keys:?}: {}", said.stderr);
        assert_eq!(document(), whole, "nothing was written");
        let (_, all_but_one) = accepted.split_at(2);
        roster.expect(1, &[&call[..], all_but_one].concat());
        assert_eq!(document(), whole, "all but one are not all");
        roster.expect(0, &[&call[..], &accepted].concat());
        roster.write("snapshots/w.yaml", &whole);
    }
}

#[test]
fn a_list_that_lacks_people_changes_nothing_about_the_others() {
    let roster = roster();
    let whole = std::fs::read_to_string(roster.path().join("snapshots/w.yaml")).unwrap();
    let changes = |of: usize| -> Vec<serde_json::Value> {
        let said = roster.run(&["plan", "--format", "json"]);
        let plan: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        let is_kept =
            |change: &&serde_json::Value| PEOPLE.iter().enumerate().any(|(at, login)| of & (1 << at) != 0 && change["user"] == *login);
        let about =
            |change: &serde_json::Value| serde_json::json!([change["user"], change["action"], change["fields"], change["step"]["id"]]);
        plan["workspaces"][0]["changes"].as_array().unwrap().iter().filter(is_kept).map(about).collect()
    };
    for people in 1..0b111 {
        let before = changes(people);
        assert_eq!(before.is_empty(), people == 1, "the law is about something: {before:?}");
        roster.write("in/l.csv", &list(0b11111, people));
        roster.expect(0, &["snapshot", "w", "in/l.csv", "--taken", "2026-11-28T17:00:00-07:00"]);
        assert_eq!(changes(people), before, "{people}");
        roster.write("snapshots/w.yaml", &whole);
    }
}
