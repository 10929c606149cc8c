//! Every text is read back as it was, by our reader, by `serde_yaml`, and by the rules of YAML 1.1.

use proptest::prelude::*;

use super::super::read::tree;
use super::super::{Finding, Sink};
use super::{Value, document, flow, is_plain, scalar};

/// Returns what our reader makes of a document.
fn read(text: &str) -> Value {
    let mut sink = Sink::default();
    let tree = tree(text.as_bytes(), &mut sink);
    let codes: Vec<&str> = sink.found.iter().map(|found: &Finding| found.code).collect();
    assert!(codes.is_empty(), "{codes:?} in {text}");
    tree.and_then(|tree| tree.root().map(Value::new)).unwrap_or(Value::Null)
}

/// Texts that some reader takes for something else than text when they are not in quotes.
const TRAPS: [&str; 62] = [
    "",
    " ",
    "~",
    "null",
    "Null",
    "NULL",
    "y",
    "Y",
    "n",
    "N",
    "yes",
    "Yes",
    "YES",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "true",
    "True",
    "TRUE",
    "false",
    "False",
    "FALSE",
    "2026-01-01",
    "2026-01-01T10:00:00Z",
    "12:30",
    "1:30:00",
    "1_000",
    "0x1f",
    "0b11",
    "0o17",
    "017",
    "1e3",
    "1.5",
    "-1",
    "+1",
    ".inf",
    "-.INF",
    ".nan",
    ".NaN",
    "<<",
    "=",
    "#3aa675",
    "a #b",
    "a: b",
    "a:",
    "- a",
    "? a",
    "@a",
    "`a",
    "%a",
    "&a",
    "*a",
    "!a",
    "|",
    "a\nb",
    "a\u{85}b",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "Z",
        "é",
        "e\u{301}",
        "no",
        "1",
        "-",
        ":",
        " ",
        "#",
        ",",
        "[",
        "]",
        "{",
        "}",
        "'",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\t",
        "&",
        "*",
        "!",
        "|",
        ">",
        "%",
        "@",
        "`",
        "?",
        "\0",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{200b}",
        "\u{feff}",
        "\u{fffe}",
        "\u{1ffff}",
        "\u{1f600}",
        "---",
        "...",
    ]);
    prop_oneof![
        3 => prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => prop::collection::vec(prop::sample::select(vec!["a", "Desk", " ", "-", " - ", "'", "."]), 1..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => prop::sample::select(TRAPS.to_vec()).prop_map(str::to_owned),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(Value::Number),
        text().prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    })
}

#[test]
fn a_text_that_yaml_1_1_reads_as_another_type_is_quoted() {
    for text in TRAPS {
        assert!(!is_plain(text), "{text:?}");
        assert_eq!(read(&format!("key: {}\n", scalar(text))), Value::Map(vec![("key".to_owned(), Value::Text(text.to_owned()))]));
    }
}

#[test]
fn plain_words_have_no_quotes() {
    for text in [
        "front-desk",
        "Ana R.",
        "ana.ruiz@glow.example",
        "General/Private Billing",
        "O'Brien (DDS)",
        "Jürgen",
        "Master Aesthetician",
        "null island",
    ] {
        assert_eq!(scalar(text), text);
    }
    assert_eq!(scalar("+1 602 555 0100"), "\"+1 602 555 0100\"");
}

#[test]
fn a_document_has_one_entry_a_line_and_short_lists_on_one() {
    let text = |text: &str| Value::Text(text.to_owned());
    let user = Value::Map(vec![
        ("clinics".to_owned(), Value::List(vec![text("downtown"), text("uptown")])),
        ("provider".to_owned(), Value::Map(vec![("online_booking".to_owned(), Value::Flag(true))])),
    ]);
    let records = Value::List(vec![Value::Map(vec![("id".to_owned(), text("rob-hale")), ("active".to_owned(), Value::Flag(true))])]);
    let whole =
        Value::Map(vec![("users".to_owned(), Value::Map(vec![("a@x.example".to_owned(), user)])), ("employees".to_owned(), records)]);
    assert_eq!(
        document(&whole),
        "users:\n  a@x.example:\n    clinics: [downtown, uptown]\n    provider:\n      online_booking: true\nemployees:\n  - { id: rob-hale, active: true }\n"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn a_text_is_read_back_as_it_was(text in text()) {
        let line = format!("{}\n", scalar(&text));
        prop_assert_eq!(read(&line), Value::Text(text.clone()));
        prop_assert_eq!(serde_yaml::from_str::<serde_yaml::Value>(&line).ok(), Some(serde_yaml::Value::String(text)));
    }

    #[test]
    fn a_value_is_read_back_as_it_was_from_a_document_and_from_one_line(value in value()) {
        prop_assert_eq!(&read(&document(&value)), &value);
        prop_assert_eq!(&read(&format!("{}\n", flow(&value))), &value);
    }
}
