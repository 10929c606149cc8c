//! The one table of fields, and the values that it describes.

pub(super) mod definition;
pub(super) mod field;
pub(super) mod fields;
pub(super) mod own_field;
pub(super) mod packed;
pub(super) mod record;
pub(super) mod texts;
pub(super) mod value_ref;
pub(super) mod violation;
