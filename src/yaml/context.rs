//! What decoding needs besides the tree: where mistakes go, and what a mistake is on its way there.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Deserialize};

use super::decode::De;
use super::finding::{Finding, Sink, Spot};
use super::keys;
use super::text::Span;
use super::tree::{Kind, NodeRef};

/// A value that can not be read, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    code: &'static str,
    message: String,
    pub(crate) hint: String,
    at: Option<u32>,
    /// Whether what stands there must not be shown.
    pub(crate) secret: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    /// The first line is the message, the second, where there is one, the hint; [`keys::HIDE`] before it hides what stands there.
    fn custom<T: fmt::Display>(text: T) -> Self {
        let text = text.to_string();
        let (secret, text) = text.strip_prefix(keys::HIDE).map_or((false, text.as_str()), |rest| (true, rest));
        let (message, hint) = text.split_once('\n').unwrap_or((text, ""));
        let code = if secret { "secret-in-clear" } else { "value" };
        Self { code, message: message.to_owned(), hint: hint.to_owned(), at: None, secret }
    }
}

impl Fault {
    pub(crate) fn new(code: &'static str, node: NodeRef<'_>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), at: Some(node.index()), secret: false }
    }

    pub(crate) fn here(mut self, node: NodeRef<'_>) -> Self {
        self.at.get_or_insert(node.index());
        self
    }

    pub(crate) fn finding(self, node: NodeRef<'_>) -> Finding {
        let span = node.sibling(self.at.unwrap_or(node.index())).span();
        let finding = Finding::new(self.code, span, self.message).hint(self.hint);
        if self.secret { finding.secret() } else { finding }
    }
}

/// What decoding needs besides the tree.
pub(crate) struct Context {
    /// Where mistakes go.
    pub(crate) sink: RefCell<Sink>,
    /// The keys a user may have here; all there are where it is not known.
    pub(crate) user_keys: Vec<&'static str>,
}

impl Context {
    /// Decodes into a sink.
    pub(crate) fn new(sink: Sink) -> Self {
        Self { sink: RefCell::new(sink), user_keys: Vec::new() }
    }

    /// What was found.
    pub(crate) fn into_sink(self) -> Sink {
        self.sink.into_inner()
    }

    /// Takes a finding in.
    pub(crate) fn push(&self, finding: Finding) {
        self.sink.borrow_mut().push(finding);
    }

    /// Whether so many mistakes were found that further ones are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.sink.borrow().is_full()
    }

    /// Whether a mistake was found inside a span.
    pub(crate) fn has_mistake_in(&self, span: Span) -> bool {
        let is_inside = |spot: Spot| matches!(spot, Spot::Text(at) if span.start <= at.start && at.end <= span.end);
        self.sink.borrow().found.iter().any(|finding| !finding.warning && is_inside(finding.spot))
    }

    pub(crate) fn unknown_key(&self, key: NodeRef<'_>, name: &str, fields: &[&'static str]) {
        let word = key.text();
        if !key.is_scalar() || (word == "<<" && key.kind() == Kind::Plain) {
            return;
        }
        let finding = match keys::next_release(name, word) {
            Some(message) => Finding::new("next-release", key.span(), message).hint("take it out for now"),
            None if self.is_full() => Finding::new("unknown-key", key.span(), String::new()),
            None => {
                let hint = match name {
                    keys::USER if self.user_keys.is_empty() => keys::suggest_user_key(word, fields),
                    keys::USER => keys::suggest_user_key(word, &self.user_keys),
                    _ => keys::suggest(word, fields),
                };
                Finding::new("unknown-key", key.span(), format!("unknown key `{word}`")).hint(hint)
            }
        };
        // The value follows its key.
        let value = key.sibling(key.index() + 1);
        self.push(if keys::may_be_secret(word) { finding.hiding(value.span()) } else { finding });
    }

    /// Decodes a node; `None` where that failed.
    pub(crate) fn decode<'t, T: Deserialize<'t>>(&self, node: NodeRef<'t>) -> Option<T> {
        match T::deserialize(De { node, context: self }) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.push(fault.finding(node));
                None
            }
        }
    }

    /// Decodes every entry of a list, each by itself.
    pub(crate) fn each<'t, T: Deserialize<'t>>(&self, list: NodeRef<'t>) -> Vec<(T, NodeRef<'t>)> {
        list.children().filter_map(|node| self.decode(node).map(|value| (value, node))).collect()
    }
}
