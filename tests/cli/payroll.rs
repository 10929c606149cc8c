//! `review` with payrolls as offices export them: pairs that rows by name alone do not hide, and words that only the office knows.

use serde_json::{Value, json};

use crate::support::Roster;

/// Two workspaces on lists of users.
fn two() -> Roster {
    let roster = Roster::empty();
    for (name, rows) in [
        ("w", "Pat Hill,pat@n.example,Active\nJoe Doe,joe@n.example,Active\nZo\u{e9} C\u{f4}t\u{e9},zoe.cote@n.example,Active\n"),
        ("v", "Joseph Doe,jdoe@mail.example,Active\nZoe Cote,zcote@v.example,Active\n"),
    ] {
        let yaml = format!("workspace: {name}\nplatform: generic\nconnection: {{ snapshot: snapshots/{name}.yaml }}\n");
        roster.write(&format!("{name}.yaml"), &yaml);
        let list = roster.write(&format!("{name}.csv"), &format!("Name,Email,Status\n{rows}"));
        roster.expect(0, &["snapshot", name, list.to_str().unwrap(), "--total", &rows.lines().count().to_string()]);
    }
    roster
}

fn review(roster: &Roster, code: i32, more: &[&str]) -> Value {
    let all: Vec<&str> = ["review", "--staff", "payroll.csv", "--format", "json"].into_iter().chain(more.iter().copied()).collect();
    serde_json::from_str(&roster.expect(code, &all).stdout).unwrap()
}

/// Everybody who may be one person, by login or else by name, with the reason.
fn alike(review: &Value) -> Vec<String> {
    let person = |at: &Value| {
        let person = &review["people"][usize::try_from(at.as_u64().unwrap()).unwrap()];
        person["logins"].get(0).unwrap_or(&person["name"]).as_str().unwrap().to_owned()
    };
    let mut all: Vec<String> = (review["alike"].as_array().unwrap().iter())
        .map(|one| {
            let mut people: Vec<String> = one["people"].as_array().unwrap().iter().map(person).collect();
            people.sort();
            format!("{}: {}", one["why"].as_str().unwrap(), people.join(", "))
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_row_by_name_alone_hides_no_pair_and_somebody_who_left_may_be_back() {
    let roster = two();
    let rows = "Pat Hill,pat@n.example,Active\n\"Doe, Joseph\",,Active\nZoe Cote,zcote@v.example,On leave\n\
        \"C\u{f4}t\u{e9}, Zo\u{e9}\",zoe.cote@n.example,Terminated\n";
    roster.write("payroll.csv", &format!("Name,Email,Status\n{rows}"));
    let expected = [
        "form-of-name: Joseph Doe, jdoe@mail.example, joe@n.example",
        "name: Joseph Doe, jdoe@mail.example",
        "name: zcote@v.example, zoe.cote@n.example",
    ];
    assert_eq!(alike(&review(&roster, 2, &[])), expected);
    let numbered: Vec<String> = rows.lines().enumerate().map(|(at, row)| format!("{row},{at}")).collect();
    roster.write("payroll.csv", &format!("Name,Email,Status,Employee #\n{}\n", numbered.join("\n")));
    assert_eq!(alike(&review(&roster, 2, &[])), expected[..2], "the payroll itself says that these are two employees");
}

#[test]
fn letters_for_states_and_other_headers_are_read_as_the_office_says() {
    let roster = two();
    let rows = "Pat Hill,pat@n.example,A,\nJoe Doe,joe@n.example,T,\nJoseph Doe,jdoe@mail.example,A,2026-01-31\n\
        Zoe Cote,zcote@v.example; zoe.cote@n.example,L,\n";
    roster.write("payroll.csv", &format!("Name,Email,Status,Last paid\n{rows}"));
    let refused = roster.expect(1, &["review", "--staff", "payroll.csv"]).stderr;
    assert!(refused.contains("`T` in `Status` does not say whether this person has left"), "{refused}");
    assert!(refused.contains("`--staff-status T=employed` or `--staff-status T=left`"), "{refused}");
    let letters = ["--staff-status", "A=employed", "--staff-status", "T=left", "--staff-status", "L=employed"];
    let on_payroll = |review: &Value, login: &str| {
        let has = |person: &&Value| person["logins"].as_array().unwrap().iter().any(|own| own == login);
        review["people"].as_array().unwrap().iter().find(has).unwrap()["on_payroll"].clone()
    };
    let review_with = |more: &[&str]| review(&roster, 2, &[&letters[..], more].concat());
    let logins = ["pat@n.example", "joe@n.example", "jdoe@mail.example", "zcote@v.example"];
    let states = |review: &Value| logins.map(|login| on_payroll(review, login));
    assert_eq!(states(&review_with(&[])), [json!("yes"), json!("left"), json!("yes"), json!("yes")]);
    let with_day = review_with(&["--staff-column", "Last paid=last-day"]);
    assert_eq!(states(&with_day), [json!("yes"), json!("left"), json!("left"), json!("yes")]);
    let typo = roster.expect(1, &["review", "--staff", "payroll.csv", "--staff-column", "Last payed=last-day"]).stderr;
    assert!(typo.contains("did you mean `Last paid`?"), "{typo}");
    let many = (1..=200).map(|at| format!("Somebody,s{at}@n.example,A,")).collect::<Vec<_>>().join("\n");
    roster.write("many.csv", &format!("Name,Email,Status,Last paid\n{many}\n").replace('\n', "\r\n"));
    let refused = roster.expect(1, &["review", "--staff", "many.csv"]).stderr;
    assert!(
        refused.contains("many.csv, rows 2, 3, 4 and 197 more: `A` in `Status` does not say whether these people have left"),
        "{refused}"
    );
    assert_eq!(refused.matches("error:").count(), 1, "{refused}");
    let alone = roster.expect(1, &["review", "--staff-status", "T=left"]).stderr;
    assert!(alone.contains("give it with `--staff FILE`"), "{alone}");
    for wrong in [["--staff-status", "T=gone"], ["--staff-column", "Last paid=end"]] {
        roster.expect(1, &["review", "--staff", "payroll.csv", wrong[0], wrong[1]]);
    }
}

#[test]
fn an_address_of_two_rows_is_theirs_whose_name_the_account_has() {
    let roster = two();
    let payroll = |joe: &str| {
        format!(
            "Name,Email,Status\nPat Hill,pat@n.example; joe@n.example,Active\nJoe Doe,joe@n.example,{joe}\nJoseph Doe,jdoe@mail.example,Active\n\
             Zoe Cote,zcote@v.example; zoe.cote@n.example,Active\n"
        )
    };
    roster.write("payroll.csv", &payroll("Active"));
    assert_eq!(review(&roster, 0, &[])["summary"]["wrong"], 0);
    roster.write("payroll.csv", &payroll("Terminated"));
    let found = review(&roster, 2, &[]);
    assert_eq!(found["summary"]["wrong"], 1, "{found:#}");
    roster.write("payroll.csv", &payroll(""));
    let text = roster.expect(0, &["review", "--staff", "payroll.csv"]).stdout.replace("\n    ", " ");
    assert!(text.contains("One row has no status and no last day") && text.contains("not everything is known"), "{text}");
}

/// Two workspaces of products with user names.
fn with_user_names() -> Roster {
    let roster = Roster::empty();
    for (name, product, rows) in [
        ("ascend", "Dentrix Ascend", "Tom Reed,treed,Active\nKim Park,kpark,Active\n"),
        ("dental", "Open Dental", "Theo Reed,treed,Active\nKim Park,kim,Active\n"),
    ] {
        let columns = "columns: { login: [User ID], name: [Name] }";
        let fields = "fields: { first_name: {}, last_name: {} }";
        let platform = format!("define_platform: p-{name}\nname: {product}\n{fields}\nlist: {{ {columns} }}\n");
        roster.write(&format!("p-{name}.yaml"), &platform);
        let yaml = format!("workspace: {name}\nplatform: p-{name}\nconnection: {{ snapshot: snapshots/{name}.yaml }}\n");
        roster.write(&format!("{name}.yaml"), &yaml);
        let list = roster.write(&format!("{name}.csv"), &format!("Name,User ID,Status\n{rows}"));
        roster.expect(0, &["snapshot", name, list.to_str().unwrap(), "--total", "2"]);
    }
    roster
}

/// The accounts that should not give access, as workspace and login with the reasons.
fn wrong(review: &Value) -> Vec<String> {
    let accounts = review["people"].as_array().unwrap().iter().flat_map(|person| person["accounts"].as_array().unwrap());
    let found = accounts.filter(|account| !account["wrong"].as_array().unwrap().is_empty());
    let said = |account: &Value| format!("{} {} {}", account["workspace"], account["user"], account["wrong"]).replace('"', "");
    let mut all: Vec<String> = found.map(said).collect();
    all.sort();
    all
}

#[test]
fn one_user_name_of_two_people_hides_neither_of_them() {
    let roster = with_user_names();
    let payroll =
        |tom: &str, theo: &str| format!("Name,Email,User Name,Status\n{tom}\n{theo}Kim Park,,kpark,Active\nKim Park,,kim,Active\n");
    roster.write("payroll.csv", &payroll("Tom Reed,tom@g.example,treed,Active", "Theo Reed,theo@g.example,,Terminated\n"));
    assert_eq!(wrong(&review(&roster, 2, &[])), ["dental treed [not-on-payroll]"]);
    roster.write("payroll.csv", &payroll("Tom Reed,tom@g.example,treed,Active", ""));
    assert_eq!(wrong(&review(&roster, 2, &[])), ["dental treed [not-on-payroll]"]);
    roster.write("payroll.csv", &payroll("Tom Reed,tom@g.example,treed,Active", "Theodore Reed,theo@g.example,treed,Terminated\n"));
    let shared = review(&roster, 2, &[]);
    assert!(wrong(&shared).contains(&"dental treed [left]".to_owned()), "{:?}", wrong(&shared));
}

#[test]
fn an_initial_or_a_short_form_joins_nobody_where_it_fits_somebody_else() {
    let roster = with_user_names();
    let dental = |name: &str| {
        let list = roster.write("dental.csv", &format!("Name,User ID,Status\n{name},treed,Active\nKim Park,kim,Active\n"));
        roster.expect(0, &["snapshot", "dental", list.to_str().unwrap(), "--total", "2"]);
    };
    let payroll = |rows: &str| {
        let text = format!("Name,Email,User Name,Status\n{rows}Kim Park,,kpark,Active\nKim Park,,kim,Active\n");
        roster.write("payroll.csv", &text);
    };
    let tom = "Tom Reed,tom@g.example,treed,Active\n";
    let is_wrong = |found: &Value| wrong(found).contains(&"dental treed [not-on-payroll]".to_owned());
    for (account, tom, other, expected) in [
        ("T Reed", tom, "Theo Reed,theo@g.example,,Terminated\n", true),
        ("T. Reed", tom, "\"Reed, Theo\",theo@g.example,,Terminated\n", true),
        ("T. Reed", "T Reed,tom@g.example,treed,Active\n", "Theo Reed,theo@g.example,,Terminated\n", true),
        ("Theo Reed", "T Reed,tom@g.example,treed,Active\n", "Theo Reed,theo@g.example,,Terminated\n", true),
        ("Tommy Reed", "Thomas A Reed,tom@g.example,treed,Active\n", "Thomas B Reed,theo@g.example,,Terminated\n", true),
        ("T Reed", tom, "Theo Reed,theo@g.example,,Active\n", false),
        ("T Reed", tom, "Ana Reed,theo@g.example,,Terminated\n", false),
        ("T Reed", tom, "", false),
        ("Tom Reed", tom, "Theo Reed,theo@g.example,,Terminated\n", false),
        ("Thomas Reed", tom, "Theo Reed,theo@g.example,,Terminated\n", false),
    ] {
        dental(account);
        payroll(&format!("{tom}{other}"));
        let found = review(&roster, if expected { 2 } else { 0 }, &[]);
        assert_eq!(is_wrong(&found), expected, "{account} {tom} {other}");
        let fits = alike(&found).iter().filter(|one| one.starts_with("several-fit: ")).count();
        assert_eq!(fits > 0, expected || other.contains("theo@g.example,,Active"), "{account} {tom} {other}: {:?}", alike(&found));
    }
    // What the payroll says about this product alone is sure.
    dental("T Reed");
    let text = "Name,Open Dental User ID,Dentrix Ascend User ID,Status\nTom Reed,treed,treed,Active\nTheo Reed,,,Terminated\nKim Park,kim,kpark,Active\n";
    roster.write("payroll.csv", text);
    assert_eq!(review(&roster, 0, &[])["summary"]["wrong"], 0);
    // An address says more than an initial.
    let list = roster.write("dental.csv", "Name,User ID,Email,Status\nT Reed,treed,theo@g.example,Active\nKim Park,kim,,Active\n");
    roster.expect(0, &["snapshot", "dental", list.to_str().unwrap(), "--total", "2"]);
    payroll(&format!("{tom}Theo Reed,theo@g.example,,Terminated\n"));
    assert_eq!(wrong(&review(&roster, 2, &[])), ["dental treed [left]"]);
}

#[test]
fn an_address_of_two_rows_with_other_names_is_not_known_to_be_anybodys() {
    let roster = two();
    let rest = "Joe Doe,joe@n.example,Active\nJoseph Doe,jdoe@mail.example,Active\nZoe Cote,zcote@v.example; zoe.cote@n.example,Active\n";
    roster.write("payroll.csv", &format!("Name,Email,Status\nAl Foo,pat@n.example,Terminated\nKim Other,pat@n.example,Active\n{rest}"));
    let text = roster.expect(0, &["review", "--staff", "payroll.csv"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("but not everything is known") && text.contains("nobody knows whose account this is"), "{text}");
    let all_left = format!("Name,Email,Status\nAl Foo,pat@n.example,Terminated\nKim Other,pat@n.example,Terminated\n{rest}");
    roster.write("payroll.csv", &all_left);
    assert_eq!(wrong(&review(&roster, 2, &[])), ["w pat@n.example [left]"]);
    roster.write("payroll.csv", &all_left.replace("Terminated", "Active"));
    let text = roster.expect(0, &["review", "--staff", "payroll.csv"]).stdout;
    assert!(text.contains("Nobody has access who should not."), "{text}");
    // The address of one Hill is that of another one by now.
    roster.write("payroll.csv", &format!("Name,Email,Status\nUma Hill,pat@n.example,Active\nPat Hill,p@n.example,Terminated\n{rest}"));
    let found = review(&roster, 2, &[]);
    assert_eq!(wrong(&found), ["w pat@n.example [name-of-leaver]"]);
    assert!(alike(&found).contains(&"different-names: pat@n.example".to_owned()), "{:?}", alike(&found));
}

#[test]
fn a_column_of_one_product_joins_no_accounts_of_others() {
    let roster = with_user_names();
    let rows = "Tom Reed,treed,,Active\nTheo Reed,,treed,Terminated\nKim Park,kpark,kim,Active\n";
    roster.write("payroll.csv", &format!("Name,Dentrix Ascend user name,Open Dental User ID,Status\n{rows}"));
    assert_eq!(wrong(&review(&roster, 2, &[])), ["dental treed [left]"]);
    // Another word than a product's is for all of them.
    roster.write("payroll.csv", "Name,Windows user name,Status\nTom Reed,treed,Active\nKim Park,kpark,Active\nKim Park,kim,Active\n");
    assert_eq!(wrong(&review(&roster, 2, &[])), ["dental treed [not-on-payroll]"]);
}

#[test]
fn one_address_under_names_with_nothing_in_common_is_a_question() {
    let roster = two();
    let rows = "Kim Other,pat@n.example,Active\nJoe Doe,joe@n.example,Active\nJoseph Doe,jdoe@mail.example,Active\n\
        Zoe Cote,zcote@v.example; zoe.cote@n.example,Active\n";
    roster.write("payroll.csv", &format!("Name,Email,Status\n{rows}"));
    let found = review(&roster, 0, &[]);
    assert_eq!(alike(&found), ["different-names: pat@n.example"]);
    let text = roster.expect(0, &["review", "--staff", "payroll.csv"]).stdout.replace("\n    ", " ");
    assert!(text.contains("but not everything is known") && text.contains("also Pat Hill"), "{text}");
}

#[test]
fn a_column_that_is_not_read_and_may_say_who_has_left_is_named() {
    let roster = two();
    let rows = "Pat Hill,pat@n.example,\nJoe Doe,joe@n.example,Moved away\nJoseph Doe,jdoe@mail.example,\n\
        Zoe Cote,zcote@v.example; zoe.cote@n.example,\n";
    roster.write("payroll.csv", &format!("Name,Email,Termination Reason\n{rows}"));
    let text = roster.expect(0, &["review", "--staff", "payroll.csv"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("but not everything is known"), "{text}");
    assert!(text.contains("`Termination Reason` was not read, and in row 3"), "{text}");
    assert!(text.contains("`--staff-column \"Termination Reason=ignored\"`"), "{text}");
    let quiet = roster.expect(0, &["review", "--staff", "payroll.csv", "--staff-column", "Termination Reason=ignored"]).stdout;
    assert!(quiet.contains("Nobody has access who should not."), "{quiet}");
}
