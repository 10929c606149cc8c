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
    let numbered: String = rows.lines().enumerate().map(|(at, row)| format!("{row},{at}\n")).collect();
    roster.write("payroll.csv", &format!("Name,Email,Status,Employee #\n{numbered}"));
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
