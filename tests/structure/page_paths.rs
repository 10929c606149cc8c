//! The path of a page has one home. A second one was forgotten once, and the token of a link reached a log. So has the path of SCIM.

use std::collections::BTreeSet;

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
    lines.into_iter().filter(|(_, line)| quoted(line.split(" // ").next().unwrap_or_default())).collect()
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

/// The path of SCIM, where it is defined, and the table of routes.
const SCIM: (&str, [&str; 2]) = ("/scim/v2", ["src/model/values/server.rs", "src/server/routes.rs"]);

/// The lines of a file with a text that has the path of SCIM.
fn with_scim(source: &Source) -> Vec<String> {
    let (path, homes) = SCIM;
    let lines = source.code().into_iter().filter(|_| !homes.contains(&source.path.as_str()) && !source.is_test());
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
    assert_eq!(found("src/server/routes.rs", "GET \"/scim/v2/Users\""), 0);
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
        "\"reset-second-factor\"",
    ] {
        assert_eq!(found(rust, other), 0, "{other}");
    }
}
