//! The body of each target; the name of the program selects the target. `cargo +nightly fuzz run NAME`.

#![no_main]

#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = targets::TARGETS.iter().find(|(name, _)| *name == env!("CARGO_BIN_NAME"));
    target.expect("every program is named for a target").1(bytes);
});
