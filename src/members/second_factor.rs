//! The second factor: the code of an authenticator app (TOTP, RFC 6238), and recovery codes for when the app is lost (CHR-5).

use totp_rs::{Builder, Totp};

use crate::model::Secret;

/// The length of a key, in bytes (RFC 4226 section 4 recommends 160 bits).
pub const KEY_BYTES: usize = 20;
/// So many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;
/// The time for which a trusted browser skips the second factor, in days.
pub const TRUST_DAYS: i64 = 14;

/// The characters of a recovery code: 60 random bits.
const RECOVERY_LENGTH: usize = 12;
/// Keys and recovery codes are written in groups of so many characters.
const GROUP: usize = 4;

/// A key as apps take it: base32 without padding.
#[must_use]
pub fn key_text(bytes: &[u8; KEY_BYTES]) -> Secret {
    Secret::new(data_encoding::BASE32_NOPAD.encode(bytes))
}

/// A recovery code as it is shown, made of random bytes.
#[must_use]
pub fn recovery_text(bytes: [u8; 8]) -> Secret {
    let text: String = data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase().chars().take(RECOVERY_LENGTH).collect();
    Secret::new(groups(&text, "-"))
}

/// A typed recovery code: capitals, blanks and hyphens do not matter.
#[must_use]
pub fn read_recovery(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A key in groups, for people who type it.
#[must_use]
pub fn key_in_groups(key: &Secret) -> String {
    groups(key.expose(), " ")
}

fn groups(text: &str, between: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(between)
}

fn totp(key: &Secret, issuer: &str, account: &str) -> Option<Totp> {
    let bytes = data_encoding::BASE32_NOPAD.decode(key.expose().as_bytes()).ok()?;
    // A colon would end the issuer.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new().with_secret(bytes).with_issuer(Some(plain(issuer))).with_account_name(plain(account)).build().ok()
}

/// The link that an authenticator app opens, which is also what the QR code contains; `None` for a damaged key.
#[must_use]
pub fn app_link(key: &Secret, issuer: &str, account: &str) -> Option<Secret> {
    totp(key, issuer, account)?.to_url().ok().map(Secret::new)
}

/// Returns the step of a typed code, of the last, the present or the next 30 seconds (`now` in epoch milliseconds). A code whose step was
/// used, or is earlier than `used`, is refused (G6).
#[must_use]
pub fn step_of(key: &Secret, typed: &str, used: i64, now: i64) -> Option<i64> {
    let seconds = u64::try_from(now / 1000).ok()?;
    let step = totp(key, "-", "-")?.check(typed, seconds)?;
    i64::try_from(step).ok().filter(|step| *step > used)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    fn key() -> Secret {
        key_text(b"12345678901234567890")
    }

    // RFC 6238, appendix B: the last six of eight digits.
    #[test]
    fn the_codes_of_the_standard_are_known() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            assert_eq!(step_of(&key(), code, 0, seconds * 1000), Some(seconds / 30), "{code}");
        }
    }

    // G6: a window of one step on either side, and each step once.
    #[test]
    fn a_code_is_good_for_its_step_and_the_ones_beside_it_and_once() {
        let now = 1_111_111_109_000;
        for (late, is_good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false), (90, false)] {
            assert_eq!(step_of(&key(), "081804", 0, now + late * 1000).is_some(), is_good, "{late}");
        }
        let step = step_of(&key(), "081804", 0, now).unwrap();
        assert_eq!(step_of(&key(), "081804", step, now), None);
        assert_eq!(step_of(&key(), "081804", step - 1, now), Some(step));
        for typed in ["", "81804", "0818045", "+81804", "O81804"] {
            assert_eq!(step_of(&key(), typed, 0, now), None, "{typed:?}");
        }
        assert_eq!(step_of(&Secret::new("not base32!".to_owned()), "081804", 0, now), None);
    }

    #[test]
    fn an_app_opens_a_link_with_issuer_account_and_key() {
        let link = app_link(&key(), "lakeside: west", "noa@lakeside.example").unwrap();
        let link = link.expose();
        assert!(link.starts_with("otpauth://totp/lakeside"), "{link}");
        assert!(link.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{link}");
        assert_eq!(key_in_groups(&key()), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn a_recovery_code_is_read_as_people_type_it() {
        let code = recovery_text(*b"\x00\x44\x32\x14\xc7\x42\x54\xb6");
        assert_eq!(code.expose(), "abcd-efgh-ijkl");
        for typed in ["abcd-efgh-ijkl", "ABCD EFGH IJKL", " abcdefghijkl\n"] {
            assert_eq!(read_recovery(typed), "abcdefghijkl", "{typed:?}");
        }
    }
}
