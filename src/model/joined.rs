//! Texts that are joined when the program is compiled, so that a constant can be made of constants.

/// Returns how many bytes texts have together.
pub(crate) const fn length(parts: &[&str]) -> usize {
    let (mut all, mut at) = (0, 0);
    while at < parts.len() {
        all += parts[at].len();
        at += 1;
    }
    all
}

/// Returns the bytes of texts, one after the other; `N` is their [`length`].
pub(crate) const fn bytes<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut all = [0; N];
    let (mut end, mut at) = (0, 0);
    while at < parts.len() {
        let part = parts[at].as_bytes();
        let mut byte = 0;
        while byte < part.len() {
            all[end] = part[byte];
            end += 1;
            byte += 1;
        }
        at += 1;
    }
    all
}

/// Joins constant texts to one.
macro_rules! joined {
    ($($part:expr),+ $(,)?) => {{
        const PARTS: &[&str] = &[$($part),+];
        const BYTES: [u8; $crate::model::joined::length(PARTS)] = $crate::model::joined::bytes(PARTS);
        const TEXT: &str = match ::std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            // Whole texts that are UTF-8 are so together.
            Err(_) => unreachable!(),
        };
        TEXT
    }};
}

pub(crate) use joined;

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_joined_in_their_order() {
        const JOINED: &str = joined!("/api", "", "/v1", "/ü");
        assert_eq!(JOINED, "/api/v1/ü");
    }
}
