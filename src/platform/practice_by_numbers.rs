//! What Practice by Numbers allows beyond its catalog: nothing.

use std::sync::LazyLock;

use super::{Catalog, Rules};

/// See the module.
pub(super) struct PracticeByNumbers;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| super::load(include_str!("practice_by_numbers.yaml")));

impl Rules for PracticeByNumbers {
    fn catalog(&self) -> &Catalog {
        &CATALOG
    }
}
