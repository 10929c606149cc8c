//! `serve --config`: several workspaces in one database, behind a proxy.

use std::path::Path;
use std::process::Command;

use crate::support::Roster;

use super::served::{Served, create_token, practices};

const BRIGHT: &str = "\
workspace: bright
platform: practice-by-numbers
connection: { embedded: {} }
main_admin: fox@bright.example
users:
  fox@bright.example: { first_name: Dana, last_name: Fox, role: owner }
";

const BEHIND: &str = "public_url: https://staff.practice.example/\nproxies: [127.0.0.1]\n";

#[test]
fn several_workspaces_share_a_database_and_each_has_its_own_tokens() {
    let mut served = Served::configured("");
    let config = served.path().join("server.yaml");
    assert_eq!(served.status("/lakeside/scim/v2/Users").unwrap(), 200);
    assert_eq!(served.status("/harbor/scim/v2/Users").unwrap(), 401);
    served.show_token(create_token(&["--config", config.to_str().unwrap()], "harbor", "wong@harbor.example"));
    assert!(served.ask("/harbor/scim/v2/Users").unwrap().contains("wong@harbor.example"));
    let databases = std::fs::read_dir(served.path().join(".rosterctl")).unwrap().map(|entry| entry.unwrap().file_name());
    let databases: Vec<_> = databases.filter(|name| Path::new(name).extension().is_some_and(|end| end == "db")).collect();
    assert_eq!(databases, ["server.db"]);
    served.logged("accounts listens on ");
    // The roster still names a database of its own: its plans would never reach the server.
    let elsewhere = "write `connection: { scim: { url: http://HOST/lakeside/scim/v2, token: … } }` in the roster";
    assert!(served.log().contains("warning: `apply` changes `lakeside`") && served.log().contains(elsewhere), "{}", served.log());
    assert!(!served.log().contains("`apply` changes `harbor`"), "{}", served.log());

    // A workspace that the configuration no longer has is as unknown as one that never was.
    served.signal("TERM");
    assert!(served.ended().0.success());
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.lines().filter(|line| !line.contains("harbor:")).collect::<Vec<_>>().join("\n")).unwrap();
    let served = served.again();
    let (gone, never) = (served.ask("/harbor/scim/v2/Users").unwrap(), served.ask("/nowhere/scim/v2/Users").unwrap());
    assert!(gone.starts_with("HTTP/1.1 401 "), "{gone}");
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).unwrap().to_owned();
    assert_eq!(body(&gone), body(&never));
}

#[test]
fn a_roster_that_is_applied_to_another_database_than_the_served_one_is_named() {
    let folder = practices(0);
    let (database, log) = (folder.path().join("all.db"), folder.path().join("log"));
    let served = Served::start_in(folder, 1024, &format!("--database {} 2>{}", database.display(), log.display()));
    let log = served.logged("lakeside");
    assert!(log.contains("warning: `apply` changes `lakeside` in") && log.contains("embedded: { path: FILE }"), "{log}");
}

#[test]
fn the_key_of_the_database_can_be_elsewhere_and_without_it_the_server_does_not_start() {
    let files = [("bright/bright.yaml", BRIGHT), ("keys/README", "The key of the server is here.\n")];
    let lines = "key_file: keys/server.secret\nworkspaces: { bright: { roster: bright } }\n";
    let mut served = Served::hosting(lines, &files, ("bright", "fox@bright.example"));
    assert!(!served.path().join(".rosterctl/server.key").exists());
    let key = served.path().join("keys/server.secret");
    let content = std::fs::read(&key).unwrap();
    served.signal("TERM");
    assert!(served.ended().0.success());
    std::fs::remove_file(&key).unwrap();
    let config = served.path().join("server.yaml");
    let run = |arguments: &[&str]| {
        let done =
            Command::new(env!("CARGO_BIN_EXE_rosterctl")).args(arguments).args(["--config", config.to_str().unwrap()]).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    for command in [&["serve"][..], &["token", "list", "--workspace", "bright"], &["set-up-link", "bright"]] {
        let (code, said) = run(command);
        assert!(code == Some(1) && said.contains("keys/server.secret is missing, and nothing was changed"), "{said}");
    }
    std::fs::write(&key, content).unwrap();
    let served = served.again();
    assert_eq!(served.status("/bright/scim/v2/Users").unwrap(), 200);
}

/// Runs a command beside a configuration; returns the exit code, and what it said on both streams.
fn run_beside(config: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_rosterctl")).args(arguments).arg("--config").arg(config).output().unwrap();
    (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
}

// PBN-5, X-5: the database and its key are where the configuration says, and the roster is not asked where its own plans go.
#[test]
fn code_words_and_logs_of_a_server_are_read_with_its_configuration() {
    let elsewhere = BRIGHT.replace("{ embedded: {} }", "{ scim: { url: \"https://staff.example/bright/scim/v2\", token: { env: NONE } } }");
    let files = [("bright/bright.yaml", elsewhere.as_str()), ("keys/README", "The key of the server is here.\n")];
    let lines = "key_file: keys/server.secret\nworkspaces: { bright: { roster: bright } }\n";
    let served = Served::hosting(lines, &files, ("bright", "fox@bright.example"));
    let config = served.path().join("server.yaml");
    let run = |arguments: &[&str]| run_beside(&config, arguments);
    let (code, first, said) = run(&["code-word", "show", "bright"]);
    assert!(code == Some(0) && first.trim_end().split('-').count() == 3, "{first}{said}");
    let heads = served.path().join("heads.json");
    std::fs::write(&heads, run(&["log", "--heads"]).1).unwrap();
    let (_, second, said) = run(&["code-word", "rotate", "bright"]);
    assert!(first != second && said.contains("The old code word is no longer valid"), "{said}");
    assert_eq!(run(&["code-word", "show", "bright"]).1, second);
    for arguments in [&["log", "--format", "csv"][..], &["log", "--workspace", "bright", "--format", "json"]] {
        let (code, log, said) = run(arguments);
        assert!(code == Some(0) && log.contains("rotate-code-word") && log.contains("show-code-word"), "{log}{said}");
        assert!(!log.contains(first.trim_end()) && !log.contains(second.trim_end()), "{log}");
    }
    let (code, checked, said) = run(&["log", "--verify", "--against", heads.to_str().unwrap()]);
    assert!(code == Some(0) && checked.starts_with("bright: ") && checked.contains(" rows, and none was altered."), "{checked}{said}");
    assert!(checked.contains("It contains every row that was exported."), "{checked}");
    for arguments in [&["code-word", "show", "elsewhere"][..], &["log", "--workspace", "elsewhere"], &["set-up-link", "elsewhere"]] {
        let (code, _, said) = run(arguments);
        assert!(code == Some(1) && said.contains("configuration has no workspace `elsewhere`"), "{said}");
    }
    std::fs::rename(&config, served.path().join("keys/server.yaml")).unwrap();
    std::fs::create_dir(served.path().join("keys/bright")).unwrap();
    std::fs::write(served.path().join("keys/bright/bright.yaml"), &elsewhere).unwrap();
    for arguments in [&["code-word", "show", "bright"][..], &["log"]] {
        let (code, _, said) = run_beside(&served.path().join("keys/server.yaml"), arguments);
        assert!(code == Some(1) && said.contains("there is no database") && said.contains("serve --config"), "{said}");
    }
}

// AR-18: the role goes to somebody who has no account on the server, while it runs.
#[test]
fn the_main_admin_role_of_a_servers_workspace_goes_to_somebody_new() {
    let files = [("bright/bright.yaml", BRIGHT)];
    let served = Served::hosting("workspaces: { bright: { roster: bright } }\n", &files, ("bright", "fox@bright.example"));
    let config = served.path().join("server.yaml");
    let move_role = || run_beside(&config, &["set-up-link", "bright", "--main-admin", "reed@bright.example"]);
    let (code, link, said) = move_role();
    assert!(code == Some(1) && link.is_empty() && said.contains("write an entry for them under `users`"), "{said}");
    let entry = "  reed@bright.example: { first_name: Noa, last_name: Reed, role: owner }\n";
    std::fs::write(served.path().join("bright/bright.yaml"), format!("{BRIGHT}{entry}")).unwrap();
    let (code, link, said) = move_role();
    assert!(code == Some(0) && link.starts_with(&format!("http://{}/bright/set-up/", served.address)), "{link}{said}");
    assert!(said.contains("reed@bright.example is the main admin from now on") && said.contains("of fox@bright.example"), "{said}");
    assert_eq!(served.status("/bright/scim/v2/Users").unwrap(), 401, "the token of the previous main admin has ended");
}

#[test]
fn only_a_named_proxy_says_where_a_request_came_from() {
    let denied = |served: &Served| {
        let headers = "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\nForwarded: for=198.51.100.8\r\nX-Forwarded-Host: evil.example\r\n";
        let headers = format!("{headers}Authorization: Bearer {}\r\n", served.token());
        served.send("GET /lakeside/scim/v2/Me", &headers).unwrap()
    };
    let served = Served::configured(BEHIND);
    let answer = denied(&served);
    assert!(answer.contains("\"https://staff.practice.example/lakeside/scim/v2/Users/") && !answer.contains("evil.example"), "{answer}");
    let log = served.logged("203.0.113.9 through 127.0.0.1:");
    assert!(!log.contains("198.51.100."), "{log}");
    let served = Served::configured("");
    denied(&served);
    let log = served.logged("\n127.0.0.1:");
    assert!(!log.contains("203.0.113.9"), "{log}");
}

#[test]
fn a_configuration_with_mistakes_starts_nothing() {
    let roster = Roster::empty();
    roster.write("server.yaml", "server: s\nlisen: 127.0.0.1:0\nworkspaces: { w: { roster: . } }\n");
    for command in [&["serve", "--config", "server.yaml"][..], &["token", "list", "--config", "server.yaml", "--workspace", "w"]] {
        let said = roster.expect(1, command);
        assert!(
            said.stderr.contains("did you mean `listen`?") && said.stderr.contains("1 mistake in the configuration"),
            "{}",
            said.stderr
        );
    }
    roster.write("server.yaml", "server: s\nworkspaces: { glow: { roster: practice, platform: telus-chr } }\n");
    let example = std::fs::read_to_string("examples/glow/glow.yaml").unwrap().replace("workspace: glow-medspa", "workspace: glow");
    let start = std::fs::read_to_string("examples/glow/start.yaml").unwrap().replace("start: glow-medspa", "start: glow");
    roster.write("practice/glow.yaml", &example);
    roster.write("practice/start.yaml", &start);
    let said = roster.expect(1, &["serve", "--config", "server.yaml"]);
    assert!(said.stderr.contains("`aesthetic-record`") && said.stderr.contains("not `telus-chr`"), "{}", said.stderr);
    roster.write("server.yaml", "server: s\nworkspaces: { gow: { roster: practice } }\n");
    let said = roster.expect(1, &["serve", "--config", "server.yaml"]);
    assert!(said.stderr.contains("has no workspace `gow`: did you mean `glow`?"), "{}", said.stderr);
    let said = roster.expect(1, &["serve", "--config", "nowhere.yaml"]);
    assert!(said.stderr.contains("there is no file `nowhere.yaml`"), "{}", said.stderr);
}
