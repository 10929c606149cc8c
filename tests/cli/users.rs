//! `users`: everybody as the workspaces have them, with dates, rights and source; unknown is never shown as empty, and nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rosterctl::manifest::{self, Source, Sources};
use rosterctl::model::{
    Account, Actual, Capabilities, Completeness, Email, Field, Fingerprint, PlatformId, RemoteId, ServerId, State, Value,
};
use rosterctl::report::Width;
use rosterctl::report::users::{ReadWorkspace, UserFilter, UserState, UsersFormat, show_users};

use crate::prompt::run_at_a_terminal;
use crate::support::Roster;

/// The row of a user in CSV.
fn row<'a>(csv: &'a str, user: &str) -> &'a str {
    csv.lines().find(|line| line.contains(user)).unwrap_or_else(|| panic!("{user} is not in {csv}"))
}

/// A copy of the example without an interface, with its list.
fn by_hand() -> Roster {
    let roster = Roster::example("vendor-glow");
    roster.write("snapshots/glow-medspa.yaml", &std::fs::read_to_string("examples/vendor-glow/snapshots/glow-medspa.yaml").unwrap());
    roster
}

#[test]
fn an_embedded_workspace_is_shown_as_it_is_and_not_created_by_looking() {
    let roster = Roster::example("glow");
    let before = roster.files();
    let said = roster.expect(0, &["users"]).stdout;
    assert!(said.starts_with("glow-medspa: 10 users. The workspace does not exist yet"), "{said}");
    assert_eq!(roster.files(), before);
    roster.expect(0, &["apply", "--yes"]);
    let csv = roster.expect(0, &["users", "--format", "csv"]).stdout;
    assert_eq!(csv.lines().count(), 13, "{csv}");
    let hugo = row(&csv, "hugo.brandt@glow.example");
    let today: String = hugo.split(',').nth(4).unwrap().chars().take(10).collect();
    assert!(hugo.starts_with(&format!("glow-medspa,hugo.brandt@glow.example,Hugo Brandt,pending,{today}T")), "{hugo}");
    assert!(hugo.contains(",open,no,") && hugo.contains("block-user; check-in-patients") && hugo.contains(",server,read now,"), "{hugo}");
    // Nobody carries the mail of an embedded workspace before it is served.
    assert!(hugo.ends_with(",queued,"), "{hugo}");
    let text = roster.expect(0, &["users", "--state", "pending"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("mail queued"), "{text}");
    let sam = row(&csv, "sam.okafor@glow.example");
    assert!(
        sam.contains(",active,,,,yes,2") && sam.contains(",olivia.stone@glow.example,activity-review: exports of 18 November,"),
        "{sam}"
    );
    let blocked = roster.expect(0, &["users", "--state", "blocked", "--format", "csv"]).stdout;
    assert_eq!(blocked.lines().skip(1).collect::<Vec<_>>().len(), 1, "{blocked}");
    let text = roster.expect(0, &["users", "--user", "sam.okafor@glow.example"]).stdout;
    assert!(text.starts_with("glow-medspa: 1 user, read now.") && text.contains("Privileges 1: check-in-patients"), "{text}");
    assert!(text.contains("(from the role front-desk)"), "{text}");
    let both = roster.expect(0, &["users", "--user", "olivia.stone@glow.example"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(both.contains("(from the role administrator and as main admin)") && both.contains("(as main admin)"), "{both}");
    let json: serde_json::Value = serde_json::from_str(&roster.expect(0, &["users", "--format", "json"]).stdout).unwrap();
    for user in json["workspaces"][0]["users"].as_array().unwrap() {
        let privileges = user["privileges"].as_array().unwrap();
        assert!(privileges.iter().all(|one| !user["privilege_sources"][one.as_str().unwrap()].as_array().unwrap().is_empty()), "{user}");
    }
    let hugo = json["workspaces"][0]["users"].as_array().unwrap().iter().find(|user| user["user"] == "hugo.brandt@glow.example").unwrap();
    assert_eq!(hugo["privilege_sources"]["block-user"], serde_json::json!([{ "from": "person" }]));
    roster.expect(1, &["users", "--user", "nobody@glow.example"]);
    roster.expect(1, &["users", "--workspace", "other"]);
}

#[test]
fn a_list_says_its_time_and_what_it_does_not_show() {
    let roster = by_hand();
    let before = roster.files();
    let csv = roster.expect(0, &["users", "--format", "csv"]).stdout;
    assert!(row(&csv, "ben.frost@").contains(",pending,not shown,not shown,,not shown,,,,front-desk,downtown,"), "{csv}");
    assert!(row(&csv, "lee.old@").contains(",list: inactive,2026-11-27T17:06:00-07:00,"), "{csv}");
    // Tom was inactivated before the list was taken, and the list, which is newer, shows otherwise.
    assert!(
        row(&csv, "tom.reed@").contains(",active,")
            && row(&csv, "tom.reed@").contains("09:40:00-07:00, but the list, which is newer, shows otherwise"),
        "{csv}"
    );
    let text = roster.expect(0, &["users"]).stdout;
    let said = text.replace('\n', " ");
    assert!(said.contains("active taken on 2026-11-27 at 17:05") && said.contains("Not shown: block."), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 96) && text.contains(" olivia.stone@glow.example "), "{text}");
    let nobody = roster.expect(0, &["users", "--state", "blocked"]).stdout;
    assert!(nobody.replace('\n', " ").contains("Left out: 9 users whose state is not shown."), "{nobody}");
    assert_eq!(roster.files(), before);
}

// The workspace still has the former address: by either address, the same account is shown.
#[test]
fn a_user_is_found_by_the_rosters_address_where_the_account_has_a_former_one() {
    let roster = by_hand();
    roster.edit("glow.yaml", "  kim.park@glow.example: { ", "  kim.fox@glow.example: { formerly: [kim.park@glow.example], ");
    let by = |user| roster.expect(0, &["users", "--format", "csv", "--user", user]).stdout;
    assert!(row(&by("kim.fox@glow.example"), "kim.park@glow.example").contains(",active,"));
    assert_eq!(by("kim.fox@glow.example"), by("kim.park@glow.example"));
}

#[test]
fn a_fact_attested_after_the_list_is_shown_with_name_and_date() {
    let roster = by_hand();
    roster.edit("snapshots/glow-medspa.yaml", ", contradicted: [status]", "");
    roster.edit("snapshots/glow-medspa.yaml", "at: \"2026-11-27T09:40:00-07:00\"", "at: \"2026-11-27T19:40:00-07:00\"");
    let csv = roster.expect(0, &["users", "--format", "csv"]).stdout;
    let tom = row(&csv, "tom.reed@");
    assert!(
        tom.contains(",inactive,")
            && tom.ends_with(
                "inactivate attested by olivia.stone@glow.example on 2026-11-27T19:40:00-07:00, waiting for the next list\",,,,"
            ),
        "{tom}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&roster.expect(0, &["users", "--format", "json", "--state", "inactive"]).stdout).unwrap();
    let schema = std::fs::read_to_string("schemas/users.schema.json").unwrap();
    assert!(jsonschema::is_valid(&serde_json::from_str(&schema).unwrap(), &json), "{json}");
    let users = json["workspaces"][0]["users"].as_array().unwrap();
    assert_eq!(users.len(), 2, "{json}");
    assert_eq!(users[1]["attested"][0]["by"], "olivia.stone@glow.example");
    assert_eq!(users[1]["not_shown"], serde_json::json!(["blocked"]));
}

#[test]
fn user_names_are_shown_beside_addresses_and_who_was_taken_away_where_nobody_is_inactive_was_removed() {
    let roster = Roster::empty();
    roster.write(
        "kino.yaml",
        "define_platform: kino\nname: Kino\nstates: [active]\nfields: { first_name: {}, last_name: {} }\nlist: { columns: { login: [User ID] } }\n",
    );
    roster.write(
        "k.yaml",
        "workspace: k\nplatform: kino\nconnection: { snapshot: snapshots/k.yaml }\nmanage: exact\nguards: { removals: { share: 0.9 } }\nusers:\n  \
         ana@k.example: { id: a14, first_name: Ana, last_name: Ruiz }\n  new@k.example: { first_name: New, last_name: Comer }\n",
    );
    roster.write("k.csv", "User ID,First name,Last name,Status\na14,Ana,Ruiz,Active\ntreed,Tom,Reed,Active\n");
    roster.expect(0, &["snapshot", "k", "k.csv", "--total", "2"]);
    let plan: serde_json::Value = serde_json::from_str(&roster.expect(0, &["plan", "--format", "json"]).stdout).unwrap();
    let changes = plan["workspaces"][0]["changes"].as_array().unwrap();
    let id = changes.iter().find(|change| change["action"] == "inactivate").unwrap()["step"]["id"].as_str().unwrap().to_owned();
    roster.expect(0, &["attest", "k", "--done", &id, "--by", "olivia@k.example"]);
    let csv = roster.expect(0, &["users", "--format", "csv"]).stdout;
    assert!(row(&csv, "ana@k.example").ends_with(",a14,,"), "{csv}");
    assert!(row(&csv, "treed").contains(",removed,") && row(&csv, "treed").contains("remove attested by olivia@k.example"), "{csv}");
    let text = roster.expect(0, &["users", "--user", "ana@k.example", "--user", "new@k.example"]).stdout.replace("\n  ", " ");
    assert!(text.contains("ana@k.example (a14)") && text.contains("In the roster, and no account is shown: new@k.example."), "{text}");
}

#[test]
fn a_workspace_that_cannot_be_read_is_named_and_the_others_are_shown() {
    let roster = by_hand();
    roster.write(
        "office.yaml",
        "workspace: office\nplatform: generic\nconnection: { snapshot: snapshots/office.yaml }\nusers: { a@x.example: { first_name: A } }\n",
    );
    let said = roster.expect(1, &["users"]);
    assert!(said.stdout.contains("ana.ruiz@glow.example") && said.stdout.contains("office could not be read: "), "{}", said.stdout);
    let said = roster.expect(1, &["users", "--format", "csv"]);
    assert!(said.stdout.contains("ana.ruiz@glow.example") && said.stderr.contains("office: "), "{}", said.stderr);
}

/// Somebody on a plain SCIM server, which knows neither blocks nor rights nor clinics, and whose schema lacks the role.
#[test]
fn a_field_that_a_plain_server_does_not_have_is_not_shown() {
    let yaml = "workspace: w\nplatform: generic\nconnection: { embedded: {} }\nmain_admin: a@x.example\nusers: { a@x.example: { first_name: A } }\n";
    let source = Source { name: "w.yaml".to_owned(), bytes: yaml.as_bytes().to_vec() };
    let mut desired = manifest::read(&Sources { files: vec![source] }).unwrap().workspaces.remove(0);
    desired.platform = PlatformId("aesthetic-record".to_owned());
    let account = Account {
        id: RemoteId("1".to_owned()),
        email: Email::parse("a@x.example").unwrap(),
        fingerprint: Fingerprint(String::new()),
        state: State { accepted: true, ..State::default() },
        fields: [(Field::FirstName, Value::Text("=A".to_owned())), (Field::Role, Value::Unset)].into_iter().collect(),
        privileges: Arc::default(),
        role_privileges: None,
        has_passcode: false,
        passcode_made: None,
        main_admin: false,
        invited_name: None,
        former: Vec::new(),
    };
    let actual = Actual {
        server: ServerId::Scim { url: "https://scim.example/v2".to_owned() },
        as_of: 1_795_000_000_000,
        accounts: vec![account],
        outdated: Vec::new(),
        without_address: BTreeMap::new(),
        other_addresses: BTreeMap::new(),
        clinics: BTreeMap::new(),
        roles: BTreeMap::new(),
        employees: Vec::new(),
        main_admin: None,
        token_owner: None,
        code_word_matches: None,
        capabilities: Capabilities { lacking: BTreeSet::from([Field::Role]), ..Capabilities::default() },
        completeness: Completeness::Complete,
        list: None,
        blocked: BTreeMap::new(),
        deliveries: BTreeMap::new(),
    };
    let read = [ReadWorkspace { desired: &desired, actual: &actual, attested: None, by_hand: None, exists: true }];
    let csv = show_users(&read, &[], &UserFilter::default(), UsersFormat::Csv);
    let line = csv.lines().nth(1).unwrap();
    assert!(line.starts_with("w,a@x.example,'=A,active,,,,not shown,,,,not shown,not shown,not shown,,read now,2026-"), "{line}");
    let filter = UserFilter { state: Some(UserState::Blocked), ..UserFilter::default() };
    let text = show_users(&read, &[], &filter, UsersFormat::Text(Width::OF_FILES));
    assert_eq!(text, "w: 0 users, read now. Left out: 1 user whose state is not shown.\n\n");
}

//
#[test]
fn a_service_account_is_marked_in_the_roster_alone_and_changes_no_plan() {
    let roster = Roster::example("vendor-glow");
    roster.write("snapshots/glow-medspa.yaml", &std::fs::read_to_string("examples/vendor-glow/snapshots/glow-medspa.yaml").unwrap());
    let digest = |roster: &Roster| {
        let plan: serde_json::Value = serde_json::from_str(&roster.expect(0, &["plan", "--format", "json"]).stdout).unwrap();
        plan["digest"].as_str().unwrap().to_owned()
    };
    let before = digest(&roster);
    roster.edit("glow.yaml", "  kim.park@glow.example: {", "  kim.park@glow.example: { service: { owner: olivia.stone@glow.example },");
    assert_eq!(digest(&roster), before);
}

#[test]
fn no_line_is_wider_than_the_terminal_and_no_address_is_broken_where_it_fits() {
    let mut roster = by_hand();
    // Nothing breaks a digest.
    let lines = |text: &str| text.lines().filter(|line| line.trim().contains(' ')).map(|line| line.chars().count()).max();
    let widest = |text: &str| lines(text).unwrap_or_default();
    let addresses = ["ana.ruiz@glow.example", "olivia.stone@glow.example", "marcus.lee@glow.example"];
    for (columns, most) in [("60", 60), ("80", 80), ("120", 120), ("7", 60), ("4000", 120), ("wide", 96), ("0", 96), ("", 96)] {
        let shown = |command: &[&str]| run_at_a_terminal(&roster, command, &[], &[("COLUMNS", columns)]).stdout;
        for command in [&["users"][..], &["log"], &["review"], &["plan"]] {
            let said = shown(command);
            assert!(widest(&said) <= most, "{command:?} in {columns} columns: {}\n{said}", widest(&said));
        }
        let users = shown(&["users"]);
        assert!(addresses.iter().all(|address| users.contains(address)), "{columns}: {users}");
        assert!(widest(&users) > most - 30, "the lines are as wide as they can be in {columns} columns: {users}");
    }
    // Output that is not for a terminal has no lines that a terminal could break: COLUMNS says nothing of it.
    let plain = |roster: &Roster| {
        let formats = ["csv", "json", "text"].map(|format| roster.expect(0, &["users", "--format", format]).stdout);
        roster.expect(2, &["review", "--out", "review.txt"]);
        (formats, std::fs::read_to_string(roster.path().join("review.txt")).unwrap())
    };
    roster.set("COLUMNS", "60");
    let narrow = plain(&roster);
    roster.unset("COLUMNS");
    assert_eq!(plain(&roster), narrow, "a file is as wide on every terminal");
}

#[test]
fn an_account_that_somebody_made_and_the_roster_no_longer_has_is_shown_by_name_and_left_alone() {
    let roster = by_hand();
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    let plan: serde_json::Value =
        serde_json::from_str(&roster.expect(0, &["plan", "--user", "rosa.diaz@glow.example", "--format", "json"]).stdout).unwrap();
    let id = plan["workspaces"][0]["changes"][0]["step"]["id"].as_str().unwrap();
    roster.expect(0, &["attest", "glow-medspa", "--done", id, "--by", "olivia.stone@glow.example"]);
    for (from, to) in [
        ("  rosa.diaz@glow.example:", "  rita.quill@glow.example:"),
        ("first_name: Rosa\n    last_name: Diaz", "first_name: Rita\n    last_name: Quill"),
        ("555 0160", "555 0161"),
    ] {
        roster.edit("glow.yaml", from, to);
    }
    let rosa = "Rosa Diaz <rosa.diaz@glow.example>";
    let part = |text: &str, heading: &str| text.split_once(heading).unwrap_or_else(|| panic!("{heading}: {text}")).1.to_owned();
    let plan = roster.expect(0, &["plan"]).stdout;
    assert!(part(&plan, "Attested, waiting for the next list").contains(rosa), "{plan}");
    assert!(part(&plan, "In the workspace, but not in the roster (left alone)").contains(rosa), "{plan}");
    let users = roster.expect(0, &["users", "--user", "rosa.diaz@glow.example"]).stdout;
    assert!(
        users.contains("rosa.diaz@glow.example  Rosa Diaz") && users.contains("invite attested by olivia.stone@glow.example"),
        "{users}"
    );
    let review = roster.run(&["review", "--format", "csv"]).stdout;
    assert!(row(&review, "rosa.diaz@glow.example").contains("Rosa Diaz"), "{review}");
    // Where the roster lists everybody, the step that ends the access says whose it is.
    roster.edit("glow.yaml", "manage: additive", "manage: exact");
    roster.edit("glow.yaml", "removals: { share: 0.5 }", "removals: { share: 1.0 }");
    let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout.replace("<!-- -->", "");
    assert!(runbook.contains("**Rosa Diaz &lt;rosa.diaz@glow.example&gt;: withdraw invitation**"), "{runbook}");
    let review = roster.run(&["review"]).stdout;
    assert!(part(&review, "These people should not have access").contains(rosa), "{review}");
}
