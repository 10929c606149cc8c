//! A mistake or warning in a file, before it is prepared for display.

use crate::yaml::text::Span;

/// The most findings kept of one file; the rest are counted.
const MOST: usize = 1_000;

/// The code of a secret in plain text.
pub(crate) const IN_PLAIN_TEXT: &str = "secret-in-clear";

/// A mistake or warning at a place in one file.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    pub(crate) spot: Spot,
    /// A second place with its label; in another file if there is a file number.
    pub(crate) also: Option<(Option<usize>, Span, &'static str)>,
    pub(crate) warning: bool,
    /// The place of a secret, which is not shown.
    pub(crate) hidden: Option<Span>,
    /// Says whether nothing is known about the text around: then what may be a secret is not shown.
    pub(crate) unparsed: bool,
}

/// The place of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    /// The file as a whole.
    File,
    /// A byte of a file that is not text.
    Byte(usize),
    /// A part of its text.
    Text(Span),
}

impl Finding {
    /// A mistake at a place.
    pub(crate) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::at(code, Spot::Text(span), message)
    }

    /// A mistake at any spot.
    pub(crate) fn at(code: &'static str, spot: Spot, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, spot, also: None, warning: false, hidden: None, unparsed: false }
    }

    /// Says what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        self.hint = (!hint.is_empty()).then_some(hint);
        self
    }

    /// Names a second place of the same file.
    pub(crate) fn also(mut self, span: Span, label: &'static str) -> Self {
        self.also = Some((None, span, label));
        self
    }

    /// Names a second place of another file.
    pub(crate) fn also_in(mut self, file: usize, span: Span, label: &'static str) -> Self {
        self.also = Some((Some(file), span, label));
        self
    }

    /// Makes it a warning.
    pub(crate) fn warning(mut self) -> Self {
        self.warning = true;
        self
    }

    /// Hides the text at the finding's own place.
    pub(crate) fn secret(mut self) -> Self {
        if let Spot::Text(span) = self.spot {
            self.hidden = Some(span);
        }
        self
    }

    /// Hides the text at another place.
    pub(crate) fn hiding(mut self, span: Span) -> Self {
        self.hidden = Some(span);
        self
    }

    /// Tells that the text around could not be parsed.
    pub(crate) fn syntax(mut self) -> Self {
        self.unparsed = true;
        self
    }
}

/// The findings in one file.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub(crate) found: Vec<Finding>,
    /// Mistakes beyond those kept.
    pub(crate) more: usize,
}

impl Sink {
    /// Records a finding.
    pub(crate) fn push(&mut self, finding: Finding) {
        if self.found.len() < MOST || (finding.hidden.is_some() && self.found.len() < 2 * MOST) {
            self.found.push(finding);
        } else if !finding.warning {
            self.more += 1;
        }
    }

    /// Returns whether more findings are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }
}
