//! The commands as people run them.

use crate::bless;
use crate::support::{Roster, settled};

#[test]
fn a_good_roster_is_valid() {
    let roster = Roster::example("glow");
    let said = roster.expect(0, &["validate"]).stdout;
    assert_eq!(said, "glow-medspa (Aesthetic Record): 12 users\nThe roster has no mistakes.\n");
    let json: serde_json::Value = serde_json::from_str(&roster.expect(0, &["validate", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["valid"], true);
}

#[test]
fn listing_the_tokens_of_a_workspace_that_does_not_exist_yet_creates_nothing() {
    let roster = Roster::example("glow");
    let before = std::fs::read_dir(roster.path()).unwrap().count();
    let said = roster.expect(1, &["token", "list", "--workspace", "glow-medspa"]);
    assert!(said.stderr.contains("there is no database"), "{}", said.stderr);
    assert_eq!(std::fs::read_dir(roster.path()).unwrap().count(), before);
}

#[test]
fn every_mistake_is_shown_with_its_place() {
    let roster = Roster::example("glow");
    roster.edit("glow.yaml", "role: lead-provider", "role: lead-provder");
    roster.edit("glow.yaml", "default_clinic: downtown", "default_clinc: downtown");
    let said = roster.expect(1, &["validate"]);
    assert_eq!(said.stdout, "");
    assert!(
        said.stderr.contains("glow.yaml:") && said.stderr.contains("lead-provider") && said.stderr.contains("default_clinic"),
        "{}",
        said.stderr
    );
    let json: serde_json::Value = serde_json::from_str(&roster.expect(1, &["validate", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["valid"], false);
    assert!(json["count"].as_u64().unwrap() >= 2);
    roster.expect(1, &["plan"]);
    roster.expect(1, &["apply", "--yes"]);
}

#[test]
fn a_plan_shows_what_a_week_brings() {
    let roster = Roster::example("glow-next");
    bless::compare("cli/recorded/glow_next_plan.txt", &settled(&roster.expect(0, &["plan"]).stdout));
    bless::compare("cli/recorded/glow_next_markdown.txt", &settled(&roster.expect(0, &["plan", "--format", "markdown"]).stdout));
    let json: serde_json::Value =
        serde_json::from_str(&roster.expect(2, &["plan", "--format", "json", "--detailed-exitcode"]).stdout).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&roster.expect(0, &["schema", "plan"]).stdout).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&json));
    let file = roster.path().join("monday.plan");
    roster.expect(0, &["plan", "--out", file.to_str().unwrap()]);
    let saved: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&saved), "what is saved is what is published");
    assert_eq!(json["summary"]["block"], 1);
    assert_eq!(json["summary"]["refused"], 1);
}

#[test]
fn a_plan_writes_nothing_and_says_the_same_twice() {
    let roster = Roster::example("group");
    let before = roster.files();
    let first = roster.expect(0, &["plan"]).stdout;
    assert_eq!(roster.expect(0, &["plan"]).stdout, first);
    let json = || roster.expect(0, &["plan", "--format", "json"]).stdout;
    // The server's time of the reading, and with it the checksum, differ.
    let varies = |line: &&str| line.contains("\"as_of\":") || line.contains("\"checksum\":");
    let steady = |text: &str| text.lines().filter(|line| !varies(line)).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(steady(&json()), steady(&json()));
    assert_eq!(roster.files(), before);
}

#[test]
fn applied_twice_the_second_run_changes_nothing() {
    // A17
    for example in ["glow", "bright-dental", "lakeside", "group"] {
        let roster = Roster::example(example);
        let first = roster.expect(0, &["apply", "--yes"]);
        assert!(first.stdout.contains(": matches the roster, "), "{}", first.stdout);
        let second = roster.expect(0, &["apply", "--yes"]);
        assert!(second.stdout.contains("No changes. "), "{}", second.stdout);
        roster.expect(0, &["plan", "--detailed-exitcode"]);
    }
}

#[test]
fn a_workspace_is_one_whole_file_and_its_key_when_a_command_has_ended() {
    let roster = Roster::example("group");
    let beside = || {
        let folder = std::fs::read_dir(roster.path().join(".rosterctl")).unwrap();
        let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains(".db-")).collect::<Vec<_>>()
    };
    roster.expect(0, &["apply", "--yes"]);
    assert_eq!(beside(), [""; 0], "after the first apply");
    roster.expect(0, &["apply", "--yes"]);
    assert_eq!(beside(), [""; 0], "after an apply without changes");
    roster.expect(0, &["plan"]);
    assert_eq!(beside(), [""; 0], "after a plan");
    roster.edit("medspa.yaml", "+1 602 555 0101", "+1 602 555 0109");
    roster.expect(6, &["apply"]);
    assert_eq!(beside(), [""; 0], "after an apply nobody agreed to");
    roster.expect(1, &["apply", "--yes", "--user", "nobody@glow.example"]);
    assert_eq!(beside(), [""; 0], "after an apply of nobody");
    roster.expect(0, &["plan", "--out", "monday.plan"]);
    roster.edit("medspa.yaml", "connection: {", "manage: observe\nconnection: {");
    roster.expect(5, &["apply", "--yes", "--plan", "monday.plan"]);
    assert_eq!(beside(), [""; 0], "after an apply of a plan that no longer fits");
    roster.edit("medspa.yaml", "manage: observe\n", "");
    roster.expect(1, &["token", "create", "--workspace", "glow-medspa", "--owner", "nobody@glow.example"]);
    assert_eq!(beside(), [""; 0], "after a token for nobody");
    let copy = roster.path().join(".rosterctl/copy.db");
    std::fs::copy(roster.path().join(".rosterctl/glow-medspa.db"), &copy).unwrap();
    roster.edit("medspa.yaml", "embedded: {}", "embedded: { path: .rosterctl/copy.db }");
    let said = roster.expect(1, &["plan"]).stdout;
    assert!(said.contains("the key file"), "a copy without its key is not opened:\n{said}");
    std::fs::copy(roster.path().join(".rosterctl/glow-medspa.key"), copy.with_extension("key")).unwrap();
    let plan = roster.expect(0, &["plan"]).stdout;
    assert!(plan.contains("marcus.lee@glow.example") && !plan.contains("ana.ruiz@glow.example"), "a copy holds everything:\n{plan}");
}

#[test]
fn a_week_is_applied_once_the_block_is_confirmed() {
    // AR-19
    let mut roster = Roster::example("glow-next");
    roster.unset("ROSTERCTL_CONFIRM_PHONE");
    let said = roster.expect(6, &["apply", "--yes"]);
    assert!(said.stdout.contains("ROSTERCTL_CONFIRM_PHONE_GLOW_MEDSPA"), "{}", said.stdout);
    roster.expect(6, &["apply", "--yes", "--confirm-phone", "+1 602 555 0177"]);
    roster.expect(6, &["apply", "--yes", "--confirm-phone", "+1 602 555 9999"]);
    assert!(!roster.path().join(".rosterctl/glow-medspa.db").exists(), "an unconfirmed block writes nothing at all");
    // As it is written in the workspace's country.
    roster.set("ROSTERCTL_CONFIRM_PHONE_GLOW_MEDSPA", "(602) 555-0100");
    let said = roster.expect(3, &["apply", "--yes"]);
    assert!(said.stdout.contains("glow-medspa: matches the roster, except for 1 refusal"), "{}", said.stdout);
    bless::compare("cli/recorded/glow_next_receipt.txt", &settled(said.stdout.split_once("Digest: ").unwrap().1));
    let again = roster.expect(3, &["apply", "--yes"]);
    assert!(again.stdout.contains("No changes. 10 users already match."), "{}", again.stdout);
}

#[test]
fn nobody_there_to_say_yes_means_nothing_is_written() {
    let roster = Roster::example("glow");
    let said = roster.expect(6, &["apply"]);
    assert!(said.stderr.contains("--yes"), "{}", said.stderr);
    assert!(!roster.path().join(".rosterctl").exists());
}

#[test]
fn a_saved_plan_is_shown_and_applied_as_it_was() {
    let roster = Roster::example("glow");
    let fresh = roster.expect(0, &["plan", "--out", "week.plan"]);
    assert_eq!(roster.expect(0, &["show", "week.plan"]).stdout, fresh.stdout);
    let said = roster.expect(0, &["apply", "--plan", "week.plan", "--yes", "--receipt", "week.receipt"]);
    assert!(said.stdout.contains("matches the roster"), "{}", said.stdout);
    let shown = roster.expect(0, &["show", "week.receipt", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&roster.expect(0, &["schema", "receipt"]).stdout).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&json));
    assert_eq!(json["workspaces"][0]["converged"], true);
    // All of it is done: nothing is written, and nobody is said to have meddled.
    let again = roster.expect(0, &["apply", "--plan", "week.plan", "--yes"]);
    assert!(again.stdout.contains("matches the roster") && !again.stdout.contains("someone"), "{}", again.stdout);
}

/// The digest that a plan says.
fn digest_of(said: &str) -> String {
    said.split_once("Digest: ").unwrap().1.trim().to_owned()
}

#[test]
fn only_the_plan_with_the_approved_digest_is_applied() {
    let roster = Roster::example("glow");
    let approved = digest_of(&roster.expect(0, &["plan", "--out", "week.plan"]).stdout);
    assert_eq!(digest_of(&roster.expect(0, &["plan"]).stdout), approved, "the same plan, made again");
    let name = "name: Glow Uptown";
    roster.edit("glow.yaml", name, "name: Glow North");
    roster.expect(0, &["plan", "--out", "other.plan"]);
    for run in [
        &["apply", "--yes", "--plan", "other.plan", "--digest", &approved][..],
        &["apply", "--yes", "--digest", &approved],
        &["apply", "--yes", "--plan", "other.plan", "--digest", &approved[..12]],
    ] {
        let said = roster.expect(5, run);
        assert!(said.stderr.contains("nothing was written") && said.stderr.contains(&approved[..12]), "{}", said.stderr);
    }
    assert!(!roster.path().join(".rosterctl").exists(), "nothing is written, not even a folder");
    for wrong in [&approved[..11], "not-a-digest", &format!("{approved}0")] {
        let said = roster.run(&["apply", "--yes", "--digest", wrong]);
        assert!(said.code == 1 && said.stderr.contains("the first 12"), "{}: {}", said.code, said.stderr);
    }
    roster.edit("glow.yaml", "name: Glow North", name);
    roster.expect(0, &["apply", "--yes", "--plan", "week.plan", "--digest", &approved[..12].to_uppercase()]);
    let nothing = digest_of(&roster.expect(0, &["plan"]).stdout);
    roster.expect(0, &["apply", "--yes", "--digest", &nothing]);
}

#[test]
fn an_embedded_workspace_is_changed_by_its_own_main_admin_even_if_the_roster_names_another() {
    let roster = Roster::empty();
    let user = |name: &str, role: &str, phone: &str| {
        format!(
            "  {name}@glow.example: {{ first_name: {name}, last_name: Stone, role: {role}, clinics: [downtown], phones: [\"{phone}\"] }}\n"
        )
    };
    let users = [user("olivia", "administrator", "+1 602 555 0100"), user("kim", "front-desk", "+1 602 555 0177")].concat();
    let hugo = user("hugo", "administrator", "+1 602 555 0103");
    let before = hugo.replace("@glow.example: {", "@glow.example: { state: active,");
    let others = users.replace("@glow.example: {", "@glow.example: { state: active,");
    roster.write("start.yaml", &format!("start: glow\nclinics: {{ downtown: {{ name: Downtown }} }}\naccounts:\n{before}{others}"));
    let head = "workspace: glow\nplatform: aesthetic-record\nconnection: { embedded: { start: start.yaml } }\nmain_admin: olivia@glow.example\nclinics: { downtown: { name: Downtown } }\nusers:\n";
    roster.write("glow.yaml", &format!("{head}{users}{hugo}"));
    roster.expect(0, &["apply", "--yes"]);
    roster.edit("glow.yaml", "main_admin: olivia", "main_admin: hugo");
    roster.edit("glow.yaml", "kim@glow.example: {", "kim@glow.example: { blocked: { reason: activity-review },");
    roster.expect(6, &["apply", "--yes", "--confirm-phone", "+1 602 555 0103"]);
    let said = roster.expect(3, &["apply", "--yes", "--confirm-phone", "+1 602 555 0100"]);
    assert!(said.stdout.contains("matches the roster, except for 1 refusal"), "{}", said.stdout);
}

#[test]
fn a_saved_plan_for_one_user_is_judged_by_that_user() {
    let roster = Roster::example("glow");
    roster.expect(0, &["plan", "--user", "tess.cole@glow.example", "--out", "tess.plan"]);
    let said = roster.expect(0, &["apply", "--plan", "tess.plan", "--yes"]);
    assert!(said.stdout.contains("matches the roster"), "{}", said.stdout);
}

#[test]
fn an_empty_saved_plan_is_compared_with_the_present_workspace() {
    let roster = Roster::example("glow");
    roster.expect(0, &["apply", "--yes"]);
    roster.expect(0, &["plan", "--out", "none.plan"]);
    let said = roster.expect(0, &["apply", "--plan", "none.plan", "--yes", "--format", "json"]);
    assert!(said.stdout.contains("matches the roster, no changes made"), "{}", said.stdout);
    roster.edit("glow.yaml", "phones: [\"+1 602 555 0171\"]", "phones: [\"+1 602 555 0172\"]");
    let said = roster.expect(3, &["apply", "--plan", "none.plan", "--yes"]);
    let words = said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("The roster or the workspace has changed since: plan again") && words.contains("tess.cole@glow.example"),
        "{}",
        said.stdout
    );
}

#[test]
fn an_observed_workspace_is_said_to_differ_and_never_to_match() {
    let roster = Roster::example("glow");
    roster.edit("glow.yaml", "manage: exact  ", "manage: observe");
    let plan = roster.expect(0, &["plan", "--detailed-exitcode"]).stdout;
    assert!(!plan.contains("No changes"), "{plan}");
    let section = plan.split_once("Differs from the roster, and is not written: `manage: observe` (").expect("the differences").1;
    assert!(section.contains("default clinic  (none) → downtown"), "{plan}");
    assert!(plan.contains(" differences from the roster; ") && plan.contains(" differences that `manage: observe` leaves alone"), "{plan}");
    let said = roster.expect(0, &["apply", "--yes", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let workspace = &json["workspaces"][0];
    assert_eq!(workspace["converged"], false);
    let standing = workspace["standing"].as_str().unwrap();
    assert!(standing.starts_with("observed, ") && !standing.starts_with("observed, 0 "), "{standing}");
}

#[test]
fn accounts_that_changed_since_the_plan_are_left_alone_and_the_rest_is_applied() {
    // A13
    let roster = Roster::example("glow");
    roster.expect(0, &["plan", "--out", "week.plan"]);
    let tess = "tess.cole@glow.example";
    let (planned, meanwhile) =
        ("default_clinic: downtown\n    phones: [\"+1 602 555 0171\"]", "default_clinic: uptown\n    phones: [\"+1 602 555 0171\"]");
    roster.edit("glow.yaml", planned, meanwhile);
    roster.expect(0, &["apply", "--yes", "--user", tess]);
    roster.edit("glow.yaml", meanwhile, planned);
    let said = roster.expect(5, &["apply", "--yes", "--plan", "week.plan", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let outcome = |user: &str| {
        let changes = json["workspaces"][0]["changes"].as_array().unwrap();
        changes.iter().find(|c| c["user"] == user).map(|c| c["outcome"].as_str().unwrap().to_owned())
    };
    assert_eq!(outcome(tess).as_deref(), Some("drifted"));
    assert_eq!(outcome("lee.olsen@glow.example").as_deref(), Some("done"));
    assert!(said.stderr.contains(&format!("left alone: {tess}: someone changed")), "{}", said.stderr);
    assert_eq!(json["workspaces"][0]["converged"], false);
    roster.expect(0, &["apply", "--yes"]);
    roster.expect(0, &["plan", "--detailed-exitcode"]);
}

#[test]
fn a_plan_is_not_applied_to_another_store_of_a_workspace_of_the_same_name() {
    // A13, rule 2 of the core
    let (here, there) = (Roster::example("glow"), Roster::example("glow"));
    for roster in [&here, &there] {
        roster.expect(0, &["apply", "--yes"]);
        roster.edit("glow.yaml", "phones: [\"+1 602 555 0171\"]", "phones: [\"+1 602 555 0172\"]");
    }
    here.expect(0, &["plan", "--out", "week.plan"]);
    std::fs::copy(here.path().join("week.plan"), there.path().join("week.plan")).unwrap();
    let said = there.expect(5, &["apply", "--yes", "--plan", "week.plan"]);
    assert!(said.stdout.contains("the plan was made for embedded:glow-medspa#"), "{}", said.stdout);
    there.expect(2, &["plan", "--detailed-exitcode"]);
    here.expect(0, &["apply", "--yes", "--plan", "week.plan"]);
}

#[test]
fn a_plan_of_another_roster_or_workspace_is_not_applied() {
    // A13
    let glow = Roster::example("glow");
    glow.expect(0, &["plan", "--out", "glow.plan"]);
    let dental = Roster::example("bright-dental");
    std::fs::copy(glow.path().join("glow.plan"), dental.path().join("glow.plan")).unwrap();
    let said = dental.expect(1, &["apply", "--yes", "--plan", "glow.plan"]);
    assert!(said.stderr.contains("not in this roster"), "{}", said.stderr);
    glow.edit(
        "glow.yaml",
        "{ embedded: { start: start.yaml } }",
        "{ scim: { url: \"http://127.0.0.1:9/glow/scim/v2\", token: { command: [echo, x] } } }",
    );
    glow.expect(1, &["apply", "--yes", "--plan", "glow.plan"]);
    assert!(!dental.path().join(".rosterctl").exists() && !glow.path().join(".rosterctl").exists());
}

#[test]
fn a_file_in_place_of_the_folder_is_a_mistake_that_names_the_folder() {
    let roster = Roster::example("glow");
    for arguments in [["validate", "glow.yaml"], ["plan", "glow.yaml"]] {
        let said = roster.expect(1, &arguments);
        assert!(said.stderr.contains("`glow.yaml` is a file: give the folder that contains the roster files, `.`"), "{}", said.stderr);
    }
}

#[test]
fn a_damaged_plan_is_refused() {
    // A14
    let roster = Roster::example("glow");
    roster.expect(0, &["plan", "--out", "week.plan"]);
    let text = std::fs::read_to_string(roster.path().join("week.plan")).unwrap();
    for damaged in [text.replace("Hugo", "Hubo"), text[..text.len() / 2].to_owned(), String::new(), "{}".to_owned()] {
        assert_ne!(damaged, text);
        roster.write("bad.plan", &damaged);
        for arguments in [&["show", "bad.plan"][..], &["apply", "--plan", "bad.plan", "--yes"]] {
            let said = roster.expect(1, arguments);
            assert!(said.stderr.contains("bad.plan"), "{}", said.stderr);
        }
    }
    assert!(!roster.path().join(".rosterctl").exists());
}

#[test]
fn one_user_can_be_planned_and_applied_alone() {
    let roster = Roster::example("glow");
    let said = roster.expect(0, &["plan", "--user", "ana.ruiz@glow.example", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let users: Vec<&str> = json["workspaces"][0]["changes"].as_array().unwrap().iter().filter_map(|c| c["user"].as_str()).collect();
    assert!(users.contains(&"ana.ruiz@glow.example") && users.len() < 5, "{users:?}");
    let said = roster.expect(1, &["plan", "--user", "anna.ruiz@glow.example"]);
    assert!(said.stderr.contains("did you mean `ana.ruiz@glow.example`?"), "{}", said.stderr);
    let said = roster.expect(1, &["plan", "--workspace", "glow-medpsa"]);
    assert!(said.stderr.contains("did you mean `glow-medspa`?"), "{}", said.stderr);
    roster.expect(0, &["apply", "--yes", "--user", "ana.ruiz@glow.example"]);
    roster.expect(2, &["plan", "--detailed-exitcode"]);
}

#[test]
fn the_waiver_a_stopped_plan_prints_lifts_the_guard() {
    // B4
    let roster = Roster::example("glow-next");
    roster.edit("glow.yaml", "manage: exact", "guards: { removals: { count: 0, share: 0 } }\nmanage: exact");
    let said = roster.expect(4, &["plan"]);
    bless::compare("cli/recorded/glow_next_stopped.txt", &settled(said.stdout.split("Look at these first").next().unwrap()));
    let saved = roster.expect(4, &["plan", "--out", "plan.json"]).stderr;
    assert!(saved.contains("A guard stops it") && !saved.contains("Apply it with"), "{saved}");
    roster.expect(4, &["apply", "--yes"]);
    assert!(!roster.path().join(".rosterctl/glow-medspa.db").exists());
    let waiver = said.stdout.lines().find(|l| l.contains("- { workspace")).unwrap();
    roster.write("waivers.yaml", &format!("waivers:\n{waiver}\n"));
    assert!(roster.expect(1, &["plan"]).stderr.contains("`SAY WHY` is not a reason"));
    roster.write("waivers.yaml", &format!("waivers:\n{}\n", waiver.replace("SAY WHY", "the practice moves")));
    roster.expect(0, &["plan"]);
    roster.expect(3, &["apply", "--yes"]);
}

#[test]
fn an_unreadable_workspace_does_not_delay_the_others() {
    let roster = Roster::example("glow");
    roster.write(
        "far.yaml",
        "workspace: far-away\nplatform: aesthetic-record\nmain_admin: zoe.hart@far.example\n\
         connection: { scim: { url: \"http://127.0.0.1:9/far/scim/v2\", token: { env: FAR_TOKEN } } }\nclinics: { main: { name: Main } }\n\
         users:\n  zoe.hart@far.example: { first_name: Zoe, last_name: Hart, role: administrator, clinics: [main], phones: [\"+16025550111\"] }\n",
    );
    let said = roster.expect(1, &["plan"]);
    assert!(said.stdout.contains("far-away") && said.stdout.contains("FAR_TOKEN"), "{}", said.stdout);
    assert!(
        said.stdout.contains("glow-medspa (Aesthetic Record)") && said.stdout.contains("Nothing planned for: far-away."),
        "{}",
        said.stdout
    );
    let said = roster.expect(1, &["apply", "--yes"]);
    assert!(said.stdout.contains("glow-medspa: matches the roster"), "{}", said.stdout);
    assert!(said.stdout.contains("far-away: not read, so nothing was written: "), "{}", said.stdout);
    let said = roster.expect(1, &["apply", "--yes", "--format", "json", "--receipt", "receipt.json"]);
    let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((&document["unread"][0]["workspace"], &document["summary"]["converged"]), (&"far-away".into(), &1.into()));
    assert!(roster.expect(0, &["show", "receipt.json"]).stdout.contains("far-away: not read"));
}

#[test]
fn a_directory_without_yaml_is_an_error_and_yml_is_pointed_out() {
    let roster = Roster::empty();
    assert!(roster.expect(1, &["plan"]).stderr.contains("there is no .yaml file"));
    assert!(roster.expect(1, &["plan", "nowhere"]).stderr.contains("nowhere"));
    roster.write("glow.yml", "workspace: glow\n");
    assert!(roster.expect(1, &["validate"]).stderr.contains("`glow.yml` is ignored"));
    roster.expect(1, &["plan", "--no-such-flag"]);
    roster.expect(1, &[]);
    roster.expect(0, &["--help"]);
    roster.expect(0, &["--version"]);
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read_and_anything_else_called_yaml_is_named() {
    let pipe = |path: &std::path::Path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    let roster = Roster::example("glow");
    let x = roster.path().join("x.yaml");
    let linked = || {
        pipe(&roster.path().join("pipe"));
        std::os::unix::fs::symlink("pipe", &x).unwrap();
    };
    for (make, what) in [
        (&(|| pipe(&x)) as &dyn Fn(), "not a regular file"),
        (&linked, "not a regular file"),
        (&|| std::os::unix::fs::symlink("nowhere", &x).unwrap(), "cannot read"),
    ] {
        make();
        for command in ["validate", "plan"] {
            let said = roster.expect(1, &[command]).stderr;
            assert!(said.contains("x.yaml") && said.contains(what), "{said}");
        }
        std::fs::remove_file(&x).unwrap();
    }
    std::fs::create_dir(&x).unwrap();
    let said = roster.expect(1, &["validate"]).stderr;
    assert!(said.contains("x.yaml` is a folder"), "{said}");
    std::fs::remove_dir(&x).unwrap();
    std::fs::rename(roster.path().join("glow.yaml"), roster.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", &x).unwrap();
    roster.expect(0, &["validate"]);
}

#[test]
fn files_that_a_run_leaves_are_its_owners_only_and_not_for_git() {
    let roster = Roster::example("glow");
    roster.expect(0, &["apply", "--yes"]);
    assert_eq!(std::fs::read_to_string(roster.path().join(".rosterctl/.gitignore")).unwrap(), "*\n");
    #[cfg(unix)]
    for file in roster.files().iter().filter(|f| f.starts_with(".rosterctl") && !f.ends_with(".gitignore")) {
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(roster.path().join(file)).unwrap());
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn completions_and_the_manual_page_know_every_command() {
    let roster = Roster::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(roster.expect(0, &["completions", shell]).stdout.contains("detailed-exitcode"));
    }
    assert!(roster.expect(0, &["man"]).stdout.contains("rosterctl"));
    assert!(roster.expect(0, &["man", "apply"]).stdout.contains("confirm\\-phone"));
    roster.expect(1, &["man", "nothing"]);
    roster.expect(0, &["schema", "--all", "schemas"]);
    let published: Vec<_> = std::fs::read_dir("schemas").unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(std::fs::read_dir(roster.path().join("schemas")).unwrap().count(), published.len(), "none is missing, none is left over");
    for name in published {
        let written = std::fs::read_to_string(roster.path().join("schemas").join(&name)).unwrap();
        assert_eq!(written, std::fs::read_to_string(std::path::Path::new("schemas").join(&name)).unwrap());
    }
}

#[test]
fn a_token_is_revoked_with_directory_and_id_in_either_order() {
    let roster = Roster::example("glow");
    let at = ["--workspace", "glow-medspa"];
    for swapped in [false, true] {
        let owner = ["--owner", "olivia.stone@glow.example", "--access", "read"];
        let made = roster.expect(0, &[&["token", "create", "."], &at[..], &owner[..]].concat());
        let id = made.stderr.split(' ').nth(1).unwrap().to_owned();
        let words = if swapped { [".", id.as_str()] } else { [id.as_str(), "."] };
        let said = roster.expect(0, &[&["token", "revoke"], &words[..], &at[..]].concat());
        assert!(said.stderr.contains(&format!("Token {id} is revoked.")), "{}", said.stderr);
        roster.expect(1, &[&["token", "revoke", id.as_str()], &at[..]].concat());
    }
}
