//! The things that decoding needs in addition to the tree: the sink for mistakes, the keys that hold secrets, and advice about unknown keys.

use std::cell::RefCell;

use super::error::DecodeError;
use crate::yaml::SecretWords;
use crate::yaml::finding::{Finding, Sink, Spot};
use crate::yaml::problem::Problem;
use crate::yaml::suggest::{nearest, suggest};
use crate::yaml::text::Span;
use crate::yaml::tree::{NodeKind, NodeRef};

/// Decodes the nodes of one file; mistakes go to its sink.
pub(crate) struct Decoder {
    sink: RefCell<Sink>,
    secrets: SecretWords,
    /// The keys that unknown ones are nearest to, each with the map that has the unknown one.
    meant: RefCell<Vec<(u32, String)>>,
}

/// A key that a map does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnknownKey<'a> {
    /// The key.
    pub(crate) word: &'a str,
    /// The key whose value the map is; `None` where decoding began with the map.
    pub(crate) parent: Option<&'a str>,
    /// The keys that the map has.
    pub(crate) known: &'static [&'static str],
    /// The value of the key.
    pub(crate) value: NodeRef<'a>,
    /// Says whether the key has no colon behind it, as between commas in braces.
    pub(crate) is_bare: bool,
}

/// Adds advice about the keys and values of maps.
pub(crate) trait KeyAdvice {
    /// Returns a code and a message; `None` if there is no advice.
    fn advise(&self, key: UnknownKey<'_>) -> Option<(&'static str, Problem)>;

    /// Returns those of the keys that a map can have here; `parent` is the key whose value it is.
    fn keys<'k>(&'k self, _parent: Option<&str>, known: &'k [&'static str]) -> &'k [&'static str] {
        known
    }

    /// Says what to write as the value of a key that has a wrong one; `None` if there is no advice. The key is absent where decoding began
    /// with the value.
    fn value_of(&self, _key: Option<&str>, _value: NodeRef<'_>) -> Option<String> {
        None
    }

    /// Returns whether a key needs a value, so that `null` is not one.
    fn is_required(&self, _key: &str) -> bool {
        false
    }
}

/// Advice that has nothing to add about any key.
pub(in crate::yaml) struct NoAdvice;

impl KeyAdvice for NoAdvice {
    fn advise(&self, _: UnknownKey<'_>) -> Option<(&'static str, Problem)> {
        None
    }
}

impl Decoder {
    /// Decodes into a sink.
    pub(crate) fn new(sink: Sink, secrets: SecretWords) -> Self {
        Self { sink: RefCell::new(sink), secrets, meant: RefCell::default() }
    }

    /// Returns the findings.
    pub(crate) fn into_sink(self) -> Sink {
        self.sink.into_inner()
    }

    /// Records a finding.
    pub(crate) fn push(&self, finding: Finding) {
        self.sink.borrow_mut().push(finding);
    }

    /// Records what could not be decoded, unless it only follows from another mistake; at `node` unless an inner one is known.
    pub(super) fn push_error(&self, error: DecodeError, node: NodeRef<'_>) {
        if !error.lacks(node).is_some_and(|(map, key)| self.means(map, key)) {
            self.push(error.finding(node));
        }
    }

    /// Returns whether there are so many mistakes that further ones are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.sink.borrow().is_full()
    }

    /// Returns whether a text may contain a secret.
    pub(in crate::yaml) fn may_be_secret(&self, text: &str) -> bool {
        self.secrets.may_be(text)
    }

    /// Returns whether a node is a map that says with one of these keys where a secret is, or has nothing in it.
    pub(in crate::yaml) fn says_where(&self, node: NodeRef<'_>, keys: &[&str]) -> bool {
        (!node.is_scalar() && node.children().next().is_none()) || self.secrets.is_reference(node, keys)
    }

    /// Forgets what was found in the value of a key that cannot be here, which is the only mistake then, and what is missing in the value.
    /// What the text itself says wrongly is kept. Returns whether a secret was found there.
    pub(crate) fn forget_value(&self, key: NodeRef<'_>, value: NodeRef<'_>) -> bool {
        let is_about = |spot: Spot| match spot {
            Spot::Text(at) => at == key.span() || (value.span().start <= at.start && at.end <= value.span().end),
            Spot::File | Spot::Byte(_) => false,
        };
        let is_of_text = |finding: &Finding| ["duplicate-key", "tag", "merge-key", "key", "quotes"].contains(&finding.code);
        let mut has_secret = false;
        self.sink.borrow_mut().found.retain(|finding| {
            let is_kept = !is_about(finding.spot) || is_of_text(finding);
            has_secret |= !is_kept && finding.hidden.is_some();
            is_kept
        });
        has_secret
    }

    /// Returns whether a mistake was found inside a span.
    pub(crate) fn has_mistake_in(&self, span: Span) -> bool {
        let is_inside = |spot: Spot| match spot {
            Spot::Text(at) => span.start <= at.start && at.end <= span.end,
            Spot::File | Spot::Byte(_) => false,
        };
        self.sink.borrow().found.iter().any(|finding| !finding.warning && is_inside(finding.spot))
    }

    /// Returns whether an unknown key of a map is most likely this one, misspelled: then that is the mistake, and not that the key is missing.
    pub(crate) fn means(&self, map: NodeRef<'_>, key: &str) -> bool {
        self.meant.borrow().iter().any(|(at, meant)| *at == map.index() && meant == key)
    }

    /// Reports a key that a map does not have.
    pub(in crate::yaml) fn unknown_key(
        &self,
        (map, key): (NodeRef<'_>, NodeRef<'_>),
        parent: Option<&str>,
        known: &'static [&'static str],
        advice: &dyn KeyAdvice,
    ) {
        let word = key.text();
        // Both have been reported already.
        if !key.is_scalar() || (word == "<<" && key.kind() == NodeKind::Plain) {
            return;
        }
        // The value follows its key.
        let value = key.sibling(key.index() + 1);
        // Further mistakes are only counted, so they need no message.
        let (code, problem) = if self.is_full() {
            ("unknown-key", Problem::new("", ""))
        } else {
            let near = nearest(word, advice.keys(parent, known)).map(|near| (map.index(), near.to_owned()));
            self.meant.borrow_mut().extend(near);
            let is_bare = value.is_null() && !key.behind().trim_start().starts_with(':');
            let advised = || advice.advise(UnknownKey { word, parent, known, value, is_bare });
            let problem = || unknown_key(word, suggest(word, known));
            indented(word).or_else(advised).unwrap_or_else(|| ("unknown-key", problem()))
        };
        let finding = Finding::new(code, key.span(), problem.message).hint(problem.hint);
        self.push(if self.secrets.may_be(word) { finding.hiding(value.span()) } else { finding });
    }
}

/// Describes an unknown key.
pub(crate) fn unknown_key(word: &str, hint: String) -> Problem {
    Problem::new(format!("unknown key `{word}`"), hint)
}

/// Describes a key with white space that YAML reads as a part of it, such as spaces that a web page or a chat makes.
fn indented(word: &str) -> Option<(&'static str, Problem)> {
    let sign = word.chars().next().filter(|c| c.is_whitespace())?;
    let message = format!("`{}` is indented with U+{:04X}, which is not a space in YAML", word.trim(), u32::from(sign));
    Some(("unknown-key", Problem::new(message, "indent with ordinary spaces")))
}
