//! A YAML document as a flat list of nodes, each with its place.

use super::text::{Span, small};

/// A document: its nodes in reading order, a container before what it holds.
#[derive(Debug, Default)]
pub(crate) struct Tree<'s> {
    nodes: Vec<Node>,
    source: &'s str,
    /// Texts that the source does not contain as they are: with escapes, or over several lines.
    texts: String,
    cursor: Cursor,
}

/// How far the source was looked through, in characters and in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    char: u32,
    byte: usize,
}

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A scalar without quotes.
    Plain,
    /// A scalar in quotes, or a block of text.
    Quoted,
    /// A list.
    List,
    /// A map: key, value, key, value.
    Map,
}

impl Kind {
    /// Whether it is a scalar.
    const fn is_scalar(self) -> bool {
        match self {
            Self::Plain | Self::Quoted => true,
            Self::List | Self::Map => false,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    holds: Holds,
    kind: Kind,
    depth: u8,
}

/// The content of a node. A million of them may be in memory together, so it is small.
#[derive(Clone, Copy, Debug)]
struct Holds {
    /// Of a scalar where its text begins, of a container the node after everything it holds; 0 while it is open.
    from: u32,
    /// Of a scalar where its text ends.
    to: u32,
}

/// Set in [`Holds::from`] of a text that the source does not contain.
const OWN: u32 = 1 << 31;

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeRef<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

impl<'s> Tree<'s> {
    /// A tree of a text, with room enough that it need not move while it grows; unused room costs nothing.
    pub(crate) fn new(source: &'s str) -> Self {
        Self { nodes: Vec::with_capacity(source.len() / 8), source, ..Self::default() }
    }

    /// The text it was made of.
    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a scalar.
    pub(crate) fn scalar(&mut self, text: &str, kind: Kind, span: Span, depth: u8) {
        let holds = self.in_source(text, kind, span).unwrap_or_else(|| {
            let from = small(self.texts.len());
            self.texts.push_str(text);
            Holds { from: from | OWN, to: small(self.texts.len()) }
        });
        self.nodes.push(Node { span, holds, kind, depth });
    }

    /// Returns where the source contains the text of a scalar as it is; `None` if it does not.
    fn in_source(&mut self, text: &str, kind: Kind, span: Span) -> Option<Holds> {
        self.cursor.advance(self.source, span.start);
        let from = self.cursor.byte + usize::from(kind == Kind::Quoted);
        let to = from.checked_add(text.len())?;
        (self.source.get(from..to)? == text).then(|| Holds { from: small(from), to: small(to) })
    }

    /// Opens a list or map and says where.
    pub(crate) fn open(&mut self, kind: Kind, span: Span, depth: u8) -> u32 {
        let index = small(self.nodes.len());
        self.nodes.push(Node { span, holds: Holds { from: 0, to: 0 }, kind, depth });
        index
    }

    /// Closes a list or map.
    pub(crate) fn close(&mut self, index: u32, end: u32) {
        let next = small(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(index as usize) {
            node.holds.from = next;
            node.span.end = end.max(node.span.start);
        }
    }

    /// Copies a closed node and what it holds to the end, for an alias. `None`, and no copy, where it is still open.
    pub(crate) fn copy(&mut self, index: u32, depth: u8) -> Option<(usize, u8)> {
        let (from, to, base) = self.nodes.get(index as usize).map(|n| (index, n.next(index), n.depth))?;
        if to == 0 {
            return None;
        }
        let shift = small(self.nodes.len()) - from;
        let mut deepest = depth;
        for i in from..to {
            let Some(mut node) = self.nodes.get(i as usize).copied() else { break };
            if node.is_container() {
                node.holds.from += shift;
            }
            node.depth = node.depth.saturating_sub(base).saturating_add(depth);
            deepest = deepest.max(node.depth);
            self.nodes.push(node);
        }
        Some(((to - from) as usize, deepest))
    }

    /// How many nodes a closed node spans.
    pub(crate) fn size(&self, index: u32) -> usize {
        self.nodes.get(index as usize).map_or(0, |n| n.next(index).saturating_sub(index) as usize)
    }

    /// A node.
    pub(crate) fn node(&self, index: u32) -> NodeRef<'_> {
        NodeRef { tree: self, index }
    }

    /// The outermost node; `None` where the document is empty.
    pub(crate) fn root(&self) -> Option<NodeRef<'_>> {
        (!self.nodes.is_empty()).then_some(NodeRef { tree: self, index: 0 })
    }
}

impl Cursor {
    /// Goes on to a character, in a text that was looked through up to here.
    fn advance(&mut self, source: &str, char: u32) {
        let Some(more) = char.checked_sub(self.char) else { return };
        let rest = source.get(self.byte..).unwrap_or_default();
        let near = rest.get(..more as usize).is_some_and(str::is_ascii);
        self.byte += if near { more as usize } else { rest.chars().take(more as usize).map(char::len_utf8).sum() };
        self.char = char;
    }
}

impl Node {
    const fn is_container(self) -> bool {
        !self.kind.is_scalar()
    }

    /// The node after everything this one holds, of which this is the number; 0 while it is open.
    const fn next(self, index: u32) -> u32 {
        if self.is_container() { self.holds.from } else { index + 1 }
    }
}

impl<'t> NodeRef<'t> {
    fn raw(self) -> Option<&'t Node> {
        self.tree.nodes.get(self.index as usize)
    }

    /// Its number in the tree.
    pub(crate) fn index(self) -> u32 {
        self.index
    }

    /// Another node of the same tree.
    pub(crate) fn sibling(self, index: u32) -> Self {
        Self { tree: self.tree, index }
    }

    /// What it is.
    pub(crate) fn kind(self) -> Kind {
        self.raw().map_or(Kind::Plain, |n| n.kind)
    }

    /// The place of the finding.
    pub(crate) fn span(self) -> Span {
        self.raw().map_or_else(Span::default, |n| n.span)
    }

    /// The text of a scalar; empty for lists and maps.
    pub(crate) fn text(self) -> &'t str {
        let Some(node) = self.raw().filter(|n| !n.is_container()) else { return "" };
        let Holds { from, to } = node.holds;
        let texts = if from & OWN == 0 { self.tree.source } else { &self.tree.texts };
        texts.get((from & !OWN) as usize..to as usize).unwrap_or_default()
    }

    /// The text of a scalar that is not in quotes.
    pub(crate) fn plain(self) -> Option<&'t str> {
        (self.kind() == Kind::Plain).then(|| self.text())
    }

    /// The rest of the line in which it ends.
    pub(in crate::yaml) fn rest_of_line(self) -> &'t str {
        let end = self.span().end as usize;
        let at = self.tree.source.char_indices().nth(end).map_or(self.tree.source.len(), |(at, _)| at);
        self.tree.source.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// Whether it is a scalar.
    pub(crate) fn is_scalar(self) -> bool {
        self.kind().is_scalar()
    }

    /// Whether it says nothing: `null`, `~`, or nothing at all.
    pub(crate) fn is_null(self) -> bool {
        self.kind() == Kind::Plain && matches!(self.text(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// The nodes it holds; a map's keys and values take turns.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let end = self.raw().filter(|n| n.is_container()).map_or(0, |n| n.holds.from);
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let child = self.sibling(at);
            at = child.raw().map_or(end, |n| n.next(at).max(at + 1));
            Some(child)
        })
    }

    /// The entries of a map; of nothing else.
    pub(crate) fn entries(self) -> impl Iterator<Item = (Self, Self)> {
        let is_map = self.kind() == Kind::Map;
        let mut children = self.children();
        std::iter::from_fn(move || if is_map { Some((children.next()?, children.next()?)) } else { None })
    }

    /// Returns whether a map has a merge key, which is refused. Keys that it might supply are not reported as missing.
    pub(crate) fn merges(self) -> bool {
        self.entries().any(|(key, _)| key.kind() == Kind::Plain && key.text() == "<<")
    }

    /// The value of a key.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        self.entries().find(|(k, _)| k.text() == key).map(|(_, v)| v)
    }

    /// The key and value of a key.
    pub(crate) fn entry(self, key: &str) -> Option<(Self, Self)> {
        self.entries().find(|(k, _)| k.text() == key)
    }
}
