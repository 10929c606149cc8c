//! `rosterctl import`: a workspace that already lives becomes a roster whose first plan is empty.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::support::Roster;

/// Checks that the roster is valid and that its plan has no changes.
fn settled(roster: &Roster) -> String {
    let said = roster.expect(0, &["validate"]);
    assert!(said.stdout.contains("The roster has no mistakes."), "{}", said.stdout);
    let plan = roster.expect(0, &["plan", "--detailed-exitcode", "--fail-on-refused"]).stdout;
    assert!(plan.contains("No changes."), "{plan}");
    plan
}

fn file(roster: &Roster, name: &str) -> String {
    std::fs::read_to_string(roster.path().join(name)).unwrap()
}

/// A workspace whose list of users is a CSV file.
fn listed(platform: &str, list: &str, more: &str) -> Roster {
    let roster = Roster::empty();
    roster.write("glow.yaml", &format!("workspace: glow\nplatform: {platform}\nconnection: {{ snapshot: snapshots/glow.yaml }}\n{more}"));
    take(&roster, list);
    roster
}

fn take(roster: &Roster, list: &str) {
    roster.write("in/all.csv", list);
    roster.expect(0, &["snapshot", "glow", "in/all.csv"]);
}

#[test]
fn an_embedded_workspace_becomes_a_roster_whose_plan_is_empty() {
    for (example, workspace) in [("glow", "glow-medspa"), ("bright-dental", "bright-dental"), ("lakeside", "lakeside")] {
        let roster = Roster::example(example);
        roster.expect(0, &["apply", "--yes"]);
        let platform = file(&roster, &format!("{}.yaml", own_file(&roster, workspace)));
        let platform = platform.lines().find(|line| line.starts_with("platform:")).unwrap().to_owned();
        for name in roster.files().iter().filter(|name| name.extension().is_some_and(|end| end == "yaml")) {
            std::fs::remove_file(roster.path().join(name)).unwrap();
        }
        roster.write("w.yaml", &format!("# mine\nworkspace: {workspace}\n{platform}\nconnection: {{ embedded: {{}} }}\n"));
        let said = roster.expect(0, &["import", workspace]);
        assert!(said.stdout.contains("Next: rosterctl plan ."), "{}", said.stdout);
        let text = file(&roster, "w.yaml");
        assert!(text.starts_with("# mine\nworkspace: ") && text.contains("\nmanage: additive\n"), "{text}");
        settled(&roster);
        let said = roster.expect(1, &["import", workspace]);
        assert!(said.stderr.contains("add `--update`"), "{}", said.stderr);
        let again = roster.expect(0, &["import", workspace, "--update"]);
        assert!(again.stdout.contains("Nothing is new"), "{}", again.stdout);
        assert_eq!(file(&roster, "w.yaml"), text);
    }
}

#[test]
fn a_workspace_on_a_server_becomes_a_roster_with_a_token_that_can_only_read() {
    for (example, workspace, owner) in [
        ("glow", "glow-medspa", "olivia.stone@glow.example"),
        ("bright-dental", "bright-dental", "dana.fox@bright.example"),
        ("lakeside", "lakeside", "dr.iyer@lakeside.example"),
    ] {
        let there = Roster::example(example);
        there.expect(0, &["apply", "--yes"]);
        let own = file(&there, &format!("{}.yaml", own_file(&there, workspace)));
        let platform = own.lines().find(|line| line.starts_with("platform:")).unwrap();
        let token = there.expect(0, &["token", "create", "--workspace", workspace, "--owner", owner, "--access", "read"]).stdout;
        let mut serve = Command::new(assert_cmd::cargo::cargo_bin("rosterctl"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(there.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(serve.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().split('/').take(3).collect::<Vec<_>>().join("/");
        let mut here = Roster::empty();
        here.set("TOKEN", token.trim());
        let connection = format!("{{ scim: {{ url: \"{base}/{workspace}/scim/v2\", token: {{ env: TOKEN }} }} }}");
        here.write("w.yaml", &format!("workspace: {workspace}\n{platform}\nconnection: {connection}\n"));
        let said = here.run(&["import", workspace, "--by", "role"]);
        let plan = here.run(&["plan", "--detailed-exitcode", "--fail-on-refused"]);
        serve.kill().unwrap();
        serve.wait().unwrap();
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        assert!(plan.code == 0 && plan.stdout.contains("No changes."), "{}{}", plan.stdout, plan.stderr);
        assert!(file(&here, "w.yaml").contains(&format!("\nmain_admin: {owner}\n")));
        here.expect(0, &["validate"]);
    }
}

/// The file without its ending that has a workspace.
fn own_file(roster: &Roster, workspace: &str) -> String {
    let names = roster.files();
    let mut own = names.iter().filter_map(|name| name.to_str()?.strip_suffix(".yaml"));
    own.find(|name| file(roster, &format!("{name}.yaml")).contains(&format!("\nworkspace: {workspace}\n"))).unwrap().to_owned()
}

#[test]
fn odd_values_of_a_list_survive() {
    let list = "First Name,Last Name,Email,Title,Phone,Role,Status\n\
        No,1e5,no@x.example,Null,+1 602 555 0100,On,Active\n\
        ~,\"O'Neil, \"\"Jr\"\"\",tilde@x.example,\"MD: head # of\",,y,Active\n\
        Zoë,Müller-Lüdenscheidt,zoe@x.example,- x,,\"lead: {a}\",Inactive\n\
        007,0x1F,seven@x.example,12:30,+1 602 555 0102,true,Active\n\
        \"[a]\",!b,star@x.example,*c,+1 602 555 0103,&d,Active\n";
    let roster = listed("generic", list, "");
    let said = roster.expect(0, &["import", "glow"]);
    assert!(said.stdout.starts_with("5 users of glow written to glow.yaml."), "{}", said.stdout);
    settled(&roster);
    let text = file(&roster, "glow.yaml");
    for part in ["first_name: \"No\"", "last_name: \"1e5\"", "title: \"Null\"", "first_name: \"~\"", "role: \"true\"", "status: inactive"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn the_main_admin_is_asked_for_where_nothing_shows_who_it_is() {
    let list =
        "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\nKim Park,kim@glow.example,Front Desk,Active\n";
    let roster = listed("aesthetic-record", list, "");
    let before = file(&roster, "glow.yaml");
    let said = roster.expect(1, &["import", "glow"]);
    assert!(said.stderr.contains("main_admin: ADDRESS") && said.stderr.contains("olivia@glow.example"), "{}", said.stderr);
    let said = roster.expect(1, &["import", "glow", "--main-admin", "olive@glow.example"]);
    assert!(said.stderr.contains("correct the address"), "{}", said.stderr);
    assert_eq!(file(&roster, "glow.yaml"), before, "nothing is written");
    roster.expect(0, &["import", "glow", "--main-admin", "olivia@glow.example"]);
    settled(&roster);
    assert!(file(&roster, "glow.yaml").contains("main_admin: olivia@glow.example\nmanage: additive\n"));
}

#[test]
fn a_choice_that_a_person_must_make_is_a_comment_above_the_user() {
    let list = "First Name,Last Name,Email,Role,Status\n\
        Front,Desk,frontdesk@glow.example,x,Active\n\
        ,,info@glow.example,x,Active\n\
        ,,ana.r@glow.example,x,Active\n\
        Ana & Kim,Ruiz,both@glow.example,x,Active\n\
        Kim,Park,kim@glow.example,x,Active\n\
        KIM,Park,kim.p@glow.example,x,Inactive\n";
    let roster = listed("generic", list, "");
    let said = roster.expect(0, &["import", "glow"]);
    assert!(said.stdout.contains("5 comments ask you to decide something: look for `decide:`."), "{}", said.stdout);
    settled(&roster);
    let text = file(&roster, "glow.yaml");
    let above = |key: &str| text.split(&format!("\n  {key}:")).next().unwrap().lines().last().unwrap().to_owned();
    for (key, said) in [
        ("frontdesk@glow.example", "a shared mailbox"),
        ("info@glow.example", "a shared mailbox"),
        ("ana.r@glow.example", "no first and last name"),
        ("both@glow.example", "several people"),
    ] {
        assert!(above(key).starts_with("  # decide: ") && above(key).contains(said), "{key}: {}", above(key));
    }
    assert!(
        text.contains("# decide: kim.p@glow.example has the same name") ^ text.contains("# decide: kim@glow.example has the same name")
    );
}

#[test]
fn user_names_and_logins_that_differ_only_in_case_are_kept_apart() {
    let list =
        "User Name,First Name,Last Name,Role,Status\naruiz,Ana,Ruiz,x,Active\nARuiz,Ana Maria,Ruiz,x,Active\nkpark,Kim,Park,x,Active\n";
    let roster = listed("generic", list, "");
    roster.expect(0, &["import", "glow"]);
    settled(&roster);
    let text = file(&roster, "glow.yaml");
    assert!(text.contains("    id: kpark\n") && text.contains("shows no address for the user name kpark"), "{text}");
    assert!(text.contains("    id: aruiz\n") && text.contains("    id: ARuiz\n"), "{text}");
    roster.edit("glow.yaml", "kpark@user-name.invalid:", "kim.park@glow.example:");
    settled(&roster);
}

#[test]
fn an_update_adds_only_what_is_new_and_keeps_every_other_byte() {
    let head = "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\n";
    let roster = listed("aesthetic-record", head, "main_admin: olivia@glow.example\n");
    roster.edit("glow.yaml", "\n", "\r\n");
    roster.expect(0, &["import", "glow"]);
    roster.edit("glow.yaml", "users:", "# who works here\r\nusers: # all of them");
    let text = format!("{}\r\n# the end\r\nwaivers: []\r\n", file(&roster, "glow.yaml").trim_end());
    roster.write("glow.yaml", &text);
    take(&roster, &format!("{head}Kim Park,kim@glow.example,Front Desk,Active\n,info@glow.example,Front Desk,Active\n"));
    let said = roster.expect(0, &["import", "glow", "--update"]);
    assert!(said.stdout.starts_with("2 users of glow written to glow.yaml."), "{}", said.stdout);
    let new = file(&roster, "glow.yaml");
    let (before, after) = text.split_once("# the end").unwrap();
    assert!(new.starts_with(before.trim_end()) && new.ends_with(&format!("# the end{after}")), "{new}");
    assert!(new.contains("  # decide: this looks like a shared mailbox"), "{new}");
    assert!(!new.replace("\r\n", "").contains('\n'), "line ends stay");
    settled(&roster);
    let again = roster.expect(0, &["import", "glow", "--update"]);
    assert!(again.stdout.starts_with("Nothing is new"), "{}", again.stdout);
}

#[test]
fn users_are_divided_by_clinic_or_role_into_files_of_their_own() {
    let list = "Name,Email,Role,Clinics,Status\nOlivia Stone,olivia@glow.example,Administrator,Downtown; Uptown,Active\n\
        Kim Park,kim@glow.example,Front Desk,Downtown,Active\nLee Old,lee@glow.example,Provider,Uptown,Inactive\n";
    let more = "main_admin: olivia@glow.example\nclinics: { downtown: { name: Downtown }, uptown: { name: Uptown } }\n";
    let roster = listed("aesthetic-record", list, more);
    roster.expect(0, &["import", "glow", "--by", "clinic"]);
    settled(&roster);
    assert!(file(&roster, "glow.yaml").contains("olivia@glow.example:") && !file(&roster, "glow.yaml").contains("kim@"));
    assert!(file(&roster, "glow-downtown.yaml").starts_with("users_of: glow\nusers:\n  kim@glow.example:\n"));
    assert!(file(&roster, "glow-uptown.yaml").contains("lee@glow.example"));
    take(&roster, &format!("{list}Rosa Diaz,rosa@glow.example,Front Desk,Uptown,Active\n"));
    roster.expect(0, &["import", "glow", "--by", "clinic", "--update"]);
    assert!(file(&roster, "glow-uptown.yaml").contains("rosa@glow.example"));
    settled(&roster);

    let roster = listed("aesthetic-record", list, more);
    roster.write("glow-front-desk.yaml", "waivers: []\n");
    let said = roster.expect(1, &["import", "glow", "--by", "role"]);
    assert!(said.stderr.contains("does not begin with `users_of: glow`"), "{}", said.stderr);
    std::fs::remove_file(roster.path().join("glow-front-desk.yaml")).unwrap();
    roster.expect(0, &["import", "glow", "--by", "role"]);
    settled(&roster);
    assert!(!file(&roster, "glow.yaml").contains("\nusers:"));
    assert!(file(&roster, "glow-administrator.yaml").contains("olivia@glow.example"));
}

#[test]
fn a_workspace_that_is_unknown_or_not_there_yet_cannot_be_imported() {
    let roster = Roster::empty();
    roster.write("w.yaml", "workspace: glow\nplatform: generic\nconnection: { embedded: {} }\n");
    let said = roster.expect(1, &["import", "glo"]);
    assert!(said.stderr.contains("did you mean `glow`?"), "{}", said.stderr);
    roster.write("w.yaml", "workspace: glow\nplatform: generic\nconnection: { embedded: {} }\nmain_admin: a@x.example\n");
    let said = roster.expect(1, &["import", "glow"]);
    assert!(said.stderr.contains("`glow` does not exist yet"), "{}", said.stderr);
    roster.expect(1, &["plan"]);
    assert!(roster.expect(1, &["validate"]).stderr.contains("`users` is missing"));
}

#[test]
fn a_main_admin_who_is_still_to_be_imported_is_not_a_mistake() {
    let list =
        "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\nKim Park,kim@glow.example,Front Desk,Active\n";
    for more in ["main_admin: olivia@glow.example\nusers: {}\n", "users: {}\nmain_admin: olivia@glow.example\n"] {
        let roster = listed("aesthetic-record", list, "");
        let head = file(&roster, "glow.yaml");
        roster.write("glow.yaml", &format!("{head}{more}"));
        roster.expect(0, &["import", "glow"]);
        settled(&roster);
    }
    let roster = listed("aesthetic-record", list, "main_admin: olivia@glow.example\n");
    roster.write("desk.yaml", "users_of: glow\nusers:\n  kim@glow.example: { first_name: Kim, last_name: Park, role: front-desk }\n");
    roster.expect(1, &["import", "glow"]);
    roster.expect(0, &["import", "glow", "--update"]);
    assert!(settled(&roster).contains("2 users already match"));
}

#[test]
fn an_update_of_users_in_brackets_keeps_the_comments() {
    let head = "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\n";
    let roster = listed("aesthetic-record", head, "main_admin: olivia@glow.example\n");
    let users = "users: { olivia@glow.example: { first_name: Olivia, last_name: Stone, role: administrator } }   # all\n# the end\n";
    roster.write("glow.yaml", &format!("{}{users}", file(&roster, "glow.yaml")));
    take(&roster, &format!("{head}Kim Park,kim@glow.example,Front Desk,Active\n,info@glow.example,Front Desk,Active\n"));
    let said = roster.expect(0, &["import", "glow", "--update"]);
    assert!(said.stdout.contains("1 comment asks you to decide something"), "{}", said.stdout);
    let text = file(&roster, "glow.yaml");
    assert!(text.contains("  # decide: this looks like a shared mailbox") && text.ends_with("   # all\n# the end\n"), "{text}");
    settled(&roster);
}

#[test]
fn a_comment_in_brackets_stays_with_the_user_before_it() {
    let head = "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\n";
    for comma in [",", ""] {
        let roster = listed("aesthetic-record", head, "main_admin: olivia@glow.example\n");
        let olivia = "{ first_name: Olivia, last_name: Stone, role: administrator }";
        let users = format!("users: {{\n  olivia@glow.example: {olivia}{comma}  # boss\n  # zed left\n}}\n");
        roster.write("glow.yaml", &format!("{}{users}", file(&roster, "glow.yaml")));
        take(&roster, &format!("{head}Kim Park,kim@glow.example,Front Desk,Active\n,info@glow.example,Front Desk,Active\n"));
        roster.expect(0, &["import", "glow", "--update"]);
        let text = file(&roster, "glow.yaml");
        assert!(text.contains(&format!("{olivia},  # boss\n  # decide: ")) && text.contains("\n  # zed left\n}"), "{text}");
        settled(&roster);
    }
}

#[test]
fn an_update_leaves_an_account_to_a_person_that_may_be_a_users_under_a_new_address() {
    let head = "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\n";
    let roster = listed("generic", head, "");
    roster.expect(0, &["import", "glow"]);
    let text = file(&roster, "glow.yaml");
    let ana = "  ana.cruz@glow.example: { first_name: Ana, last_name: N\u{fa}\u{f1}ez }\n";
    let with_ana = format!("{}\n{}", text.trim_end(), ana);
    roster.write("glow.yaml", &with_ana);
    take(&roster, &format!("{head}Ana Nunez,ana.dlc@glow.example,Provider,Active\nKim Park,kim@glow.example,Front Desk,Active\n"));
    let said = roster.expect(0, &["import", "glow", "--update"]).stdout;
    assert!(
        said.contains("1 user of glow written") && said.contains("1 account was not imported: a comment in the file says why"),
        "{said}"
    );
    let new = file(&roster, "glow.yaml");
    assert!(new.starts_with(with_ana.trim_end()), "{new}");
    let named = "# 1 account is in the workspace and not in this roster, and stays as it is:\n# - ana.dlc@glow.example: ";
    assert!(new.contains(named) && new.matches("ana.dlc@").count() == 1, "{new}");
    let again = roster.expect(0, &["import", "glow", "--update"]).stdout;
    assert!(again.starts_with("Nothing is new") && again.contains("1 account was not imported: a comment"), "{again}");
    assert_eq!(file(&roster, "glow.yaml"), new, "each is named once");
}

#[test]
fn a_provider_whose_medical_director_cannot_be_written_is_imported_without_what_needs_one() {
    let roster = Roster::empty();
    let olivia =
        "olivia@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [one], phones: [\"+1 602 555 0100\"] }";
    let head = "workspace: glow\nplatform: aesthetic-record\n";
    let clinics = "clinics: { one: { name: One } }\n";
    roster.write(
        "start.yaml",
        &format!(
            "start: glow\n{clinics}accounts:\n  {}\n  marcus@glow.example: {{ first_name: Marcus, last_name: Lee, role: medical-director, \
             clinics: [one], phones: [\"+1 602 555 0101\"], state: pending, invitation: expired }}\n",
            olivia.replace(" }", ", provider: { md_consent: marcus@glow.example } }")
        ),
    );
    roster.write(
        "w.yaml",
        &format!(
            "{head}connection: {{ embedded: {{ start: start.yaml }} }}\nmain_admin: olivia@glow.example\n{clinics}users:\n  {olivia}\n"
        ),
    );
    roster.expect(0, &["apply", "--yes"]);
    std::fs::remove_file(roster.path().join("start.yaml")).unwrap();
    roster.write("w.yaml", &format!("{head}connection: {{ embedded: {{}} }}\n"));
    let said = roster.expect(0, &["import", "glow"]).stdout;
    assert!(said.contains("1 user of glow written") && said.contains("1 account was not imported"), "{said}");
    let text = file(&roster, "w.yaml");
    assert!(text.contains("# decide: `provider` names a colleague") && !text.contains("md_consent"), "{text}");
    settled(&roster);
}

#[test]
fn an_update_asks_about_accounts_that_an_exact_roster_would_take_away() {
    let head = "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\n";
    let roster = listed("generic", head, "");
    roster.expect(0, &["import", "glow"]);
    roster.edit("glow.yaml", "manage: additive", "manage: exact");
    take(&roster, &format!("{head}Tom Reed,tom@glow.example,Provider,Active\n"));
    let said = roster.expect(0, &["import", "glow", "--update"]).stdout;
    assert!(said.contains("1 comment asks you to decide something"), "{said}");
    let text = file(&roster, "glow.yaml");
    assert!(text.contains("  # decide: the roster lists everybody who should have access (`manage: exact`)"), "{text}");
}

#[test]
fn somebody_who_was_only_invited_is_not_the_main_admin() {
    let list =
        "Name,Email,Role,Status\nOlivia Stone,olivia@glow.example,Administrator,Active\nAna Ruiz,ana@glow.example,Provider,Pending\n";
    let roster = listed("aesthetic-record", list, "");
    let said = roster.expect(1, &["import", "glow", "--main-admin", "ana@glow.example"]).stderr;
    assert!(said.contains("no active account of the main admin ana@glow.example"), "{said}");
    roster.expect(0, &["import", "glow", "--main-admin", "olivia@glow.example"]);
}

#[test]
fn an_import_names_what_the_first_plan_changes_since_the_file_says_so() {
    let roster = Roster::example("glow");
    roster.expect(0, &["apply", "--yes"]);
    for name in roster.files().iter().filter(|name| name.extension().is_some_and(|end| end == "yaml")) {
        std::fs::remove_file(roster.path().join(name)).unwrap();
    }
    let head = "workspace: glow-medspa\nplatform: aesthetic-record\nconnection: { embedded: {} }\n";
    roster.write("w.yaml", &format!("{head}clinics: {{ dt: {{ name: Glow Downtown }}, uptown: {{ name: Uptown Two }} }}\n"));
    let said = roster.expect(0, &["import", "glow-medspa"]).stdout;
    assert!(said.contains("The first plan makes 2 changes that the file asks for:"), "{said}");
    assert!(said.contains("  create clinic dt: the workspace has this name under the key `downtown`; use that key in the file"), "{said}");
    assert!(said.contains("  update clinic uptown: the file says something else than the workspace"), "{said}");
}

#[test]
fn a_main_admin_who_cannot_be_imported_can_be_written_by_hand() {
    let list = "Name,Email,Role,Clinics,Default Clinic,Status\nOlivia Stone,olivia@glow.example,Administrator,Downtown; Uptown,,Active\n\
        Ana Ruiz,ana@glow.example,Provider,Downtown; Uptown,Uptown,Active\n";
    let more = "main_admin: olivia@glow.example\nclinics: { downtown: { name: Downtown }, uptown: { name: Uptown } }\n";
    let roster = listed("aesthetic-record", list, more);
    let said = roster.expect(1, &["import", "glow"]).stderr;
    assert!(
        said.contains("`default_clinic` is missing") && said.contains("by hand under `users`, and run it again with `--update`"),
        "{said}"
    );
    let olivia = "users:\n  olivia@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown, uptown], default_clinic: uptown }\n";
    roster.write("glow.yaml", &format!("{}{olivia}", file(&roster, "glow.yaml")));
    let said = roster.expect(0, &["import", "glow", "--update"]).stdout;
    assert!(said.starts_with("1 user of glow written"), "{said}");
}

#[test]
fn a_name_of_one_word_is_a_question_and_a_product_that_shows_no_names_asks_none() {
    let roster = listed("generic", "Name,Email,Role,Status\nAna Ruiz,ana@glow.example,x,Active\nPrince,prince@glow.example,x,Active\n", "");
    roster.expect(0, &["import", "glow"]);
    settled(&roster);
    let text = file(&roster, "glow.yaml");
    assert!(text.contains("name. Find out whose account this is\n  prince@glow.example:"), "{text}");
    assert_eq!(text.matches("decide:").count(), 1, "{text}");
    let roster = listed("generic", "Email,Role,Status\nprince@glow.example,x,Active\n", "");
    roster.expect(0, &["import", "glow"]);
    assert!(!file(&roster, "glow.yaml").contains("decide:"));
}
