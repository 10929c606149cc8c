//! The things that get another name: a main admin whose login has another address, in a workspace that began with a start file, and a workspace.

use crate::support::Roster;

const START: &str = "start: bright-dental
employees: [{ first_name: Dana, last_name: Fox, active: true }]
accounts:
  dana.fox@bright.example: { first_name: Dana, last_name: Fox, role: owner, state: active }
";

fn workspace(main_admin: &str, formerly: &str) -> String {
    format!(
        "workspace: bright-dental
platform: practice-by-numbers
connection: {{ embedded: {{ start: start.yaml }} }}
main_admin: {main_admin}
users:
  {main_admin}: {{ first_name: Dana, last_name: Fox, role: owner{formerly} }}
  omar.bell@bright.example: {{ first_name: Omar, last_name: Bell, role: office-administrator, employee: external }}
"
    )
}

// The start file describes a workspace that does not exist yet. Once it does, the account in it can have another address.
#[test]
fn the_main_admin_is_renamed_although_the_start_file_has_the_old_address() {
    let roster = Roster::empty();
    roster.write("start.yaml", START);
    roster.write("bright.yaml", &workspace("dana.hale@bright.example", ""));
    let said = roster.expect(1, &["plan"]);
    assert!(said.stderr.contains("main admin `dana.hale@bright.example` is not among the accounts"), "{}", said.stderr);
    roster.write("bright.yaml", &workspace("dana.fox@bright.example", ""));
    roster.expect(0, &["apply", "--yes"]);
    roster.write("bright.yaml", &workspace("dana.hale@bright.example", ", formerly: [dana.fox@bright.example]"));
    roster.expect(0, &["validate"]);
    let said = roster.expect(2, &["plan", "--detailed-exitcode", "--fail-on-refused"]);
    assert!(said.stdout.contains("dana.hale@bright.example"), "{}", said.stdout);
    roster.expect(0, &["apply", "--yes"]);
    roster.expect(0, &["plan", "--detailed-exitcode", "--fail-on-refused"]);
}

#[test]
fn a_workspace_that_is_renamed_or_removed_is_not_forgotten_with_everybody_in_it() {
    let roster = Roster::empty();
    roster.write("start.yaml", START);
    roster.write("bright.yaml", &workspace("dana.fox@bright.example", ""));
    roster.expect(0, &["apply", "--yes"]);
    assert!(!roster.expect(0, &["plan"]).stderr.contains("no longer in the roster"));
    roster.edit("bright.yaml", "workspace: bright-dental", "workspace: brighter-dental");
    roster.edit("start.yaml", "start: bright-dental", "start: brighter-dental");
    for command in ["plan", "review"] {
        let said = roster.run(&[command]);
        assert!(
            said.stderr.contains("bright-dental.db` is the database of a workspace that is no longer in the roster"),
            "{command}: {}",
            said.stderr
        );
    }
    roster.edit("bright.yaml", "embedded: {", "embedded: { path: .rosterctl/bright-dental.db,");
    let said = roster.run(&["plan"]);
    assert!(!said.stderr.contains("no longer in the roster"), "{}", said.stderr);
}

// The remedy that the plan prints for a typo in an open invitation leads to the right name, and no mail goes out under the wrong one.
#[test]
fn a_typo_in_the_name_of_an_open_invitation_is_cured_as_the_plan_says() {
    let roster = Roster::empty();
    let spa = |pen: &str| {
        roster.write(
            "glow.yaml",
            &format!(
                "workspace: glow
platform: aesthetic-record
connection: {{ embedded: {{}} }}
main_admin: olivia@glow.example
clinics: {{ downtown: {{ name: Downtown }} }}
users:
  olivia@glow.example: {{ first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0100\"] }}
  pen@glow.example: {{ first_name: Pen, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0101\"], {pen} }}
"
            ),
        )
    };
    spa("last_name: Dingg");
    roster.expect(0, &["apply", "--yes"]);
    spa("last_name: Ding");
    let said = roster.expect(3, &["plan", "--fail-on-refused"]).stdout;
    assert!(said.contains("write `status: inactive` and apply to withdraw it, then remove `status`"), "{said}");
    spa("last_name: Ding, status: inactive");
    let said = roster.expect(0, &["apply", "--yes"]).stdout;
    assert!(said.contains("withdraw invitation") && !said.contains("name"), "{said}");
    spa("last_name: Ding");
    let said = roster.expect(0, &["apply", "--yes"]).stdout;
    assert!(said.contains("Pen Ding") && said.contains("last name  Dingg → Ding"), "{said}");
    roster.expect(0, &["plan", "--detailed-exitcode", "--fail-on-refused"]);
}

/// The words of the log of a workspace whose list has these people, after somebody ticked that Tom no longer has access.
fn log_after(platform: &str, rows: [&str; 3]) -> String {
    words(&ticked(platform, rows), "log")
}

fn words(roster: &Roster, command: &str) -> String {
    roster.run(&[command]).stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A workspace whose list had these people, one after the other, and in which somebody ticked after the first list that Tom no longer has access.
fn ticked(platform: &str, rows: [&str; 3]) -> Roster {
    let roster = Roster::empty();
    roster.write("w.yaml", &format!("workspace: w\nplatform: {platform}\nconnection: {{ snapshot: snapshots/w.yaml }}\nmanage: exact\nstale_after: 9999d\nguards: {{ removals: {{ share: 1 }} }}\nusers:\n  pat@n.example: {{}}\n"));
    roster.write("kino.yaml", "define_platform: kino\nname: Kino\nstates: [active, inactive]\nfields: { first_name: {}, last_name: {} }\nlist: { columns: { login: [Login] } }\n");
    let list = |tom: &str, taken: &str| {
        roster.write("w.csv", &format!("Name,Login,Status\nPat Hill,pat@n.example,Active\n{tom}\n"));
        roster.expect(0, &["snapshot", "w", "w.csv", "--total", "2", "--taken", taken]);
    };
    let [before, after, last] = rows;
    list(before, "2026-11-01T10:00:00-07:00");
    let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout;
    roster.write("done.md", &runbook.replace("- [ ]", "- [x]"));
    roster.expect(0, &["attest", "done.md", "--by", "olivia@n.example"]);
    let text = std::fs::read_to_string(roster.path().join("snapshots/w.yaml")).unwrap();
    let at = text.split("at: \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    roster.edit("snapshots/w.yaml", &at, "2026-11-01T18:00:00+00:00");
    list(after, "2026-11-02T10:00:00-07:00");
    list(last, "2026-11-03T10:00:00-07:00");
    roster
}

#[test]
fn a_review_names_the_login_under_which_a_complete_list_may_have_an_account() {
    let active = "Tom Reed,tom@private.example,Active";
    let roster = ticked("kino", ["Tom Reed,tom@n.example,Active", active, active]);
    let review = words(&roster, "review");
    let said = "the newest list does not show it, but has tom@private.example, which may be the same account under another login";
    assert!(review.contains(said) && !review.contains("but is not complete"), "{review}");
}

#[test]
fn a_log_has_the_clock_of_the_tick_where_nobody_says_which_one_the_workspace_has() {
    let active = "Tom Reed,tom@n.example,Active";
    let roster = ticked("kino", [active, active, active]);
    roster.edit("snapshots/w.yaml", "2026-11-01T18:00:00+00:00", "2026-11-01T11:00:00-07:00");
    let (log, plan) = (words(&roster, "log"), words(&roster, "plan"));
    for text in [&log, &plan] {
        assert!(text.contains("2026-11-01 at 11:00") && !text.contains("18:00 UTC"), "{log}\n{plan}");
    }
    roster.edit("w.yaml", "manage: exact", "manage: exact\ntime_zone: America/New_York");
    assert!(words(&roster, "log").contains("2026-11-01 at 13:00"), "the workspace has a clock of its own");
}

#[test]
fn a_list_that_has_somebody_under_another_login_does_not_prove_that_they_have_no_access() {
    let active = "Tom Reed,tom@private.example,Active";
    let log = log_after("kino", ["Tom Reed,tom@n.example,Active", active, active]);
    assert!(log.contains("inactivate") && !log.contains("proved by the list"), "{log}");
    let longer = "Tom A. Reed,tom@private.example,Active";
    let log = log_after("kino", ["Tom Reed,tom@n.example,Active", longer, longer]);
    assert!(log.contains("inactivate") && !log.contains("proved by the list"), "{log}");
    let log = log_after("kino", ["Tom Reed,tomreed,Active", "Tom Reed,TomReed,Active", "Tom Reed,TomReed,Active"]);
    assert!(log.contains("the list, which is newer, shows otherwise"), "{log}");
    // Accounts of this product stay, so one that is not in the list has another login by now.
    let log = log_after("kino", ["Tom Reed,tom@n.example,Active", "Lu Wu,lu@n.example,Active", "Lu Wu,lu@n.example,Active"]);
    assert!(log.contains("the list cannot show it") && !log.contains("proved by the list"), "{log}");
    let log = log_after("kino", ["Tom Reed,tomreed,Active", "Tom Reed,TomReed,Inactive", "Tom Reed,TomReed,Inactive"]);
    assert!(log.contains("proved by the list"), "{log}");
}

/// A workspace with Pat and these users in the roster.
fn kino(users: &str) -> Roster {
    let roster = Roster::empty();
    roster.write("w.yaml", &format!("workspace: w\nplatform: kino\nconnection: {{ snapshot: snapshots/w.yaml }}\nmanage: exact\nstale_after: 9999d\nguards: {{ removals: {{ share: 1 }} }}\nusers:\n  pat@n.example: {{ first_name: Pat, last_name: Hill }}\n{users}"));
    roster.write("kino.yaml", "define_platform: kino\nname: Kino\nstates: [active, inactive]\nfields: { first_name: {}, last_name: {} }\nlist: { columns: { login: [Login] } }\n");
    roster
}

/// Takes a list of Pat and these rows.
fn list(roster: &Roster, rows: &str, more: &[&str]) {
    roster.write("w.csv", &format!("Name,Login,Email,Status\nPat Hill,pat@n.example,,Active\n{rows}"));
    roster.expect(0, &[&["snapshot", "w", "w.csv"][..], more].concat());
}

#[test]
fn a_name_in_another_spelling_under_a_new_address_is_one_question_for_either_of_them() {
    for (own, listed) in [
        ("first_name: Siobhán, last_name: O'Brien", "Siobhan O’Brien"),
        ("first_name: Mary Ann, last_name: Park-Lee", "\"Park Lee, Mary-Ann\""),
        ("first_name: Jörg, last_name: Müller", "Joerg Mueller"),
        ("first_name: Kim, last_name: Park", "Park Kim"),
    ] {
        let roster = kino(&format!("  new@n.example: {{ {own} }}\n"));
        list(&roster, &format!("{listed},old@n.example,,Active\n"), &["--total", "2"]);
        let plan = roster.expect(2, &["plan", "--detailed-exitcode"]).stdout;
        assert!(plan.contains("The same person?") && !plan.contains("Changes ("), "{plan}");
        for user in ["new@n.example", "old@n.example"] {
            let plan = roster.expect(2, &["plan", "--user", user, "--detailed-exitcode"]).stdout;
            assert!(plan.contains("The same person?"), "{user}: {plan}");
        }
    }
}

#[test]
fn a_user_name_that_is_an_address_needs_none_beside_it() {
    let roster = kino("");
    list(&roster, "Di Fox,dfox,di@n.example,Active\n", &["--total", "2"]);
    roster.expect(0, &["validate"]);
}

#[test]
fn a_contradiction_is_settled_by_what_a_list_shows_and_not_by_what_it_lacks() {
    let roster = kino("  kim@n.example: { first_name: Kim, last_name: Park, status: inactive }\n");
    roster.edit("w.yaml", "manage: exact", "manage: additive");
    let kim = |state: &str| format!("Kim Park,kim@n.example,,{state}\n");
    list(&roster, &kim("Active"), &["--total", "2", "--taken", "2026-11-01T10:00:00-07:00"]);
    let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout;
    roster.write("done.md", &runbook.replace("- [ ]", "- [x]"));
    roster.expect(0, &["attest", "done.md", "--by", "olivia@n.example"]);
    let text = std::fs::read_to_string(roster.path().join("snapshots/w.yaml")).unwrap();
    let at = text.split("at: \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    roster.edit("snapshots/w.yaml", &at, "2026-11-01T18:00:00+00:00");
    list(&roster, &kim("Active"), &["--total", "2", "--taken", "2026-11-02T10:00:00-07:00"]);
    roster.edit("w.yaml", "  kim@n.example: { first_name: Kim, last_name: Park, status: inactive }\n", "");
    list(&roster, "", &["--taken", "2026-11-03T10:00:00-07:00"]);
    let settled = || std::fs::read_to_string(roster.path().join("snapshots/w.yaml")).unwrap().contains("settled");
    assert!(!settled());
    roster.expect(2, &["plan", "--detailed-exitcode"]);
    list(&roster, "", &["--total", "1", "--taken", "2026-11-04T10:00:00-07:00"]);
    roster.expect(0, &["plan", "--detailed-exitcode"]);
}
