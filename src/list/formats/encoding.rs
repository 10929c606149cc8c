//! Turns bytes into text: UTF-8, UTF-16 with a byte order mark, or else Windows-1252 or Mac OS Roman, which is said.

use std::borrow::Cow;

use encoding_rs::{MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::list::found::Guess;

/// The text of a file.
#[derive(Debug)]
pub(in crate::list) struct Decoded<'b> {
    pub(in crate::list) text: Cow<'b, str>,
    /// The encoding that was assumed, since the bytes are not UTF-8.
    pub(in crate::list) guess: Option<Guess>,
}

/// Decodes the bytes of a text file.
pub(in crate::list) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let known = |text: Cow<'_, str>| Decoded { text: without_marks(&text).into(), guess: None };
    match bytes {
        [0xff, 0xfe, rest @ ..] => return known(UTF_16LE.decode_without_bom_handling(rest).0),
        [0xfe, 0xff, rest @ ..] => return known(UTF_16BE.decode_without_bom_handling(rest).0),
        _ => {}
    }
    // Without a mark, UTF-16 of Latin letters has a zero byte at every second place.
    let is_zero = |at: usize| bytes.iter().skip(at).step_by(2).take(200).filter(|b| **b == 0).count() * 2 > 200.min(bytes.len() / 2);
    if bytes.len() >= 4 && is_zero(1) != is_zero(0) {
        let encoding = if is_zero(1) { UTF_16LE } else { UTF_16BE };
        return known(encoding.decode_without_bom_handling(bytes).0);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return known(Cow::Borrowed(text));
    }
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    let (encoding, guess) = if is_of_mac(bytes) { (MACINTOSH, Guess::Mac) } else { (WINDOWS_1252, Guess::Windows) };
    Decoded { text: encoding.decode_without_bom_handling(bytes).0.into_owned().into(), guess: Some(guess) }
}

/// Decodes a page, whose own declaration decides where it is not UTF-8.
pub(in crate::list) fn decode_page(bytes: &[u8]) -> Decoded<'_> {
    if std::str::from_utf8(bytes).is_ok() || matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return decode(bytes);
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096)).unwrap_or_default()).to_lowercase();
    let label = head.split("charset=").nth(1).map(|rest| rest.trim_start_matches(['"', '\'']));
    let label = label.and_then(|rest| rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).next());
    let declared = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())).filter(|encoding| *encoding != UTF_8);
    match declared {
        Some(encoding) => Decoded { text: encoding.decode_without_bom_handling(bytes).0, guess: None },
        None => decode(bytes),
    }
}

/// Returns whether bytes are letters with accents only in Mac OS Roman: in Windows-1252 they would be signs inside of words, or capital letters
/// at their ends, and no word has an accent of it.
fn is_of_mac(bytes: &[u8]) -> bool {
    let is_letter = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic());
    let mut has_sign = false;
    let all = bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii());
    for (at, byte) in all {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        let is_behind_small = before.is_some_and(|byte| byte.is_ascii_lowercase());
        let is_beside_letter = is_letter(before) || is_letter(bytes.get(at + 1).copied());
        let is_before_small = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        match byte {
            // A blank and quotation marks of Mac OS Roman, capitals of Windows-1252.
            0xca | 0xd2..=0xd5 => {}
            0xc0..=0xd6 | 0xd8..=0xf6 | 0xf8..=0xff if is_beside_letter => return false,
            // Signs of Windows-1252 that are inside of no word, and places where it has nothing.
            // Š, Œ and Ž, too, are behind no small letter.
            0x81 | 0x82 | 0x84 | 0x86..=0x90 | 0x98 | 0x9b | 0x9d => has_sign |= is_behind_small,
            // A bullet or a dash of Windows-1252 between two words.
            0x95..=0x97 => has_sign |= is_behind_small && is_before_small,
            // Ÿ is behind no letter.
            0x9f => has_sign |= is_letter(before),
            _ => {}
        }
    }
    has_sign
}

const UTF8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// Removes byte order marks from the beginning of the text and of its lines: files that were joined have them inside.
fn without_marks(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\n\u{feff}", "\n")
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_page};
    use crate::list::found::Guess;

    #[test]
    fn text_is_read_in_every_encoding_that_spreadsheets_write() {
        let utf16 = |little: bool, mark: bool| -> Vec<u8> {
            let units = "\u{feff}Zoë,Renée;Müller\n".encode_utf16().skip(usize::from(!mark));
            units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let marked = ["\u{feff}Zoë,Renée;Müller\n".as_bytes().to_vec(), utf16(true, true), utf16(false, true)];
        for bytes in marked.into_iter().chain([utf16(true, false), utf16(false, false), "Zoë,Renée;Müller\n".as_bytes().to_vec()]) {
            let decoded = decode(&bytes);
            assert_eq!((decoded.text.as_ref(), decoded.guess), ("Zoë,Renée;Müller\n", None), "{bytes:?}");
        }
        let decoded = decode(b"Zo\xeb,\x93Ren\xe9e\x94\n");
        assert_eq!((decoded.text.as_ref(), decoded.guess), ("Zoë,“Renée”\n", Some(Guess::Windows)));
        assert_eq!(decode("a\n\u{feff}b\n".as_bytes()).text, "a\nb\n", "files that were joined");
    }

    #[test]
    fn a_spreadsheet_on_a_mac_writes_an_encoding_of_its_own() {
        for (bytes, text, guess) in [
            (&b"Ana\x95s,Ru\x92z,Jos\x8e,M\x9fller"[..], "Anaïs,Ruíz,José,Müller", Guess::Mac),
            (b"Ren\x8ee", "Renée", Guess::Mac),
            (b"Jos\x8e,O\xd5Brien", "José,O’Brien", Guess::Mac),
            (b"Provider\x95Admin", "Provider•Admin", Guess::Windows),
            (b"M\x9fller", "Müller", Guess::Mac),
            (b"Pe\x96a,G\x97mez", "Peña,Gómez", Guess::Mac),
            (b"M\xfcller\x96Smith", "Müller–Smith", Guess::Windows),
            (b"LUKA\x8a", "LUKAŠ", Guess::Windows),
            // Signs that are not letters there, and letters of Windows-1252 where words have them.
            (b"O\x92Brien \x93Bob\x94 \x95 \x96 x\x99", "O’Brien “Bob” • – x™", Guess::Windows),
            (b"\x8akoda,Tom\xe1\x9a,\x8ei\x9ekov", "Škoda,Tomáš,Žižkov", Guess::Windows),
            (b"Jos\xe9,a\x95b", "José,a•b", Guess::Windows),
        ] {
            let decoded = decode(bytes);
            assert_eq!((decoded.text.as_ref(), decoded.guess), (text, Some(guess)));
        }
    }

    #[test]
    fn a_page_declares_its_encoding() {
        let page = b"<meta charset=\"iso-8859-2\"><td>\xa3\xf3d\xbc";
        assert!(decode_page(page).text.contains("Łódź"));
        assert!(decode_page("<td>Zoë".as_bytes()).text.contains("Zoë"));
    }
}
