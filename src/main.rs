//! The command line; see `rosterctl --help`.

fn main() {}
