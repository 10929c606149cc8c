//! Spans of time, in milliseconds, and amounts as sentences give them.

/// A minute.
pub const MINUTE: i64 = 60 * 1000;
/// An hour.
pub const HOUR: i64 = 60 * MINUTE;
/// A day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// Returns a number with its noun: `1 seat`, `2 seats`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Returns a number with commas between its thousands.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut said = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// Returns a number of bytes in the largest unit of which it is a whole number.
#[must_use]
pub fn size(bytes: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    match bytes {
        0 => "0 bytes".to_owned(),
        whole if whole.is_multiple_of(MIB) => format!("{} MiB", whole / MIB),
        whole if whole.is_multiple_of(KIB) => format!("{} KiB", whole / KIB),
        bytes => format!("{} bytes", grouped(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_commas_between_them() {
        assert_eq!([0, 999, 1000, 12_345, 1_000_000].map(grouped), ["0", "999", "1,000", "12,345", "1,000,000"]);
    }

    #[test]
    fn a_size_has_the_largest_unit_that_fits() {
        let sizes = [0, 1023, 1024, 1025, 64 * 1024, 1024 * 1024, 32 * 1024 * 1024];
        assert_eq!(sizes.map(size), ["0 bytes", "1,023 bytes", "1 KiB", "1,025 bytes", "64 KiB", "1 MiB", "32 MiB"]);
    }
}
