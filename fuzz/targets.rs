// Fuzz targets: each takes any bytes and must return: no panic, no endless loop. `tests/fuzz.rs` runs them on stable Rust,
// `fuzz/fuzz_targets` under libFuzzer. To add one: a function here, a line in `TARGETS`, seeds below `fuzz/corpus/NAME`.

use rosterctl::model::Email;

/// A target takes any bytes.
pub(crate) type Target = fn(&[u8]);

/// Every target, by the name of its corpus.
pub(crate) const TARGETS: [(&str, Target); 1] = [("email", email)];

/// Addresses: what is accepted is in its normal form already (X-1, J6).
fn email(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(address) = Email::parse(text) {
        assert_eq!(Email::parse(address.as_str()).as_ref(), Ok(&address), "normalising twice changes {text:?}");
    }
}
