//! The configuration of a server, with the start files that it names.

use std::fs;

use rosterctl::manifest::Source;
use rosterctl::manifest::server::{Hosted, ServerConfig, read};
use rosterctl::model::Connection;

use crate::samples::root;

const EXAMPLE: &str = "examples/server/server.yaml";

/// Reads a configuration beside the start file of the example.
fn configured(text: &str, start: &str) -> Result<ServerConfig, String> {
    let source = Source { name: "server.yaml".to_owned(), bytes: text.as_bytes().to_vec() };
    let open = |path: &str| (path == "harbor-start.yaml").then(|| start.as_bytes().to_vec());
    read(&source, &open).map_err(|mistakes| mistakes.render("", false))
}

fn example() -> (String, String) {
    let text = |path: &str| fs::read_to_string(root(path)).unwrap();
    (text(EXAMPLE), text("examples/server/harbor-start.yaml"))
}

#[test]
fn the_example_says_where_to_listen_and_what_to_serve() {
    let (text, start) = example();
    let config = configured(&text, &start).unwrap();
    assert_eq!((config.name.as_str(), config.listen.as_str()), ("staff-accounts", "127.0.0.1:8080"));
    assert_eq!(config.public_url.as_deref(), Some("https://staff.practice.example"));
    assert!(config.proxies.iter().any(|proxy| proxy.contains("10.1.2.3".parse().unwrap())));
    let Some(Hosted::Roster { directory, platform: None }) = config.workspaces.get("bright-dental") else { panic!("no roster") };
    assert_eq!(directory.to_str(), Some("../bright-dental"));
    let Some(Hosted::Start(desired)) = config.workspaces.get("harbor") else { panic!("no start file") };
    assert_eq!((desired.workspace.as_str(), desired.time_zone.as_str()), ("harbor", "America/Vancouver"));
    let Connection::Embedded { start: Some(start), .. } = &desired.connection else { panic!("no accounts") };
    assert_eq!(start.accounts.len(), 2);
}

#[test]
fn a_configuration_needs_little() {
    let config = configured("server: s\nworkspaces: { glow: { platform: aesthetic-record, roster: . } }\n", "").unwrap();
    assert_eq!((config.listen.as_str(), config.public_url, config.database), ("127.0.0.1:8080", None, None));
    assert!(configured("server: s\nproxies: []\nworkspaces: { glow: { roster: . } }\n", "").is_ok(), "no proxies need no URL");
    assert!(config.invitations_valid_for.is_none() && config.pepper.is_none());
    assert!(config.proxies.is_empty() && config.tls.is_none() && config.metrics.is_none() && !config.logs_json);
}

#[test]
fn mistakes_in_the_start_file_have_their_place_there() {
    let (text, start) = example();
    for (from, to, expected) in [
        ("type: staff", "typ: staff", "--> harbor-start.yaml:15:5"),
        ("dr.wong@harbor.example:", "dr.wang@harbor.example:", "main admin `dr.wong@harbor.example` is not among the accounts"),
        ("start: harbor", "start: lakeside", "this is not the start file of `harbor`"),
        ("start: harbor", "workspace: harbor", "this is not the start file of `harbor`"),
        ("needs: [schedule, billing]", "needs: [shedule, billing]", "`schedule`"),
    ] {
        assert!(start.contains(from));
        let said = configured(&text, &start.replacen(from, to, 1)).unwrap_err();
        assert!(said.contains(expected) && said.contains("harbor-start.yaml:"), "{to}: {said}");
    }
    let said = configured(&text.replace("harbor-start.yaml", "nowhere.yaml"), &start).unwrap_err();
    assert!(said.contains("`nowhere.yaml` cannot be read") && said.contains("server.yaml:11"), "{said}");
}

#[test]
fn another_document_is_not_a_configuration() {
    for text in ["workspace: glow\n", "listen: 0.0.0.0:80\nserver: s\n", "", "- server\n", "server"] {
        let said = configured(text, "").unwrap_err();
        assert!(said.contains("its first key must be `server: NAME`"), "{text}: {said}");
    }
    let said = configured("server: s\nserver: t\nworkspaces: { w: { roster: . } }\n", "").unwrap_err();
    assert!(said.contains("twice"), "{said}");
}

#[test]
fn every_beginning_of_the_example_is_refused_or_reads() {
    let (text, start) = example();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        if let Ok(config) = configured(&text[..end], &start) {
            assert!(!config.workspaces.is_empty(), "{}", &text[..end]);
        }
    }
}

// G5
#[test]
fn invitations_are_valid_for_one_to_thirty_days() {
    let with =
        |value: &str| configured(&format!("server: s\ninvitations_valid_for: {value}\nworkspaces: {{ glow: {{ roster: . }} }}\n"), "");
    for (value, days) in [("1d", 1), ("7d", 7), ("30d", 30)] {
        assert_eq!(with(value).unwrap().invitations_valid_for, Some(days * 24 * 60 * 60 * 1000), "{value}");
    }
    for value in ["0d", "31d", "07d", "+7d", "-1d", "7", "36h", "1.5d", "\"\"", "99999999999999999999d"] {
        assert!(with(value).is_err(), "{value}");
    }
    let said = with("31d").unwrap_err();
    assert!(said.contains("write 1 to 30 days, such as `7d`"), "{said}");
}

#[test]
fn a_pepper_is_a_reference_and_never_in_plain_text() {
    let with = |value: &str| configured(&format!("server: s\npepper: {value}\nworkspaces: {{ glow: {{ roster: . }} }}\n"), "");
    assert!(with("{ env: ROSTERCTL_PEPPER }").unwrap().pepper.is_some());
    let said = with("a long secret in plain text").unwrap_err();
    assert!(said.contains("plain text") && !said.contains("a long secret"), "{said}");
}
