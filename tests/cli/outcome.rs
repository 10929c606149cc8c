//! A run says what it did, whatever else goes wrong.

use super::support::{Roster, Said};

/// The sentence that the first apply of the example ends with.
const DONE: &str = "glow-medspa: matches the roster";

fn applied(arguments: &[&str]) -> (Roster, Said) {
    let roster = Roster::example("glow");
    let said = roster.expect(1, arguments);
    (roster, said)
}

#[test]
fn a_receipt_that_cannot_be_written_does_not_hide_what_was_done() {
    let (roster, said) = applied(&["apply", "--yes", "--receipt", "missing/folder/receipt.json"]);
    assert!(said.stdout.contains(DONE), "{}", said.stdout);
    assert!(said.stderr.contains("cannot write `missing/folder/receipt.json`"), "{}", said.stderr);
    let place = said.stderr.lines().find_map(|line| line.split('`').find(|part| part.contains(".rosterctl/receipts")));
    let receipt = roster.expect(0, &["show", place.expect("where the receipt is instead")]);
    assert!(receipt.stdout.contains(DONE), "{}", receipt.stdout);
}

#[test]
fn a_receipt_that_fits_nowhere_in_the_roster_is_kept_with_the_temporary_files() {
    let mut roster = Roster::example("glow");
    let temporary = roster.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    roster.write(".rosterctl/receipts", "a file where the folder belongs");
    roster.set("TMPDIR", temporary.to_str().unwrap());
    let said = roster.expect(1, &["apply", "--yes"]);
    assert!(said.stdout.contains(DONE), "{}", said.stdout);
    let kept: Vec<_> = std::fs::read_dir(&temporary).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1, "{}", said.stderr);
    assert!(roster.expect(0, &["show", kept[0].to_str().unwrap()]).stdout.contains(DONE));
}

#[test]
fn a_file_name_cannot_write_on_the_terminal() {
    let roster = Roster::empty();
    let name = "a\u{1b}[2J\nerror: all is well.yaml";
    roster.write(name, "workspace: [\n");
    roster.write("b\u{1b}[2J.yml", "");
    let said = roster.expect(1, &["validate"]);
    assert!(!said.stderr.contains('\u{1b}') && !said.stderr.contains("\nerror: all is well"), "{}", said.stderr);
    std::fs::remove_file(roster.path().join(name)).unwrap();
    let said = roster.expect(1, &["show", "no\u{1b}[2J\nsuch.plan"]);
    assert!(!said.stderr.contains('\u{1b}') && said.stderr.lines().count() == 1, "{}", said.stderr);
}

#[test]
fn why_a_workspace_could_not_be_read_is_printed_once() {
    let roster = Roster::empty();
    roster.write(
        "far.yaml",
        "workspace: far-away\nplatform: generic\nconnection: { scim: { url: \"http://127.0.0.1:9/scim\", token: { env: FAR_TOKEN } } }\n\
         users: {}\n",
    );
    for arguments in [&["plan"][..], &["apply", "--yes"]] {
        let said = roster.expect(1, arguments);
        let both = format!("{}{}", said.stdout, said.stderr);
        assert_eq!(both.matches("FAR_TOKEN").count(), 1, "{arguments:?}\n{both}");
    }
    // A document for a program is in a file, so a person gets a message besides.
    for arguments in [&["plan", "--format", "json"][..], &["apply", "--yes", "--format", "json"]] {
        let said = roster.expect(1, arguments);
        assert_eq!([&said.stdout, &said.stderr].map(|one| one.matches("`FAR_TOKEN`").count()), [1, 1], "{arguments:?}");
    }
}

// What a person should know of the roster's files is in the plan, too, whatever its format.
#[test]
fn an_unused_start_file_is_among_the_warnings_of_the_plan() {
    let roster = Roster::example("glow");
    roster.edit("glow.yaml", "{ embedded: { start: start.yaml } }", "{ embedded: {} }");
    roster.edit("glow.yaml", "manage: exact", "manage: additive");
    let warning = "`start.yaml` is a start file for this workspace, which does not use it";
    let json: serde_json::Value = serde_json::from_str(&roster.run(&["plan", "--format", "json"]).stdout).unwrap();
    assert!(json["workspaces"][0]["notices"].to_string().contains(warning), "{json}");
    for format in ["text", "markdown", "html"] {
        let said = roster.run(&["plan", "--format", format]).stdout;
        let said =
            said.split_whitespace().collect::<Vec<_>>().join(" ").replace("&#96;", "`").replace("<code>", "`").replace("</code>", "`");
        assert!(said.contains("is a start file for this workspace, which does not use it"), "{format}: {said}");
    }
    assert!(!Roster::example("glow").expect(0, &["plan"]).stdout.contains("does not use it"));
}
