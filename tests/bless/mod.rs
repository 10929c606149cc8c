//! The one switch that rewrites what is recorded: `BLESS=1`.

#![allow(dead_code, reason = "each test program uses its part")]

use std::fs;
use std::path::Path;

/// Returns whether this run writes what it finds, to be read before it is committed.
#[expect(clippy::disallowed_methods, reason = "a test program has a switch of its own")]
pub(crate) fn blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Returns whether a file has this text; writes it first where `BLESS=1` says so.
pub(crate) fn agrees(path: &Path, text: &str) -> bool {
    if blessing() {
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
    fs::read_to_string(path).unwrap_or_default() == text
}

/// Returns what differs between a recorded text and the one found, its first lines.
pub(crate) fn difference(recorded: &str, found: &str) -> String {
    let whole = similar::TextDiff::from_lines(recorded, found).unified_diff().context_radius(2).to_string();
    whole.lines().take(60).map(|line| line.to_owned() + "\n").collect()
}

/// Compares a text with the recorded one in a file of `tests`; writes it first where `BLESS=1` says so.
pub(crate) fn compare(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
    let text = format!("{}\n", text.trim_start_matches('\n').trim_end());
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert!(agrees(&path, &text), "{file}\n{}", difference(&recorded, &text));
}
