//! A main admin has left without handing the role over.

use crate::support::Roster;

const NEXT: &str = "
  nina.berg@glow.example:
    first_name: Nina
    last_name: Berg
    role: administrator
    clinics: [downtown, uptown]
    default_clinic: downtown
    phones: [\"+1 602 555 0190\"]
    dashboard_access: true
";

/// The roster of the medical spa, in which Olivia, the main admin, has left, and Nina has joined.
fn dismissed() -> Roster {
    let roster = Roster::example("glow");
    roster.expect(0, &["apply", "--yes"]);
    roster.edit("glow.yaml", "main_admin: olivia.stone@glow.example", "main_admin: nina.berg@glow.example");
    roster.edit("glow.yaml", "    first_name: Olivia\n", "    status: inactive\n    first_name: Olivia\n");
    roster.edit("glow.yaml", "users:\n", &format!("users:{NEXT}\n"));
    roster
}

// AR-18, AR-15: the role goes to somebody who has no account yet, and then the former main admin can be inactivated.
#[test]
fn a_main_admin_who_was_dismissed_is_inactivated_after_the_role_went_to_somebody_new() {
    let roster = dismissed();
    let refused = roster.run(&["apply", "--yes", "--user", "olivia.stone@glow.example"]);
    assert!(refused.stdout.contains("main admin"), "{}", refused.stdout);
    let users = roster.expect(0, &["users", "--format", "csv"]).stdout;
    assert!(!users.contains("nina.berg@glow.example,"), "{users}");

    let arguments = ["set-up-link", "glow-medspa", ".", "--main-admin", "nina.berg@glow.example", "--url", "https://staff.glow.example"];
    let said = roster.expect(0, &arguments);
    assert!(said.stdout.starts_with("https://staff.glow.example/glow-medspa/set-up/"), "{}", said.stdout);
    assert!(said.stderr.contains("nina.berg@glow.example is the main admin from now on"), "{}", said.stderr);
    assert!(said.stderr.contains("The link lets nina.berg@glow.example in once"), "{}", said.stderr);
    assert!(!said.stderr.contains(said.stdout.trim()), "{}", said.stderr);
    roster.expect(0, &["apply", "--yes"]);
    roster.expect(0, &["plan", "--detailed-exitcode"]);
    let log = roster.expect(0, &["log", "--format", "csv"]).stdout;
    assert_eq!(log.matches("inactivate,User,olivia.stone@glow.example").count(), 1, "{log}");
    for action in ["create", "become-main-admin", "set-up-link"] {
        assert!(log.lines().any(|line| line.contains(action) && line.contains("nina.berg@glow.example")), "{action}: {log}");
    }
    roster.expect(0, &["log", "--verify"]);
}

#[test]
fn somebody_without_an_account_or_an_entry_does_not_become_main_admin() {
    let roster = dismissed();
    for (who, why) in [
        ("nobody@glow.example", "has no account in this workspace: write an entry for them under `users`"),
        ("olivia.stone@glow.example", ""),
    ] {
        let said = roster.run(&["set-up-link", "glow-medspa", "--main-admin", who]);
        assert!(said.stderr.contains(why), "{}", said.stderr);
        assert!(!said.stderr.contains("from now on"), "{}", said.stderr);
    }
    assert!(!roster.expect(0, &["log", "--format", "csv"]).stdout.contains("become-main-admin"));
}

#[test]
fn a_url_that_is_none_makes_no_link_and_starts_no_server() {
    let roster = Roster::example("glow");
    for url in ["x", "not a url", "ftp://x.example", "https://a.example/?q=1", "http://a.example", "https://u:p@a.example"] {
        for command in [&["set-up-link", "glow-medspa", ".", "--url", url][..], &["serve", ".", "--public-url", url]] {
            let said = roster.expect(1, command);
            assert!(said.stdout.is_empty() && said.stderr.contains("https://"), "{}{}", said.stdout, said.stderr);
        }
    }
}
