//! A YAML document as a flat list of nodes, each with its place.

use super::text::Span;

/// A document: its nodes in reading order, a container before what it holds.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    texts: String,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A scalar without quotes.
    Plain,
    /// A scalar in quotes, or a block of text.
    Quoted,
    /// A list.
    List,
    /// A map: key, value, key, value.
    Map,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    text: u32,
    text_end: u32,
    /// The node after everything this one holds; 0 while it is open.
    next: u32,
    kind: Kind,
    depth: u8,
}

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeRef<'t> {
    tree: &'t Tree,
    index: u32,
}

impl Tree {
    /// A tree with room for a text of so many bytes, so that it need not move while it grows; unused room costs nothing.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self { nodes: Vec::with_capacity(bytes / 8), texts: String::with_capacity(bytes) }
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a scalar.
    pub(super) fn scalar(&mut self, text: &str, kind: Kind, span: Span, depth: u8) {
        let from = super::text::small(self.texts.len());
        self.texts.push_str(text);
        let next = super::text::small(self.nodes.len() + 1);
        self.nodes.push(Node { span, text: from, text_end: super::text::small(self.texts.len()), next, kind, depth });
    }

    /// Opens a list or map and says where.
    pub(super) fn open(&mut self, kind: Kind, span: Span, depth: u8) -> u32 {
        let index = super::text::small(self.nodes.len());
        self.nodes.push(Node { span, text: 0, text_end: 0, next: 0, kind, depth });
        index
    }

    /// Closes a list or map.
    pub(super) fn close(&mut self, index: u32, end: u32) {
        let next = super::text::small(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(index as usize) {
            node.next = next;
            node.span.end = end.max(node.span.start);
        }
    }

    /// Copies a closed node and what it holds to the end, for an alias. `None`, and no copy, where it is still open.
    pub(super) fn copy(&mut self, index: u32, depth: u8) -> Option<(usize, u8)> {
        let (from, to, base) = self.nodes.get(index as usize).map(|n| (index, n.next, n.depth))?;
        if to == 0 {
            return None;
        }
        let shift = super::text::small(self.nodes.len()) - from;
        let mut deepest = depth;
        for i in from..to {
            let Some(mut node) = self.nodes.get(i as usize).copied() else { break };
            node.next += shift;
            node.depth = node.depth.saturating_sub(base).saturating_add(depth);
            deepest = deepest.max(node.depth);
            self.nodes.push(node);
        }
        Some(((to - from) as usize, deepest))
    }

    /// How many nodes a closed node spans.
    pub(super) fn size(&self, index: u32) -> usize {
        self.nodes.get(index as usize).map_or(0, |n| n.next.saturating_sub(index) as usize)
    }

    /// A node.
    pub(super) fn node(&self, index: u32) -> NodeRef<'_> {
        NodeRef { tree: self, index }
    }

    /// The outermost node; `None` where the document is empty.
    pub(super) fn root(&self) -> Option<NodeRef<'_>> {
        (!self.nodes.is_empty()).then_some(NodeRef { tree: self, index: 0 })
    }
}

impl<'t> NodeRef<'t> {
    fn raw(self) -> Option<&'t Node> {
        self.tree.nodes.get(self.index as usize)
    }

    /// Its number in the tree.
    pub(super) fn index(self) -> u32 {
        self.index
    }

    /// Another node of the same tree.
    pub(super) fn sibling(self, index: u32) -> Self {
        Self { tree: self.tree, index }
    }

    /// What it is.
    pub(super) fn kind(self) -> Kind {
        self.raw().map_or(Kind::Plain, |n| n.kind)
    }

    /// Where it stands.
    pub(super) fn span(self) -> Span {
        self.raw().map_or_else(Span::default, |n| n.span)
    }

    /// The text of a scalar; empty for lists and maps.
    pub(super) fn text(self) -> &'t str {
        self.raw().and_then(|n| self.tree.texts.get(n.text as usize..n.text_end as usize)).unwrap_or_default()
    }

    /// Whether it is a scalar.
    pub(super) fn is_scalar(self) -> bool {
        matches!(self.kind(), Kind::Plain | Kind::Quoted)
    }

    /// Whether it says nothing: `null`, `~`, or nothing at all.
    pub(super) fn is_null(self) -> bool {
        self.kind() == Kind::Plain && matches!(self.text(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// The nodes it holds; a map's keys and values take turns.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        let container = matches!(self.kind(), Kind::List | Kind::Map);
        let end = if container { self.raw().map_or(0, |n| n.next) } else { 0 };
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let child = self.sibling(at);
            at = child.raw().map_or(end, |n| n.next.max(at + 1));
            Some(child)
        })
    }

    /// The entries of a map; of nothing else.
    pub(super) fn entries(self) -> impl Iterator<Item = (Self, Self)> {
        let is_map = self.kind() == Kind::Map;
        let mut children = self.children();
        std::iter::from_fn(move || if is_map { Some((children.next()?, children.next()?)) } else { None })
    }

    /// The value of a key.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        self.entries().find(|(k, _)| k.text() == key).map(|(_, v)| v)
    }

    /// The key and value of a key.
    pub(super) fn entry(self, key: &str) -> Option<(Self, Self)> {
        self.entries().find(|(k, _)| k.text() == key)
    }
}
