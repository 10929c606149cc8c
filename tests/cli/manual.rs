//! Help, manual pages and completions; and what `validate` knows that `plan` would refuse.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::support::Roster;

/// Lists the commands that the help of a command names, each with the words before it; and so on for each of these.
fn commands(here: &Roster, of: &[String]) -> Vec<Vec<String>> {
    let help = here.expect(0, &std::iter::once("help").chain(of.iter().map(String::as_str)).collect::<Vec<_>>()).stdout;
    let listed = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest).lines().take_while(|line| !line.is_empty());
    // The lines of a description that is longer than one line begin farther in.
    let names = listed.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?.split_whitespace().next());
    let names: Vec<String> = names.filter(|name| *name != "help").map(str::to_owned).collect();
    let own = names.into_iter().map(|name| [of, &[name]].concat());
    own.flat_map(|command| [vec![command.clone()], commands(here, &command)].concat()).collect()
}

#[test]
fn every_command_has_help_and_a_manual_page() {
    let here = Roster::empty();
    here.expect(0, &["man", "--all", "pages"]);
    let all = commands(&here, &[]);
    assert!(all.len() > 15 && all.contains(&vec!["token".to_owned(), "create".to_owned()]), "{all:?}");
    for command in all {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = here.expect(0, &[&["help"], &*command].concat()).stdout;
        assert!(help.contains("Usage: rosterctl "), "{command:?}: {help}");
        assert_eq!(here.expect(0, &[&*command, &["--help"]].concat()).stdout, help, "{command:?}");
        let page = here.expect(0, &[&["man"], &*command].concat()).stdout;
        let written = std::fs::read_to_string(here.path().join(format!("pages/rosterctl-{}.1", command.join("-")))).unwrap();
        assert_eq!(written, page, "{command:?}");
    }
    let page = std::fs::read_to_string(here.path().join("pages/rosterctl.1")).unwrap();
    let codes = page.split_once(".SH \"EXIT STATUS\"\n.nf\n").expect("exit codes, each in a line of its own").1;
    assert!(codes.contains("\n6  not authorized, or not confirmed\n.fi\nIf several apply"), "{codes}");
    assert!(!page.contains("EXTRA"), "{page}");
    let plan = here.expect(0, &["man", "plan"]).stdout;
    assert!(plan.contains(".SH EXAMPLES\n.nf\nrosterctl plan examples/glow\n"), "{plan}");
    here.expect(1, &["help", "nothing"]);
    here.expect(1, &["man", "token", "nothing"]);
    let completions = here.expect(0, &["completions", "bash"]).stdout;
    assert!(
        completions.contains("rosterctl__subcmd__token__subcmd__create") || completions.contains("rosterctl__token__create"),
        "{completions}"
    );
}

#[test]
fn a_connection_that_plan_always_refuses_is_a_mistake() {
    let here = Roster::empty();
    let write = |connection: &str| {
        here.write(
            "w.yaml",
            &format!("workspace: w\nplatform: generic\nconnection: {{ {connection} }}\nmain_admin: a@x.example\nusers: {{ a@x.example: {{ first_name: A }} }}\n"),
        );
    };
    write("scim: { url: \"http://roster.example/scim/v2\", token: { env: T } }");
    let said = here.expect(1, &["validate"]).stderr;
    assert!(said.contains("w.yaml:3:28") && said.contains("write `https://`"), "{said}");
    write("export: { users: users.csv }");
    assert!(here.expect(1, &["validate"]).stderr.contains("`export`: expected `embedded`, `scim` or `snapshot`"));
    write("snapshot: snapshots/w.yaml");
    assert!(here.expect(0, &["validate"]).stderr.contains("run `rosterctl snapshot w FILE…`"));
    for url in ["http://localhost:8080/scim/v2", "http://127.0.0.1/scim/v2", "http://[::1]:1/scim/v2", "https://roster.example/scim/v2"] {
        write(&format!("scim: {{ url: \"{url}\", token: {{ env: T }} }}"));
        here.expect(0, &["validate"]);
    }
}

#[test]
fn the_server_listens_on_a_name() {
    let here = Roster::example("bright-dental");
    let mut serve = Command::new(assert_cmd::cargo::cargo_bin("rosterctl"))
        .args(["serve", "--listen", "localhost:0"])
        .current_dir(here.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serve.stderr.take().unwrap()).read_line(&mut line).unwrap();
    serve.kill().unwrap();
    serve.wait().unwrap();
    assert!(line.starts_with("http://127.0.0.1:") || line.starts_with("http://[::1]:"), "{line}");
    for address in ["localhost", "8080", ":8080", "localhost:no", "http://localhost:8080"] {
        let said = here.expect(1, &["serve", "--listen", address]);
        assert!(said.stderr.contains("write a host and a port"), "{}", said.stderr);
    }
}
