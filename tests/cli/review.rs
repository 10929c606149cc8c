//! `review`: who has access to what, and who should not; unknown is never called "no access", and nobody is merged by a guess.

use serde_json::{Value, json};

use crate::support::Roster;

pub(super) const LIST: &str = "snapshots/glow-medspa.yaml";

/// A payroll of everybody whom the roster of the example without an interface has, and of Mia under the list's address.
const PAYROLL: &str = "Employee,Work email,Private email,Status,Last day,Salary\n\
    \"Stone, Olivia\",olivia.stone@glow.example,,Active,,1\nHugo Brandt,hugo.brandt@glow.example,,Active,,2\n\
    Marcus Lee,marcus.lee@glow.example,,Active,,3\nAna Ruiz,ana.ruiz@glow.example,ana@home.example,Active,,3\n\
    Kim Park,kim.park@glow.example,,Active,,3\nRosa Diaz,,rosa@home.example,Active,,3\nMia Chen,mia.chen@glow.example,,Active,,4\n";

pub(super) fn by_hand() -> Roster {
    let roster = Roster::example("vendor-glow");
    roster.write(LIST, &std::fs::read_to_string("examples/vendor-glow/snapshots/glow-medspa.yaml").unwrap());
    roster.write("payroll.csv", PAYROLL);
    roster
}

pub(super) fn json(roster: &Roster, code: i32, arguments: &[&str]) -> Value {
    let all: Vec<&str> = ["review", "--format", "json"].into_iter().chain(arguments.iter().copied()).collect();
    serde_json::from_str(&roster.expect(code, &all).stdout).unwrap()
}

/// The person who has a login.
fn person<'v>(review: &'v Value, login: &str) -> &'v Value {
    let has = |person: &&Value| person["logins"].as_array().unwrap().iter().any(|own| own == login);
    review["people"].as_array().unwrap().iter().find(has).unwrap_or_else(|| panic!("{login} is not in {review:#}"))
}

/// The accounts with access that should not be, by login.
pub(super) fn wrong(review: &Value) -> Vec<(String, Value)> {
    let accounts = review["people"].as_array().unwrap().iter().flat_map(|person| person["accounts"].as_array().unwrap());
    let wrong = accounts.filter(|account| account["wrong"] != json!([]));
    let mut all: Vec<(String, Value)> =
        wrong.map(|account| (account["user"].as_str().unwrap().to_owned(), account["wrong"].clone())).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn accounts_of_people_who_left_or_whom_nobody_pays_are_found_and_end_with_2() {
    let roster = by_hand();
    let before = roster.files();
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    let schema: Value = serde_json::from_str(&std::fs::read_to_string("schemas/review.schema.json").unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema, &review), "{review:#}");
    assert_eq!(
        wrong(&review),
        [
            ("ben.frost@glow.example".to_owned(), json!(["not-on-payroll", "not-in-roster"])),
            ("mia.chen@glow.example".to_owned(), json!(["not-in-roster"])),
            ("tom.reed@glow.example".to_owned(), json!(["not-on-payroll", "not-in-roster"])),
        ]
    );
    assert_eq!(review["summary"]["without_account"], 1, "Rosa is paid and has no account");
    // Whether the link of Ben's invitation is still valid, the list does not show.
    assert_eq!(person(&review, "ben.frost@glow.example")["accounts"][0]["access"], "unknown");
    assert_eq!(person(&review, "lee.old@glow.example")["accounts"][0]["access"], "no");
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    roster.edit("payroll.csv", "Kim Park,kim.park@glow.example,,Active,", "Kim Park,kim.park@glow.example,,Active,2020-01-31");
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    let found = wrong(&review);
    assert!(found.contains(&("kim.park@glow.example".to_owned(), json!(["left"]))) && found.len() == 3, "{found:?}");
    roster.edit(LIST, "change: inactivate,", "change: update,");
    roster.expect(0, &["review"]);
    roster.edit(LIST, "change: update,", "change: inactivate,");
    assert_eq!(roster.files(), before);
}

#[test]
fn the_roster_alone_says_who_should_not_have_access() {
    let roster = by_hand();
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    roster.edit("glow.yaml", "kim.park@glow.example: { first_name: Kim,", "kim.park@glow.example: { status: inactive, first_name: Kim,");
    roster.edit(
        "glow.yaml",
        "hugo.brandt@glow.example: { first_name: Hugo,",
        "hugo.brandt@glow.example: { blocked: { reason: clear-schedule }, first_name: Hugo,",
    );
    let review = json(&roster, 2, &[]);
    assert_eq!(
        wrong(&review),
        [
            ("hugo.brandt@glow.example".to_owned(), json!(["wanted-blocked"])),
            ("kim.park@glow.example".to_owned(), json!(["wanted-inactive"])),
            ("tom.reed@glow.example".to_owned(), json!(["said-to-be-gone"]))
        ]
    );
    assert_eq!(person(&review, "kim.park@glow.example")["on_payroll"], Value::Null);
}

#[test]
fn a_workspace_that_cannot_be_read_comes_first_and_is_never_called_no_account() {
    let roster = by_hand();
    roster.write(
        "office.yaml",
        "workspace: office\nplatform: generic\nconnection: { snapshot: snapshots/office.yaml }\nusers: { a@x.example: { first_name: A } }\n",
    );
    let text = roster.expect(1, &["review", "--staff", "payroll.csv"]).stdout;
    let place = |word: &str| text.find(word).unwrap_or_else(|| panic!("{word} is not in {text}"));
    assert!(place("Not everything is known") < place("These people should not have access"), "{text}");
    assert!(text.contains("could not be read") && text.contains("unknown in office"), "{text}");
    let csv = roster.expect(1, &["review", "--staff", "payroll.csv", "--format", "csv"]);
    assert!(csv.stderr.contains("office"), "{}", csv.stderr);
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(csv.stdout.as_bytes()).records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| &row[9] == "unknown"), "{}", csv.stdout);
    // An incomplete list does not show that somebody has no account.
    std::fs::remove_file(roster.path().join("office.yaml")).unwrap();
    roster.edit(LIST, "active: { total: 7,", "active: { total: 9,");
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    assert_eq!(person(&review, "rosa@home.example")["unknown_in"], json!(["glow-medspa"]));
    assert_eq!(review["summary"]["not_known"], 1);
    let csv = roster.expect(2, &["review", "--staff", "payroll.csv", "--format", "csv"]).stdout;
    let rosa = csv.lines().find(|line| line.contains("rosa@")).unwrap();
    assert!(rosa.ends_with(",glow-medspa,unknown"), "{rosa}");
}

const SERVER: &str = "workspace: spa\nplatform: aesthetic-record\nconnection: { embedded: { start: start.yaml } }\ntime_zone: America/Phoenix\n\
    main_admin: olivia@spa.example\nclinics: { one: { name: One } }\nusers:\n  \
    olivia@spa.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [one], phones: [\"+1 602 555 0100\"] }\n  \
    tablet@spa.example: { first_name: Front, last_name: Tablet, role: front-desk, clinics: [one], phones: [\"+1 602 555 0199\"], service: { owner: OWNER } }\n";

/// An embedded workspace with accounts in every state.
fn embedded(owner: &str) -> Roster {
    let roster = Roster::empty();
    roster.write("spa.yaml", &SERVER.replace("OWNER", owner));
    let account = |login: &str, first: &str, last: &str, state: &str| {
        format!(
            "  {login}@spa.example: {{ first_name: {first}, last_name: {last}, role: front-desk, clinics: [one], phones: [\"+1 602 555 0177\"]{state} }}\n"
        )
    };
    let accounts = [
        account("olivia", "Olivia", "Stone", "").replace("front-desk", "administrator"),
        account("active", "Ann", "Active", ""),
        account("open", "Otto", "Open", ", state: pending"),
        account("expired", "Eva", "Expired", ", state: pending, invitation: expired"),
        account("blocked", "Bo", "Blocked", ", blocked: { reason: activity-review }"),
        account("inactive", "Ida", "Inactive", ", state: inactive"),
        account("tablet", "Front", "Tablet", ""),
        account("ann2", "Ann", "Active", ""),
        account("priya", "Priya", "Nair", ""),
    ];
    roster.write("start.yaml", &format!("start: spa\nclinics: {{ one: {{ name: One }} }}\naccounts:\n{}", accounts.concat()));
    roster
}

#[test]
fn only_accounts_that_give_access_count_and_a_service_account_is_never_a_leaver() {
    let roster = embedded("olivia@spa.example");
    roster.write("payroll.csv", "Name,Email\nOlivia Stone,olivia@spa.example\nPriya Shah,priya@spa.example\n");
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    let logins: Vec<String> = wrong(&review).into_iter().map(|(login, _)| login).collect();
    assert_eq!(logins, ["active@spa.example", "ann2@spa.example", "open@spa.example"], "{review:#}");
    let priya = person(&review, "priya@spa.example");
    assert_eq!((&priya["name"], &priya["other_names"]), (&json!("Priya Shah"), &json!(["Priya Nair"])));
    let tablet = person(&review, "tablet@spa.example");
    assert_eq!((&tablet["service"]["state"], &review["summary"]["without_owner"]), (&json!("present"), &json!(0)));
    // Two accounts of one name are a question, and not one person.
    let alike = review["alike"].as_array().unwrap();
    assert_eq!((alike.len(), &alike[0]["why"]), (1, &json!("name")), "{review:#}");
    assert!(person(&review, "active@spa.example")["logins"].as_array().unwrap().len() == 1);
    for (owner, payroll, state) in [
        ("gone@spa.example", "Olivia Stone,olivia@spa.example,", "missing"),
        ("lea@spa.example", "Lea Vers,lea@spa.example,2020-01-31", "left"),
    ] {
        let roster = embedded(owner);
        roster.write("payroll.csv", &format!("Name,Email,End date\n{payroll}\n"));
        let review = json(&roster, 2, &["--staff", "payroll.csv"]);
        assert_eq!(person(&review, "tablet@spa.example")["service"]["state"], state);
        assert_eq!(review["summary"]["without_owner"], 1);
        assert_eq!(person(&review, "tablet@spa.example")["accounts"][0]["wrong"], json!([]));
    }
    assert_eq!(person(&json(&embedded("gone@spa.example"), 0, &[]), "tablet@spa.example")["service"]["state"], "missing");
}

#[test]
fn two_people_of_one_name_a_shared_mailbox_and_a_private_address_are_distinguished() {
    let roster = embedded("olivia@spa.example");
    roster.write(
        "payroll.csv",
        "First name,Last name,Work email,Private email\nAnn,Active,active@spa.example,\nAnn,Active,ann2@spa.example,\n\
         Otto,Open,,otto@home.example\nKim,Park,tablet@spa.example,\nOlivia,Stone,olivia@spa.example; o.stone@home.example,\n\
         Lou,Desk,priya@spa.example,\nMo,Desk,priya@spa.example,\n",
    );
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    assert_eq!(wrong(&review).into_iter().map(|(login, _)| login).collect::<Vec<_>>(), ["open@spa.example"], "{review:#}");
    let why = |word: &str| review["alike"].as_array().unwrap().iter().filter(|alike| alike["why"] == word).count();
    assert_eq!((why("name"), why("shared-address")), (1, 1), "only Otto is a question: {review:#}");
    let text = roster.expect(2, &["review", "--staff", "payroll.csv"]).stdout;
    assert!(text.contains("all have priya@spa.example, so this alone identifies none of them"), "{text}");
    assert!(text.contains("perhaps the same as Otto Open <otto@home.example>"), "{text}");
    assert_eq!(person(&review, "olivia@spa.example")["logins"], json!(["o.stone@home.example", "olivia@spa.example"]));
}

#[test]
fn one_person_in_several_workspaces_is_one_row_if_address_or_payroll_says_so() {
    let roster = embedded("olivia@spa.example");
    roster.write(
        "office.yaml",
        "workspace: office\nplatform: generic\nconnection: { embedded: {} }\nmain_admin: olivia@spa.example\nusers:\n  \
         olivia@spa.example: { first_name: Olivia }\n  ann@office.example: { first_name: Ann, last_name: Active }\n",
    );
    roster.expect(0, &["apply", "--yes", "--workspace", "office"]);
    let accounts = |review: &Value, login: &str| person(review, login)["accounts"].as_array().unwrap().len();
    let review = json(&roster, 0, &[]);
    assert_eq!((accounts(&review, "olivia@spa.example"), accounts(&review, "ann@office.example")), (2, 1));
    roster.write("payroll.csv", "Name,Work email,Other email\nAnn Active,active@spa.example,ann@office.example\n");
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    assert_eq!(accounts(&review, "ann@office.example"), 2);
    let csv = roster.expect(2, &["review", "--staff", "payroll.csv", "--format", "csv"]).stdout;
    assert!(csv.contains("\r\nAnn Active,,\"active@spa.example; ann@office.example\",\"yes, row 2\","), "{csv}");
}

#[test]
fn a_payroll_that_is_not_understood_is_refused_with_its_lines_and_nothing_is_shown() {
    let roster = by_hand();
    roster.write(
        "payroll.csv",
        "Name,Email,Status,End date\nAna Ruiz,ana.ruiz@glow.example,Activ,\nKim Park,kim.park@glow.example,Active,soon\n",
    );
    let said = roster.expect(1, &["review", "--staff", "payroll.csv"]);
    assert_eq!(said.stdout, "");
    assert!(
        said.stderr.contains("payroll.csv, row 2: `Activ` in `Status`") && said.stderr.contains("did you mean `active`?"),
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains("payroll.csv, row 3: `soon` in `End date` is not a day"), "{}", said.stderr);
    roster.expect(1, &["review", "--staff", "missing.csv"]);
    roster.write("payroll.csv", "Name\nAna Ruiz\n");
    let said = roster.expect(2, &["review", "--staff", "payroll.csv"]).stdout;
    assert!(said.contains("The payroll has neither addresses nor user names"), "{said}");
}

#[test]
fn the_page_is_one_file_without_scripts_and_nothing_in_a_name_is_markup_or_a_formula() {
    let roster = by_hand();
    roster.edit(LIST, "first_name: Tom,", "first_name: \"=cmd()<script>alert(1)</script>\",");
    let said = roster.expect(2, &["review", "--staff", "payroll.csv", "--format", "html", "--out", "review.html"]);
    assert!(said.stdout.is_empty() && said.stderr.contains("review.html"), "{}", said.stderr);
    let page = std::fs::read_to_string(roster.path().join("review.html")).unwrap();
    assert!(
        !page.contains("<script")
            && page.contains("&lt;script&gt;")
            && page.contains("script-src &#39;none&#39;") | page.contains("script-src 'none'"),
        "{page}"
    );
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains(" src="), "{page}");
    let place = |word: &str| page.find(word).unwrap_or_else(|| panic!("{word}"));
    assert!(place("These people should not have access") < place("On the payroll, without an account"), "{page}");
    assert!(
        place("On the payroll, without an account") < place("<h2>Everybody</h2>")
            && place("<h2>Everybody</h2>") < place("<h2>glow-medspa</h2>")
    );
    let csv = roster.expect(2, &["review", "--staff", "payroll.csv", "--format", "csv"]).stdout;
    assert!(csv.lines().any(|line| line.starts_with("'=cmd()<script>")), "{csv}");
    let markdown = roster.expect(2, &["review", "--format", "markdown"]).stdout;
    assert!(markdown.starts_with("## Access review\n") && !markdown.contains("<script"), "{markdown}");
    roster.expect(1, &["review", "--out", "glow.yaml"]);
}

#[test]
fn a_service_account_excuses_no_person_with_the_same_address() {
    let roster = by_hand();
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    roster.edit(
        "glow.yaml",
        "kim.park@glow.example: { first_name: Kim,",
        "kim.park@glow.example: { service: { owner: olivia.stone@glow.example }, first_name: Kim,",
    );
    roster.write("office.yaml", "workspace: office\nplatform: generic\nconnection: { snapshot: snapshots/office.yaml }\n");
    roster.write("office.csv", "Name,Email,Status\nKim Park,kim.park@glow.example,Active\n");
    roster.expect(0, &["snapshot", "office", "office.csv", "--total", "1"]);
    roster.edit("payroll.csv", "Kim Park,kim.park@glow.example,,Active,", "Kim Park,kim.park@glow.example,,Terminated,");
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    let kim: Vec<(String, Value)> = wrong(&review).into_iter().filter(|(user, _)| user == "kim.park@glow.example").collect();
    assert_eq!(kim, [("kim.park@glow.example".to_owned(), json!(["left"]))], "her own account, and not the service");
}

#[test]
fn an_account_of_a_desk_that_the_payroll_lacks_is_shown_with_what_marks_it() {
    let roster = embedded("olivia@spa.example");
    let words = |said: &str| said.split_whitespace().collect::<Vec<_>>().join(" ");
    let review = || words(&roster.expect(2, &["review", "--staff", "payroll.csv"]).stdout);
    roster.write("payroll.csv", "Name,Email\nOlivia Stone,olivia@spa.example\n");
    assert!(!review().contains("service: {"), "it is marked: {}", review());
    roster.edit("spa.yaml", ", service: { owner: olivia@spa.example }", "");
    let said = review();
    let (_, tablet) = said.split_once("! Front Tablet").unwrap_or_else(|| panic!("{said}"));
    let hint = "this looks like the account of a desk, a device or a program: if it is, write who answers for it in the roster, with `service: { owner: ADDRESS }`";
    assert!(said.matches(hint).count() == 1 && tablet.contains(hint), "only the tablet: {said}");
}

#[test]
fn people_with_two_first_names_or_an_earlier_last_name_are_shown_as_pairs() {
    let roster = by_hand();
    roster.write(
        "payroll.csv",
        "Employee #,Last Name,First Name,Preferred Name,Maiden Name,Work Contact: Work Email (Personal Profile),Status\n\
         1,Reed,Thomas,,,thomas@home.example,Active\n2,Frost,Benjamin,,,bf@home.example,Active\n\
         3,Lopez,Mia,,Chen,mia@home.example,Active\n4,P\u{e1}rk,Kim,,,k@home.example,Active\n5,Ruiz,Maria,Ana,,m@home.example,Active\n",
    );
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    let login = |at: &Value| review["people"][usize::try_from(at.as_u64().unwrap()).unwrap()]["logins"][0].as_str().unwrap().to_owned();
    let mut pairs: Vec<(String, String)> = (review["alike"].as_array().unwrap().iter())
        .map(|one| {
            let mut logins: Vec<String> = one["people"].as_array().unwrap().iter().map(login).collect();
            logins.sort();
            (logins.join(" "), one["why"].as_str().unwrap().to_owned())
        })
        .collect();
    pairs.sort();
    let expected = [
        ("ana.ruiz@glow.example m@home.example", "other-name"),
        ("ben.frost@glow.example bf@home.example", "form-of-name"),
        ("k@home.example kim.park@glow.example", "name"),
        ("mia.chen@glow.example mia@home.example", "other-name"),
        ("thomas@home.example tom.reed@glow.example", "form-of-name"),
    ];
    assert_eq!(pairs, expected.map(|(logins, why)| (logins.to_owned(), why.to_owned())));
    assert_eq!(review["payroll"]["read"].as_array().unwrap().len(), 7);
}

#[test]
fn rows_with_one_number_and_name_are_one_person() {
    let roster = by_hand();
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    let payroll = "Employee No,Name,Work email,Status\n7,\"Park, Kim\",kim.park@glow.example,Terminated\n7,Kim Park,,Active\n\
        8,Ana Ruiz,ana.ruiz@glow.example,Terminated\n8,Bea Ruiz,,Active\n";
    roster.write("payroll.csv", payroll);
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    let kim = person(&review, "kim.park@glow.example");
    assert_eq!((&kim["on_payroll"], kim["payroll_rows"].as_array().unwrap().len()), (&json!("yes"), 2), "she came back");
    assert_eq!(person(&review, "ana.ruiz@glow.example")["on_payroll"], "left", "a number of two names is two people's");
}

#[test]
fn a_tick_that_a_newer_list_contradicts_comes_first() {
    let roster = by_hand();
    let text = roster.expect(2, &["review"]).stdout;
    let place = |word: &str| text.find(word).unwrap_or_else(|| panic!("{word} is not in {text}"));
    assert!(place("Ticked, but the list shows otherwise (1)") < place("These people should not have access"), "{text}");
    assert!(text.contains("olivia.stone@glow.example ticked this on 2026-11-27"), "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("(status: active in the list, inactive was ticked)"), "{text}");
    let review = json(&roster, 2, &[]);
    assert_eq!(review["workspaces"][0]["contradicted"][0]["user"], "tom.reed@glow.example");
    assert_eq!(review["workspaces"][0]["questions"][0]["other"], "mia.chen@glow.example");
}

#[test]
fn a_user_name_joins_nobody_whose_name_is_another() {
    let roster = by_hand();
    roster.write("office.yaml", "workspace: office\nplatform: generic\nconnection: { snapshot: snapshots/office.yaml }\n");
    roster.write("office.csv", "Username,Name,Status\naruiz,Alba Ruizgomez,Active\nkpark,Kimberly Park,Active\n");
    roster.expect(0, &["snapshot", "office", "office.csv", "--total", "2"]);
    roster.write(
        "payroll.csv",
        "Name,Email,User name,Status\nAna Ruiz,ana.ruiz@glow.example,aruiz,Active\nKim Park,kim.park@glow.example,KPark,Active\n",
    );
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    assert!(wrong(&review).contains(&("aruiz".to_owned(), json!(["not-on-payroll"]))), "{:?}", wrong(&review));
    assert_eq!(person(&review, "kpark")["logins"], json!(["KPark", "kim.park@glow.example", "kpark"]), "one person");
    let shared = review["alike"].as_array().unwrap().iter().filter(|one| one["why"] == "shared-address").count();
    assert_eq!(shared, 1, "{:#}", review["alike"]);
}

#[test]
fn an_attested_fact_is_shown_with_what_the_list_says_about_it() {
    let roster = by_hand();
    roster.edit("glow.yaml", "  kim.park@glow.example:", "  # kim.park@glow.example:");
    let plan: Value =
        serde_json::from_str(&roster.expect(0, &["plan", "--user", "kim.park@glow.example", "--format", "json"]).stdout).unwrap();
    let id = plan["workspaces"][0]["changes"][0]["step"]["id"].as_str().unwrap().to_owned();
    roster.expect(0, &["attest", "glow-medspa", "--done", &id, "--by", "olivia.stone@glow.example"]);
    for (user, words) in [
        ("kim.park@glow.example", "waiting for the next list"),
        ("tom.reed@glow.example", "inactivate ticked by olivia.stone@glow.example on 2026-11-27"),
    ] {
        for command in [&["users", "--format", "csv"][..], &["review", "--format", "csv"]] {
            let output = roster.run(command);
            let line = output.stdout.lines().find(|line| line.contains(user)).unwrap();
            assert!(line.contains(words), "{line}");
        }
    }
    let users = roster.expect(0, &["users", "--format", "csv"]).stdout;
    assert!(users.contains("the list, which is newer, shows otherwise") && users.contains("waiting for the next list"), "{users}");
}

#[test]
fn a_payroll_of_names_counts_nobody_who_may_be_on_it_and_everybody_who_is_not() {
    let roster = by_hand();
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    roster.edit(LIST, "change: inactivate,", "change: update,");
    let names = "Employee,Status\n\"Stone, Olivia\",Active\n\"Brandt, Hugo\",Active\n\"Lee, Marcus\",Active\n\"Ruiz, Ana\",Active\n\
        \"Park, Kim\",Active\n\"Reed, Tom\",Terminated\n\"Frost, Ben\",Active\n\"Frost, Ben\",Active\n\"Chen, Mia\",Active\n";
    roster.write("payroll.csv", names);
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    let who: Vec<String> = wrong(&review).into_iter().map(|(user, _)| user).collect();
    assert_eq!(who, ["ben.frost@glow.example", "tom.reed@glow.example"], "two have the name, and one has left");
    assert_eq!(person(&review, "kim.park@glow.example")["on_payroll"], "by-name");
    roster.write(
        "payroll.csv",
        &names.replace("\"Reed, Tom\",Terminated", "\"Reed, Tom\",Active").replacen("\"Frost, Ben\",Active\n", "", 1),
    );
    let text = roster.expect(0, &["review", "--staff", "payroll.csv"]).stdout.replace("\n  ", " ");
    assert!(text.contains("Nobody is known to have access who should not, but not everything is known."), "{text}");
    // A row with an address is somebody's who has another one.
    let with_address = names.replace("Status\n", "Status,Email\n").replace("\"Park, Kim\",Active", "\"Park, Kim\",Active,k@home.example");
    roster.write("payroll.csv", &with_address);
    let review = json(&roster, 2, &["--staff", "payroll.csv"]);
    assert!(wrong(&review).contains(&("kim.park@glow.example".to_owned(), json!(["not-on-payroll"]))), "{:?}", wrong(&review));
}
