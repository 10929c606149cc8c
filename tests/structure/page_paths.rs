//! The path of a page has one home. A second one was forgotten once, and the token of a link reached a log. So have the paths that programs
//! call: the client's and the server's are made of the same constants.

use std::collections::BTreeSet;

use rosterctl::model::SCIM_PATH;
use rosterctl::scim::paths;
use rosterctl::scim::schema::record_names::{clinic, employee, group, role, user};

use crate::source::{Source, below, src};

/// The home.
const HOME: &str = "src/server/members/frame/page_name.rs";

/// The first parts of the paths of all pages.
fn first_parts(home: &Source) -> BTreeSet<&str> {
    let lines = home.code().into_iter().filter_map(|(_, line)| line.trim().strip_suffix("\";"));
    let paths = lines.filter_map(|line| line.split_once(" \"/")?.1.split('/').next());
    paths.filter(|part| !part.is_empty()).collect()
}

/// The lines of a file with a text that has the beginning of a page's path. An endpoint below `/api/` can have the same words.
fn with_a_path<'s>(source: &'s Source, parts: &BTreeSet<&str>) -> Vec<(usize, &'s str)> {
    let lines = if source.is_rust() { source.code() } else { source.text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect() };
    let is_one = |text: &str| {
        let after = text.split('/').skip(1);
        after.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default()).any(|part| parts.contains(part))
    };
    let quoted = |line: &str| line.split('"').skip(1).step_by(2).filter(|text| !text.starts_with("/api/")).any(is_one);
    let is_endpoint = |line: &str| line.contains("joined!(API, ");
    lines.into_iter().filter(|(_, line)| !is_endpoint(line) && quoted(line.split(" // ").next().unwrap_or_default())).collect()
}

#[test]
fn paths_of_pages_are_in_one_file() {
    let sources = below("src/server");
    let home = sources.iter().find(|source| source.path == HOME).expect("the home of the paths");
    let parts = first_parts(home);
    assert!(parts.len() > 10 && parts.contains("join"), "{parts:?}");
    let others = sources.iter().filter(|source| source.path != HOME);
    let found = others.flat_map(|source| with_a_path(source, &parts).into_iter().map(|(at, line)| format!("{}:{at}: {line}", source.path)));
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "make these from a `PageName`:\n{}", found.join("\n"));
}

/// The path of SCIM, and where it is defined.
const SCIM: (&str, &str) = (SCIM_PATH, "src/model/values/server.rs");

/// The lines of a file with a text that has the path of SCIM.
fn with_scim(source: &Source) -> Vec<String> {
    let (path, home) = SCIM;
    let lines = source.code().into_iter().filter(|_| source.path != home && !source.is_test());
    lines.filter(|(_, line)| line.contains(path)).map(|(at, line)| format!("{}:{at}: {line}", source.path)).collect()
}

#[test]
fn the_path_of_scim_is_joined_to_addresses_in_one_function() {
    let found: Vec<String> = src().iter().flat_map(with_scim).collect();
    assert!(found.is_empty(), "make these with `scim_address`:\n{}", found.join("\n"));
}

#[test]
fn the_path_of_scim_in_a_text_is_reported() {
    let found = |path: &str, text: &str| with_scim(&Source::snippet(path, text)).len();
    assert_eq!(found("src/cli/x.rs", "format!(\"{base}/{name}/scim/v2\")"), 1);
    assert_eq!(found("src/cli/x.rs", "/// At `/WORKSPACE/scim/v2`."), 0);
    assert_eq!(found("src/server/routes.rs", "GET \"/scim/v2/Users\""), 1);
    assert_eq!(found(SCIM.1, "\"/scim/v2\""), 0);
}

#[test]
fn a_path_in_a_text_is_reported() {
    let home = Source::snippet(HOME, "pages! {\n    Home \"/\";\n    Join \"/join/{token}\";\n    AskReset \"/reset\";\n}\n");
    let parts = first_parts(&home);
    assert_eq!(parts, BTreeSet::from(["join", "reset"]));
    let found = |path: &str, text: &str| with_a_path(&Source::snippet(path, text), &parts).len();
    let rust = "src/server/members/x.rs";
    for path in ["go(\"/glow/reset\")", "format!(\"{base}/{name}/join/{token}\")", "let a = \"reset\" + \"/reset?next=x\";"] {
        assert_eq!(found(rust, path), 1, "{path}");
    }
    assert_eq!(found("src/server/members/templates/x.html", "<a href=\"/{{ workspace }}/reset\">"), 1);
    for other in [
        "visit.path(PageName::AskReset)",
        "/// `GET /reset`",
        "text(\"reset\")",
        "\"/scim/v2/Resets\"",
        "\"/api/v1/join\"",
        "GET joined!(API, APP, \"/join\")",
        "\"reset-second-factor\"",
    ] {
        assert_eq!(found(rust, other), 0, "{other}");
    }
}

/// The modules that have the two ends of a path: the server's table, and the client.
const ENDS: [&str; 2] = ["src/directory/", "src/server/"];

/// The paths that programs call. Those of pages have a home of their own, where `/log` and `/users` would be others.
const PATHS: [&str; 14] = [
    clinic::ENDPOINT,
    role::ENDPOINT,
    employee::ENDPOINT,
    group::ENDPOINT,
    user::ENDPOINT,
    paths::SERVICE_PROVIDER_CONFIG,
    paths::RESOURCE_TYPES,
    paths::SCHEMAS,
    paths::ME,
    paths::SEARCH,
    paths::ACTIONS,
    paths::API,
    paths::LOG,
    paths::CODE_WORD,
];

/// The lines of the client and the server with a text that has such a path.
fn with_path_of_programs(source: &Source) -> Vec<String> {
    let is_end = ENDS.iter().any(|end| source.path.starts_with(end)) && !source.is_test() && source.path != HOME;
    let has_path = |text: &str| {
        let ends = |path: &str, at: usize| !text[at + path.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
        PATHS.iter().any(|path| text.match_indices(path).any(|(at, _)| ends(path, at)))
    };
    let code = source.code().into_iter().filter(|_| is_end).map(|(at, line)| (at, line, line.split(" // ").next().unwrap_or_default()));
    let found = code.filter(|(_, _, code)| code.split('"').skip(1).step_by(2).any(has_path));
    found.map(|(at, line, _)| format!("{}:{at}: {}", source.path, line.trim())).collect()
}

#[test]
fn the_client_and_the_server_make_their_paths_of_the_same_constants() {
    let found: Vec<String> = src().iter().flat_map(with_path_of_programs).collect();
    assert!(found.is_empty(), "use `scim::paths` and `record_names`:\n{}", found.join("\n"));
}

#[test]
fn a_path_of_programs_in_a_text_is_reported() {
    let found = |path: &str, text: &str| with_path_of_programs(&Source::snippet(path, text)).len();
    for text in [
        "list(client, \"/Users\")",
        "format!(\"{base}/Users/{id}\")",
        "self.client.beside(\"/log\")",
        "format!(\"{root}/api/v1{path}\")",
        "GET \"/scim/v2/Clinics/{id}\"",
        "format!(\"{url}/actions/{action}\")",
        "below(\"/Users/.search\")",
    ] {
        assert_eq!(found("src/directory/scim/x.rs", text), 1, "{text}");
        assert_eq!(found("src/server/x.rs", text), 1, "{text}");
        assert_eq!(found("src/scim/paths.rs", text), 0, "{text}");
    }
    for text in ["/// `GET /Users`.", "below(user::ENDPOINT)", "\"/login\"", "\"/Users-of\"", "path(\"/code-words\")"] {
        assert_eq!(found("src/server/x.rs", text), 0, "{text}");
    }
}
