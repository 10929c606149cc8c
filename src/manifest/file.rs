//! A parsed file while it is being turned into values.

use std::sync::Arc;

use crate::model::Place;
use crate::yaml::{Context, Finding, Lines, NodeRef, Span, Tree};

/// A parsed file: its tree, where its lines begin, and where findings go.
pub(super) struct File<'f> {
    pub(super) name: Arc<str>,
    pub(super) tree: &'f Tree<'f>,
    pub(super) text: &'f str,
    pub(super) lines: &'f Lines,
    pub(super) context: Context,
}

impl File<'_> {
    /// Takes a finding in.
    pub(super) fn push(&self, finding: Finding) {
        self.context.push(finding);
    }

    /// A node of this file.
    pub(super) fn node(&self, index: u32) -> NodeRef<'_> {
        self.tree.node(index)
    }

    /// The place of a span.
    pub(super) fn place(&self, span: Span) -> Place {
        let at = self.lines.position(self.text, span.start);
        Place { file: self.name.clone(), line: at.line + 1, column: at.column() + 1 }
    }

    /// The key of a map's entry, where it is there; else the map itself.
    #[expect(clippy::unused_self, reason = "a node means something in its own file only")]
    pub(super) fn key_span(&self, map: NodeRef<'_>, key: &str) -> Span {
        map.entry(key).map_or_else(|| map.span(), |(k, _)| k.span())
    }
}
