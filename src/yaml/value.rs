//! A document as a value, without places, comments and layout.

use super::tree::{NodeKind, NodeRef};

/// The value of a node. Numbers with a decimal point, dates and similar values stay text: their types parse them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`, `~`, or nothing after the colon.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Any other scalar.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map in the order of the text; no key is in it twice.
    Map(Vec<(String, Value)>),
}

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// The value of a key.
    Key(String),
    /// An item of a list, from 0.
    Item(usize),
}

impl Value {
    /// The value of a node. Recursion ends: a tree has at most 64 levels.
    pub(super) fn new(node: NodeRef<'_>) -> Self {
        match (node.kind(), node.text()) {
            (NodeKind::Map, _) => Self::Map(node.entries().map(|(key, value)| (key.text().to_owned(), Self::new(value))).collect()),
            (NodeKind::List, _) => Self::List(node.children().map(Self::new).collect()),
            (NodeKind::Quoted, text) => Self::Text(text.to_owned()),
            (NodeKind::Plain, _) if node.is_null() => Self::Null,
            (NodeKind::Plain, "true") => Self::Flag(true),
            (NodeKind::Plain, "false") => Self::Flag(false),
            (NodeKind::Plain, text) => match text.parse::<i64>() {
                // `+1` and `007` are texts.
                Ok(number) if number.to_string() == text => Self::Number(number),
                _ => Self::Text(text.to_owned()),
            },
        }
    }

    /// Returns whether it is a list or a map.
    pub(super) fn is_container(&self) -> bool {
        match self {
            Self::List(_) | Self::Map(_) => true,
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) => false,
        }
    }

    /// The value at a path.
    pub(super) fn at_mut(&mut self, path: &[PathStep]) -> Option<&mut Self> {
        let Some((step, rest)) = path.split_first() else { return Some(self) };
        let inner = match (self, step) {
            (Self::Map(entries), PathStep::Key(key)) => entries.iter_mut().find(|(k, _)| k == key).map(|(_, value)| value)?,
            (Self::List(items), PathStep::Item(item)) => items.get_mut(*item)?,
            (
                Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) | Self::List(_) | Self::Map(_),
                PathStep::Key(_) | PathStep::Item(_),
            ) => {
                return None;
            }
        };
        inner.at_mut(rest)
    }
}
