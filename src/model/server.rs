//! Which server and workspace a list of users or a plan is of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which server and workspace a list of users or a plan is of; a plan made for another is not applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerId {
    /// The server in this process.
    Embedded {
        /// The workspace's name.
        workspace: String,
        /// The identity of its database; `None` as long as there is none.
        store: Option<String>,
    },
    /// A SCIM server.
    Scim {
        /// The address of the workspace on it.
        url: String,
    },
}

impl ServerId {
    /// Whether a plan for this server is one for `found`: the same, or the database that was made since for a workspace without one.
    #[must_use]
    pub fn is_met_by(&self, found: &Self) -> bool {
        match (self, found) {
            (Self::Embedded { workspace, store: None }, Self::Embedded { workspace: other, store: _ }) => workspace == other,
            (Self::Embedded { .. } | Self::Scim { .. }, _) => self == found,
        }
    }
}

impl fmt::Display for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded { workspace, store: None } => write!(f, "embedded:{workspace}"),
            Self::Embedded { workspace, store: Some(store) } => write!(f, "embedded:{workspace}#{store}"),
            Self::Scim { url } => f.write_str(url),
        }
    }
}
