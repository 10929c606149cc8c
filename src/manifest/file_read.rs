//! A file of a roster, read.

use crate::model::Waiver;
use crate::yaml::{Lines, Sink, Span, Tree};

use super::workspace::Workspace;

/// The content of a file.
#[derive(Default)]
pub(super) enum What<'s> {
    #[default]
    Nothing,
    Workspace(Box<Workspace>),
    /// A workspace whose platform is unknown; its name, and where that is.
    Unfinished(String, Span),
    Waivers(Vec<(Waiver, Span)>),
    /// Kept until its workspace is known.
    Start {
        tree: Tree<'s>,
        lines: Lines,
        workspace: String,
        name: Span,
    },
}

#[derive(Default)]
pub(super) struct FileRead<'s> {
    pub(super) sink: Sink,
    pub(super) what: What<'s>,
}

impl What<'_> {
    /// Returns the workspace if it is one.
    pub(super) fn take_workspace(&mut self) -> Option<Box<Workspace>> {
        match std::mem::take(self) {
            Self::Workspace(workspace) => Some(workspace),
            other @ (Self::Nothing | Self::Unfinished(..) | Self::Waivers(_) | Self::Start { .. }) => {
                *self = other;
                None
            }
        }
    }
}
