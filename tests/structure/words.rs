//! Checks the words that people read: patterns that a plain sentence in American English does not have.

use crate::names::defined;
use crate::source::{Source, below};

/// Files that are not our words: those of others, those that a program wrote, and the two that list what is wrong.
const OTHERS: [&str; 10] = [
    ".git",
    "Cargo.lock",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "fuzz/corpus",          // Inputs of the fuzzer, as they were when they were found.
    "proptest-regressions", // Inputs of failed laws.
    "tests/pins/old",       // Files that earlier versions wrote.
    "tests/structure/words.rs",
    "tests/structure/names.rs",
    "tests/negative", // Patches repeat the lines around them.
];

/// Patterns that are wrong wherever they occur, in lower case.
const NEVER: [&str; 59] = [
    "can not",
    "as the yaml wants",
    "whoever",
    "is to be had",
    "could be had",
    "in clear",
    "stands there",
    "stands here",
    "holds until",
    "for ever ",
    "for ever.",
    "for ever,",
    "has not the ",
    "have not the ",
    "may not hold",
    "is who ",
    "broke off",
    "told_to",
    "put_in",
    "take_up",
    "or_keep",
    "be told",
    "nobody gave",
    "not an own ",
    "at one time",
    "under way",
    "says too little",
    "the yaml is silent",
    "as wanted",
    "wanted empty",
    "yaml wants",
    "yaml gives",
    "is told",
    "was told",
    "were told",
    "stood behind",
    "told to",
    "stands in",
    "stand in the",
    "stands for ",
    "lies in",
    "whom or what",
    "what came of",
    "is not there",
    "that is there",
    "take up",
    "taken up",
    "nobody's to",
    "brought over",
    "has its turn",
    "gone on with",
    "just as wanted",
    "stands behind",
    "stand side",
    "stand there",
    "lies below",
    "an email address",
    "office of main admin",
    " any more",
];

/// British spellings, as parts of words in lower case.
const BRITISH: [&str; 20] = [
    "colour",
    "authoris",
    "recognis",
    "normalis",
    "behaviour",
    "honour",
    "cancelled",
    "artefact",
    "serialis",
    "optimis",
    "organis",
    "summaris",
    "neighbour",
    "favour",
    "initialis",
    "minimis",
    "sterilis",
    "afterwards",
    "catalogue",
    "greyed out",
];

/// Openings of a sentence without a person or thing as its subject.
const OPENINGS: [&str; 4] = ["Who is ", "What is ", "Who was ", "What was "];

/// Words that make `is no …` correct: "is no longer", "there is no …".
const AFTER_NO: [&str; 3] = ["longer", "more", "different"];

/// Lists the patterns in a line.
fn violations_in(line: &str) -> Vec<String> {
    let lower = line.to_lowercase();
    let mut found: Vec<String> = NEVER.iter().chain(&BRITISH).filter(|word| lower.contains(*word)).map(ToString::to_string).collect();
    for verb in ["is no ", "are no "] {
        for (at, _) in lower.match_indices(verb) {
            let (before, after) = (&lower[..at], &lower[at + verb.len()..]);
            let is_correct = before.ends_with("there ") || before.ends_with("th") || AFTER_NO.iter().any(|word| after.starts_with(word));
            if !is_correct {
                found.push(verb.trim().to_owned());
            }
        }
    }
    let text = line.trim_start().trim_start_matches(['/', '!', '#', '-', '*', ' ']);
    for opening in OPENINGS {
        if text.starts_with(opening) || line.contains(&format!(". {opening}")) || line.contains(&format!("\"{opening}")) {
            found.push(opening.to_owned());
        }
    }
    // A later sentence that begins like this is a question, or has no person or thing as its subject.
    for opening in [". What ", ". Who "] {
        let later = line.split_once(opening).map(|(_, sentence)| sentence);
        let is_known = OPENINGS.iter().any(|known| line.contains(&format!(". {known}")));
        found.extend(later.filter(|sentence| !is_known && !sentence.contains('?')).map(|_| opening.trim().to_owned()));
    }
    found
}

/// Words that the names of tests and scenarios do not have, since the glossary has others for them.
const NOT_IN_NAMES: [&str; 5] = [" converged ", " wanted ", " reading after ", " second reading ", " told apart "];

/// Shorter names are those of helpers.
const FEWEST_WORDS_OF_TESTS: usize = 3;

/// First words of names of tests and scenarios, and of headings, that no person or thing can follow as the subject.
const FIRST_WORDS: [&str; 2] = ["what ", "who "];

/// Returns the first word of a name or heading, if it is one of these and the text is not a question.
fn bad_first_word(text: &str) -> Option<&'static str> {
    let lower = text.trim_start().to_lowercase();
    FIRST_WORDS.into_iter().find(|word| lower.starts_with(word)).filter(|_| !lower.trim_end().ends_with('?'))
}

/// Lists the patterns in a name that has blanks around each of its words.
fn violations_in_name(name: &str) -> Vec<String> {
    let is_sentence = name.split_whitespace().count() >= FEWEST_WORDS_OF_TESTS;
    let opening = bad_first_word(name);
    let more = NOT_IN_NAMES.into_iter().filter(|word| is_sentence && name.contains(word)).chain(opening);
    violations_in(name).into_iter().chain(more.map(|word| word.trim().to_owned())).collect()
}

/// Lists the first words of a document's headings that are not a subject.
fn headed_badly(source: &Source) -> Vec<(usize, String)> {
    let is_document = std::path::Path::new(&source.path).extension().is_some_and(|end| end == "md");
    let lines = source.text.lines().enumerate().filter(|(_, line)| is_document && line.starts_with('#'));
    lines.filter_map(|(at, line)| Some((at + 1, bad_first_word(line.trim_start_matches('#'))?.trim().to_owned()))).collect()
}

/// Lists the patterns in the names of a file's tests, and in a scenario's own name, with blanks between the words.
fn named_badly(source: &Source) -> Vec<(usize, String)> {
    let tests = if source.is_rust() { source.tests_alone().text } else { String::new() };
    let functions = tests.lines().enumerate().flat_map(|(at, line)| defined(line, &["fn"]).into_iter().map(move |name| (at + 1, name)));
    let spaced = |name: &str| format!(" {} ", name.replace(['_', '-'], " "));
    let mut names: Vec<(usize, String)> =
        functions.flat_map(|(at, name)| violations_in_name(&spaced(name)).into_iter().map(move |word| (at, word))).collect();
    if let Some(name) = source.path.strip_prefix("tests/scenarios/").and_then(|file| file.strip_suffix(".yaml")) {
        names.extend(violations_in_name(&spaced(name)).into_iter().map(|word| (1, word)));
    }
    names
}

/// First words of a doc comment that has no main clause, or that begins with another one.
const CLAUSES: [&str; 10] = ["What", "Who", "Whose", "Whom", "How", "When", "Whether", "Why", "Where", "Which"];

/// Returns the text of a line of a doc comment.
fn documentation(line: &str) -> Option<&str> {
    let comment = line.trim_start();
    comment.strip_prefix("///").or_else(|| comment.strip_prefix("//!")).map(str::trim)
}

/// Returns whether a doc comment, the first of these lines, is on an option or a type of the command line, where it becomes help.
fn is_help(lines: &[&str]) -> bool {
    let item = lines.iter().skip_while(|line| documentation(line).is_some());
    let mut attributes = item.map(|line| line.trim_start()).take_while(|line| line.starts_with("#["));
    attributes.any(|line| line.contains("clap::") || line.starts_with("#[arg("))
}

/// Lists the first words of a file's doc comments that say neither what a thing is nor what it does.
fn documented_badly(source: &Source) -> Vec<(usize, String)> {
    let lines: Vec<&str> = if source.is_rust() { source.text.lines().collect() } else { Vec::new() };
    let previous = std::iter::once("").chain(lines.iter().copied());
    let begin = lines.iter().zip(previous).enumerate().filter(|(_, (_, previous))| documentation(previous).is_none());
    begin
        .filter_map(|(at, (line, _))| {
            let text = documentation(line)?;
            let first = text.split(|c: char| !c.is_alphabetic()).next()?;
            let is_fragment = CLAUSES.contains(&first) && !text.ends_with('?') && !is_help(&lines[at..]);
            is_fragment.then(|| (at + 1, first.to_owned()))
        })
        .collect()
}

/// Lists the patterns in a file.
fn violations(source: &Source) -> Vec<String> {
    let lines = source.text.lines().enumerate();
    lines
        .flat_map(|(at, line)| violations_in(line).into_iter().map(move |word| (at + 1, word)))
        .chain(named_badly(source))
        .chain(headed_badly(source))
        .chain(documented_badly(source))
        .map(|(line, word)| format!("{}:{line}: `{word}`", source.path))
        .collect()
}

/// Returns whether a path is one of these files, or in one of these folders.
fn is_in(path: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| path.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[test]
fn all_words_are_plain_american_english() {
    let is_checked = |source: &&Source| !is_in(&source.path, &OTHERS);
    let found: Vec<String> = below("").iter().filter(is_checked).flat_map(violations).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn patterns_are_reported_and_correct_sentences_are_not() {
    let count = |line: &str| violations(&Source::snippet("src/cli/x.rs", line)).len();
    for word in NEVER.into_iter().chain(BRITISH).chain(OPENINGS) {
        assert!(count(&format!("/// Says. {word}")) > 0 || count(word) > 0, "{word}");
    }
    assert_eq!(count("`pink` is no color"), 1);
    assert_eq!(count("letters that are no digits"), 1);
    assert_eq!(count("// Who is blocked stays blocked."), 1);
    assert_eq!(count("/// Compares. What differs is written."), 1);
    assert_eq!(count("Stopped. What next?"), 0);
    for correct in [
        "there is no workspace",
        "it is no longer active",
        "there are no workspaces",
        "they are no longer active",
        "cannot",
        "says who is blocked",
        "recognized",
        "the color",
    ] {
        assert_eq!(count(correct), 0, "{correct}");
    }
}

#[test]
fn patterns_in_names_of_tests_and_scenarios_are_reported() {
    let count = |path: &str, line: &str| violations(&Source::snippet(path, line)).len();
    for bad in [
        "fn pink_is_no_color() {",
        "async fn it_is_not_read_for_ever() {",
        "    fn nobody_is_invited_any_more() {",
        "fn who_is_active_stays() {",
        "fn who_left_stays_away() {",
        "async fn what_the_list_shows_counts() {",
        "fn a_second_reading_finds_it() {",
    ] {
        assert_eq!(count("tests/cli/x.rs", bad), 1, "{bad}");
    }
    assert_eq!(count("src/x.rs", "#[cfg(test)]\nmod tests {\n    fn it_can_not_be_kept() {}\n}"), 1);
    assert_eq!(count("tests/cli/x.rs", "fn pink_is_not_a_color() { there_is_no_end(); }"), 0);
    for bad in ["active-wanted-blocked", "inactive-is-converged", "pink-is-no-color", "what-left-is-gone", "who-left-is-inactivated"] {
        assert_eq!(count(&format!("tests/scenarios/{bad}.yaml"), ""), 1, "{bad}");
    }
    assert_eq!(count("tests/scenarios/active-already-matches.yaml", ""), 0);
}

#[test]
fn headings_without_a_subject_are_reported() {
    let count = |path: &str, line: &str| violations(&Source::snippet(path, line)).len();
    for bad in ["# What it reads", "### Who may sign in"] {
        assert_eq!(count("docs/x.md", bad), 1, "{bad}");
    }
    for correct in ["## What does it read?", "## People who may sign in", "#what"] {
        assert_eq!(count("docs/x.md", correct), 0, "{correct}");
    }
    assert_eq!(count("src/x.rs", "# What it reads"), 0);
}

#[test]
fn doc_comments_without_a_main_clause_are_reported() {
    let count = |path: &str, text: &str| violations(&Source::snippet(path, text)).len();
    for bad in [
        "//! How users are read.",
        "struct User {\n    /// Whether the user is active.\n    active: bool,\n}",
        "/// Why.\n#[derive(Debug)]\nenum Cause {}",
        "/// When the list was taken,\n/// or read.\nfn taken() {}",
    ] {
        assert_eq!(count("src/cli/x.rs", bad), 1, "{bad}");
    }
    for correct in [
        "/// Returns whether the user is active.",
        "/// The users of a list\n/// whose state is known.",
        "/// Whatever is known.",
        "/// Why is it so?",
        "// Whether they are active is unknown.",
        "/// What the token allows.\n#[serde(default)]\n#[arg(long)]\naccess: Access,",
        "/// How users are divided.\n#[derive(Debug, clap::ValueEnum)]\nenum By {}",
    ] {
        assert_eq!(count("src/cli/x.rs", correct), 0, "{correct}");
    }
    assert_eq!(count("docs/x.md", "/// Whether it is read."), 0);
}
