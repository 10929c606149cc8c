//! The source that the YAML scanner reads from: a text, with a limit on how far it may look ahead.
//!
//! The scanner holds all tokens of a flow collection until it knows whether the collection is a key. Without a limit, a small file of
//! commas takes a hundred times its size.

use std::cell::Cell;

use saphyr_parser::{Input, StrInput};

/// The most of `, : [ ] { }` that may be between two events.
const MOST_AHEAD: u32 = 100_000;

/// The distance of the scanner from the last event.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    marks: Cell<u32>,
}

impl Ahead {
    /// Records an event.
    pub(crate) fn event(&self) {
        if !self.is_over() {
            self.marks.set(0);
        }
    }

    /// Returns whether the limit was passed; the scanner then saw the end of its input.
    pub(crate) fn is_over(&self) -> bool {
        self.marks.get() > MOST_AHEAD
    }
}

/// A byte that ends a text without quotes: a blank, the end of a line or of the input.
const ENDS: u8 = 1;
/// A byte of which only so many may be ahead.
const MARK: u8 = 2;
/// A part of a character of several bytes.
const WIDE: u8 = 4;

/// The kind of each byte. The scanner asks several times for each, and nearly all are letters, which are nothing of that.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0_u8;
    loop {
        kinds[byte as usize] = match byte {
            0 | b'\t' | b'\n' | b'\r' | b' ' => ENDS,
            b',' | b':' | b'[' | b']' | b'{' | b'}' => MARK,
            0x80.. => WIDE,
            _ => 0,
        };
        if byte == u8::MAX {
            break kinds;
        }
        byte += 1;
    }
};

/// A text that ends when the scanner looks too far ahead.
#[derive(Clone)]
pub(crate) struct Limited<'s> {
    text: &'s str,
    /// The first byte of the next character.
    at: usize,
    /// The most characters that the scanner has asked for at once.
    asked: usize,
    ahead: &'s Ahead,
}

impl<'s> Limited<'s> {
    /// Reads a text.
    pub(crate) fn new(text: &'s str, ahead: &'s Ahead) -> Self {
        Self { text, at: 0, asked: 0, ahead }
    }

    /// The next byte; 0 at the end.
    #[inline]
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns whether the next byte is one of these.
    #[inline]
    fn is(&self, kinds: u8) -> bool {
        KINDS[usize::from(self.byte())] & kinds != 0
    }

    /// The character after so many others; NUL after the end.
    #[inline]
    fn nth(&self, n: usize) -> char {
        match self.text.as_bytes().get(self.at..=self.at + n) {
            Some(near) if near.is_ascii() => near.last().copied().map_or('\0', char::from),
            Some(_) | None => self.rest().chars().nth(n).unwrap_or('\0'),
        }
    }

    /// Goes past the next character, if there is one.
    #[inline]
    fn step(&mut self) {
        if !self.is(ENDS | WIDE) {
            self.at += 1;
        } else if self.at < self.text.len() {
            self.at += self.peek().len_utf8();
        }
    }

    /// Goes past so many characters.
    fn pass(&mut self, chars: usize) {
        let rest = self.rest();
        self.at += match rest.get(..chars) {
            Some(near) if near.is_ascii() => chars,
            Some(_) | None => rest.char_indices().nth(chars).map_or(rest.len(), |(at, _)| at),
        };
    }

    /// Records that a mark is passed.
    fn record(&mut self) {
        self.ahead.marks.set(self.ahead.marks.get().saturating_add(1));
        if self.ahead.is_over() {
            self.at = self.text.len();
        }
    }
}

impl Input for Limited<'_> {
    #[inline]
    fn lookahead(&mut self, count: usize) {
        self.asked = self.asked.max(count);
    }
    #[inline]
    fn buflen(&self) -> usize {
        self.asked
    }
    /// The scanner reserves as many bytes for each word of a text. Most texts fit into what it reserves at first.
    #[inline]
    fn bufmaxlen(&self) -> usize {
        16
    }
    #[inline]
    fn raw_read_ch(&mut self) -> char {
        let c = self.peek();
        self.step();
        c
    }
    #[inline]
    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let c = self.peek_opt().filter(|c| !matches!(c, '\0' | '\n' | '\r' | '\u{feff}'))?;
        self.step();
        Some(c)
    }
    #[inline]
    fn skip(&mut self) {
        let is_mark = self.is(MARK);
        self.step();
        if is_mark {
            self.record();
        }
    }
    #[inline]
    fn skip_n(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }
    #[inline]
    fn peek(&self) -> char {
        let byte = self.byte();
        if byte.is_ascii() { char::from(byte) } else { self.rest().chars().next().unwrap_or('\0') }
    }
    #[inline]
    fn peek_opt(&self) -> Option<char> {
        (self.at < self.text.len()).then(|| self.peek())
    }
    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        self.nth(n)
    }
    #[inline]
    fn next_is_document_indicator(&self) -> bool {
        matches!(self.byte(), b'-' | b'.') && (self.next_is_document_start() || self.next_is_document_end())
    }
    #[inline]
    fn next_is_blank_or_breakz(&self) -> bool {
        self.is(ENDS)
    }
    #[inline]
    fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool {
        if !self.is(MARK | WIDE) {
            return true;
        }
        match self.byte() {
            b':' => match self.nth(1) {
                '\0' | ' ' | '\t' | '\n' | '\r' => false,
                ',' | '[' | ']' | '{' | '}' => !in_flow,
                _ => true,
            },
            b',' | b'[' | b']' | b'{' | b'}' => !in_flow,
            _ => self.peek() != '\u{feff}',
        }
    }
    fn skip_ws_to_eol(
        &mut self,
        skip_tabs: saphyr_parser::input::SkipTabs,
    ) -> (usize, Result<saphyr_parser::input::SkipTabs, &'static str>) {
        let (passed, found) = StrInput::new(self.rest()).skip_ws_to_eol(skip_tabs);
        self.pass(passed);
        (passed, found)
    }
    fn skip_while_non_breakz(&mut self) -> usize {
        let passed = StrInput::new(self.rest()).skip_while_non_breakz();
        self.pass(passed);
        passed
    }
    fn skip_while_blank(&mut self) -> usize {
        let passed = StrInput::new(self.rest()).skip_while_blank();
        self.pass(passed);
        passed
    }
    fn fetch_while_is_alpha(&mut self, out: &mut String) -> usize {
        let (before, passed) = (out.len(), StrInput::new(self.rest()).fetch_while_is_alpha(out));
        self.at += out.len() - before;
        passed
    }
    fn fetch_while_is_yaml_non_space(&mut self, out: &mut String) -> usize {
        let (before, passed) = (out.len(), StrInput::new(self.rest()).fetch_while_is_yaml_non_space(out));
        self.at += out.len() - before;
        passed
    }
}
