//! What the YAML scanner reads from: a text, with a limit on how far it may look ahead.
//!
//! The scanner holds all tokens of a flow collection until it knows whether the collection is a key. Without a limit, a small file of
//! commas takes a hundred times its size.

use std::cell::Cell;

use saphyr_parser::{Input, StrInput};

/// How many of `, : [ ] { }` may be between two events.
const MOST_AHEAD: u32 = 100_000;

/// How far the scanner is ahead of the last event.
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

    /// Whether the limit was passed; the scanner then saw the end of its input.
    pub(crate) fn is_over(&self) -> bool {
        self.marks.get() > MOST_AHEAD
    }
}

/// A text that ends when the scanner looks too far ahead.
#[derive(Clone)]
pub(crate) struct Limited<'s> {
    inner: StrInput<'s>,
    ahead: &'s Ahead,
}

impl<'s> Limited<'s> {
    /// Reads a text.
    pub(crate) fn new(text: &'s str, ahead: &'s Ahead) -> Self {
        Self { inner: StrInput::new(text), ahead }
    }

    #[inline]
    fn pass(&mut self, c: char) {
        if matches!(c, ',' | ':' | '[' | ']' | '{' | '}') {
            self.ahead.marks.set(self.ahead.marks.get().saturating_add(1));
            if self.ahead.is_over() {
                self.inner = StrInput::new("");
            }
        }
    }
}

impl Input for Limited<'_> {
    #[inline]
    fn lookahead(&mut self, count: usize) {
        self.inner.lookahead(count);
    }
    #[inline]
    fn buflen(&self) -> usize {
        self.inner.buflen()
    }
    #[inline]
    fn bufmaxlen(&self) -> usize {
        self.inner.bufmaxlen()
    }
    #[inline]
    fn raw_read_ch(&mut self) -> char {
        self.inner.raw_read_ch()
    }
    #[inline]
    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        self.inner.raw_read_non_breakz_ch()
    }
    #[inline]
    fn skip(&mut self) {
        let c = self.inner.peek();
        self.inner.skip();
        self.pass(c);
    }
    #[inline]
    fn skip_n(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }
    #[inline]
    fn peek(&self) -> char {
        self.inner.peek()
    }
    #[inline]
    fn peek_opt(&self) -> Option<char> {
        self.inner.peek_opt()
    }
    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        self.inner.peek_nth(n)
    }
    #[inline]
    fn skip_ws_to_eol(
        &mut self,
        skip_tabs: saphyr_parser::input::SkipTabs,
    ) -> (usize, Result<saphyr_parser::input::SkipTabs, &'static str>) {
        self.inner.skip_ws_to_eol(skip_tabs)
    }
    #[inline]
    fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool {
        self.inner.next_can_be_plain_scalar(in_flow)
    }
    #[inline]
    fn skip_while_non_breakz(&mut self) -> usize {
        self.inner.skip_while_non_breakz()
    }
    #[inline]
    fn skip_while_blank(&mut self) -> usize {
        self.inner.skip_while_blank()
    }
    #[inline]
    fn fetch_while_is_alpha(&mut self, out: &mut String) -> usize {
        self.inner.fetch_while_is_alpha(out)
    }
    #[inline]
    fn fetch_while_is_yaml_non_space(&mut self, out: &mut String) -> usize {
        self.inner.fetch_while_is_yaml_non_space(out)
    }
}
