//! A limit has one home, its constant, and sentences are made from it.

use crate::source::{Source, src};

/// The units of limits.
const UNITS: [&str; 17] = [
    "bytes",
    "KiB",
    "MiB",
    "seconds",
    "minutes",
    "hours",
    "days",
    "characters",
    "digits",
    "hex digits",
    "letters",
    "lower-case letters",
    "plain letters",
    "rows",
    "cells",
    "tables",
    "lines",
];

/// Returns whether a text begins with a number of one of the units.
fn begins_with_limit(text: &str) -> bool {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',').len();
    let (number, rest) = text.split_at(digits);
    let number: String = number.chars().filter(char::is_ascii_digit).collect();
    // One of something is a count.
    let is_limit = number.parse().is_ok_and(|number: u64| number > 1);
    let unit = rest.trim_start();
    is_limit
        && rest != unit
        && UNITS.iter().any(|name| unit.strip_prefix(name).is_some_and(|after| !after.starts_with(char::is_alphanumeric)))
}

/// The help texts of a file with options or commands: comments above what is not a function, with their numbers, from 1.
fn help_texts(source: &Source) -> Vec<(usize, &str)> {
    let has_options = ["clap::Args", "clap::Parser", "clap::Subcommand", "Subcommand)]"].iter().any(|word| source.text.contains(word));
    let (mut found, mut comment) = (Vec::new(), Vec::new());
    for (at, line) in source.text.lines().enumerate().filter(|_| has_options) {
        let code = line.trim_start();
        if code.starts_with("///") {
            comment.push((at + 1, line));
        } else if !code.starts_with("#[") {
            // Only of a function, nobody sees the comment.
            let is_shown = !code.split_whitespace().any(|word| word == "fn");
            found.extend(comment.drain(..).filter(|_| is_shown));
        }
    }
    found
}

/// Returns whether a text has a limit as digits.
fn has_limit(text: &str) -> bool {
    let is_begin = |at: usize, c: char| c.is_ascii_digit() && !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == ',');
    text.char_indices().filter(|(at, c)| is_begin(*at, *c)).any(|(at, _)| begins_with_limit(&text[at..]))
}

/// The lines of a file with a text that has a limit as digits.
fn violations(source: &Source) -> Vec<String> {
    if source.is_test() {
        return Vec::new();
    }
    let code = source.code().into_iter().map(|(at, line)| (at, line, line.split(" // ").next().unwrap_or_default()));
    let found = code.filter(|(_, _, code)| code.split('"').skip(1).step_by(2).any(has_limit));
    let found = found.map(|(at, line, _)| (at, line));
    // The names of limits have their places in a comment that a document repeats.
    let documented = source.documented().into_iter().filter(|(_, line)| line.contains(|c: char| c.is_ascii_digit()));
    let help = help_texts(source).into_iter().filter(|(_, line)| has_limit(line));
    found.chain(documented).chain(help).map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim())).collect()
}

#[test]
fn limits_in_sentences_come_from_constants() {
    let found: Vec<String> = src().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "make these sentences from the constants:\n{}", found.join("\n"));
}

#[test]
fn a_limit_in_a_sentence_is_reported() {
    let found = |text: &str| violations(&Source::snippet("src/cli/x.rs", text)).len();
    for bad in [
        "\"longer than 64 KiB: check it\"",
        "\"1,000,000 cells\"",
        "Err(\"with at most 200 characters\")",
        "\"at most 63 lower-case letters, digits and hyphens\"",
        "log(\"Stopped after 30 seconds.\")",
    ] {
        assert_eq!(found(bad), 1, "{bad}");
    }
    for good in [
        "\"{} KiB\"",
        "/// At most 64 KiB.",
        "let most = 64; // 64 bytes",
        "\"1 day ago\"",
        "\"E.164 numbers\"",
        "\"https://x.example/v2 rows\"",
    ] {
        assert_eq!(found(good), 0, "{good}");
    }
    let in_a_guard = |text: &str| violations(&Source::snippet("src/reconcile/guards/x.rs", text)).len();
    assert_eq!(in_a_guard("//! - Stops a plan when: more accounts lose access than `count` (10)"), 1);
    assert_eq!(in_a_guard("//! - Stops a plan when: more accounts lose access than `count` ({count})"), 0);
    let options = |comment: &str, item: &str| {
        found(&format!("#[derive(clap::Args)]\nstruct Apply {{\n    {comment}\n    #[arg(long)]\n    {item}\n}}"))
    };
    assert_eq!(options("/// All its 64 digits, or fewer.", "digest: Option<String>,"), 1);
    assert_eq!(options("/// A digest.", "digest: Option<String>,"), 0);
    assert_eq!(options("/// All its 64 digits, or fewer.", "fn digits() {}"), 0);
}
