//! A parsed file while it is being turned into values.

use std::sync::Arc;

use super::keys::{SECRETS, UserKeys};
use super::own_keys::{EntryKeys, OwnFields};
use super::user_entry::{KEYS, UserEntry, UserSeed};
use crate::model::{Country, Place};
use crate::yaml::{Decoder, Finding, Lines, NodeRef, Sink, Span, Tree};

/// A parsed file: its tree, where its lines begin, and where findings go.
pub(super) struct File<'f> {
    pub(super) name: Arc<str>,
    /// Its position among the files of the roster.
    pub(super) index: usize,
    pub(super) tree: &'f Tree<'f>,
    pub(super) lines: &'f Lines,
    pub(super) decoder: Decoder,
    /// The keys that a user can have here; empty if unknown.
    pub(super) user_keys: Vec<&'static str>,
    /// The keys of a user that need a value.
    pub(super) required: Vec<&'static str>,
    /// The fields that only the platform of this workspace has.
    pub(super) own: OwnFields,
    /// Every key that the entry of a user can have on any platform, and those of the own fields.
    entry_keys: EntryKeys,
    /// The country whose national phone numbers are understood here.
    pub(super) country: Option<Country>,
}

impl<'f> File<'f> {
    /// A file whose findings so far are in the sink.
    pub(super) fn new(name: Arc<str>, index: usize, tree: &'f Tree<'f>, lines: &'f Lines, sink: Sink) -> Self {
        Self {
            name,
            index,
            tree,
            lines,
            decoder: Decoder::new(sink, SECRETS),
            user_keys: Vec::new(),
            required: Vec::new(),
            own: OwnFields::default(),
            entry_keys: &KEYS,
            country: None,
        }
    }

    /// Records a finding.
    pub(super) fn push(&self, finding: Finding) {
        self.decoder.push(finding);
    }

    /// Decodes the entry of a user or an account.
    pub(super) fn user_entry(&self, node: NodeRef<'_>) -> Option<UserEntry> {
        self.decoder.decode_seed(node, UserSeed { keys: self.entry_keys, own: &self.own }, &UserKeys(&self.user_keys, &self.required))
    }

    /// Reads entries of users with the fields that only their platform has.
    pub(super) fn set_own(&mut self, own: OwnFields) {
        self.entry_keys = own.with(&KEYS);
        self.own = own;
    }

    /// Returns whether a map may have a key that is not in it as such: a merge key might supply it, or another key is this one, misspelled.
    pub(super) fn may_have(&self, map: NodeRef<'_>, key: &str) -> bool {
        map.merges() || self.decoder.means(map, key)
    }

    /// A node of this file.
    pub(super) fn node(&self, index: u32) -> NodeRef<'_> {
        self.tree.node(index)
    }

    /// The place of a span.
    pub(super) fn place(&self, span: Span) -> Place {
        let at = self.lines.position(self.tree.source(), span.start);
        Place { file: self.name.clone(), line: at.line + 1, column: at.column() + 1 }
    }

    /// The key of a map's entry, where it is there; else the map itself.
    #[expect(clippy::unused_self, reason = "a node means something in its own file only")]
    pub(super) fn key_span(&self, map: NodeRef<'_>, key: &str) -> Span {
        map.entry(key).map_or_else(|| map.span(), |(k, _)| k.span())
    }
}
