//! Platforms that a roster defines, from the list to the proof, by the real program.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROSTERCTL_")) {
        program.env_remove(name);
    }
    program.args(arguments).current_dir(directory).output().expect("the program starts")
}

fn talk(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs the program, and returns what it prints if it ends with the code.
fn said(directory: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(directory, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}", talk(&output));
    String::from_utf8(output.stdout).expect("text")
}

fn roster(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// The changes of a plan, as "who action".
fn changes(directory: &Path) -> Vec<String> {
    let plan: Value = serde_json::from_str(&said(directory, &["plan", "--format", "json"], 0)).expect("JSON");
    let all = plan["workspaces"].as_array().expect("workspaces").iter().flat_map(|one| one["changes"].as_array().expect("changes"));
    let mut all: Vec<String> =
        all.map(|change| format!("{} {}", change["user"].as_str().unwrap_or(""), change["action"].as_str().unwrap_or(""))).collect();
    all.sort();
    all
}

/// Copies an example without its snapshot, takes the list again, and compares.
fn example(name: &str, workspace: &str, list: &str, taken: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let from = root().join("examples/platforms").join(name);
    for entry in fs::read_dir(&from).expect("the example") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("the copy");
        }
    }
    let list = from.join("lists").join(list);
    let arguments = ["snapshot", workspace, list.to_str().expect("a path"), "--total", "4", "--taken", taken];
    said(folder.path(), &arguments, 0);
    let written = fs::read_to_string(folder.path().join(format!("snapshots/{workspace}.yaml"))).expect("the snapshot");
    let kept = fs::read_to_string(from.join(format!("snapshots/{workspace}.yaml"))).expect("the example's snapshot");
    assert_eq!(written, kept, "{name}: take the list again, and commit the snapshot");
    folder
}

#[test]
fn the_users_of_google_workspace_are_read_and_planned() {
    let folder = example("google-workspace", "glow-mail", "User_Download.csv", "2026-11-27T17:05:00-07:00");
    let expected = ["ana.ruiz@glow.example update", "rosa.diaz@glow.example invite", "tom.reed@glow.example inactivate"];
    assert_eq!(changes(folder.path()), expected);
    let runbook = said(folder.path(), &["plan", "--format", "runbook"], 0).replace("<!-- -->", "").replace('`', "");
    for words in [
        "Organizational unit: /Clinical (was /Front Desk)",
        "**Suspend user**",
        "Ask Ana Ruiz to enroll in 2-Step Verification",
        "Primary email: rosa.diaz@glow.example",
    ] {
        assert!(runbook.contains(words), "{words}:\n{runbook}");
    }
    assert!(!runbook.contains("Then go to"), "the form of a new user has the organizational unit:\n{runbook}");
    let plan = said(folder.path(), &["plan"], 0);
    assert!(plan.contains("does not say who is an administrator"), "{plan}");
}

#[test]
fn a_blocked_credential_of_microsoft_365_is_an_inactive_user() {
    let folder = example("microsoft-365", "bright-office", "users.csv", "2026-11-27T17:05:00-06:00");
    let expected = ["eve.moss@bright.example activate", "rob.hale@bright.example update", "sam.low@bright.example inactivate"];
    assert_eq!(changes(folder.path()), expected);
    let runbook = said(folder.path(), &["plan", "--format", "runbook"], 0);
    for words in
        ["**Unblock sign-in**", "Licenses: Microsoft 365 Business Premium (was Exchange Online (Plan 1), Microsoft 365 Business Premium)"]
    {
        assert!(runbook.replace("<!-- -->", "").replace('`', "").contains(words), "{words}:\n{runbook}");
    }
}

#[test]
fn licenses_that_nobody_knows_are_named_one_by_one() {
    let folder = example("microsoft-365", "bright-office", "users.csv", "2026-11-27T17:05:00-06:00");
    let list = fs::read_to_string(root().join("examples/platforms/microsoft-365/lists/users.csv")).expect("the list");
    let other = list.replace("Microsoft 365 Business Basic", "Microsoft 365 E5+Power Automate Free");
    assert_ne!(list, other);
    fs::write(folder.path().join("users.csv"), other).expect("the list");
    let refused = talk(&run(folder.path(), &["snapshot", "bright-office", "users.csv", "--total", "4"]));
    assert!(refused.contains("allowed: [\u{2026}, Microsoft 365 E5, Power Automate Free]"), "{refused}");
}

const BOOKING: &str = "define_platform: booking
name: Booking
states: [active]
fields:
  first_name: {}
  last_name: {}
  role: { required: true, label: Access }
  license: { label: License number, kind: text }
  tier: { label: Tier, kind: choice, allowed: [full-time, part-time] }
  reminders: { label: Reminders, kind: flag }
  rooms: { label: Rooms, kind: set, allowed: [sauna, laser] }
roles: { owner: { name: Owner }, staff: { name: Staff } }
administrators: { roles: [owner] }
list: { columns: { email: [Login], name: [Who] }, values: { tier: { Full: full-time }, rooms: { No rooms: none } } }
";

const SPA: &str = "workspace: spa
platform: booking
connection: { snapshot: spa-list.yaml }
manage: exact
stale_after: 90000d
guards: { removals: { share: 1 } }
users:
  ana@spa.example: { first_name: Ana, last_name: Ruiz, role: owner, license: AZ-2, tier: part-time, reminders: true, rooms: [sauna, laser] }
  bo@spa.example: { first_name: Bo, last_name: Lee, role: staff }
";

const OLD: &str = "Login,Who,Access,License number,Tier,Reminders,Rooms\n\
    ana@spa.example,Ana Ruiz,Owner,AZ-1,Full,no,sauna\n\
    kim@spa.example,\"Park, Kim\",Staff,,part time,yes,No rooms\n";

/// The list after the steps were done.
const NEW: &str = "Login,Who,Access,License number,Tier,Reminders,Rooms\n\
    ana@spa.example,Ana Ruiz,Owner,AZ-2,part-time,x,sauna; laser\n\
    bo@spa.example,Bo Lee,Staff,,,,\n";

fn take(directory: &Path, list: &str, taken: &str, total: &str) -> String {
    fs::write(directory.join("list.csv"), list).expect("the list");
    said(directory, &["snapshot", "spa", "list.csv", "--total", total, "--taken", taken], 0)
}

#[test]
fn users_who_leave_a_product_without_inactive_users_are_removed_and_a_complete_list_proves_it() {
    let folder = roster(&[("booking.yaml", BOOKING), ("spa.yaml", SPA)]);
    let folder = folder.path();
    take(folder, OLD, "2026-11-27T10:00:00Z", "2");
    assert_eq!(changes(folder), ["ana@spa.example update", "bo@spa.example invite", "kim@spa.example inactivate"]);
    let plan = said(folder, &["plan"], 0);
    for words in [
        "remove: no longer in the roster",
        "who are not in the roster will be removed",
        "create: no account yet",
        "It is complete.",
        "Summary: create 1 user, update 1 user, remove 1 user.",
    ] {
        assert!(plan.contains(words), "{words}:\n{plan}");
    }
    assert!(!plan.contains("who is an administrator"), "the definition says so:\n{plan}");
    // Nobody can be an owner anymore: the guard counts them.
    let without = SPA.replace("role: owner, ", "role: staff, ");
    fs::write(folder.join("spa.yaml"), without).expect("the roster");
    assert!(talk(&run(folder, &["plan"])).contains("last-administrator"));
    fs::write(folder.join("spa.yaml"), SPA).expect("the roster");

    let runbook = said(folder, &["plan", "--format", "runbook"], 0);
    for words in ["kim@spa.example&gt;: remove**", "Remove the user.", "License number: AZ-2 (was AZ-1)", "Tier: part-time (was full-time)"]
    {
        assert!(runbook.replace("<!-- -->", "").replace('`', "").contains(words), "{words}:\n{runbook}");
    }
    fs::write(folder.join("done.md"), runbook.replace("- [ ]", "- [x]")).expect("the runbook");
    said(folder, &["attest", "done.md", "--by", "olivia@spa.example"], 0);
    let log = said(folder, &["log"], 0);
    assert!(log.contains("  remove  ") && !log.contains("inactivate"), "{log}");
    let kept = fs::read_to_string(folder.join("spa-list.yaml")).expect("the list");
    for words in ["license: AZ-2", "tier: part-time", "reminders: true", "rooms: [laser, sauna]"] {
        assert!(kept.contains(words), "{words}:\n{kept}");
    }
    let waiting = said(folder, &["plan"], 0);
    assert!(waiting.split_whitespace().collect::<Vec<_>>().join(" ").contains("No steps are left"), "{waiting}");

    // This list is newer than the ticks: it was taken when its file was written.
    fs::write(folder.join("list.csv"), NEW).expect("the list");
    said(folder, &["snapshot", "spa", "list.csv", "--total", "2"], 0);
    let proved = said(folder, &["plan", "--detailed-exitcode"], 0);
    assert!(proved.contains("2 users already match"), "{proved}");
}

#[test]
fn somebody_who_was_removed_and_comes_back_is_created_anew() {
    let folder = roster(&[("booking.yaml", BOOKING), ("spa.yaml", SPA)]);
    let folder = folder.path();
    take(folder, OLD, "2026-11-27T10:00:00Z", "2");
    let runbook = said(folder, &["plan", "--format", "runbook"], 0);
    fs::write(folder.join("done.md"), runbook.replace("- [ ]", "- [x]")).expect("the runbook");
    said(folder, &["attest", "done.md", "--by", "olivia@spa.example"], 0);
    let back = format!("{SPA}  kim@spa.example: {{ first_name: Kim, last_name: Park, role: staff }}\n");
    fs::write(folder.join("spa.yaml"), back).expect("the roster");
    assert!(changes(folder).contains(&"kim@spa.example invite".to_owned()), "{:?}", changes(folder));
}

#[test]
fn a_saved_plan_is_shown_without_its_roster() {
    let folder = roster(&[("booking.yaml", BOOKING), ("spa.yaml", SPA)]);
    take(folder.path(), OLD, "2026-11-27T10:00:00Z", "2");
    said(folder.path(), &["plan", "--out", "plan.json"], 0);
    let here = said(folder.path(), &["plan", "--format", "runbook"], 0);
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::copy(folder.path().join("plan.json"), elsewhere.path().join("plan.json")).expect("the copy");
    let there = said(elsewhere.path(), &["show", "plan.json", "--format", "runbook"], 0);
    let without_times = |text: &str| {
        text.split("\"as_of\":").map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned()).collect::<String>()
    };
    assert_eq!(without_times(&here), without_times(&there));
    assert!(there.contains("License number"), "{there}");
}

#[test]
fn users_are_shown_with_the_fields_of_the_definition() {
    let folder = roster(&[("booking.yaml", BOOKING), ("spa.yaml", SPA)]);
    take(folder.path(), OLD, "2026-11-27T10:00:00Z", "2");
    let text = said(folder.path(), &["users"], 0);
    assert!(text.contains("FIELDS") && text.contains("AZ-1"), "{text}");
    let csv = said(folder.path(), &["users", "--format", "csv"], 0);
    assert!(csv.contains("license: AZ-1; reminders: no; rooms: sauna; tier: full-time"), "{csv}");
    assert!(csv.contains("license: (none); "), "a cell that is empty is not a gap: {csv}");
    // The definition says who manages users, and nothing else about what somebody may do.
    let kim = csv.lines().find(|line| line.contains("kim@")).expect("Kim");
    assert!(csv.contains(",manage users,role,") && kim.contains(",not shown,,"), "{csv}");
    let json: Value = serde_json::from_str(&said(folder.path(), &["users", "--format", "json"], 0)).expect("JSON");
    assert_eq!(json["workspaces"][0]["users"][0]["fields"]["license"], "AZ-1");
}

#[test]
fn words_of_a_list_that_a_definition_does_not_know_stop_with_the_nearest_one() {
    let folder = roster(&[("booking.yaml", BOOKING), ("spa.yaml", SPA)]);
    fs::write(folder.path().join("list.csv"), OLD.replace("Full,no,sauna", "Full tme,no,suna")).expect("the list");
    let output = run(folder.path(), &["snapshot", "spa", "list.csv"]);
    let said = talk(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for words in ["Full tme", "full-time", "suna", "sauna"] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
    assert!(!folder.path().join("spa-list.yaml").exists());
}

#[test]
fn a_user_who_was_reported_removed_and_is_still_listed_is_shown_with_the_reporter() {
    let folder = roster(&[("booking.yaml", BOOKING), ("spa.yaml", SPA)]);
    let folder = folder.path();
    take(folder, OLD, "2026-11-27T10:00:00Z", "2");
    let runbook = said(folder, &["plan", "--format", "runbook", "--user", "kim@spa.example"], 0);
    fs::write(folder.join("done.md"), runbook.replace("- [ ]", "- [x]")).expect("the runbook");
    said(folder, &["attest", "done.md", "--by", "olivia@spa.example"], 0);
    for command in [&["users", "--format", "csv"][..], &["review", "--format", "csv"]] {
        let text = said(folder, command, 0);
        let kim = text.lines().find(|line| line.contains("kim@spa.example")).unwrap_or_else(|| panic!("nobody in {text}"));
        assert!(kim.contains("removed") && kim.contains("remove attested by olivia@spa.example"), "{kim}");
    }
    assert!(said(folder, &["plan"], 0).contains("attested by olivia@spa.example"));
}

#[test]
fn a_user_name_that_a_definition_names_is_the_login_although_addresses_are_named_too() {
    let booking = BOOKING.replace("{ email: [Login], name: [Who] }", "{ login: [User ID], email: [Contact], name: [Who] }");
    let spa = "workspace: spa\nplatform: booking\nconnection: { snapshot: spa-list.yaml }\n";
    let folder = roster(&[("booking.yaml", &booking), ("spa.yaml", spa)]);
    let folder = folder.path();
    let list = "User ID,Contact,Who,Access,License number,Tier,Reminders,Rooms\n\
        aruiz,desk@spa.example,Ana Ruiz,Owner,AZ-1,Full,no,sauna\nkpark,desk@spa.example,Kim Park,Staff,,Full,no,laser\n\
        blee,,Bo Lee,Staff,,Full,no,laser\n";
    take(folder, list, "2026-11-27T10:00:00Z", "3");
    let kept = fs::read_to_string(folder.join("spa-list.yaml")).expect("the list");
    for login in ["aruiz:", "blee:", "kpark:"] {
        assert!(kept.contains(&format!("  {login}")), "{login}\n{kept}");
    }
    said(folder, &["import", "spa"], 0);
    assert!(said(folder, &["plan", "--detailed-exitcode"], 0).contains("No changes."));
}

#[test]
fn a_field_of_clinics_says_that_the_product_has_clinics() {
    let booking = BOOKING.replace("  last_name: {}\n", "  last_name: {}\n  clinics: { label: Sites }\n");
    let spa = SPA.replace("manage: exact", "clinics: { one: { name: First } }").replace("role: staff }", "role: staff, clinics: [one] }");
    let folder = roster(&[("booking.yaml", &booking), ("spa.yaml", &spa)]);
    assert!(said(folder.path(), &["validate"], 0).contains("The roster has no mistakes."));
    let without = booking.replace("name: Booking\n", "name: Booking\nclinics: false\n");
    fs::write(folder.path().join("booking.yaml"), without).expect("the definition");
    assert!(talk(&run(folder.path(), &["validate"])).contains("remove `clinics: false`"));
}

#[test]
fn a_list_whose_word_for_a_block_the_definition_names_shows_that_nobody_is_blocked() {
    let booking = BOOKING
        .replace("states: [active]", "states: [active, inactive, blocked]")
        .replace("values: { tier", "values: { status: { Locked: blocked }, tier");
    let folder =
        roster(&[("booking.yaml", &booking), ("spa.yaml", "workspace: spa\nplatform: booking\nconnection: { snapshot: spa-list.yaml }\n")]);
    let folder = folder.path();
    let list = "Login,Who,Access,Status\nana@spa.example,Ana Ruiz,Owner,Active\nkim@spa.example,Kim Park,Staff,Locked\n";
    take(folder, list, "2026-11-27T10:00:00Z", "2");
    take(folder, &list.replace("Locked", "Active"), "2026-11-28T10:00:00Z", "2");
    let kept = fs::read_to_string(folder.join("spa-list.yaml")).expect("the list");
    assert_eq!(kept.matches("blocked: false").count(), 2, "{kept}");
}

#[test]
fn a_key_that_a_definition_lacks_says_where_to_add_it() {
    let spa = SPA
        .replace("manage: exact", "clinics: { one: { name: First } }")
        .replace("role: staff }", "role: staff, clinics: [one], phones: [] }");
    let folder = roster(&[("booking.yaml", BOOKING), ("spa.yaml", &spa)]);
    let text = talk(&run(folder.path(), &["validate"]));
    assert_eq!(text.matches("add `clinics: {}` under `fields` in the definition of the platform").count(), 2, "{text}");
    assert!(text.contains("add `phones: {}` under `fields`"), "{text}");
}

#[test]
fn seats_of_a_definition_are_counted_by_role_with_the_price_of_each() {
    let seats = "seats: { by: role, kinds: [owner, staff] }\nprices: [{ kind: staff, cents: 1950, as_of: 2026-11-01 }]\n";
    let spa = SPA.replace("manage: exact", "manage: additive");
    let folder = roster(&[("booking.yaml", &format!("{BOOKING}{seats}")), ("spa.yaml", &spa)]);
    take(folder.path(), OLD, "2026-11-27T10:00:00Z", "2");
    let plan = said(folder.path(), &["plan"], 0);
    for words in
        ["monthly bill +19.50 USD", "owner         1 seat; no price is set", "staff         2 seats (was 1); 19.50 USD each per month"]
    {
        assert!(plan.contains(words), "{words}:\n{plan}");
    }
}

#[test]
fn of_two_accounts_with_one_address_the_user_name_says_which_is_meant() {
    let kiosk = "define_platform: kiosk\nname: Kiosk\nfields: { first_name: {}, last_name: {} }\nlist: { columns: { login: [User ID] } }\n";
    let desk = "workspace: desk\nplatform: kiosk\nconnection: { snapshot: desk-list.yaml }\nmain_admin: olivia@k.example\nmanage: exact\nguards: { removals: { share: 1.0 } }\n\
                users:\n  olivia@k.example: { id: olivia, first_name: Olivia, last_name: Stone }\n  tom@k.example: { id: ttom, first_name: Tom, last_name: Reed }\n";
    let list = "User ID,Email,Name,Status\nolivia,olivia@k.example,Olivia Stone,Active\nttom,tom@k.example,Tom Reed,Active\ntom2,tom@k.example,Tom Reed,Active\n";
    let folder = roster(&[("kiosk.yaml", kiosk), ("desk.yaml", desk), ("list.csv", list)]);
    let folder = folder.path();
    said(folder, &["snapshot", "desk", "list.csv", "--total", "3", "--taken", "2026-11-27T10:00:00Z"], 0);
    let plan = said(folder, &["plan"], 0);
    assert!(plan.contains("Tom Reed <tom2>") && plan.contains("inactivate: no longer in the roster"), "{plan}");
    let runbook = said(folder, &["plan", "--format", "runbook"], 0).replace("<!-- -->", "");
    assert!(runbook.contains("Tom Reed &lt;tom2&gt;: inactivate**"), "{runbook}");
    let page = said(folder, &["plan", "--format", "html"], 0);
    assert!(page.contains("Tom Reed &lt;tom2&gt;"), "{page}");
}

#[test]
fn a_runbook_has_the_labels_and_names_that_the_definition_gives() {
    let desk = "define_platform: front\nname: Front App\nemail_label: Work address\n\
        fields: { first_name: { label: Given name }, last_name: { label: Family name }, role: { required: true, label: Access level }, \
        clinics: { label: Branches }, hours: { label: Working hours, kind: choice, allowed: [full-time, part-time] }, \
        sms: { label: Text reminders, kind: flag }, tools: { label: Machines, kind: set, allowed: [laser, botox] } }\n\
        roles: { owner: { name: Practice Owner }, desk: { name: Reception } }\n";
    let spa = "workspace: spa\nplatform: front\nconnection: { snapshot: spa-list.yaml }\nclinics: { up: { name: Glow Uptown } }\nusers:\n  \
        ana@spa.example: { first_name: Ana, last_name: Ruiz, role: desk, clinics: [up], hours: part-time, sms: true, tools: [laser, botox] }\n  \
        kim@spa.example: { first_name: Kim, last_name: Park, role: owner, clinics: [up], hours: full-time, sms: false, tools: [] }\n";
    let folder = roster(&[("front.yaml", desk), ("spa.yaml", spa)]);
    let list = "Given name,Family name,Work address,Access level,Branches,Working hours,Text reminders,Machines,Status\n\
        Kim,Park,kim@spa.example,Reception,Glow Uptown,Part time,Yes,\"Laser, Botox\",Active\n";
    take(folder.path(), list, "2026-11-27T10:00:00Z", "1");
    let runbook = said(folder.path(), &["plan", "--format", "runbook"], 0).replace("<!-- -->", "");
    let steps: Vec<&str> = runbook.split("- [ ] ").skip(1).collect();
    let step = |who: &str| *steps.iter().find(|step| step.contains(&format!("**{who}"))).unwrap_or_else(|| panic!("{who}: {runbook}"));
    for line in [
        "Work address: `ana@spa.example`",
        "Given name: `Ana`",
        "Family name: `Ruiz`",
        "Access level: Reception",
        "Branches: Glow Uptown",
        "Working hours: part-time",
        "Text reminders: Yes",
        "Machines: botox, laser",
    ] {
        assert!(step("Ana Ruiz").contains(line), "{line}: {runbook}");
    }
    for line in [
        "Access level: Practice Owner (was Reception)",
        "Working hours: full-time (was part-time)",
        "Text reminders: No (was Yes)",
        "Machines: leave empty (was botox, laser)",
    ] {
        assert!(step("Kim Park").contains(line), "{line}: {runbook}");
    }
    for key in ["first_name", "own-", "sms", "tools", "desk", "(was up)"] {
        let seen: String = runbook.lines().filter(|line| !line.contains("<!-- rosterctl step")).collect();
        assert!(!seen.contains(key), "{key}: {seen}");
    }
}
