//! The text of one file: what is refused before it is parsed, and where its lines begin.

/// The most bytes a file may have.
pub(super) const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A part of a file, in characters from its beginning; a byte-order mark does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    /// The first character.
    pub(super) start: u32,
    /// The first character after it.
    pub(super) end: u32,
}

/// Why a file can not be read as text, and where: an offset in bytes.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) hint: &'static str,
    pub(super) byte: usize,
}

/// The text of a file, without its byte-order mark.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable {
            code: "too-large",
            message: format!("the file has {} bytes, {MOST_BYTES} are allowed", bytes.len()),
            hint: "split it: a roster may have any number of files",
            byte: 0,
        });
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Unreadable {
            code: "encoding",
            message: "the file is UTF-16".to_owned(),
            hint: "save it as UTF-8",
            byte: 0,
        });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|why| Unreadable {
        code: "encoding",
        message: "this is not UTF-8".to_owned(),
        hint: "save the file as UTF-8",
        byte: why.valid_up_to(),
    })?;
    match text.bytes().position(|b| b == 0) {
        Some(byte) => Err(Unreadable {
            code: "nul",
            message: "a NUL byte stands here".to_owned(),
            hint: "the file is damaged, or no text: restore it from git",
            byte,
        }),
        None => Ok(text),
    }
}

/// Where the lines of a text begin, in characters and in bytes.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<(u32, u32)>,
}

impl Lines {
    /// Finds the lines of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut starts = vec![(0, 0)];
        let (mut chars, mut bytes) = (0_usize, 0_usize);
        for line in text.split_inclusive('\n') {
            chars += if line.is_ascii() { line.len() } else { line.chars().count() };
            bytes += line.len();
            starts.push((small(chars), small(bytes)));
        }
        Self { starts }
    }

    /// The line (from 0) that holds a character, and the character's place in it (from 0).
    pub(super) fn place(&self, char: u32) -> (usize, u32) {
        let line = self.starts.partition_point(|(start, _)| *start <= char).saturating_sub(1);
        let start = self.starts.get(line).map_or(0, |(start, _)| *start);
        (line, char.saturating_sub(start))
    }

    /// The text of a line (from 0), without its end.
    pub(super) fn line<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let from = self.starts.get(line).map_or(text.len(), |(_, byte)| *byte as usize);
        let to = self.starts.get(line + 1).map_or(text.len(), |(_, byte)| *byte as usize);
        text.get(from..to).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

/// Sizes below [`MOST_BYTES`] fit.
pub(super) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
