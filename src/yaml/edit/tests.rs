//! An edit says what was meant, and leaves every other byte as it was.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use super::super::Sink;
use super::super::read::tree;
use super::super::value::{PathStep, Value};
use super::super::write::{document, flow};
use super::{DocumentEdit, EditError, NewEntry, edit, keys};

fn key(word: &str) -> PathStep {
    PathStep::Key(word.to_owned())
}

fn text(word: &str) -> Value {
    Value::Text(word.to_owned())
}

fn edited(before: &str, path: &[PathStep], change: &DocumentEdit) -> Result<String, EditError> {
    edit(before.as_bytes(), path, change).map(|after| String::from_utf8(after).expect("it is text"))
}

/// Two entries, the first with a comment and an empty line above it.
fn entries() -> DocumentEdit {
    let first = NewEntry { above: vec![String::new(), "why".to_owned()], key: "new key".to_owned(), value: text("off") };
    let inner = vec![("deep".to_owned(), Value::List(vec![Value::Number(1)]))];
    DocumentEdit::AddEntries(vec![first, NewEntry { above: Vec::new(), key: "newer".to_owned(), value: Value::Map(inner) }])
}

const ROSTER: &str = "\
# the front desk
users:
  ana@x.example:   # since 2024
    role: \"front-desk\"  # for now
    clinics: [downtown,  uptown] # both
    bio: |
      one
      # not a comment
      two
    # a comment below the text
  bob@x.example: { role: provider, clinics: [] }
records:
- id: rob   # first
  active: true
- { id: eve }
empty:
";

#[test]
fn a_scalar_is_replaced_and_nothing_else() {
    let role = [key("users"), key("ana@x.example"), key("role")];
    let after = edited(ROSTER, &role, &DocumentEdit::Replace(text("no"))).expect("it can be edited");
    assert_eq!(after, ROSTER.replace("\"front-desk\"  # for", "\"no\"  # for"));
    let bio = [key("users"), key("ana@x.example"), key("bio")];
    let after = edited(ROSTER, &bio, &DocumentEdit::Replace(text("short"))).expect("it can be edited");
    assert_eq!(after, ROSTER.replace("|\n      one\n      # not a comment\n      two\n", "short\n"));
    let after = edited(ROSTER, &[key("empty")], &DocumentEdit::Replace(text("full"))).expect("it can be edited");
    assert_eq!(after, ROSTER.replace("empty:", "empty: full"));
}

#[test]
fn a_key_is_added_to_a_block_and_between_brackets() {
    let add = DocumentEdit::AddKey("title".to_owned(), text("MD"));
    let after = edited(ROSTER, &[key("users"), key("ana@x.example")], &add).expect("it can be edited");
    assert_eq!(after, ROSTER.replace("      two\n", "      two\n    title: MD\n"));
    let after = edited(ROSTER, &[key("users"), key("bob@x.example")], &add).expect("it can be edited");
    assert_eq!(after, ROSTER.replace("clinics: [] }", "clinics: [], title: MD }"));
    let after = edited(ROSTER, &[key("records"), PathStep::Item(0)], &add).expect("it can be edited");
    assert_eq!(after, ROSTER.replace("  active: true\n", "  active: true\n  title: MD\n"));
    let after = edited(ROSTER, &[], &add).expect("it can be edited");
    assert_eq!(after, format!("{ROSTER}title: MD\n"));
    let after = edited(ROSTER, &[key("users"), key("bob@x.example"), key("clinics")], &DocumentEdit::AddItem(text("uptown")));
    assert_eq!(after.expect("it can be edited"), ROSTER.replace("clinics: [] }", "clinics: [uptown] }"));
    for (list, at, expected) in [
        ("a:\n  - x  # one\n  - y\n", 0, "a:\n  - new\n  - x  # one\n  - y\n"),
        ("a:\n  - x  # one\n  - y\n", 1, "a:\n  - x  # one\n  - new\n  - y\n"),
        ("a:\n  - x  # one\n  - y", 2, "a:\n  - x  # one\n  - y\n  - new"),
        ("a: [x, y]\n", 0, "a: [new, x, y]\n"),
        ("a: [x, y]\n", 1, "a: [x, new, y]\n"),
        ("a: []\n", 0, "a: [new]\n"),
    ] {
        assert_eq!(edited(list, &[key("a")], &DocumentEdit::InsertItem(at, text("new"))).expect("it can be edited"), expected);
    }
    assert_eq!(edited("a: [x]\n", &[key("a")], &DocumentEdit::InsertItem(2, text("new"))), Err(EditError::NoSuchPlace));
    let after = edited(ROSTER, &[key("records")], &DocumentEdit::AddItem(text("joe"))).expect("it can be edited");
    assert_eq!(after, ROSTER.replace("- { id: eve }\n", "- { id: eve }\n- joe\n"));
}

#[test]
fn entries_are_added_with_their_comments_also_to_a_map_that_was_empty() {
    let added = |before: &str, path: &[PathStep]| edited(before, path, &entries());
    let new = "\n  # why\n  new key: \"off\"\n  newer:\n    deep: [1]\n";
    for (before, after) in [
        ("a: {}\n", format!("a:\n{new}")),
        ("a: {}   # nobody yet\nb: 1\n", format!("a: # nobody yet\n{new}b: 1\n")),
        ("a: {}", format!("a:\n{new}")),
        ("a:\n  b: 1 # one\n# end\n", format!("a:\n  b: 1 # one\n{new}# end\n")),
    ] {
        assert_eq!(added(before, &[key("a")]), Ok(after), "{before}");
        assert_eq!(added(&before.replace('\n', "\r\n"), &[key("a")]).map(|text| text.replace("\r\n", "\n").contains('\r')), Ok(false));
    }
    assert_eq!(added("a: { b: 1 }\n", &[key("a")]), Ok("a: { b: 1,\n  # why\n  new key: \"off\",\n  newer: { deep: [1] } }\n".to_owned()));
    assert_eq!(added("{ a: {}, c: 1 }\n", &[key("a")]), Ok("{ a: { new key: \"off\", newer: { deep: [1] } }, c: 1 }\n".to_owned()));
    assert_eq!(added("newer: 1\n", &[]), Err(EditError::NoSuchPlace), "the key exists");
    assert_eq!(keys(b"a: 1\nb: { c: 2 }\n"), Ok(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(keys(b"[a]\n"), Err(EditError::NoSuchPlace));
}

#[test]
fn a_key_or_an_item_is_removed_and_comments_around_it_stay() {
    let remove = |path: &[PathStep]| edited(ROSTER, path, &DocumentEdit::Remove).expect("it can be edited");
    let ana = [key("users"), key("ana@x.example")];
    let bio = remove(&[&ana[..], &[key("bio")]].concat());
    assert_eq!(bio, ROSTER.replace("    bio: |\n      one\n      # not a comment\n      two\n", ""));
    assert_eq!(remove(&[&ana[..], &[key("clinics"), PathStep::Item(0)]].concat()), ROSTER.replace("[downtown,  uptown]", "[uptown]"));
    assert_eq!(remove(&[key("records"), PathStep::Item(0), key("id")]), ROSTER.replace("- id: rob   # first\n  active", "- active"));
    assert_eq!(remove(&[key("records"), PathStep::Item(1)]), ROSTER.replace("- { id: eve }\n", ""));
    assert_eq!(remove(&[key("records"), PathStep::Item(1), key("id")]), ROSTER.replace("{ id: eve }", "{}"));
    assert_eq!(edited("a:\n- b\n", &[key("a"), PathStep::Item(0)], &DocumentEdit::Remove), Ok("a:\n []\n".to_owned()));
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let before = "\u{feff}a:\r\n  b: 1\r\nc: 2";
    assert_eq!(
        edited(before, &[key("a")], &DocumentEdit::AddKey("d".to_owned(), Value::Number(3))),
        Ok("\u{feff}a:\r\n  b: 1\r\n  d: 3\r\nc: 2".to_owned())
    );
    assert_eq!(edited(before, &[], &DocumentEdit::AddKey("d".to_owned(), Value::Number(3))), Ok(format!("{before}\r\nd: 3")));
}

#[test]
fn an_edit_that_is_not_safe_is_refused() {
    let add = DocumentEdit::AddKey("d".to_owned(), Value::Null);
    assert_eq!(edited("a: &x { b: 1 }\nc: *x\n", &[key("c"), key("b")], &DocumentEdit::Replace(Value::Null)), Err(EditError::ByHand));
    assert_eq!(edited("a: &x { b: 1 }\nc: *x\n", &[key("a")], &add), Err(EditError::ByHand));
    assert_eq!(edited("a: { b: 1, # why\n  c: 2 }\n", &[key("a"), key("b")], &DocumentEdit::Remove), Err(EditError::ByHand));
    assert_eq!(edited("a: 1\n", &[key("b")], &DocumentEdit::Remove), Err(EditError::NoSuchPlace));
    assert_eq!(edited("a: 1\n", &[], &DocumentEdit::AddKey("a".to_owned(), Value::Null)), Err(EditError::NoSuchPlace));
    let why = edited("a: 1\na: 2\n", &[key("a")], &DocumentEdit::Remove).unwrap_err();
    assert_eq!(why.to_string(), "the file has mistakes: correct them first");
}

/// A document and the ways in which it is laid out.
fn documents() -> impl Strategy<Value = (Value, Vec<u8>, bool)> {
    let word = prop::sample::select(vec!["a", "b", "no", "12:30", "x y", "#c", "two\nlines", "é", ""]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(Value::Number),
        word.clone().prop_map(text),
    ];
    let inner = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map(word.clone().prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    });
    (prop::collection::vec(inner, 1..4), prop::collection::vec(any::<u8>(), 64), any::<bool>()).prop_map(|(values, marks, is_windows)| {
        let named = values.into_iter().enumerate().map(|(i, value)| (format!("key{i}"), value));
        (Value::Map(named.collect()), marks, is_windows)
    })
}

/// The document as text, with comments between its lines and behind them.
fn laid_out(value: &Value, marks: &[u8], is_windows: bool) -> String {
    let mut out = String::new();
    for (line, mark) in document(value).lines().zip(marks.iter().cycle()) {
        let comment = match mark % 4 {
            0 => "   # behind",
            1 => "\n# below",
            _ => "",
        };
        out.push_str(line);
        out.push_str(comment);
        out.push('\n');
    }
    if is_windows { out.replace('\n', "\r\n") } else { out }
}

/// Every path there is.
fn paths(value: &Value, above: &[PathStep], found: &mut Vec<(Vec<PathStep>, Value)>) {
    found.push((above.to_vec(), value.clone()));
    let mut inner = |step: PathStep, value: &Value| paths(value, &[above, &[step]].concat(), found);
    match value {
        Value::Map(entries) => entries.iter().for_each(|(word, value)| inner(key(word), value)),
        Value::List(items) => items.iter().enumerate().for_each(|(at, value)| inner(PathStep::Item(at), value)),
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// Returns how many bytes two texts share at their beginnings and ends.
fn shared(a: &str, b: &str) -> usize {
    let head = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let most = a.len().min(b.len()) - head;
    head + a.bytes().rev().zip(b.bytes().rev()).take(most).take_while(|(a, b)| a == b).count()
}

#[test]
fn any_edit_of_any_document_says_what_was_meant_and_leaves_the_rest() {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let (mut done, mut refused) = (0_u32, 0_u32);
    for _ in 0..400 {
        let (value, marks, is_windows) = documents().new_tree(&mut runner).expect("a document").current();
        let before = laid_out(&value, &marks, is_windows);
        let mut all = Vec::new();
        paths(&value, &[], &mut all);
        for (path, old) in all {
            let mut changes = vec![DocumentEdit::Replace(text("it is: new"))];
            match &old {
                Value::Map(_) => changes.extend([DocumentEdit::AddKey("new key".to_owned(), text("off")), entries()]),
                Value::List(_) => changes.push(DocumentEdit::AddItem(Value::Map(vec![("new".to_owned(), Value::Null)]))),
                Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) => {}
            }
            if !path.is_empty() {
                changes.push(DocumentEdit::Remove);
            }
            for change in changes {
                let Ok(after) = edited(&before, &path, &change) else {
                    refused += 1;
                    continue;
                };
                done += 1;
                let mut sink = Sink::default();
                let tree = tree(after.as_bytes(), &mut sink).expect("it can be parsed");
                let mut says = Value::new(tree.root().expect("it says something"));
                let same = shared(&before, &after);
                // Undoing the edit restores the earlier value.
                match &change {
                    DocumentEdit::Replace(new) => {
                        let place = says.at_mut(&path).expect("it is there");
                        assert_eq!(place, new);
                        *place = old.clone();
                        assert!(old.is_container() || same + flow(&old).len() >= before.len(), "{before}\n{after}");
                    }
                    DocumentEdit::AddKey(..) => {
                        let Some(Value::Map(entries)) = says.at_mut(&path) else { panic!("no map") };
                        assert_eq!(entries.pop(), Some(("new key".to_owned(), text("off"))));
                        assert!(same >= before.len(), "{before}\n{after}");
                    }
                    DocumentEdit::AddEntries(new) => {
                        let Some(Value::Map(entries)) = says.at_mut(&path) else { panic!("no map") };
                        let added = entries.split_off(entries.len() - new.len());
                        assert!(added.into_iter().eq(new.iter().map(|new| (new.key.clone(), new.value.clone()))));
                        assert!(same >= before.len() || old == Value::Map(Vec::new()), "{before}\n{after}");
                    }
                    DocumentEdit::AddItem(new) => {
                        let Some(Value::List(items)) = says.at_mut(&path) else { panic!("no list") };
                        assert_eq!(items.pop().as_ref(), Some(new));
                        assert!(same >= before.len(), "{before}\n{after}");
                    }
                    DocumentEdit::InsertItem(at, new) => {
                        let Some(Value::List(items)) = says.at_mut(&path) else { panic!("no list") };
                        assert_eq!(&items.remove(*at), new);
                    }
                    DocumentEdit::Remove => {
                        let (step, above) = path.split_last().expect("there is a step");
                        match (says.at_mut(above).expect("it is there"), step) {
                            (Value::Map(entries), PathStep::Key(word)) => {
                                let mut whole = value.clone();
                                let Some(Value::Map(old_entries)) = whole.at_mut(above) else { panic!("no map") };
                                let at = old_entries.iter().position(|(k, _)| k == word).expect("it was there");
                                entries.insert(at, (word.clone(), old.clone()));
                            }
                            (Value::List(items), PathStep::Item(at)) => items.insert(*at, old.clone()),
                            (
                                other @ (Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Map(_)),
                                PathStep::Key(_) | PathStep::Item(_),
                            ) => panic!("{other:?}"),
                        }
                    }
                }
                assert_eq!(says, value, "{change:?} at {path:?}\n{before}\n{after}");
                assert_eq!(after.contains("\r\n"), is_windows);
            }
        }
    }
    println!("{done} edits, {refused} refused");
    assert!(done > 2_000 && refused * 3 < done, "{done} edits, {refused} refused");
}

/// Text as people, and fate, lay it out.
fn layouts() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "a: 1\n",
        "b: 'it''s' # why\n",
        "\"c\": \"x \\\" # y\"   # z\n",
        "d:\n",
        "  e: { f: [1, 2 , ], g: } # h\n",
        "  - i # j\n",
        "- k: l\n",
        "  m: |\n",
        "  m: | # s\n",
        "    n # o\n",
        "\n",
        "# p\n",
        "  # q\n",
        "r: &s [t, # u\n",
        "  v]\n",
        "w: *s\n",
        "x: one\n",
        "    two\n",
        "? y\n",
        ": z\n",
        "é: [{ a: b }, c]\n",
        "d: {}\r\n",
        "e: []\n",
        "- - f\n",
        "    g: >-\n",
        "      h: # i\n",
        "h: \"one\n",
        "  two\" # three\n",
        "  - { j: k }   \n",
        "---\n",
        "i",
        " : ",
        "'",
        "!t ",
        "\t",
    ]);
    prop::collection::vec(line, 1..9).prop_map(|lines| lines.concat())
}

#[test]
fn any_text_is_answered_and_an_addition_only_adds() {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let mut done = 0_u32;
    for _ in 0..6_000 {
        let before = layouts().new_tree(&mut runner).expect("a text").current();
        let mut sink = Sink::default();
        let Some(value) = tree(before.as_bytes(), &mut sink).and_then(|tree| tree.root().map(Value::new)) else { continue };
        let mut all = Vec::new();
        paths(&value, &[], &mut all);
        let comments = |text: &str| text.matches("# ").count();
        for (path, old) in all {
            let additions = [DocumentEdit::AddKey("new".to_owned(), Value::Null), DocumentEdit::AddItem(text("new"))];
            for change in additions.iter().chain([&DocumentEdit::Replace(text("new")), &DocumentEdit::Remove, &entries()]) {
                let Ok(after) = edited(&before, &path, change) else { continue };
                done += 1;
                let is_addition = additions.contains(change);
                assert!(!is_addition || shared(&before, &after) >= before.len(), "{change:?} at {path:?}\n{before}\n{after}");
                let is_kept = comments(&after) >= comments(&before) || old.is_container() || *change == DocumentEdit::Remove;
                // What looks like a comment may be text, which is replaced.
                assert!(is_kept || flow(&old).contains("# "), "{change:?} at {path:?}\n{before}\n{after}");
            }
        }
    }
    println!("{done} edits");
    assert!(done > 1_000, "{done} edits");
}
