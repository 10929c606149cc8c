//! Plans as comments on a pull request.

use std::fmt::Write as _;

use crate::support::Roster;

#[test]
fn a_long_plan_fits_into_a_comment_and_counts_what_it_leaves_out() {
    let roster = Roster::example("glow");
    roster.expect(0, &["apply", "--yes"]);
    let mut users = String::from("\nusers:\n");
    for n in 0..700 {
        let _ = writeln!(
            users,
            "  p{n}@glow.example: {{ first_name: P{n}, last_name: New, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 {n:04}\"] }}"
        );
    }
    roster.edit("glow.yaml", "\nusers:\n", &users);
    roster.edit("glow.yaml", "role: lead-provider", "role: lead-provider\n    status: inactive");
    let markdown = roster.expect(0, &["plan", "--format", "markdown"]).stdout;
    assert!((50_000..=65_536).contains(&markdown.len()), "{} bytes", markdown.len());
    assert!(markdown.contains("Not everything is shown here") && markdown.contains("Digest: "));
    let shown = markdown.matches(": no account yet").count();
    let more: usize = markdown.split("- … and ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(shown > 100 && more > 100, "{shown} and {more}");
    let risk = markdown.find("Look at these first (1)").unwrap();
    assert!(risk < markdown.find("Other changes").unwrap());
    let text = roster.expect(0, &["plan"]).stdout;
    assert!(text.contains("p699@glow.example"), "a terminal shows everything");
}

#[test]
fn a_plan_of_very_many_workspaces_fits_into_a_comment_even_if_none_could_be_read() {
    let roster = Roster::empty();
    for n in 0..1000 {
        let name = format!("practice-{n:04}-{}", "x".repeat(49));
        let to = format!("scim: {{ url: \"http://127.0.0.1:9/{n}\", token: {{ env: NO_SUCH_TOKEN_{n} }} }}");
        roster.write(
            &format!("{n}.yaml"),
            &format!(
                "workspace: {name}\nplatform: generic\nconnection: {{ {to} }}\nmain_admin: a@x.example\nusers: {{ a@x.example: {{}} }}\n"
            ),
        );
    }
    for format in ["markdown", "runbook"] {
        let markdown = roster.expect(1, &["plan", "--format", format]).stdout;
        assert!((10_000..=65_536).contains(&markdown.chars().count()), "{} characters", markdown.chars().count());
        assert!(markdown.contains("Nothing planned for: practice-") && markdown.contains("and 950 more"), "{markdown}");
    }
}

#[test]
fn a_long_review_fits_into_a_comment_with_those_who_should_not_have_access_first() {
    let here = Roster::empty();
    here.write(
        "office.yaml",
        "workspace: office\nplatform: generic\nconnection: { embedded: { start: start.yaml } }\nmain_admin: rita@office.example\nusers:\n  \
         rita@office.example: { first_name: Rita, last_name: Vogel }\n",
    );
    let mut start = String::from("start: office\naccounts:\n  rita@office.example: { first_name: Rita, last_name: Vogel }\n");
    let mut payroll = String::from("Name,Email\nRita Vogel,rita@office.example\n");
    for n in 0..400 {
        let _ = writeln!(start, "  p{n}@office.example: {{ first_name: {}, last_name: Stranger{n} }}", "A".repeat(60));
        if n >= 50 {
            let _ = writeln!(payroll, "{} Stranger{n},p{n}@office.example", "A".repeat(60));
        }
    }
    here.write("start.yaml", &start);
    here.write("payroll.csv", &payroll);
    let markdown = here.expect(2, &["review", "--staff", "payroll.csv", "--format", "markdown"]).stdout;
    assert!((50_000..=65_536).contains(&markdown.len()), "{} bytes", markdown.len());
    assert!(markdown.contains("Not everything is shown here"), "{markdown}");
    let (wrong, everybody) = markdown.split_once("#### Everybody").expect("both");
    assert!(wrong.contains("#### These people should not have access (50)"), "{wrong}");
    assert_eq!(wrong.matches("has access: not on the payroll").count(), 50, "{wrong}");
    let more: usize = everybody.split("- … and ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert_eq!(everybody.matches("\n| ").count() + more, 402, "everybody, and the head of the table");
    let whole = here.expect(2, &["review", "--staff", "payroll.csv"]).stdout;
    assert!(whole.contains("p399@office.example"), "a terminal shows everything");
}
