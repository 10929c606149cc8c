//! A YAML document as a flat list of nodes, each with its place.

use super::core_type::CoreType;
use crate::yaml::text::{MOST_BYTES, Span, small};

/// A document: its nodes in reading order, a container before what it holds.
#[derive(Debug, Default)]
pub(crate) struct Tree<'s> {
    nodes: Vec<StoredNode>,
    source: &'s str,
    /// Texts that the source does not contain as they are: with escapes, or over several lines.
    texts: String,
    cursor: Cursor,
}

/// The place up to which the source was looked through, in characters and in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    char: u32,
    byte: usize,
}

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// A scalar without quotes.
    Plain,
    /// A scalar in quotes, or a block of text.
    Quoted,
    /// A list.
    List,
    /// A map: key, value, key, value.
    Map,
}

impl NodeKind {
    /// Returns whether it is a scalar.
    const fn is_scalar(self) -> bool {
        match self {
            Self::Plain | Self::Quoted => true,
            Self::List | Self::Map => false,
        }
    }
}

/// A node. A million of them may be in memory together, so it is small.
#[derive(Clone, Copy, Debug)]
struct StoredNode {
    span: Span,
    /// Of a scalar where its text begins, of a container the node after everything it holds; 0 while it is open.
    from: u32,
    /// Of a scalar where its text ends; the highest two bits are the kind.
    to: u32,
}

/// Set in [`Node::from`] of a text that the source does not contain.
const OWN: u32 = 1 << 31;

/// The bits of [`Node::to`] below the kind.
const KIND: u32 = 30;

const _: () = assert!(MOST_BYTES < 1 << KIND, "a text ends below the bits of the kind");

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeRef<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

impl<'s> Tree<'s> {
    /// A tree of a text, with room enough that most trees need not move while they grow. Much more room would be memory that nothing else
    /// uses afterward, although the tree is freed: the allocator prefers smaller pieces.
    pub(crate) fn new(source: &'s str) -> Self {
        // Almost every node is a key, an item or a container, and one of these characters comes with it.
        let is_with_node = |byte: u8| matches!(byte, b':' | b'\n' | b',' | b'[' | b'{');
        let expected = source.bytes().fold(0_u32, |nodes, byte| nodes.wrapping_add(u32::from(is_with_node(byte)))) as usize;
        Self { nodes: Vec::with_capacity(expected + expected / 32), source, ..Self::default() }
    }

    /// The text it was made of.
    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    /// Returns how many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a scalar.
    pub(crate) fn scalar(&mut self, text: &str, kind: NodeKind, span: Span) {
        let (from, to) = self.in_source(text, kind, span).unwrap_or_else(|| {
            let from = small(self.texts.len());
            self.texts.push_str(text);
            (from | OWN, small(self.texts.len()))
        });
        self.nodes.push(StoredNode::new(kind, span, from, to));
    }

    /// Returns where the source contains the text of a scalar as it is; `None` if it does not.
    fn in_source(&mut self, text: &str, kind: NodeKind, span: Span) -> Option<(u32, u32)> {
        self.cursor.advance(self.source, span.start);
        let from = self.cursor.byte + usize::from(kind == NodeKind::Quoted);
        let to = from.checked_add(text.len())?;
        (self.source.get(from..to)? == text).then(|| (small(from), small(to)))
    }

    /// Opens a list or map and says where.
    pub(crate) fn open(&mut self, kind: NodeKind, span: Span) -> u32 {
        let index = small(self.nodes.len());
        self.nodes.push(StoredNode::new(kind, span, 0, 0));
        index
    }

    /// Closes a list or map.
    pub(crate) fn close(&mut self, index: u32, end: u32) {
        let next = small(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(index as usize) {
            node.from = next;
            node.span.end = end.max(node.span.start);
        }
    }

    /// Copies a closed node and what it holds to the end, for an alias at a depth, and returns how many nodes these are and the depth of
    /// the deepest. `None`, and no copy, where it is still open.
    pub(crate) fn copy(&mut self, index: u32, depth: u8) -> Option<(usize, u8)> {
        let (from, to) = self.nodes.get(index as usize).map(|n| (index, n.next(index)))?;
        if to == 0 {
            return None;
        }
        let shift = small(self.nodes.len()) - from;
        // Where the containers around a node end.
        let mut around: Vec<u32> = Vec::new();
        let mut deepest = depth;
        for i in from..to {
            let Some(mut node) = self.nodes.get(i as usize).copied() else { break };
            while around.pop_if(|end| *end <= i).is_some() {}
            deepest = deepest.max(depth.saturating_add(u8::try_from(around.len()).unwrap_or(u8::MAX)));
            if node.is_container() {
                around.push(node.from);
                node.from += shift;
            }
            self.nodes.push(node);
        }
        Some(((to - from) as usize, deepest))
    }

    /// Returns how many nodes a closed node spans.
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

impl StoredNode {
    fn new(kind: NodeKind, span: Span, from: u32, to: u32) -> Self {
        let kind: u32 = match kind {
            NodeKind::Plain => 0,
            NodeKind::Quoted => 1,
            NodeKind::List => 2,
            NodeKind::Map => 3,
        };
        Self { span, from, to: kind << KIND | to }
    }

    const fn kind(self) -> NodeKind {
        match self.to >> KIND {
            0 => NodeKind::Plain,
            1 => NodeKind::Quoted,
            2 => NodeKind::List,
            _ => NodeKind::Map,
        }
    }

    const fn is_container(self) -> bool {
        !self.kind().is_scalar()
    }

    /// The node after everything this one holds, of which this is the number; 0 while it is open.
    const fn next(self, index: u32) -> u32 {
        if self.is_container() { self.from } else { index + 1 }
    }
}

impl<'t> NodeRef<'t> {
    fn raw(self) -> Option<&'t StoredNode> {
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

    /// Returns its kind.
    pub(crate) fn kind(self) -> NodeKind {
        self.raw().map_or(NodeKind::Plain, |n| n.kind())
    }

    /// The place of the finding.
    pub(crate) fn span(self) -> Span {
        self.raw().map_or_else(Span::default, |n| n.span)
    }

    /// Returns what the source has behind the node.
    pub(crate) fn behind(self) -> &'t str {
        self.tree.source.get(self.span().end as usize..).unwrap_or_default()
    }

    /// The text of a scalar; empty for lists and maps.
    pub(crate) fn text(self) -> &'t str {
        let Some(node) = self.raw().filter(|n| !n.is_container()) else { return "" };
        let texts = if node.from & OWN == 0 { self.tree.source } else { &self.tree.texts };
        texts.get((node.from & !OWN) as usize..(node.to & !(u32::MAX << KIND)) as usize).unwrap_or_default()
    }

    /// The text of a scalar that is not in quotes.
    pub(crate) fn plain(self) -> Option<&'t str> {
        (self.kind() == NodeKind::Plain).then(|| self.text())
    }

    /// The rest of the line in which it ends.
    pub(in crate::yaml) fn rest_of_line(self) -> &'t str {
        let end = self.span().end as usize;
        let at = self.tree.source.char_indices().nth(end).map_or(self.tree.source.len(), |(at, _)| at);
        self.tree.source.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// Returns whether it is a scalar.
    pub(crate) fn is_scalar(self) -> bool {
        self.kind().is_scalar()
    }

    /// Returns whether it says nothing: `null`, `~`, or nothing at all.
    pub(crate) fn is_null(self) -> bool {
        self.core_type() == CoreType::Null
    }

    /// Returns what it is to every reader of YAML; anything in quotes is a text, and so is a list or a map.
    pub(in crate::yaml) fn core_type(self) -> CoreType {
        self.plain().map_or(CoreType::Text, CoreType::parse)
    }

    /// The nodes it holds; a map's keys and values take turns.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let end = self.raw().filter(|n| n.is_container()).map_or(0, |n| n.from);
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
        let is_map = self.kind() == NodeKind::Map;
        let mut children = self.children();
        std::iter::from_fn(move || if is_map { Some((children.next()?, children.next()?)) } else { None })
    }

    /// Returns whether a map has a merge key, which is refused. Keys that it might supply are not reported as missing.
    pub(crate) fn merges(self) -> bool {
        self.entries().any(|(key, _)| key.kind() == NodeKind::Plain && key.text() == "<<")
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
