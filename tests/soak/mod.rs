//! How many rounds a proof runs, and what it measured: a few in `./test`, more in `./test soak`.

#![allow(dead_code, reason = "shared by several test programs, each of which uses a part")]

/// Says how many rounds run: `few` in `./test`, and as many times as many as `./test soak` wants.
#[expect(clippy::disallowed_methods, reason = "`./test soak` says here how much it wants; it is read nowhere else")]
pub(crate) fn rounds(what: &str, few: usize) -> usize {
    let times = std::env::var("ROSTERCTL_SOAK").ok().map_or(1, |times| times.parse().expect("ROSTERCTL_SOAK is a number"));
    let rounds = few * times;
    println!("{what}: {rounds} rounds");
    rounds
}

/// Says what was measured, in the line that `./test soak` writes to `docs/evidence.md`. `trials` is how often chance could have shown a
/// failure, and did not.
pub(crate) fn measured(row: &str, what: &str, trials: usize) {
    assert!(trials > 0, "{row}: nothing was tried");
    println!("MEASURED|{row}|{what}|{trials}|0|chance");
}

/// As [`measured`], for the cases of a table, each of which ends in the same way every time.
pub(crate) fn covered(row: &str, what: &str, cases: usize) {
    assert!(cases > 0, "{row}: nothing was tried");
    println!("MEASURED|{row}|{what}|{cases}|0|table");
}
