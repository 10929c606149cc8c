//! Describes a text that does not have the format of its type.

use std::cell::Cell;

use serde::de;

use super::finding::Finding;
use crate::yaml::text::Span;

/// A description of what is wrong with a text, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(in crate::yaml) message: String,
    pub(in crate::yaml) hint: String,
    /// Says whether the text must not be shown.
    pub(in crate::yaml) is_secret: bool,
}

thread_local! {
    /// Serde lets a type give its deserializer a sentence only. The problem waits here, within one call, for the deserializer of this
    /// module to fetch it.
    static RAISED: Cell<Option<Problem>> = const { Cell::new(None) };
}

impl Problem {
    /// A message, and what to write instead.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), is_secret: false }
    }

    /// A problem with a text that holds a secret: the text is not shown.
    pub fn with_secret(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { is_secret: true, ..Self::new(message, hint) }
    }

    /// A secret in plain text, with what to write instead.
    pub fn in_plain_text(hint: impl Into<String>) -> Self {
        Self::with_secret("this secret is in plain text", hint)
    }

    /// The same problem; the text is not shown.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self { is_secret: true, ..self }
    }

    /// Says what is wrong, and what to write instead, in one line.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        format!("{}: {}", self.message, self.hint)
    }

    /// Turns the problem into the error of a deserializer: this module's gets all of it, any other its message.
    #[must_use]
    pub fn raise<E: de::Error>(self) -> E {
        let message = self.message.clone();
        RAISED.set(Some(self));
        let error = E::custom(message);
        RAISED.set(None);
        error
    }

    /// Turns the problem into a mistake at a place.
    pub(crate) fn finding(self, code: &'static str, span: Span) -> Finding {
        let finding = Finding::new(code, span, self.message).hint(self.hint);
        if self.is_secret { finding.secret() } else { finding }
    }

    /// The problem that is being raised.
    pub(in crate::yaml) fn raised() -> Option<Self> {
        RAISED.take()
    }
}
