//! Pins: what the program says today, byte for byte, so that a change of its inside is seen to change nothing outside.
//!
//! `tests/pins/*.txt` has a line for each case: exit codes, and the first digits of the SHA-256 of what was said. The texts themselves
//! are in `target/pins` after a run that agrees, which is where the next run that does not finds what differs. `BLESS=1` rewrites them.

#[path = "bless/mod.rs"]
mod bless;
#[path = "server/harness.rs"]
#[expect(dead_code, reason = "shared with the tests of the server")]
mod harness;
#[path = "pins/http.rs"]
mod http;
#[path = "pins/mask.rs"]
mod mask;
#[path = "server/matrix.rs"]
#[expect(dead_code, reason = "shared with the tests of the server")]
mod matrix;
#[path = "pins/old.rs"]
mod old;
#[path = "pins/record.rs"]
mod record;
#[path = "pins/rosters.rs"]
mod rosters;
#[path = "scenario/mod.rs"]
mod scenario;
