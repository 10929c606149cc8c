//! `rosterctl snapshot`: lists of users as people have them become a document of the roster, or are refused with nothing written.

use crate::support::Roster;

const ROSTER: &str = "workspace: glow\nplatform: aesthetic-record\nconnection: { snapshot: snapshots/glow.yaml }\nclinics: { uptown: { name: Glow Uptown } }\n";

const LIST: &str = "Name,Email,Role,Clinic(s),SSN\n\"Ruiz, Ana\",ana@glow.example,Provider,Glow Uptown,123-45-6789\nKim Park,kim@glow.example,Front Desk,,987-65-4321\n";

const TAKEN: [&str; 2] = ["--taken", "2026-11-27T17:05:00-07:00"];

fn roster() -> Roster {
    let roster = Roster::empty();
    roster.write("glow.yaml", ROSTER);
    roster.write("in/active.csv", LIST);
    roster
}

fn document(roster: &Roster) -> String {
    std::fs::read_to_string(roster.path().join("snapshots/glow.yaml")).unwrap()
}

#[test]
fn a_list_becomes_a_document_and_what_is_not_understood_stays_out() {
    let roster = roster();
    let said = roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv", TAKEN[0], TAKEN[1]]);
    assert!(said.stdout.contains("This is the first list of glow: 2 people."), "{}", said.stdout);
    assert!(said.stdout.contains("Not kept from active.csv: `SSN`"), "{}", said.stdout);
    assert!(said.stdout.contains("active: 2 people, nobody says that this is complete"), "{}", said.stdout);
    let text = document(&roster);
    assert!(!format!("{text}{}{}", said.stdout, said.stderr).contains("6789"));
    assert!(text.contains("shows: [first_name, last_name, role, clinics, status]"), "{text}");
    assert!(
        text.contains("ana@glow.example: { first_name: Ana, last_name: Ruiz, role: provider, clinics: [uptown], status: active }"),
        "{text}"
    );
    assert!(text.contains("active: { taken: \"2026-11-27T17:05:00-07:00\" }"), "{text}");
    roster.expect(0, &["validate"]);
    let again = roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv", TAKEN[0], TAKEN[1]]);
    assert!(again.stdout.contains("Nothing changed since the last list."), "{}", again.stdout);
    assert_eq!(document(&roster), text, "equal lists have equal bytes");
}

/// A page, a file of a spreadsheet and pasted text, as a person has them.
#[test]
fn the_lists_of_the_example_give_its_snapshot() {
    let roster = Roster::example("vendor-glow");
    let example = std::path::Path::new("examples/vendor-glow");
    let tabs = [("active", "active.html"), ("inactive", "inactive.csv"), ("pending", "pending.txt")];
    let mut arguments = vec!["snapshot".to_owned(), "glow-medspa".to_owned(), "--total".to_owned(), "inactive=1".to_owned()];
    for (minute, (tab, file)) in (5..).zip(tabs) {
        let path = roster.write(&format!("lists/{file}"), &std::fs::read_to_string(example.join("lists").join(file)).unwrap());
        let saved: jiff::Timestamp = format!("2026-11-27T17:0{minute}:00-07:00").parse().unwrap();
        std::fs::File::options().write(true).open(path).unwrap().set_modified(saved.into()).unwrap();
        arguments.extend([format!("--{tab}"), format!("lists/{file}")]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let document = std::fs::read_to_string(example.join("snapshots/glow-medspa.yaml")).unwrap();
    let first = roster.expect(0, &arguments);
    assert_eq!(first.stderr, "", "the command writes the list, so nothing says that there is none yet");
    for part in ["This is the first list of glow-medspa: 9 people.", "Not kept from inactive.csv: `Last Login`", "`Main admin`"] {
        assert!(first.stdout.contains(part), "{part}\n{}", first.stdout);
    }
    let written = || std::fs::read_to_string(roster.path().join("snapshots/glow-medspa.yaml")).unwrap();
    assert_eq!(written(), document.split("attested:").next().unwrap());
    roster.write("snapshots/glow-medspa.yaml", &document);
    let again = roster.expect(0, &arguments);
    assert!(again.stdout.contains("Nothing changed since the last list."), "{}", again.stdout);
    assert_eq!(written(), document, "what people attested is kept");
    let looked = ["attest", "glow-medspa", "--seen", "default_clinic", "--by", "olivia"];
    roster.expect(0, &looked);
    let attested = written();
    assert_ne!(attested, document);
    roster.expect(0, &arguments);
    assert_eq!(written(), attested, "an attestation has its place and form as in a new document");
}

#[test]
fn changes_are_listed_and_a_drop_comes_first() {
    let roster = roster();
    roster.expect(0, &["snapshot", "glow", "--state", "active", "in/active.csv", "--total", "2", TAKEN[0], TAKEN[1]]);
    roster.write("in/active.csv", "Name,Email,Role,Clinics\nAna Ruiz,ana@glow.example,Front Desk,Glow Uptown\n");
    let said = roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv", "--total", "active=1"]).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "! 1 person fewer than in the last list (2 → 1)");
    assert!(
        said.contains("- kim@glow.example is no longer listed") && said.contains("~ ana@glow.example: role provider → front-desk"),
        "{said}"
    );
    assert!(said.contains("active: 1 person, complete"), "{said}");
}

#[test]
fn clinics_that_the_roster_does_not_have_yet_are_proposed_as_new_ones() {
    let roster = Roster::empty();
    let head = "workspace: glow\nplatform: aesthetic-record\nconnection: { snapshot: snapshots/glow.yaml }\n";
    roster.write("glow.yaml", head);
    roster.write("in/active.csv", "Name,Email,Clinics\nAna Ruiz,ana@glow.example,Glow: Uptown\nKim Park,kim@glow.example,glow uptown\n");
    let said = roster.expect(1, &["snapshot", "glow", "--active", "in/active.csv"]).stderr;
    let proposed = said.split_once("\nclinics:\n").unwrap().1.split("\n\n").next().unwrap();
    assert_eq!(proposed, "  glow-uptown: { name: \"Glow: Uptown\" }\n  glow-uptown-2: { name: glow uptown }", "{said}");
    assert!(!said.contains("\nlist:"), "{said}");
    roster.write("glow.yaml", &format!("{head}clinics:\n{proposed}\n"));
    roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv"]);
    assert!(document(&roster).contains("clinics: [glow-uptown-2]"), "{}", document(&roster));
}

#[test]
fn words_that_are_not_understood_are_refused_all_at_once_with_yaml_that_explains_them() {
    let roster = roster();
    let list =
        "Name,Email,Role,Clinics\nAna Ruiz,ana@glow.example,Nurse Injector,Glow Uptwn\nKim Park,kim@glow.example,Front Dsk,Glow Uptown\n";
    roster.write("in/active.csv", list);
    let said = roster.expect(1, &["snapshot", "glow", "--active", "in/active.csv"]);
    for part in [
        "active.csv, row 2: `Nurse Injector` in `Role`",
        "did you mean `uptown`?",
        "      Nurse Injector: unknown\n",
        "      Front Dsk: front-desk\n",
        "Nothing was written.",
    ] {
        assert!(said.stderr.contains(part), "{part}\n{}", said.stderr);
    }
    assert!(!roster.path().join("snapshots").exists());
    let words = "list: { values: { role: { Nurse Injector: provider, Front Dsk: front-desk }, clinics: { Glow Uptwn: uptown } } }\n";
    roster.write("glow.yaml", &format!("{ROSTER}{words}"));
    roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv"]);
}

#[test]
fn a_list_that_shows_less_or_is_older_is_refused_unless_a_flag_accepts_it() {
    let roster = roster();
    roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv", TAKEN[0], TAKEN[1]]);
    let before = document(&roster);
    roster.write("in/active.csv", "Name,Email,Role\nAna Ruiz,ana@glow.example,Provider\nKim Park,kim@glow.example,Front Desk\n");
    let said = roster.expect(1, &["snapshot", "glow", "--active", "in/active.csv"]);
    assert!(said.stderr.contains("the list lacks `clinics`") && said.stderr.contains("--without clinics"), "{}", said.stderr);
    let older = ["snapshot", "glow", "--active", "in/active.csv", "--without", "clinics", "--taken", "2026-11-26T17:05:00-07:00"];
    let said = roster.expect(1, &older);
    assert!(said.stderr.contains("--older"), "{}", said.stderr);
    assert_eq!(document(&roster), before);
    roster.expect(0, &[&older[..], &["--older"]].concat());
}

#[test]
fn a_column_that_one_of_several_tabs_has_lost_is_missing() {
    let roster = roster();
    let both = ["snapshot", "glow", "--active", "in/active.csv", "--inactive", "in/old.csv"];
    roster.write("in/old.csv", "Name,Email,Role,Clinic(s)\nLee Old,lee@glow.example,Front Desk,Glow Uptown\n");
    roster.expect(0, &[&both[..], &TAKEN].concat());
    let before = document(&roster);
    roster.write("in/active.csv", "Name,Email,Clinic(s)\nAna Ruiz,ana@glow.example,Glow Uptown\nKim Park,kim@glow.example,\n");
    let said = roster.expect(1, &both);
    assert!(said.stderr.contains("the list lacks `role`, which the last one had"), "{}", said.stderr);
    assert_eq!(document(&roster), before);
    let said = roster.expect(0, &[&both[..], &["--without", "role"]].concat());
    assert!(said.stdout.contains("~ ana@glow.example: role is no longer shown"), "{}", said.stdout);
}

#[test]
fn a_list_of_everybody_that_is_older_than_a_tab_of_the_last_one_is_refused() {
    let roster = roster();
    roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv", TAKEN[0], TAKEN[1]]);
    roster.write("in/all.csv", &LIST.replace("SSN", "Status").replace("123-45-6789", "Active").replace("987-65-4321", "Inactive"));
    let older = ["snapshot", "glow", "in/all.csv", "--taken", "2026-11-20T10:00:00-07:00"];
    let said = roster.expect(1, &older);
    assert!(said.stderr.contains("before the last one") && said.stderr.contains("--older"), "{}", said.stderr);
    roster.expect(0, &[&older[..], &["--older"]].concat());
}

#[test]
fn flags_that_cannot_be_meant_are_refused() {
    let roster = roster();
    let active = ["snapshot", "glow", "--active", "in/active.csv"];
    for (flags, why) in
        [(&["--without", "rolle"][..], "did you mean `role`?"), (&["--total", "active=2", "--total", "3"], "is given twice")]
    {
        let said = roster.expect(1, &[&active[..], flags].concat());
        assert!(said.stderr.contains(why), "{flags:?}: {}", said.stderr);
    }
    let roster = Roster::empty();
    roster.write(
        "glow.yaml",
        &ROSTER.replace("aesthetic-record", "practice-by-numbers").replace("clinics: { uptown: { name: Glow Uptown } }\n", ""),
    );
    roster.write("in/active.csv", "Name,Email\nAna Ruiz,ana@glow.example\n");
    for flags in [&["--blocked", "in/active.csv"][..], &["--state", "blocked", "in/active.csv"]] {
        let said = roster.expect(1, &[&["snapshot", "glow"][..], flags].concat());
        assert!(said.stderr.contains("nobody can be blocked on Practice by Numbers"), "{flags:?}: {}", said.stderr);
    }
}

#[test]
fn a_tab_is_complete_only_if_everybody_in_its_file_has_its_state() {
    let roster = roster();
    roster.write("in/active.csv", "Name,Email,Status\nAna Ruiz,ana@glow.example,Active\nKim Park,kim@glow.example,Inactive\n");
    let said = roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv", "--total", "2"]);
    assert!(said.stdout.contains("active: 2 people, not complete: the files show 1 of 2"), "{}", said.stdout);
}

#[test]
fn a_total_below_the_one_on_the_page_is_pointed_out() {
    let roster = roster();
    roster.write("in/active.txt", "Name\tEmail\nAna Ruiz\tana@glow.example\n\nShowing 1 to 1 of 4 entries\n");
    let said = roster.expect(0, &["snapshot", "glow", "--active", "in/active.txt", "--total", "1"]);
    assert!(said.stdout.contains("the page itself says 4, and `--total` says 1"), "{}", said.stdout);
}

#[test]
fn a_field_that_a_list_shows_for_the_first_time_is_a_change() {
    let roster = roster();
    let first = ["snapshot", "glow", "in/all.csv", TAKEN[0], TAKEN[1]];
    roster.write(
        "in/all.csv",
        "Name,Email,Status,Role\nAna Ruiz,ana@glow.example,Active,Provider\nKim Park,kim@glow.example,Active,Front Desk\n",
    );
    roster.expect(0, &first);
    roster.write(
        "in/all.csv",
        "Name,Email,Status,Role\nAna Ruiz,ana@glow.example,Active,Provider\nKim Park,kim@glow.example,Suspended,n/a\n",
    );
    let said = roster.expect(0, &first);
    assert!(said.stdout.contains("~ kim@glow.example: role is no longer shown; active → not shown; blocked"), "{}", said.stdout);
    for (word, change) in
        [("Invite expired", "the invitation has expired"), ("Invited", "~ ana@glow.example: the invitation can be accepted again")]
    {
        roster.write(
            "in/all.csv",
            &format!("Name,Email,Status,Role\nAna Ruiz,ana@glow.example,{word},Provider\nKim Park,kim@glow.example,Suspended,n/a\n"),
        );
        let said = roster.expect(0, &first);
        assert!(said.stdout.contains(change), "{word}: {}", said.stdout);
    }
}

#[test]
fn a_list_needs_a_state_and_a_workspace_with_a_document() {
    let roster = roster();
    let said = roster.expect(1, &["snapshot", "glow", "in/active.csv"]);
    assert!(said.stderr.contains("nothing says who is active"), "{}", said.stderr);
    let said = roster.expect(1, &["snapshot", "glo", "in/active.csv"]);
    assert!(said.stderr.contains("did you mean `glow`?"), "{}", said.stderr);
    roster.expect(1, &["snapshot", "glow"]);
    roster.expect(1, &["snapshot", "glow", "--active", "in/missing.csv"]);
}

#[test]
fn words_of_a_list_are_checked_as_the_rest_of_the_roster() {
    let roster = roster();
    let words = "list:\n  columns: { emial: [Login] }\n  values: { role: { Nurse: providr }, status: { Off: gone } }\n  marks: { blokked: Cancel }\n";
    roster.write("glow.yaml", &format!("{ROSTER}users: {{}}\n{words}"));
    let said = roster.expect(1, &["validate"]).stderr;
    for part in ["`emial` is not a column", "did you mean `email`", "unknown role `providr`", "unknown status `gone`", "`blokked`"] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let words = "list: { values: { email: { A: b }, contact_numbers: { Office: \"602\" } } }\n".replace("contact_numbers", "phones");
    roster.write("glow.yaml", &format!("{ROSTER}users: {{}}\n{words}"));
    let said = roster.expect(1, &["validate"]).stderr;
    assert!(said.contains("the words of `email` are not looked up") && said.contains("a word cannot mean a phone number"), "{said}");
}

#[test]
fn a_list_is_read_from_a_pipe() {
    let here = Roster::empty();
    let workspace =
        "workspace: spa\nplatform: aesthetic-record\nconnection: { snapshot: snapshots/spa.yaml }\nmain_admin: ana@spa.example\n";
    here.write("spa.yaml", workspace);
    let snapshot = |workspace: &str, input: &str| {
        let mut command = assert_cmd::Command::cargo_bin("rosterctl").unwrap();
        let output =
            command.current_dir(here.path()).args(["snapshot", workspace, "--state", "active", "-"]).write_stdin(input).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = snapshot("spa", "Email,Name,Role\nana@spa.example,Ana Ruiz,Administrator\n");
    assert_eq!(code, Some(0), "{said}");
    let list = std::fs::read_to_string(here.path().join("snapshots/spa.yaml")).unwrap();
    assert!(list.contains("ana@spa.example: {") && list.contains("role: administrator"), "{list}");
    assert_eq!(snapshot("spa", "").0, Some(1));
    let embedded = workspace.replace("workspace: spa", "workspace: other").replace("snapshot: snapshots/spa.yaml", "embedded: {}");
    here.write("other.yaml", &(embedded + "clinics: { one: { name: One } }\nusers:\n  ana@spa.example: { first_name: Ana, last_name: Ruiz, role: administrator, clinics: [one], phones: [\"+1 602 555 0100\"] }\n"));
    let (code, said) = snapshot("other", "Email,Name\nana@spa.example,Ana Ruiz\n");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(code == Some(1) && said.contains("replace its `connection` by `connection: { snapshot: snapshots/other.yaml }`"), "{said}");
}

/// Nobody does what the plan says, and the next list shows less: a person who could sign in must not drop out of sight.
#[test]
fn an_account_that_nobody_listed_stays_in_sight_when_a_list_shows_less() {
    let roster = Roster::empty();
    let spa = format!(
        "{ROSTER}manage: exact\nmain_admin: ana@glow.example\nusers:\n  ana@glow.example: {{ first_name: Ana, last_name: Ruiz, role: administrator, clinics: [uptown] }}\n"
    );
    roster.write("glow.yaml", &spa);
    let ana = "Ana,Ruiz,ana@glow.example,Administrator,Glow Uptown,Active\n";
    let joe = "Joe,Doe,joe@glow.example,Provider,Glow Uptown,Active\n";
    let head = "First Name,Last Name,Email,Role,Clinic(s),Status\n";
    roster.write("in/users.csv", &format!("{head}{ana}{joe}"));
    #[expect(clippy::disallowed_methods, reason = "lists are a few days old by the day of this machine")]
    let now = jiff::Timestamp::now();
    let taken = |day: u8| {
        let then = now.checked_sub(jiff::SignedDuration::from_hours(24 * i64::from(day))).unwrap();
        format!("{}T10:00:00-07:00", then.strftime("%Y-%m-%d"))
    };
    roster.expect(0, &["snapshot", "glow", "in/users.csv", "--total", "2", "--taken", &taken(4)]);
    roster.expect(2, &["plan", "--detailed-exitcode"]);
    roster.write("in/users.csv", &format!("{head}{ana}"));
    for day in [3, 2] {
        roster.expect(0, &["snapshot", "glow", "in/users.csv", "--taken", &taken(day)]);
        assert!(document(&roster).contains("joe@glow.example: { first_name: Joe, last_name: Doe, role: provider, status: active, taken: "));
        let plan = roster.expect(2, &["plan", "--detailed-exitcode"]);
        let said = plan.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("Joe Doe <joe@glow.example>") && said.contains("check the workspace for it"), "{said}");
        let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout;
        assert!(runbook.contains("Look for Joe Doe"), "{runbook}");
        roster.expect(3, &["apply", "--yes"]);
        let review = roster.expect(2, &["review"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(review.contains("Joe Doe <joe@glow.example> glow: may have access: not in the roster"), "{review}");
        assert!(review.contains("joe@glow.example had an account in the list of"), "{review}");
    }
    roster.expect(0, &["snapshot", "glow", "in/users.csv", "--total", "1", "--taken", &taken(1)]);
    assert!(!document(&roster).contains("joe@"), "a complete list shows that he has no account");
    roster.expect(0, &["plan", "--detailed-exitcode"]);
}

#[test]
fn numbers_in_several_rows_of_one_person_have_the_order_of_the_roster() {
    let roster = Roster::empty();
    let own = "main_admin: ana@glow.example\nusers:\n  ana@glow.example: { first_name: Ana, last_name: Ruiz, role: administrator, clinics: [uptown], phones: [\"+1 602 555 0143\", \"+1 602 555 0142\"] }\n";
    roster.write("glow.yaml", &format!("{ROSTER}{own}"));
    let row = |number: &str| format!("Ana,Ruiz,ana@glow.example,Administrator,Glow Uptown,Active,(602) 555-{number}\n");
    let head = "First Name,Last Name,Email,Role,Clinic(s),Status,Cell Phone\n";
    for (one, two) in [("0142", "0143"), ("0143", "0142")] {
        roster.write("in/users.csv", &format!("{head}{}{}", row(one), row(two)));
        roster.expect(0, &["snapshot", "glow", "in/users.csv", "--total", "1", TAKEN[0], TAKEN[1]]);
        assert!(document(&roster).contains("phones: [\"+16025550143\", \"+16025550142\"]"), "{}", document(&roster));
    }
}

#[test]
fn a_tab_without_anybody_needs_no_file() {
    let roster = roster();
    let given = ["snapshot", "glow", "--active", "in/active.csv", "--total", "active=2", "--total", "pending=0", TAKEN[0], TAKEN[1]];
    let said = roster.expect(0, &given);
    assert!(said.stdout.contains("pending: 0 people, complete"), "{}", said.stdout);
    assert!(document(&roster).contains("pending: { total: 0, taken: "), "{}", document(&roster));
    let blocked = [&given[..], &["--total", "blocked=0"]].concat();
    let said = roster.expect(0, &blocked);
    assert!(said.stdout.contains("blocked: 0 people, complete"), "{}", said.stdout);
    assert!(document(&roster).contains("status, blocked]"), "{}", document(&roster));
    roster.expect(0, &["validate"]);
    roster.expect(0, &blocked);
}

#[test]
fn clinics_that_the_roster_lacks_are_asked_about_once() {
    let roster = Roster::empty();
    roster.write("glow.yaml", &ROSTER.replace("clinics: { uptown: { name: Glow Uptown } }\n", ""));
    roster.write(
        "in/active.csv",
        "Name,Email,Clinic(s),Default Clinic\nAna Ruiz,ana@glow.example,\"Glow Uptown, Glow Downtown\",Glow Downtown\n",
    );
    let said = roster.expect(1, &["snapshot", "glow", "--active", "in/active.csv"]).stderr;
    assert!(said.contains("  glow-downtown: { name: Glow Downtown }\n  glow-uptown: { name: Glow Uptown }\n"), "{said}");
    assert!(!said.contains("values:\n"), "{said}");
    roster.edit(
        "glow.yaml",
        "connection:",
        "clinics: { glow-downtown: { name: Glow Downtown }, glow-uptown: { name: Glow Uptown } }\nconnection:",
    );
    roster.expect(0, &["snapshot", "glow", "--active", "in/active.csv"]);
    assert!(document(&roster).contains("default_clinic: glow-downtown"), "{}", document(&roster));
}

#[test]
fn national_numbers_of_a_workspace_without_a_country_are_not_just_called_damaged() {
    let roster = Roster::empty();
    let spa = "workspace: w\nplatform: generic\nconnection: { snapshot: snapshots/w.yaml }\n";
    roster.write("w.yaml", spa);
    roster.write(
        "w.csv",
        "Name,Email,Status,Phone\nAna Ruiz,ana@n.example,Active,602 555 0101\nBo Lin,bo@n.example,Active,+1 602 555 0102\n",
    );
    let said = roster.expect(0, &["snapshot", "w", "w.csv"]).stdout;
    assert!(
        said.contains("in row 2, and is left out there: if these are national numbers, say of which country in the workspace"),
        "{said}"
    );
    roster.write("w.yaml", &format!("{spa}country: US\n"));
    let said = roster.expect(0, &["snapshot", "w", "w.csv"]).stdout;
    assert!(!said.contains("damaged") && said.contains("ana@n.example: phones +16025550101"), "{said}");
}
