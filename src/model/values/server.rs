//! The server and workspace that a list of users or a plan belongs to.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The server and workspace that a list of users or a plan belongs to; a plan made for another is not applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServerId {
    /// The server in this process.
    Embedded {
        /// The workspace's name.
        workspace: String,
        /// The identity of its database; `None` while it does not exist.
        store: Option<String>,
    },
    /// A SCIM server.
    Scim {
        /// The address of the workspace on it.
        url: String,
    },
    /// A list of users in the roster, of a workspace without an interface.
    Snapshot {
        /// The workspace's name.
        workspace: String,
    },
}

/// The path of SCIM below a workspace on our own server.
pub const SCIM_PATH: &str = "/scim/v2";

/// Returns the base URL of SCIM for a workspace on our own server; `origin` has no slash at its end.
#[must_use]
pub fn scim_address(origin: &str, workspace: &str) -> String {
    format!("{origin}/{workspace}{SCIM_PATH}")
}

/// Returns whether an address is on this machine, so that what is sent to it needs no encryption.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl ServerId {
    /// Returns whether it is the server in this process.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        match self {
            Self::Embedded { .. } => true,
            Self::Scim { .. } | Self::Snapshot { .. } => false,
        }
    }

    /// Returns whether a plan for this server fits `found`: it is the same, or its database was created after the plan.
    #[must_use]
    pub fn is_met_by(&self, found: &Self) -> bool {
        match (self, found) {
            (Self::Embedded { workspace, store: None }, Self::Embedded { workspace: other, store: _ }) => workspace == other,
            (Self::Embedded { .. } | Self::Scim { .. } | Self::Snapshot { .. }, _) => self == found,
        }
    }
}

impl fmt::Display for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded { workspace, store: None } => write!(f, "embedded:{workspace}"),
            Self::Embedded { workspace, store: Some(store) } => write!(f, "embedded:{workspace}#{store}"),
            Self::Scim { url } => f.write_str(url),
            Self::Snapshot { workspace } => write!(f, "snapshot:{workspace}"),
        }
    }
}
