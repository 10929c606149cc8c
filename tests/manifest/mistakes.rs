//! One folder each in `tests/mistakes`: YAML files, and what is said about them. A new case is a new folder.
//!
//! `UPDATE_MISTAKES=1` writes what is said into `expected.txt`; read it before you commit it.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::fs;

use rosterctl::manifest::read;

use crate::samples::{directory, root};

#[test]
fn every_mistake_is_shown_with_its_place_and_what_to_do() {
    let mut cases = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(root("tests/mistakes")).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        let name = path.file_name().and_then(|n| n.to_str()).expect("a plain name").to_owned();
        let said = match read(&directory(&format!("tests/mistakes/{name}"))) {
            Err(mistakes) => format!("{mistakes}\n"),
            Ok(roster) => roster.warnings.iter().flat_map(|w| [w.render(false), "\n\n".to_owned()]).collect(),
        };
        assert!(!said.is_empty(), "{name}: nothing is said");
        let expected = path.join("expected.txt");
        if std::env::var_os("UPDATE_MISTAKES").is_some() {
            fs::write(&expected, &said).expect("it can be written");
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        if said != wanted {
            wrong.push(format!("== {name}\n-- said\n{said}\n-- wanted\n{wanted}"));
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 30, "{cases} cases");
}
