//! The purpose of a saved plan: its own roster, all of its workspaces, and once.

use crate::support::Roster;

const STAFF: &str = "workspace: corner
platform: aesthetic-record
connection: { embedded: {} }
main_admin: rita.vogel@corner.example
clinics: { main: { name: Corner } }
users:
  rita.vogel@corner.example: { first_name: Rita, last_name: Vogel, role: administrator, clinics: [main], phones: [\"+1 602 555 0180\"] }
  tom.berg@corner.example: { first_name: Tom, last_name: Berg, role: front-desk, clinics: [main], phones: [\"+1 602 555 0181\"] }
";

/// A text without its line breaks, which depend on the width of a page.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_plan_for_a_workspace_that_does_not_exist_yet_is_for_its_own_roster_only() {
    let here = Roster::empty();
    here.write("trial/staff.yaml", STAFF);
    here.write("real/staff.yaml", &STAFF.replace("tom.berg", "mia.lang").replace("Tom, last_name: Berg", "Mia, last_name: Lang"));
    here.expect(0, &["plan", "trial", "--out", "trial.plan"]);
    let said = here.expect(5, &["apply", "real", "--plan", "trial.plan", "--yes"]);
    assert!(one_line(&said.stdout).contains("give the roster from which the plan was made"), "{}", said.stdout);
    assert!(!here.path().join("real/.rosterctl/corner.db").exists(), "nothing was written");
    here.expect(0, &["apply", "real", "--yes"]);
    here.expect(5, &["apply", "real", "--plan", "trial.plan", "--yes"]);
    here.expect(0, &["plan", "real", "--detailed-exitcode"]);
    // The same list in another folder, such as another checkout, is the same roster.
    here.write("checkout/staff.yaml", STAFF);
    here.expect(0, &["apply", "checkout", "--plan", "trial.plan", "--yes"]);
    here.expect(0, &["apply", "trial", "--plan", "trial.plan", "--yes"]);
}

#[test]
fn a_plan_that_is_applied_again_says_that_it_is_already_done() {
    for platform in ["aesthetic-record", "generic"] {
        let here = Roster::empty();
        let staff = if platform == "generic" {
            STAFF
                .replace("aesthetic-record", "generic")
                .replace("clinics: { main: { name: Corner } }\n", "")
                .replace(", clinics: [main]", "")
                .replace("role: administrator, ", "")
                .replace("role: front-desk, ", "")
        } else {
            STAFF.to_owned()
        };
        here.write("staff.yaml", &staff);
        here.expect(0, &["plan", "--out", "week.plan"]);
        let first = here.expect(0, &["apply", "--plan", "week.plan", "--yes"]).stdout;
        assert!(first.contains("corner: matches the roster, 1 change made\n"), "{first}");
        for _ in 0..2 {
            let again = here.expect(0, &["apply", "--plan", "week.plan", "--yes", "--receipt", "again.receipt"]).stdout;
            assert!(again.contains("corner: matches the roster, nothing was written: 1 change was already done\n"), "{platform}: {again}");
            assert!(again.contains("Already done, nothing was written (1)") && !again.contains("change made"), "{again}");
            let json: serde_json::Value =
                serde_json::from_str(&here.expect(0, &["show", "again.receipt", "--format", "json"]).stdout).unwrap();
            assert_eq!(json["summary"]["already_done"], 1, "{json}");
            assert_eq!(json["summary"]["done"], 0, "{json}");
            assert_eq!(json["workspaces"][0]["changes"][0]["outcome"], "already-done");
        }
        here.edit("staff.yaml", "Berg", "Berger");
        here.expect(5, &["apply", "--plan", "week.plan", "--yes"]);
    }
}

#[test]
fn a_saved_plan_keeps_the_workspaces_that_could_not_be_read() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    let away = "workspace: away
platform: generic
connection: { scim: { url: \"http://127.0.0.1:9/scim/v2\", token: { env: NO_SUCH_TOKEN } } }
users: {}
";
    here.write("away.yaml", away);
    let planned = here.expect(1, &["plan", "--out", "both.plan"]).stdout;
    let shown = here.expect(0, &["show", "both.plan"]).stdout;
    assert_eq!(shown, planned);
    assert!(shown.contains("away") && shown.contains("NO_SUCH_TOKEN"), "{shown}");
    let said = here.expect(1, &["apply", "--plan", "both.plan", "--yes"]);
    let shown = one_line(&said.stdout);
    assert!(shown.contains("not in the plan, since it could not be read when the plan was made"), "{shown}");
    assert!(said.stdout.contains("corner: matches the roster, 1 change made"), "the other workspace is done: {}", said.stdout);
}

#[test]
fn a_plan_that_is_applied_again_repeats_no_invitation_and_overwrites_no_later_change() {
    let here = Roster::example("glow");
    let apply = |code: i32| {
        let said = here.expect(code, &["apply", "--plan", "week.plan", "--yes", "--confirm-phone", "+16025550100"]);
        one_line(&said.stdout)
    };
    here.expect(0, &["plan", "--out", "week.plan"]);
    assert!(apply(0).contains("15 changes made"));
    for _ in 0..2 {
        let again = apply(0);
        assert!(again.contains("nothing was written: 15 changes were already done"), "{again}");
    }
    // Two changes of one account, of which somebody takes one back afterward.
    let clinics = |name: &str| format!("clinics: [{name}]\n    phones: [\"+1 602 555 0179\"]");
    here.edit("glow.yaml", &clinics("uptown"), &clinics("downtown"));
    here.edit("glow.yaml", "blocked: { reason: activity-review, note: exports of 18 November }", "blocked: false");
    here.expect(0, &["plan", "--out", "week.plan"]);
    assert!(apply(0).contains("2 changes made"));
    here.edit("glow.yaml", &clinics("downtown"), &clinics("uptown"));
    here.expect(0, &["apply", "--yes"]);
    let again = here.run(&["apply", "--plan", "week.plan", "--yes"]).stdout;
    assert!(again.contains("left alone (2)") && !again.contains("Done ("), "{again}");
    here.expect(0, &["plan", "--detailed-exitcode"]);
}

// Point by point the same plan is asked for again; what ends somebody's access must still be.
#[test]
fn a_saved_plan_takes_access_only_where_the_roster_still_asks_for_that() {
    let listed = |edit: (&str, &str)| {
        let here = Roster::empty();
        let exact = STAFF.replace("connection:", "manage: exact\nconnection:");
        here.write("staff.yaml", &exact);
        here.expect(0, &["apply", "--yes"]);
        let without_tom: String = exact.lines().filter(|line| !line.contains("tom.berg")).map(|line| line.to_owned() + "\n").collect();
        here.write("staff.yaml", &without_tom);
        here.expect(0, &["plan", "--out", "week.plan"]);
        let now = if edit.0 == "tom.berg" { exact } else { without_tom };
        here.write("staff.yaml", &now.replace(edit.0, edit.1));
        here
    };
    let unchanged = listed(("Rita", "Rita"));
    unchanged.expect(0, &["apply", "--plan", "week.plan", "--yes"]);
    for edit in [("manage: exact", "manage: additive"), ("tom.berg", "tom.berg")] {
        let here = listed(edit);
        let said = one_line(&here.expect(5, &["apply", "--plan", "week.plan", "--yes"]).stdout);
        assert!(said.contains("a plan made of the roster as it is now would not end the access of tom.berg@corner.example"), "{said}");
        here.expect(0, &["plan", "--detailed-exitcode"]);
    }
}

#[test]
fn a_saved_plan_gives_access_only_where_the_roster_still_asks_for_that() {
    let planned = |edit: (&str, &str)| {
        let here = Roster::empty();
        let line = "tom.berg@corner.example: { first_name: Tom, last_name: Berg";
        assert!(STAFF.contains(line));
        here.write("staff.yaml", &STAFF.replace(line, &line.replace('{', "{ status: inactive,")));
        here.expect(0, &["apply", "--yes"]);
        here.write("staff.yaml", STAFF);
        here.expect(0, &["plan", "--out", "week.plan"]);
        here.write("staff.yaml", &STAFF.replace(edit.0, edit.1));
        here
    };
    planned(("Rita", "Rita")).expect(0, &["apply", "--plan", "week.plan", "--yes"]);
    let here = planned(("tom.berg@corner.example: {", "tom.berg@corner.example: { status: inactive,"));
    let said = one_line(&here.expect(5, &["apply", "--plan", "week.plan", "--yes"]).stdout);
    assert!(said.contains("a plan made of the roster as it is now would not give access to tom.berg@corner.example: plan again"), "{said}");
    here.expect(0, &["plan", "--detailed-exitcode"]);
}

#[cfg(unix)]
#[test]
fn a_device_without_end_is_not_read_forever() {
    let here = Roster::example("glow");
    here.expect(0, &["apply", "--yes", "--confirm-phone", "+16025550100"]);
    for arguments in [&["show", "/dev/zero"][..], &["apply", "--plan", "/dev/zero", "--yes"]] {
        let said = here.expect(1, arguments).stderr;
        assert!(said.contains("cannot read `/dev/zero`: this is not a plan or receipt"), "{said}");
    }
    let said = here.expect(1, &["log", "--verify", "--against", "/dev/zero"]).stderr;
    assert!(said.contains("`/dev/zero` is too large to be an export"), "{said}");
}

#[test]
fn the_log_has_the_longest_commit_and_a_token_needs_some_time() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    let commit = "c".repeat(200);
    here.expect(0, &["apply", "--yes", "--commit", &commit]);
    assert!(here.expect(0, &["log", "--format", "json"]).stdout.contains(&format!("\"{commit}\"")));
    let said = here.expect(1, &["apply", "--yes", "--commit", &"c".repeat(201)]).stderr;
    assert!(said.contains("at most 200"), "{said}");
    let token =
        ["token", "create", "--workspace", "corner", "--owner", "rita.vogel@corner.example", "--access", "read", "--expires-in", "0d"];
    let said = here.expect(1, &token).stderr;
    assert!(said.contains("a token must be valid for some time"), "{said}");
}

#[test]
fn a_role_is_changed_as_planned_although_the_user_it_was_planned_for_got_it_meanwhile() {
    let with = |privileges: &str, role: &str| {
        format!(
            "workspace: bright
platform: practice-by-numbers
connection: {{ embedded: {{}} }}
main_admin: dana.fox@bright.example
roles: {{ lead: {{ name: Lead, privileges: {{ {privileges} }} }} }}
users:
  dana.fox@bright.example: {{ first_name: Dana, last_name: Fox, role: owner, employee: external }}
  kim.park@bright.example: {{ first_name: Kim, last_name: Park, role: {role}, employee: external }}
"
        )
    };
    let here = Roster::empty();
    here.write("bright.yaml", &with("general: true", "front-desk"));
    here.expect(0, &["apply", "--yes"]);
    here.write("bright.yaml", &with("general: true, forms: true", "lead"));
    here.expect(0, &["plan", "--out", "kim.plan"]);
    here.write("bright.yaml", &with("general: true", "lead"));
    here.expect(0, &["apply", "--yes"]);
    here.write("bright.yaml", &with("general: true, forms: true", "lead"));
    let said = here.run(&["apply", "--plan", "kim.plan", "--yes"]);
    assert!(!said.stdout.contains("would not change role"), "{}", said.stdout);
    here.expect(0, &["plan", "--detailed-exitcode"]);
}

// A part of a safe plan can be unsafe: Ana may still name the director who leaves, so that change waits for hers.
#[test]
fn guards_are_asked_about_what_is_left_of_a_saved_plan_after_somebody_changed_an_account() {
    let accounts = |status: &str, phone: &str, names: &str| {
        format!(
            "  olivia.stone@glow.example: {{ first_name: Olivia, last_name: Stone, role: administrator, clinics: [main] }}
  marcus.lee@glow.example: {{ first_name: Marcus, last_name: Lee, role: medical-director, clinics: [main]{status} }}
  ines.costa@glow.example: {{ first_name: Ines, last_name: Costa, role: medical-director, clinics: [main] }}
  ana.ruiz@glow.example: {{ first_name: Ana, last_name: Ruiz, role: provider, clinics: [main], phones: [\"+1 602 555 {phone}\"], \
             provider: {{ md_consent: {names}@glow.example }} }}
"
        )
    };
    let roster = |status: &str, phone: &str, names: &str| {
        let users = accounts(status, phone, names);
        format!(
            "workspace: glow
platform: aesthetic-record
connection: {{ embedded: {{ start: start.yaml }} }}
main_admin: olivia.stone@glow.example
guards: {{ removals: {{ share: 0.9 }} }}
clinics: {{ main: {{ name: Glow }} }}
users:
{users}"
        )
    };
    for meanwhile in ["marcus.lee", "ines.costa"] {
        let here = Roster::empty();
        let start = accounts("", "0142", "marcus.lee");
        here.write("start.yaml", &format!("start: glow\nclinics: {{ main: {{ name: Glow }} }}\naccounts:\n{start}"));
        here.write("glow.yaml", &roster("", "0142", "marcus.lee"));
        here.expect(0, &["apply", "--yes"]);
        let asked = roster(", status: inactive", "0142", "ines.costa");
        here.write("glow.yaml", &asked);
        here.expect(0, &["plan", "--out", "week.plan"]);
        here.write("glow.yaml", &roster("", "0199", meanwhile));
        here.expect(0, &["apply", "--yes"]);
        here.write("glow.yaml", &asked);
        let said = here.expect(5, &["apply", "--plan", "week.plan", "--yes"]);
        let left_alone = "update ana.ruiz@glow.example was not done";
        assert!(one_line(&format!("{}{}", said.stderr, said.stdout)).contains(left_alone), "{}", said.stdout);
        let users = here.expect(0, &["users", "--format", "csv"]).stdout;
        let state = |state: &str| users.contains(&format!("marcus.lee@glow.example,Marcus Lee,{state},"));
        assert!(state("active"), "{users}");
        here.expect(0, &["apply", "--yes"]);
        assert!(here.expect(0, &["users", "--format", "csv"]).stdout.contains("Marcus Lee,inactive,"));
    }
}

// A13, B5
#[test]
fn the_shown_plan_and_the_receipt_count_the_same_changes() {
    let here = Roster::example("glow");
    here.expect(0, &["plan", "--out", "week.plan"]);
    let tess = "default_clinic: downtown\n    phones: [\"+1 602 555 0171\"]";
    here.edit("glow.yaml", tess, &tess.replace("downtown", "uptown"));
    here.expect(0, &["apply", "--yes", "--user", "tess.cole@glow.example"]);
    here.edit("glow.yaml", &tess.replace("downtown", "uptown"), tess);
    let apply = || one_line(&here.run(&["apply", "--plan", "week.plan", "--yes", "--confirm-phone", "+16025550100"]).stdout);
    let (first, again) = (apply(), apply());
    // Tess needs one new clinic, which is done, and somebody has changed Tess.
    assert!(first.contains(" 13 changes to make;") && first.contains("13 changes made, 1 already done, 1 not made"), "{first}");
    assert!(again.contains(" No changes.") && again.contains("14 changes were already done"), "{again}");
    assert!(!first.contains("does not exist yet") && !again.contains("does not exist yet"), "{first}");
}
