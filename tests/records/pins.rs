//! Pins: what the program says today, byte for byte, so that a change of its inside is seen to change nothing outside.
//!
//! `tests/pins/*.txt` has a line for each case: exit codes, and the first digits of the SHA-256 of what was said. The texts themselves
//! are in `target/pins` after a run that agrees, which is where the next run that does not finds what differs. `BLESS=1` rewrites them.

mod http;
mod mask;
mod old;
mod record;
mod rosters;
