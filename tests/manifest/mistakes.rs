//! One folder each in `tests/mistakes`: YAML files, and what is said about them. A new case is a new folder.
//!
//! `BLESS=1` writes what is said into `expected.txt`; read it before you commit it.

use std::fs;

use rosterctl::manifest::read;

use crate::bless;
use crate::samples::{directory, root};

#[test]
fn every_mistake_is_shown_with_its_place_and_what_to_do() {
    let mut cases = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(root("tests/mistakes")).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        let name = path.file_name().and_then(|n| n.to_str()).expect("a plain name").to_owned();
        let said = match read(&directory(&format!("tests/mistakes/{name}"))) {
            Err(mistakes) => format!("{}\n", mistakes.render("in the roster", false)),
            Ok(roster) => roster.warnings.iter().flat_map(|w| [w.render(false), "\n\n".to_owned()]).collect(),
        };
        assert!(!said.is_empty(), "{name}: nothing is said");
        let expected = path.join("expected.txt");
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        if !bless::agrees(&expected, &said) {
            wrong.push(format!("== {name}\n{}", bless::difference(&wanted, &said)));
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 30, "{cases} cases");
}
