//! What plain SCIM allows beyond its catalog: nothing.

use std::sync::LazyLock;

use super::{Catalog, Rules};

/// See the module.
pub(super) struct Generic;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| super::load(include_str!("generic.yaml")));

impl Rules for Generic {
    fn catalog(&self) -> &Catalog {
        &CATALOG
    }
}
