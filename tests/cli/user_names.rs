//! Products whose login is a user name: how people name somebody, and how plans, runbooks, imports and reviews do.

use serde_json::Value;

use crate::support::Roster;

const PLATFORM: &str = "define_platform: dental
name: Dental
states: [active, inactive]
fields: { first_name: {}, last_name: {}, role: { required: true } }
roles: { admin: { name: Admin }, front: { name: Front Office } }
administrators: { roles: [admin] }
list: { columns: { login: [User Name], email: [Email] } }
";

const ANA: &str = "users:\n  ana@spa.example: { id: aruiz, first_name: Ana, last_name: Ruiz, role: admin }\n";

/// A workspace with a list; `rows` are first name, last name, user name, address and role, separated by commas.
fn spa(users: &str, rows: &str) -> Roster {
    let roster = Roster::empty();
    roster.write("dental.yaml", PLATFORM);
    let head = "workspace: spa\nplatform: dental\nconnection: { snapshot: snapshots/spa.yaml }\nmanage: exact\n\
        guards: { removals: { count: 50, share: 1.0 } }\n";
    roster.write("spa.yaml", &format!("{head}{users}"));
    let list = rows.lines().map(|row| format!("{row},Yes\n")).collect::<Vec<_>>().concat();
    let list = roster.write("spa.csv", &format!("First Name,Last Name,User Name,Email,Role,Active\n{list}"));
    roster.expect(0, &["snapshot", "spa", list.to_str().unwrap(), "--total", &rows.lines().count().to_string()]);
    roster
}

const OFFICE: &str = "Ana,Ruiz,aruiz,office@spa.example,Admin\nBo,Lin,blin,office@spa.example,Front Office\n\
    Ed,Moe,Ed Moe-1,office@spa.example,Front Office\n";

#[test]
fn every_account_of_an_office_with_one_address_keeps_its_own_name() {
    let roster = spa(ANA, OFFICE);
    let plan = roster.expect(0, &["plan"]).stdout;
    for words in ["Bo Lin <blin>", "Ed Moe <Ed Moe-1>", "(user name aruiz)"] {
        assert!(plan.contains(words), "{words}: {plan}");
    }
    let runbook = roster.expect(0, &["plan", "--format", "runbook"]).stdout.replace("<!-- -->", "");
    let steps: Vec<&str> = runbook.split("- [ ] ").skip(1).map(|step| step.trim_start_matches("\\! ")).collect();
    let of = |name: &str| *steps.iter().find(|step| step.starts_with(&format!("**{name}"))).unwrap_or_else(|| panic!("{name}: {runbook}"));
    assert!(of("Bo Lin &lt;blin&gt;: inactivate").contains("› **Bo Lin**"), "{runbook}");
    assert!(of("Ed Moe &lt;Ed Moe-1&gt;: inactivate").contains("› **Ed Moe**"), "{runbook}");
    let ana = of("Ana Ruiz &lt;ana@spa.example&gt;, user name aruiz: update");
    assert!(ana.contains("› **Ana Ruiz**") && ana.contains("was office@spa.example"), "{runbook}");
}

#[test]
fn an_office_with_one_address_is_imported_with_an_id_for_everybody() {
    let roster = spa("", OFFICE);
    roster.edit("spa.yaml", "manage: exact\n", "");
    roster.expect(0, &["import", "spa"]);
    let text = std::fs::read_to_string(roster.path().join("spa.yaml")).unwrap();
    for words in ["    id: aruiz\n", "    id: blin\n", "    id: Ed Moe-1\n", "office@spa.example beside the user name Ed Moe-1"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("not in this roster"), "{text}");
    let plan = roster.expect(0, &["plan", "--detailed-exitcode", "--fail-on-refused"]).stdout;
    assert!(plan.contains("No changes."), "{plan}");
    let again = roster.expect(0, &["import", "spa", "--update"]).stdout;
    assert!(again.contains("Nothing is new"), "{again}");
}

#[test]
fn a_user_name_is_given_where_an_address_can_be() {
    let roster = spa(ANA, OFFICE);
    let plan = |user: &str| roster.expect(0, &["plan", "--user", user]).stdout;
    assert!(plan("Ed Moe-1").contains("Ed Moe <Ed Moe-1>") && !plan("Ed Moe-1").contains("blin"), "{}", plan("Ed Moe-1"));
    assert!(plan("BLIN").contains("Bo Lin <blin>") && plan("aruiz").contains("Ana Ruiz <ana@spa.example>"), "{}", plan("BLIN"));
    assert!(roster.expect(0, &["users", "--user", "blin"]).stdout.contains("Bo Lin"));
    let json: Value = serde_json::from_str(&roster.expect(0, &["plan", "--user", "blin", "--format", "json"]).stdout).unwrap();
    let id = json["workspaces"][0]["changes"][0]["step"]["id"].as_str().unwrap().to_owned();
    roster.expect(0, &["attest", "spa", "--done", &id, "--by", "olivia@spa.example"]);
    for user in ["blin", "Blin"] {
        let log = roster.expect(0, &["log", "--user", user]).stdout;
        assert!(log.contains("blin") && log.contains("olivia@spa.example"), "{log}");
    }
    assert!(!roster.expect(0, &["log", "--user", "aruiz"]).stdout.contains("olivia@spa.example"));
    let unknown = roster.expect(1, &["users", "--user", "bli"]);
    assert!(unknown.stderr.contains("did you mean `blin`?"), "{}", unknown.stderr);
}

#[test]
fn a_leaver_with_the_address_of_a_colleague_beside_a_user_name_is_found() {
    let roster = spa("", "Ana,Ruiz,aruiz,,Admin\nDi,Fox,dfox,info@spa.example,Front Office\n");
    roster.edit("spa.yaml", "manage: exact\n", "");
    let payroll = |di: &str| {
        let rows = format!("\"Ruiz, Ana\",ana@spa.example,aruiz,Active\n{di}\"Low, Gus\",info@spa.example,,Active\n");
        roster.write("payroll.csv", &format!("Name,Email,User name,Status\n{rows}"));
    };
    payroll("\"Fox, Di\",di@spa.example,,Terminated\n");
    let review: Value = serde_json::from_str(&roster.expect(2, &["review", "--staff", "payroll.csv", "--format", "json"]).stdout).unwrap();
    let people = review["people"].as_array().unwrap();
    let gus = people.iter().find(|person| person["name"] == "Gus Low").unwrap_or_else(|| panic!("{review:#}"));
    assert_eq!(gus["accounts"].as_array().unwrap().len(), 0, "{review:#}");
    payroll("\"Fox, Di\",info@spa.example,,Terminated\n");
    let review = roster.expect(2, &["review", "--staff", "payroll.csv"]).stdout;
    assert!(review.contains("Di Fox"), "{review}");
}

#[test]
fn the_answer_to_a_question_is_valid_as_it_is_printed() {
    let users = format!("{ANA}  bo@spa.example: {{ first_name: Bo, last_name: Lin, role: front }}\n");
    let roster = spa(&users, "Ana,Ruiz,aruiz,ana@spa.example,Admin\nBo,Lin,Bo L,,Front Office\n");
    let plan = roster.expect(0, &["plan"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plan.contains("`id: Bo L`"), "{plan}");
    roster.write(
        "spa.yaml",
        &(std::fs::read_to_string(roster.path().join("spa.yaml")).unwrap() + "  bo2@spa.example: { id: Bo L, status: inactive }\n"),
    );
    let plan = roster.expect(0, &["plan"]).stdout;
    assert!(plan.contains("Bo Lin <bo@spa.example>") && plan.contains("no account"), "{plan}");
}

#[test]
fn somebody_of_whom_only_a_tick_is_known_is_shown_with_it() {
    let roster = spa(ANA, OFFICE);
    let json: Value = serde_json::from_str(&roster.expect(0, &["plan", "--user", "blin", "--format", "json"]).stdout).unwrap();
    let id = json["workspaces"][0]["changes"][0]["step"]["id"].as_str().unwrap().to_owned();
    // A list that is newer than the tick would prove it.
    let list = roster.write("active.csv", "First Name,Last Name,User Name,Email,Role\nAna,Ruiz,aruiz,,Admin\n");
    roster.expect(0, &["attest", "spa", "--done", &id, "--by", "olivia@spa.example"]);
    roster.expect(0, &["snapshot", "spa", "--active", list.to_str().unwrap(), "--total", "active=1", "--without", "all"]);
    let known = |text: &str| text.contains("blin") && text.contains("inactivate attested by olivia@spa.example");
    let users = roster.expect(0, &["users", "--user", "blin", "--format", "csv"]).stdout;
    assert!(known(&users), "{users}");
    let review = roster.expect(0, &["review", "--format", "csv"]).stdout;
    assert!(known(&review), "{review}");
}

#[test]
fn an_open_question_is_counted_in_the_summary() {
    let roster = spa("users:\n  ana@spa.example: { first_name: Ana, last_name: Ruiz, role: admin }\n", "Ana,Ruiz,aruiz,,Admin\n");
    let plan = roster.expect(0, &["plan"]).stdout;
    assert!(plan.contains("The same person? (1)") && plan.contains("Summary: 1 question to answer. "), "{plan}");
    assert!(!plan.contains("No changes."), "{plan}");
}

#[test]
fn columns_that_say_nothing_of_anybody_are_left_out_of_the_table() {
    let roster = spa(ANA, OFFICE);
    let users = roster.expect(0, &["users"]).stdout;
    assert!(users.contains("  USER ") && users.contains("ROLE") && users.contains("PRIVILEGES"), "{users}");
    assert!(!users.contains("CLINICS") && !users.contains("FIELDS"), "nobody has a clinic here:\n{users}");
    roster.edit("dental.yaml", "fields: {", "fields: { team: { kind: text },");
    let list = roster.write("team.csv", "First Name,Last Name,User Name,Team,Active\nAna,Ruiz,aruiz,Blue,Yes\nBo,Lin,blin,,Yes\n");
    roster.expect(0, &["snapshot", "spa", list.to_str().unwrap(), "--total", "2", "--without", "role", "--without", "email"]);
    let users = roster.expect(0, &["users"]).stdout;
    assert!(users.contains("FIELDS") && users.contains("team: Blue") && users.contains("Not shown: "), "{users}");
    assert!(!users.contains("ROLE") && !users.contains("PRIVILEGES"), "the line above says that they are not shown:\n{users}");
}

#[test]
fn a_definitions_words_about_the_bill_replace_a_guess_about_seats() {
    let roster = spa(ANA, "Ana,Ruiz,aruiz,,Admin\nBo,Lin,blin,,Front Office\n");
    let bill = "runbook: { inactivate: { path: [Users], do: [Press Suspend.], check: It is gray., bill: A suspended user needs a license. } }\nadministrators:";
    roster.edit("dental.yaml", "administrators:", bill);
    let runbook = || roster.expect(0, &["plan", "--format", "runbook"]).stdout;
    let text = runbook();
    assert!(text.contains("Bill: A suspended user needs a license.") && !text.contains("One seat less"), "{text}");
    roster.edit("dental.yaml", "administrators:", "prices: [{ kind: account, cents: 4900, as_of: 2026-11-01 }]\nadministrators:");
    let text = runbook();
    assert!(text.contains("Bill: A suspended user needs a license.") && text.contains("One seat less: "), "a price is set:\n{text}");
}

#[test]
fn a_pair_with_a_user_name_says_to_add_that_to_the_payroll() {
    let roster = spa(ANA, "Ana,Ruiz,aruiz,,Admin\n");
    roster.write("staff.csv", "Employee,Work Email\n\"Ruiz, Ana\",ana.ruiz@home.example\n");
    let said = roster.expect(2, &["review", "--staff", "staff.csv"]).stdout;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Then add all addresses and user names to the person's row of the payroll"), "{said}");
    roster.write("staff.csv", "Employee,Work Email,Username\n\"Ruiz, Ana\",ana.ruiz@home.example,aruiz\n");
    let said = roster.expect(0, &["review", "--staff", "staff.csv"]).stdout;
    assert!(!said.contains("one person?") && said.contains("ana.ruiz@home.example"), "{said}");
}
