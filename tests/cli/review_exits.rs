//! `review` ends with 2 where an access is said to have ended, or nobody knows whether it has; and it names clinics as people do.

use serde_json::json;

use crate::review::{LIST, by_hand, json as review_json, wrong};
use crate::support::Roster;

#[test]
fn access_that_somebody_says_has_ended_counts_although_the_roster_leaves_the_account_alone() {
    let roster = by_hand();
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    let review = review_json(&roster, 2, &[]);
    assert_eq!(wrong(&review), [("tom.reed@glow.example".to_owned(), json!(["said-to-be-gone"]))]);
    roster.edit(LIST, "change: inactivate,", "change: update,");
    assert_eq!(wrong(&review_json(&roster, 0, &[])), []);
}

#[test]
fn an_access_that_has_ended_by_somebodys_word_alone_is_not_known_to_have_ended() {
    let roster = Roster::empty();
    roster.write("w.yaml", "workspace: w\nplatform: generic\nconnection: { snapshot: snapshots/w.yaml }\nmanage: exact\nstale_after: 9999d\nguards: { removals: { share: 1 } }\nusers:\n  pat@n.example: {}\n");
    let list = |joe: &str| {
        roster.write("w.csv", &format!("Name,Email,Status\nPat Hill,pat@n.example,Active\nJoe Doe,joe@n.example,{joe}\n"));
        roster.expect(0, &["snapshot", "w", "w.csv", "--total", "2"]);
    };
    list("Active");
    roster.write("staff.csv", "Name,Email,Status\nPat Hill,pat@n.example,Active\nJoe Doe,joe@n.example,Terminated\n");
    let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout;
    roster.write("done.md", &runbook.replace("- [ ]", "- [x]"));
    roster.expect(0, &["attest", "done.md", "--by", "olivia@n.example"]);
    let staff = ["review", "--staff", "staff.csv"];
    let text = roster.expect(0, &staff).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Nobody is known to have access who should not, but not everything is known."), "{text}");
    assert!(
        text.contains(
            "Joe Doe <joe@n.example> should not have access: the payroll says that this person has left (row 3); not in the roster"
        ),
        "{text}"
    );
    assert!(text.contains("no list has shown it") && text.contains("inactivate attested by olivia@n.example"), "{text}");
    let csv = roster.expect(0, &[&staff[..], &["--format", "csv"]].concat()).stdout;
    assert!(csv.contains("w: no access, which no list has shown: the payroll says that this person has left"), "{csv}");
    let review = review_json(&roster, 0, &staff[1..]);
    assert_eq!((&review["summary"]["wrong"], &review["summary"]["not_known"]), (&json!(0), &json!(1)));
    assert_eq!(review["people"][0]["accounts"][0]["unproved"], json!(["left", "not-in-roster"]));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    list("Inactive");
    let text = roster.expect(0, &staff).stdout;
    assert!(text.contains("Nobody has access who should not."), "{text}");
}

#[test]
fn an_account_that_an_incomplete_list_lacks_counts_where_the_roster_is_exact() {
    let roster = Roster::empty();
    roster.write("w.yaml", "workspace: w\nplatform: generic\nconnection: { snapshot: snapshots/w.yaml }\nmanage: exact\nstale_after: 9999d\nusers:\n  pat@n.example: {}\n");
    let list = |rows: &str, more: &[&str]| {
        roster.write("w.csv", &format!("Name,Email,Status\nPat Hill,pat@n.example,Active\n{rows}"));
        roster.expect(0, &[&["snapshot", "w", "w.csv"][..], more].concat());
    };
    list("Joe Doe,joe@n.example,Active\n", &["--total", "2", "--taken", "2026-11-01T10:00:00-07:00"]);
    list("", &["--total", "9", "--taken", "2026-11-02T10:00:00-07:00"]);
    let review = review_json(&roster, 2, &[]);
    assert_eq!((&review["summary"]["wrong"], &review["workspaces"][0]["unseen"][0]["user"]), (&json!(1), &json!("joe@n.example")));
    let text = roster.expect(2, &["review"]).stdout;
    assert!(text.contains("1 account should not have access.") && text.contains("Joe Doe <joe@n.example>"), "{text}");
    let csv = roster.expect(2, &["review", "--format", "csv"]).stdout;
    assert!(csv.contains("Joe Doe,,joe@n.example,,,w: may have access: not in the roster"), "{csv}");
    list("", &["--total", "1", "--taken", "2026-11-03T10:00:00-07:00"]);
    assert_eq!(review_json(&roster, 0, &[])["summary"]["wrong"], 0);
}

#[test]
fn an_account_that_an_incomplete_list_lacks_is_attested_until_a_list_shows_it() {
    let roster = Roster::empty();
    roster.write("w.yaml", "workspace: w\nplatform: generic\nconnection: { snapshot: snapshots/w.yaml }\nmanage: exact\nstale_after: 9999d\nguards: { removals: { share: 1 } }\nusers:\n  pat@n.example: {}\n");
    let list = |rows: &str, more: &[&str]| {
        roster.write("w.csv", &format!("Name,Email,Status\nPat Hill,pat@n.example,Active\n{rows}"));
        roster.expect(0, &[&["snapshot", "w", "w.csv"][..], more].concat());
    };
    list("Joe Doe,joe@n.example,Active\n", &["--total", "2"]);
    let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout;
    roster.write("done.md", &runbook.replace("- [ ]", "- [x]"));
    roster.expect(0, &["attest", "done.md", "--by", "olivia@n.example"]);
    assert_eq!(review_json(&roster, 0, &[])["summary"]["wrong"], 0);
    std::thread::sleep(std::time::Duration::from_millis(20));
    list("", &["--total", "9"]);
    roster.expect(0, &["plan", "--detailed-exitcode"]);
    let review = review_json(&roster, 0, &[]);
    assert_eq!((&review["summary"]["wrong"], &review["workspaces"][0]["unseen"]), (&json!(0), &json!([])));
    let said = review["workspaces"][0]["not_known"].to_string();
    assert!(said.contains("that it no longer has access is attested by olivia@n.example"), "{said}");
}

#[test]
fn a_step_that_a_list_contradicted_once_and_shows_by_now_is_not_a_finding() {
    let roster = by_hand();
    assert_eq!(review_json(&roster, 2, &[])["workspaces"][0]["contradicted"].as_array().map(Vec::len), Some(1));
    roster.edit(LIST, "clinics: [uptown], status: active }", "clinics: [uptown], status: inactive }");
    assert_eq!(review_json(&roster, 2, &[])["workspaces"][0]["contradicted"], json!([]));
}

#[test]
fn an_account_of_somebody_who_should_have_none_counts_while_only_an_earlier_list_shows_it() {
    let roster = Roster::empty();
    roster.write("w.yaml", "workspace: w\nplatform: generic\nconnection: { snapshot: snapshots/w.yaml }\nstale_after: 9999d\nusers:\n  pat@n.example: {}\n  kim@n.example: { status: inactive }\n");
    let list = |rows: &str, more: &[&str]| {
        roster.write("w.csv", &format!("Name,Email,Status\nPat Hill,pat@n.example,Active\n{rows}"));
        roster.expect(0, &[&["snapshot", "w", "w.csv"][..], more].concat());
    };
    list("Kim Park,kim@n.example,Active\n", &["--total", "2", "--taken", "2026-11-01T10:00:00-07:00"]);
    assert_eq!(review_json(&roster, 2, &[])["summary"]["wrong"], 1);
    list("", &["--taken", "2026-11-02T10:00:00-07:00"]);
    let review = review_json(&roster, 2, &[]);
    assert_eq!((&review["summary"]["wrong"], &review["workspaces"][0]["unseen"][0]["wrong"]), (&json!(1), &json!("wanted-inactive")));
    let text = roster.expect(2, &["review"]).stdout;
    assert!(text.contains("the roster says inactive") && !text.contains("nobody has looked"), "{text}");
    list("", &["--total", "1", "--taken", "2026-11-03T10:00:00-07:00"]);
    assert_eq!(review_json(&roster, 0, &[])["summary"]["wrong"], 0);
}

#[test]
fn the_name_of_somebody_who_has_left_counts_under_the_address_of_a_colleague() {
    let roster = Roster::empty();
    roster.write(
        "w.yaml",
        "workspace: w\nplatform: generic\nconnection: { snapshot: snapshots/w.yaml }\nstale_after: 9999d\nusers:\n  pat@n.example: {}\n",
    );
    let list = |name: &str| {
        roster.write("w.csv", &format!("Name,Email,Status\nPat Hill,pat@n.example,Active\n{name},info@n.example,Active\n"));
        roster.expect(0, &["snapshot", "w", "w.csv", "--total", "2"]);
    };
    let payroll = |rows: &str| {
        roster.write("staff.csv", &format!("Name,Email,Status\nPat Hill,pat@n.example,Active\n\"Low, Alex\",info@n.example,Active\n{rows}"))
    };
    let review = |code: i32| wrong(&review_json(&roster, code, &["--staff", "staff.csv"]));
    list("Di Fox");
    payroll("\"Fox, Di\",di@n.example,Terminated\n");
    assert_eq!(review(2), [("info@n.example".to_owned(), json!(["name-of-leaver"]))]);
    let text = roster.expect(2, &["review", "--staff", "staff.csv"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("its address is that of somebody on the payroll, and its name that of somebody who has left")
            && text.contains("perhaps the same as Di Fox <di@n.example>"),
        "{text}"
    );
    // Somebody of that name is employed: the account can be theirs.
    payroll("\"Fox, Di\",di@n.example,Terminated\n\"Fox, Di\",fox@n.example,Active\n");
    assert_eq!(review(0), []);
    // The holder of the address can have that name.
    list("Alexandra Low");
    payroll("\"Low, Alexandra\",al@n.example,Terminated\n");
    assert_eq!(review(0), []);
    list("Di Fox");
    payroll("Di Low,di@n.example,Terminated\n");
    assert_eq!(review(0), []);
}

#[test]
fn somebody_whose_last_day_is_still_to_come_is_named_and_counts_as_employed() {
    let roster = by_hand();
    let payroll =
        "Name,Work email,Status,Last day\n\"Park, Kim\",kim.park@glow.example,Active,2099-12-15\nAna Ruiz,ana.ruiz@glow.example,Active,\n";
    roster.write("payroll.csv", payroll);
    let text = roster.expect(2, &["review", "--staff", "payroll.csv"]).stdout;
    let (_, soon) = text.split_once("Leaving soon (1)").unwrap_or_else(|| panic!("{text}"));
    let soon: Vec<&str> = soon.lines().skip(1).take(2).map(str::trim).collect();
    assert_eq!(soon, ["* Kim Park <kim.park@glow.example>", "last day 2099-12-15; has access in glow-medspa"]);
}

#[test]
fn clinics_have_the_names_that_people_know_and_a_key_only_where_two_have_one_name() {
    let roster = by_hand();
    let all = |roster: &Roster| ["text", "csv", "markdown", "html"].map(|format| roster.run(&["review", "--format", format]).stdout);
    for said in all(&roster) {
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("Glow Downtown") && said.contains("Glow Uptown"), "{said}");
        assert!(!said.contains("downtown") && !said.contains("uptown"), "{said}");
    }
    let json = review_json(&roster, 2, &[]);
    assert_eq!(json["workspaces"][0]["clinics"], json!(["downtown", "uptown"]), "programs get the keys");
    roster.edit("glow.yaml", "uptown: { name: Glow Uptown }", "uptown: { name: Glow Downtown }");
    for said in all(&roster) {
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("Glow Downtown (uptown)") || said.contains("Glow Downtown [uptown]"), "{said}");
    }
}

#[test]
fn people_who_have_not_started_are_listed_apart_if_they_have_access() {
    let roster = by_hand();
    let people = ["Olivia Stone", "Hugo Brandt", "Marcus Lee", "Ana Ruiz", "Kim Park", "Mia Chen", "Tom Reed", "Ben Frost"];
    let row = |name: &&str| {
        let state = if ["Ana Ruiz", "Kim Park"].contains(name) { "Not started" } else { "Active" };
        format!("{name},{}@glow.example,{state}\n", name.to_lowercase().replace(' ', "."))
    };
    let rows: String = people.iter().map(row).collect();
    // Rosa has no access yet, and Kim works in another office already.
    let more = "Rosa Diaz,rosa.diaz@glow.example,Accepted\nKim Park,kim.park@glow.example,Active\n";
    roster.write("payroll.csv", &format!("Employee,Email,Status\n{rows}{more}"));
    let text = roster.run(&["review", "--staff", "payroll.csv"]).stdout;
    let (_, found) = text.split_once("Not started yet (1)").unwrap_or_else(|| panic!("{text}"));
    let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        found.starts_with("* Ana Ruiz <ana.ruiz@glow.example> on the payroll, and not started yet; has access in glow-medspa"),
        "{found}"
    );
    // A word of the office's own says what the office means by it.
    let text = roster.run(&["review", "--staff", "payroll.csv", "--staff-status", "Not started=employed"]).stdout;
    assert!(!text.contains("Not started yet"), "{text}");
}
