//! A sentence has one home: no two files of `src` have the same text of several words.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, src};

/// A text with fewer words is a label, which says nothing that could change in one place alone.
const FEWEST_WORDS: usize = 5;

/// Texts that two files have all the same, with the reason. This list only gets shorter.
const IN_TWO_FILES: [(&str, &str); 6] = [
    ("LEFT JOIN blocks b", "each query is whole where it is asked"),
    ("UPDATE resources SET", "a migration keeps the statement of its time"),
    ("These are phone numbers. The primary one", "the field has one part of the attribute that SCIM describes"),
    ("This is the login, unique in the workspace", "the field has one part of the attribute that SCIM describes"),
    ("These are the parts of the person's name", "the field has one part of the attribute that SCIM describes"),
    ("keep only one of them", "of two privileges, and of two keys of a document, which knows nothing of privileges"),
];

/// The texts of a line of code, each without the quotes around it; a text that goes on in the next line ends there.
fn texts(code: &str) -> Vec<String> {
    let (mut found, mut chars) = (Vec::new(), code.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                // A character such as `'"'`, and no lifetime.
                let ahead: Vec<char> = chars.clone().take(3).collect();
                let length = if ahead.first() == Some(&'\\') { 3 } else { 2 };
                if ahead.get(length - 1) == Some(&'\'') {
                    chars.by_ref().take(length).for_each(drop);
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' if chars.peek() == Some(&'\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                        '\\' => text.extend([c].into_iter().chain(chars.next())),
                        _ => text.push(c),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

/// The words of a text: what is between braces is none.
fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| !word.contains(['{', '}']) && word.contains(char::is_alphabetic)).count()
}

/// The texts that two files have, each with the files.
fn repeated(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let lines: Vec<&str> = source.code().into_iter().map(|(_, line)| line).filter(|line| !line.contains("reason = \"")).collect();
        for text in texts(&lines.join("\n")).into_iter().filter(|text| words(text) >= FEWEST_WORDS) {
            files.entry(text).or_default().insert(source.path.clone());
        }
    }
    files.retain(|_, places| places.len() > 1);
    files
}

#[test]
fn a_sentence_has_one_home() {
    let repeated = repeated(&src());
    let is_known = |text: &str| IN_TWO_FILES.iter().any(|(known, _)| text.starts_with(known));
    let found: Vec<String> =
        repeated.iter().filter(|(text, _)| !is_known(text)).map(|(text, files)| format!("{text:?}: {files:?}")).collect();
    assert!(found.is_empty(), "give these sentences one home:\n{}", found.join("\n"));
    for (known, _) in IN_TWO_FILES {
        assert!(repeated.keys().any(|text| text.starts_with(known)), "{known:?} is in one file: take it off the list");
    }
}

#[test]
fn a_sentence_in_two_files_is_reported() {
    let count = |first: &str, second: &str| repeated(&[Source::snippet("src/a.rs", first), Source::snippet("src/b.rs", second)]).len();
    let sentence = "    say(\"{place} has no workspace of that name\");";
    assert_eq!(count(sentence, "    bail!(\"{place} has no workspace \\\n        of that name\");"), 1);
    assert_eq!(count("    say('\"', \"nobody has this account any longer\");", "say(\"nobody has this account any longer\")"), 1);
    assert_eq!(count(sentence, "    say(\"{place} has no account of that name\");"), 0);
    assert_eq!(count("say(\"once for all {}\")", "say(\"once for all {}\")"), 0, "it is too short");
    assert_eq!(count(sentence, "// \"{place} has no workspace of that name\""), 0);
    assert_eq!(count(sentence, "#[cfg(test)]\nmod tests {\n    say(\"{place} has no workspace of that name\");\n}"), 0);
}
