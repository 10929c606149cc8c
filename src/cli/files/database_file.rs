//! Says where the database of an embedded workspace is, and whether it exists.

use std::io;
use std::path::{Path, PathBuf};

use super::{state_dir, unseen_passcodes};
use crate::model::{Connection, Desired};

/// Returns the file of an embedded workspace, which may not exist yet; `None` if the workspace is elsewhere.
pub(in crate::cli) fn path_of(desired: &Desired, roster: &Path) -> Option<PathBuf> {
    match &desired.connection {
        Connection::Embedded { path, .. } => Some(embedded_path(path.as_deref(), desired, roster)),
        Connection::Scim(_) | Connection::Snapshot(_) => None,
    }
}

pub(in crate::cli) fn embedded_path(path: Option<&Path>, desired: &Desired, roster: &Path) -> PathBuf {
    path.map_or_else(|| default_path(roster, &desired.workspace), |path| roster.join(path))
}

/// Returns the default path of an embedded workspace. Names are slugs, so the path cannot leave the folder (J2).
pub(in crate::cli) fn default_path(roster: &Path, workspace: &str) -> PathBuf {
    roster.join(state_dir::NAME).join(format!("{workspace}.db"))
}

/// Returns whether a database is missing or empty although an earlier run wrote to the workspace in it: its key is beside it, and the roster has a
/// journal of the workspace, which a run begins after it has created the workspace.
pub(in crate::cli) fn is_lost(path: &Path, roster: &Path, workspace: &str) -> bool {
    let is_empty = std::fs::metadata(path).map_or(true, |found| found.len() == 0);
    is_empty && path.with_extension("key").is_file() && unseen_passcodes::has_journal(roster, workspace)
}

/// The presence of a file.
#[derive(Debug)]
pub(in crate::cli) enum Presence {
    /// It exists.
    There,
    /// It does not exist, and could be made.
    Missing,
    /// This link on its path leads nowhere, such as into a folder that is not mounted.
    BrokenLink(PathBuf),
    /// Nobody can tell: this user may not look into its folder, say.
    Unknown(io::Error),
}

impl Presence {
    /// Looks for a file. One that cannot be looked at is never missing: a plan would begin anew.
    pub(in crate::cli) fn look(path: &Path) -> Self {
        match std::fs::metadata(path) {
            Ok(_) => Self::There,
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                let first = path.ancestors().find_map(|above| Some((above, above.symlink_metadata().ok()?)));
                match first {
                    Some((link, found)) if found.is_symlink() => Self::BrokenLink(link.to_owned()),
                    Some(_) | None => Self::Missing,
                }
            }
            Err(why) => Self::Unknown(why),
        }
    }

    /// Returns whether it exists, as far as anybody can tell.
    pub(in crate::cli) const fn may_be_there(&self) -> bool {
        match self {
            Self::There | Self::BrokenLink(_) | Self::Unknown(_) => true,
            Self::Missing => false,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Names the finding in a word, with the link.
    fn found(path: &Path) -> (&'static str, Option<PathBuf>) {
        match Presence::look(path) {
            Presence::There => ("there", None),
            Presence::Missing => ("missing", None),
            Presence::BrokenLink(link) => ("broken", Some(link)),
            Presence::Unknown(_) => ("unknown", None),
        }
    }

    #[test]
    fn only_a_file_that_could_be_made_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("there.db"), "").unwrap();
        symlink(at("nowhere"), at("link")).unwrap();
        symlink(at("circle"), at("circle")).unwrap();
        assert_eq!(found(&at("there.db")), ("there", None));
        assert_eq!(found(&at("a/b/new.db")), ("missing", None));
        for path in ["link", "link/glow.db", "link/b/glow.db"] {
            assert_eq!(found(&at(path)), ("broken", Some(at("link"))), "{path}");
        }
        for path in ["there.db/glow.db", "circle/glow.db"] {
            assert_eq!(found(&at(path)).0, "unknown", "{path}");
        }
    }
}
