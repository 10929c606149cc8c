//! The files of a roster, what else its folder says, and the desired state that they describe.

use std::collections::BTreeMap;

use crate::model::Desired;
use crate::yaml::Warning;

/// One file of a roster.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path relative to the roster directory, with `/` between the parts.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The files of a roster, in any order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Every YAML file below the roster directory, starts included.
    pub files: Vec<Source>,
}

/// The desired state that a roster describes.
#[derive(Clone, Debug)]
pub struct Roster {
    /// Workspaces, sorted by name.
    pub workspaces: Vec<Desired>,
    /// Warnings, sorted by file and place.
    pub warnings: Vec<Warning>,
}

/// The things that the folder of a roster says besides its files' bytes.
#[derive(Clone, Copy)]
pub struct Folder<'f> {
    /// The true sizes of the files, in bytes, by name: of a large one, only the beginning is read.
    pub sizes: &'f BTreeMap<String, u64>,
    /// Says whether an embedded workspace has its database already.
    pub is_created: &'f (dyn Fn(&Desired) -> bool + Sync),
    /// The workspaces whose users are still to be imported: their files need not have users or a main admin yet.
    pub importing: Importing<'f>,
}

/// Workspaces whose users are still to be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importing<'f> {
    /// None.
    Nothing,
    /// Any that has no users yet.
    Everything,
    /// Any that has no users yet, except for one that was just imported.
    AllBut(&'f str),
}

impl Importing<'_> {
    /// Returns whether a workspace may be one of them.
    pub(super) fn is_meant(self, workspace: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::AllBut(done) => done != workspace,
        }
    }
}
