//! The text of one file: what is refused before it is parsed, and where its lines begin.

/// The most bytes a file may have.
pub(crate) const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Says that a file of so many bytes is too large.
pub(crate) fn too_large(bytes: u64) -> String {
    format!("the file has {bytes} bytes; at most {MOST_BYTES} are allowed")
}

/// A part of a file, in characters from its beginning; a byte-order mark does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    /// The first character.
    pub(crate) start: u32,
    /// The first character after it.
    pub(crate) end: u32,
}

/// The reason why a file cannot be read as text, and the offset in bytes if one place is wrong.
#[derive(Debug)]
pub(crate) struct UnreadableText {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: &'static str,
    pub(crate) byte: Option<usize>,
}

/// The text of a file, without its byte-order mark.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, UnreadableText> {
    if bytes.len() > MOST_BYTES {
        return Err(UnreadableText { code: "too-large", message: too_large(bytes.len() as u64), hint: "split the file", byte: None });
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || is_utf16(bytes) {
        return Err(UnreadableText {
            code: "encoding",
            message: "the file is UTF-16, not UTF-8".to_owned(),
            hint: "save the file as UTF-8",
            byte: Some(0),
        });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|why| UnreadableText {
        code: "encoding",
        message: "the file is not UTF-8".to_owned(),
        hint: "save the file as UTF-8",
        byte: Some(why.valid_up_to()),
    })?;
    match text.find('\0') {
        Some(byte) => Err(UnreadableText {
            code: "nul",
            message: "the file contains a NUL byte".to_owned(),
            hint: "the file is damaged or is not a text file: restore it from git",
            byte: Some(byte),
        }),
        None => Ok(text),
    }
}

/// Returns whether every second byte at the beginning is zero: an ASCII text in UTF-16 without a mark.
fn is_utf16(bytes: &[u8]) -> bool {
    let is_wide = |pair: &[u8]| pair.contains(&0) && pair.iter().any(|byte| *byte != 0);
    bytes.len() >= 8 && bytes.chunks_exact(2).take(16).all(is_wide)
}

/// The number of bytes between two entries of [`Lines`].
const STRIDE: usize = 256;

/// Finds lines and bytes by characters. It stores one position for each stride, so neither many lines nor long lines cost much.
#[derive(Debug)]
pub(crate) struct Lines {
    marks: Vec<Position>,
}

/// A character of a text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Position {
    /// Its number, from 0.
    pub(crate) char: u32,
    /// Its first byte, from 0.
    pub(crate) byte: u32,
    /// Its line, from 0.
    pub(crate) line: u32,
    /// The number of the first character of its line.
    pub(crate) line_start: u32,
}

impl Position {
    /// Its place in the line, from 0.
    pub(crate) fn column(self) -> u32 {
        self.char - self.line_start
    }

    /// Goes past a part of the text.
    fn pass(&mut self, part: &str) {
        let count = |text: &str| small(if text.is_ascii() { text.len() } else { text.chars().count() });
        let chars = count(part);
        if let Some(last) = part.rfind('\n') {
            self.line += part.bytes().fold(0_u32, |lines, b| lines.wrapping_add(u32::from(b == b'\n')));
            self.line_start = self.char + chars - count(part.get(last + 1..).unwrap_or_default());
        }
        self.char += chars;
        self.byte += small(part.len());
    }
}

impl Lines {
    /// Looks through a text.
    pub(crate) fn new(text: &str) -> Self {
        let mut marks = vec![Position::default()];
        let mut at = Position::default();
        let mut from = 0;
        while from < text.len() {
            let mut to = (from + STRIDE).min(text.len());
            while !text.is_char_boundary(to) {
                to += 1;
            }
            at.pass(text.get(from..to).unwrap_or_default());
            marks.push(at);
            from = to;
        }
        Self { marks }
    }

    /// The position of a character; of the end where the text is shorter.
    pub(crate) fn position(&self, text: &str, char: u32) -> Position {
        let i = self.marks.partition_point(|m| m.char <= char).saturating_sub(1);
        let mut at = self.marks.get(i).copied().unwrap_or_default();
        let rest = text.get(at.byte as usize..).unwrap_or_default();
        let more = char.saturating_sub(at.char) as usize;
        at.pass(match rest.get(..more) {
            Some(near) if near.is_ascii() => near,
            Some(_) | None => rest.char_indices().nth(more).and_then(|(end, _)| rest.get(..end)).unwrap_or(rest),
        });
        at
    }
}

/// Sizes below [`MOST_BYTES`] fit.
pub(crate) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
