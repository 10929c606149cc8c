//! Reads workspace files, and the files that belong to a workspace.

pub(super) mod attached;
pub(super) mod connections;
pub(super) mod list;
pub(super) mod part;
pub(super) mod start;
pub(super) mod supporting;
pub(super) mod waivers;
pub(super) mod workspace;
