//! The forms that several reports share: text, grids, CSV.

pub(super) mod grid;
pub(super) mod separated;
pub(super) mod text;
