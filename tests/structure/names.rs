//! Checks the names of types, functions and files: a name has one meaning, and nobody needs the body to understand it.

use std::collections::BTreeMap;

use crate::source::{Source, src};

/// Names that two types have all the same, with the reason. This list only gets shorter.
const DECLARED_TWICE: [(&str, &str); 9] = [
    ("CodeWord", "of a catalog; and the arguments of the command, which has the name of what it shows"),
    ("Plan", "of a workspace; and the arguments of the command"),
    ("Refusal", "of a part of the roster in a plan, and of a request by the server: no file names both"),
    ("Review", "of all workspaces; and the arguments of the command"),
    ("Schema", "of SCIM; and the arguments of the command"),
    ("Snapshot", "a list of users; and the arguments of the command"),
    ("Source", "of a refusal, its requirement; and of a roster, one of its files"),
    ("Table", "of a file with users; and of a YAML document, which knows nothing of users"),
    ("Value", "of a field, and of a YAML document, which knows nothing of fields"),
];

/// Names of functions that nobody understands without their body.
const UNCLEAR: [&str; 14] =
    ["told", "tell", "held", "of", "again", "take_up", "put_in", "or_keep", "lay", "moved", "fresh", "known", "says_false", "wanted"];

/// Words that no name of a function has.
const UNCLEAR_PARTS: [&str; 2] = ["told", "stands"];

/// Names of files that say how something looks, and not what is in it.
const UNCLEAR_FILES: [&str; 5] = ["standing.rs", "shape.rs", "asked.rs", "shown.rs", "ground.rs"];

/// The word after a keyword in a line.
pub(crate) fn defined<'l>(line: &'l str, keywords: &[&str]) -> Vec<&'l str> {
    let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    words.windows(2).filter(|pair| keywords.contains(&pair[0])).map(|pair| pair[1]).collect()
}

/// The name of the type that a line of a module declares. An indented `type` belongs to a trait.
fn declared(line: &str) -> Option<&str> {
    let words = line.trim_start();
    let after_pub = match words.strip_prefix("pub(") {
        Some(scoped) => scoped.split_once(") ")?.1,
        None => words.strip_prefix("pub ").unwrap_or(words),
    };
    let (keyword, rest) = after_pub.split_once(' ')?;
    let is_type = match keyword {
        "struct" | "enum" | "trait" => true,
        "type" => !line.starts_with(' '),
        _ => false,
    };
    let name = rest.split(|c: char| !c.is_alphanumeric()).next().filter(|name| !name.is_empty());
    name.filter(|_| is_type)
}

/// The names of types that are declared in two places of the code, each with its files.
fn declared_twice(sources: &[Source]) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        for name in source.code().into_iter().filter_map(|(_, line)| declared(line)) {
            files.entry(name.to_owned()).or_default().push(source.path.clone());
        }
    }
    files.retain(|_, places| places.len() > 1);
    files
}

/// Returns whether the name of a function needs its body to be understood.
fn is_unclear(name: &str) -> bool {
    UNCLEAR.contains(&name) || name.split('_').any(|word| UNCLEAR_PARTS.contains(&word))
}

/// Unclear names of a file's code.
fn unclear(source: &Source) -> Vec<String> {
    let named = |line: &str| defined(line, &["fn"]).into_iter().filter(|name| is_unclear(name)).map(str::to_owned).collect::<Vec<_>>();
    let lines = source.code().into_iter().flat_map(|(at, line)| named(line).into_iter().map(move |name| (at, name)));
    let mut found: Vec<String> = lines.map(|(at, name)| format!("{}:{at}: `{name}`", source.path)).collect();
    let file = source.path.rsplit('/').next().unwrap_or_default();
    found.extend(UNCLEAR_FILES.contains(&file).then(|| format!("{}: the name of the file", source.path)));
    found
}

#[test]
fn a_type_name_is_declared_once() {
    let twice = declared_twice(&src());
    let found: Vec<String> = twice
        .iter()
        .filter(|(name, _)| !DECLARED_TWICE.iter().any(|(known, _)| known == name))
        .map(|(name, files)| format!("`{name}`: {files:?}"))
        .collect();
    assert!(found.is_empty(), "these names have two meanings:\n{}", found.join("\n"));
    for (name, _) in DECLARED_TWICE {
        assert!(twice.contains_key(name), "`{name}` is declared once: take it off the list");
    }
}

#[test]
fn a_name_that_two_types_have_is_reported() {
    let twice =
        |first: &str, second: &str| declared_twice(&[Source::snippet("src/a.rs", first), Source::snippet("src/b.rs", second)]).len();
    assert_eq!(twice("pub struct Edit {}", "    pub enum Edit<'a> {"), 1);
    assert_eq!(twice("pub struct Edit {}", "pub(super) struct Edit;"), 1);
    assert_eq!(twice("struct Edit(u8);", "type Edit<'t> = &'t str;"), 1);
    assert_eq!(twice("pub struct Edit {}", "pub struct Splice {}"), 0);
    assert_eq!(twice("    type Value = u8;", "    type Value = u16;"), 0);
    assert_eq!(twice("struct Edit;", "#[cfg(test)]\nmod tests {\n    struct Edit;\n}"), 0);
}

#[test]
fn functions_and_files_have_clear_names() {
    let found: Vec<String> = src().iter().filter(|source| !source.is_test()).flat_map(unclear).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn unclear_names_are_reported_and_clear_ones_are_not() {
    let count = |path: &str, line: &str| unclear(&Source::snippet(path, line)).len();
    for name in UNCLEAR {
        assert_eq!(count("src/x.rs", &format!("fn {name}(x: u8) {{}}")), 1, "{name}");
    }
    for file in UNCLEAR_FILES {
        assert_eq!(count(&format!("src/a/{file}"), ""), 1, "{file}");
    }
    assert_eq!((count("src/x.rs", "fn told_by(x: u8) {}"), count("src/x.rs", "fn stands_under() {}")), (1, 1));
    assert_eq!(count("src/x.rs", "fn is_wanted_by(x: u8) {} // fn"), 0);
    assert_eq!(defined("pub(in crate::a) struct Server {", &["struct"]), ["Server"]);
}
