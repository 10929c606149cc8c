//! `PyYAML`, which speaks YAML 1.1, reads what we write as the same text: there `no`, `12:30` and `1_000` are not texts.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use rosterctl::yaml::write::scalar;

/// The texts that a reader of YAML 1.1 takes for something else than text.
const TRAPS: [&str; 36] = [
    "",
    " a",
    "a ",
    "~",
    "null",
    "NULL",
    "y",
    "N",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "False",
    "2026-01-01",
    "2026-01-01 10:00:00",
    "12:30",
    "1_000",
    "0x1f",
    "0b1",
    "017",
    "1e3",
    "1.5e+3",
    ".5",
    "-1",
    ".inf",
    ".NaN",
    "<<",
    "=",
    "#a",
    "a #b",
    "a: b",
    "- a",
    "a\nb",
    "a\u{85}b",
    "\u{feff}a",
];

#[test]
fn pyyaml_reads_every_text_as_it_was() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/interop/yaml/bin/python");
    assert!(python.exists(), "`{}` is missing: run ./test", python.display());
    let piece = prop::sample::select(vec![
        "a",
        "Z",
        "é",
        "no",
        "1",
        "0",
        "e",
        "_",
        "-",
        "+",
        ".",
        ":",
        " ",
        "#",
        ",",
        "[",
        "{",
        "'",
        "\"",
        "\\",
        "\n",
        "\t",
        "&",
        "*",
        "!",
        "|",
        "%",
        "@",
        "`",
        "?",
        "=",
        "<",
        "\0",
        "\u{7f}",
        "\u{a0}",
        "\u{2028}",
        "\u{fffe}",
        "\u{1f600}",
        "---",
    ]);
    let texts = prop_oneof![3 => prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()), 1 => any::<String>()];
    let mut runner = TestRunner::new(Config::default());
    let mut all: Vec<String> = TRAPS.map(str::to_owned).into();
    all.extend((0..3_000).map(|_| texts.new_tree(&mut runner).expect("a text").current()));
    let documents: Vec<String> = all.iter().map(|text| format!("{}\n", scalar(text))).collect();
    let mut child = Command::new(python)
        .arg(root.join("tests/interop/yaml_1_1.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python runs");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(serde_json::to_string(&documents).expect("JSON").as_bytes()).expect("Python reads");
    drop(input);
    let output = child.wait_with_output().expect("Python answers");
    let read: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).expect("a list");
    assert_eq!(read.len(), all.len());
    for ((text, document), read) in all.iter().zip(&documents).zip(&read) {
        assert_eq!(read.as_str(), Some(text.as_str()), "{document}");
    }
}
