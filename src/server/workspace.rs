//! A workspace as handlers see it: its name, its platform's rules and wire tables.

use std::sync::Arc;

use crate::platform::{self, Catalog, Platform};
use crate::scim::ResourceTypes;
use crate::store::WorkspaceRow;

/// A workspace.
pub(super) struct Workspace {
    pub(super) name: String,
    pub(super) platform: Arc<Platform>,
    pub(super) wire: ResourceTypes,
    pub(super) initial_password_allowed: bool,
    /// The zone in which its days begin and end.
    pub(super) time_zone: String,
}

impl Workspace {
    /// From its row; `None` where this program does not know the platform.
    pub(super) fn from_row(row: &WorkspaceRow) -> Option<Arc<Self>> {
        let platform = platform::named(&row.platform)?;
        Some(Arc::new(Self {
            name: row.name.clone(),
            platform: Arc::clone(platform),
            wire: ResourceTypes::for_platform(platform.catalog()),
            initial_password_allowed: row.initial_password_allowed,
            time_zone: row.time_zone.clone(),
        }))
    }

    pub(super) fn catalog(&self) -> &Catalog {
        self.platform.catalog()
    }

    /// Returns whether it is plain SCIM: accounts need no invitation, and what is deleted is gone (scim.md).
    pub(super) fn is_plain(&self) -> bool {
        !self.catalog().practice_extension
    }
}
